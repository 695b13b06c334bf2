// Keys and small comforts; every page works without this file.
"use strict";

// "/" puts the cursor into the search box, as people know it from other sites.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const box = document.querySelector("input[type=search]");
    if (box) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  }
});

// A choice in a list marked data-send sends its form at once.
document.addEventListener("change", (event) => {
  const choice = event.target.closest("[data-send]");
  if (choice && choice.form) choice.form.requestSubmit();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// Keys and small comforts; every page works without this file.
"use strict";

// "/" puts the cursor into the first field of the question, as people know it from other sites;
// "j" and "k" go to the next and the previous entry of a list, Enter opens it.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const found = event.key === "/" ? document.querySelector("input[type=search], .fields input")
    : event.key === "j" ? entry(1) : event.key === "k" ? entry(-1) : null;
  if (!found) return;
  event.preventDefault();
  found.focus();
  if (found.select) found.select();
  else found.scrollIntoView({ block: "nearest" });
});
function entry(by) {
  const all = [...document.querySelectorAll("a[data-entry]")];
  return all[all.indexOf(document.activeElement) + by] || (by > 0 ? null : all[0]);
}

// After a question on the same page the next Tab is at its answer, not at the top of the page.
if (document.referrer.startsWith(location.origin + location.pathname) && location.search && !location.hash) {
  document.querySelector("[data-answer]")?.focus({ preventScroll: true });
}

// A choice in a list marked data-send sends its form at once.
document.addEventListener("change", (event) => {
  const choice = event.target.closest("[data-send]");
  if (choice && choice.form) choice.form.requestSubmit();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// The document page: a value and its words light up together, and review needs no mouse.
// Everything here is also done by links and forms, so the page works without this file.
"use strict";
(() => {
  const root = document.documentElement;
  const $ = (query, from = document) => from.querySelector(query);
  const $$ = (query, from = document) => [...from.querySelectorAll(query)];
  root.classList.add("scripted");
  let current = null; // id of the value that keys act on

  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  const values = () => $$(".value[id]").filter((value) => value.offsetParent);
  const show = (element, block = "nearest") => element?.scrollIntoView({ block, behavior: calm });

  // Links cannot be selected with the mouse, so pieces of the text become plain words.
  function plain() {
    for (const link of $$(".text a.p")) {
      const words = document.createElement("span");
      for (const { name, value } of link.attributes) if (name !== "href") words.setAttribute(name, value);
      words.textContent = link.textContent;
      link.replaceWith(words);
    }
  }

  // Light up a value and the words that show it.
  function choose(id, { source = true, value = true, focus = true } = {}) {
    $$(".on").forEach((element) => element.classList.remove("on"));
    const held = document.getElementById(id);
    if (!held) return;
    current = id;
    const details = held.closest("details");
    if (details) details.open = true;
    held.classList.add("on");
    const shown = evidence(held);
    shown.forEach((mark) => mark.classList.add("on"));
    if (value) show(held);
    if (focus) held.focus({ preventScroll: true });
    if (source && shown.length) show(shown[0], "center");
    history.replaceState(null, "", "#" + id);
  }

  // At the words that a link asks for, with the task or statement they belong to beside them.
  function arrive(id) {
    const held = id && document.getElementById(id);
    if (held) {
      current = id;
      held.classList.add("on");
      show(held, "start");
    }
    show($("#at"), "center");
  }

  // The boxes of a value on the pages, or all pieces of the text in its spans, also of smaller values.
  function evidence(held) {
    const boxes = $$(`.page [data-of="${CSS.escape(held.id)}"]`);
    const spans = (held.dataset.spans || "").split(" ").map((span) => span.split("-").map(Number));
    const within = (piece) => spans.some(([start, end]) => start <= piece.dataset.s && piece.dataset.s < end);
    return boxes.length ? boxes : $$(".text .p").filter(within);
  }

  document.addEventListener("click", (event) => {
    const words = event.target.closest(".text [data-of]") || under(event);
    if (words && !String(getSelection())) return choose(words.dataset.of, { source: false });
    const link = event.target.closest("a[href^='#']");
    if (!link || event.ctrlKey || event.metaKey) return;
    const id = decodeURIComponent(link.getAttribute("href").slice(1));
    if (id.startsWith("ev-")) {
      event.preventDefault();
      choose(id.slice(1), { value: false });
    } else if (id.startsWith("v-")) {
      event.preventDefault();
      choose(id, { source: !link.closest(".source") });
    }
  });
  // On a picture the words lie over the boxes, so that they can be selected.
  function under(event) {
    if (!event.target.closest(".lines")) return null;
    return document.elementsFromPoint(event.clientX, event.clientY).find((found) => found.dataset.of);
  }
  document.addEventListener("focusin", (event) => {
    const held = event.target.closest(".value[id]");
    if (held && held.id !== current) {
      current = held.id;
      $$(".value.on").forEach((element) => element.classList.remove("on"));
      held.classList.add("on");
    }
  });

  // Selected words: offsets in characters of the text, as the server counts them.
  const length = (text) => [...text].length;
  function offset(node, at) {
    const piece = (node.nodeType === 3 ? node.parentElement : node).closest("[data-s]");
    if (!piece) return null;
    const before = document.createRange();
    before.selectNodeContents(piece);
    before.setEnd(node, at);
    return Number(piece.dataset.s) + length(before.toString());
  }
  function selection() {
    const chosen = getSelection();
    if (!chosen.rangeCount || chosen.isCollapsed) return null;
    const range = chosen.getRangeAt(0);
    if (!$(".source .scrolling")?.contains(range.commonAncestorContainer)) return null;
    const start = offset(range.startContainer, range.startOffset);
    const end = offset(range.endContainer, range.endOffset);
    return start === null || end === null || start >= end ? null : { start, end, words: said(range) };
  }
  // The words as the server has them; lines of a picture stand apart, so they are put together.
  function said(range) {
    const pieces = $$(".lines text").filter((line) => range.intersectsNode(line));
    if (!pieces.length) return String(getSelection());
    return pieces.map((line) => {
      const part = document.createRange();
      part.selectNodeContents(line);
      if (line.contains(range.startContainer)) part.setStart(range.startContainer, range.startOffset);
      if (line.contains(range.endContainer)) part.setEnd(range.endContainer, range.endOffset);
      return part.toString();
    }).join(" ");
  }
  document.addEventListener("selectionchange", () => {
    const form = $("#selection");
    const chosen = selection();
    if (form) {
      form.classList.toggle("ready", Boolean(chosen));
      if (chosen) {
        form.elements.start.value = chosen.start;
        form.elements.end.value = chosen.end;
        form.elements.selected.value = chosen.words;
      }
    }
  });
  // Selecting words without a mouse: "m" begins at the chosen value, arrows move, Shift extends.
  let marking = false;
  const ARROWS = { ArrowRight: ["forward", "word"], ArrowLeft: ["backward", "word"], ArrowDown: ["forward", "line"], ArrowUp: ["backward", "line"] };
  function mark() {
    const pane = $(".source .scrolling").getBoundingClientRect();
    const inSight = (piece) => piece.getBoundingClientRect().bottom > pane.top && piece.textContent.trim();
    const piece = $(`.text [data-of="${CSS.escape(current ?? "")}"]`) || $$(".text .p").find(inSight);
    if (!piece) return $("[data-key=v]")?.click();
    const chosen = getSelection();
    chosen.collapse(piece.firstChild, 0);
    chosen.modify("extend", "forward", "word");
    marking = true;
  }
  function extend(event) {
    const chosen = getSelection();
    if (!event.shiftKey) chosen.modify("move", ...ARROWS[event.key]);
    chosen.modify("extend", ...(event.shiftKey ? ARROWS[event.key] : ["forward", "word"]));
    show(chosen.focusNode.parentElement, "nearest");
    $("#said").textContent = String(chosen);
  }
  // With an open form, words selected in the text become its value.
  document.addEventListener("mouseup", () => {
    const rows = $$("#editor .row");
    const chosen = selection();
    if (!chosen || !rows.length) return;
    const row = rows.length > 1 ? rows.at(-1) : rows[0];
    const [words, start, end] = $$("input", row);
    [words.value, start.value, end.value] = [chosen.words.trim().replace(/\s+/g, " "), chosen.start, chosen.end];
    words.focus();
  });
  document.addEventListener("input", (event) => {
    const row = event.target.closest("#editor .row");
    if (row && event.target.name === "words") $$("input[type=hidden]", row).forEach((field) => (field.value = ""));
  });

  // Forms and links of this page change its parts in place, so that no pane loses its position.
  async function swap(address, options) {
    root.setAttribute("aria-busy", "true");
    const reply = await fetch(address, options).catch(() => null).finally(() => root.removeAttribute("aria-busy"));
    if (!reply) return failed();
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    if (!$(".panes", page)) return location.assign(reply.url);
    const tops = [".source .scrolling", ".understood .scrolling"].map((name) => [name, $(name).scrollTop]);
    for (const part of [".dochead", ".understood", ".source .text", ".source svg", ".turn"]) {
      const old = $$(part), fresh = $$(part, page);
      if (old.length === fresh.length) old.forEach((element, k) => element.replaceWith(fresh[k]));
    }
    plain();
    $("#failed").hidden = true;
    tops.forEach(([name, top]) => ($(name).scrollTop = top));
    const url = new URL(reply.url);
    history.replaceState(null, "", url.pathname + url.search + url.hash);
    const notice = $("main > .notice", page) || $(".editor .notice");
    $("#said").textContent = notice ? notice.textContent : $("#said").textContent;
    return url.hash.slice(1);
  }
  // The desk does not answer: say so and leave the page as it is, so that nothing typed is lost.
  function failed() {
    $("#failed").hidden = false;
    throw new Error("no answer");
  }
  const quietly = (work) => work.catch((error) => { if ($("#failed").hidden) throw error; });
  async function send(form, button) {
    const body = new URLSearchParams(new FormData(form));
    if (button?.name) body.append(button.name, button.value);
    const said = button?.getAttribute("aria-label") || button?.textContent || "";
    const chosen = current;
    const hash = await swap(form.action, { method: "POST", body });
    $("#said").textContent ||= said;
    settle(document.getElementById(hash)?.matches(".value") ? hash : chosen);
  }
  // After an action: stay at the value, or at the one that took its place.
  function settle(id) {
    const editor = $("#editor input[name=words], #editor button");
    if (editor) {
      current = editor.closest(".value").id;
      editor.focus();
      if (editor.select) editor.select();
      return show($("#editor"));
    }
    if (document.getElementById(id)) choose(id, { value: true });
  }
  document.addEventListener("submit", (event) => {
    if (!event.target.action.endsWith("/review")) return;
    event.preventDefault();
    quietly(send(event.target, event.submitter));
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-key='e'], a[data-cancel]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const held = link.closest(".value")?.id;
    quietly(swap(link.href).then(() => settle(held)));
  });

  // Keys.
  function step(by, only) {
    const away = $(only ? "#doubts[data-next]" : by > 0 ? ".turn a[rel=next]" : ".turn a[rel=prev]");
    const all = only ? values().filter((value) => value.classList.contains("doubtful")) : values();
    const order = values();
    const here = order.findIndex((value) => value.id === current);
    const places = all.map((value) => order.indexOf(value));
    const next = by > 0 ? places.find((place) => place > here) : places.findLast((place) => place < here);
    if (next === undefined && away && (by > 0 || !only)) return turn(away, by);
    const chosen = order[next ?? (by > 0 ? places[0] : places.at(-1))];
    if (chosen) choose(chosen.id);
  }
  // To another part of a long document: to the value that the link names, else to its first or last.
  function turn(link, by) {
    const url = new URL(link.dataset.next || link.href, location.href);
    if (!link.dataset.next) url.hash = by > 0 ? "first" : "last";
    location.assign(url);
  }
  function press(key) {
    const held = current && document.getElementById(current);
    const form = $("#selection.ready");
    if (/^[1-6t]$/.test(key)) marking = false;
    if (/^[1-6]$/.test(key)) {
      if (form) return quietly(send(form, $$("button.tag", form)[key - 1]));
      if (held?.dataset.statement !== undefined) return label(held, key - 1);
    } else if (key === "t") {
      if (form) return quietly(send(form, $("button:not(.tag)", form)));
      if (held?.dataset.statement !== undefined) return act(`task ${held.dataset.address}`);
    } else if (key === "Enter" && held) {
      const words = $("a.words", held);
      return words?.hash.startsWith("#e") ? choose(current) : words?.click();
    }
    else $(`[data-key="${key}"]`, held && "aex".includes(key) ? held : document)?.click();
  }
  function act(what) {
    const form = $("#act");
    if (!form) return;
    const button = document.createElement("button");
    [button.name, button.value] = ["do", what];
    return quietly(send(form, button));
  }
  const LABELS = ["achievement", "shortcoming", "task", "cause", "proposal", "context"];
  const label = (held, number) => act(`label ${held.dataset.address}${LABELS[number]}`);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      marking = false;
      getSelection().empty();
      return $("[data-cancel]")?.click();
    }
    if (event.target.closest("input, textarea, select, summary")) return;
    if (marking && event.key in ARROWS) {
      event.preventDefault();
      return extend(event);
    }
    const inside = event.target.closest("button, a[href]");
    if (event.key === "Enter" && inside) return;
    const moves = { j: [1], k: [-1], n: [1, true], p: [-1, true] };
    if (moves[event.key]) step(...moves[event.key]);
    else if (event.key === "m") mark();
    else if (event.key === "?") {
      const help = $(".keys");
      if (help) { help.open = true; show(help, "center"); }
    } else if ("aexudqvtbf123456".includes(event.key) || event.key === "Enter") press(event.key);
    else return;
    event.preventDefault();
  });

  // Words are shown in their places until the picture of the page has come.
  for (const image of $$(".sheet img")) {
    const drawn = () => image.parentElement.classList.add("drawn");
    if (image.complete && image.naturalWidth) drawn();
    else image.addEventListener("load", drawn);
  }

  plain();
  if (location.hash === "#at") arrive($(".panes").dataset.asked);
  else if (["#first", "#last"].includes(location.hash)) choose(values().at(location.hash === "#first" ? 0 : -1)?.id);
  else if (location.hash.startsWith("#v-")) choose(location.hash.slice(1), { focus: false });
  else if (location.hash.startsWith("#ev-")) choose(location.hash.slice(2), { focus: false });
  if ($("#editor")) settle(null);
})();

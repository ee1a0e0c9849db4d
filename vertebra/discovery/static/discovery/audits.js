// Order by drag and by keyboard, the keys of the room, its timer. Every page works without this file.
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");

// Drag: the list is put in its new order, then sent whole.
let dragged = null;
const clear = () => {
  for (const item of document.querySelectorAll(".is-target, .is-dragged")) item.classList.remove("is-target", "is-dragged");
};
document.addEventListener("dragstart", (event) => {
  const item = event.target.closest?.("[data-sortable] > [data-item]");
  if (!item || typing(document.activeElement)) return;
  dragged = item;
  item.classList.add("is-dragged");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", item.dataset.item);
});
document.addEventListener("dragover", (event) => {
  const item = dragged && event.target.closest?.("[data-sortable] > [data-item]");
  if (!item) return;
  event.preventDefault();
  for (const other of document.querySelectorAll(".is-target")) other.classList.remove("is-target");
  item.classList.add("is-target");
});
document.addEventListener("drop", (event) => {
  const item = dragged && event.target.closest?.("[data-sortable] > [data-item]");
  if (!item || item === dragged) return clear();
  event.preventDefault();
  const list = item.parentElement;
  const all = [...list.children];
  item[all.indexOf(dragged) < all.indexOf(item) ? "after" : "before"](dragged);
  const form = document.getElementById(list.dataset.sortable);
  for (const one of list.querySelectorAll(":scope > [data-item]")) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "order";
    field.value = one.dataset.item;
    form.append(field);
  }
  clear();
  form.requestSubmit();
});
document.addEventListener("dragend", () => {
  dragged = null;
  clear();
});

// Alt with an arrow moves the item one is in; in the room, arrows, space and a presenter's remote turn pages.
const turn = { ArrowRight: "next", PageDown: "next", " ": "next", ArrowLeft: "previous", PageUp: "previous", t: "timer" };
document.addEventListener("keydown", (event) => {
  if (event.altKey && ["ArrowUp", "ArrowDown"].includes(event.key)) {
    const item = event.target.closest?.("[data-item]");
    const button = item?.querySelector(event.key === "ArrowUp" ? "[data-up]" : "[data-down]");
    if (!button) return;
    event.preventDefault();
    button.focus();
    return button.click();
  }
  const room = document.querySelector("[data-room]");
  const what = turn[event.key];
  if (!room || !what || event.altKey || event.ctrlKey || event.metaKey || typing(event.target)) return;
  if (event.key === " " && event.target.closest("button, summary, a")) return;
  const button = room.querySelector(`[data-${what}]`);
  if (!button || button.disabled) return;
  event.preventDefault();
  button.click();
});

// The timer counts down by itself between two looks at the server.
let ends = 0;
const tick = () => {
  const shown = document.getElementById("timer");
  if (!shown) return;
  const left = Math.max(0, Math.round((ends - Date.now()) / 1000));
  shown.textContent = ends ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` : "";
  shown.classList.toggle("is-over", ends > 0 && left === 0);
};
const read = () => {
  const shown = document.getElementById("timer");
  ends = shown?.dataset.seconds ? Date.now() + Number(shown.dataset.seconds) * 1000 : 0;
  tick();
};
document.addEventListener("htmx:load", read);
setInterval(tick, 500);
read();

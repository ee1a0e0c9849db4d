// Moves cards between now, next and later: dragged, or with Alt and an arrow. Without scripts, the menu of each card does the same.
(() => {
  "use strict";
  const MOVED = "board-moved";
  let pressed = null;
  let held = null;

  const board = () => document.querySelector("[data-board]");

  function send(value) {
    const form = board();
    const button = form.querySelector("[data-drop]");
    button.value = value;
    form.requestSubmit(button);
  }

  function cardBelow(list, y) {
    return [...list.querySelectorAll("[data-card]")].find((card) => {
      const box = card.getBoundingClientRect();
      return card !== held && y < box.top + box.height / 2;
    });
  }

  function neighbour(card, step) {
    const columns = [...board().querySelectorAll("[data-column]")];
    return columns[columns.indexOf(card.closest("[data-column]")) + step];
  }

  // A page that scrolls between the press and the drag puts another card under the pointer: the one pressed is meant.
  const cardOf = (event) => event.target.closest?.("[data-board] [data-card]") ?? null;
  document.addEventListener("pointerdown", (event) => (pressed = cardOf(event)), true);

  document.addEventListener("dragstart", (event) => {
    const under = cardOf(event);
    if (!under) return;
    const card = pressed ?? under;
    if (card !== under) event.dataTransfer.setDragImage(card, 0, 0);
    held = card;
    card.classList.add("is-held");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.dataset.card);
  });

  document.addEventListener("dragend", () => {
    held?.classList.remove("is-held");
    held = null;
    document.querySelectorAll(".is-target").forEach((one) => one.classList.remove("is-target"));
  });

  document.addEventListener("dragover", (event) => {
    const column = held && event.target.closest?.("[data-column]");
    if (!column) return;
    event.preventDefault();
    document.querySelectorAll(".is-target").forEach((one) => one !== column && one.classList.remove("is-target"));
    column.classList.add("is-target");
  });

  document.addEventListener("drop", (event) => {
    const column = held && event.target.closest?.("[data-column]");
    if (!column) return;
    event.preventDefault();
    const below = cardBelow(column, event.clientY);
    send([held.dataset.card, column.dataset.column, below ? below.dataset.card : ""].join(" ").trim());
  });

  document.addEventListener("keydown", (event) => {
    const card = cardOf(event);
    if (!card || event.target !== card || !event.altKey) return;
    const number = card.dataset.card;
    const move = (how) => {
      sessionStorage.setItem(MOVED, number);
      send(`${number} ${how}`);
    };
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      move(event.key === "ArrowUp" ? "up" : "down");
      return;
    }
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    const column = neighbour(card, event.key === "ArrowLeft" ? -1 : 1);
    if (column) move(column.dataset.column);
  });

  document.querySelectorAll("[data-board] [data-card]").forEach((card) => card.setAttribute("draggable", "true"));
  // What was moved from the keyboard can be moved on.
  const moved = sessionStorage.getItem(MOVED);
  sessionStorage.removeItem(MOVED);
  if (moved) document.querySelector(`[data-card="${CSS.escape(moved)}"]`)?.focus();
})();

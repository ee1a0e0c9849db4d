// Ranking by touch, mouse and keyboard; each gesture is saved by itself, one request at a time. Works without this file.
const form = document.querySelector("[data-ranking]");
if (form) start(form);

function start(form) {
  const picked = form.querySelector("[data-list=picked]");
  const left = form.querySelector("[data-list=left]");
  const saved = form.querySelector("[data-saved]");
  const words = form.querySelector("[data-words]").dataset;
  const most = Number(form.dataset.most);
  const places = new Map([...form.querySelectorAll("[data-topic]")].map((card, at) => [card, at]));
  const titleOf = (card) => card.querySelector(".rank-title").textContent;

  const say = (text) => {
    form.querySelector("[data-announce]").textContent = text;
  };
  const refresh = () => {
    for (const card of places.keys()) card.querySelector("[name=order]").disabled = card.parentElement !== picked;
    form.querySelector("[data-picked]").textContent = picked.children.length;
    left.classList.toggle("is-full", picked.children.length >= most);
  };

  // Saving: the latest state wins, and what another device changed is shown by the page itself.
  let isSaving = false;
  let isWanted = false;
  let timer = 0;
  const save = () => {
    clearTimeout(timer);
    timer = setTimeout(send, 250);
  };
  async function send(leaving = false) {
    if (isSaving && !leaving) {
      isWanted = true;
      return;
    }
    isSaving = true;
    isWanted = false;
    timer = 0;
    saved.textContent = words.saving;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { Accept: "application/json" },
        keepalive: true,
      });
      const told = await answer.json();
      if (told.conflict) return location.reload();
      if (told.problem) saved.textContent = told.problem;
      else {
        form.elements.revision.value = told.revision;
        saved.textContent = told.words;
      }
    } catch {
      saved.textContent = words.failed;
      setTimeout(save, 4000);
    } finally {
      isSaving = false;
      if (isWanted) send();
    }
  }
  addEventListener("pagehide", () => {
    if (timer || isWanted || saved.textContent === words.failed) send(true);
  });

  const place = (card) => {
    refresh();
    say(words.placed.replace("%title%", titleOf(card)).replace("%place%", [...picked.children].indexOf(card) + 1));
    save();
  };
  const backOnTable = (card) => {
    const after = [...left.children].find((other) => places.get(other) > places.get(card));
    left.insertBefore(card, after ?? null);
    refresh();
    say(words.out.replace("%title%", titleOf(card)));
    save();
  };
  const move = (card, by) => {
    const other = by < 0 ? card.previousElementSibling : card.nextElementSibling;
    if (!other) return;
    other[by < 0 ? "before" : "after"](card);
    place(card);
  };
  const act = {
    add(card) {
      if (picked.children.length >= most) return say(words.full), (saved.textContent = words.full);
      picked.append(card);
      place(card);
    },
    up: (card) => move(card, -1),
    down: (card) => move(card, 1),
    out: backOnTable,
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[name=move]");
    if (!button) return;
    event.preventDefault();
    const verb = button.value.split(":")[0];
    const card = button.closest("[data-topic]");
    act[verb](card);
    // What was pressed may be hidden now: the way back is one key away.
    const next = { add: "[data-up]", out: "[data-add]" }[verb];
    (next ? card.querySelector(next) : button).focus({ preventScroll: verb === "add" });
  });
  form.addEventListener("change", (event) => event.target.name?.startsWith("score-") && save());
  form.addEventListener("keydown", (event) => {
    const card = event.target.closest("[data-topic]");
    if (event.key === "Enter" && event.target.matches("input")) return event.preventDefault();
    if (!card || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    const held = document.activeElement;
    if (card.parentElement === picked) move(card, event.key === "ArrowUp" ? -1 : 1);
    else act.add(card);
    (held.offsetParent ? held : card.querySelector("[data-up]")).focus();
  });

  // Drag by the number, with a finger or a mouse: the card follows, its neighbours make room.
  let dragged = null;
  form.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest("[data-handle]");
    if (!handle || event.button) return;
    dragged = handle.closest("[data-topic]");
    handle.setPointerCapture(event.pointerId);
    dragged.classList.add("is-dragged");
    event.preventDefault();
  });
  form.addEventListener("pointermove", (event) => {
    if (!dragged) return;
    const others = [...picked.children].filter((card) => card !== dragged);
    const next = others.find((card) => {
      const box = card.getBoundingClientRect();
      return event.clientY < box.top + box.height / 2;
    });
    if (next !== dragged.nextElementSibling) picked.insertBefore(dragged, next ?? null);
  });
  const drop = () => {
    if (!dragged) return;
    dragged.classList.remove("is-dragged");
    place(dragged);
    dragged = null;
  };
  form.addEventListener("pointerup", drop);
  form.addEventListener("pointercancel", drop);
  refresh();
}

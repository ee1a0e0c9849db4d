// The keyboard: command bar (Ctrl-K), ? for the keys, g then a letter, j k o x in lists, arrows in outlines.
const typing = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

// Command bar: a combobox whose list the server writes.
const bar = document.getElementById("command-bar");
const field = document.getElementById("command-input");
const list = document.getElementById("command-results");
const options = () => [...list.querySelectorAll('[role="option"]')];
const chosen = () => list.querySelector('[aria-selected="true"]');

const choose = (option) => {
  chosen()?.setAttribute("aria-selected", "false");
  if (!option) return field.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", option.id);
};

// What somebody pasted is sent in the option's form: an address stays in histories and logs.
const follow = (option) => {
  const form = option.querySelector("form");
  if (form) form.requestSubmit();
  else location.href = option.dataset.href;
};

const openBar = (text = "") => {
  if (!bar || bar.open) return;
  bar.showModal();
  field.value = text;
  field.focus();
  htmx.trigger(field, "commands");
};

if (bar) {
  list.addEventListener("htmx:afterSwap", () => choose(options()[0]));
  field.addEventListener("keydown", (event) => {
    const all = options();
    const at = all.indexOf(chosen());
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: at - 8 }[event.key];
    if (to !== undefined && all.length) {
      event.preventDefault();
      const single = event.key.startsWith("Arrow");
      choose(all[single ? (to + all.length) % all.length : Math.max(0, Math.min(all.length - 1, to))]);
    }
    if (event.key === "Enter" && chosen()) {
      event.preventDefault();
      follow(chosen());
    }
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest('[role="option"]');
    if (option) follow(option);
  });
  list.addEventListener("pointermove", (event) => {
    const option = event.target.closest('[role="option"]');
    if (option && option !== chosen()) choose(option);
  });
  const opener = document.querySelector("[data-command-open] input");
  opener?.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    openBar();
  });
  opener?.addEventListener("input", () => {
    const text = opener.value;
    opener.value = "";
    openBar(text);
  });
}

// Rows: j and k move, Enter follows the row's own link, o looks at it beside, x selects.
const rows = () => [...document.querySelectorAll("tr[data-row], [data-rows-list] > li")].filter((row) => row.offsetParent);
const rowLink = (row) => row?.querySelector("a.row-title, a");
const currentRow = () => document.activeElement?.closest("tr[data-row], [data-rows-list] > li");
const moveRow = (step) => {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(currentRow());
  const next = at < 0 ? all[0] : all[Math.max(0, Math.min(all.length - 1, at + step))];
  rowLink(next)?.focus();
  next.scrollIntoView({ block: "nearest" });
  if (document.getElementById("panel")?.open) next.dispatchEvent(new CustomEvent("vertebra:look", { bubbles: true }));
};

let going = 0;
const plain = {
  "?": () => document.getElementById("keys")?.showModal(),
  "/": () => (document.getElementById("search-within") ?? document.querySelector("[data-command-open] input"))?.focus(),
  g: () => (going = Date.now()),
  j: () => moveRow(1),
  k: () => moveRow(-1),
  o: () => currentRow()?.dispatchEvent(new CustomEvent("vertebra:look", { bubbles: true })),
  x: () => currentRow()?.querySelector(".row-select")?.click(),
  z: () => document.querySelector(".toast [data-undo]")?.requestSubmit(),
};

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    return openBar();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog:modal")) return;
  if (Date.now() - going < 1200) {
    going = 0;
    const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    if (link) {
      event.preventDefault();
      return link.click();
    }
  }
  const act = plain[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

// Outlines: right opens, left closes or goes to the parent, up and down walk what is visible.
document.addEventListener("keydown", (event) => {
  const outline = event.target.closest?.(".outline");
  const item = event.target.closest?.("li");
  if (!outline || !item || typing(event.target)) return;
  const stops = [...outline.querySelectorAll(".outline-row > a")].filter((stop) => stop.checkVisibility());
  const own = item.querySelector(":scope > .outline-row > a");
  const inside = item.querySelector(":scope > details");
  const go = (stop) => stop?.focus();
  const step = (by) => go(stops[stops.indexOf(own) + by]);
  const keys = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Home: () => go(stops[0]),
    End: () => go(stops.at(-1)),
    ArrowRight: () => (inside?.open ? step(1) : inside && (inside.open = true)),
    ArrowLeft: () => (inside?.open ? (inside.open = false) : go(item.parentElement.closest("li")?.querySelector(".outline-row > a"))),
  };
  if (!keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});

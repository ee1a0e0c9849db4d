// The shell: menus, dialogs, side panel, toasts, theme, htmx. Every page works without this file.
const words = document.getElementById("words")?.dataset ?? {};
const root = document.documentElement;

const toast = (text) => {
  const box = document.getElementById("toasts");
  if (!box || !text) return;
  const item = document.createElement("div");
  const line = document.createElement("p");
  item.className = "toast";
  line.textContent = text;
  item.append(line);
  box.append(item);
  setTimeout(() => item.remove(), 6000);
};

// htmx sends the token of the page, and says when a request failed.
const token = document.querySelector('meta[name="csrf-token"]')?.content;
document.addEventListener("htmx:configRequest", (event) => {
  if (token) event.detail.headers["X-CSRFToken"] = token;
});
for (const name of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(name, () => toast(words.failed));
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status !== 422) toast(words.failed);
});

// An answer to what was looked for before somebody typed on would take their letters away: the next one is on its way.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const typed = document.activeElement, { elt, parameters } = detail.requestConfig;
  if (!typed?.matches("input[type=search]") || typed.form !== elt || !detail.target.contains(typed)) return;
  if (typed.value !== parameters[typed.name]) detail.shouldSwap = false;
  else document.addEventListener("htmx:afterSwap", () => keepSpaces(typed), { once: true });
});

// The server takes the spaces around what is looked for away; who types goes on after them.
const keepSpaces = ({ id, value }) => {
  const field = document.getElementById(id);
  if (field && field.value !== value && field.value === value.trim()) field.value = value;
};

// What an address points at may stand in a part that loads by itself.
document.addEventListener("htmx:load", ({ detail }) => {
  const place = location.hash.length > 1 && detail.elt.querySelector?.(`#${CSS.escape(location.hash.slice(1))}`);
  if (place && !scrollY) place.scrollIntoView();
});

// The tab of the page is in sight when there are more than fit.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  const tabs = tab.parentElement;
  tabs.scrollLeft = tab.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - tab.offsetWidth) / 2;
}

// Menus close as menus do: outside, Escape, after a choice.
const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(except)) menu.open = false;
};
document.addEventListener("click", (event) => {
  closeMenus(event.target);
  const item = event.target.closest("details.menu .menu-item:not(summary)");
  if (item && !item.closest("[data-theme-form]")) item.closest("details.menu").open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (!menu) return;
  if (event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
    event.stopPropagation();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const items = [...menu.querySelectorAll(".menu-item, .menu-body a, .menu-body input, .menu-body button")].filter((item) => item.offsetParent);
    const step = event.key === "ArrowDown" ? 1 : -1;
    const next = items[(items.indexOf(document.activeElement) + step + items.length) % items.length];
    if (next && !event.target.matches("textarea, input[type=date]")) {
      event.preventDefault();
      next.focus();
    }
  }
});

// Dialogs: <button data-dialog="id">, <button data-close>; a click on the backdrop closes.
const open = (id) => {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
};
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    event.preventDefault();
    open(opener.dataset.dialog);
  }
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  if (event.target instanceof HTMLDialogElement && event.target.matches(":modal")) event.target.close();
  const dismissed = event.target.closest("[data-dismiss]");
  dismissed?.closest(".toast, .banner")?.remove();
});

// Navigation folds, and stays folded.
const fold = document.querySelector("[data-nav-fold]");
const isNarrow = () => root.dataset.nav === "narrow" || (root.dataset.nav !== "wide" && matchMedia("(width < 1100px)").matches);
const sayFold = () => fold?.setAttribute("aria-pressed", String(isNarrow()));
sayFold();
fold?.addEventListener("click", () => {
  root.dataset.nav = isNarrow() ? "wide" : "narrow";
  sayFold();
  try {
    localStorage.setItem("nav", root.dataset.nav);
  } catch {
    // Without storage the choice lasts for this page.
  }
});

// The theme changes at once; the server remembers it.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const theme = form.matches("[data-theme-form]") && event.submitter?.value;
  if (!theme) return;
  event.preventDefault();
  root.dataset.theme = theme;
  for (const button of form.querySelectorAll("[name=theme]")) button.setAttribute("aria-pressed", String(button.value === theme));
  const body = new FormData(form, event.submitter);
  fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => toast(words.failed));
});

// Copy a link or what a table says, print.
document.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    await navigator.clipboard.writeText(new URL(copy.dataset.copy || location.href, location.href).href);
    toast(words.copied);
  }
  const from = event.target.closest("[data-copy-from]");
  if (from) {
    await navigator.clipboard.writeText(document.querySelector(from.dataset.copyFrom).innerText);
    toast(words.copied);
  }
  if (event.target.closest("[data-print]")) print();
});

// Rows of a list: a click looks at the row beside; the title's own link opens the page.
const panel = document.getElementById("panel");
let row = null;
const look = (target) => {
  if (!target.dataset.href) return;
  if (!panel || innerWidth < 760) return (location.href = target.dataset.href);
  row?.classList.remove("is-current");
  row = target;
  row.classList.add("is-current");
  document.getElementById("panel-open").href = target.dataset.href;
  htmx.ajax("GET", target.dataset.href, { target: "#panel-body", swap: "innerHTML" });
  if (!panel.open) panel.show();
  row.querySelector("a")?.focus({ preventScroll: true });
};
panel?.addEventListener("close", () => {
  row?.classList.remove("is-current");
  row?.querySelector("a")?.focus({ preventScroll: true });
  document.getElementById("panel-body").replaceChildren();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && panel?.open && !document.querySelector("dialog:modal")) panel.close();
});
document.addEventListener("click", (event) => {
  const target = event.target.closest("tr[data-row]");
  if (!target?.dataset.href || event.target.closest("a, button, input, label, select, summary, form.inline") || getSelection().toString()) return;
  look(target);
});
document.addEventListener("vertebra:look", (event) => look(event.target));

// Selected rows bring up what can be done with them.
const countSelected = (form) => {
  const bar = form.querySelector("[data-bulk]");
  if (!bar) return;
  const count = form.querySelectorAll(".row-select:checked").length;
  bar.classList.toggle("is-open", count > 0);
  bar.querySelector("[data-bulk-count]").textContent = (words.selected ?? "%s").replace("%s", count);
};
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-rows]");
  if (!form) return;
  if (event.target.matches("[data-select-all]"))
    for (const box of form.querySelectorAll(".row-select")) box.checked = event.target.checked;
  countSelected(form);
});
document.addEventListener("reset", (event) => {
  if (event.target.matches("form[data-rows]")) setTimeout(() => countSelected(event.target));
});

// Toasts without an undo go by themselves; those with one stay long enough to be used.
for (const item of document.querySelectorAll(".toast")) setTimeout(() => item.matches(":hover, :focus-within") || item.remove(), item.querySelector("[data-undo]") ? 20000 : 6000);

// Paper shows what is folded.
addEventListener("beforeprint", () => {
  for (const item of document.querySelectorAll("details:not([open], .menu, .edit-in-place, .example-source)")) {
    item.open = true;
    item.dataset.printed = "";
  }
});
addEventListener("afterprint", () => {
  for (const item of document.querySelectorAll("details[data-printed]")) {
    item.open = false;
    delete item.dataset.printed;
  }
});

// What this device had kept because it could not be sent goes when one signs out: sent if it can be, and forgotten.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.action.includes("/logout/") || event.defaultPrevented) return;
  const keys = Object.keys(localStorage).filter((key) => key.startsWith("kept:"));
  if (!keys.length) return;
  event.preventDefault();
  for (const key of keys) {
    try {
      const kept = JSON.parse(localStorage.getItem(key));
      const body = new FormData();
      for (const [name, value] of Object.entries({ text: kept.text, key: kept.key, version: kept.base.version, base: kept.base.text })) body.set(name, value);
      await fetch(kept.url, { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": token } });
    } catch {
      // Nothing more can be done with it: it must not stay on a device that somebody else may use.
    }
    localStorage.removeItem(key);
  }
  form.submit();
});

// Forms: what was typed survives, leaving asks first, filters send themselves, files can be dropped.
const words = document.getElementById("words")?.dataset ?? {};
const key = (form) => `draft:${location.pathname}:${form.dataset.draft}`;
const savable = (element) => element.name && !["hidden", "password", "file", "submit"].includes(element.type);

const keep = (form) => {
  const values = [...form.elements].filter(savable).map((item) => [item.name, item.type === "checkbox" || item.type === "radio" ? item.checked : item.value, item.value]);
  sessionStorage.setItem(key(form), JSON.stringify(values));
};

const restore = (form) => {
  const saved = JSON.parse(sessionStorage.getItem(key(form)) ?? "null");
  if (!saved || form.querySelector('[aria-invalid="true"]')) return;
  let changed = false;
  for (const [name, value, own] of saved) {
    for (const item of form.elements) {
      if (item.name !== name) continue;
      if (typeof value === "boolean") {
        if (item.value === own && item.checked !== value) (item.checked = value), (changed = true);
      } else if (item.value !== value) (item.value = value), (changed = true);
    }
  }
  const note = form.querySelector("[data-draft-note]");
  if (changed && note) note.textContent = words.restored ?? "";
  if (changed) form.dataset.dirty = "";
};

const prepare = (scope) => {
  for (const form of scope.querySelectorAll("form[data-draft]")) restore(form);
  scope.querySelector(":not(.example) > form [data-focus], .alone [data-focus]")?.focus();
};

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.matches("[data-guard]")) return;
  form.dataset.dirty = "";
  if (form.dataset.draft) keep(form);
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-auto]")) event.target.form?.requestSubmit();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  delete form.dataset.dirty;
  if (form.dataset.draft) sessionStorage.removeItem(key(form));
  const button = event.submitter;
  if (button && form.method === "post" && !event.defaultPrevented && !form.hasAttribute("hx-post")) {
    button.dataset.busy = "";
    setTimeout(() => button.setAttribute("aria-busy", "true"));
  }
});
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll('button[data-busy]')) button.removeAttribute("aria-busy");
});

// Ctrl-Enter sends the form one is writing in.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea")) event.target.form?.requestSubmit();
});

addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-guard][data-dirty]:not([data-draft])")) event.preventDefault();
});

for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    const drop = event.target.closest?.(".drop");
    if (!drop) return;
    event.preventDefault();
    drop.classList.toggle("is-over", name === "dragover");
    const input = drop.querySelector('input[type="file"]');
    if (name !== "drop" || !input || !event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

// What opens to be written in is ready to be written in; a menu whose choices come first keeps them first.
document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.(".edit-in-place[open], .menu[open]")) return;
  const first = event.target.querySelector(":scope > :not(summary) :is(a, button, input:not([type=hidden]), textarea)");
  if (first?.matches("input, textarea")) first.focus();
}, true);

document.addEventListener("htmx:load", (event) => prepare(event.detail.elt));
prepare(document);

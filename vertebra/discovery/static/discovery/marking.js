// Marking in one gesture: select words, Alt M (or the button), say what hurts, Enter.
const dialog = document.getElementById("mark-dialog");
const form = document.getElementById("mark-form");
const area = document.getElementById("notes");
const reading = document.querySelector("[data-reading]");
const floating = document.getElementById("mark-button");
let back = null;

// What is selected: in the notes as typed, or in the text that is read.
const selected = () => {
  if (area && document.activeElement === area && area.selectionEnd > area.selectionStart)
    return { text: area.value.slice(area.selectionStart, area.selectionEnd), position: area.selectionStart };
  const choice = getSelection();
  if (!reading || !choice.rangeCount || choice.isCollapsed || !reading.contains(choice.anchorNode)) return null;
  const range = choice.getRangeAt(0);
  const element = range.startContainer.parentElement.closest("[data-line], [data-at]");
  return { text: wordsOf(range), position: element?.dataset.line ?? element?.dataset.at ?? "" };
};

// The words themselves, without who spoke and when.
const wordsOf = (range) => {
  const piece = range.cloneContents();
  const lines = [...piece.querySelectorAll("p, h3")].map((line) => line.textContent.trim()).filter(Boolean);
  return lines.length > 1 ? lines.join("\n") : (lines[0] ?? piece.textContent);
};

const begin = () => {
  const found = selected();
  if (!dialog || !found?.text.trim()) return false;
  back = document.activeElement === area ? area.selectionEnd : null;
  // Nothing stays selected behind the dialog: the next key after it would replace what was marked.
  if (back !== null) area.setSelectionRange(back, back);
  form.elements.text.value = found.text;
  form.elements.position.value = found.position;
  form.elements.title.value = "";
  document.getElementById("mark-words").textContent = found.text.trim();
  document.getElementById("mark-suggestions").replaceChildren();
  document.getElementById("mark-trouble").replaceChildren();
  if (floating) floating.hidden = true;
  dialog.showModal();
  form.elements.title.focus();
  htmx.trigger(form.elements.title, "vertebra:suggest");
  return true;
};

document.addEventListener("keydown", (event) => {
  const isKey = event.code === "KeyM" || event.key.toLowerCase() === "m" || event.key === "µ";
  if (!isKey || event.ctrlKey || event.metaKey || document.querySelector("dialog:modal")) return;
  const isTyping = event.target.closest?.("input, textarea, select");
  if ((event.altKey || !isTyping) && begin()) event.preventDefault();
});

// In the dialog: arrows choose among what exists, Enter marks.
form?.addEventListener("keydown", (event) => {
  const choices = [...form.querySelectorAll("[name=pain_point]")];
  if (event.key === "ArrowDown" && event.target === form.elements.title && choices.length) {
    event.preventDefault();
    choices[0].focus();
    choices[0].checked = true;
  } else if (event.key === "ArrowUp" && event.target === choices[0]) {
    event.preventDefault();
    choices[0].checked = false;
    form.elements.title.focus();
  } else if (event.key === "Enter" && event.target.name === "pain_point") {
    event.preventDefault();
    form.requestSubmit();
  }
});

document.addEventListener("vertebra:marked", () => {
  dialog.close();
  giveBack();
  const words = form.elements.text.value.trim();
  if (reading) highlight(words);
});
// At once: a dialog tells that it is closed a moment later, when the next words may be on their way.
const giveBack = () => {
  if (back === null) return;
  area.focus();
  area.setSelectionRange(back, back);
  back = null;
};
dialog?.addEventListener("close", giveBack);

// The page marks what it shows at once; the server does the same when it is opened again.
const highlight = (words) => {
  const walker = document.createTreeWalker(reading, NodeFilter.SHOW_TEXT);
  const first = words.split("\n")[0];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.data.indexOf(first);
    if (at < 0 || node.parentElement.closest("mark")) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + first.length);
    range.surroundContents(document.createElement("mark"));
    return getSelection().removeAllRanges();
  }
};

// A button beside the selection, for the mouse and the phone.
document.addEventListener("selectionchange", () => {
  if (!floating || dialog?.open) return;
  floating.hidden = !selected()?.text.trim();
});
floating?.addEventListener("pointerdown", (event) => event.preventDefault());
floating?.addEventListener("click", begin);

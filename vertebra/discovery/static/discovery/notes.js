// The notes of a conversation: saved as one types, kept on the device while offline, merged with what others saved.
const form = document.getElementById("notes-form");
const area = document.getElementById("notes");
const said = document.getElementById("notes-state");
const words = form.dataset;
const PREFIX = `kept:notes:${words.notes}:`;
const PAUSE = 900;
const RETRY = 5000;
const LOOK = 8000;

// A tab keeps its name when it is loaded again, so that what it sent is not taken for somebody else's.
let tab = null;
try {
  tab = sessionStorage.getItem("notes-tab") ?? crypto.randomUUID?.() ?? String(Math.random()).slice(2);
  sessionStorage.setItem("notes-tab", tab);
} catch {
  tab = String(Math.random()).slice(2);
}
const own = PREFIX + tab;

// `base` is what the server and we both had: its text, and its number if it is a version of its own.
let base = { text: area.value, version: Number(words.version) };
// What the server keeps beside the notes until both are brought together.
let beside = null;
// The same text sent again goes under the same name, so that the server does nothing twice.
let attempt = { text: null, key: "" };
let sending = false;
let isReady = !("long" in words);
let waiting = 0;

const say = (text, tone = "") => {
  said.textContent = text;
  said.className = `room-saved${tone && ` is-${tone}`}`;
};
const isDirty = () => area.value !== base.text && area.value !== beside;

const nameOf = (text) => {
  if (attempt.text !== text) attempt = { text, key: `${tab}:${Date.now()}${String(Math.random()).slice(2, 6)}` };
  return attempt.key;
};

const keep = () => {
  try {
    if (isDirty()) localStorage.setItem(own, JSON.stringify({ text: area.value, base, key: nameOf(area.value), url: form.action, at: Date.now() }));
    else localStorage.removeItem(own);
    return true;
  } catch {
    return false;
  }
};

// Replace the text without moving the hand that writes: the caret stays after what stood before it.
const show = (text) => {
  if (area.value === text) return;
  const { selectionStart: start, selectionEnd: end, scrollTop } = area;
  const old = area.value;
  let head = 0;
  while (head < old.length && head < text.length && old[head] === text[head]) head += 1;
  const grown = text.length - old.length;
  const place = (at) => Math.max(0, at <= head ? at : at + grown);
  area.value = text;
  area.setSelectionRange(place(start), place(end));
  area.scrollTop = scrollTop;
};

class SignedOut extends Error {}

const post = async (kept, withBase) => {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.set("text", kept.text);
  body.set("version", kept.base.version);
  body.set("key", kept.key);
  if (withBase) body.set("base", kept.base.text);
  const answer = await fetch(kept.url, { method: "POST", body, headers: { Accept: "application/json" } });
  if (!answer.headers.get("Content-Type")?.includes("json")) {
    if (answer.redirected || answer.status === 403) throw new SignedOut();
    throw new Error(answer.status);
  }
  const told = await answer.json();
  return told.outcome === "asked" ? post(kept, true) : told;
};

const settle = (told, sent) => {
  if (told.outcome === "refused") return say(told.words, "harm");
  if (told.outcome === "kept") {
    // Both began from the same text: it stays our base, so that nothing of the other side is taken for ours.
    beside = sent;
    say(words.wordKept, "attention");
    const link = document.createElement("a");
    link.href = told.copy;
    link.textContent = words.wordLook;
    said.append(" ", link);
    return;
  }
  beside = null;
  if (told.outcome === "merged" || (told.text !== undefined && told.text !== sent)) {
    if (area.value === sent) {
      show(told.text);
      base = { text: told.text, version: told.version };
    } else base = { text: sent, version: -1 };
    say(words.wordMerged.replace("%s", told.by), "good");
  } else {
    base = { text: sent, version: told.version };
    say(words.wordSaved.replace("%s", told.at), "good");
  }
  form.elements.version.value = base.version;
};

const save = async () => {
  clearTimeout(waiting);
  if (sending || !isReady || !isDirty()) return;
  sending = true;
  const sent = area.value;
  say(words.wordSaving);
  try {
    settle(await post({ text: sent, base, url: form.action, key: nameOf(sent) }, base.version < 0), sent);
    keep();
    if (isDirty()) later(PAUSE);
  } catch (trouble) {
    const isKept = keep();
    if (trouble instanceof SignedOut) say(words.wordSignedOut, "attention");
    else say(isKept ? words.wordOffline : words.wordFull, "attention");
    later(RETRY);
  } finally {
    sending = false;
  }
};

const later = (pause) => {
  clearTimeout(waiting);
  waiting = setTimeout(save, pause);
};

const read = async (version) => {
  const answer = await fetch(`${form.action}?since=${version}`, { headers: { Accept: "application/json" } });
  return answer.status === 200 && answer.headers.get("Content-Type")?.includes("json") ? answer.json() : null;
};

// While nothing is typed, what others save comes in.
const look = async () => {
  if (document.hidden || sending || !isReady || isDirty() || beside !== null || base.version < 0) return;
  try {
    const told = await read(base.version);
    if (!told || isDirty() || told.version === base.version) return;
    show(told.text);
    base = { text: told.text, version: told.version };
    form.elements.version.value = base.version;
    say(words.wordOthers.replace("%s", told.by), "good");
  } catch {
    // Offline: the next save says so.
  }
};

// What a closed or lost tab had kept is sent as it was; the server merges it, or keeps it beside.
const sendForgotten = async () => {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX) && key !== own);
  for (const key of keys) {
    const kept = JSON.parse(localStorage.getItem(key));
    if (Date.now() - kept.at < 2 * RETRY) continue;
    await post(kept, true);
    localStorage.removeItem(key);
  }
  if (keys.length) await look();
};

const begin = async () => {
  if (!isReady) {
    say(words.wordFetching);
    area.readOnly = true;
    const told = await read(-1);
    area.name = "text";
    area.value = told.text;
    area.readOnly = false;
    base = { text: told.text, version: told.version };
    form.elements.version.value = told.version;
    isReady = true;
    say(words.wordSaved.replace("%s", told.at));
  }
  const kept = JSON.parse(localStorage.getItem(own) ?? "null");
  if (kept && kept.text !== area.value) {
    base = kept.base;
    attempt = { text: kept.text, key: kept.key };
    area.value = kept.text;
    say(words.wordBack);
    await save();
  } else if (kept) localStorage.removeItem(own);
  await sendForgotten();
};
const beginAgain = () => begin().catch(() => (isReady ? later(RETRY) : setTimeout(beginAgain, RETRY)));
beginAgain();

area.addEventListener("input", () => {
  keep();
  if (!said.querySelector("a")) say(words.wordTyped);
  later(PAUSE);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  save();
});
addEventListener("online", save);
addEventListener("pagehide", keep);
document.addEventListener("visibilitychange", () => (document.hidden ? save() : look()));
setInterval(look, LOOK);
addEventListener("beforeunload", (event) => {
  if (isDirty() && !keep()) event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey) && !event.altKey) {
    event.preventDefault();
    save();
  }
});

// Closing, or any other form of the page, waits for the last words.
document.addEventListener("submit", async (event) => {
  const other = event.target;
  if (other === form || other.method !== "post" || other.hasAttribute("hx-post") || !isDirty()) return;
  event.preventDefault();
  await save();
  if (!isDirty()) other.requestSubmit(event.submitter);
});

// The guide: a press, or Alt Q for the next one, writes the question as a heading where one writes.
const questions = [...document.querySelectorAll("[data-question]")];
const ask = (button) => {
  const before = area.value.slice(0, area.selectionEnd).replace(/\s+$/, "");
  const after = area.value.slice(area.selectionEnd).replace(/^\n+/, "");
  const head = `${before}${before ? "\n\n" : ""}## ${button.dataset.question}\n`;
  area.value = head + (after ? `\n${after}` : "");
  area.focus();
  area.setSelectionRange(head.length, head.length);
  button.dataset.asked = "";
  area.dispatchEvent(new Event("input", { bubbles: true }));
};
const isAsked = (button) => area.value.includes(`## ${button.dataset.question}`);
for (const button of questions) button.addEventListener("click", () => ask(button));
document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.code !== "KeyQ" && event.key.toLowerCase() !== "q") return;
  event.preventDefault();
  const next = questions.find((button) => !isAsked(button));
  if (next) ask(next);
});
const mark = () => questions.forEach((button) => button.toggleAttribute("data-asked", isAsked(button)));
area.addEventListener("input", mark);
mark();

// The timer counts from the moment planned, or from when the room was opened on that day.
const timer = document.getElementById("timer");
const opened = Date.now();
const tick = () => {
  const began = Date.parse(timer.dataset.began);
  const start = Math.abs(opened - began) < 4 * 3600e3 ? Math.min(began, Date.now()) : opened;
  const gone = Math.max(0, Math.floor((Date.now() - start) / 60e3));
  timer.textContent = timer.dataset.words.replace("%s", gone).replace("%d", timer.dataset.minutes);
  timer.classList.toggle("is-over", gone >= Number(timer.dataset.minutes));
};
if (timer && !("over" in timer.dataset)) {
  tick();
  setInterval(tick, 10_000);
}

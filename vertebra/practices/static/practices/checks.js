// What may come next while an expression is written: asked of the server, put in by one click.
"use strict";

(() => {
  const place = document.querySelector("[data-completions]");
  if (!place) return;
  let field = null;
  let waiting = 0;

  const ask = async () => {
    const asked = new URLSearchParams({ flags: field.value, at: field.selectionStart });
    const answer = await fetch(`${place.dataset.completions}?${asked}`, { headers: { "HX-Request": "true" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const offered = page.getElementById("offered");
    if (offered) place.replaceChildren(document.importNode(offered, true));
  };

  const soon = (event) => {
    field = event.target;
    clearTimeout(waiting);
    waiting = setTimeout(ask, 150);
  };

  document.querySelectorAll("[data-expression]").forEach((one) => {
    one.addEventListener("input", soon);
    one.addEventListener("focus", soon);
    one.addEventListener("click", soon);
  });

  place.addEventListener("click", (event) => {
    const button = event.target.closest("[data-text]");
    if (!button || !field) return;
    const text = button.dataset.text;
    const word = text.endsWith("(") ? text : `${text} `;
    field.setRangeText(word, Number(button.dataset.start), field.selectionStart, "end");
    field.focus();
    ask();
  });
})();

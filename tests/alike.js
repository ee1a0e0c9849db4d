// Takes out of a page what was judged often enough: rows that are made alike, and parts that stood as they are, in the
// same surroundings, in earlier pages. Alike is what is of the same elements with the same attributes, whatever numbers,
// names and addresses these hold. Given what earlier pages held and how often is enough, gives what all of them held.
(told, most) => {
  const ROWS = "li, tr, option";
  const PARTS = "nav, header, footer, aside, section, article, form, fieldset, details, dialog, table";
  // Of these it matters whether they say something; of the rest what they say, and of these few to the last digit.
  const NAMES = "id href for name value title alt src action aria-label aria-labelledby aria-describedby aria-controls datetime".split(" ");
  const EXACT = "class style fill stroke role tabindex colspan rowspan".split(" ");
  const SPEAKS = "for aria-labelledby aria-describedby aria-controls aria-owns headers list".split(" ");

  const hash = (text) => {
    let [high, low] = [0xdeadbeef, 0x41c6ce57];
    for (let at = 0; at < text.length; at++) {
      high = Math.imul(high ^ text.charCodeAt(at), 2654435761);
      low = Math.imul(low ^ text.charCodeAt(at), 1597334677);
    }
    return (high >>> 0).toString(36) + (low >>> 0).toString(36);
  };
  const head = (element) => {
    const said = ({ name, value }) => {
      if (NAMES.includes(name)) return Boolean(value.trim());
      return EXACT.includes(name) ? value : value.replace(/\d+/g, "0");
    };
    // A name that is read aloud and another that is seen are a fault of their own.
    const label = (element.getAttribute("aria-label") || "").toLowerCase();
    const isNamedAlike = label.includes(element.textContent.trim().toLowerCase());
    return [element.localName, label && isNamedAlike, ...[...element.attributes].map((one) => `${one.name}=${said(one)}`)].join(" ");
  };

  // Who speaks of whom: neither is taken out without the other.
  const spoken = SPEAKS.flatMap((name) =>
    [...document.querySelectorAll(`[${name}]`)].flatMap((one) =>
      one.getAttribute(name).split(/\s+/).map((id) => [one, document.getElementById(id)]))).filter(([, other]) => other);
  const isAlone = (element) =>
    !element.querySelector("h1") && spoken.every(([one, other]) => element.contains(one) === element.contains(other));

  const known = new Map(told.split(" ").filter(Boolean).map((one) => one.split(":")).map(([key, many]) => [key, Number(many)]));
  const here = new Map();
  const form = (element, around) => {
    const own = head(element), within = hash(around + own), beside = new Map(), held = [];
    for (const node of [...element.childNodes]) {
      if (node.nodeType === Node.TEXT_NODE && node.data.trim()) held.push("text");
      if (node.nodeType !== Node.ELEMENT_NODE) continue;
      const inner = form(node, within), key = hash(within + inner), isKnown = known.get(key) >= most;
      const isRow = node.matches(ROWS);
      if (isRow || node.matches(PARTS)) here.set(key, (here.get(key) || 0) + 1);
      beside.set(inner, (beside.get(inner) || 0) + 1);
      // A list or a table without any row would be another one.
      const isEnough = isRow ? beside.get(inner) > (isKnown ? 1 : most) : isKnown && node.matches(PARTS);
      if (isEnough && isAlone(node)) node.remove();
      if (!isRow || beside.get(inner) <= 1) held.push(inner);
    }
    return `<${[own, ...held].join("|")}>`;
  };

  form(document.body, "");
  for (const [key, many] of here) known.set(key, (known.get(key) || 0) + many);
  return [...known].map(([key, many]) => `${key}:${Math.min(many, most)}`).join(" ");
}

// The diagram of the organisation: the top two levels first, opened outwards; the outline under it says the same.
const place = document.getElementById("org-map");
const box = place?.querySelector(".org-diagram");
const said = place?.querySelector("[data-map-said]");
const wide = matchMedia("(width >= 760px)").matches;
const wanted = place && (place.dataset.view === "map" || (place.dataset.view === "auto" && wide));
const WIDTH = 216;
const HEIGHT = 46;
const GAP = 8;
const STEP = WIDTH + 56;
const COLUMN = 12;
const LEGIBLE = 0.72;

const load = (src) =>
  new Promise((resolve, reject) => {
    const script = document.createElement("script");
    Object.assign(script, { src, onload: resolve, onerror: reject });
    document.head.append(script);
  });

// A colour of the theme as cytoscape understands it.
const probe = document.createElement("span");
const colour = (name) => {
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
};

const styles = () => {
  const hues = [1, 2, 3, 4, 5, 6, 7, 8].map((hue) => ({
    selector: `node[hue = ${hue}]`,
    style: { "border-color": colour(`--data-${hue}`), "border-width": 3 },
  }));
  return [
    {
      selector: "node",
      style: {
        shape: "round-rectangle", width: WIDTH, height: HEIGHT, label: "data(label)", color: colour("--ink"),
        "background-color": colour("--raised"), "border-width": 1, "border-color": colour("--line-strong"),
        "font-family": getComputedStyle(document.body).fontFamily, "font-size": 12, "text-valign": "center",
        "text-halign": "center", "text-wrap": "wrap", "text-max-width": WIDTH - 16, "line-height": 1.35,
      },
    },
    ...hues,
    {
      selector: "node.box",
      style: { label: "", "background-color": colour("--sunken"), "border-width": 1, "border-color": colour("--line"), padding: 10, events: "no" },
    },
    { selector: "node.is-closed", style: { "background-color": colour("--accent-soft") } },
    { selector: "node:selected", style: { "outline-width": 3, "outline-color": colour("--focus"), "outline-offset": 2 } },
    { selector: "node:active", style: { "overlay-opacity": 0 } },
    {
      selector: "edge",
      style: {
        width: 1, "line-color": colour("--line-strong"), "curve-style": "taxi", "taxi-direction": "rightward",
        "taxi-turn": 24, "target-endpoint": "outside-to-node",
      },
    },
  ];
};

const clipped = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

class Diagram {
  constructor(units, cytoscape) {
    this.units = new Map(units.map((unit) => [unit.id, { ...unit, inside: [] }]));
    this.roots = [];
    for (const unit of this.units.values()) (this.units.get(unit.parent)?.inside ?? this.roots).push(unit);
    this.cy = cytoscape({
      container: document.getElementById("map"), style: styles(), minZoom: 0.15, maxZoom: 2.5,
      autoungrabify: true, boxSelectionEnabled: false, selectionType: "single",
    });
    this.cy.on("tap", "node", (event) => this.tapped(event.target.id()));
    this.cy.on("dbltap", "node", (event) => this.visit(event.target.id()));
    this.cy.on("select", "node", (event) => this.say(this.units.get(Number(event.target.id()))));
  }

  label(unit) {
    const detail = unit.shade || [unit.words, unit.kind].filter(Boolean).join(" · ");
    return `${clipped(unit.name, 28)}\n${clipped(detail, 30)}`;
  }

  add(unit) {
    if (this.cy.getElementById(String(unit.id)).length) return;
    const parent = this.units.has(unit.parent) ? String(unit.parent) : null;
    this.cy.add({
      group: "nodes", data: { id: String(unit.id), label: this.label(unit), hue: unit.hue },
      classes: unit.inside.length ? "is-closed" : "",
    });
    if (parent && this.cy.getElementById(parent).length) {
      this.cy.add({ group: "edges", data: { id: `e${unit.id}`, source: parent, target: String(unit.id) } });
    }
  }

  open(unit) {
    for (const child of unit.inside) this.add(child);
    this.cy.getElementById(String(unit.id)).removeClass("is-closed");
  }

  close(unit) {
    this.box(unit, false);
    for (const child of unit.inside) {
      if (!this.cy.getElementById(String(child.id)).length) continue;
      this.close(child);
      this.cy.getElementById(String(child.id)).remove();
    }
    if (unit.inside.length) this.cy.getElementById(String(unit.id)).addClass("is-closed");
  }

  isOpen(unit) {
    return unit.inside.length > 0 && this.cy.getElementById(String(unit.inside[0].id)).length > 0;
  }

  begin() {
    for (const root of this.roots) {
      this.add(root);
      if (this.roots.length < 12) this.open(root);
    }
    this.lay();
    this.cy.fit(undefined, 24);
    if (this.cy.zoom() > 1.1) this.cy.zoom({ level: 1.1, position: { x: 0, y: 0 } }) && this.cy.center();
    if (this.cy.zoom() < LEGIBLE) this.show(String(this.roots[0].id), true);
  }

  // Places everything again; the unit that was touched stays where the eye is.
  lay(stays) {
    const before = stays && this.cy.getElementById(stays).renderedPosition();
    this.cy.batch(() => {
      let y = 0;
      for (const root of this.roots) y += this.place(root, 0, y) + GAP * 2;
    });
    if (!before) return;
    const after = this.cy.getElementById(stays).renderedPosition();
    this.cy.panBy({ x: before.x - after.x, y: before.y - after.y });
  }

  // The rows of a grid of so many units that let the whole be drawn the largest in the box of the page.
  rows(count, x) {
    let best = { rows: count, zoom: 0 };
    for (let columns = 1; columns <= 8; columns += 1) {
      const rows = Math.ceil(count / columns);
      const wide = x + STEP + columns * (WIDTH + GAP * 2) + WIDTH / 2;
      const zoom = Math.min(1.1, (this.cy.width() - 48) / wide, (this.cy.height() - 48) / (rows * (HEIGHT + GAP)));
      if (zoom > best.zoom + 0.01) best = { rows, zoom };
    }
    return best.rows;
  }

  // Puts a unit and what is open inside it, to its right, from `top` down; gives the height taken.
  place(unit, x, top) {
    const node = this.cy.getElementById(String(unit.id));
    const inside = this.isOpen(unit) ? unit.inside : [];
    const grid = inside.length > COLUMN && !inside.some((child) => this.isOpen(child));
    const rows = grid ? this.rows(inside.length, x) : inside.length;
    this.box(unit, grid);
    let height = 0;
    inside.forEach((child, at) => {
      const left = x + STEP + Math.floor(at / rows || 0) * (WIDTH + GAP * 2);
      if (grid) {
        this.cy.getElementById(String(child.id)).position({ x: left, y: top + (at % rows) * (HEIGHT + GAP) + HEIGHT / 2 });
      } else height += this.place(child, x + STEP, top + height) + GAP;
    });
    if (grid) height = rows * (HEIGHT + GAP);
    const taken = Math.max(HEIGHT, height - GAP);
    node.position({ x, y: top + taken / 2 });
    return taken;
  }

  // Many units side by side stand in one box with one line to it; few have a line each.
  box(unit, wanted) {
    const id = `box${unit.id}`;
    const box = this.cy.getElementById(id);
    if (wanted && !box.length) {
      this.cy.add([{ group: "nodes", data: { id }, classes: "box", selectable: false }]);
      for (const child of unit.inside) {
        this.cy.getElementById(`e${child.id}`).remove();
        this.cy.getElementById(String(child.id)).move({ parent: id });
      }
      this.cy.add({ group: "edges", data: { id: `e${id}`, source: String(unit.id), target: id } });
    } else if (!wanted && box.length) {
      for (const child of unit.inside) {
        const node = this.cy.getElementById(String(child.id));
        if (!node.length) continue;
        node.move({ parent: null });
        this.cy.add({ group: "edges", data: { id: `e${child.id}`, source: String(unit.id), target: String(child.id) } });
      }
      box.remove();
    }
  }

  toggle(id) {
    const unit = this.units.get(Number(id));
    if (!unit.inside.length) return;
    if (this.isOpen(unit)) this.close(unit);
    else this.open(unit);
    this.lay(id);
    if (this.isOpen(unit)) this.keepInView(unit);
    this.say(unit);
  }

  // Moves only when what was opened would be out of sight.
  keepInView(unit) {
    const shown = this.cy.collection(unit.inside.map((child) => this.cy.getElementById(String(child.id))));
    const all = shown.union(this.cy.getElementById(String(unit.id)));
    const box = all.renderedBoundingBox();
    if (box.x1 >= 0 && box.y1 >= 0 && box.x2 <= this.cy.width() && box.y2 <= this.cy.height()) return;
    if (box.h <= this.cy.height() && box.w <= this.cy.width()) this.cy.center(all);
    else this.show(String(unit.id));
  }

  tapped(id) {
    this.choose(id);
    this.toggle(id);
  }

  choose(id) {
    this.cy.$("node:selected").unselect();
    this.cy.getElementById(id).select();
    const page = place.querySelector('[data-map="page"]');
    page.href = this.address(id);
    page.hidden = false;
  }

  show(id, atStart = false) {
    const node = this.cy.getElementById(id);
    if (this.cy.zoom() < LEGIBLE || this.cy.zoom() > 1.1) this.cy.zoom(atStart ? 0.9 : 1);
    this.cy.center(node);
    if (atStart) this.cy.panBy({ x: (WIDTH * this.cy.zoom()) / 2 + 24 - this.cy.width() / 2, y: 0 });
  }

  // Opens what stands above a unit, then shows it.
  focus(id) {
    const unit = this.units.get(Number(id));
    if (!unit) return;
    const above = [];
    for (let at = this.units.get(unit.parent); at && !above.includes(at); at = this.units.get(at.parent)) above.unshift(at);
    for (const each of above) this.open(each);
    this.open(unit);
    this.lay();
    this.choose(String(id));
    this.show(String(id));
  }

  step(key) {
    const now = this.cy.$("node:selected").first();
    const unit = now.length ? this.units.get(Number(now.id())) : this.roots[0];
    if (!now.length) return this.reveal(unit);
    if (key === "ArrowLeft") return this.reveal(this.units.get(unit.parent));
    if (key === "ArrowRight") {
      if (unit.inside.length && !this.isOpen(unit)) this.toggle(now.id());
      return this.reveal(unit.inside[0]);
    }
    const { x, y } = now.position();
    const down = key === "ArrowDown";
    const near = this.cy.nodes().not(".box").filter((node) => Math.abs(node.position().x - x) < 20 && (down ? node.position().y > y : node.position().y < y));
    const next = near.sort((one, two) => Math.abs(one.position().y - y) - Math.abs(two.position().y - y)).first();
    return next.length ? this.reveal(this.units.get(Number(next.id()))) : undefined;
  }

  reveal(unit) {
    if (!unit) return;
    this.choose(String(unit.id));
    const at = this.cy.getElementById(String(unit.id)).renderedBoundingBox();
    if (at.x1 < 0 || at.y1 < 0 || at.x2 > this.cy.width() || at.y2 > this.cy.height()) this.show(String(unit.id));
  }

  say(unit) {
    const inside = unit.inside.length ? place.dataset.more.replace("%s", unit.inside.length) : "";
    said.textContent = [unit.name, unit.kind, unit.words, unit.shade, inside].filter(Boolean).join(", ");
  }

  zoom(by) {
    this.cy.zoom({ level: this.cy.zoom() * by, renderedPosition: { x: this.cy.width() / 2, y: this.cy.height() / 2 } });
  }

  closeAll() {
    for (const root of this.roots) for (const child of root.inside) this.close(child);
    this.lay();
    this.show(String(this.roots[0].id), true);
  }

  address(id) {
    return `${place.dataset.base}${id}/${place.dataset.keep}`;
  }

  visit(id) {
    location.assign(this.address(id));
  }
}

const listen = (diagram) => {
  const verbs = {
    in: () => diagram.zoom(1.25), out: () => diagram.zoom(0.8), fit: () => diagram.cy.fit(undefined, 24), close: () => diagram.closeAll(),
  };
  for (const button of place.querySelectorAll("button[data-map]")) button.addEventListener("click", verbs[button.dataset.map]);
  document.getElementById("map").addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const chosen = diagram.cy.$("node:selected").first();
    const keys = {
      "+": verbs.in, "=": verbs.in, "-": verbs.out, 0: verbs.fit,
      Enter: () => chosen.length && diagram.toggle(chosen.id()),
      o: () => chosen.length && diagram.visit(chosen.id()),
    };
    const act = event.key.startsWith("Arrow") ? () => diagram.step(event.key) : keys[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
  const names = document.getElementById("map-names");
  for (const unit of diagram.units.values()) names.append(new Option(unit.name));
  const find = document.querySelector("[data-map-find]");
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  find.addEventListener("submit", (event) => {
    const text = fold(find.elements.find.value.trim());
    const all = [...diagram.units.values()];
    const found = all.find((unit) => fold(unit.name) === text) ?? all.find((unit) => text && fold(unit.name).includes(text));
    if (!found) return;
    event.preventDefault();
    diagram.focus(found.id);
    document.getElementById("map").focus();
  });
  const repaint = () => diagram.cy.style(styles());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
};

const draw = async () => {
  box.hidden = false;
  place.dataset.shown = "map";
  document.querySelector('[data-view="map"]')?.setAttribute("aria-current", "true");
  box.append(probe);
  try {
    const data = fetch(place.dataset.url, { headers: { Accept: "application/json" } }).then((answer) => answer.json());
    await load(place.dataset.cytoscape);
    const diagram = new Diagram((await data).units, globalThis.cytoscape);
    diagram.begin();
    if (place.dataset.focus) diagram.focus(place.dataset.focus);
    listen(diagram);
    place.dataset.ready = "true";
  } catch {
    box.hidden = true;
    place.dataset.shown = "outline";
    said.closest(".org-map").insertAdjacentText("afterbegin", place.dataset.failed);
  }
};

if (wanted) draw();
else document.querySelector('[data-view="outline"]')?.setAttribute("aria-current", "true");

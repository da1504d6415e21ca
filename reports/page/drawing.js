// The drawings: all systems; and one field or entry with everything upstream and downstream of it.

const VERDICT = [
  { mark: "✓", word: "met", name: "proved" },
  { mark: "✕", word: "missing", name: "refuted" },
  { mark: "?", word: "unknown", name: "unknown" },
];
const WORST_FIRST = [REFUTED, UNKNOWN, PROVED];

function worst(counts) { return WORST_FIRST.find((verdict) => counts[verdict]); }
function verdictClass(verdict) { return verdict === undefined ? "none" : VERDICT[verdict].name; }
function verdictWords(counts) {
  return WORST_FIRST.filter((verdict) => counts[verdict]).map((verdict) => `${VERDICT[verdict].mark} ${counts[verdict].toLocaleString("en")} ${VERDICT[verdict].word}`);
}

const ruler = document.createElement("canvas").getContext("2d");
const measured = new Map();

// A text cut to a width in pixels. The element around it carries the whole text.
function fitted(text, width, font) {
  const key = `${width}|${font}|${text}`;
  let cut = measured.get(key);
  if (cut === undefined) {
    ruler.font = font;
    cut = text.length > 400 ? text.slice(0, 400) : text;
    if (cut !== text || ruler.measureText(cut).width > width) {
      let low = 0, high = cut.length;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (ruler.measureText(`${cut.slice(0, middle)}…`).width <= width) low = middle;
        else high = middle - 1;
      }
      cut = `${cut.slice(0, low).trimEnd()}…`;
    }
    measured.set(key, cut);
  }
  return cut;
}

const FAMILY = "system-ui, 'Segoe UI', 'Helvetica Neue', 'DejaVu Sans', sans-serif";
const FONT = { title: `600 14px ${FAMILY}`, strong: `600 13.5px ${FAMILY}`, plain: `400 13.5px ${FAMILY}`, small: `400 12px ${FAMILY}`, bold: `600 12px ${FAMILY}`, code: "400 12px ui-monospace, 'DejaVu Sans Mono', monospace" };

function words(text, x, y, width, font, className, attributes = {}) {
  return svg("text", { x, y, class: `${font} ${className ?? ""}`.trim(), ...attributes }, fitted(text, width, FONT[font]));
}

// A text on at most two lines, broken at a blank.
function twoLines(text, x, y, step, width, font, className) {
  if (fitted(text, width, FONT[font]) === text || !text.includes(" ")) return [words(text, x, y + step / 2, width, font, className)];
  const parts = text.split(" ");
  let first = parts.shift();
  while (parts.length && fitted(`${first} ${parts[0]}`, width, FONT[font]) === `${first} ${parts[0]}`) first = `${first} ${parts.shift()}`;
  const lines = parts.length ? [first, parts.join(" ")] : [first];
  return lines.map((line, i) => words(line, x, y + (lines.length === 1 ? step / 2 : i * step), width, font, className));
}

// Lines from one box to another, behind none: a column on the way is passed between its boxes. A line that leads back turns
// round beside its box, passes the columns leftwards, and turns round again. Lines that share a passage keep a little apart.
const TURN = 30, LANES = [0, 3, -3, 6, -6];

class Ways {
  constructor(boxes) {
    const columns = new Map();
    for (const box of boxes) {
      if (!columns.has(box.x)) columns.set(box.x, []);
      columns.get(box.x).push(box);
    }
    this.columns = [...columns].sort((a, b) => a[0] - b[0]).map(([x, column]) => ({ x, width: column[0].width, free: this.#free(column), used: new Map() }));
  }

  // The heights, in the middle of each gap, at which a column can be passed.
  #free(column) {
    const sorted = [...column].sort((a, b) => a.y - b.y), last = sorted[sorted.length - 1];
    return [sorted[0].y - 12, ...sorted.slice(1).map((box, i) => (sorted[i].y + sorted[i].height + box.y) / 2), last.y + last.height + 12];
  }

  #passage(column, wanted) {
    const free = column.free.reduce((best, height) => (Math.abs(height - wanted) < Math.abs(best - wanted) ? height : best));
    const number = column.used.get(free) ?? 0;
    column.used.set(free, number + 1);
    return free + LANES[number % LANES.length];
  }

  // From the right side of a box to the left side of another: the line, its arrowhead, and whether it leads back.
  way(x1, y1, x2, y2) {
    const back = x2 < x1, columns = this.columns.filter((column) => (back ? x2 <= column.x && column.x < x1 : x1 < column.x && column.x < x2));
    if (back) columns.reverse();
    let d = `M${x1} ${y1}`, x = x1, y = y1;
    const curve = (nextX, nextY) => {
      const middle = (x + nextX) / 2;
      d += `C${middle} ${y} ${middle} ${nextY} ${nextX} ${nextY}`;
    };
    const turn = (nextX, nextY, side) => {
      const beside = side * Math.max(side * x, side * nextX) + side * TURN;
      d += `C${beside} ${y} ${beside} ${nextY} ${nextX} ${nextY}`;
    };
    for (const column of columns) {
      const height = this.#passage(column, back ? (y + y2) / 2 : y1 + ((y2 - y1) * (column.x - x1)) / (x2 - x1));
      const near = back ? column.x + column.width : column.x, far = back ? column.x : column.x + column.width;
      if (x === near) turn(near, height, 1);
      else curve(near, height);
      d += `H${far}`;
      x = far;
      y = height;
    }
    if (back) turn(x2, y2, -1);
    else curve(x2, y2);
    return { d, head: `M${x2} ${y2}l-7 -3.5v7z`, back };
  }
}

// --------------------------------------------------------------------------------------------------------- all systems

const MOST_CHIPS = 260, MOST_EDGES = 1_500;

class Overview {
  constructor(estate, frame, selected) {
    this.estate = estate;
    this.selected = selected;
    [this.width, this.height] = estate.chip;
    this.edges = estate.systemEdges.slice(0, MOST_EDGES);
    this.small = estate.size.systems <= MOST_CHIPS;
    this.ways = new Ways(range(0, estate.size.systems).map((system) => this.#chipBox(system)));
    this.drawnWays = new Map();
    this.camera = new Camera(frame, () => this.#moved());
    this.camera.svg.setAttribute("aria-label", "All systems, from the entries on the left to the last systems on the right");
    this.#draw();
    const { x, y } = estate.systems;
    const top = Math.min(0, ...estate.systems.labels.map((label) => label[2] - 16));
    const box = { x: 0, y: top, width: Math.max(...x) + this.width, height: Math.max(...y) + this.height - top };
    this.camera.fit(box, selected === undefined ? null : this.#chipBox(selected), this.small || selected !== undefined ? READABLE : 0);
  }

  // The line under the drawing.
  get drawn() {
    const all = this.estate.size.systems, connections = this.estate.systemEdges.length;
    const near = this.small ? all : this.chips.size;
    const systems = this.far ? `all ${counted(all, "system")} as specks: zoom in for their names` : `${near.toLocaleString("en")} of ${counted(all, "system")}`;
    return `Drawn: ${systems}; ${this.edges.length.toLocaleString("en")} of ${counted(connections, "connection")}.`;
  }

  // Another system is selected, or none; the drawing moves only if that system is out of sight.
  select(system) {
    this.chips.get(this.selected)?.removeAttribute("aria-current");
    this.selected = system;
    this.#unlight();
    if (system === undefined) return;
    this.camera.show(this.#chipBox(system));
    this.node(system)?.setAttribute("aria-current", "true");
  }

  // The nodes that arrow keys lead to.
  neighbours(system) {
    const after = [], before = [];
    for (const edge of this.estate.systemEdges) {
      if (edge.source === system) after.push(edge.target);
      if (edge.target === system) before.push(edge.source);
    }
    const column = range(0, this.estate.size.systems).filter((other) => this.estate.systems.x[other] === this.estate.systems.x[system]);
    column.sort((a, b) => this.estate.systems.y[a] - this.estate.systems.y[b]);
    return { after, before, column };
  }

  node(system) {
    if (!this.chips.has(system)) {
      this.camera.scale = Math.max(this.camera.scale, 0.8);
      this.camera.show(this.#chipBox(system));
    }
    return this.chips.get(system);
  }

  reveal(system) { this.camera.show(this.#chipBox(system)); }

  describe(system) {
    const { after, before } = this.neighbours(system);
    return `${this.estate.systemTitle(system)}, ${this.#state(system)}; fed by ${counted(before.length, "system")}, feeds ${counted(after.length, "system")}`;
  }

  #chipBox(system) { return { x: this.estate.systems.x[system], y: this.estate.systems.y[system], width: this.width, height: this.height }; }

  #draw() {
    const { estate } = this, { layer } = this.camera;
    this.edgesLayer = svg("g", { class: "edges" });
    this.lit = svg("g", { class: "edges lit" });
    this.specks = svg("g", { class: "specks" });
    this.chipsLayer = svg("g");
    this.chips = new Map();
    const labels = svg("g", { class: "labels" }, ...estate.systems.labels.map(([text, x, y]) => words(estate.text(text), x + 2, y, this.width, "bold", "label")));
    layer.append(this.edgesLayer, this.lit, this.specks, labels, this.chipsLayer);
    this.edgesLayer.append(...this.#paths(this.edges));
    if (this.selected !== undefined) this.#light(this.selected);
    if (this.small) {
      for (let system = 0; system < estate.size.systems; system++) this.#chip(system);
      this.#rove();
    } else {
      this.#drawSpecks();
    }
  }

  // Edges of one width and kind are one path; their arrowheads another.
  #paths(edges) {
    const kinds = new Map();
    for (const edge of edges) {
      const { source, target, count, removed } = edge;
      const width = Math.min(4, 1 + Math.log2(count) / 2).toFixed(1);
      if (!this.drawnWays.has(edge)) {
        const [a, b] = [this.#chipBox(source), this.#chipBox(target)];
        this.drawnWays.set(edge, this.ways.way(a.x + this.width, a.y + this.height / 2, b.x, b.y + this.height / 2));
      }
      const { d, head, back } = this.drawnWays.get(edge), kind = `${back ? "back" : ""}${removed === count ? " removed" : ""}`.trim();
      const key = `${kind}|${width}`;
      if (!kinds.has(key)) kinds.set(key, { kind, width, d: "", heads: "" });
      kinds.get(key).d += d;
      kinds.get(key).heads += head;
    }
    return [...kinds.values()].flatMap(({ kind, width, d, heads }) => [svg("path", { d, class: kind, "stroke-width": width }), svg("path", { d: heads, class: `head ${kind}` })]);
  }

  #light(system) {
    this.lit.replaceChildren(...this.#paths(this.estate.systemEdges.filter((edge) => edge.source === system || edge.target === system)));
  }

  #unlight() {
    this.lit.replaceChildren();
    if (this.selected !== undefined) this.#light(this.selected);
  }

  // Far away a system is a speck: one path for each colour, however many there are.
  #drawSpecks() {
    const paths = new Map();
    for (let system = 0; system < this.estate.size.systems; system++) {
      const { x, y } = this.#chipBox(system), name = verdictClass(this.#worst(system));
      paths.set(name, `${paths.get(name) ?? ""}M${x} ${y}h${this.width}v${this.height}h${-this.width}z`);
    }
    this.specks.append(...[...paths].map(([name, d]) => svg("path", { class: `speck ${name}`, d })));
    this.camera.svg.addEventListener("click", (event) => {
      if (!this.far) return;
      const frame = this.camera.svg.getBoundingClientRect(), sight = this.camera.sight();
      const x = sight.left + (event.clientX - frame.left) / this.camera.scale, y = sight.top + (event.clientY - frame.top) / this.camera.scale;
      const { systems } = this.estate;
      const hit = range(0, this.estate.size.systems).find((s) => x >= systems.x[s] && x <= systems.x[s] + this.width && y >= systems.y[s] && y <= systems.y[s] + this.height);
      if (hit === undefined) this.camera.zoom(2, { x: event.clientX - frame.left, y: event.clientY - frame.top });
      else location.hash = address.system(this.estate, hit);
    });
  }

  // Only visible systems are drawn as chips; none while they are too many or too small.
  #moved() {
    if (this.small || !this.specks.isConnected) return;
    const { systems } = this.estate, sight = this.camera.sight(0.5);
    if (this.kept && this.kept.scale === this.camera.scale && this.#inside(this.camera.sight(0.1), this.kept)) return;
    this.kept = { ...sight, scale: this.camera.scale };
    const near = new Set();
    if (this.camera.scale >= 0.4) {
      for (let system = 0; system < this.estate.size.systems; system++) {
        const x = systems.x[system], y = systems.y[system];
        if (x + this.width > sight.left && x < sight.right && y + this.height > sight.top && y < sight.bottom) near.add(system);
      }
    }
    const far = !near.size || near.size > MOST_CHIPS * 3;
    if (far) near.clear();
    for (const [system, chip] of this.chips) if (!near.has(system)) { chip.remove(); this.chips.delete(system); }
    for (const system of near) if (!this.chips.has(system)) this.#chip(system);
    this.#rove();
    this.far = far;
    this.onDrawn?.();
  }

  #inside(inner, outer) { return inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom; }

  #counts(system) { return this.estate.isEntrySystem(system) ? this.estate.systems.meets[system] : this.estate.systems.makes[system]; }
  #worst(system) { return worst(this.#counts(system)); }
  #state(system) {
    const { estate } = this;
    const inside = `${counted(estate.entitiesOf(system).length, "entity", "entities")}, ${counted(estate.fieldsOfSystem(system).length, "field")}`;
    if (estate.removed.systems.has(system)) return "removed";
    if (!estate.judged) return inside;
    const counts = this.#counts(system), all = counts[PROVED] + counts[REFUTED] + counts[UNKNOWN], isEntry = estate.isEntrySystem(system);
    if (!all) return isEntry ? "no obligations" : "requires nothing";
    const bad = verdictWords([0, counts[REFUTED], counts[UNKNOWN]]), shown = bad.length > 1 ? bad.map((word) => word.replace(/ \w+$/, "")) : bad;
    const state = bad.length ? shown.join(" · ") : `${VERDICT[PROVED].mark} all ${VERDICT[PROVED].word}`;
    return isEntry ? `${state}, of ${all.toLocaleString("en")}` : `requires ${all.toLocaleString("en")} · ${state}`;
  }

  #chip(system) {
    const { estate, width, height } = this, { x, y } = this.#chipBox(system);
    const title = estate.systemTitle(system), owner = estate.text(estate.systems.team[system]), isEntry = estate.isEntrySystem(system);
    const lines = twoLines(title, 17, 24, 17, width - 28, "title"), y2 = lines.length > 1 ? 60 : 54;
    const chip = svg("a", {
      href: address.system(estate, system), class: `chip ${verdictClass(this.#worst(system))}${isEntry ? " entry" : ""}${estate.removed.systems.has(system) ? " removed" : ""}`, tabindex: -1, transform: `translate(${x} ${y})`,
      "aria-label": `${title}${isEntry ? ", entry" : ""}, ${owner || NOBODY}, ${this.#state(system)}${estate.changedSystems.of(system).length ? ", changed" : ""}`, "aria-current": system === this.selected ? "true" : null, "data-node": system,
    },
    svg("rect", { class: "body", width, height, rx: 7 }),
    svg("path", { class: "stripe", d: `M7 0h-0a7 7 0 0 0 -7 7v${height - 14}a7 7 0 0 0 7 7h0z` }),
    ...lines, words(owner || NOBODY, 17, y2, width - (isEntry ? 66 : 28), "small", owner ? "muted" : "warn"), words(this.#state(system), 17, y2 + 17, width - 28, "small", "state"));
    const changed = estate.changedSystems.of(system).length;
    if (changed) chip.append(words(`△ ${counted(changed, "change")}`, width - 11, 14, 90, "small", "change altered", { "text-anchor": "end" }));
    if (isEntry) chip.append(words("entry", width - 11, y2, 40, "small", "tag", { "text-anchor": "end" }));
    const full = svg("title", {}, `${estate.systemName(system)}: ${title}`);
    chip.append(full);
    chip.addEventListener("pointerenter", () => this.#light(system));
    chip.addEventListener("pointerleave", () => this.#unlight());
    chip.addEventListener("focus", () => this.#light(system));
    chip.addEventListener("blur", () => this.#unlight());
    this.chips.set(system, chip);
    this.chipsLayer.append(chip);
  }

  // One of the chips is a tab stop; arrow keys go on from it.
  #rove() {
    if (![...this.chips.values()].some((chip) => chip.getAttribute("tabindex") === "0")) {
      (this.chips.get(this.selected) ?? this.chips.values().next().value)?.setAttribute("tabindex", 0);
    }
  }
}

// ------------------------------------------------------------------------------------- one field or entry, and its lineage

const CARD = { width: 236, head: 48, name: 25, line: 17, value: 23, end: 8, foot: 26, gap: 22, between: 58 };
const MOST_ROWS = 240, MOST_TRANSFORMS = 3;

// How an obligation binds: certainly, or perhaps.
const BINDING = { 1: { mark: "◆", word: "binding" }, together: { mark: "◇", word: "on several fields together" }, perhaps: { mark: "◇", word: "perhaps binding" } };
function bindingMark(obligation) { return obligation.binds === 1 ? BINDING[1] : obligation.fields.length > 1 ? BINDING.together : BINDING.perhaps; }

class Focus {
  // `about`: the fields in focus; `obligations`: those that concern them; `walk`: the hops of a witness, and how far it has come.
  constructor(estate, frame, about, obligations, walk) {
    Object.assign(this, { estate, about: new Set(about), walk });
    this.closure = estate.closure(about);
    this.bound = new Map();
    for (const obligation of obligations) {
      if (obligation.binds !== 0 && obligation.at[1] >= 0) {
        if (!this.bound.has(obligation.at[0])) this.bound.set(obligation.at[0], new Map());
        const marks = this.bound.get(obligation.at[0]);
        if (marks.get(obligation.at[1]) !== BINDING[1]) marks.set(obligation.at[1], bindingMark(obligation));
      }
    }
    this.values = new Map();
    // A field that alters a value has two hops: the later one counts once it is reached.
    (walk?.hops ?? []).forEach((hop, i) => { if (!this.values.has(hop[0]) || i <= walk.step) this.values.set(hop[0], { hop, i }); });
    this.#choose();
    this.camera = new Camera(frame);
    this.camera.svg.setAttribute("aria-label", "Lineage of what is in focus, from the left to the right");
    this.#place();
    this.#draw();
    const here = walk ? walk.hops[walk.step][0] : about.find((field) => this.rows.has(field));
    this.camera.fit(this.box, here === undefined ? null : this.#rowBox(here), READABLE);
  }

  // Keeps the position of an earlier drawing of the same walk.
  takeOver(before) {
    Object.assign(this.camera, { x: before.camera.x, y: before.camera.y, scale: before.camera.scale });
    this.reveal(this.walk.hops[this.walk.step][0]);
  }

  get drawn() {
    const all = this.closure.distance.size, flows = this.closure.flows.size;
    return `Drawn: ${this.rows.size.toLocaleString("en")} of ${counted(all, "related field")}; ${this.flows.length.toLocaleString("en")} of ${counted(flows, "flow")} among them.`;
  }

  // The flows of this lineage, in the order their values travel; whether drawn or not.
  get allFlows() {
    const { estate } = this;
    const layer = (flow) => estate.entities.layer[estate.fields.entity[estate.flows.to[flow]]];
    return [...this.closure.flows].sort((a, b) => layer(a) - layer(b) || a - b);
  }

  neighbours(field) {
    const { estate } = this, drawn = (other) => this.rows.has(other);
    const after = [...new Set([...estate.outOf.of(field)].map((flow) => estate.flows.to[flow]))].filter(drawn);
    const before = [...new Set([...estate.into.of(field)].flatMap((flow) => estate.sources[flow]))].filter(drawn);
    const here = this.rows.get(field).x;
    const column = [...this.rows].filter(([, row]) => row.x === here).sort((a, b) => a[1].y - b[1].y).map(([other]) => other);
    return { after, before, column };
  }

  node(field) { return this.nodes.get(field); }
  reveal(field) { this.camera.show(this.#rowBox(field)); }
  describe(field) {
    const { after, before } = this.neighbours(field), value = this.values.get(field);
    const valueHere = value ? `, here the value is ${this.estate.text(value.hop[1])}` : "";
    return `${this.estate.fieldName(field)}, ${this.estate.sentences(field).join(", ")}${valueHere}; fed by ${counted(before.length, "field")}, feeds ${counted(after.length, "field")}`;
  }

  #rowBox(field) {
    const row = this.rows.get(field);
    return row ? { x: row.x - 20, y: row.y, width: CARD.width + 40, height: row.height } : this.box;
  }

  // The nearest fields first, where there are too many to draw.
  #choose() {
    const near = [...this.closure.distance].sort((a, b) => Math.abs(a[1]) - Math.abs(b[1]) || a[0] - b[0]).slice(0, MOST_ROWS).map(([field]) => field);
    const kept = new Set([...near, ...[...this.values.keys()]]);
    this.cards = new Map();
    for (const field of [...kept].sort((a, b) => a - b)) {
      const entity = this.estate.fields.entity[field];
      if (!this.cards.has(entity)) this.cards.set(entity, { entity, fields: [] });
      this.cards.get(entity).fields.push(field);
    }
    this.flows = [...this.closure.flows].filter((flow) => kept.has(this.estate.flows.to[flow]) && this.estate.sources[flow].every((source) => kept.has(source))).sort((a, b) => a - b);
    this.arriving = groupBy(this.flows, (flow) => [this.estate.flows.to[flow]]);
  }

  #rowHeight(field) {
    return CARD.name + CARD.line * (this.arrivals(field).length + this.estate.changesAt.of(field).length + 1) + (this.values.has(field) ? CARD.value : 0) + CARD.end;
  }

  // The steps applied to a value that arrives at a field, a line a flow.
  arrivals(field) {
    const { estate } = this;
    const flows = this.arriving.of(field);
    const lines = flows.map((flow) => {
      const condition = estate.text(estate.flows.when[flow]);
      const said = [estate.removed.flows.has(flow) && "removed", estate.text(estate.flows.words[flow]), condition && `when ${condition}`, estate.inexact.has(flow) && "a step is not described"];
      const words = [...said, ...estate.flowRemarks(flow)].filter(Boolean).join(", ");
      const from = flows.length > 1 ? `${estate.systemTitle(estate.systemOf(estate.sources[flow][0]))}: ` : "";
      return words && { words, line: `${from || "↳ "}${words}` };
    }).filter(Boolean);
    if (lines.length <= MOST_TRANSFORMS) return lines;
    const rest = lines.slice(MOST_TRANSFORMS - 1);
    return [...lines.slice(0, MOST_TRANSFORMS - 1), { words: rest.map(({ line }) => line).join("; "), line: `and ${rest.length} more ways` }];
  }

  #place() {
    const { estate } = this, columns = new Map();
    for (const card of this.cards.values()) {
      const layer = estate.entities.layer[card.entity];
      if (!columns.has(layer)) columns.set(layer, []);
      columns.get(layer).push(card);
      card.others = estate.firstField[card.entity + 1] - estate.firstField[card.entity] - card.fields.length;
      card.height = CARD.head + card.fields.reduce((sum, field) => sum + this.#rowHeight(field), 0) + (card.others ? CARD.foot : 6);
    }
    const before = groupBy(this.flows.flatMap((flow) => estate.sources[flow].map((source) => [estate.fields.entity[source], estate.fields.entity[estate.flows.to[flow]]])), ([, target]) => [target]);
    this.rows = new Map();
    let x = 0, tallest = 0, first = true;
    for (const layer of [...columns.keys()].sort((a, b) => a - b)) {
      const cards = columns.get(layer);
      const middle = (card) => {
        const feeding = before.of(card.entity).map(([source]) => this.cards.get(source)).filter((other) => other.y !== undefined);
        return feeding.length ? feeding.reduce((sum, other) => sum + other.y + other.height / 2, 0) / feeding.length : 0;
      };
      for (const card of cards) card.middle = first ? 0 : middle(card);
      cards.sort((a, b) => a.middle - b.middle || estate.entities.order[a.entity] - estate.entities.order[b.entity] || a.entity - b.entity);
      const height = cards.reduce((sum, card) => sum + card.height + CARD.gap, -CARD.gap);
      const wanted = cards.reduce((sum, card) => sum + card.middle, 0) / cards.length;
      let y = first ? -height / 2 : wanted - height / 2;
      for (const card of cards) {
        Object.assign(card, { x, y });
        let top = y + CARD.head;
        for (const field of card.fields) {
          this.rows.set(field, { x, y: top, height: this.#rowHeight(field) });
          top += this.#rowHeight(field);
        }
        y += card.height + CARD.gap;
      }
      x += CARD.width + CARD.between;
      tallest = Math.max(tallest, height);
      first = false;
    }
    const cards = [...this.cards.values()];
    const top = Math.min(...cards.map((card) => card.y)), bottom = Math.max(...cards.map((card) => card.y + card.height));
    this.box = { x: 0, y: top, width: x - CARD.between, height: bottom - top };
  }

  #draw() {
    this.nodes = new Map();
    this.ways = new Ways([...this.cards.values()].map(({ x, y, height }) => ({ x, y, height, width: CARD.width })));
    const edges = svg("g", { class: "edges" });
    for (const flow of this.flows) edges.append(...this.#edge(flow));
    this.camera.layer.append(edges, ...[...this.cards.values()].map((card) => this.#card(card)));
    const first = [...this.about].find((field) => this.nodes.has(field)) ?? this.nodes.keys().next().value;
    this.nodes.get(first)?.setAttribute("tabindex", 0);
  }

  // The flows of the witness, and whether it has passed them.
  #walked(source, target) {
    const from = this.values.get(source), to = this.values.get(target);
    if (!from || !to || to.hop[4] <= from.hop[4]) return "";
    return to.i <= this.walk.step ? " walked" : " ahead";
  }

  #edge(flow) {
    const { estate } = this, target = estate.flows.to[flow], end = this.rows.get(target);
    return [...new Set(estate.sources[flow])].map((source) => {
      const start = this.rows.get(source), { d, head, back } = this.ways.way(start.x + CARD.width, start.y + 15, end.x, end.y + 15);
      const kind = `${back ? " back" : ""}${estate.inexact.has(flow) ? " inexact" : ""}${estate.removed.flows.has(flow) || [source, target].some((field) => estate.removed.fields.has(field)) ? " removed" : ""}${this.#walked(source, target)}`;
      return svg("g", {}, svg("path", { d, class: `flow${kind}` }), svg("path", { d: head, class: `head${kind}` }));
    });
  }

  #card(card) {
    const { estate } = this, { entity, x, y, height } = card, system = estate.entities.system[entity];
    const kind = estate.text(estate.entities.kind[entity]);
    const group = svg("g", { class: `card${estate.isEntry(entity) ? " entry" : ""}`, transform: `translate(${x} ${y})`, role: "group", "aria-label": `${estate.systemTitle(system)}, ${estate.entityTitle(entity)}, ${kind}` },
      svg("rect", { class: "body", width: CARD.width, height, rx: 8 }),
      words(estate.systemTitle(system), 14, 21, CARD.width - 76, "title"),
      words(estate.entityTitle(entity), 14, 38, CARD.width - 28, "small", "muted"),
      words(kind, CARD.width - 12, 21, 60, "small", "tag", { "text-anchor": "end" }),
      svg("title", {}, estate.entityName(entity)));
    for (const field of card.fields) group.append(this.#row(field, card));
    if (card.others) {
      const more = svg("a", { href: address.entity(estate, entity), class: "more", tabindex: -1 }, words(`+${counted(card.others, "more field")}`, 14, height - 10, 200, "small", "muted"));
      group.append(more);
    }
    return group;
  }

  #row(field, card) {
    const { estate } = this, row = this.rows.get(field), top = row.y - card.y, value = this.values.get(field);
    const bound = this.bound.get(field) ?? new Map(), sentences = estate.sentences(field);
    const order = [...sentences.keys()].sort((a, b) => bound.has(b) - bound.has(a) || (a === 0) - (b === 0) || a - b); // the type, which is first, is the least informative
    const verdict = estate.isEntry(card.entity) ? worst(this.#verdicts(field)) : undefined;
    const here = this.walk && this.walk.hops[this.walk.step][0] === field;
    const node = svg("a", {
      href: address.field(estate, field), tabindex: -1, "data-node": field, transform: `translate(0 ${top})`,
      class: `row${this.about.has(field) ? " about" : ""}${estate.removed.fields.has(field) ? " removed" : ""}${value ? (value.i <= this.walk.step ? " passed" : " ahead") : ""}${here ? " here" : ""}`,
      "aria-label": `${estate.fieldTitle(field)}${estate.removed.fields.has(field) ? ", removed" : ""}: ${order.map((i) => (bound.has(i) ? `${bound.get(i).word}, ${sentences[i]}` : sentences[i])).join("; ")}${verdict === undefined ? "" : `; ${VERDICT[verdict].word}`}${value ? `; value ${estate.text(value.hop[1])}` : ""}`,
      "aria-current": this.about.has(field) ? "true" : null,
    }, svg("rect", { class: "ground", x: 1, width: CARD.width - 2, height: row.height }));
    const room = verdict === undefined ? CARD.width - 28 : CARD.width - 104;
    node.append(words(estate.fieldOwnName(field), 14, 20, room, this.about.has(field) ? "strong" : "plain"));
    if (verdict !== undefined) node.append(words(`${VERDICT[verdict].mark} ${VERDICT[verdict].word}`, CARD.width - 12, 20, 80, "bold", `mark ${VERDICT[verdict].name}`, { "text-anchor": "end" }));
    let y = 20;
    for (const { words: whole, line } of this.arrivals(field)) {
      node.append(svg("g", {}, words(line, 14, y += CARD.line, CARD.width - 26, "small", "transform"), svg("title", {}, whole)));
    }
    for (const change of estate.changesAt.of(field)) {
      node.append(words(`△ ${estate.text(change.kind)}: ${estate.text(change.what)}`, 14, y += CARD.line, CARD.width - 26, "bold", `change ${estate.text(change.kind)}`));
    }
    const obligationWords = order.map((i) => `${bound.has(i) ? `${bound.get(i).mark} ` : ""}${sentences[i]}`).join(" · ");
    node.append(words(obligationWords, 14, y += CARD.line, CARD.width - 26, "small", bound.size ? "binding" : "muted"));
    if (value) {
      node.append(svg("rect", { class: "chit", x: 9, y: y + 7, width: CARD.width - 18, height: 20, rx: 4 }), words(estate.text(value.hop[1]), 15, y + 21, CARD.width - 32, "code", "value"));
    }
    node.append(svg("title", {}, `${estate.fieldName(field)}: ${sentences.join("; ")}`));
    this.nodes.set(field, node);
    return node;
  }

  #verdicts(field) {
    const counts = [0, 0, 0];
    for (const obligation of this.estate.obligationsOn.of(field)) counts[obligation.verdict]++;
    return counts;
  }
}

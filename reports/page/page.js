// The page as a whole: addresses, search, keys, what is announced. An address says all that is shown, so every view is a link.

const byId = (id) => document.getElementById(id);
const MOST_HITS = 12, MOST_DRAWN = 12;

class LineagePage {
  constructor(estate) {
    this.estate = estate;
    this.panel = new Panel(estate);
    this.tables = new Tables(estate, this.panel);
    this.#bar();
    this.#search();
    this.#keys();
    new ResizeObserver(([entry]) => {
      const { width, height } = entry.contentRect;
      if (this.drawing && !this.isPrinting && width && height) this.drawing.camera.resize(width, height);
    }).observe(byId("canvas"));
    this.#links();
    addEventListener("hashchange", () => this.show());
    addEventListener("beforeprint", () => this.#printed(true));
    addEventListener("afterprint", () => this.#printed(false));
    this.show();
  }

  // ----------------------------------------------------------------------------------------------------- what is shown

  show() {
    // A page of a change opens on what changed.
    const hash = location.hash || (this.estate.comparison ? address.difference() : "");
    const [path, options] = hash.replace(/^#\/?/, "").split("?");
    const [view = "", name = "", step = "0"] = path.split("/").map(unescaped);
    this.asTable = options === "table";
    const shown = this.#view(view, name, Math.max(0, parseInt(step, 10) || 0));
    this.#nav(view || "overview");
    document.title = `${shown.title} · ${this.estate.title}`;
    this.#say(shown.said ?? shown.title);
    // Following a link by keyboard must not lose one's place: the same link of the new view is where one goes on from.
    if (this.keep !== undefined) {
      (typeof this.keep === "string" ? byId("panel").querySelector(`[data-walk="${this.keep}"]`) ?? byId("panel").querySelector("[data-walk]") : this.drawing?.node(this.keep))?.focus({ preventScroll: true });
      this.keep = undefined;
    }
  }

  #view(view, name, step) {
    const { estate } = this;
    const sheets = { narrows: ["Narrowing", () => this.tables.narrows()], findings: ["Findings", () => this.tables.findings()], changes: ["What changed", () => this.tables.changes()], effects: ["Its effects", () => this.tables.effects()] };
    if (sheets[view]) return this.#sheetOnly(...sheets[view]);
    if (view === "difference" && estate.comparison) return this.#difference();
    if (view === "finding") {
      const finding = estate.findingBy.get(name);
      if (finding) return this.#finding(finding, step);
    }
    if (view === "walk" && estate.obligations[name]?.hops.length) return this.#walkObligation(estate.obligations[name], name, step);
    const change = view === "change" ? estate.changes[name] : undefined;
    if (change) return this.#change(change);
    const number = ["system", "entity", "field"].includes(view) ? estate[view](name) : undefined;
    if (view === "system" && number !== undefined) return this.#overview(number);
    if (view === "entity" && number !== undefined) return this.#focus(estate.fieldsOf(number), estate.entityName(number), this.panel.entity(number));
    if (view === "field" && number !== undefined) return this.#focus([number], estate.fieldName(number), this.panel.field(number));
    const shown = this.#overview(undefined);
    return view ? { title: shown.title, said: `This estate has no ${view} ${name}. All systems are shown.` } : shown;
  }

  #sheetOnly(title, make) {
    this.drawing = undefined;
    byId("stage").hidden = byId("panel").hidden = true;
    byId("sheet").hidden = false;
    byId("sheet").replaceChildren(...make());
    scrollTo(0, 0);
    return { title };
  }

  #overview(system) {
    // Where the drawing of all systems is on the stage already, only what is picked in it changes.
    const draw = () => {
      if (!(this.drawing instanceof Overview)) return new Overview(this.estate, byId("canvas"), system);
      this.drawing.select(system);
      return this.drawing;
    };
    this.#stage(this.estate.title, draw, () => this.tables.systems());
    this.#beside(system === undefined ? this.panel.overview() : this.panel.system(system), system === undefined ? [] : [[address.overview(), "All systems"], [null, this.estate.systemTitle(system)]]);
    return { title: system === undefined ? "All systems" : this.estate.systemTitle(system), said: system === undefined ? this.estate.verdict : this.drawing.describe?.(system) };
  }

  #focus(fields, name, beside, walk) {
    const { estate } = this;
    const obligations = walk?.obligations ?? this.#concerning(fields);
    const before = this.drawing;
    this.#stage(name, () => new Focus(estate, byId("canvas"), fields, obligations, walk), () => this.tables.lineage(this.drawing));
    // From one stop of a walk to the next the drawing stays where it is, unless the value is out of sight.
    if (walk && before instanceof Focus && before.walk?.name === walk.name) this.drawing.takeOver(before);
    const system = estate.systemOf(fields[0]);
    this.#beside(beside, [[address.overview(), "All systems"], [address.system(estate, system), estate.systemTitle(system)], [null, name]]);
    return { title: name, said: walk ? this.drawing.describe(walk.hops[walk.step][0]) : `${name}. ${this.drawing.drawn}` };
  }

  // The obligations on these fields where they are an entry's; else those that start here or pass.
  #concerning(fields) {
    const about = new Set(fields), on = fields.flatMap((field) => this.estate.obligationsOn.of(field));
    return on.length ? on : this.estate.obligations.filter((obligation) => about.has(obligation.at[0]) || obligation.way.some((field) => about.has(field)));
  }

  #finding(finding, step) {
    const { estate } = this, hops = finding.hops, heading = `${estate.text(finding.severity)}: ${estate.text(finding.rule)}`;
    const fields = [...new Set([...finding.fields, ...(finding.at ? [finding.at[0]] : [])])];
    const at = Math.min(step, Math.max(0, hops.length - 1));
    const beside = this.panel.walk({ heading, message: estate.text(finding.message), hops, step: at, at: finding.at, hrefOf: (to) => address.finding(finding, to) });
    beside.push(html("p", { class: "place" }, estate.text(finding.place)));
    if (!fields.length) {
      this.#stage(heading, () => new Overview(estate, byId("canvas"), undefined), () => this.tables.systems());
      this.#beside(beside, [[address.overview(), "All systems"], ["#/findings", "Findings"]]);
      return { title: heading };
    }
    const about = finding.fields.length ? finding.fields : fields;
    const obligations = estate.obligations.filter((obligation) => finding.at && obligation.at[0] === finding.at[0] && obligation.at[2] === finding.at[2]);
    return this.#focus(about, estate.fieldName(about[0]), beside, hops.length ? { name: finding.fingerprint, hops, step: at, obligations } : undefined);
  }

  // All that changed, marked in the lineage of the fields it happened at, or, where those are many, in that of all systems.
  #difference() {
    const { estate } = this, title = "What changed", crumbs = [[address.overview(), "All systems"], [null, title]];
    const fields = [...new Set(estate.changes.flatMap((change) => (change.field >= 0 ? [change.field] : change.reaches)))];
    if (fields.length && fields.length <= MOST_DRAWN) {
      this.#stage(title, () => new Focus(estate, byId("canvas"), fields, this.#concerning(fields)), () => this.tables.lineage(this.drawing));
      this.#beside(this.panel.difference(), crumbs);
    } else {
      this.#overview(undefined);
      this.#beside(this.panel.difference(), crumbs);
    }
    return { title, said: estate.comparison.verdict };
  }

  // What changed, with the lineage of the field it happened at; or of the entry fields it matters to.
  #change(change) {
    const { estate } = this, about = change.field >= 0 ? [change.field] : change.reaches;
    const beside = this.panel.change(change);
    if (about.length) return this.#focus(about, estate.fieldName(about[0]), beside);
    const shown = this.#overview(undefined);
    this.#beside(beside, [[address.overview(), "All systems"], ["#/changes", "What changed"]]);
    return { title: shown.title, said: estate.text(change.what) };
  }

  #walkObligation(obligation, number, step) {
    const at = Math.min(step, obligation.hops.length - 1), { estate } = this;
    const message = `${obligation.fields.map((field) => estate.fieldName(field)).join(" + ")} accepts ${estate.text(obligation.witness)}, which does not meet: ${estate.text(obligation.at[2])}`;
    const beside = this.panel.walk({ heading: "a missing obligation", message, hops: obligation.hops, step: at, at: obligation.at, hrefOf: (to) => `#/walk/${number}/${to}` });
    return this.#focus(obligation.fields, estate.fieldName(obligation.fields[0]), beside, { name: number, hops: obligation.hops, step: at, obligations: [obligation] });
  }

  #stage(name, draw, asTable) {
    byId("stage").hidden = byId("panel").hidden = false;
    byId("stage").setAttribute("aria-label", name);
    byId("canvas").hidden = false;
    this.drawing = draw();
    const say = () => { byId("drawn").textContent = this.drawing?.drawn ?? ""; };
    this.drawing.onDrawn = say;
    say();
    byId("canvas").hidden = this.asTable;
    byId("sheet").hidden = !this.asTable;
    byId("sheet").replaceChildren(...(this.asTable ? asTable() : []));
    byId("stage").classList.toggle("as-table", this.asTable);
  }

  #beside(content, crumbs) {
    byId("panel").replaceChildren(...content);
    byId("panel").scrollTop = 0;
    const here = location.hash.split("?")[0] || "#/";
    byId("crumbs").replaceChildren(
      html("nav", { "aria-label": "Where you are" }, crumbs.map(([href, text], i) => html("span", {}, i ? " › " : "", href ? html("a", { href }, text) : html("span", { "aria-current": "page" }, text)))),
      html("span", { class: "switch", role: "group", "aria-label": "Shown as" },
        html("a", { href: here, "aria-current": this.asTable ? null : "true" }, "Drawing"), html("a", { href: `${here}?table`, "aria-current": this.asTable ? "true" : null }, "Table")));
  }

  #links() {
    document.querySelector(".skip").addEventListener("click", (event) => { event.preventDefault(); byId("content").focus(); });
    // In a frame without an address of its own (a notebook's) a link would lead to the page around it.
    if (!document.URL.startsWith("about:")) return;
    document.addEventListener("click", (event) => {
      const link = event.target.closest('a[href^="#/"]');
      if (link && !event.defaultPrevented) { event.preventDefault(); location.hash = link.getAttribute("href"); }
    });
  }

  #nav(view) {
    const group = { narrows: "narrows", findings: "findings", finding: "findings", changes: "changes", change: "changes", difference: "changes", effects: "effects" }[view] ?? "overview";
    const { estate } = this;
    const change = ["changes", estate.comparison ? address.difference() : "#/changes", `What changed (${estate.changes.length})`];
    const links = [...(estate.comparison ? [change, ["effects", "#/effects", `Its effects (${estate.effects.length.toLocaleString("en")})`]] : []), ["overview", "#/", "Lineage"], ["narrows", "#/narrows", "Narrowing"], ["findings", "#/findings", `Findings${estate.judged ? ` (${estate.findings.length.toLocaleString("en")})` : ""}`]];
    if (estate.changes.length && !estate.comparison) links.push(change);
    byId("views").replaceChildren(...links.map(([name, href, text]) => html("a", { href, "aria-current": name === group ? "page" : null }, text)));
  }

  #say(text) { byId("status").textContent = text; }

  // ------------------------------------------------------------------------------------------------- buttons and search

  #bar() {
    const theme = byId("theme"), root = document.documentElement, dark = matchMedia("(prefers-color-scheme: dark)");
    const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
    const showTheme = () => { theme.textContent = isDark() ? "Light" : "Dark"; };
    theme.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; showTheme(); });
    dark.addEventListener("change", showTheme);
    showTheme();
    byId("print").addEventListener("click", () => print());
    const name = () => `${this.estate.name}-lineage`;
    byId("save-svg").addEventListener("click", () => this.drawing && keepSvg(this.drawing.camera, name()));
    byId("save-png").addEventListener("click", () => this.drawing && keepPng(this.drawing.camera, name()));
    byId("zoom-in").addEventListener("click", () => this.drawing?.camera.zoom(1.3));
    byId("zoom-out").addEventListener("click", () => this.drawing?.camera.zoom(1 / 1.3));
    byId("zoom-fit").addEventListener("click", () => this.drawing?.camera.fit());
  }

  // A combobox after the ARIA Authoring Practices: arrow keys choose, Enter opens, Escape closes.
  #search() {
    const input = byId("search"), list = byId("hits");
    let chosen = -1;
    const close = () => { list.hidden = true; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
    const choose = (number) => {
      const options = list.querySelectorAll("[role=option]");
      if (!options.length) return;
      options[chosen]?.setAttribute("aria-selected", "false");
      chosen = (number + options.length) % options.length;
      options[chosen].setAttribute("aria-selected", "true");
      options[chosen].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", options[chosen].id);
    };
    const open = (hit) => { location.hash = address[hit.kind](this.estate, hit.number); input.value = ""; close(); };
    input.addEventListener("input", () => {
      const { hits, count } = this.estate.search(input.value, MOST_HITS);
      chosen = -1;
      const options = hits.map((hit, i) => html("li", { role: "option", id: `hit-${i}`, "aria-selected": "false", onmousedown: (event) => { event.preventDefault(); open(hit); } },
        html("span", { class: "kind" }, hit.kind), " ", html("strong", {}, hit.name), hit.title && !hit.name.endsWith(hit.title) ? html("span", { class: "muted" }, ` ${hit.title}`) : null));
      if (count > hits.length) options.push(html("li", { class: "muted", role: "presentation" }, `${hits.length} of ${count.toLocaleString("en")} shown: type more of the name`));
      if (!count && input.value.trim()) options.push(html("li", { class: "muted", role: "presentation" }, "Nothing has that name."));
      list.replaceChildren(...options);
      list.hidden = !options.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
      this.hits = hits;
      if (input.value.trim()) this.#say(`${counted(count, "thing")} found`);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); choose(chosen + (event.key === "ArrowDown" ? 1 : -1)); }
      if (event.key === "Enter" && this.hits?.length) open(this.hits[Math.max(0, chosen)]);
      if (event.key === "Escape") { input.value = ""; close(); input.blur(); }
    });
    input.addEventListener("blur", close);
  }

  // ------------------------------------------------------------------------------------------------------------- keys

  #keys() {
    byId("panel").addEventListener("click", (event) => { this.keep = event.detail === 0 ? event.target.closest("[data-walk]")?.dataset.walk : undefined; });
    byId("canvas").addEventListener("click", (event) => {
      const node = event.target.closest("[data-node]");
      if (event.detail === 0 && node) this.keep = Number(node.dataset.node);
    });
    addEventListener("keydown", (event) => {
      if (event.target.closest("input") || event.ctrlKey || event.metaKey || event.altKey) return;
      const node = event.target.closest("[data-node]");
      if (event.key === "/") { event.preventDefault(); byId("search").focus(); return; }
      if (event.key === "Escape" && !["", "#/"].includes(location.hash)) { location.hash = address.overview(); return; }
      if (!this.drawing || this.asTable) return;
      if (event.key === "+" || event.key === "=") this.drawing.camera.zoom(1.3);
      if (event.key === "-") this.drawing.camera.zoom(1 / 1.3);
      if (event.key === "0") this.drawing.camera.fit();
      if (node && event.key.startsWith("Arrow")) { event.preventDefault(); this.#follow(Number(node.dataset.node), event.key); }
    });
    byId("canvas").addEventListener("focusin", (event) => {
      const node = event.target.closest("[data-node]");
      if (node) this.drawing.reveal(Number(node.dataset.node));
    });
  }

  // To the right: what is fed; to the left: what feeds; up and down: the column.
  #follow(from, key) {
    const { after, before, column } = this.drawing.neighbours(from), at = column.indexOf(from);
    const to = { ArrowRight: after[0], ArrowLeft: before[0], ArrowUp: column[at - 1], ArrowDown: column[at + 1] }[key];
    if (to === undefined) { this.#say({ ArrowRight: "Nothing is fed from here.", ArrowLeft: "Nothing feeds this.", ArrowUp: "First of its column.", ArrowDown: "Last of its column." }[key]); return; }
    const node = this.drawing.node(to);
    if (!node) return;
    this.drawing.node(from)?.setAttribute("tabindex", -1);
    node.setAttribute("tabindex", 0);
    node.focus({ preventScroll: true });
    this.#say(this.drawing.describe(to));
  }

  // On paper all of the drawing is shown, at whatever size fits, and not what is in sight.
  #printed(begins) {
    this.isPrinting = begins;
    if (!this.drawing) return;
    const { camera } = this.drawing, { x, y, width, height } = camera.box;
    if (begins) {
      camera.svg.setAttribute("viewBox", `${x - 10} ${y - 10} ${width + 20} ${height + 20}`);
      camera.layer.removeAttribute("transform");
    } else {
      camera.svg.removeAttribute("viewBox");
      camera.apply();
    }
  }
}

function unescaped(part) {
  try { return decodeURIComponent(part); } catch { return part; }
}

unpack(byId("data").textContent).then((estate) => {
  byId("title").textContent = estate.title;
  new LineagePage(estate);
  document.documentElement.dataset.ready = String(Math.round(performance.now()));
}, () => {
  byId("verdict").textContent = "This page is damaged: its data cannot be read. Make it again with fieldline graph.";
});

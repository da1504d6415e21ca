// The same content as tables; the entries that each system narrows.

const MOST_TABLE = 150, MOST_CELLS = 40;

// A table with the number of rows shown, and a button for more.
function table(caption, heads, things, row, most = MOST_TABLE) {
  let shown = Math.min(most, things.length);
  const body = html("tbody", {}, things.slice(0, shown).map(row));
  const said = html("span", {}, "");
  const say = () => { said.textContent = `${shown.toLocaleString("en")} of ${things.length.toLocaleString("en")} shown`; };
  const more = html("button", { type: "button", class: "quiet", onclick: () => {
    body.append(...things.slice(shown, shown + most).map(row));
    shown = Math.min(things.length, shown + most);
    say();
    more.hidden = shown === things.length;
  } }, "Show more");
  more.hidden = shown === things.length;
  say();
  return [
    html("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption }, html("table", {}, html("caption", {}, caption), html("thead", {}, html("tr", {}, heads.map((head) => html("th", { scope: "col" }, head)))), body)),
    html("p", { class: "more" }, said, " ", more),
  ];
}

class Tables {
  constructor(estate, panel) {
    this.estate = estate;
    this.panel = panel;
  }

  systems() {
    const { estate } = this, living = estate.systemEdges.filter((edge) => edge.removed < edge.count);
    const after = groupBy(living, (edge) => [edge.source]), before = groupBy(living, (edge) => [edge.target]);
    const several = (systems) => html("td", {}, systems.slice(0, 6).flatMap((system, i) => [i ? ", " : "", this.panel.systemLink(system)]), systems.length > 6 ? ` and ${systems.length - 6} more` : "");
    const order = range(0, estate.size.systems).sort((a, b) => estate.systems.x[a] - estate.systems.x[b] || estate.systems.y[a] - estate.systems.y[b]);
    return table("All systems, from the entries to the last", ["System", "Domain", "Owner", "Fields", ...(estate.judged ? ["Obligations on its entries", "Obligations it puts on entries"] : []), "Fed by", "Feeds"], order, (system) => html("tr", {},
      html("th", { scope: "row" }, this.panel.systemLink(system), estate.isEntrySystem(system) ? html("span", { class: "muted" }, " entry") : null),
      html("td", {}, estate.text(estate.systems.domain[system])),
      html("td", {}, estate.text(estate.systems.owner[system]) || NOBODY),
      html("td", { class: "number" }, estate.fieldsOfSystem(system).length.toLocaleString("en")),
      estate.judged ? [this.#counts(estate.systems.meets[system]), this.#counts(estate.systems.makes[system])] : [],
      several(before.of(system).map((edge) => edge.source)), several(after.of(system).map((edge) => edge.target))));
  }

  #counts(counts) { return html("td", { class: `counts ${verdictClass(worst(counts))}` }, verdictWords(counts).join(" · ") || "none"); }

  lineage(focus) {
    const { estate, panel } = this;
    const obligations = (field) => {
      const bound = focus.bound.get(field) ?? new Map();
      return estate.sentences(field).flatMap((sentence, i) => [i ? "; " : "", bound.has(i) ? html("span", { class: "binding" }, `${bound.get(i).mark} ${sentence} (${bound.get(i).word})`) : sentence]);
    };
    return table("Every flow upstream and downstream of the focus", ["From", "Steps applied", "Into", "Constraints there", ...(focus.values.size ? ["The value there"] : []), "When, and by what", "Written at"], focus.allFlows, (flow) => {
      const target = estate.flows.to[flow], condition = estate.text(estate.flows.when[flow]), value = focus.values.get(target);
      return html("tr", {},
        html("th", { scope: "row" }, estate.sources[flow].flatMap((source, i) => [i ? " with " : "", panel.fieldLink(source)])),
        html("td", {}, estate.removed.flows.has(flow) ? "removed: " : "", estate.text(estate.flows.words[flow]) || "nothing", condition ? ` when ${condition}` : "", estate.inexact.has(flow) ? " (a step is not described)" : ""),
        html("td", {}, panel.fieldLink(target)),
        html("td", {}, obligations(target)),
        focus.values.size ? html("td", {}, value ? html("code", {}, estate.text(value.hop[1])) : "") : null,
        html("td", {}, estate.flowRemarks(flow).join("; ")),
        html("td", { class: "place" }, estate.place(estate.flows.file[flow], estate.flows.line[flow])));
    });
  }

  findings() {
    const { estate, panel } = this;
    return [html("h2", {}, "Findings"), html("p", { class: "lead" }, estate.judged ? `${counted(estate.findings.length, "finding")}, worst first. Each opens as a walk along its lineage.` : "Not checked: contracts and lineage alone. Nothing here is claimed to be safe."),
      ...(estate.findings.length ? table("Findings, worst first", ["Severity", "Rule", "Finding", "Where"], estate.findings, (finding) => html("tr", {},
        html("td", {}, html("span", { class: `severity ${estate.text(finding.severity)}` }, `${estate.text(finding.severity)}${finding.undecided ? ", not decided" : ""}`)),
        html("td", { class: "rule" }, estate.text(finding.rule)),
        html("th", { scope: "row" }, html("a", { href: address.finding(finding) }, estate.text(finding.message))),
        html("td", {}, finding.fields.slice(0, 3).flatMap((field, i) => [i ? ", " : "", panel.fieldLink(field)])))) : [])];
  }

  effects() {
    const { estate, panel } = this;
    return [html("h2", {}, "Its effects"), html("p", { class: "lead" }, `${estate.comparison.verdict} One cause under one rule is one line.`),
      ...(estate.effects.length ? table("Effects of the change, worst first", ["Severity", "Rule", "Effect", "Concerns", "Cause"], estate.effects, (effect) => html("tr", {},
        html("td", {}, panel.severity(effect)),
        html("td", { class: "rule" }, estate.text(effect.rule)),
        html("th", { scope: "row" }, html("a", { href: address.finding(effect) }, estate.text(effect.message))),
        html("td", {}, estate.text(effect.extent) || effect.fields.slice(0, 3).flatMap((field, i) => [i ? ", " : "", panel.fieldLink(field)])),
        html("td", {}, html("code", {}, estate.text(effect.cause))))) : [html("p", { class: "note" }, "Nothing follows from it.")])];
  }

  narrows() {
    const { estate } = this;
    if (!estate.judged) return [html("h2", {}, "Narrowing"), html("p", { class: "note" }, "Not checked: contracts and lineage alone. Which obligations bind is not computed.")];
    return [html("h2", {}, "Narrowing"),
      html("p", { class: "lead" }, "Down: the entries. Across: the systems whose binding obligations narrow them. An obligation is binding when the requirement would be wider without it; obligations on several fields together are counted too."),
      ...this.#matrix(), html("h2", {}, "Bottlenecks"), html("p", { class: "lead" }, "The constraints that narrow most entry fields. Loosen one, or put it into the entries, to gain most."), ...this.#bottlenecks()];
  }

  #matrix() {
    const { estate } = this;
    const total = (key) => {
      const sums = new Map();
      for (const cell of estate.narrowings) sums.set(cell[key], (sums.get(cell[key]) ?? 0) + cell[3] * 1_000 + cell[2] + cell[4]);
      return [...sums].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([number]) => number);
    };
    const entries = total(0), systems = total(1);
    const cells = new Map(estate.narrowings.map((cell) => [`${cell[0]} ${cell[1]}`, cell.slice(2)]));
    const shownSystems = systems.slice(0, MOST_CELLS), shownEntries = entries.slice(0, MOST_CELLS);
    const cell = (entry, system) => {
      const counts = cells.get(`${entry} ${system}`);
      return counts ? html("td", { class: `cell ${verdictClass(worst(counts))}` }, WORST_FIRST.filter((verdict) => counts[verdict]).map((verdict) => html("span", { class: VERDICT[verdict].name }, `${VERDICT[verdict].mark} ${counts[verdict]} ${VERDICT[verdict].word}`))) : html("td", { class: "cell none" }, html("span", { class: "unseen" }, "none"));
    };
    return [
      html("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Entries and the systems that narrow them" }, html("table", { class: "matrix" },
        html("caption", {}, "Binding obligations, by entry and system"),
        html("thead", {}, html("tr", {}, html("th", { scope: "col" }, "Entry"), shownSystems.map((system) => html("th", { scope: "col" }, this.panel.systemLink(system))))),
        html("tbody", {}, shownEntries.map((entry) => html("tr", {}, html("th", { scope: "row" }, html("a", { href: address.entity(estate, entry) }, estate.entityName(entry))), shownSystems.map((system) => cell(entry, system))))))),
      html("p", { class: "more" }, `${shownEntries.length} of ${counted(entries.length, "entry", "entries")}, ${shownSystems.length} of ${counted(systems.length, "system")} shown`),
    ];
  }

  #bottlenecks() {
    const { estate, panel } = this;
    return table("Bottlenecks: constraints by the number of entry fields they narrow", ["Constraint", "Of", "Owner", "Narrows", "Not met by"], estate.bottlenecks, ([field, , sentence, place, narrowed, unmet]) => html("tr", {},
      html("th", { scope: "row" }, estate.text(sentence), html("span", { class: "place" }, ` ${estate.text(place)}`)),
      html("td", {}, panel.fieldLink(field)),
      html("td", {}, estate.text(estate.fields.owner[field]) || NOBODY),
      html("td", { class: "number" }, counted(narrowed.length, "entry field")),
      html("td", {}, unmet.length ? unmet.slice(0, 4).flatMap((name, i) => [i ? ", " : "", panel.fieldLink(name)]) : "met by all", unmet.length > 4 ? ` and ${unmet.length - 4} more` : "")), 40);
  }

  changes() {
    const { estate, panel } = this, order = ["removed", "tightened", "altered", "added", "loosened"];
    const sorted = [...estate.changes].sort((a, b) => order.indexOf(estate.text(a.kind)) - order.indexOf(estate.text(b.kind)));
    return [html("h2", {}, "What changed"), html("p", { class: "lead" }, order.map((kind) => [kind, estate.changes.filter((change) => estate.text(change.kind) === kind).length]).filter(([, count]) => count).map(([kind, count]) => `${count} ${kind}`).join(", ")),
      ...table("What changed", ["Change", "What", "Before", "After", "Entry fields it reaches"], sorted, (change) => html("tr", {},
        html("td", {}, html("span", { class: `change ${estate.text(change.kind)}` }, `△ ${estate.text(change.kind)}`)),
        html("th", { scope: "row" }, html("a", { href: `#/change/${estate.changes.indexOf(change)}` }, estate.text(change.what)), change.field < 0 ? null : [" ", panel.fieldLink(change.field)]),
        html("td", {}, estate.text(change.before) || "was not there"), html("td", {}, estate.text(change.after) || "is gone"),
        html("td", {}, change.reaches.slice(0, 5).flatMap((field, i) => [i ? ", " : "", panel.fieldLink(field)]), change.reaches.length > 5 ? ` and ${change.reaches.length - 5} more` : "", change.reaches.length ? "" : "none")))];
  }
}

// The panel beside a drawing: owners, contracts, obligations, the witness hop by hop.

// Every text goes in as a text: nothing of an estate is ever read as markup. A longer one than anybody reads is cut.
function html(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== "").map(brief));
  return element;
}

// A full name that may be broken after its dots and lines.
function breakable(name) {
  return name.split(/(?<=[._-])/).flatMap((part, i) => (i ? [html("wbr"), part] : [part]));
}

function badge(verdict) {
  return html("span", { class: `badge ${VERDICT[verdict].name}` }, `${VERDICT[verdict].mark} ${VERDICT[verdict].word}`);
}

function facts(...pairs) {
  const filled = pairs.filter(([, value]) => value);
  return html("dl", { class: "facts" }, filled.map(([name, value]) => html("div", {}, html("dt", {}, name), html("dd", {}, value))));
}

// A list of which at first only so many are shown; a button shows more. Says "n of m".
function listing(things, most, make, attributes = {}) {
  const list = html("ul", attributes, things.slice(0, most).map(make));
  if (things.length <= most) return [list];
  let shown = most;
  const said = html("span", {}, `${shown.toLocaleString("en")} of ${things.length.toLocaleString("en")} shown`);
  const more = html("button", { type: "button", class: "quiet", onclick: () => {
    list.append(...things.slice(shown, shown + 50).map(make));
    shown = Math.min(things.length, shown + 50);
    said.textContent = `${shown.toLocaleString("en")} of ${things.length.toLocaleString("en")} shown`;
    more.hidden = shown === things.length;
  } }, "Show more");
  return [list, html("p", { class: "more" }, said, " ", more)];
}

class Panel {
  constructor(estate) { this.estate = estate; }

  fieldLink(field, text = this.estate.fieldName(field)) { return html("a", { href: address.field(this.estate, field), class: "name" }, breakable(text)); }
  systemLink(system) { return html("a", { href: address.system(this.estate, system) }, this.estate.systemTitle(system)); }

  // ------------------------------------------------------------------------------------------------------- the estate

  overview() {
    const { estate } = this;
    const entries = range(0, estate.size.entities).filter((entity) => estate.isEntry(entity));
    return [
      html("h2", {}, "Start here"),
      html("p", { class: "lead" }, `${counted(estate.size.systems, "system")}, ${counted(estate.size.fields, "field")}, ${counted(estate.size.flows, "flow")}. Values originate on the left and travel to the right. Pick a system, or an entry:`),
      ...listing(entries, 12, (entity) => this.#entryItem(entity), { class: "entries" }),
      ...(estate.findings.length ? [html("h3", {}, "Worst first"), ...listing(estate.findings, 5, (finding) => this.findingItem(finding), { class: "findings" })] : []),
      this.#loose(),
      html("h3", {}, "How to read it"),
      html("ul", { class: "legend" },
        estate.judged ? WORST_FIRST.map((verdict) => html("li", {}, badge(verdict), " ", ["the entry ensures the obligation", "the entry accepts a value that fails downstream, and here is one", "not decided, so not safe"][verdict])) : html("li", {}, "Not checked: contracts and lineage alone. Nothing here is claimed to be safe."),
        html("li", {}, html("span", { class: "binding" }, "◆ binding"), " an obligation that narrows the entry; ", html("span", { class: "binding" }, "◇"), " one that does so for several fields together, or perhaps"),
        html("li", {}, html("span", { class: "leads-back" }, "⇠ broken line"), " leads back to an earlier system: values go round", estate.removed.flows.size ? [", and ", html("span", { class: "is-removed" }, "dotted"), " is removed"] : null),
        html("li", {}, html("kbd", {}, "←"), " ", html("kbd", {}, "→"), " follow the lineage, ", html("kbd", {}, "↑"), " ", html("kbd", {}, "↓"), " stay in the column, ", html("kbd", {}, "Enter"), " opens, ", html("kbd", {}, "Esc"), " goes back")),
    ];
  }

  #entryItem(entity) {
    const { estate } = this, counts = [0, 0, 0];
    for (const obligation of new Set(estate.fieldsOf(entity).flatMap((field) => estate.obligationsOn.of(field)))) counts[obligation.verdict]++;
    return html("li", {}, html("a", { href: address.entity(estate, entity) }, `${estate.systemTitle(estate.entities.system[entity])}: ${estate.entityTitle(entity)}`), " ", html("span", { class: `counts ${verdictClass(worst(counts))}` }, verdictWords(counts).join(" · ")));
  }

  // Fields without an owner, unreached fields, cycles.
  #loose() {
    const { estate } = this;
    const unowned = range(0, estate.size.systems).filter((system) => estate.systems.unowned[system]);
    const part = (title, things, most, make) => (things.length ? [html("details", {}, html("summary", {}, `${title}: ${things.length.toLocaleString("en")}`), ...listing(things, most, make))] : []);
    const parts = [
      ...part("Systems with fields that have no owner", unowned, 20, (system) => html("li", {}, this.systemLink(system))),
      ...part("Fields that no entry's value reaches", estate.unreached, 20, (field) => html("li", {}, this.fieldLink(field))),
      ...part("Cycles of fields", estate.cycles, 20, (cycle) => html("li", {}, cycle.slice(0, 6).flatMap((field, i) => [i ? " → " : "", this.fieldLink(field)]), cycle.length > 6 ? ` and ${cycle.length - 6} more` : "")),
      ...(estate.dangling ? [html("p", { class: "note" }, `${counted(estate.dangling, "end of a flow leads", "ends of flows lead")} to a field that no contract has. These flows are not drawn.`)] : []),
    ];
    return html("div", { class: "loose" }, parts.length ? html("h3", {}, "Loose ends") : null, parts);
  }

  system(system) {
    const { estate } = this, { systems } = estate;
    const counts = estate.isEntrySystem(system) ? systems.meets[system] : systems.makes[system];
    return [
      html("p", { class: "kicker" }, estate.text(systems.domain[system]) || "System"),
      html("h2", {}, estate.systemTitle(system)),
      html("p", { class: "full" }, estate.systemName(system)),
      facts(["Owner", estate.text(systems.owner[system]) || NOBODY], ["Repairs", estate.text(systems.repair[system])], ["Contract", estate.text(systems.file[system])],
        ["Verdicts", estate.judged ? verdictWords(counts).join(" · ") || "no obligations" : "not checked"]),
      ...estate.entitiesOf(system).flatMap((entity) => [
        html("h3", {}, html("a", { href: address.entity(estate, entity) }, estate.entityTitle(entity)), " ", html("span", { class: "muted" }, estate.text(estate.entities.kind[entity]))),
        ...listing(estate.fieldsOf(entity), 12, (field) => this.#fieldItem(field), { class: "fields" }),
      ]),
    ];
  }

  #fieldItem(field) {
    const counts = [0, 0, 0];
    for (const obligation of this.estate.obligationsOn.of(field)) counts[obligation.verdict]++;
    const verdict = worst(counts);
    return html("li", {}, this.fieldLink(field, this.estate.fieldOwnName(field)), verdict === undefined ? null : [" ", badge(verdict)], html("span", { class: "sentence" }, this.estate.sentences(field).join("; ")));
  }

  // ------------------------------------------------------------------------------------------------- an entry, a field

  entity(entity) {
    const { estate } = this, fields = estate.fieldsOf(entity), system = estate.entities.system[entity];
    const joint = [...new Set(fields.flatMap((field) => estate.obligationsOn.of(field)))].filter((obligation) => obligation.fields.length > 1);
    return [
      html("p", { class: "kicker" }, `${estate.text(estate.entities.kind[entity])} of `, this.systemLink(system)),
      html("h2", {}, estate.entityTitle(entity)),
      html("p", { class: "full" }, estate.entityName(entity)),
      facts(["Owner", estate.text(estate.systems.owner[system]) || NOBODY], ["Repairs", estate.text(estate.systems.repair[system])]),
      html("h3", {}, "Fields"),
      ...listing(fields, 30, (field) => this.#fieldItem(field), { class: "fields" }),
      ...(joint.length ? [html("h3", {}, "Obligations on several fields together"), this.#obligations(joint)] : []),
    ];
  }

  field(field) {
    const { estate } = this, entity = estate.fields.entity[field], system = estate.entities.system[entity];
    const violation = { truncate: "it is cut to length", replace: "what its encoding lacks becomes ?", accept: "it is accepted nevertheless", reject: "it is rejected" };
    return [
      html("p", { class: "kicker" }, this.systemLink(system), " › ", html("a", { href: address.entity(estate, entity) }, estate.entityTitle(entity))),
      html("h2", {}, estate.fieldTitle(field)),
      html("p", { class: "full" }, estate.fieldName(field)),
      ...this.#judgement(field, entity),
      ...this.#arrivals(field),
      html("h3", {}, "Its own contract"),
      html("ul", { class: "contract" }, this.#contract(field)),
      facts(["A value outside it", violation[estate.text(estate.fields.violation[field])]], ["Written at", estate.place(estate.systems.file[system], estate.fields.line[field])],
        ["Owner", estate.text(estate.fields.owner[field]) || NOBODY], ["Repairs", estate.text(estate.fields.repair[field])]),
      ...this.#ladders(field, entity),
      ...this.#findings(field),
    ];
  }

  // How far its bounds can be tightened before an entry notices; where that is not in the page, the command that tells.
  #ladders(field, entity) {
    const { estate } = this, ladders = estate.laddersOf.of(field);
    if (estate.isEntry(entity) || !estate.into.of(field).length || !estate.judged) return [];
    const title = html("h3", {}, "How far it can be tightened");
    if (!ladders.length) return [title, html("p", { class: "why" }, html("code", {}, `fieldline screen ${estate.fieldName(field)}`), " tells.")];
    return [title, ...ladders.flatMap((ladder) => [html("p", { class: "why" }, estate.text(ladder.title)),
      html("ul", { class: "ladder" }, ladder.rungs.map(([bounds, effect]) => html("li", {}, html("strong", {}, estate.text(bounds)), " ", estate.text(effect))))])];
  }

  // The flows that bring its values: from where, through which steps, when, by what.
  #arrivals(field) {
    const { estate } = this, flows = [...estate.into.of(field)];
    if (!flows.length) return [];
    return [html("h3", {}, "Filled from"), ...listing(flows, 8, (flow) => {
      const condition = estate.text(estate.flows.when[flow]);
      const said = [estate.removed.flows.has(flow) && "removed", estate.text(estate.flows.words[flow]), condition && `when ${condition}`, ...estate.flowRemarks(flow)].filter(Boolean);
      return html("li", {}, estate.sources[flow].flatMap((source, i) => [i ? " with " : "", this.fieldLink(source)]), said.length ? html("span", { class: "sentence" }, said.join("; ")) : null);
    }, { class: "fields" })];
  }

  #contract(field) {
    const bound = groupBy(this.estate.obligationsAt.of(field).filter((obligation) => obligation.binds !== 0), (obligation) => [obligation.at[1]]);
    return this.estate.sentences(field).map((sentence, i) => {
      const narrowed = new Set(bound.of(i).flatMap((obligation) => obligation.fields)).size;
      return html("li", {}, sentence, narrowed ? [" ", html("span", { class: "binding" }, `◆ narrows ${counted(narrowed, "entry field")}`)] : null);
    });
  }

  #judgement(field, entity) {
    const { estate } = this;
    if (!estate.judged) return [html("p", { class: "note" }, "Not checked: contracts and lineage alone.")];
    if (estate.isEntry(entity)) {
      const relation = { equal: "It accepts exactly the values that all downstream systems accept.", wider: "It accepts values that a downstream system rejects or alters.", tighter: "It rejects values that every downstream system accepts.", both: "It accepts values that a downstream system rejects or alters, and rejects values that all accept.", unknown: "How it compares with the systems downstream is not decided, so it is not safe.", free: "No system is downstream." };
      const obligations = estate.obligationsOn.of(field);
      return [
        html("p", { class: "lead" }, relation[estate.text(estate.relations.get(field) ?? -1)] ?? ""),
        ...(obligations.length ? [html("h3", {}, "Obligations on it"), this.#obligations(obligations)] : []),
      ];
    }
    const obligations = estate.obligationsAt.of(field);
    if (!obligations.length) return [];
    return [html("h3", {}, "Its obligations on entries"), this.#obligations(obligations, true)];
  }

  // Binding and unmet obligations are shown, the rest can be opened.
  #obligations(obligations, fromDownstream = false) {
    const shown = obligations.filter((obligation) => obligation.binds !== 0 || obligation.verdict !== PROVED);
    const rest = obligations.filter((obligation) => !shown.includes(obligation));
    shown.sort((a, b) => (a.verdict === PROVED) - (b.verdict === PROVED) || (b.binds === 1) - (a.binds === 1));
    return html("div", {}, ...listing(shown, 8, (obligation) => this.#obligation(obligation, fromDownstream), { class: "obligations" }),
      rest.length ? html("details", {}, html("summary", {}, `${counted(rest.length, "more obligation")}, met, which ${rest.length === 1 ? "follows" : "follow"} from the others`), ...listing(rest, 20, (obligation) => this.#obligation(obligation, fromDownstream), { class: "obligations" })) : null);
  }

  #obligation(obligation, fromDownstream) {
    const { estate } = this, [at, , sentence, place] = obligation.at;
    const finding = estate.findings.find((candidate) => candidate.at && candidate.at[0] === at && candidate.at[2] === sentence && candidate.fields.join() === obligation.fields.join());
    const walk = obligation.hops.length ? html("a", { class: "walk", href: finding ? address.finding(finding) : `#/walk/${estate.obligations.indexOf(obligation)}` }, "Walk it") : null;
    const how = [
      obligation.steps.length ? `after ${obligation.steps.map((step) => estate.text(step)).join(", then ")}` : "",
      obligation.when.length ? `where ${obligation.when.map((condition) => estate.text(condition)).join(" and ")}` : "",
      obligation.lag >= 0 ? `about ${estate.text(obligation.lag)} later` : "",
    ].filter(Boolean).join("; ");
    return html("li", { class: VERDICT[obligation.verdict].name },
      html("p", { class: "obligation" }, badge(obligation.verdict), " ", obligation.binds === 0 ? null : html("span", { class: "binding" }, `${bindingMark(obligation).mark} ${bindingMark(obligation).word}`), html("strong", {}, estate.text(sentence))),
      fromDownstream || obligation.fields.length > 1 ? html("p", { class: "why" }, "of ", obligation.fields.flatMap((field, i) => [i ? " with " : "", this.fieldLink(field)])) : null,
      fromDownstream ? null : html("p", { class: "why" }, this.fieldLink(at), obligation.alters ? " alters the rest" : " rejects the rest"),
      how ? html("p", { class: "why" }, how) : null,
      obligation.witness >= 0 ? html("p", { class: "why" }, "today it accepts ", html("code", {}, estate.text(obligation.witness)), " ", walk) : null,
      obligation.reason >= 0 ? html("p", { class: "why" }, estate.text(obligation.reason)) : null,
      html("p", { class: "place" }, estate.text(place)));
  }

  #findings(field) {
    const findings = this.estate.findingsOf.of(field);
    return findings.length ? [html("h3", {}, "Findings"), ...listing(findings, 5, (finding) => this.findingItem(finding), { class: "findings" })] : [];
  }

  findingItem(finding) {
    const { estate } = this;
    return html("li", {}, this.severity(finding), " ", html("span", { class: "rule" }, estate.text(finding.rule)), html("br"),
      html("a", { href: address.finding(finding) }, estate.text(finding.message)), finding.extent >= 0 ? html("p", { class: "why" }, estate.text(finding.extent)) : null);
  }

  severity(finding) {
    const { estate } = this, state = estate.text(finding.state ?? -1);
    const words = [estate.text(finding.severity), finding.undecided && "not decided", state !== "open" && state].filter(Boolean);
    return html("span", { class: `severity ${finding.proved ? "resolved" : estate.text(finding.severity)}` }, words.join(", "));
  }

  // ------------------------------------------------------------------------------------------------------- the witness

  // All of a change: its versions, what follows from it, and what it consists of.
  difference() {
    const { estate } = this, { comparison } = estate, day = estate.text(comparison.day);
    return [
      html("p", { class: "kicker" }, html("code", {}, estate.text(comparison.before)), " → ", html("code", {}, estate.text(comparison.after)), day ? `, ${day}` : ""),
      html("h2", {}, "What changed"),
      html("p", { class: "lead" }, comparison.verdict),
      html("h3", {}, "What follows from it"),
      ...(estate.effects.length ? listing(estate.effects, 8, (effect) => this.findingItem(effect), { class: "findings" }) : [html("p", { class: "note" }, "Nothing.")]),
      html("h3", {}, counted(estate.changes.length, "change")),
      ...listing(estate.changes, 20, (change) => this.#changeItem(change), { class: "fields" }),
      html("p", {}, html("a", { href: "#/changes" }, "As a table")),
    ];
  }

  #changeItem(change) {
    const { estate } = this, kind = estate.text(change.kind), before = estate.text(change.before), after = estate.text(change.after);
    const said = before && after ? `${before} → ${after}` : before ? `was: ${before}` : after;
    return html("li", {}, html("span", { class: `change ${kind}` }, `△ ${kind}`), " ",
      html("a", { href: `#/change/${estate.changes.indexOf(change)}` }, change.field >= 0 ? estate.fieldName(change.field) : estate.text(change.what)), html("span", { class: "sentence" }, said));
  }

  // One change, and the entry fields it affects.
  change(change) {
    const { estate } = this, kind = estate.text(change.kind);
    const systems = new Set(change.reaches.map((field) => estate.systemOf(field)));
    return [
      html("p", { class: "kicker" }, html("a", { href: estate.comparison ? address.difference() : "#/changes" }, "What changed")),
      html("h2", {}, html("span", { class: `change ${kind}` }, `△ ${kind}`), ` ${estate.text(change.what)}`),
      change.field >= 0 ? html("p", { class: "full" }, this.fieldLink(change.field)) : null,
      facts(["Before", estate.text(change.before) || "was not there"], ["After", estate.text(change.after) || "is gone"]),
      html("h3", {}, `Reaches ${counted(change.reaches.length, "entry field")} of ${counted(systems.size, "system")}`),
      ...listing(change.reaches, 20, (field) => html("li", {}, this.fieldLink(field))),
    ].filter(Boolean);
  }

  // A value on its way: one hop after the other, to where it fails.
  walk({ heading, message, hops, step, at, hrefOf }) {
    const { estate } = this;
    const move = (to, text) => (to < 0 || to >= hops.length
      ? html("span", { class: "button off" }, text)
      : html("a", { class: "button", href: hrefOf(to), "data-walk": to > step ? "next" : "back" }, text));
    const items = hops.map(([field, value, transform, lag], i) => html("li", { class: i < step ? "passed" : i === step ? "here" : "ahead", "aria-current": i === step ? "step" : null },
      transform >= 0 || lag >= 0 ? html("p", { class: "why" }, [estate.text(transform), lag >= 0 ? `${estate.text(lag)} later` : ""].filter(Boolean).join("; ")) : null,
      html("p", {}, html("code", { class: "value" }, estate.text(value))),
      html("p", { class: "why" }, this.fieldLink(field))));
    return [
      html("p", { class: "kicker" }, heading),
      html("h2", { class: "message" }, message),
      hops.length > 1 ? html("p", { class: "steps" }, move(step - 1, "‹ Back"), html("span", {}, `Stop ${step + 1} of ${hops.length}`), move(step + 1, "Next ›")) : null,
      html("ol", { class: "journey" }, items),
      at ? html("div", { class: "end" }, html("p", {}, html("span", { class: "binding" }, "◆ "), html("strong", {}, estate.text(at[2]))), html("p", { class: "why" }, this.fieldLink(at[0])), html("p", { class: "place" }, estate.text(at[3])),
        facts(["Owner", estate.text(estate.fields.owner[at[0]]) || NOBODY], ["Repairs", estate.text(estate.fields.repair[at[0]])])) : null,
    ].filter(Boolean);
  }
}

"use strict";
// The data unpacked: neighbours, closures, search. Things are known by their number; payload.py defines the columns.

const PROVED = 0, REFUTED = 1, UNKNOWN = 2;
const NOBODY = "no owner is named";

async function unpack(base64) {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Estate(JSON.parse(await new Response(stream).text()));
}

class Estate {
  constructor(data) {
    Object.assign(this, data);
    this.size = { systems: data.systems.name.length, entities: data.entities.name.length, fields: data.fields.name.length, flows: data.flows.to.length };
    this.sources = data.flows.from.map((from) => (typeof from === "number" ? [from] : from));
    this.inexact = new Set(data.flows.inexact);
    this.relations = new Map(data.fields.relations);
    this.into = adjacency(this.size.fields, data.flows.to.map((to) => [to]));
    this.outOf = adjacency(this.size.fields, this.sources);
    // The fields of an entity follow one another, and so do the entities of a system.
    this.firstField = firsts(data.fields.entity, this.size.entities);
    this.firstEntity = firsts(data.entities.system, this.size.systems);
    this.systemBy = new Map(data.systems.name.map((name, number) => [this.text(name), number]));
    this.obligationsOn = groupBy(data.obligations, (obligation) => obligation.fields);
    this.obligationsAt = groupBy(data.obligations, (obligation) => [obligation.at[0]]);
    this.effects = data.comparison?.effects ?? [];
    this.laddersOf = groupBy(data.ladders, (ladder) => [ladder.field]);
    this.findingsOf = groupBy([...this.effects, ...data.findings], (finding) => (finding.at ? [...new Set([...finding.fields, finding.at[0]])] : finding.fields));
    this.removed = Object.fromEntries(Object.entries(data.removed).map(([what, numbers]) => [what, new Set(numbers)]));
    this.changesAt = groupBy(data.changes.filter((change) => change.field >= 0), (change) => [change.field]);
    this.changedSystems = groupBy(data.changes.filter((change) => change.field >= 0), (change) => [this.systemOf(change.field)]);
    this.findingBy = new Map([...this.effects, ...data.findings].map((finding) => [finding.fingerprint, finding]));
  }

  text(number) { return number < 0 ? "" : this.texts[number]; }
  systemName(system) { return this.text(this.systems.name[system]); }
  systemTitle(system) { return this.text(this.systems.title[system]) || this.systemName(system); }
  systemOf(field) { return this.entities.system[this.fields.entity[field]]; }
  entityName(entity) { return `${this.systemName(this.entities.system[entity])}.${this.text(this.entities.name[entity])}`; }
  entityTitle(entity) { return this.text(this.entities.title[entity]) || this.text(this.entities.name[entity]); }
  isEntry(entity) { return this.text(this.entities.kind[entity]) === "entry"; }
  isEntrySystem(system) { return this.entitiesOf(system).some((entity) => this.isEntry(entity)); }
  fieldOwnName(field) { return this.text(this.fields.name[field]); }
  fieldName(field) { return `${this.entityName(this.fields.entity[field])}.${this.fieldOwnName(field)}`; }
  fieldTitle(field) { return this.text(this.fields.title[field]) || this.fieldOwnName(field); }
  sentences(field) { return this.fields.contracts[this.fields.contract[field]].map((number) => this.text(number)); }
  entitiesOf(system) { return range(this.firstEntity[system], this.firstEntity[system + 1]); }
  fieldsOf(entity) { return range(this.firstField[entity], this.firstField[entity + 1]); }
  fieldsOfSystem(system) { return this.entitiesOf(system).flatMap((entity) => this.fieldsOf(entity)); }
  place(file, line) { return `${this.text(file)}:${line}`; }

  system(name) { return this.systemBy.get(name); }
  entity(name) {
    const [systemName, own] = name.split(".");
    const system = this.system(systemName);
    return system === undefined ? undefined : this.entitiesOf(system).find((entity) => this.text(this.entities.name[entity]) === own);
  }
  field(name) {
    const parts = name.split(".");
    const entity = this.entity(parts.slice(0, 2).join("."));
    return entity === undefined ? undefined : this.fieldsOf(entity).find((field) => this.fieldOwnName(field) === parts[2]);
  }

  // Every field that feeds one of these or is fed by one, with its distance (before: negative), and the flows between them.
  closure(fields) {
    const distance = new Map(fields.map((field) => [field, 0]));
    const flows = new Set();
    const walk = (sign, flowsAt, ends) => {
      const seen = new Map(fields.map((field) => [field, 0]));
      const todo = [...fields];
      for (let i = 0; i < todo.length; i++) {
        for (const flow of flowsAt.of(todo[i])) {
          flows.add(flow);
          for (const end of ends(flow)) {
            if (seen.has(end)) continue;
            seen.set(end, seen.get(todo[i]) + 1);
            if (!distance.has(end)) distance.set(end, sign * seen.get(end));
            todo.push(end);
          }
        }
      }
    };
    walk(1, this.outOf, (flow) => [this.flows.to[flow]]);
    walk(-1, this.into, (flow) => this.sources[flow]);
    return { distance, flows };
  }

  // Whether a change took the flow away, or one of its ends.
  isRemoved(flow) {
    const { fields, flows } = this.removed;
    return flows.has(flow) || fields.has(this.flows.to[flow]) || this.sources[flow].some((source) => fields.has(source));
  }

  // The time a flow takes, its carrier and its note.
  flowRemarks(flow) {
    const lag = this.text(this.flows.lag[flow]), by = this.text(this.flows.by[flow]), note = this.text(this.flows.note[flow]);
    return [lag && `about ${lag} later`, by && `by ${by}`, note && `note: ${note}`].filter(Boolean);
  }

  // How many flows lead from a system to another, and how many of them are removed; most first.
  get systemEdges() {
    const counts = new Map(), removed = new Map();
    this.sources.forEach((sources, flow) => {
      const target = this.systemOf(this.flows.to[flow]);
      for (const source of new Set(sources.map((field) => this.systemOf(field)))) {
        if (source !== target) {
          const key = source * this.size.systems + target;
          counts.set(key, (counts.get(key) ?? 0) + 1);
          if (this.isRemoved(flow)) removed.set(key, (removed.get(key) ?? 0) + 1);
        }
      }
    });
    const edges = [...counts].map(([key, count]) => ({ source: Math.floor(key / this.size.systems), target: key % this.size.systems, count, removed: removed.get(key) ?? 0 }));
    edges.sort((a, b) => b.count - a.count || a.source - b.source || a.target - b.target);
    Object.defineProperty(this, "systemEdges", { value: edges });
    return edges;
  }

  // The matches of some words: names that begin with them first, then names that contain them.
  search(words, most) {
    const sought = words.toLowerCase().split(/\s+/).filter(Boolean);
    if (!sought.length) return { hits: [], count: 0 };
    const hits = this.searchable.filter((thing) => sought.every((word) => thing.words.includes(word)));
    const rank = (thing) => (thing.own === sought[0] ? 0 : thing.own.startsWith(sought[0]) ? 1 : thing.own.includes(sought[0]) ? 2 : 3);
    const ranked = hits.map((thing) => [rank(thing), thing]).sort((a, b) => a[0] - b[0]);
    return { hits: ranked.slice(0, most).map(([, thing]) => thing), count: hits.length };
  }

  get searchable() {
    const thing = (kind, number, name, title) => ({
      kind, number, name, title, own: name.slice(name.lastIndexOf(".") + 1).toLowerCase(), words: `${name} ${title}`.toLowerCase(),
    });
    const things = [
      ...range(0, this.size.systems).map((number) => thing("system", number, this.systemName(number), this.systemTitle(number))),
      ...range(0, this.size.entities).map((number) => thing(this.isEntry(number) ? "entry" : "entity", number, this.entityName(number), this.entityTitle(number))),
      ...range(0, this.size.fields).map((number) => thing("field", number, this.fieldName(number), this.fieldTitle(number))),
    ];
    Object.defineProperty(this, "searchable", { value: things });
    return things;
  }
}

// Per field the flows that touch it, in two plain arrays.
function adjacency(size, endsOfFlows) {
  const start = new Int32Array(size + 1);
  for (const ends of endsOfFlows) for (const end of new Set(ends)) start[end + 1]++;
  for (let i = 0; i < size; i++) start[i + 1] += start[i];
  const next = start.slice();
  const flows = new Int32Array(start[size]);
  endsOfFlows.forEach((ends, flow) => { for (const end of new Set(ends)) flows[next[end]++] = flow; });
  return { of: (field) => flows.subarray(start[field], start[field + 1]) };
}

function firsts(owners, size) {
  const first = new Array(size + 1).fill(0);
  for (const owner of owners) first[owner + 1]++;
  for (let i = 0; i < size; i++) first[i + 1] += first[i];
  return first;
}

function groupBy(things, keysOf) {
  const groups = new Map();
  for (const thing of things) {
    for (const key of keysOf(thing)) {
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(thing);
    }
  }
  return { of: (key) => groups.get(key) ?? [] };
}

function range(from, to) { return Array.from({ length: to - from }, (_, i) => from + i); }

function counted(number, noun, plural = `${noun}s`) { return `${number.toLocaleString("en")} ${number === 1 ? noun : plural}`; }

// ------------------------------------------------------------------------------------------------------------- addresses

const address = {
  overview: () => "#/",
  difference: () => "#/difference",
  system: (estate, number) => `#/system/${encodeURIComponent(estate.systemName(number))}`,
  entity: (estate, number) => `#/entity/${encodeURIComponent(estate.entityName(number))}`,
  entry: (estate, number) => `#/entity/${encodeURIComponent(estate.entityName(number))}`,
  field: (estate, number) => `#/field/${encodeURIComponent(estate.fieldName(number))}`,
  finding: (finding, step = 0) => `#/finding/${encodeURIComponent(finding.fingerprint)}${step ? `/${step}` : ""}`,
};

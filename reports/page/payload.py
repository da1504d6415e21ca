"""An overview as the data of the lineage page: columns of numbers, every text once.

Systems, entities, fields, flows and obligations are identified by their number: their place in their column. A text is a
number too, its place among the texts; -1 means none. Only model.js reads it: it has no version, because a page carries its
own script. Every text is escaped: invisible characters, and those that turn the direction of writing, are shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...checker.messages import brief
from ...checker.verdict.fingerprint import fingerprints
from ...documents.duration import duration
from ...documents.local_text import worded
from ...values.show import escape, show
from ..headline import overview_headline
from ..ladder import ladder_title, rungs_words
from ..phrases import cell, owner_words, repair_words
from .layout import CHIP_HEIGHT, CHIP_WIDTH, layered, plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import timedelta

    from ...checker.diff.ladder import Ladder
    from ...checker.finding import Binding, FieldValues, Finding, Hop
    from ...checker.verdict.overview import EntryObligation, Overview, Verdicts
    from ...contracts.model import Entity, Field
    from ...documents.names import FieldName
    from .changes import ShownChange, ShownComparison
    from .layout import Plan

_LONGEST = 400
"""Characters of one text; titles and patterns have no maximum length."""
_VERDICTS = ("proved", "refuted", "unknown")


class _Texts:
    """Every text once, by its number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, text: str | None) -> int:
        """The number of a text, cut where it exceeds the maximum; -1: none."""
        if text is None:
            return -1
        return self._numbers.setdefault(brief(escape(text), _LONGEST), len(self._numbers))

    def name(self, text: str) -> int:
        """The number of a text that is never cut, because it is a key of a search."""
        return self._numbers.setdefault(text, len(self._numbers))

    def all(self) -> list[str]:
        """In the order of their numbers."""
        return list(self._numbers)


def estate_plan(overview: Overview) -> Plan:
    """The positions of the systems in the drawing of the whole estate."""
    domains = {
        system_overview.system.name: escape(system_overview.system.domain or "") for system_overview in overview.systems
    }
    entries = {system_overview.system.name for system_overview in overview.systems if system_overview.is_entry}
    edges = [
        (system_overview.system.name, target)
        for system_overview in overview.systems
        for target in system_overview.feeds
    ]
    return plan(layered(list(domains), edges, entries, domains), domains, "In no flow")


def payload(
    overview: Overview, changes: Sequence[ShownChange] = (), comparison: ShownComparison | None = None
) -> dict[str, Any]:
    """All that a page shows."""
    return _Payload(overview).build(changes, comparison)


class _Payload:
    def __init__(self, overview: Overview) -> None:
        self.overview = overview
        self.texts = _Texts()
        contracts = overview.estate.contracts
        self.systems = {name: number for number, name in enumerate(contracts.systems)}
        self.entities = {name: number for number, name in enumerate(contracts.entities)}
        self.fields = {name: number for number, name in enumerate(contracts.fields)}

    def build(self, changes: Sequence[ShownChange], comparison: ShownComparison | None) -> dict[str, Any]:
        estate = self.overview.estate
        content = {
            "name": escape(estate.name),
            "title": brief(escape(estate.title or estate.name), 120),
            "verdict": overview_headline(self.overview),
            "judged": self.overview.report is not None,
            "dangling": len(self.overview.dangling),
            "chip": [CHIP_WIDTH, CHIP_HEIGHT],
            "systems": self._systems(),
            "entities": self._entities(),
            "fields": self._fields(),
            "flows": self._flows(),
            "obligations": [self._obligation(entry_obligation) for entry_obligation in self.overview.obligations],
            "findings": self._findings(),
            "narrowings": [
                [self.entities[cell.entry], self.systems[cell.system], *_counts(cell.verdicts)]
                for cell in self.overview.narrowings
            ],
            "bottlenecks": [
                [*self._binding(b.binding), self._numbers(b.fields), self._numbers(b.not_met_by)]
                for b in self.overview.bottlenecks
            ],
            "unreached": self._numbers(self.overview.unreached),
            "cycles": [self._numbers(cycle) for cycle in self.overview.cycles],
            "changes": [self._change(change) for change in changes],
            "comparison": self._comparison(comparison) if comparison else None,
            "ladders": [self._ladder(ladder) for ladder in self.overview.ladders],
            "removed": {
                "systems": sorted(self.systems[name] for name in self.overview.removed.systems),
                "fields": sorted(self._numbers(self.overview.removed.fields)),
                "flows": sorted(self.overview.removed.links),
            },
        }
        return {**content, "texts": self.texts.all()}

    def _numbers(self, names: Iterable[FieldName]) -> list[int]:
        return [self.fields[name] for name in names]

    # ------------------------------------------------------------------------------------------------ the estate

    def _systems(self) -> dict[str, Any]:
        text, drawn = self.texts.number, estate_plan(self.overview)
        columns: dict[str, Callable[[Any], Any]] = {
            "name": lambda s: self.texts.name(s.system.name),
            "title": lambda s: text(worded(s.system.title)),
            "domain": lambda s: text(s.system.domain),
            "team": lambda s: text(s.system.owner.team if s.system.owner else None),
            "owner": lambda s: text(owner_words(s.system.owner)),
            "repair": lambda s: text(repair_words(s.system.repair)),
            "file": lambda s: text(s.system.location.file),
            "unowned": lambda s: int(s.unowned),
            "meets": lambda s: _counts(s.meets),
            "makes": lambda s: _counts(s.makes),
            "x": lambda s: drawn.places[s.system.name][0],
            "y": lambda s: drawn.places[s.system.name][1],
        }
        columns_of_values = {name: [of(system) for system in self.overview.systems] for name, of in columns.items()}
        return {**columns_of_values, "labels": [[text(label.text), label.x, label.y] for label in drawn.labels]}

    def _entities(self) -> dict[str, Any]:
        entities = list(self.overview.estate.contracts.entities.values())
        names = [str(entity.full_name) for entity in entities]
        edges = {(_entity(source), _entity(link.target)) for link in self.overview.links for source in link.sources}
        laid = layered(names, edges, {str(entity.full_name) for entity in self.overview.entries}, {})
        place = {name: (depth, order) for depth, layer in enumerate(laid.layers) for order, name in enumerate(layer)}
        text = self.texts.number
        columns: dict[str, Callable[[Entity], Any]] = {
            "system": lambda entity: self.systems[entity.system],
            "name": lambda entity: self.texts.name(entity.name),
            "title": lambda entity: text(worded(entity.title)),
            "kind": lambda entity: text(entity.kind),
            "layer": lambda entity: place.get(str(entity.full_name), (0, 0))[0],
            "order": lambda entity: place.get(str(entity.full_name), (0, 0))[1],
        }
        return {name: [of(entity) for entity in entities] for name, of in columns.items()}

    def _fields(self) -> dict[str, Any]:
        fields = list(self.overview.fields.values())
        text = self.texts.number
        contracts: dict[tuple[int, ...], int] = {}

        def contract(field: Field) -> int:
            sentences = [constraint.sentence for constraint in field.constraints]
            if field.unique is not None:
                sentences.append(field.unique.sentence)
            return contracts.setdefault(tuple(map(text, sentences)), len(contracts))

        columns: dict[str, Callable[[Field], Any]] = {
            "entity": lambda field: self.entities[field.full_name.entity_name],
            "name": lambda field: self.texts.name(field.name),
            "title": lambda field: text(worded(field.title)),
            "contract": contract,
            "violation": lambda field: text(field.on_violation),
            "owner": lambda field: text(owner_words(field.owner)),
            "repair": lambda field: text(repair_words(field.repair)),
            "line": lambda field: field.location.line,
        }
        columns_of_values = {name: [of(field) for field in fields] for name, of in columns.items()}
        relations = [[self.fields[name], text(word)] for name, word in self.overview.relations.items()]
        return {**columns_of_values, "contracts": list(contracts), "relations": relations}

    def _flows(self) -> dict[str, Any]:
        links, text = self.overview.links, self.texts.number
        return {
            "from": [
                self.fields[link.sources[0].full_name]
                if len(link.sources) == 1
                else [self.fields[source.full_name] for source in link.sources]
                for link in links
            ],
            "to": [self.fields[link.target.full_name] for link in links],
            "words": [text(link.sentence or None) for link in links],
            "when": [text(link.when.text if link.when else None) for link in links],
            "by": [text(link.flow.by) for link in links],
            "lag": [text(_later(link.flow.lag)) for link in links],
            "note": [text(link.flow.note) for link in links],
            "inexact": [number for number, link in enumerate(links) if not link.exact],
            "file": [text(link.flow.location.file) for link in links],
            "line": [link.flow.location.line for link in links],
        }

    # ------------------------------------------------------------------------------------------------ the verdicts

    def _binding(self, binding: Binding) -> list[int]:
        """Field, which of its constraints (-1: a step on the way there), sentence, place."""
        constraints = self.overview.fields[binding.field].constraints
        at = (binding.constraint, binding.location)
        which = next((i for i, own in enumerate(constraints) if (own.name, own.location) == at), -1)
        text = self.texts.number
        return [self.fields[binding.field], which, text(binding.sentence), text(str(binding.location))]

    def _obligation(self, entry_obligation: EntryObligation) -> dict[str, Any]:
        obligation, text = entry_obligation.obligation, self.texts.number
        return {
            "entry": self.entities[entry_obligation.entry],
            "fields": self._numbers(obligation.fields),
            "at": self._binding(obligation.binding),
            "alters": int(obligation.effect == "alter"),
            "steps": [text(step) for step in obligation.transforms],
            "way": self._numbers(obligation.way),
            "when": [text(condition) for condition in obligation.conditions],
            "lag": text(_later(obligation.lag)),
            "binds": None if obligation.binds is None else int(obligation.binds),
            "verdict": _VERDICTS.index(obligation.verdict),
            "witness": text(_typed(obligation.witness)),
            "reason": text(obligation.reason),
            "hops": [self._hop(hop) for hop in obligation.hops],
        }

    def _findings(self) -> list[dict[str, Any]]:
        findings = self.overview.findings
        return [
            self._finding(finding, known_by) for finding, known_by in zip(findings, fingerprints(findings), strict=True)
        ]

    def _finding(self, finding: Finding, fingerprint: str) -> dict[str, Any]:
        text = self.texts.number
        return {
            "fingerprint": fingerprint,
            "rule": text(finding.rule),
            "severity": text(finding.severity.value),
            "undecided": int(finding.verdict == "unknown"),
            "message": text(finding.message),
            "fields": self._numbers(name for name in finding.fields if name in self.fields),
            "at": self._binding(finding.binding) if finding.binding else None,
            "place": text(str(finding.location)),
            "hops": [self._hop(hop) for hop in finding.hops],
        }

    def _hop(self, hop: Hop) -> list[int]:
        text = self.texts.number
        return [
            self.fields[hop.field],
            text(cell(hop.value)),
            text(hop.transform or None),
            text(_later(hop.lag)),
            hop.step,
        ]

    def _comparison(self, comparison: ShownComparison) -> dict[str, Any]:
        text = self.texts.number
        return {
            "before": text(comparison.before),
            "after": text(comparison.after),
            "day": text(comparison.day),
            "verdict": escape(comparison.verdict),
            "effects": [
                {
                    **self._finding(effect.finding, effect.fingerprint),
                    "extent": text(effect.extent or None),
                    "cause": text(effect.cause or None),
                    "state": text(effect.state),
                    "proved": int(effect.finding.verdict == "proved"),
                }
                for effect in comparison.effects
            ],
        }

    def _ladder(self, ladder: Ladder) -> dict[str, Any]:
        text = self.texts.number
        rungs = [[text(bounds), text(effect)] for bounds, effect in rungs_words(ladder)]
        return {"field": self.fields[ladder.field], "title": text(ladder_title(ladder)), "rungs": rungs}

    def _change(self, change: ShownChange) -> dict[str, Any]:
        text = self.texts.number
        return {
            "kind": text(change.kind),
            "what": text(change.what),
            "field": self.fields.get(change.field, -1) if change.field else -1,
            "before": text(change.before),
            "after": text(change.after),
            "reaches": self._numbers(name for name in change.reaches if name in self.fields),
        }


def _entity(field: Field) -> str:
    return str(field.full_name.entity_name)


def _counts(verdicts: Verdicts) -> list[int]:
    return [verdicts.proved, verdicts.refuted, verdicts.unknown]


def _later(lag: timedelta | None) -> str | None:
    return duration(lag) if lag else None


def _typed(record: FieldValues | None) -> str | None:
    if record is None:
        return None
    if len(record) == 1:
        return show(next(iter(record.values())))
    return ", ".join(f"{name.field} = {show(value)}" for name, value in record.items())

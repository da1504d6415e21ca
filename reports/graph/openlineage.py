"""A graph for catalogues: OpenLineage events (openlineage.io, specification 2-0-2), one JSON object a line.

A system is a namespace, an entity a dataset. All flows into one entity are one job, reported by a JobEvent: a design, not
a run. The datasets carry their schema and owners; the one written to carries its column lineage, as
`columnLineage` (1-2-0) and as `lineage` (1-0-0). Entries carry their downstream obligations as
`dataQualityAssertions` (1-1-0). The specification has no verdict "unknown": it is reported as a failure, and by name in
`params`, because undecided is not safe. Entities in no flow are reported by a DatasetEvent.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ... import __version__
from ...values.show import escape
from ..phrases import typed_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ...checker.verdict.overview import EntryObligation, Overview
    from ...contracts.model import Entity
    from ...documents.names import EntityName, FieldName
    from ...lineage.graph import Link

_SPECIFICATION = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/{}"
_FACET = "https://openlineage.io/spec/facets/{}.json#/$defs/{}"
_TIME = "1970-01-01T00:00:00Z"
"""Every event must have a time, and the same estate must give the same bytes. No event here has a real time."""


def graph_openlineage(overview: Overview) -> str:
    """Newline-delimited JSON: JobEvents by the entity written to, then DatasetEvents."""
    return "".join(json.dumps(event, ensure_ascii=True) + "\n" for event in _Events(overview).all())


class _Events:
    def __init__(self, overview: Overview) -> None:
        self._entities = overview.estate.contracts.entities
        self._namespace = overview.estate.name
        self._into: dict[EntityName, list[Link]] = {}
        for link in overview.links:
            self._into.setdefault(link.target.full_name.entity_name, []).append(link)
        self._obligations: dict[EntityName, list[EntryObligation]] = {}
        for entry_obligation in overview.obligations:
            self._obligations.setdefault(entry_obligation.entry, []).append(entry_obligation)

    def all(self) -> Iterable[dict[str, Any]]:
        seen: set[EntityName] = set()
        for name in sorted(self._into):
            links = self._into[name]
            sources = sorted({source.full_name.entity_name for link in links for source in link.sources})
            seen |= {name, *sources}
            yield {
                "eventTime": _TIME,
                "producer": _producer(),
                "schemaURL": _SPECIFICATION.format("JobEvent"),
                "job": {"namespace": self._namespace, "name": str(name)},
                "inputs": [self._input(self._entities[source]) for source in sources],
                "outputs": [self._output(self._entities[name], links)],
            }
        for name in sorted(set(self._entities) - seen):
            yield {
                "eventTime": _TIME,
                "producer": _producer(),
                "schemaURL": _SPECIFICATION.format("DatasetEvent"),
                "dataset": self._dataset(self._entities[name]),
            }

    def _dataset(self, entity: Entity) -> dict[str, Any]:
        facets = {"schema": _schema(entity), "ownership": _ownership(entity)}
        filled = {name: facet for name, facet in facets.items() if facet}
        return {"namespace": entity.system, "name": entity.name, "facets": filled}

    def _input(self, entity: Entity) -> dict[str, Any]:
        obligations = self._obligations.get(entity.full_name, [])
        assertions = {"assertions": [_assertion(entry_obligation) for entry_obligation in obligations]}
        name = "DataQualityAssertionsDatasetFacet"
        facet = {"dataQualityAssertions": _facet("1-1-0", name, assertions)} if obligations else {}
        return {**self._dataset(entity), "inputFacets": facet}

    def _output(self, entity: Entity, links: Sequence[Link]) -> dict[str, Any]:
        dataset = self._dataset(entity)
        inputs: dict[str, dict[FieldName, dict[str, Any]]] = {}
        for link in links:
            by_column = inputs.setdefault(link.target.name, {})
            for name, transformation in _transformations(link):
                place = {"namespace": name.system, "name": name.entity, "field": name.field}
                given = {**place, "transformations": []}
                by_column.setdefault(name, given)["transformations"].append(transformation)
        columns = {field: {"inputFields": list(by_column.values())} for field, by_column in inputs.items()}
        fields = {
            field: {"inputs": [{"type": "DATASET", **given} for given in by_column.values()]}
            for field, by_column in inputs.items()
        }
        dataset["facets"] |= {
            "columnLineage": _facet("1-2-0", "ColumnLineageDatasetFacet", {"fields": columns}),
            "lineage": _facet("1-0-0", "LineageDatasetFacet", {"fields": fields}, file="LineageFacet"),
        }
        return dataset


def _transformations(link: Link) -> Iterable[tuple[FieldName, dict[str, Any]]]:
    """Per field a flow depends on, how: its value is transformed, or it decides a condition."""
    words = escape(link.sentence)
    subtype = "TRANSFORMATION" if words else "IDENTITY"
    for name in dict.fromkeys(source.full_name for source in link.sources):
        yield name, {"type": "DIRECT", "subtype": subtype, "description": words, "masking": False}
    if link.when is not None:
        for name in dict.fromkeys(link.when.fields):
            condition = escape(link.when.text)
            yield name, {"type": "INDIRECT", "subtype": "CONDITIONAL", "description": condition, "masking": False}


def _assertion(entry_obligation: EntryObligation) -> dict[str, Any]:
    obligation = entry_obligation.obligation
    binding = obligation.binding
    assertion: dict[str, Any] = {
        "assertion": binding.constraint,
        "success": obligation.verdict == "proved",
        "severity": "error" if obligation.effect == "refuse" else "warn",
        "name": f"{binding.field} {binding.constraint}",
        "description": escape(binding.sentence),
        "params": {
            "verdict": obligation.verdict,
            "binding": obligation.binds,
            "fields": [*map(str, obligation.fields)],
        },
    }
    if len(obligation.fields) == 1:
        assertion["column"] = obligation.fields[0].field
    if obligation.witness is not None:
        assertion["actual"] = typed_record(obligation.witness)
    return assertion


def _schema(entity: Entity) -> dict[str, Any]:
    fields = []
    for number, field in enumerate(entity.fields.values(), 1):
        obligations = "; ".join(constraint.sentence for constraint in field.constraints)
        described = escape(f"{field.title}: {obligations}" if field.title else obligations)
        fields.append({"name": field.name, "type": field.type, "description": described, "ordinal_position": number})
    return _facet("1-2-0", "SchemaDatasetFacet", {"fields": fields})


def _ownership(entity: Entity) -> dict[str, Any] | None:
    if entity.owner is None:
        return None
    return _facet("1-0-1", "OwnershipDatasetFacet", {"owners": [{"name": escape(f"team:{entity.owner.team}")}]})


def _facet(version: str, name: str, content: dict[str, Any], file: str | None = None) -> dict[str, Any]:
    return {"_producer": _producer(), "_schemaURL": _FACET.format(f"{version}/{file or name}", name), **content}


def _producer() -> str:
    return f"urn:fieldline:{__version__}"

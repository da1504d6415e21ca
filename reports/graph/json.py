"""A graph as JSON: systems, fields, flows, and the obligations on every entry. `fieldline schema graph` is its form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...documents.local_text import worded
from ..json.form import (
    BOOLEAN_FORM,
    DURATION_FORM,
    INTEGER_FORM,
    PROSE,
    TEXT_FORM,
    Member,
    Object,
    OrNull,
    Several,
    choice,
    document,
    form_schema,
)
from ..json.parts import BINDING, CONSTRAINT, LOCATION, OWNER_FORM, REPAIR_FORM, VERSION_MEMBER
from ..json.screen import OBLIGATION

if TYPE_CHECKING:
    from ...checker.verdict.overview import Bottleneck, EntryObligation, Narrowing, Overview, SystemOverview, Verdicts
    from ...contracts.model import Entity, Field
    from ...lineage.graph import Link
    from ..json.form import Json

_FIELD: Object[Field] = Object(
    "field",
    "A field.",
    (
        Member("name", "Its full name: system.entity.field.", TEXT_FORM, lambda field: field.full_name),
        Member("title", "Its title, for people.", OrNull(PROSE), lambda field: worded(field.title)),
        Member("type", "The type of its values.", TEXT_FORM, lambda field: field.type),
        Member("demands", "The constraints of its contract.", Several(CONSTRAINT), lambda field: field.constraints),
        Member(
            "unique", "Whether no two records may hold the same value.", BOOLEAN_FORM, lambda f: f.unique is not None
        ),
        Member(
            "on_violation",
            "The action of its system on a value outside the contract.",
            choice("reject", "truncate", "replace", "accept"),
            lambda field: field.on_violation,
        ),
        Member("owner", "Who answers for it.", OrNull(OWNER_FORM), lambda field: field.owner),
        Member("repair", "Who may repair a value of it.", OrNull(REPAIR_FORM), lambda field: field.repair),
        Member("location", "Where it is written.", LOCATION, lambda field: field.location),
    ),
)

_ENTITY: Object[Entity] = Object(
    "entity",
    "A form, table, message, file or API.",
    (
        Member("name", "Its full name: system.entity.", TEXT_FORM, lambda entity: entity.full_name),
        Member("title", "Its title, for people.", OrNull(PROSE), lambda entity: worded(entity.title)),
        Member("kind", "The kind of entity; values originate in an entry.", TEXT_FORM, lambda entity: entity.kind),
        Member("key", "The fields that tell records apart.", Several(TEXT_FORM), lambda entity: entity.key),
        Member("fields", "In the order of the contract.", Several(_FIELD), lambda entity: entity.fields.values()),
    ),
)

_VERDICTS: Object[Verdicts] = Object(
    "verdicts",
    "Obligations, counted by verdict.",
    (
        Member("proved", "Met by every value the entries accept.", INTEGER_FORM, lambda verdicts: verdicts.proved),
        Member("refuted", "Violated by some accepted value.", INTEGER_FORM, lambda verdicts: verdicts.refuted),
        Member("unknown", "Not decided, never safe.", INTEGER_FORM, lambda verdicts: verdicts.unknown),
    ),
)

_SYSTEM: Object[SystemOverview] = Object(
    "system",
    "A system.",
    (
        Member("name", "Its name.", TEXT_FORM, lambda system_overview: system_overview.system.name),
        Member(
            "title",
            "Its title, for people.",
            OrNull(PROSE),
            lambda system_overview: worded(system_overview.system.title),
        ),
        Member(
            "domain", "The domain it belongs to.", OrNull(PROSE), lambda system_overview: system_overview.system.domain
        ),
        Member(
            "owner", "Who answers for it.", OrNull(OWNER_FORM), lambda system_overview: system_overview.system.owner
        ),
        Member(
            "meets",
            "The downstream obligations on its entries.",
            _VERDICTS,
            lambda system_overview: system_overview.meets,
        ),
        Member(
            "makes", "The obligations it puts on entries.", _VERDICTS, lambda system_overview: system_overview.makes
        ),
        Member(
            "entities", "In order.", Several(_ENTITY), lambda system_overview: system_overview.system.entities.values()
        ),
    ),
)

_FLOW: Object[Link] = Object(
    "flow",
    "How a value reaches a field.",
    (
        Member(
            "from", "Its sources, by full name.", Several(TEXT_FORM), lambda link: [s.full_name for s in link.sources]
        ),
        Member("to", "Its target, by full name.", TEXT_FORM, lambda link: link.target.full_name),
        Member("transform", "The transforms on the way; empty: none.", PROSE, lambda link: link.sentence),
        Member("exact", "Whether every step is described.", BOOLEAN_FORM, lambda link: link.exact),
        Member("when", "Only for records that meet it.", OrNull(PROSE), lambda x: x.flow.when and x.flow.when.text),
        Member("by", "The job or channel that carries it.", OrNull(PROSE), lambda link: link.flow.by),
        Member("lag", "How long the flow takes; null: not stated.", OrNull(DURATION_FORM), lambda link: link.flow.lag),
        Member("location", "Where it is written.", LOCATION, lambda link: link.flow.location),
    ),
)

_OBLIGATION: Object[EntryObligation] = Object(
    "demand",
    "A downstream obligation on an entry.",
    (
        Member("entry", "The entry's full name.", TEXT_FORM, lambda entry_obligation: entry_obligation.entry),
        Member(
            "obligation",
            "The obligation, as seen from the entry.",
            OBLIGATION,
            lambda entry_obligation: entry_obligation.obligation,
        ),
    ),
)

_NARROWING: Object[Narrowing] = Object(
    "narrowing",
    "The binding obligations of one system on one entry.",
    (
        Member("entry", "The entry's full name.", TEXT_FORM, lambda cell: cell.entry),
        Member("system", "The system's name.", TEXT_FORM, lambda cell: cell.system),
        Member("demands", "Counted.", _VERDICTS, lambda cell: cell.verdicts),
    ),
)

_BOTTLENECK: Object[Bottleneck] = Object(
    "bottleneck",
    "One constraint, and the entry fields it narrows.",
    (
        Member("binding", "The constraint.", BINDING, lambda bottleneck: bottleneck.binding),
        Member("narrows", "The entry fields, by full name.", Several(TEXT_FORM), lambda bottleneck: bottleneck.fields),
        Member("not_met_by", "The entry fields that do not ensure it.", Several(TEXT_FORM), lambda b: b.not_met_by),
    ),
)

_DOCUMENT: Object[Overview] = Object(
    "document",
    "The output of `fieldline graph --as json`.",
    (
        VERSION_MEMBER,
        Member("estate", "The estate's name.", TEXT_FORM, lambda overview: overview.estate.name),
        Member("judged", "False: nothing here is known to be right.", BOOLEAN_FORM, lambda s: s.report is not None),
        Member("systems", "In alphabetical order.", Several(_SYSTEM), lambda overview: overview.systems),
        Member("flows", "In the order they are written.", Several(_FLOW), lambda overview: overview.links),
        Member("demands", "By entry.", Several(_OBLIGATION), lambda overview: overview.obligations),
        Member(
            "narrowings",
            "The entries that each system narrows.",
            Several(_NARROWING),
            lambda overview: overview.narrowings,
        ),
        Member("bottlenecks", "The most narrowing first.", Several(_BOTTLENECK), lambda overview: overview.bottlenecks),
        Member(
            "unreached", "Fields no entry's value reaches.", Several(TEXT_FORM), lambda overview: overview.unreached
        ),
        Member(
            "cycles",
            "Cycles: groups of fields that feed each other.",
            Several(Several(TEXT_FORM)),
            lambda overview: overview.cycles,
        ),
    ),
)


def graph_json(overview: Overview) -> str:
    """A JSON document."""
    return document(_DOCUMENT.write(overview))


def graph_schema() -> Json:
    """The draft-07 JSON Schema of these documents."""
    return form_schema(_DOCUMENT, "The output of fieldline graph")

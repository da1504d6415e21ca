"""The parts our JSON documents share: places, demands, hops, witnesses, problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..lineage.transform import NoValue
from .form import DURATION, INTEGER, PROSE, TEXT, VALUE, Member, Object, OrNull, Several, Simple, choice, value_json

if TYPE_CHECKING:
    from ..checker.finding import Binding, Hop, Record
    from ..contracts.constraint import Constraint
    from ..contracts.model import Owner, Repair
    from ..contracts.problem import Problem
    from ..contracts.source import Location
    from ..contracts.values.valueset import Value
    from .form import Json

VERSION = 1
"""Of every document. Within a version members may be added, and none is taken away or changes its meaning."""

VERSION_MEMBER: Member[object] = Member(
    "version", "Of this document's form.", Simple({"const": VERSION}, int), lambda _: VERSION
)

LOCATION: Object[Location] = Object(
    "location",
    "Where something was written.",
    (
        Member("file", "Relative to the estate's folder, with / between the parts.", TEXT, lambda place: place.file),
        Member("line", "The first line is 1.", INTEGER, lambda place: place.line),
        Member("column", "The first character is 1; counted in code points.", INTEGER, lambda place: place.column),
    ),
)

BINDING: Object[Binding] = Object(
    "binding",
    "The demand that binds.",
    (
        Member("system", "The system that makes it.", TEXT, lambda binding: binding.system),
        Member("entity", "The entity's own name.", TEXT, lambda binding: binding.entity),
        Member("field", "The field's full name: system.entity.field.", TEXT, lambda binding: binding.field),
        Member("constraint", "The key in the contract, or the transform's name.", TEXT, lambda b: b.constraint),
        Member("sentence", "The demand in words, with its unit.", PROSE, lambda binding: binding.sentence),
        Member("file", "Where it is written.", TEXT, lambda binding: binding.location.file),
        Member("line", "The first line is 1.", INTEGER, lambda binding: binding.location.line),
        Member("column", "The first character is 1.", INTEGER, lambda binding: binding.location.column),
    ),
)


CONSTRAINT: Object[Constraint] = Object(
    "constraint",
    "One demand on one field, as it was written.",
    (
        Member("constraint", "The key in the contract.", TEXT, lambda constraint: constraint.name),
        Member("sentence", "The demand in words, with its unit.", PROSE, lambda constraint: constraint.sentence),
        Member("location", "Where it is written.", LOCATION, lambda constraint: constraint.location),
    ),
)


def outcome(value: Value | NoValue) -> str:
    """Whether there is a value, or why not."""
    return value.value if isinstance(value, NoValue) else "value"


def present(value: Value | NoValue) -> Value:
    """The value; null where there is none."""
    return None if isinstance(value, NoValue) else value


OUTCOME = choice("value", "refused", "unknown")
OUTCOME_DOC = (
    "value: see `value`. refused: a step on the way cannot be done with it. unknown: nobody knows what arrives."
)

HOP: Object[Hop] = Object(
    "hop",
    "A value at one field of its journey.",
    (
        Member("field", "The field's full name.", TEXT, lambda hop: hop.field),
        Member(
            "value",
            "As it arrives there; null also where there is none.",
            VALUE,
            lambda hop: present(hop.value),
        ),
        Member("outcome", OUTCOME_DOC, OUTCOME, lambda hop: outcome(hop.value)),
        Member("transform", "What was done to it on the way there; empty: nothing.", PROSE, lambda hop: hop.transform),
        Member("lag", "How long the flow to here takes; null: not said.", OrNull(DURATION), lambda hop: hop.lag),
    ),
)


def _witness(record: Record) -> Json:
    """A single value stands alone, unless it is null: null already means that there is no witness."""
    if len(record) == 1:
        value = next(iter(record.values()))
        if value is not None:
            return value_json(value)
    return {name: value_json(value) for name, value in record.items()}


WITNESS: Simple[Record] = Simple(
    {
        "description": "The value, where it is one and not null; else an object, values by full field name.",
        "type": ["string", "integer", "boolean", "object"],
        "additionalProperties": {"type": ["string", "integer", "boolean", "null"]},
    },
    _witness,
)

OWNER: Object[Owner] = Object(
    "owner",
    "Who answers for something.",
    (
        Member("team", "Their name.", PROSE, lambda owner: owner.team),
        Member("contact", "How to reach them.", OrNull(PROSE), lambda owner: owner.contact),
    ),
)

REPAIR: Object[Repair] = Object(
    "repair",
    "Who may repair a value that went wrong.",
    (
        Member("by", "Who may.", Several(PROSE), lambda repair: repair.by),
        Member("typically", "How long it usually takes.", OrNull(DURATION), lambda repair: repair.typically),
        Member("channel", "Where to ask.", OrNull(PROSE), lambda repair: repair.channel),
    ),
)

PROBLEM: Object[Problem] = Object(
    "problem",
    "One thing that kept the estate, or the question, from being read.",
    (
        Member("message", "What is wrong.", PROSE, lambda problem: problem.message),
        Member("location", "Where; null: in no file.", OrNull(LOCATION), lambda problem: problem.location),
        Member("expected", "What would have been right.", OrNull(PROSE), lambda problem: problem.expected),
        Member("suggestion", "What was probably meant.", OrNull(PROSE), lambda problem: problem.suggestion),
    ),
)

PROBLEMS_DOC = "What kept it from being read. When there is one, nothing was judged: that is never clean."
VERDICT = choice("proved", "refuted", "unknown")
SEVERITY = choice("error", "warning", "info")

"""The parts our JSON documents share: places, constraints, hops, witnesses, problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...lineage.transform import NoValue
from ..phrases import known_words
from .form import (
    BOOLEAN_FORM,
    DURATION_FORM,
    INTEGER_FORM,
    PROSE,
    TEXT_FORM,
    VALUE,
    Member,
    Object,
    OrNull,
    Several,
    Simple,
    choice,
    value_json,
)

if TYPE_CHECKING:
    from ...checker.finding import Binding, FieldValues, Hop, Still
    from ...checker.verdict.policy import Ruled
    from ...contracts.constraint import Constraint
    from ...contracts.model import Owner, Repair
    from ...documents.location import Location
    from ...documents.problem import Problem
    from ...estate.policy import Waiver
    from ...values.span import Span
    from ...values.valueset import Value
    from .form import Json

_VERSION = 1
"""Of every document. Within a version members may be added; none is removed or changes its meaning."""

VERSION_MEMBER: Member[object] = Member(
    "version", "Of this document's form.", Simple({"const": _VERSION}, int), lambda _: _VERSION
)

LOCATION: Object[Location] = Object(
    "location",
    "Where something was written.",
    (
        Member(
            "file", "Relative to the estate's folder, with / between the parts.", TEXT_FORM, lambda place: place.file
        ),
        Member("line", "The first line is 1.", INTEGER_FORM, lambda place: place.line),
        Member("column", "The first character is 1; counted in code points.", INTEGER_FORM, lambda place: place.column),
    ),
)

BINDING: Object[Binding] = Object(
    "binding",
    "The binding constraint.",
    (
        Member("system", "The system that makes it.", TEXT_FORM, lambda binding: binding.system),
        Member("entity", "The entity's own name.", TEXT_FORM, lambda binding: binding.entity),
        Member("field", "The field's full name: system.entity.field.", TEXT_FORM, lambda binding: binding.field),
        Member("constraint", "The key in the contract, or the transform's name.", TEXT_FORM, lambda b: b.constraint),
        Member("sentence", "The constraint in words, with its unit.", PROSE, lambda binding: binding.sentence),
        Member("file", "Where it is written.", TEXT_FORM, lambda binding: binding.location.file),
        Member("line", "The first line is 1.", INTEGER_FORM, lambda binding: binding.location.line),
        Member("column", "The first character is 1.", INTEGER_FORM, lambda binding: binding.location.column),
        Member(
            "source",
            "Where the rule behind it is documented, as its contract says; null: it does not say.",
            OrNull(PROSE),
            lambda binding: binding.source,
        ),
    ),
)


CONSTRAINT: Object[Constraint] = Object(
    "constraint",
    "One constraint on one field, as it was written.",
    (
        Member("constraint", "The key in the contract.", TEXT_FORM, lambda constraint: constraint.name),
        Member("sentence", "The constraint in words, with its unit.", PROSE, lambda constraint: constraint.sentence),
        Member("location", "Where it is written.", LOCATION, lambda constraint: constraint.location),
    ),
)


def outcome(value: Value | NoValue) -> str:
    """Whether there is a value, or the reason why not."""
    return value.value if isinstance(value, NoValue) else "value"


def present(value: Value | NoValue) -> Value:
    """The value; null where there is none."""
    return None if isinstance(value, NoValue) else value


OUTCOME = choice("value", "refused", "unknown")
OUTCOME_DOC = "value: see `value`. refused: a step on the way fails. unknown: the outcome is not known."

HOP: Object[Hop] = Object(
    "hop",
    "A value at one field of its journey.",
    (
        Member("field", "The field's full name.", TEXT_FORM, lambda hop: hop.field),
        Member(
            "value",
            "As it arrives there; null also where there is none.",
            VALUE,
            lambda hop: present(hop.value),
        ),
        Member("outcome", OUTCOME_DOC, OUTCOME, lambda hop: outcome(hop.value)),
        Member("transform", "The steps applied on the way there; empty: none.", PROSE, lambda hop: hop.transform),
        Member("lag", "How long the flow to here takes; null: not stated.", OrNull(DURATION_FORM), lambda hop: hop.lag),
        Member("by", "Who carries it here; null: nobody is named.", OrNull(PROSE), lambda hop: hop.by),
    ),
)


def _witness(record: FieldValues) -> Json:
    """A single value stands alone, unless it is null: null already means that there is no witness."""
    if len(record) == 1:
        value = next(iter(record.values()))
        if value is not None:
            return value_json(value)
    return {str(name): value_json(value) for name, value in record.items()}


WITNESS: Simple[FieldValues] = Simple(
    {
        "description": "The value, where it is one and not null; else an object, values by full field name.",
        "type": ["string", "integer", "boolean", "object"],
        "additionalProperties": {"type": ["string", "integer", "boolean", "null"]},
    },
    _witness,
)

OWNER_FORM: Object[Owner] = Object(
    "owner",
    "The owner of something.",
    (
        Member("team", "Their name.", PROSE, lambda owner: owner.team),
        Member("contact", "How to reach them.", OrNull(PROSE), lambda owner: owner.contact),
    ),
)

REPAIR_FORM: Object[Repair] = Object(
    "repair",
    "The team that repairs a failed value.",
    (
        Member("by", "Who may.", Several(PROSE), lambda repair: repair.by),
        Member("typically", "How long it usually takes.", OrNull(DURATION_FORM), lambda repair: repair.typically),
        Member("channel", "Where to ask.", OrNull(PROSE), lambda repair: repair.channel),
        Member("hours", "When they work.", OrNull(PROSE), lambda repair: repair.hours),
        Member("url", "The page where a record is repaired.", OrNull(PROSE), lambda repair: repair.url),
        Member("roles", "Who may open that page.", Several(PROSE), lambda repair: repair.roles),
    ),
)

PROBLEM: Object[Problem] = Object(
    "problem",
    "One error in the estate or the question that prevented reading it.",
    (
        Member("message", "The error.", PROSE, lambda problem: problem.message),
        Member("location", "Where; null: in no file.", OrNull(LOCATION), lambda problem: problem.location),
        Member("expected", "The accepted form.", OrNull(PROSE), lambda problem: problem.expected),
        Member("suggestion", "A suggestion.", OrNull(PROSE), lambda problem: problem.suggestion),
    ),
)

VERDICT = choice("proved", "refuted", "unknown")
SEVERITY = choice("error", "warning", "info")

WAIVER: Object[Waiver] = Object(
    "waiver",
    "A team's statement that a finding is accepted until a day.",
    (
        Member("owner", "The owner who accepts it.", PROSE, lambda waiver: waiver.owner),
        Member("reason", "Why.", PROSE, lambda waiver: waiver.reason),
        Member("expires", "The last day it holds, in UTC.", TEXT_FORM, lambda waiver: waiver.expires.isoformat()),
        Member("location", "Where it is written.", LOCATION, lambda waiver: waiver.location),
    ),
)

SPAN: Object[Span] = Object(
    "range",
    "A set of values in short: listed where they are few, else from the least to the greatest.",
    (
        Member("sentence", "In words.", PROSE, lambda span: span.sentence),
        Member(
            "values",
            "Every value, null left out, where they are few; null: they are not listed.",
            OrNull(Several(VALUE)),
            lambda span: span.listed,
        ),
        Member(
            "unit",
            "The unit of the ends, where they are measures of texts; null: they are values.",
            OrNull(TEXT_FORM),
            lambda span: span.unit,
        ),
        Member("low", "The least, or the limit where there is no least; null: no end.", VALUE, lambda span: span.low),
        Member(
            "high",
            "The greatest, or the limit where there is no greatest; null: no end, or it is not known.",
            VALUE,
            lambda span: span.high,
        ),
        Member("null", "Whether null belongs to it.", BOOLEAN_FORM, lambda span: span.null),
    ),
)

STILL: Object[Still] = Object(
    "still",
    "What still fails where a failure is resolved in part: values that failed before and still do.",
    (
        Member("binding", "The constraint they fail at now.", BINDING, lambda still: still.binding),
        Member("verdict", "Refuted by the witness, or unknown (never safe).", VERDICT, lambda still: still.verdict),
        Member(
            "witness", "A value that still fails; null: none is known.", OrNull(WITNESS), lambda still: still.witness
        ),
        Member("hops", "Its journey to where it fails.", Several(HOP), lambda still: still.hops),
        Member("range", "Of what still fails; null: not known.", OrNull(SPAN), lambda still: still.span),
        Member(
            "reason", "The reason why the verdict is unknown; else null.", OrNull(PROSE), lambda still: still.reason
        ),
    ),
)

FINDING: Object[Ruled] = Object(
    "finding",
    "One failure, or possible failure.",
    (
        Member(
            "rule", "The rule's stable name: `fieldline explain RULE`.", TEXT_FORM, lambda ruled: ruled.finding.rule
        ),
        Member("severity", "How much it matters.", SEVERITY, lambda ruled: ruled.finding.severity.value),
        Member(
            "verdict",
            "Of the claim that nothing goes wrong: refuted by a witness, or unknown (never safe).",
            VERDICT,
            lambda ruled: ruled.finding.verdict,
        ),
        Member(
            "entry",
            "The entry's full name; null where none is concerned.",
            OrNull(TEXT_FORM),
            lambda r: r.finding.entry,
        ),
        Member("field", "The field's full name: system.entity.field.", OrNull(TEXT_FORM), lambda r: r.finding.field),
        Member(
            "fields",
            "Every field concerned, where several fail together.",
            Several(TEXT_FORM),
            lambda r: r.finding.fields,
        ),
        Member("binding", "The constraint it fails at.", OrNull(BINDING), lambda ruled: ruled.finding.binding),
        Member(
            "witness",
            "The value that proves it, as typed at the entry; null: none.",
            OrNull(WITNESS),
            lambda r: r.finding.witness,
        ),
        Member(
            "plain",
            "A value that fails likewise, of letters and digits only: the witness, where it is such; null: none is known.",
            OrNull(WITNESS),
            lambda r: r.finding.plain,
        ),
        Member(
            "range",
            "Of the values that fail as the witness does (where a failure is resolved: that no longer fail); of joined "
            "fields, of the measure of the joined text; null: not known.",
            OrNull(SPAN),
            lambda r: r.finding.span,
        ),
        Member(
            "still",
            "What still fails, where a failure is resolved in part; else null.",
            OrNull(STILL),
            lambda r: r.finding.still,
        ),
        Member(
            "second",
            "The value that becomes equal to it (collision); null: none.",
            OrNull(WITNESS),
            lambda r: r.finding.second,
        ),
        Member("hops", "The witness's journey to where it fails.", Several(HOP), lambda ruled: ruled.finding.hops),
        Member("message", "One sentence, the verdict first.", PROSE, lambda ruled: ruled.finding.message),
        Member(
            "reason",
            "The reason why the verdict is unknown; else null.",
            OrNull(PROSE),
            lambda ruled: ruled.finding.reason,
        ),
        Member("location", "Where to look first.", LOCATION, lambda ruled: ruled.finding.location),
        Member("fingerprint", "The same from run to run, even if its lines move.", TEXT_FORM, lambda r: r.fingerprint),
        Member(
            "state",
            "Its state under the policy: open, in the baseline (known), or accepted (waived).",
            choice("open", "known", "waived"),
            lambda ruled: ruled.state,
        ),
        Member("waiver", "The waiver that accepts it; null: none.", OrNull(WAIVER), lambda ruled: ruled.waiver),
        Member(
            "outgrown",
            "What the baseline knows it as, where it is open because it is worse than that; else null.",
            OrNull(PROSE),
            lambda ruled: None if ruled.outgrown is None else known_words(ruled.outgrown),
        ),
    ),
)

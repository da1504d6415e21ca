"""A screen as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...contracts.constraint import written_value
from ...documents.local_text import worded
from .document import PROBLEMS_MEMBER, TODAY_MEANS, AnswerDocument
from .form import (
    BOOLEAN_FORM,
    DAY_FORM,
    DURATION_FORM,
    INTEGER_FORM,
    PROSE,
    TEXT_FORM,
    Member,
    Object,
    OrNull,
    Several,
    choice,
)
from .parts import (
    BINDING,
    CONSTRAINT,
    LOCATION,
    VERDICT,
    WITNESS,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ...checker.diff.ladder import EntryAtRung, Ladder, Rung
    from ...checker.requirement.feeders import Feeder, FieldScreen
    from ...checker.requirement.screen import ProjectedField, Screen, ScreenField, ScreenObligation
    from ...values.projection import ProjectedPart


@dataclass(frozen=True, slots=True)
class _FieldScreened:
    """A downstream field with the ladders of its bounds."""

    screen: FieldScreen
    ladders: Sequence[Ladder]

    @property
    def today(self) -> date | None:
        return self.screen.today


_PART: Object[ProjectedPart] = Object(
    "part",
    "A part of the values that a field accepts, null left out.",
    (
        Member("size", "How much of them it is.", choice("all", "some", "none"), lambda part: part.size),
        Member(
            "values",
            "Every value of it, where the field accepts few; else null.",
            OrNull(Several(PROSE)),
            lambda part: part.listed,
        ),
        Member(
            "unit",
            "The unit of `least` and `most`: code points, UTF-16 units, or bytes of an encoding; null: it has neither.",
            OrNull(TEXT_FORM),
            lambda part: part.unit,
        ),
        Member(
            "least",
            "In `possible`: none that measures less is of it. In `always`: all that measure as much are. Null: not stated.",
            OrNull(INTEGER_FORM),
            lambda part: part.least,
        ),
        Member(
            "most",
            "In `possible`: none that measures more is of it. In `always`: all that measure no more are. Null: not stated.",
            OrNull(INTEGER_FORM),
            lambda part: part.most,
        ),
        Member(
            "beyond",
            "An accepted value that is not of it all the same, for what it contains; null: none is known.",
            OrNull(PROSE),
            lambda part: part.beyond,
        ),
    ),
)

_PROJECTION: Object[ProjectedField] = Object(
    "projection",
    "What an obligation on several fields leaves for one of them.",
    (
        Member("field", "The field's full name.", TEXT_FORM, lambda projected: projected.name),
        Member(
            "transforms",
            "The transforms of this field's value before it is joined; it is measured after them.",
            Several(PROSE),
            lambda projected: projected.transforms,
        ),
        Member(
            "always",
            "The values that pass whatever the other fields hold; null: not known.",
            OrNull(_PART),
            lambda projected: projected.projection and projected.projection.always,
        ),
        Member(
            "possible",
            "The values that pass with some values of the other fields: all others always fail; null: not known.",
            OrNull(_PART),
            lambda projected: projected.projection and projected.projection.possible,
        ),
        Member("reason", "The reason why it is not known; else null.", OrNull(PROSE), lambda p: p.reason),
    ),
)

OBLIGATION: Object[ScreenObligation] = Object(
    "obligation",
    "One downstream obligation, as seen from the entry.",
    (
        Member(
            "fields",
            "The entry's fields it concerns, by full name.",
            Several(TEXT_FORM),
            lambda obligation: obligation.fields,
        ),
        Member("binding", "The constraint itself.", BINDING, lambda obligation: obligation.binding),
        Member(
            "effect",
            "The effect on a value that does not meet it: it is rejected, or it arrives altered.",
            choice("refuse", "alter"),
            lambda obligation: obligation.effect,
        ),
        Member("transforms", "The transforms applied on the way there.", Several(PROSE), lambda d: d.transforms),
        Member(
            "way",
            "The fields it passes, the constrained one last.",
            Several(TEXT_FORM),
            lambda obligation: obligation.way,
        ),
        Member(
            "conditions", "It counts only where these hold.", Several(PROSE), lambda obligation: obligation.conditions
        ),
        Member("lag", "How long a value takes to get there; null: not stated.", OrNull(DURATION_FORM), lambda d: d.lag),
        Member("carriers", "What carries it there, where that is stated.", Several(PROSE), lambda d: d.carriers),
        Member("notes", "The notes on the flows on the way.", Several(PROSE), lambda d: d.notes),
        Member(
            "binds",
            "Whether it is binding in the requirement; false: it follows from the others; null: cannot be decided for "
            "this field alone.",
            OrNull(BOOLEAN_FORM),
            lambda obligation: obligation.binds,
        ),
        Member(
            "verdict", "Whether the entry's own contract ensures it.", VERDICT, lambda obligation: obligation.verdict
        ),
        Member("witness", "A record the entry accepts that does not meet it.", OrNull(WITNESS), lambda d: d.witness),
        Member(
            "reason",
            "The reason why the verdict is unknown; else null.",
            OrNull(PROSE),
            lambda obligation: obligation.reason,
        ),
        Member(
            "projections",
            "In the answer of `screen`, where it concerns several fields: what it leaves for each of those of the entry.",
            Several(_PROJECTION),
            lambda obligation: obligation.projections,
        ),
    ),
)

_FIELD: Object[ScreenField] = Object(
    "screen_field",
    "A field of the screen.",
    (
        Member("field", "Its full name.", TEXT_FORM, lambda field: field.field.full_name),
        Member("title", "Its title, for people.", OrNull(PROSE), lambda field: worded(field.field.title)),
        Member("location", "Where its contract is written.", LOCATION, lambda field: field.field.location),
        Member(
            "accepts",
            "The constraints of its own contract.",
            Several(CONSTRAINT),
            lambda field: field.field.constraints,
        ),
        Member(
            "obligations",
            "The downstream obligations on it; the binding ones first.",
            Several(OBLIGATION),
            lambda field: field.obligations,
        ),
        Member(
            "not_known",
            "The reason why there may be further obligations, so that the field is not safe; null: these are all.",
            OrNull(PROSE),
            lambda field: field.not_known,
        ),
    ),
)

_SCREEN: Object[Screen] = Object(
    "screen",
    "An entry, and the obligations on it.",
    (
        Member("entry", "Its full name: system.entity.", TEXT_FORM, lambda screen: screen.entity.full_name),
        Member("title", "Its title, for people.", OrNull(PROSE), lambda screen: worded(screen.entity.title)),
        Member("fields", "In the order of the contract.", Several(_FIELD), lambda screen: screen.fields),
        Member(
            "together", "Obligations on several fields at once.", Several(OBLIGATION), lambda screen: screen.together
        ),
    ),
)


_FEEDER: Object[Feeder] = Object(
    "feeder",
    "An entry whose values reach a downstream field.",
    (
        Member("entry", "Its full name: system.entity.", TEXT_FORM, lambda feeder: feeder.entity.full_name),
        Member("fields", "Those of its fields whose values do.", Several(TEXT_FORM), lambda feeder: feeder.fields),
        Member(
            "obligations",
            "What the field demands of them; the binding ones first.",
            Several(OBLIGATION),
            lambda feeder: feeder.obligations,
        ),
        Member(
            "not_known",
            "The reason why there may be further obligations; null: these are all.",
            OrNull(PROSE),
            lambda feeder: feeder.not_known,
        ),
    ),
)

_AT_RUNG: Object[EntryAtRung] = Object(
    "entry_at_rung",
    "An entry at a rung.",
    (
        Member("entry", "Its full name.", TEXT_FORM, lambda each: each.entry),
        Member(
            "witness",
            "A record that is fine today and fails at the first bound that hits the entry; null: not known.",
            OrNull(WITNESS),
            lambda each: each.witness,
        ),
        Member("reason", "The reason why it is not known; else null.", OrNull(PROSE), lambda each: each.reason),
    ),
)

_RUNG: Object[Rung] = Object(
    "rung",
    "Bounds with the same effect on every entry.",
    (
        Member("first", "The loosest, as it would be written.", PROSE, lambda rung: written_value(rung.first)),
        Member("last", "The tightest.", PROSE, lambda rung: written_value(rung.last)),
        Member("hit", "The entries whose records fail.", Several(_AT_RUNG), lambda rung: rung.hit),
        Member("unknown", "The entries of which that is not known.", Several(_AT_RUNG), lambda rung: rung.unknown),
    ),
)

LADDER: Object[Ladder] = Object(
    "ladder",
    "How far a bound can be tightened before the records of an entry fail that are fine today.",
    (
        Member("constraint", "Its key in the contract.", TEXT_FORM, lambda ladder: ladder.constraint),
        Member("unit", "What it counts; null: it is a value.", OrNull(TEXT_FORM), lambda ladder: ladder.unit),
        Member(
            "now",
            "The bound as it is; null: there is none.",
            OrNull(PROSE),
            lambda ladder: None if ladder.now is None else written_value(ladder.now),
        ),
        Member(
            "alters",
            "Whether the field alters what is beyond it, and rejects nothing.",
            BOOLEAN_FORM,
            lambda d: d.alters,
        ),
        Member("rungs", "The loosest first.", Several(_RUNG), lambda ladder: ladder.rungs),
    ),
)

_FIELD_SCREEN: Object[_FieldScreened] = Object(
    "field_screen",
    "A downstream field, and what it demands of the entries that feed it.",
    (
        Member("field", "Its full name.", TEXT_FORM, lambda screened: screened.screen.field.full_name),
        Member("feeders", "In the order of the contracts.", Several(_FEEDER), lambda screened: screened.screen.feeders),
        Member("ladders", "Of its bounds.", Several(LADDER), lambda screened: screened.ladders),
    ),
)


SCREEN_DOCUMENT: AnswerDocument[Screen | _FieldScreened] = AnswerDocument(
    "screen",
    (
        Member(
            "screen",
            "Of an entry; null when a downstream field was asked for, or the check was not run.",
            OrNull(_SCREEN),
            lambda answered: None if isinstance(answered.answer, _FieldScreened) else answered.answer,
        ),
        Member(
            "field_screen",
            "Of a downstream field; else null.",
            OrNull(_FIELD_SCREEN),
            lambda answered: answered.answer if isinstance(answered.answer, _FieldScreened) else None,
        ),
        PROBLEMS_MEMBER,
        Member("today", TODAY_MEANS, OrNull(DAY_FORM), lambda answered: answered.answer and answered.answer.today),
    ),
)


def screen_json(screen: Screen) -> str:
    """A screen as a JSON document."""
    return SCREEN_DOCUMENT.write(screen)


def field_screen_json(screen: FieldScreen, ladders: Sequence[Ladder]) -> str:
    """What a downstream field demands of entries, as a JSON document."""
    return SCREEN_DOCUMENT.write(_FieldScreened(screen, ladders))

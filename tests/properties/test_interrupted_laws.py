"""Wherever a question ends by its budget, the command ends with its answer: that is unknown, and nothing more claimed.

Questions of sets, and the way back over steps, are made to end at random places of a check and of a comparison.
"""

from __future__ import annotations

import random
from contextlib import ExitStack, contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from fieldline.application.screen import screen_named
from fieldline.application.trace import trace_value
from fieldline.checker.diff.diff import diff
from fieldline.checker.rules import RULES
from fieldline.checker.verdict.check import check
from fieldline.lineage.transforms.convert import Cast, Reformat
from fieldline.lineage.transforms.lookup import Map
from fieldline.lineage.transforms.period import PeriodEnd
from fieldline.lineage.transforms.shift import DateShift
from fieldline.values.budget import BudgetExceeded
from fieldline.values.numberset import NumberSet
from fieldline.values.record import RecordSet
from fieldline.values.textset import TextSet
from fieldline.values.valueset import ValueSet

from ..conformance.test_cases import Case, cases, version
from .strategies import tries
from .test_budget_laws import refuted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fieldline.documents.names import EntityName
    from fieldline.estate.load import Estate

_QUESTIONS: tuple[tuple[type, str], ...] = (
    *((kind, name) for kind in (ValueSet, TextSet) for name in ("is_empty", "member", "witness", "outside", "stray")),
    *((kind, "__le__") for kind in (ValueSet, TextSet, NumberSet)),
    *((NumberSet, name) for name in ("is_empty", "witness")),
    *((RecordSet, name) for name in ("first_violation", "member")),
    *((step, "preimage") for step in (Cast, Reformat, DateShift, PeriodEnd, Map)),
)


@contextmanager
def interrupted(chance: random.Random, share: float) -> Iterator[None]:
    """Lets this share of the questions end by their budget, but for those that another question asks in turn."""
    open_questions = 0

    def ending(question: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(question)
        def asked(*given: Any, **options: Any) -> Any:  # noqa: ANN401 - what the question takes and gives
            nonlocal open_questions
            if not open_questions and chance.random() < share:
                raise BudgetExceeded("states", 7)
            open_questions += 1
            try:
                return question(*given, **options)
            finally:
                open_questions -= 1

        return asked

    with ExitStack() as stack:
        for kind, name in _QUESTIONS:
            stack.enter_context(patch.object(kind, name, ending(kind.__dict__[name])))
        yield


@tries(160)
@given(seed=st.integers(0, 2**63))
def test_a_question_that_ends_by_its_budget_ends_nothing_else_and_claims_no_more(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same places for the same number
    rule, case = chance.choice([each for each in cases() if _is_judged(*each)])
    share = chance.choice((0.003, 0.02, 0.1, 0.5, 1))
    after = version(case, "after").load()
    if rule in {each.name for each in RULES}:
        whole = check(after)
        with interrupted(chance, share):
            part = check(after)
        assert set(part.summary.proved_fields) <= set(whole.summary.proved_fields)
        assert refuted(part.findings) <= refuted(whole.findings)
    else:
        before = version(case, "before").load()
        claimed = refuted(diff(before, after).findings)
        with interrupted(chance, share):
            assert refuted(diff(before, after).findings) <= claimed


@tries(120)
@given(seed=st.integers(0, 2**63))
def test_neither_does_it_end_a_trace_or_a_screen(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same places for the same number
    _, case = chance.choice([each for each in cases() if _is_judged(*each)])
    estate = version(case, "after").load()
    field = chance.choice(list(estate.contracts.fields.values()))
    with interrupted(chance, chance.choice((0.02, 0.1, 0.5, 1))):
        screen_named(estate, str(chance.choice([field.full_name, *entries(estate)])))
        if field.type == "text":
            trace_value(estate, str(field.full_name), chance.choice(("abc", "ABCDEFGHIJKLMNOPQRS", "é")))


def entries(estate: Estate) -> list[EntityName]:
    return [name for name, entity in estate.contracts.entities.items() if entity.kind == "entry"]


def _is_judged(rule: str, case: Case) -> bool:
    """Whether the case is one of estates, and not of a policy or of stored rows."""
    return not {"baseline", "waivers", "rows"} & case.keys() and rule not in {"expired-waiver", "stale-baseline"}

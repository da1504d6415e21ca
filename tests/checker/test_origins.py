"""Many values at once come from the entries that each of them alone comes from."""

from __future__ import annotations

import random
import string
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from fieldline.checker.judging.context import Context
from fieldline.checker.tracing.asked import named_field
from fieldline.checker.tracing.origins import MOST_QUESTIONS, Origins
from fieldline.checker.tracing.trace import roots_of
from fieldline.estate.load import load_estate
from fieldline.values.valueset import ValueSet

if TYPE_CHECKING:
    from pathlib import Path

    from fieldline.values.valueset import Value

CHANCE = random.Random(5)  # noqa: S311
CAPITALS = string.ascii_uppercase + string.digits


def texts(letters: str, low: int, high: int, count: int = 300) -> list[Value]:
    return ["".join(CHANCE.choices(letters, k=CHANCE.randint(low, high))) for _ in range(count)]


CASES: dict[str, list[Value]] = {
    "billing.customer.username": [*texts(CAPITALS, 1, 20), *texts(CAPITALS + ".-å", 1, 14), None, ""],
    "billing.customer.postal_code_fi": texts(CAPITALS + " -", 2, 12),
    "payments.mandate.iban": [f"FI{text}" for text in texts(string.digits, 12, 40)],
    "billing.customer.credit_limit": [Decimal(CHANCE.randint(0, 100_000_000)) / 100 for _ in range(300)],
    "payments.mandate.currency": ["EUR", "SEK", "USD", ""],
    "web.signup.username": ["anna", "a" * 65, ""],
    "letters.label.name_line": ["Anna Virtanen"],
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_verdicts_agree_with_the_trace_of_each_value(examples: Path, name: str) -> None:
    estate = load_estate(examples / "nordbank")
    context = Context(estate)
    field = named_field(estate, name)
    origins = Origins(context, field)
    verdicts = {value: origins.verdicts(value) for value in CASES[name]}
    assert origins.questions <= MOST_QUESTIONS
    restricted = context.restricted(context.graph.related(field.full_name))
    seen = set()
    for value in [*dict.fromkeys(CASES[name])][:12] + CHANCE.sample(CASES[name], min(6, len(CASES[name]))):
        found = {root.entry.full_name: root.verdict for root in roots_of(restricted, field, ValueSet.exactly([value]))}
        exact = tuple(found[entity.full_name] for entity in origins.entries)
        for one, many in zip(
            exact, verdicts[value], strict=True
        ):  # of joined texts, either may know what the other does not
            assert one == many or "unknown" in {one, many}, value
        seen.update(verdicts[value])
    if ".label." not in name:
        assert not any("unknown" in each for each in verdicts.values())


def test_a_value_that_is_in_no_set_asked_about_is_decided_without_a_question(examples: Path) -> None:
    estate = load_estate(examples / "nordbank")
    origins = Origins(Context(estate), named_field(estate, "billing.customer.username"))
    assert origins.verdicts("ABCDEFGHIJKLM") == ("proved", "proved", "refuted")
    asked = origins.questions
    for number in range(1_000):
        assert origins.verdicts(f"ABCDEFGHIJKLM{number}") == ("proved", "proved", "refuted")
    assert origins.questions == asked

"""Budgets: what effort multiplies, what a question that ran out names, and that an answer belongs to its budget."""

import ast
from dataclasses import fields
from pathlib import Path

import pytest

from fieldline.values.budget import MOST_EFFORT, STANDARD, Budget, BudgetExceeded, out_of
from fieldline.values.regex import parse
from fieldline.values.textset import TextSet

ROOT = Path(__file__).parent.parent.parent
AMOUNTS = {each.name for each in fields(Budget)}
NOT_OF_EFFORT = {"nested branches", "whole numbers", "characters"}
"""What the interpreter's stack bounds, and what bounds the form of a set or of a table: no effort changes it."""


def test_effort_multiplies_the_amounts_whose_end_leaves_something_undecided_and_no_other() -> None:
    budget = Budget.of_effort(3)
    changed = {name for name in AMOUNTS if getattr(budget, name) != getattr(STANDARD, name)}
    assert all(getattr(budget, name) == 3 * getattr(STANDARD, name) for name in changed)
    assert {"states", "phases", "rounds", "ways", "joined_ways", "samples", "obligations_in_a_cycle"} <= changed
    assert {"first_states", "ahead_states", "quick_states", "chained_states", "glance_states"}.isdisjoint(changed)


def test_the_least_effort_is_the_standard_and_there_is_a_greatest() -> None:
    assert Budget.of_effort(1) is STANDARD
    assert Budget.of_effort(MOST_EFFORT).states == MOST_EFFORT * STANDARD.states
    for effort in (0, -1, MOST_EFFORT + 1):
        with pytest.raises(ValueError, match=f"from 1 to {MOST_EFFORT}, not {effort}"):
            Budget.of_effort(effort)


def test_budgets_of_equal_amounts_are_equal() -> None:
    assert (Budget.of_effort(2), hash(Budget.of_effort(2))) == (Budget.of_effort(2), hash(Budget.of_effort(2)))
    assert Budget.of_effort(2) != STANDARD
    assert STANDARD.limited(400) == STANDARD.second_look.quick
    assert STANDARD != 1


def test_the_budget_of_a_part_never_exceeds_that_of_the_whole() -> None:
    small = STANDARD.limited(100)
    assert small.states == 100
    assert small.quick is small.glance is small.second_look is small
    assert STANDARD.limited(STANDARD.states + 1) is STANDARD


def test_what_ran_out_is_named_and_whether_effort_raises_it() -> None:
    error = BudgetExceeded("states", 20_000)
    assert str(error) == "gave up after 20,000 states"
    assert error.reason == "budget: gave up after 20,000 states; --effort raises it"
    assert out_of("obligations in a cycle", 32).endswith("32 obligations in a cycle; --effort raises it")
    assert out_of("nested branches", 31) == "budget: gave up after 31 nested branches"


def test_every_amount_that_the_product_runs_out_of_is_one_of_a_budget() -> None:
    named = {name for room in ("values", "checker", "validators", "rows") for name in _amounts_named(ROOT / room)}
    assert named > NOT_OF_EFFORT
    assert {name.replace(" ", "_") for name in named - NOT_OF_EFFORT} <= AMOUNTS
    assert all(out_of(name, 1).endswith("--effort raises it") for name in named - NOT_OF_EFFORT)


def _amounts_named(room: Path) -> set[str]:
    calls = (node for file in room.rglob("*.py") for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    return {
        str(argument.value)
        for call in calls
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        if call.func.id in {"BudgetExceeded", "out_of"} and call.args
        if isinstance(argument := call.args[0], ast.Constant)
    }


@pytest.mark.parametrize(("letters", "asked_before"), [("cd", False), ("ef", True)])
def test_an_answer_is_kept_for_the_budget_it_was_asked_with(letters: str, asked_before: bool) -> None:
    one = f"({'|'.join(letters)})"  # sets that no other test asks about
    inner = TextSet.language(parse(f"{one}*{letters[0]}{one}{{8}}").language)
    outer = TextSet.language(parse(f"{one}*{letters[0]}({one}{one}){{4}}").language)
    if asked_before:
        assert inner.outside(outer) is None
    for question in (inner.outside, inner.stray):
        with pytest.raises(BudgetExceeded) as caught:
            question(outer, STANDARD.limited(300))
        assert (caught.value.amount, caught.value.spent > 300) == ("states", True)
        assert question(outer) is None

"""The smallest set of changes whose undoing ends a failure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fieldline.checker.cause import cause_id
from fieldline.checker.change import Change, Statement
from fieldline.checker.diff.blame import smallest
from fieldline.checker.diff.diff import diff
from fieldline.documents.location import Location
from fieldline.documents.names import FieldName
from fieldline.values.budget import STANDARD

from .test_diff import CHAIN, WEB, causes, compare, estate, text

if TYPE_CHECKING:
    from collections.abc import Sequence

PLACE = Location("a.yaml", 1, 1)


def change(name: str, before: str = "at most 12 characters", after: str = "at most 10 characters") -> Change:
    sides = Statement(before, PLACE), Statement(after, PLACE)
    return Change("constraint", FieldName.read(f"a.b.{name}"), "max_length", *sides)


CHANGES = {name: change(name) for name in "abcde"}


@pytest.mark.parametrize(
    ("ends", "cause"),
    [
        (["a"], "a"),
        (["a", "b"], "ab"),  # it needs both: undoing either ends it
        (["ab"], "ab"),  # either is enough: only undoing both ends it
        (["ab", "cde"], "ab"),
        (["cde", "ab"], "ab"),
        (["cde"], "cde"),
        ([], "abcde"),  # undoing all of them ends nothing: all that is known is that they are on the way
    ],
)
def test_the_smallest_set_is_named(ends: list[str], cause: str) -> None:
    """`ends`: sets of changes, each of which ends the failure when it is undone."""

    def fails(undone: Sequence[Change]) -> bool:
        names = {str(each.name)[-1] for each in undone}
        return not any(names.issuperset(each) for each in ends)

    found = smallest(tuple(CHANGES.values()), fails, STANDARD)
    assert "".join(str(each.name)[-1] for each in found) == cause


def test_an_identity_is_of_the_changes_before_and_after_and_of_nothing_else() -> None:
    one, other = CHANGES["a"], CHANGES["b"]
    assert cause_id([one, other]) == cause_id([other, one]) != cause_id([one])
    moved = Change(
        one.what, one.name, one.constraint, Statement("at most 12 characters", Location("z", 9, 9)), one.after
    )
    assert cause_id([moved]) == cause_id([one])
    assert cause_id([change("a", after="at most 8 characters")]) != cause_id([one])
    assert cause_id([change("a", before="at most 10 characters")]) != cause_id([one])
    assert cause_id([]) == ""


@pytest.mark.parametrize("rule", ["one_of", "not_one_of"])
def test_the_end_of_a_long_list_is_a_part_of_the_identity(rule: str) -> None:
    """A sentence names eight values and counts the rest."""

    def cause(last: str) -> str:
        codes = [f"c{number}" for number in range(10)]
        before, after = (estate({**WEB, "db": {"f": text(**{rule: [*codes, end]})}}, []) for end in ("x", last))
        return cause_id(diff(before.load(), after.load()).changes)

    assert cause("y") != cause("z")


def test_the_fields_of_a_new_entity_are_a_part_of_the_identity() -> None:
    def cause(limit: int) -> str:
        before = estate(WEB, []).load()
        return cause_id(diff(before, estate({**WEB, "db": {"f": text(max_length=limit)}}, []).load()).changes)

    assert cause(10) != cause(9)


def test_of_two_changes_at_an_entry_the_one_that_turns_the_value_away_is_the_cause() -> None:
    systems: dict[str, Any] = {"crm": {"f": text()}, "db": {"f": text()}}
    found = compare(
        {"web": {"f": text(max_length=40)}, **systems},
        {"web": {"f": text(max_length=20, max_bytes={"limit": 400, "encoding": "utf-8"})}, **systems},
    )
    (narrowed,) = (finding for finding in found.findings if finding.rule == "entry-narrowed")
    assert causes(narrowed) == ["web.e.f max_length"]


def test_of_changes_on_the_way_those_that_make_values_equal_are_the_cause() -> None:
    """The table's column became unique, and longer; the hub between them got a title that matters to nothing."""
    systems: dict[str, Any] = {**WEB, "crm": {"f": text()}}
    flows = [CHAIN[0], {**CHAIN[1], "via": [{"truncate": 10}], "accept_loss": True}]
    found = compare(
        {**systems, "db": {"f": text(max_length=30)}},
        {**systems, "db": {"f": text(max_length=35, unique=True)}},
        flows,
    )
    collisions = [finding for finding in found.findings if finding.rule == "newly-colliding"]
    assert collisions
    assert {cause for finding in collisions for cause in causes(finding)} == {"db.e.f unique"}


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_rule_is_judged_with_the_fields_that_it_names(is_kept: bool) -> None:
    """The column became unique. The entry's field is required in some records, by a field that flows nowhere."""
    flows = [CHAIN[0], {**CHAIN[1], "via": [{"truncate": 10}], "accept_loss": True}]
    crm = {"f": text()}
    ruled = {"f": text(max_length=40, required={"when": "kind = 'a'"}), "kind": text(one_of=["a", "b"])}
    found = compare(
        {"web": ruled, "crm": crm, "db": {"f": text(max_length=30)}},
        {"web": ruled if is_kept else WEB["web"], "crm": crm, "db": {"f": text(max_length=30, unique=True)}},
        flows,
    )
    collisions = [finding for finding in found.findings if finding.rule == "newly-colliding"]
    assert collisions
    assert {cause for finding in collisions for cause in causes(finding)} == {"db.e.f unique"}

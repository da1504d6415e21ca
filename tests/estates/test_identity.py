"""The cases of real identity systems: each chain's binding system, and the length at which it begins to refuse."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fieldline.checker.check import check
from fieldline.lineage.load import load_estate

if TYPE_CHECKING:
    from fieldline.checker.finding import Finding

EXAMPLES = Path(__file__).parent.parent.parent / "examples"


@cache
def findings() -> tuple[Finding, ...]:
    return check(load_estate(EXAMPLES / "identity")).findings


def told(rule: str, entry: str, system: str) -> list[Finding]:
    return [f for f in findings() if f.rule == rule and f.field == entry and f.binding and f.binding.system == system]


def value(finding: Finding) -> str:
    return str(next(iter((finding.witness or {}).values())))


def test_the_part_before_the_at_is_refused_from_21_characters_on() -> None:
    found = told("escape", "entra.user.userPrincipalName", "ad_sam")
    assert [len(value(f).partition("@")[0]) for f in found] == [21]


def test_what_the_front_end_shows_is_the_first_20_characters() -> None:
    found = told("loss", "entra.user.userPrincipalName", "ad_frontend")
    assert [f.hops[-1].value for f in found] == [value(f).partition("@")[0][:20] for f in found] != []


@pytest.mark.parametrize(("system", "length"), [("planka", 17), ("redmine", 31), ("jorani", 33)])
def test_each_system_behind_one_login_has_its_own_smallest_escape(system: str, length: int) -> None:
    assert [len(value(f)) for f in told("escape", "okta.profile.login", system)] == [length]


def test_a_cut_makes_two_people_one_user() -> None:
    (found,) = told("collision", "vle.launch.user_id", "numbas")
    first, second = (str(next(iter((record or {}).values()))) for record in (found.witness, found.second))
    assert first != second
    assert first[:25] == second[:25]


def test_one_system_has_two_doors_with_two_verdicts() -> None:
    assert [len(value(f)) for f in told("escape", "hr.person.login", "servicenow")] == [41]
    assert [len(value(f)) for f in told("loss", "hr.person.login", "servicenow")] == [41]


def test_bytes_are_cut_between_characters() -> None:
    (found,) = told("loss", "hr.person.login", "postgres")
    assert len(value(found).encode()) > 63
    assert len(str(found.hops[-1].value).encode()) <= 63

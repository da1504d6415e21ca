"""The cases of real identity systems: each chain's binding system, and the length at which it begins to reject."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from fieldline.checker.judging.context import Context
from fieldline.checker.judging.simulate import travel
from fieldline.checker.verdict.check import check
from fieldline.documents.names import FieldName
from fieldline.estate.load import load_estate

from ..names import by_name

if TYPE_CHECKING:
    from fieldline.checker.finding import Finding
    from fieldline.checker.judging.simulate import Arrival

HERE = Path(__file__).parent
EXAMPLES = HERE.parent.parent / "examples"
CASES = yaml.safe_load(
    (HERE.parent / "conformance" / "examples" / "identity_by_hand.yaml").read_text(encoding="utf-8")
)["cases"]
VALUES = [(case, row) for case in CASES for row in case.get("values", ())]


@cache
def context() -> Context:
    return Context(load_estate(EXAMPLES / "identity"))


@cache
def findings() -> tuple[Finding, ...]:
    return check(context().estate).findings


def told(rule: str, entry: str, system: str) -> list[Finding]:
    return [
        f for f in findings() if f.rule == rule and str(f.field) == entry and f.binding and f.binding.system == system
    ]


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


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['case']}-{case['rule']}-{case['binding']}")
def test_every_case_is_found_at_its_binding_from_its_length_on(case: dict[str, Any]) -> None:
    (found,) = [
        f
        for f in findings()
        if f.rule == case["rule"]
        and str(f.field) == case["entry"]
        and f.binding is not None
        and (str(f.binding.field), f.binding.constraint) == (case["binding"], case["constraint"])
    ]
    assert found.verdict == "refuted"
    if "first_length" in case:
        assert len(value(found)) == case["first_length"]
    if "agree_on" in case:
        second = str(next(iter((found.second or {}).values())))
        assert value(found)[: case["agree_on"]] == second[: case["agree_on"]]


@pytest.mark.parametrize(("case", "row"), VALUES, ids=[f"{c['binding']}-{r['value']}" for c, r in VALUES])
def test_every_value_fares_as_the_sources_say(case: dict[str, Any], row: dict[str, Any]) -> None:
    assert row["value"] in context().judge.accepted(FieldName.read(case["entry"]))
    arrived = travel(context().graph, by_name({case["entry"]: row["value"]})).arrivals[FieldName.read(case["binding"])]
    assert any(fares(arrival, case, row) for arrival in arrived)  # it may come by two doors


def fares(arrival: Arrival, case: dict[str, Any], row: dict[str, Any]) -> bool:
    """Whether a value that arrives at the binding has the verdict, and is what is said to arrive."""
    rejected = case["constraint"] in {c.name for c in arrival.rejections}
    verdict = "refused" if rejected else "altered" if arrival.stored != arrival.value else "accepted"
    arrives = arrival.value if rejected else arrival.stored
    return verdict == row["verdict"] and row.get("arrives", arrives) == arrives


def test_these_are_all_the_findings() -> None:
    told = [
        (f.rule, str(f.field), str(f.binding.field), f.binding.constraint)
        for f in findings()
        if f.binding and f.rule != "over-tight"
    ]
    entra, google = "entra.user.userPrincipalName", "google.account.username"
    hr, okta, vle = "hr.person.login", "okta.profile.login", "vle.launch.user_id"
    assert told == [
        ("collision", entra, "ad_sam.user.sAMAccountName", "unique"),
        ("collision", vle, "numbas.auth_user.username", "unique"),
        ("escape", entra, "ad_sam.user.sAMAccountName", "max_length"),
        ("escape", "google.account.first_name", "harbor.user.realname", "max_length"),
        ("escape", google, "github.account.username", "pattern"),
        ("escape", google, "ibmi.profile.name", "pattern"),
        ("escape", google, "linux_debian12.passwd.login", "max_bytes"),
        ("escape", google, "linux_doc.passwd.login", "max_length"),
        ("escape", google, "linux_doc.passwd.login", "pattern"),
        ("escape", google, "mysql57.mysql_user.user", "max_length"),
        ("escape", google, "racf_tso.user.userid", "pattern"),
        ("escape", google, "sap_abap.usr02.bname", "max_length"),
        ("escape", google, "sap_abap.usr02.bname", "pattern"),
        ("escape", hr, "servicenow.sys_user.user_name", "max_length"),
        ("escape", okta, "jorani.users.login", "max_length"),
        ("escape", okta, "planka.user_account.username", "max_length"),
        ("escape", okta, "redmine.users.login", "max_length"),
        ("loss", entra, "ad_frontend.user.sAMAccountName", "max_length"),
        ("loss", hr, "postgres.pg_roles.rolname", "max_bytes"),
        ("loss", hr, "servicenow.import_set.user_name", "max_length"),
        ("loss", vle, "numbas.auth_user.username", "max_length"),
    ]
    assert {f.verdict for f in findings()} == {"refuted"}

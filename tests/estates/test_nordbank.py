"""The invented bank of the introduction: one of each thing that can be wrong, and nothing else."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from fieldline.checker.judging.context import Context
from fieldline.checker.judging.simulate import travel
from fieldline.checker.verdict.check import check
from fieldline.documents.names import FieldName
from fieldline.estate.load import load_estate

from ..names import by_name

if TYPE_CHECKING:
    from fieldline.checker.finding import Finding
    from fieldline.checker.verdict.check import Report

NORDBANK = Path(__file__).parent.parent.parent / "examples" / "nordbank"


@cache
def context() -> Context:
    return Context(load_estate(NORDBANK))


@cache
def report() -> Report:
    return check(context().estate)


def found(rule: str) -> list[Finding]:
    return [f for f in report().findings if f.rule == rule]


def test_these_are_all_the_findings() -> None:
    told = [
        (f.rule, tuple(map(str, f.fields)), str(f.binding.field), f.binding.constraint)
        for f in report().findings
        if f.binding
    ]
    assert len(told) == len(report().findings)
    web, branch, partner = "web.signup", "branch.onboarding", "partner.applications"
    names = {entity: (f"{entity}.first_name", f"{entity}.last_name") for entity in (web, branch)}
    assert [row for row in told if row[0] != "over-tight"] == [
        ("collision", (f"{web}.username", f"{branch}.username"), "crm.person.login", "unique"),
        ("collision", (f"{web}.username", f"{partner}.username"), "crm.person.login", "unique"),
        ("collision", (f"{web}.username",), "iam.account.user_id", "unique"),
        ("escape", (f"{partner}.credit_limit",), "billing.customer.credit_limit", "precision"),
        ("escape", (f"{partner}.username",), "billing.customer.username", "pattern"),
        ("escape", names[web], "billing.customer.full_name", "max_bytes"),
        ("escape", (f"{web}.postal_code",), "billing.customer.postal_code_fi", "pattern"),
        ("escape", (f"{web}.username",), "billing.customer.username", "max_bytes"),
        ("loss", names[branch], "letters.label.name_line", "max_length"),
        ("loss", (f"{partner}.name",), "crm.person.first_name", "split"),
        ("loss", (f"{partner}.name",), "letters.label.name_line", "max_length"),
        ("loss", names[web], "letters.label.name_line", "max_length"),
        ("loss", (f"{web}.street",), "letters.label.street_line", "max_length"),
        ("loss", (f"{web}.username",), "iam.account.user_id", "max_length"),
        (
            "loss",
            ("crm.person.postal_code", "billing.customer.postal_code_fi"),
            "billing.customer.postal_code_fi",
            "when",
        ),
    ]
    assert {f.verdict for f in report().findings} == {"refuted"}


def test_thirteen_letters_typed_on_the_web_are_refused_by_the_mainframe_a_day_later() -> None:
    (finding,) = [f for f in found("escape") if str(f.field) == "web.signup.username"]
    assert finding.witness is not None
    (typed,) = finding.witness.values()
    assert isinstance(typed, str)
    assert len(typed) == 13
    assert [str(hop.field) for hop in finding.hops] == [
        "web.signup.username",
        "crm.person.login",
        "iam.account.user_id",
        "billing.customer.username",
    ]
    assert finding.hops[-1].value == typed.upper()
    journey = travel(context().graph, by_name({"web.signup.username": typed}))
    (rejection,) = journey.rejections()
    assert str(rejection.field) == "billing.customer.username"
    assert rejection.elapsed.total_seconds() == (24 * 60 + 15 + 1) * 60


def test_twelve_letters_are_taken_by_everybody() -> None:
    assert travel(context().graph, by_name({"web.signup.username": "abcdefghijkl"})).rejections() == ()


def test_two_users_that_agree_in_twenty_letters_become_one() -> None:
    (finding,) = [f for f in found("collision") if len(f.fields) == 1]
    assert finding.witness is not None
    assert finding.second is not None
    first, second = (next(iter(record.values())) for record in (finding.witness, finding.second))
    assert isinstance(first, str)
    assert isinstance(second, str)
    assert first != second
    assert first[:20] == second[:20]


def test_a_postal_code_is_refused_only_where_the_country_is_finland() -> None:
    (finding,) = [f for f in found("escape") if str(f.field) == "web.signup.postal_code"]
    assert finding.witness is not None
    assert finding.witness[FieldName.read("web.signup.country")] == "FI"
    elsewhere = {**finding.witness, **by_name({"web.signup.country": "SE"})}
    assert [str(a.field) for a in travel(context().graph, finding.witness).rejections()] == [
        "billing.customer.postal_code_fi"
    ]
    assert travel(context().graph, elsewhere).rejections() == ()


def test_what_a_partner_may_grant_billing_cannot_hold() -> None:
    (finding,) = [f for f in found("escape") if str(f.field) == "partner.applications.credit_limit"]
    assert finding.witness == by_name({"partner.applications.credit_limit": 100_000})


def test_the_countries_are_the_same_everywhere() -> None:
    relations = {str(entry.field): entry.relation for entry in report().summary.entries}
    assert relations["web.signup.country"] == "equal"
    assert relations["branch.onboarding.country"] == "equal"
    assert relations["branch.onboarding.username"] == "both"  # a login of the web meets one of its own

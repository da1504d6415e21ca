"""A rule that is enforced and not stated exactly: unknown wherever it can be reached, and never safe."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from fieldline.checker.requirement.screen import screen
from fieldline.checker.verdict.check import check
from fieldline.checker.verdict.policy import rule_estate
from fieldline.reports.text.check import check_text
from fieldline.reports.text.page import Look
from fieldline.reports.text.trace import trace_text

from ..properties.estates import estate
from ..tracing import answered, traced

if TYPE_CHECKING:
    from fieldline.checker.finding import Finding
    from fieldline.checker.verdict.check import Report
    from fieldline.estate.load import Estate

LUHN = "CHECK (luhn(card_no))"
ENTRY = {"type": "text", "required": True, "pattern": "[0-9]{1,4}"}
JUDGED = ("escape", "loss", "collision", "over-tight")


def bank(entry: Any = ENTRY, crm: Any = None, core: Any = None) -> Estate:  # noqa: ANN401 - YAML
    """A screen, a register behind it, a core behind that."""
    plain = {"type": "text", "max_length": 20}
    fields = {"in1": {"f": entry}, "crm": {"f": crm or plain}, "core": {"f": core or {**plain, "opaque": LUHN}}}
    flows = [{"from": "in1.e.f", "to": "crm.e.f"}, {"from": "crm.e.f", "to": "core.e.f", "via": ["trim"]}]
    return estate(fields, flows)


def verdicts(report: Report) -> list[tuple[str, str, str | None]]:
    return [(f.rule, f.verdict, f.binding.sentence if f.binding else None) for f in judged(report)]


def judged(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.rule in JUDGED]


def test_an_entry_that_can_reach_it_gets_a_finding_that_names_rule_and_place() -> None:
    report = check(bank())
    assert verdicts(report) == [("escape", "unknown", LUHN)]
    (finding,) = judged(report)
    assert finding.message == (
        f"in1.e.f: unknown whether core accepts all of its values (core.e.f: {LUHN}): "
        f'the values that "{LUHN}" rejects are not known'
    )
    assert finding.binding is not None
    assert finding.binding.location.file == "contracts/core.yaml"
    (field,) = report.summary.entries
    assert (field.relation, field.unknown) == ("unknown", 1)
    ruling = rule_estate(bank(), report.findings, date(2026, 1, 1))
    assert "Not decided, so not safe: 1" in check_text(report, ruling, bank(), Look(140))


def test_each_of_several_rules_is_told() -> None:
    report = check(bank(core={"type": "text", "opaque": ["a", "b"]}))
    assert verdicts(report) == [("escape", "unknown", "a"), ("escape", "unknown", "b")]


def test_what_is_refused_for_certain_is_still_proved_beside_it() -> None:
    report = check(bank(core={"type": "text", "max_length": 3, "opaque": LUHN}))
    assert ("escape", "refuted", "at most 3 characters") in verdicts(report)
    assert ("escape", "unknown", LUHN) in verdicts(report)


def test_a_value_that_another_rule_may_refuse_first_is_refused_all_the_same() -> None:
    """Either the register rejects it, or the core does: the screen lets in what is rejected."""
    report = check(bank(crm={"type": "text", "opaque": LUHN}, core={"type": "text", "max_length": 3}))
    assert verdicts(report) == [("escape", "refuted", "at most 3 characters"), ("escape", "unknown", LUHN)]


def test_a_value_that_may_be_refused_first_is_no_proof_of_a_loss() -> None:
    cut = {"type": "text", "max_length": 3, "on_violation": "truncate"}
    assert ("loss", "refuted", "at most 3 characters") in verdicts(check(bank(core=cut)))
    report = check(bank(crm={"type": "text", "opaque": LUHN}, core=cut))
    assert ("loss", "unknown", "at most 3 characters") in verdicts(report)
    reasons = [f.reason for f in report.findings if f.rule == "loss"]
    assert reasons == [
        f'"0000" would be a proof, if crm.e.f accepts it, and the values that "{LUHN}" rejects are not known'
    ]


def test_what_an_entry_with_such_a_rule_lets_in_is_no_proof() -> None:
    report = check(bank(entry={**ENTRY, "opaque": LUHN}, core={"type": "text", "max_length": 3}))
    assert verdicts(report) == [("escape", "unknown", "at most 3 characters")]
    fits = check(bank(entry={**ENTRY, "opaque": LUHN}, core={"type": "text", "max_length": 4}))
    assert verdicts(fits) == []
    (field,) = check(
        bank(entry={**ENTRY, "opaque": LUHN}, core={"type": "text", "pattern": "[0-9]{4}"})
    ).summary.entries
    assert field.relation == "unknown"


def test_nothing_is_called_too_tight_before_such_a_rule() -> None:
    short = {"type": "text", "max_length": 2}
    assert [v[0] for v in verdicts(check(bank(entry=short, core={"type": "text", "max_length": 9})))] == ["over-tight"]
    assert [v[0] for v in verdicts(check(bank(entry=short)))] == ["escape"]


def test_two_values_that_may_be_refused_are_no_proof_of_a_collision() -> None:
    unique = {"type": "text", "unique": {"case": "insensitive"}}
    entry = {"type": "text", "pattern": "[aA]"}
    assert ("collision", "refuted") in [v[:2] for v in verdicts(check(bank(entry=entry, core=unique)))]
    report = check(bank(entry=entry, core={**unique, "opaque": LUHN}))
    assert ("collision", "unknown") in [v[:2] for v in verdicts(report)]
    assert "refuted" not in [v[1] for v in verdicts(report)]


def test_a_documented_rule_that_is_not_enforced_is_not_known_to_be_met() -> None:
    report = check(bank(core={"type": "text", "opaque": LUHN, "on_violation": "accept"}))
    assert verdicts(report) == [("loss", "unknown", LUHN)]


def test_a_screen_lists_it_as_not_decided() -> None:
    (field,) = screen(bank(), "in1.e").fields
    (obligation,) = [o for o in field.obligations if o.binding.sentence == LUHN]
    assert (obligation.verdict, obligation.binds, obligation.transforms) == (
        "unknown",
        None,
        ("spaces removed at both ends",),
    )


def test_a_trace_says_who_may_refuse_it_and_promises_nothing() -> None:
    found = traced(bank(), "crm.e.f", "1234")
    assert found.failures == ()
    assert [(str(doubt.field.full_name), doubt.constraints[0].sentence) for doubt in found.doubts] == [
        ("core.e.f", LUHN)
    ]
    assert found.advice.kind == "not known"
    text = trace_text(answered(found, bank()), Look(140))
    assert text.startswith(
        f'The outcome of "1234" (f, crm) is unknown: core has a rule that is not stated exactly ({LUHN}).'
    )
    assert "Who may reject it: unknown\n  core: f (core.e.f)\n    CHECK (luhn(card_no))  contracts/core.yaml:1:" in text
    assert [root.verdict for root in found.roots] == ["refuted"]


def test_a_trace_does_not_say_that_an_entry_let_it_in_where_that_is_not_known() -> None:
    entry = {**ENTRY, "opaque": "the terminal's own check"}
    (there,) = traced(bank(entry=entry), "in1.e.f", "1234").roots
    reason = 'the values that "the terminal\'s own check" rejects are not known'
    assert (there.verdict, there.reason) == ("unknown", reason)
    (root,) = traced(bank(entry=entry), "core.e.f", "1234").roots
    assert root.verdict == "unknown"


def test_two_systems_whose_rules_are_called_the_same_are_both_told() -> None:
    rule = {"type": "text", "max_length": 20, "opaque": LUHN}
    fields = [
        str(f.binding.field) for f in judged(check(bank(crm=rule, core=rule))) if f.rule == "escape" and f.binding
    ]
    assert fields == ["core.e.f", "crm.e.f"]

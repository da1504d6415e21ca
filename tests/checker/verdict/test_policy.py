"""A policy says what counts. It makes nothing safe, and it is told where it does not hold."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest

from fieldline.application.check import new_baseline
from fieldline.checker.finding import Finding, Severity
from fieldline.checker.verdict.check import Report, check
from fieldline.checker.verdict.fingerprint import fingerprints
from fieldline.checker.verdict.policy import Ruled, Ruling, apply_policy, baseline, rule_estate
from fieldline.checker.verdict.rulebook import ALL_RULES, DEFAULT_SEVERITIES
from fieldline.documents.problem import EstateError
from fieldline.estate.load import Estate, load_estate
from fieldline.estate.policy import CONFIGURABLE
from fieldline.reports.export.baseline_yaml import baseline_yaml

from ...names import names

if TYPE_CHECKING:
    from collections.abc import Callable

TODAY = date(2026, 7, 1)
Judged: TypeAlias = "Callable[[str], tuple[Estate, Report]]"


@pytest.fixture
def judged(tmp_path: Path) -> Judged:
    """A small estate under a policy: two escapes, a loss, and something that is not decided."""

    def load(policy: str) -> tuple[Estate, Report]:
        for name, text in {
            "fieldline.yaml": f"estate: small\n{policy}",
            "contracts/web.yaml": (
                "system: web\nowner: {team: Web}\nentities:\n  signup:\n    kind: entry\n    fields:\n"
                "      name: {type: text, max_length: 30}\n      city: {type: text}\n"
                "      code: {type: text, max_length: 3}\n"
            ),
            "contracts/core.yaml": (
                "system: core\nowner: {team: Core}\nentities:\n  person:\n    fields:\n"
                "      name: {type: text, max_length: 20, pattern: '[a-z]*'}\n"
                "      city: {type: text, max_length: 10, on_violation: truncate}\n"
                "      code: {type: text, pattern: '[A-Z]*'}\n"
            ),
            "lineage/flows.yaml": (
                "flows:\n  - {from: web.signup.name, to: core.person.name}\n"
                "  - {from: web.signup.city, to: core.person.city}\n"
                "  - {from: web.signup.code, to: core.person.code, via: [{opaque: a routine}]}\n"
            ),
        }.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text)
        estate = load_estate(tmp_path)
        return estate, check(estate)

    return load


def ruling(judged: Judged, policy: str, today: date = TODAY, **options: str) -> Ruling:
    estate, report = judged(policy)
    return rule_estate(estate, report.findings, today, **options)  # type: ignore[arg-type]


def found(ruling: Ruling, state: str = "open") -> list[tuple[str, str]]:
    return sorted((r.finding.rule, str(r.finding.field)) for r in ruling.ruled if r.state == state)


ALL = [
    ("escape", "web.signup.code"),
    ("escape", "web.signup.name"),
    ("escape", "web.signup.name"),
    ("loss", "web.signup.city"),
]


def test_every_rule_but_that_of_expired_waivers_can_be_configured() -> None:
    assert {rule.name for rule in ALL_RULES} - {"expired-waiver"} == set(CONFIGURABLE)
    assert len(DEFAULT_SEVERITIES) == len(ALL_RULES)


def test_without_a_policy_all_is_open_and_an_error_fails(judged: Judged) -> None:
    told = ruling(judged, "")
    assert found(told) == ALL
    assert told.fails
    assert [told.is_failing(ruled) for ruled in told.ruled] == [True, True, True, False]


def test_a_severity_is_the_policy_s(judged: Judged) -> None:
    told = ruling(judged, "rules: {loss: error, escape: info}\n")
    assert {r.finding.rule: r.finding.severity for r in told.ruled} == {"loss": Severity.ERROR, "escape": Severity.INFO}
    assert told.ruled[0].finding.rule == "loss"
    assert {r.finding.rule for r in told.ruled if told.is_failing(r)} == {"loss"}


def test_a_rule_that_is_off_is_counted_and_nothing_is_called_clean(judged: Judged) -> None:
    told = ruling(judged, "rules: {escape: off}\n")
    assert found(told) == [("loss", "web.signup.city")]
    assert told.off == {"escape": 3}
    assert not told.fails


@pytest.mark.parametrize(
    ("fail_on", "option", "fails"),
    [
        ("", {}, True),
        ("fail_on: never\n", {}, False),
        ("fail_on: never\n", {"fail_on": "error"}, True),
        ("rules: {escape: off}\nfail_on: warning\n", {}, True),
        ("rules: {escape: off}\nfail_on: warning\n", {"fail_on": "never"}, False),
        ("rules: {escape: off}\n", {}, False),
    ],
)
def test_the_command_line_has_the_last_word(
    judged: Judged, fail_on: str, option: dict[str, str], *, fails: bool
) -> None:
    assert ruling(judged, fail_on, **option).fails == fails


def test_an_undecided_finding_weighs_as_much_as_its_rule(judged: Judged) -> None:
    estate, report = judged("")
    unknown = next(f for f in report.findings if f.verdict == "unknown")
    light = Finding("collision", Severity.WARNING, "unknown", "…", unknown.location, fields=names("web.signup.code"))
    assert apply_policy(estate.policy, [light], TODAY).fails


# ------------------------------------------------------------------------------------------------------------ waivers

WAIVER = "waivers:\n  - {{rule: escape, {about}, owner: Web, reason: release 7, expires: {expires}}}\n"


@pytest.mark.parametrize(
    ("about", "waived"),
    [
        ("field: web.signup.name", ALL[1:3]),
        ("field: web.signup.code", ALL[:1]),
        ("entry: web.signup", ALL[:3]),
        ("binding: core", ALL[:3]),
        ("binding: core.person.name", ALL[1:3]),
        ("field: web.signup.name, binding: core.person.name, entry: web.signup", ALL[1:3]),
        ("field: web.signup.name, binding: core.person.code", []),
        ("field: web.signup.city", []),
        ("binding: cor", []),
        ("binding: core.person.nam", []),
        ("entry: web", []),
    ],
)
def test_a_waiver_accepts_findings_that_match_in_every_key(
    judged: Judged, about: str, waived: list[tuple[str, str]]
) -> None:
    told = ruling(judged, WAIVER.format(about=about, expires="2026-07-01"))
    assert found(told, "waived") == waived
    assert [r.finding.rule for r in told.ruled if r.finding.rule == "unused-waiver"] == ["unused-waiver"] * (not waived)


def test_a_waived_finding_keeps_its_verdict_and_does_not_fail(judged: Judged) -> None:
    told = ruling(judged, WAIVER.format(about="entry: web.signup", expires="2026-07-01"))
    assert sorted(r.finding.verdict for r in told.ruled if r.state == "waived") == ["refuted", "refuted", "unknown"]
    assert not told.fails
    assert all(r.waiver and r.waiver.owner == "Web" for r in told.ruled if r.state == "waived")


def test_a_waiver_holds_until_the_end_of_its_day_and_then_fails(judged: Judged) -> None:
    policy = WAIVER.format(about="entry: web.signup", expires="2026-07-01")
    assert not ruling(judged, policy, date(2026, 7, 1)).fails
    told = ruling(judged, policy, date(2026, 7, 2))
    assert found(told, "waived") == []
    (expired,) = [r for r in told.ruled if r.finding.rule == "expired-waiver"]
    assert told.is_failing(expired)
    assert expired.finding.message == (
        "the waiver for escape of web.signup expired after 2026-07-01; ask Web whether this still holds: release 7"
    )
    assert (expired.finding.location.file, expired.finding.location.line) == ("fieldline.yaml", 3)


def test_an_expired_waiver_fails_even_when_its_finding_is_gone_or_known(judged: Judged) -> None:
    policy = WAIVER.format(about="field: web.signup.nothing", expires="2026-06-30")
    told = ruling(judged, f"rules: {{escape: off, loss: off}}\n{policy}")
    assert [r.finding.rule for r in told.ruled] == ["expired-waiver"]
    assert told.fails


def test_a_waiver_for_a_field_that_does_not_exist_says_which_was_meant(judged: Judged) -> None:
    told = ruling(judged, WAIVER.format(about="field: web.signup.nmae", expires="2026-07-01"))
    (unused,) = [r.finding for r in told.ruled if r.finding.rule == "unused-waiver"]
    assert unused.message == (
        "the waiver for escape of web.signup.nmae accepts nothing: nothing of that kind is found; no contract has the "
        "field web.signup.nmae, did you mean web.signup.name?"
    )


# ----------------------------------------------------------------------------------------------------------- baseline


def write_baseline(judged: Judged, policy: str = "") -> tuple[Path, tuple[Ruled, ...]]:
    estate, report = judged(policy)
    known = baseline(rule_estate(estate, report.findings, TODAY))
    file = estate.root / "known.yaml"
    file.write_text(baseline_yaml(known))
    return file, known


def test_a_finding_of_the_baseline_is_known_and_does_not_fail(judged: Judged) -> None:
    write_baseline(judged)
    told = ruling(judged, "baseline: known.yaml\n")
    assert (found(told), found(told, "known")) == ([], ALL)
    assert not told.fails


def test_a_finding_outside_the_baseline_is_new(judged: Judged) -> None:
    file, _ = write_baseline(judged)
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(line for line in lines if "web.signup.name at core.person.name pattern" not in line))
    told = ruling(judged, "baseline: known.yaml\n")
    assert found(told) == [("escape", "web.signup.name")]
    assert told.fails


def test_each_finding_about_the_policy_has_a_fingerprint_of_its_own(judged: Judged) -> None:
    file, _ = write_baseline(judged)
    file.write_text(file.read_text().replace('fingerprint: "', 'fingerprint: "x'))
    waiver = "  - {rule: loss, field: web.signup.old, owner: Web, reason: r, expires: 2026-01-01}\n"
    told = ruling(judged, f"baseline: known.yaml\nwaivers:\n{waiver * 2}")
    own = [r for r in told.ruled if r.finding.rule in {"stale-baseline", "expired-waiver"}]
    assert len(own) == 6
    assert len({r.fingerprint for r in told.ruled}) == len(told.ruled)


def test_a_stale_entry_of_the_baseline_is_reported_at_its_line(judged: Judged) -> None:
    file, _ = write_baseline(judged)
    extra = '  - {rule: escape, about: "web.signup.old at core.person.old max_length", fingerprint: "00"}\n'
    file.write_text(file.read_text() + extra)
    told = ruling(judged, "baseline: known.yaml\n")
    (stale,) = told.open
    assert (stale.finding.rule, stale.finding.location.file, stale.finding.location.line) == (
        "stale-baseline",
        "known.yaml",
        len(file.read_text().splitlines()),
    )
    assert stale.finding.message.endswith("escape, web.signup.old at core.person.old max_length")


def test_a_rule_that_is_off_makes_no_known_finding_stale(judged: Judged) -> None:
    write_baseline(judged)
    told = ruling(judged, "baseline: known.yaml\nrules: {escape: off}\n")
    assert found(told) == []


def test_a_new_baseline_holds_neither_waived_findings_nor_those_about_the_policy(judged: Judged) -> None:
    policy = WAIVER.format(about="field: web.signup.code", expires="2026-07-01") + (
        "  - {rule: loss, field: web.signup.nothing, owner: Web, reason: r, expires: 2026-01-01}\n"
    )
    _, known = write_baseline(judged, policy)
    assert sorted((r.finding.rule, str(r.finding.field)) for r in known) == ALL[1:]


def test_a_baseline_is_the_same_bytes_in_whatever_order_findings_come(judged: Judged) -> None:
    _, known = write_baseline(judged)
    assert baseline_yaml(known) == baseline_yaml(known[::-1])


def test_the_fingerprints_of_the_policy_s_findings_change_no_others(judged: Judged) -> None:
    estate, report = judged(WAIVER.format(about="field: web.signup.nothing", expires="2026-07-01"))
    told = rule_estate(estate, report.findings, TODAY)
    assert set(fingerprints(report.findings)) < {r.fingerprint for r in told.ruled}


def test_a_waiver_of_a_system_covers_its_entries_alone(judged: Judged) -> None:
    assert found(ruling(judged, WAIVER.format(about="system: web", expires="2026-07-01")), "waived") == [
        finding for finding in ALL if finding[0] == "escape"
    ]
    assert found(ruling(judged, WAIVER.format(about="system: core", expires="2026-07-01")), "waived") == []


@pytest.fixture
def triggered(tmp_path: Path) -> "Callable[[str], Ruling]":
    """A table with a trigger of unknown effect, behind an entry that also accepts too much."""

    def load(waiver: str) -> Ruling:
        for name, text in {
            "fieldline.yaml": f"estate: shop\nwaivers:\n{waiver}",
            "contracts/web.yaml": "system: web\nowner: {team: Web}\nentities: {e: {kind: entry, fields: "
            "{a: {type: text}}}}\n",
            "contracts/shop.yaml": "system: shop\nowner: {team: Shop}\nentities: {t: {fields: {a: {type: text, "
            "max_length: 20, opaque: [TRIGGER Audit]}}}}\n",
            "lineage/flows.yaml": "flows: [{from: web.e.a, to: shop.t.a}]\n",
        }.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text)
        estate = load_estate(tmp_path)
        return rule_estate(estate, check(estate).findings, TODAY)

    return load


@pytest.mark.parametrize(("name", "state"), [("audit", "waived"), ("AUDIT", "waived"), ("audits", "open")])
def test_a_harmless_trigger_is_no_doubt_and_hides_no_proof(
    triggered: "Callable[[str], Ruling]", name: str, state: str
) -> None:
    waiver = f"  - {{rule: escape, harmless: {name}, owner: Shop, reason: it only logs, expires: 2026-07-31}}\n"
    states = {
        (r.finding.verdict, r.finding.binding and r.finding.binding.sentence): r.state for r in triggered(waiver).ruled
    }
    assert states["unknown", "TRIGGER Audit"] == state
    assert states["refuted", "at most 20 characters"] == "open"


def test_a_baseline_accepts_by_hand_what_a_waiver_accepts_and_keeps_it_when_it_is_written(judged: Judged) -> None:
    file, _ = write_baseline(judged)
    root = file.parent
    (root / "fieldline.yaml").write_text("estate: small\nbaseline: known.yaml\n")
    by_hand = (
        '  - {rule: escape, system: "web", cause: "831a13942827eae6", owner: "Core", reason: "a: \\"b\\"", '
        "expires: 2026-08-01}\n"
    )
    file.write_text(file.read_text().replace("known:\n", f"known:\n{by_hand}"))
    before = file.read_text()
    answer = new_baseline(root, TODAY)
    (waiver,) = answer.accepted
    assert (waiver.cause, waiver.system, waiver.reason) == ("831a13942827eae6", "web", 'a: "b"')
    assert baseline_yaml(answer.known, answer.accepted) == before
    late = rule_estate(load_estate(root), [], date(2026, 8, 2))
    assert "expired-waiver" in {ruled.finding.rule for ruled in late.ruled}


@pytest.mark.parametrize("missing", ["owner: Core, ", "reason: soon, ", ", expires: 2026-08-01"])
def test_what_a_baseline_accepts_by_hand_needs_an_owner_a_reason_and_a_day(judged: Judged, missing: str) -> None:
    file, _ = write_baseline(judged)
    (file.parent / "fieldline.yaml").write_text("estate: small\nbaseline: known.yaml\n")
    item = "{rule: escape, cause: ab, owner: Core, reason: soon, expires: 2026-08-01}"
    file.write_text(f"known: [{item.replace(missing, '')}]\n")
    with pytest.raises(EstateError):
        load_estate(file.parent)

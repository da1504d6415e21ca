"""Conditions that engines read differently: what surely meets them, what may, and the verdicts that depend on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fieldline.checker.verdict.check import check
from fieldline.estate.load import load_estate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fieldline.checker.verdict.check import Report

COUNTRY = "country: {type: text, required: true, max_length: 2, pattern: '[A-Za-z]{2}'}"
LOGIN = "login: {type: text, required: true, max_length: 20, pattern: '[a-z]*'}"


@pytest.fixture
def judged(tmp_path: Path) -> Callable[..., Report]:
    """The report on a flow of a login to a shorter one, under a condition on the country, and of the country itself."""

    def report(
        when: str, engine: str = "", *, entry: str = COUNTRY, more: str = "", code: str = "{type: text}"
    ) -> Report:
        files = {
            "fieldline.yaml": f"estate: bank\n{engine}\n",
            "contracts/w.yaml": f"system: w\nentities: {{e: {{kind: entry, fields: {{{entry}, {LOGIN}}}}}}}\n",
            "contracts/t.yaml": (
                f"system: t\nentities: {{p: {{fields: {{login: {{type: text, max_length: 12}}, code: {code}}}}}}}\n"
            ),
            "lineage/l.yaml": f'flows:\n- {{from: w.e.login, to: t.p.login, when: "{when}"}}\n{more}',
        }
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        return check(load_estate(tmp_path))

    return report


BETWEEN = "country <> 'FI' AND country = 'fi'"
"""Met by "fi" where case counts, and by nothing where it does not."""


@pytest.mark.parametrize(
    ("engine", "verdict"),
    [
        ("engine: postgres", "refuted"),
        ("engine: mariadb\ncollation: utf8mb4_bin", "refuted"),
        ("engine: sqlite\ncollation: BINARY", "refuted"),
        ("engine: spark\ncollation: UTF8_BINARY", "refuted"),
        ("engine: mariadb\ncollation: utf8mb4_general_ci", None),
        ("engine: sqlite\ncollation: NOCASE", None),
        ("engine: sqlserver\ncollation: Latin1_General_CI_AS", None),
        ("engine: mariadb", "unknown"),
        ("engine: sqlite", "unknown"),
        ("engine: sqlserver", "unknown"),
        ("", "unknown"),
    ],
)
def test_the_engine_decides_whether_a_record_meets_a_condition(
    judged: Callable[..., Report], engine: str, verdict: str | None
) -> None:
    escapes = [finding for finding in judged(BETWEEN, engine).findings if finding.rule == "escape"]
    assert [finding.verdict for finding in escapes] == ([] if verdict is None else [verdict])
    if verdict == "unknown":
        assert " is of " in (escapes[0].reason or "")


def test_the_reason_names_a_text_that_tells_the_engines_apart(judged: Callable[..., Report]) -> None:
    (escape,) = (f for f in judged(BETWEEN, "engine: sqlite").findings if f.rule == "escape")
    assert escape.reason in {
        "country <> 'FI' is of \"fi\" true in SQLite (binary) and SQLite (rtrim), not in SQLite (nocase)",
        "country = 'fi' is of \"FI\" true in SQLite (nocase), not in SQLite (binary) and SQLite (rtrim)",
    }


@pytest.mark.parametrize("engine", ["", "engine: mariadb", "engine: oracle", "engine: sqlserver"])
def test_a_difference_in_values_that_no_field_holds_changes_nothing(judged: Callable[..., Report], engine: str) -> None:
    fixed = "country: {type: text, required: true, one_of: [FI, SE]}"
    (escape,) = (f for f in judged("country = 'FI'", engine, entry=fixed).findings if f.rule == "escape")
    assert (escape.verdict, set(map(str, escape.witness or ()))) == ("refuted", {"w.e.login", "w.e.country"})


@pytest.mark.parametrize("engine", ["", "engine: postgres", "engine: mariadb", "engine: sqlite"])
def test_a_condition_and_its_opposite_leave_no_record_out(judged: Callable[..., Report], engine: str) -> None:
    both = (
        "".join(f"- {{from: w.e.country, to: t.p.code, when: \"country {sign} 'FI'\"}}\n" for sign in ("=", "<>"))
        + "- {from: w.e.login, to: t.p.login}\n"
    )
    report = judged("country = 'FI'", engine, more=both, code="{type: text, required: true}")
    assert [finding for finding in report.findings if finding.rule in {"unfilled", "loss"}] == []


def test_what_a_condition_surely_leaves_out_is_unfilled(judged: Callable[..., Report]) -> None:
    more = "- {from: w.e.country, to: t.p.code, when: \"country = 'FI'\"}\n- {from: w.e.login, to: t.p.login}\n"
    report = judged("country = 'FI'", more=more, code="{type: text, required: true}")
    (unfilled,) = (finding for finding in report.findings if finding.rule == "unfilled")
    assert unfilled.verdict == "refuted"
    assert {str(value).casefold() for value in (unfilled.witness or {}).values()} != {"fi"}


def test_what_only_some_engines_leave_out_is_not_known(judged: Callable[..., Report]) -> None:
    entry = "country: {type: text, required: true, one_of: [FI, fi]}"
    more = "- {from: w.e.country, to: t.p.code, when: \"country = 'FI'\"}\n- {from: w.e.login, to: t.p.login}\n"
    report = judged("country = 'FI'", entry=entry, more=more, code="{type: text, required: true}")
    (unfilled,) = (finding for finding in report.findings if finding.rule == "unfilled")
    assert (unfilled.verdict, '"fi"' in (unfilled.reason or "")) == ("unknown", True)


def test_what_engines_do_differently_is_said_once(judged: Callable[..., Report]) -> None:
    def notes(engine: str) -> list[str]:
        return [note.split(":")[0] for note in judged("country = 'FI'", engine).summary.notes]

    assert notes("") == ["engines compare texts differently, in 1 condition"]
    assert notes("engine: postgres") == ["PostgreSQL rejects a text with U+0000"]
    assert notes("engine: oracle") == [
        "engines compare texts differently, in 1 condition",
        "Oracle takes the empty text for null",
    ]
    assert notes("engine: sqlite\ncollation: NOCASE") == []

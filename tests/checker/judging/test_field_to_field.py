"""Conditions that compare two fields: proved where every value fits, refuted by a record that meets them, else unknown."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from fieldline.checker.finding import Finding
from fieldline.checker.verdict.check import check
from fieldline.documents.names import FieldName
from fieldline.documents.problem import EstateError
from fieldline.estate.load import load_estate

Judged: TypeAlias = Callable[..., list[Finding]]
WEB = "c: {type: text, required: true, max_length: 9}, k: {type: text, max_length: 3}, j: {type: text, max_length: 3}"


@pytest.fixture
def judged(tmp_path: Path) -> Judged:
    def findings(
        when: str, crm: str = "c: {type: text, max_length: 5}", web: str = WEB, more: str = ""
    ) -> list[Finding]:
        files = {
            "fieldline.yaml": "estate: t\n",
            "contracts/w.yaml": f"system: w\nowner: {{team: W}}\nentities: {{e: {{kind: entry, fields: {{{web}}}}}}}\n",
            "contracts/z.yaml": f"system: z\nowner: {{team: Z}}\nentities: {{t: {{fields: {{{crm}}}}}}}\n",
            "lineage/l.yaml": f'flows:\n- {{from: w.e.c, to: z.t.c, when: "{when}"}}\n{more}',
        }
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        return [f for f in check(load_estate(tmp_path)).findings if f.rule in {"escape", "unfilled", "unreachable"}]

    return findings


@pytest.mark.parametrize("when", ["w.e.k = w.e.j", "k <> j", "k = j AND k = 'x'", "k = 'x' OR k = j", "NOT k = j"])
def test_a_record_that_meets_the_condition_is_the_proof(judged: Judged, when: str) -> None:
    (finding,) = judged(when)
    assert (finding.rule, finding.verdict) == ("escape", "refuted")
    assert finding.witness is not None
    flow = load_estate_condition(when)
    assert flow(dict(finding.witness))


def load_estate_condition(when: str) -> Callable[[dict[FieldName, object]], bool]:
    """The condition itself, over records of the entry."""
    from fieldline.documents.names import EntityName
    from fieldline.lineage.condition_reader import parse_condition

    return parse_condition(when, EntityName("w", "e")).holds  # type: ignore[return-value]


@pytest.mark.parametrize("when", ["k = j", "k <> j", "NOT (k = j AND k = 'x')"])
def test_what_fits_whatever_the_condition_says_is_proved(judged: Judged, when: str) -> None:
    assert judged(when, crm="c: {type: text, max_length: 9}") == []


def test_the_compared_field_may_be_the_one_that_is_carried(judged: Judged) -> None:
    """c equals k only where it has at most three characters."""
    assert [f.verdict for f in judged("c = k")] in (["unknown"], [])
    (finding,) = judged("c <> k")
    assert (finding.verdict, finding.witness is not None) == ("refuted", True)


def test_fields_that_share_no_value_are_never_equal(judged: Judged) -> None:
    web = "c: {type: text, max_length: 9}, k: {type: text, one_of: [a]}, j: {type: text, one_of: [b]}"
    (finding,) = (f for f in judged("k = j", web=web) if f.rule == "unreachable")
    assert (finding.severity.value, finding.location.line) == ("warning", 2)


FILLED = "c: {type: text, required: true}, d: {type: text}"


def test_a_field_that_is_required_is_unfilled_where_two_fields_differ(judged: Judged) -> None:
    more = "- {from: w.e.k, to: z.t.d}\n"
    (finding,) = (f for f in judged("k = j", crm=FILLED, more=more) if f.rule == "unfilled")
    assert finding.verdict == "refuted"
    assert finding.witness is not None
    assert not load_estate_condition("k = j")(dict(finding.witness))


def test_flows_for_equal_and_for_all_other_records_leave_nothing_unfilled(judged: Judged) -> None:
    more = '- {from: w.e.c, to: z.t.c, when: "k <> j OR k IS NULL OR j IS NULL"}\n- {from: w.e.k, to: z.t.d}\n'
    assert [f for f in judged("k = j", crm=FILLED, more=more) if f.rule == "unfilled"] == []


@pytest.mark.parametrize(
    ("when", "message"),
    [
        ("k = n", 'is compared with "w.e.n" of type integer'),
        ("k < j", "is compared by < or >"),
        ("UPPER(k) = j", "k is not supported"),
    ],
)
def test_fields_that_cannot_be_compared_are_a_problem(judged: Judged, when: str, message: str) -> None:
    with pytest.raises(EstateError) as error:
        judged(when, web=f"{WEB}, n: {{type: integer}}")
    assert any(message in problem.message for problem in error.value.problems)

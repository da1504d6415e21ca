"""Gates before automated actions: what holds one, and what lets it go."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from fieldline import load
from fieldline.application.gates import gate_answer
from fieldline.application.names import UnknownName
from fieldline.checker.record.asking import FoundRecords, NotReachable
from fieldline.documents.problem import EstateError
from fieldline.estate.load import load_estate

from ...estate.written import said, write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fieldline.checker.record.asking import StoreAnswer, StoreQuestion
    from fieldline.values.valueset import Value

CRM = """\
system: crm
entities:
  person:
    key: no
    store: {file: person.csv}
    fields:
      no: {type: text}
      since: {type: date}
      told: {type: boolean}
      visits: {type: integer}
      limit: {type: integer}
      handler: {type: text}
"""
LETTERS = "system: letters\nentities: {dunning: {key: ref, store: {file: d.csv}, fields: {ref: {type: text}}}}\n"
GATE = """\
gates:
- before: letters.dunning
  for: "crm.person.since < DATE '2020-01-01'"
  needs: "crm.person.told = true"
  hold: PT24H
  tell: crm.person.handler
- {before: robot, needs: "crm.person.visits >= crm.person.limit OR crm.person.told = true"}
- {before: orphan, needs: "crm.person.handler IS NULL"}
- {before: twice, needs: "crm.person.told = true"}
- {before: twice, needs: "crm.person.visits > 3"}
"""
OLD, NEW = date(2010, 1, 1), date(2022, 1, 1)


def _written(root: Path, gates: str = GATE) -> Path:
    return write(
        root,
        {
            "fieldline.yaml": "estate: x\n",
            "contracts/crm.yaml": CRM,
            "contracts/letters.yaml": LETTERS,
            "lineage/f.yaml": "flows: [{from: crm.person.no, to: letters.dunning.ref}]\n",
            "rules/g.yaml": gates,
        },
    )


@pytest.mark.parametrize(
    ("record", "passage", "reason"),
    [
        ({"since": OLD, "told": True}, "go", "it holds that crm.person.told = true"),
        ({"since": OLD, "told": False}, "hold", "it needs crm.person.told = true, and that is not so"),
        ({"since": OLD, "told": None}, "hold", "it needs crm.person.told = true, and that is not so"),
        ({"since": NEW, "told": False}, "go", "it is not meant for this record"),
        ({"since": NEW}, "go", "it is not meant for this record"),
        ({"since": None, "told": False}, "go", "it is not meant for this record"),
        ({"told": True}, "go", "it holds that"),
        ({"told": False}, "hold", "not known: crm.person.since < DATE '2020-01-01'; crm.person.since is not known"),
        ({"since": OLD}, "hold", "not known: crm.person.told = true; crm.person.told is not known"),
        ({}, "hold", "crm.person.since is not known and crm.person.told is not known"),
        ({"since": "2022-01-01", "told": False}, "hold", "crm.person.since is not known"),
        ({"since": OLD, "told": "true"}, "hold", "crm.person.told is not known"),
    ],
)
def test_only_what_is_known_lets_an_action_go(
    tmp_path: Path, record: dict[str, Value], passage: str, reason: str
) -> None:
    gate = load(_written(tmp_path)).gate("letters.dunning")
    passing = gate.decide({f"crm.person.{name}": value for name, value in record.items()})
    (decision,) = passing.decisions
    assert (decision.passage, passing.goes) == (passage, passage == "go")
    assert reason in decision.reason


@pytest.mark.parametrize(
    ("record", "passage"),
    [
        ({"visits": 3, "limit": 3}, "go"),
        ({"visits": 2, "limit": 3, "told": False}, "hold"),
        ({"visits": 2, "limit": 3, "told": True}, "go"),
        ({"visits": 3, "told": True}, "go"),
        ({"visits": 3, "told": False}, "hold"),
        ({"visits": None, "limit": 3, "told": False}, "hold"),
    ],
)
def test_two_fields_are_compared_where_both_are_known(tmp_path: Path, record: dict[str, Value], passage: str) -> None:
    gate = load(_written(tmp_path)).gate("robot")
    assert gate.decide({f"crm.person.{name}": value for name, value in record.items()}).decisions[0].passage == passage


def test_null_is_known_and_what_is_left_out_is_not(tmp_path: Path) -> None:
    gate = load(_written(tmp_path)).gate("orphan")
    assert gate.decide({"crm.person.handler": None}).goes
    assert not gate.decide({}).goes


def test_every_gate_before_an_action_must_let_it_go(tmp_path: Path) -> None:
    gate = load(_written(tmp_path)).gate("twice")
    assert gate.decide({"crm.person.told": True, "crm.person.visits": 4}).goes
    assert not gate.decide({"crm.person.told": True, "crm.person.visits": 3}).goes
    assert not gate.decide({"crm.person.told": False, "crm.person.visits": 4}).goes


class _Rows:
    """The stores of the estate, in memory."""

    def __init__(self, **row: Value) -> None:
        self.row: dict[str, Value] = {"no": "W1", **row}
        self.off = False
        self.asked = 0

    def ask(self, questions: Sequence[StoreQuestion]) -> list[StoreAnswer]:
        self.asked += 1
        return [self._answer(question) for question in questions]

    def _answer(self, question: StoreQuestion) -> StoreAnswer:
        if question.entity.system == "letters":
            return FoundRecords(({"ref": "W1"},))
        if self.off:
            return NotReachable("it is off")
        fits = all(self.row.get(name) in values for name, values in question.where.items())
        return FoundRecords((self.row,) if fits else ())


def test_stores_say_what_is_not_given(tmp_path: Path) -> None:
    """The key of one system is enough: it travels to the others."""
    rows = _Rows(since=OLD, told=False, handler="Liisa")
    gate = load(_written(tmp_path)).gate("letters.dunning")
    (decision,) = gate.decide({"letters.dunning.ref": "W1"}, ask=rows.ask).decisions
    assert (decision.passage, decision.tell) == ("hold", "Liisa")
    rows.row["told"] = True
    assert gate.decide({"letters.dunning.ref": "W1"}, ask=rows.ask).goes
    assert not gate.decide({"letters.dunning.ref": "W1", "crm.person.told": False}, ask=rows.ask).goes, "given counts"


def test_a_store_that_does_not_answer_holds_and_is_named(tmp_path: Path) -> None:
    rows = _Rows(since=OLD, told=True)
    rows.off = True
    gate = load(_written(tmp_path)).gate("letters.dunning")
    (decision,) = gate.decide({"letters.dunning.ref": "W1"}, ask=rows.ask).decisions
    assert (decision.passage, decision.tell) == ("hold", None)
    assert "crm.person: not reachable: it is off" in decision.reason


def test_stores_are_not_asked_for_what_is_given(tmp_path: Path) -> None:
    rows = _Rows()
    given: dict[str, Value] = {"no": "W1", "since": OLD, "told": True, "handler": "Liisa"}
    gate = load(_written(tmp_path)).gate("letters.dunning")
    assert gate.decide({f"crm.person.{name}": value for name, value in given.items()}, ask=rows.ask).goes
    assert rows.asked == 0


def test_a_field_or_an_action_that_is_unknown_is_an_error(tmp_path: Path) -> None:
    estate = load(_written(tmp_path))
    with pytest.raises(
        LookupError, match=r"no contract has the field crm\.person\.tld; did you mean crm\.person\.told"
    ):
        estate.gate("robot").decide({"crm.person.tld": True})
    with pytest.raises(UnknownName, match=r"did you mean letters\.dunning"):
        estate.gate("letters.duning")
    with pytest.raises(EstateError, match="no gate"):
        load(_written(tmp_path / "none", "gates: []\n")).gate("robot")


def test_values_are_given_by_short_names_as_they_are_typed(tmp_path: Path) -> None:
    estate = load_estate(_written(tmp_path))
    assert gate_answer(estate, "letters.dunning", None, [("since", "2010-01-01"), ("told", "true")], None).passing.goes
    with pytest.raises(EstateError, match="more than once"):
        gate_answer(estate, "robot", None, [("told", "true"), ("crm.person.told", "true")], None)


@pytest.mark.parametrize(
    ("gate", "expected"),
    [
        (
            '{before: a, needs: "crm.person.tld = true"}',
            '23: "crm.person.tld" is a field of no contract | crm.person.told?',
        ),
        ('{before: a, needs: "told = true"}', "23: "),
        (
            '{before: a, needs: "crm.person.since < 3"}',
            '23: "crm.person.since" is of type date, and is compared with 3',
        ),
        (
            '{before: a, needs: "crm.person.told = true", tell: crm.person.handlr}',
            '54: tell names "crm.person.handlr", which is a field of no contract | crm.person.handler?',
        ),
        ('{before: a, for: "crm.person.told = true"}', '3: the key "needs" is missing'),
        ('{before: a, needs: "crm.person.told = "}', ""),
    ],
)
def test_a_gate_that_cannot_be_read_is_a_problem(tmp_path: Path, gate: str, expected: str) -> None:
    (problem,) = said(_written(tmp_path, f"gates:\n- {gate}\n"))
    assert problem.startswith(f"rules/g.yaml:2:{expected}")

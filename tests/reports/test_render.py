"""One function writes every answer in every format; the words of the command line are the names of those formats."""

import json
from datetime import date
from enum import StrEnum
from pathlib import Path

import pytest

from fieldline.application.answers import (
    CheckAnswer,
    DiffAnswer,
    OverviewAnswer,
    ProblemsAnswer,
    RuleAnswer,
    RulebookAnswer,
    ScreenAnswer,
    TraceAnswer,
)
from fieldline.application.check import check_estate
from fieldline.application.diff import compare
from fieldline.application.overview import estate_overview
from fieldline.application.record import FindAnswer, RecordAnswer
from fieldline.application.screen import screen_entry
from fieldline.application.trace import trace_value
from fieldline.commands.audit import FilesChoice
from fieldline.commands.explain import ExplainFormat
from fieldline.commands.export import ExportForm
from fieldline.commands.graph import GraphForm
from fieldline.commands.options import AnswerFormat, FindingsFormat, TraceFormat
from fieldline.commands.screen import ValidatorForm
from fieldline.commands.validate import RowsChoice
from fieldline.documents.problem import Problem
from fieldline.estate.load import load_estate
from fieldline.estate.versions import Version
from fieldline.reports import one_line
from fieldline.reports import render as reports
from fieldline.reports.ci.formats import FINDINGS_FORMATS
from fieldline.reports.export.targets import EXPORTS
from fieldline.reports.graph.forms import FORMS
from fieldline.reports.one_line import headline
from fieldline.reports.render import render
from fieldline.rows.answers import AuditAnswer, DriftAnswer, ValidateAnswer
from fieldline.rows.audit.stores import FILE_STORES
from fieldline.rows.engines.registry import ENGINES
from fieldline.rows.stores.checked import StoresAnswer
from fieldline.validators.targets import TARGETS

TODAY = date(2026, 1, 1)
COMMANDS = ("check", "diff", "screen", "trace", "validate", "drift", "audit")


def names(answer: type) -> set[str]:
    return set(reports._OTHERS.get(answer, ())) | ({"text"} if answer in reports._TEXTS else set())


@pytest.mark.parametrize(
    ("answer", "choices"),
    [
        *((answer, FindingsFormat) for answer in (CheckAnswer, DiffAnswer, ProblemsAnswer)),
        *((answer, AnswerFormat) for answer in (ScreenAnswer, TraceAnswer, ValidateAnswer, DriftAnswer, AuditAnswer)),
        *((answer, ExplainFormat) for answer in (RuleAnswer, RulebookAnswer)),
        (OverviewAnswer, GraphForm),
        *((answer, TraceFormat) for answer in (RecordAnswer, FindAnswer)),
        (StoresAnswer, AnswerFormat),
    ],
)
def test_every_choice_of_a_command_is_a_format_of_its_answer(answer: type, choices: type[StrEnum]) -> None:
    assert {choice.value for choice in choices} == names(answer) - (
        {"html"} if answer in {DiffAnswer, ProblemsAnswer} else set()
    )


@pytest.mark.parametrize(
    ("choices", "table"),
    [
        (GraphForm, FORMS),
        (ExportForm, EXPORTS),
        (ValidatorForm, TARGETS),
        (RowsChoice, ENGINES),
        (FilesChoice, FILE_STORES),
    ],
)
def test_every_choice_of_a_command_stands_in_the_table_it_chooses_from(
    choices: type[StrEnum], table: dict[str, object]
) -> None:
    assert [choice.value for choice in choices] == list(table)


def test_findings_are_written_in_every_format_that_there_is() -> None:
    assert set(FINDINGS_FORMATS) == {choice.value for choice in FindingsFormat} - {"text", "json"}


def test_every_answer_that_goes_to_a_file_has_a_headline() -> None:
    assert {*reports._OTHERS, *reports._TEXTS} - set(one_line._HEADLINES) == {
        *(RuleAnswer, RulebookAnswer),
        reports.ProposalAnswer,
        reports.StarterAnswer,
        reports.CiAnswer,
    }


def test_each_format_of_an_answer_is_another_text(examples: Path) -> None:
    folder = examples / "nordbank"
    estate = load_estate(folder)
    here = Version(str(folder), folder, None)
    for answer in (
        check_estate(folder, TODAY),
        compare(here, here, TODAY),
        screen_entry(estate, "web.signup"),
        trace_value(estate, "crm.person.country", "FI"),
        estate_overview(estate, verdicts=False),
    ):
        written = {name: render(answer, name) for name in names(type(answer))}
        assert all(written.values())
        assert len(set(written.values())) == len(written)
        assert headline(answer)
        if "json" in written:
            json.loads(written["json"])


@pytest.mark.parametrize("command", COMMANDS)
def test_problems_are_written_as_the_document_of_their_command(command: str) -> None:
    document = json.loads(render(problems(command), "json"))
    (problem,) = document["problems"]
    assert problem["message"] == "it is not there"
    assert all(not value for name, value in document.items() if name not in {"version", "problems"})


def test_the_headline_of_problems_counts_them() -> None:
    assert headline(problems("check")) == "Check not run: 1 problem to fix."


@pytest.mark.parametrize("name", ["yaml", "svg", ""])
def test_a_format_that_an_answer_has_not_is_a_mistake_of_the_caller(name: str) -> None:
    with pytest.raises(KeyError):
        render(problems("check"), name)


def test_problems_of_a_command_without_json_have_none() -> None:
    with pytest.raises(KeyError, match="graph"):
        render(problems("graph"), "json")


def problems(command: str) -> ProblemsAnswer:
    return ProblemsAnswer(command, (Problem(None, "it is not there"),), {})

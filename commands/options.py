"""Parts of the command line that several commands share: options, and their choices.

Here and in the commands annotations are evaluated when a module is imported. Typer would evaluate each of them twice if
they were texts, which makes `fieldline --help` slower.
"""

from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from ..documents.variables import Variables
    from ..values.budget import Budget

HERE = Path()


def path_word(word: str | Path) -> Path:
    """A word of the command line as a path. The empty word names none: it comes from a variable that is not set."""
    if word == "":
        raise typer.BadParameter("an empty word is no path; the current folder is .")
    return Path(word)


def given_words(words: str | list[str] | None) -> Any:  # noqa: ANN401 - what it was given
    """Words that must not be empty, as they are: names of files, folders, revisions or tables."""
    if words is not None and "" in (words if isinstance(words, list) else [words]):
        raise typer.BadParameter("an empty word names nothing; the current folder is .")
    return words


class AnswerFormat(StrEnum):
    """The format of an answer."""

    TEXT = "text"
    JSON = "json"


class TraceFormat(StrEnum):
    """The format of a trace."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"


class FindingsFormat(StrEnum):
    """The format of findings."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    GITLAB = "gitlab"
    SARIF = "sarif"
    JUNIT = "junit"
    MARKDOWN = "markdown"
    CODEOWNERS = "codeowners"


class LeastSeverity(StrEnum):
    """The least severity that makes a check fail."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"


class Colour(StrEnum):
    """When to colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class LanguageChoice(StrEnum):
    """The language of sentences for people, by its code in ISO 639-1."""

    EN = "en"
    FI = "fi"
    NB = "nb"
    NL = "nl"
    SV = "sv"


AttemptsKeyOption = Annotated[
    str | None,
    typer.Option(
        "--attempts-key",
        metavar="VARIABLE",
        help="The environment variable with the key of the values. [default: as fieldline.yaml says, or "
        "FIELDLINE_ATTEMPTS_KEY]",
        show_default=False,
    ),
]

EstatePath = Annotated[
    Path,
    typer.Argument(
        metavar="ESTATE", help="The estate's folder, or its fieldline.yaml.", show_default=False, parser=path_word
    ),
]
LanguageOption = Annotated[
    LanguageChoice | None,
    typer.Option("--language", help="The language of sentences for people. [default: en]", show_default=False),
]
FormatOption = Annotated[AnswerFormat, typer.Option("--output-format", help="text for people, json for programs.")]
FindingsOption = Annotated[
    FindingsFormat,
    typer.Option("--output-format", help="text for people, markdown for a comment, the others for programs."),
]
FailOnOption = Annotated[
    LeastSeverity | None,
    typer.Option(
        "--fail-on", help="The least severity for exit code 1.  [default: fail_on in fieldline.yaml, or error]"
    ),
]
TodayOption = Annotated[
    datetime | None,
    typer.Option(
        "--today",
        formats=["%Y-%m-%d"],
        envvar="FIELDLINE_TODAY",
        help="The day that constraints count from, and on which waivers are valid or expired; today, in UTC.",
    ),
]
NowOption = Annotated[
    datetime | None,
    typer.Option(
        "--now",
        formats=["%Y-%m-%dT%H:%M:%S%z"],
        help="The moment that the lags of flows are counted to: 2026-05-01T09:30:00Z.",
        show_default="the moment it is",
    ),
]
FileOption = Annotated[
    Path | None,
    typer.Option(
        "--output-file",
        "-o",
        metavar="FILE",
        help="Write the answer to this file, whole or not at all.",
        parser=path_word,
    ),
]
ColourOption = Annotated[
    Colour, typer.Option("--color", help="Colour text. auto: on a terminal; NO_COLOR, FORCE_COLOR.")
]
VerdictsOption = Annotated[
    bool, typer.Option("--verdicts/--no-verdicts", help="Check the estate too, or show contracts and lineage alone.")
]
EffortOption = Annotated[
    int,
    typer.Option(
        "--effort",
        metavar="N",
        help="Do up to N times the work where something is not decided: slower, and fewer verdicts are unknown.",
    ),
]
AllowEnvOption = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-env",
        metavar="NAME",
        help="An environment variable that may be read as the URL of a database, besides those under env in "
        "fieldline.yaml; may be repeated.",
    ),
]
SystemArgument = Annotated[str, typer.Argument(metavar="SYSTEM", help="The name of the system.")]


def day(today: datetime | None) -> date:
    """The day of the run."""
    return (today or datetime.now(UTC)).date()


def variables(names: list[str] | None, *places: str | None) -> "Variables":
    """The environment variables that the command line names: by --allow-env, or as the place of rows (`env:NAME/TABLE`)."""
    from ..documents.variables import Variables

    of_rows = (place.removeprefix("env:").partition("/")[0] for place in places if place and place.startswith("env:"))
    return Variables(frozenset((*(names or ()), *of_rows)))


def budget(effort: int) -> "Budget":
    """The budget of an answer, whose questions are watched from now on."""
    from ..values.budget import Budget
    from .watchdog import watch

    try:
        amounts = Budget.of_effort(effort)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--effort") from None
    try:
        watch(effort)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    return amounts


def pairs(given: list[str] | None, form: str) -> list[tuple[str, str]]:
    """Words such as `customer=customers.csv`, split at the first equals sign; `form` is their form: `ENTITY=FILE`."""
    split = [(text, *text.partition("=")) for text in given or ()]
    for text, _, equals, value in split:
        if not equals or (not value and form != "KEY=VALUE"):
            raise typer.BadParameter(f"{text!r} is not {form}")
    return [(key, value) for _, key, _, value in split]

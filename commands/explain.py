"""`fieldline explain`."""

from enum import StrEnum
from typing import Annotated

import typer

from .exits import ExitCode
from .output import Output


class ExplainFormat(StrEnum):
    """The format of an explanation."""

    TEXT = "text"
    MARKDOWN = "markdown"


def explain_command(
    rule: Annotated[str | None, typer.Argument(metavar="RULE", help="A rule's name; all rules if left out.")] = None,
    *,
    output_format: Annotated[ExplainFormat, typer.Option("--output-format")] = ExplainFormat.TEXT,
) -> int:
    """Explain a rule, with a bad and a good example."""
    from ..application.rules import explained

    Output("explain", output_format.value).write(explained(rule))
    return ExitCode.CLEAN

"""`fieldline trace --record ENTITY/KEY --stores`, `--find TEXT`: what the systems hold of a record."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from ..exits import ExitCode
from .words import JOINED

if TYPE_CHECKING:
    from datetime import datetime

    from ...application.record import FindAnswer, RecordAnswer
    from ...documents.local_text import SpokenLanguage
    from ...estate.load import Estate
    from ...values.budget import Budget


def record_in_stores(
    estate: Estate, record: str | None, now: datetime, amounts: Budget, language: SpokenLanguage
) -> RecordAnswer | FindAnswer:
    """A record that its key names, or the values that identify it. Raises typer.BadParameter, UnknownName, EstateError."""
    from ...application.record import named_record, record_answer
    from ...application.trace import identified
    from ...rows.stores.stores import Stores

    if record is None:
        raise typer.BadParameter("--stores needs a record: --record ENTITY/KEY")
    name, _, written = record.partition(JOINED)
    seeds = identified(estate, name, written) if written else named_record(estate, name)
    return record_answer(estate, seeds, Stores(estate).ask, now, amounts, language)


def found_record(
    estate: Estate, text: str, now: datetime, amounts: Budget, language: SpokenLanguage
) -> RecordAnswer | FindAnswer:
    """A record that holds a text; `-`: the first line of standard input. Raises EstateError."""
    from ...application.record import find_answer
    from ...rows.stores.stores import Stores

    said = sys.stdin.readline().rstrip("\n") if text == "-" else text
    return find_answer(estate, said, Stores(estate).ask, now, amounts, language)


def record_exit_code(answer: RecordAnswer | FindAnswer) -> ExitCode:
    """Clean where the record was found and nothing is wrong with it."""
    from ...application.record import RecordAnswer

    is_well = isinstance(answer, RecordAnswer) and answer.where.is_well
    return ExitCode.CLEAN if is_well else ExitCode.FINDINGS

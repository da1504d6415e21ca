"""`fieldline trace`."""

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from .exits import ExitCode
from .options import (
    HERE,
    AllowEnvOption,
    Colour,
    ColourOption,
    EffortOption,
    EstatePath,
    FileOption,
    LanguageChoice,
    LanguageOption,
    TodayOption,
    TraceFormat,
    budget,
    day,
    variables,
)
from .output import Output

if TYPE_CHECKING:
    from ..application.record import FindAnswer, RecordAnswer
    from ..documents.local_text import SpokenLanguage
    from ..estate.load import Estate
    from ..values.budget import Budget

_JOINED = "\0"
"""Between the two words of a record with its values: no word of a command line holds it."""


class TraceWords(TyperCommand):
    """The words of `fieldline trace`: `--record` takes one word that names a record by its key, or two that write one."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer has no public type for it
        words: list[str] = []
        rest = iter(args)
        for word in rest:
            words.append(word)
            if word == "--record":
                named = next(rest, None)
                written = None if named is None or "/" in named else next(rest, None)
                words += [] if named is None else [named if written is None else f"{named}{_JOINED}{written}"]
        return super().parse_args(ctx, words)


def trace_command(
    estate: EstatePath = HERE,
    *,
    at: Annotated[
        str | None,
        typer.Option(
            "--at", metavar="FIELD", help="The field of the value: system.entity.field, its name or its title."
        ),
    ] = None,
    value: Annotated[
        list[str] | None,
        typer.Option(
            "--value", metavar="VALUE", help="The value, as that field holds it; or FIELD=VALUE, once for each field."
        ),
    ] = None,
    null: Annotated[bool, typer.Option("--null", help="There is no value: the field is null.")] = False,
    record: Annotated[
        str | None,
        typer.Option(
            "--record",
            metavar="ENTITY JSON",
            help="A whole record; fields left out are null. With --stores, ENTITY/KEY names one that the stores hold.",
        ),
    ] = None,
    find: Annotated[
        str | None,
        typer.Option(
            "--find",
            metavar="TEXT",
            help="Look for a record in every store by what the estate's `find` names, and look at it; -: read the text "
            "from standard input.",
        ),
    ] = None,
    stores: Annotated[
        bool, typer.Option("--stores", help="Ask the stores of the systems: what does each hold of this record?")
    ] = False,
    now: Annotated[
        datetime | None,
        typer.Option(
            "--now",
            formats=["%Y-%m-%dT%H:%M:%S%z"],
            help="The moment that the lags of flows are counted to: 2026-05-01T09:30:00Z; with --stores.",
            show_default="the moment it is",
        ),
    ] = None,
    language: LanguageOption = None,
    today: TodayOption = None,
    effort: EffortOption = 1,
    allow_env: AllowEnvOption = None,
    output_format: Annotated[
        TraceFormat,
        typer.Option(
            "--output-format", help="text for people, json for programs; html: the page of a record in the stores."
        ),
    ] = TraceFormat.TEXT,
    output_file: FileOption = None,
    color: ColourOption = Colour.AUTO,
) -> int:
    """Trace a failed value to its origin and its repair.

    The answer names the system that rejects the value and the constraint, the entry that accepted it, the value at every
    hop, the team that can repair it and how long that takes, and a text for the customer.

    With --stores, or --find, the systems themselves are asked: what does each hold of a record, what must it hold, and
    where did the first difference begin? Exit code 1: something is wrong with it, or is not known. Needs the extra
    `database` for tables, `rows` for files.
    """
    from ..application.trace import trace_values
    from ..estate.load import load_estate

    if find is not None or stores:
        if find is not None and (record is not None or at is not None or value or null):
            raise typer.BadParameter("give either --find, or --record with --stores")
        output = Output("record", output_format.value, output_file, color)
        with output.reported_problems():
            loaded = load_estate(estate, today=day(today), variables=variables(allow_env))
            moment, spoken = now or datetime.now(UTC), language or LanguageChoice.EN
            looked = _looked_at(loaded, record, find, moment, budget(effort), spoken.value)
        output.write(looked)
        return _exit_code(looked)
    if now is not None or output_format is TraceFormat.HTML:
        raise typer.BadParameter("--now and html go with --stores or --find")
    output = Output("trace", output_format.value, output_file, color)
    with output.reported_problems():
        values, entity = _asked(at, value or [], null=null, record=record)
        loaded = load_estate(estate, today=day(today), variables=variables(allow_env))
        answer = trace_values(loaded, values, budget(effort), entity, (language or LanguageChoice.EN).value)
    output.write(answer)
    return ExitCode.CLEAN


def _looked_at(
    estate: "Estate", record: str | None, find: str | None, now: datetime, amounts: "Budget", language: "SpokenLanguage"
) -> "RecordAnswer | FindAnswer":
    """The record in the stores. Raises typer.BadParameter, UnknownName, EstateError."""
    from ..application.record import find_answer, named_record, record_answer
    from ..application.trace import identified
    from ..rows.stores.stores import Stores

    ask = Stores(estate).ask
    if find is not None:
        return find_answer(estate, _said(find), ask, now, amounts, language)
    if record is None:
        raise typer.BadParameter("--stores needs a record: --record ENTITY/KEY")
    name, _, written = record.partition(_JOINED)
    seeds = identified(estate, name, written) if written else named_record(estate, name)
    return record_answer(estate, seeds, ask, now, amounts, language)


def _said(text: str) -> str:
    return sys.stdin.readline().rstrip("\n") if text == "-" else text


def _exit_code(answer: "RecordAnswer | FindAnswer") -> ExitCode:
    from ..application.record import RecordAnswer

    is_well = isinstance(answer, RecordAnswer) and answer.where.is_well
    return ExitCode.CLEAN if is_well else ExitCode.FINDINGS


def _asked(
    at: str | None, values: list[str], *, null: bool, record: str | None
) -> tuple[dict[str, str | None], str | None]:
    """The values by the names of their fields, and the entity that they are a whole record of.

    Raises typer.BadParameter, EstateError.
    """
    if record is not None:
        if at is not None or values or null:
            raise typer.BadParameter("give either --record or a value")
        from ..application.trace import written_record

        entity, _, written = record.partition(_JOINED)
        if not written:
            raise typer.BadParameter("--record takes an entity and a JSON object, or with --stores ENTITY/KEY")
        return written_record(written), entity
    if at is not None:
        if len(values) + null != 1:
            raise typer.BadParameter("give either --value VALUE or --null")
        return {at: values[0] if values else None}, None
    named = [each.split("=", 1) for each in values if "=" in each]
    if null or not values or len(named) < len(values):
        raise typer.BadParameter("give --at FIELD with --value VALUE, or --value FIELD=VALUE once for each field")
    given: dict[str, str | None] = {}
    for name, value in named:
        if given.setdefault(name, value) is not value:
            raise typer.BadParameter(f"--value gives {name} more than once")
    return given, None

"""The words of `fieldline trace`: which question they ask, and whether they go together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand

if TYPE_CHECKING:
    from collections.abc import Mapping

JOINED = "\0"
"""Between the two words of a record with its values: no word of a command line holds it."""

_GO_WITH: Mapping[str, frozenset[str]] = {
    "--error": frozenset({"--at"}),
    "--rejects": frozenset({"--message-column", "--time-column"}),
    "--find": frozenset({"--stores", "--now"}),
    "--stores": frozenset({"--record", "--now"}),
    "--value": frozenset({"--at", "--null", "--record"}),
}
"""By the word that a question is known by, the words that go with it. Without any such word, it is about a value."""


class TraceWords(TyperCommand):
    """The words as they are typed: `--record` takes one word that names a record by its key, or two that write one."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer has no public type for it
        words: list[str] = []
        rest = iter(args)
        for word in rest:
            words.append(word)
            if word == "--record":
                named = next(rest, None)
                written = None if named is None or "/" in named else next(rest, None)
                words += [] if named is None else [named if written is None else f"{named}{JOINED}{written}"]
        return super().parse_args(ctx, words)


def trace_question(given: Mapping[str, object]) -> str:
    """The word that the question is known by: `--error`, `--rejects`, `--find` or `--stores`, where given, or `--value`.

    `given`: by each word, what was given with it. Raises typer.BadParameter where words do not go together.
    """
    words = [word for word, value in given.items() if value not in (None, False, [])]
    question = next((word for word in _GO_WITH if word in words), "--value")
    for word in words:
        if word == question or word in _GO_WITH[question]:
            continue
        if question == "--value":
            goes = " or ".join(each for each, others in _GO_WITH.items() if word in others)
            raise typer.BadParameter(f"{word} goes with {goes}")
        raise typer.BadParameter(f"give either {question} or {word}")
    return question

"""Exceptions about input as problems: with the place, what was expected, and what was probably meant."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..checker.diff.stored_rows import Unreadable
from ..checker.requirement.screen import UnknownEntry
from ..checker.tracing.asked import UnknownField
from ..documents.problem import EstateError, Problem, nearest, without_credentials
from ..values.budget import BudgetExceeded
from .answers import ProblemsAnswer

if TYPE_CHECKING:
    from ..values.error import FieldlineError


def problems_answer(error: FieldlineError, command: str, folder: str = "") -> ProblemsAnswer | None:
    """The answer of a command that bad input kept from running; None: the exception is not about input."""
    problems = tuple(
        replace(problem, message=without_credentials(problem.message)) for problem in input_problems(error)
    )
    texts = error.texts if isinstance(error, EstateError) else MappingProxyType({})
    return ProblemsAnswer(command, problems, texts, folder) if problems else None


def input_problems(error: FieldlineError) -> tuple[Problem, ...]:
    """The problems of the input in an exception; none where it is about something else."""
    match error:
        case EstateError():
            return error.problems
        case UnknownEntry():
            known = ", ".join(map(str, error.entries))
            expected = f"one of {known}" if known else "the estate has no entry at all"
            names = dict.fromkeys(part for each in error.entries for part in (str(each), each.system, each.entity))
            guess = nearest(error.name, tuple(names))
            return (Problem(None, f"{error.name} is not the name of one entry", expected, guess),)
        case UnknownField():
            return (_unknown_field(error),)
        case BudgetExceeded():
            return (Problem(None, f"the question is too large ({error.reason})"),)
        case Unreadable():
            return (Problem(None, error.message, error.expected),)
        case _:
            return ()


def _unknown_field(error: UnknownField) -> Problem:
    if error.several:
        return Problem(None, f"several fields are called {error.name}", "the full name of one", error.suggestion)
    if error.entity is not None:
        return Problem(None, f"{error.entity} has no field {error.name}", "a field of that record", error.suggestion)
    expected = "a field's full name: system.entity.field"
    return Problem(None, f"no contract has the field {error.name}", expected, error.suggestion)

"""The JSON document of a command: its answer, or the problems that prevented one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from .form import BOOLEAN_FORM, Member, Object, Several, document, form_schema
from .parts import PROBLEM, VERSION_MEMBER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...documents.problem import Problem
    from .form import Json

_T = TypeVar("_T")
_T_co = TypeVar("_T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Answered(Generic[_T_co]):
    """An answer, or the problems that prevented one."""

    answer: _T_co | None
    problems: Sequence[Problem]


PROBLEMS_MEMBER: Member[Answered[object]] = Member(
    "problems",
    "Problems of the input. If there is one, the check was not run: that is never clean.",
    Several(PROBLEM),
    lambda answered: answered.problems,
)


TODAY_MEANS = "The day of the run, where a constraint or a condition counts from it; null: nothing depends on the day."

_JUDGED_MEMBER: Member[Answered[object]] = Member(
    "judged",
    "Whether the question was answered; false: bad input prevented it, see `problems`.",
    BOOLEAN_FORM,
    lambda answered: answered.answer is not None,
)


@dataclass(frozen=True, slots=True)
class AnswerDocument(Generic[_T]):
    """The JSON of a command's answers, and its JSON Schema. The version and `judged` come first."""

    command: str
    members: tuple[Member[Answered[_T]], ...]

    def write(self, answer: _T) -> str:
        """An answer as a JSON document."""
        return document(self._form.write(Answered(answer, ())))

    def write_problems(self, problems: Sequence[Problem]) -> str:
        """The problems that prevented an answer, as a JSON document."""
        return document(self._form.write(Answered(None, problems)))

    def schema(self) -> Json:
        """The draft-07 JSON Schema of these documents."""
        return form_schema(self._form, f"The output of fieldline {self.command}")

    @property
    def _form(self) -> Object[Answered[_T]]:
        doc = f"The output of `fieldline {self.command} --output-format json`."
        return Object("document", doc, (VERSION_MEMBER, _JUDGED_MEMBER, *self.members))

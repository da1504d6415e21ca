"""The answers of the use cases, from which reports are written. An answer decides nothing and knows no format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..values.budget import STANDARD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from ..checker.diff.diff import Diff
    from ..checker.diff.ladder import Ladder
    from ..checker.requirement.feeders import FieldScreen
    from ..checker.requirement.screen import Screen
    from ..checker.rule import Rule
    from ..checker.tracing.traced import Trace
    from ..checker.verdict.check import Report
    from ..checker.verdict.overview import Overview
    from ..checker.verdict.policy import Ruled, Ruling
    from ..contracts.model import System
    from ..documents.local_text import SpokenLanguage
    from ..documents.problem import Problem
    from ..estate.load import Estate
    from ..estate.policy import Waiver
    from ..sentences.advice import CustomerText
    from ..values.budget import Budget


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    """A check of every entry, under the estate's policy."""

    estate: Estate
    report: Report
    ruling: Ruling
    folder: str
    """The estate's folder in its repository, with `/`; empty: the estate is the repository."""
    over_tight: bool = False
    """Whether every value that an entry rejects without need is listed, and not only the fields that do."""


@dataclass(frozen=True, slots=True)
class DiffAnswer:
    """A comparison of two versions, under the policy of the version after."""

    before: Estate
    after: Estate
    diff: Diff
    ruling: Ruling
    folder: str
    """The folder of the version after in its repository, as above."""
    budget: Budget = STANDARD
    """The budget of the comparison, and of the drawing made from it."""
    notes: tuple[str, ...] = ()
    """What a reader should know about what was compared, sentences without a full stop."""
    names: tuple[str, str] = ("before", "after")
    """What the two versions are called."""
    day: date | None = None
    """The day of the comparison; None: not stated."""
    page: str | None = None
    """The address of the page that draws the change; None: there is none."""


@dataclass(frozen=True, slots=True)
class ScreenAnswer:
    """The obligations of an entry."""

    estate: Estate
    screen: Screen


@dataclass(frozen=True, slots=True)
class FieldScreenAnswer:
    """What a downstream field demands of the entries that feed it, and how far its bounds can be tightened."""

    estate: Estate
    screen: FieldScreen
    ladders: tuple[Ladder, ...]


@dataclass(frozen=True, slots=True)
class TraceAnswer:
    """A value, followed upstream to its origin and downstream to its end."""

    estate: Estate
    trace: Trace
    customer_text: CustomerText
    """A text that support may send to the customer."""
    language: SpokenLanguage
    """The customer's language, as it was asked for."""
    plain: tuple[str, ...] = ()
    """What the systems that reject the value accept, a sentence for each, in plain words of that language."""


@dataclass(frozen=True, slots=True)
class OverviewAnswer:
    """A whole estate: its systems, how values travel, and how well obligations are met."""

    overview: Overview


@dataclass(frozen=True, slots=True)
class BaselineAnswer:
    """The findings that count as known from now on."""

    known: Sequence[Ruled]
    accepted: Sequence[Waiver]
    """What stands in the baseline by hand, and stays."""
    file: Path
    """The file that the estate's policy names for them, or will."""
    naming: bytes | None = None
    """The new content of `fieldline.yaml`, which names the file; None: it does so already."""


@dataclass(frozen=True, slots=True)
class ImportAnswer:
    """The contract read from a foreign source."""

    system: System
    origin: str
    """The source, in words."""


@dataclass(frozen=True, slots=True)
class RuleAnswer:
    """The explanation of one rule."""

    rule: Rule[Any]


@dataclass(frozen=True, slots=True)
class RulebookAnswer:
    """All rules."""

    rules: Sequence[Rule[Any]]


@dataclass(frozen=True, slots=True)
class ProblemsAnswer:
    """Bad input: the problems that kept a command from running."""

    command: str
    """The command's name: "check"."""
    problems: Sequence[Problem]
    texts: Mapping[str, str]
    """The texts of the files read so far, by the names that locations point into."""
    folder: str = ""
    """The estate's folder in its repository, as above."""

"""An estate as a worker has read it. A worker reads once: after a change of the files, others take its place."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..application.library import Entry, LoadedEstate
from ..checker.requirement.screen import UnknownEntry
from ..checker.verdict.fingerprint import fingerprints
from ..checker.verdict.overview import overview_of
from ..documents.problem import EstateError
from ..estate.load import load_estate
from ..reports.site.site import Frame, site_files
from .answer import JSON, WebAnswer, problem_answer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..application.attempts import AttemptKeeper
    from ..checker.record.asking import StoreAnswer, StoreQuestion
    from ..checker.verdict.overview import Overview
    from ..documents.problem import Problem
    from ..documents.variables import Variables
    from ..estate.load import Estate
    from ..rows.stores.stores import Stores
    from .answer import WebQuestion

_MORE = (("trace", "Trace a value"),)
"""Links that only a server has: (address, title)."""
_TEMPLATES = (__package__ or "",)


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of reading the files: an estate, or the problems that keep it from being read."""

    frame: Frame
    estate: Estate | None = None
    problems: Sequence[Problem] = ()
    read: tuple[str, ...] = ()
    """The files that were read, by their names relative to the estate's folder."""
    attempts: AttemptKeeper | None = None
    """Keeps the records that are refused; None: they are forgotten."""
    _entries: dict[str, Entry] = field(default_factory=dict)
    _stores: list[Stores] = field(default_factory=list)
    """The stores of the estate, once somebody has asked them."""

    def entry(self, name: str) -> Entry:
        """One of its entries, compiled at first use. Raises UnknownEntry."""
        if self.estate is None:
            raise UnknownEntry(name, ())
        entry = self._entries.get(name)
        if entry is None:
            entry = self._entries[name] = LoadedEstate(self.estate).entry(name)
        return entry

    def ask_stores(self, questions: Sequence[StoreQuestion]) -> Sequence[StoreAnswer]:
        """Ask the stores."""
        return self._asked_stores().ask(questions)

    def prepare(self) -> None:
        """Index the files that records are looked for in. Raises ModuleNotFoundError for an extra that is missing."""
        if self.estate is not None and any(entity.store for entity in self.estate.contracts.entities.values()):
            self._asked_stores().prepare()

    def _asked_stores(self) -> Stores:
        from ..rows.stores.stores import Stores

        if self.estate is None:
            raise ValueError("there is no estate")
        if not self._stores:
            self._stores.append(Stores(self.estate))
        return self._stores[0]


def read_folder(
    folder: Path, variables: Variables, attempts: AttemptKeeper | None = None, *, has_desk: bool = False
) -> Reading:
    """The estate in a folder, as its files are now. `has_desk`: its pages link to the desk."""
    more = (*_MORE, ("desk", "Desk")) if has_desk else _MORE
    try:
        estate = load_estate(folder, variables=variables)
    except EstateError as error:
        return Reading(Frame("Fieldline", _TEMPLATES, more), problems=error.problems)
    frame = Frame(estate.title or estate.name, _TEMPLATES, more)
    return Reading(frame, estate, read=tuple(estate.texts), attempts=attempts)


def judged_pages(reading: Reading, _: WebQuestion) -> WebAnswer:
    """Every page of the estate, and what was found, in one document: judging it takes its time."""
    if reading.estate is None:
        return problem_answer("the estate cannot be read", 503)
    overview = overview_of(reading.estate)
    pages = site_files(overview, reading.frame)
    missing = reading.frame.page("missing.html", "/", {})
    return WebAnswer(
        200, json.dumps({"pages": dict(pages), "missing": missing, "findings": _placed(overview)}), JSON, last=True
    )


def _placed(overview: Overview) -> list[dict[str, str]]:
    """The findings: the rule, the fields that they are about with blanks between them, the fingerprint."""
    placed = []
    for finding, mark in zip(overview.findings, fingerprints(overview.findings), strict=True):
        names = dict.fromkeys(
            (*finding.fields, *filter(None, (finding.field, finding.binding and finding.binding.field)))
        )
        placed.append({"rule": finding.rule, "fields": " ".join(map(str, names)), "fingerprint": mark})
    return placed

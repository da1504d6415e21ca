"""Known faults by what they have cost: where support, architects and CI meet."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Any, get_args
from urllib.parse import quote

from fastapi.responses import JSONResponse

from ...cases.store import HarmOrder, currencies_of
from ...checker.diff.stored_rows import Unreadable
from ...documents.names import FieldName
from ...reports.site.site import page_name
from ...sentences.desk import cost_counts, cost_sentence, money_phrases, page_words, spoken_number
from ...sentences.speech import speech
from .asking import saved_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fastapi.responses import Response

    from ...cases.case import SupportCase
    from ...cases.store import CaseStore, Harm
    from ...documents.local_text import SpokenLanguage
    from ...sentences.phrase import Phrase
    from ...sentences.speech import Speech
    from ..live import LiveEstate
    from .shown import DeskPages

_LINEAGE = "lineage.html"
_MOST_SHOWN = 8
_SECONDS_FRESH = 5
"""How long a sum of all cases is shown on pages of the estate before it is made anew."""


class KnownFaults:
    """The faults that records share, ranked, exported, and told where the estate's pages show what they hang on."""

    def __init__(self, estate: LiveEstate, cases: CaseStore, pages: DeskPages) -> None:
        self._estate = estate
        self._cases = cases
        self._pages = pages
        self._harms: tuple[Harm, ...] = ()
        self._made = datetime.min.replace(tzinfo=UTC)

    async def page(self, order: str, currency: str, language: SpokenLanguage) -> dict[str, Any]:
        """What the page shows, in an order: customers, open, days, or money of a currency."""
        by: HarmOrder = next((each for each in get_args(HarmOrder) if each == order), "customers")
        now = datetime.now(UTC)
        harms = await asyncio.to_thread(self._cases.by_harm, now, by, currency)
        currencies = currencies_of(harms)
        ranked = (currency if currency in currencies else next(iter(currencies), "")) if by == "money" else ""
        lines = [
            {
                **self._pages.case_line(harm.case, language, now),
                "records": harm.records,
                "still_open": harm.still_open,
                "first": self._pages.moment(language, harm.first),
                "days": _days(harm, language),
                "money": money_phrases(speech(language), harm.money),
                "known": harm.case.facts.about["known"],
                "finding": self.finding(harm.case),
            }
            for harm in harms
        ]
        return {
            "faults": lines,
            "order": by,
            "orders": [each for each in get_args(HarmOrder) if each != "money"],
            "currencies": currencies or [""],
            "currency": ranked,
        }

    async def file(self) -> Response:
        """The same as a file for a spreadsheet."""
        harms = await asyncio.to_thread(self._cases.by_harm, datetime.now(UTC))
        currencies = sorted(currencies_of(harms))
        rows = [self._row(harm, currencies) for harm in harms]
        return saved_file("faults.csv", (*_COLUMNS, *(f"money_{code}" for code in currencies)), rows)

    def _row(self, harm: Harm, currencies: Sequence[str]) -> list[str]:
        """A line of the file: each currency has a column of its own, so that a column can be added up."""
        facts = self._facts(harm)
        money = facts.pop("money")
        return [_cell(value) for value in (*facts.values(), *(money.get(code) for code in currencies))]

    async def document(self) -> Response:
        """The same as JSON, for a roadmap or a pipeline."""
        harms = await asyncio.to_thread(self._cases.by_harm, datetime.now(UTC))
        return JSONResponse({"faults": [self._facts(harm) for harm in harms]})

    async def cost(self, name: str, language: SpokenLanguage) -> str:
        """What the subject of a page of the estate has cost, for its top: faults seen there or begun there; empty: nothing.

        `name`: the page's file name; the lineage page is about all. `language`: of the words.
        """
        now = datetime.now(UTC)
        if (now - self._made).total_seconds() > _SECONDS_FRESH:
            try:
                self._harms, self._made = await asyncio.to_thread(self._cases.by_harm, now), now
            except Unreadable:
                return ""
        harms = [harm for harm in self._harms if name == _LINEAGE or name in _pages(harm)]
        if not harms:
            return ""
        said = speech(language)
        lines = "".join(f"<li>{self._line(harm, said, language)}</li>" for harm in harms[:_MOST_SHOWN])
        head = cost_sentence(said, len(frozenset().union(*(harm.of for harm in harms))))
        faults = escape(page_words(said)["faults"])
        return (
            f'<aside lang="{language}" aria-label="{faults}"><details class="note"><summary>{escape(head)}</summary>'
            f'<ul>{lines}</ul><a href="/desk/faults">{faults}</a></details></aside>'
        )

    def _line(self, harm: Harm, said: Speech, language: SpokenLanguage) -> str:
        """One fault, with the way to what the check says of it, or to the field."""
        finding, about = self.finding(harm.case), harm.case.facts.about
        mark = (
            f"finding/{finding['fingerprint']}" if finding else f"field/{quote(about['known']['fields'][0], safe='')}"
        )
        counts = cost_counts(said, harm.records, harm.still_open)
        return f'<a href="/lineage.html#/{mark}">{escape(about["problem"][language])}</a> {escape(counts)}'

    def finding(self, case: SupportCase) -> Mapping[str, str] | None:
        """The finding of the check that foretold a fault: its rule and its fingerprint; None: there is none.

        Of several about its fields, the one that is about most of them and of the places where it began.
        """
        known = case.facts.about["known"]
        fields, roots = set(known["fields"]), set(known.get("roots", []))

        def fit(about: set[str]) -> tuple[int, int]:
            begun = sum(str(FieldName.read(name).entity_name) in roots for name in about)
            return len(fields & about), begun

        about = [(each, set(each["fields"].split())) for each in self._estate.findings]
        fitting = [(each, names) for each, names in about if fields & names]
        return max(fitting, key=lambda each: fit(each[1]))[0] if fitting else None

    def _facts(self, harm: Harm) -> dict[str, Any]:
        about = harm.case.facts.about
        known, finding = about["known"], self.finding(harm.case)
        return {
            "fault": known["fault"],
            "problem": about["problem"]["en"],
            "entity": known["entity"],
            "fields": known["fields"],
            "roots": known.get("roots", []),
            "finding": None if finding is None else finding["rule"],
            "team": harm.case.facts.team,
            "records": harm.records,
            "open": harm.still_open,
            "first": harm.first.isoformat(),
            "days": round(harm.days / timedelta(days=1), 2),
            "money": _amounts(harm.money),
            "critical": harm.case.facts.critical,
        }


def _pages(harm: Harm) -> set[str]:
    """The pages that show a fault: those of the entities where it was seen and where it began, and of their systems."""
    known = harm.case.facts.about["known"]
    names = [known["entity"], *known.get("roots", [])]
    return {f"entries/{page_name(name)}.html" for name in names} | {
        f"systems/{page_name(FieldName.read(name).system)}.html" for name in names
    }


_COLUMNS = (
    *("fault", "problem", "entity", "fields", "roots", "finding", "team"),
    *("records", "open", "first", "days", "critical"),
)


def _amounts(money: Mapping[str, Decimal]) -> dict[str, str]:
    return {code: str(amount) for code, amount in money.items()}


def _cell(value: object) -> str:
    match value:
        case list():
            return " ".join(map(str, value))
        case bool():
            return "yes" if value else "no"
        case None:
            return ""
        case _:
            return str(value)


def _days(harm: Harm, language: SpokenLanguage) -> Phrase:
    days = Decimal(round(harm.days / timedelta(days=1), 1)).quantize(Decimal("0.1"))
    return spoken_number(speech(language), days)

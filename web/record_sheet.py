"""A record for the desk, answered by a worker: found by what somebody says, and read in every store.

Questions and answers are JSON. Values are left out unless they are asked for: what is not shown does not travel.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from ..application.names import UnknownName
from ..application.record import found_hits, named_record, record_answer
from ..application.second_look import KnownFault, known_fault, seen_again
from ..cases.promise import promised
from ..checker.record.stake import missed_meanwhile, money_at_stake
from ..documents.local_text import LANGUAGE_NAMES
from ..documents.problem import EstateError
from ..reports.record_words import catcher_words, repair_page
from ..sentences.advice import customer_text
from ..sentences.desk import money_phrases, time_of_day_phrase, truth_or_value
from ..sentences.deviations import broken_sentence
from ..sentences.faults import action_sentences, place_title, problem_sentence, wait_sentences
from ..sentences.hops import state_label
from ..sentences.phrase import shown
from ..sentences.speech import speech
from ..sentences.titles import kind_title, title_within
from ..values.instants import in_zone
from .answer import JSON, WebAnswer, problem_answer
from .repairs import repairs_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..application.record import RecordAnswer
    from ..checker.record.fault import Fault
    from ..checker.record.stop import HeldField, Stop
    from ..contracts.model import Entity, Repair
    from ..documents.names import FieldName
    from ..estate.load import Estate
    from ..sentences.phrase import Phrase
    from ..sentences.speech import Speech
    from ..values.valueset import Value
    from .answer import WebQuestion
    from .reading import Reading


def found_records(reading: Reading, question: WebQuestion) -> WebAnswer:
    """Records that hold a text: `{"text": …}` gives their entities and keys, and the systems that did not answer."""
    estate = reading.estate
    if estate is None:
        return problem_answer("the estate cannot be read", 503)
    said = speech(question.language)
    try:
        found = found_hits(estate, json.loads(question.text)["text"], reading.ask_stores)
    except EstateError as error:
        return problem_answer(error.problems[0].message)
    hits = [_hit(estate, hit.seeds, hit.kind, said) for hit in found.hits]
    asked = [place_title(said, estate.contracts, entity) for entity in found.asked]
    # once one record was found, no other store is waited for
    unread = {} if len(hits) == 1 else found.unread
    titles = [place_title(said, estate.contracts, estate.contracts.entities[name]) for name in unread]
    return _json({"hits": hits, "asked": asked, "unread": titles})


def _hit(estate: Estate, seeds: Mapping[FieldName, Value], kind: str, said: Speech) -> dict[str, Any]:
    """A record by its key; where its entity has none, by what it was found by."""
    name = next(iter(seeds)).entity_name
    entity = estate.contracts.entities[name]
    found_by = next((each for each in estate.directory.find if each.kind == kind), None)
    word = kind if found_by is None else kind_title(found_by, estate.contracts.fields, said.language)
    key = {each.field: value for each, value in seeds.items() if not entity.key or each.field in entity.key}
    return {
        "entity": str(name),
        "key": {field: str(value) for field, value in key.items()},
        "title": place_title(said, estate.contracts, entity),
        "kind": shown(word),
        "words": said.listed([truth_or_value(said, value) for value in key.values()]),
    }


def key_of_record(reading: Reading, question: WebQuestion) -> WebAnswer:
    """The entity and the key of a record that is named by it: `{"record": "crm.person/24001925"}`."""
    estate = reading.estate
    if estate is None:
        return problem_answer("the estate cannot be read", 503)
    try:
        seeds = named_record(estate, json.loads(question.text)["record"])
    except (EstateError, UnknownName):
        return problem_answer("there is no such record in this estate", 404)
    name = next(iter(seeds)).entity_name
    return _json({"entity": str(name), "key": {field.field: str(value) for field, value in seeds.items()}})


def record_sheet(reading: Reading, question: WebQuestion) -> WebAnswer:
    """A record as it is now.

    `{"entity", "key", "spoken", "zone", "opened", "known", "remember"}`: the customer's language, the zone of the clock,
    the systems whose values are shown (null: all), a fault that was known, whether what a case remembers of the faults is
    told.
    """
    estate = reading.estate
    if estate is None:
        return problem_answer("the estate cannot be read", 503)
    asked = json.loads(question.text)
    now = datetime.now(UTC)
    try:
        answer = record_answer(estate, _seeds(estate, asked), reading.ask_stores, now, language=asked["spoken"])
    except (EstateError, KeyError):
        return problem_answer("there is no such record in this estate", 404)
    opened = None if asked["opened"] is None else frozenset(asked["opened"])
    sheet = _Sheet(answer, speech(question.language), ZoneInfo(asked["zone"]), opened, asked["remember"])
    told = sheet.told()
    if asked["known"] is not None:
        known = asked["known"]
        was = KnownFault(known["fault"], known["entity"], tuple(known["fields"]), known["was_read"])
        told["again"] = seen_again(answer.where, was)
    return _json(told)


def _seeds(estate: Estate, asked: Mapping[str, Any]) -> dict[FieldName, Value]:
    """The key, typed as its fields are. Raises KeyError, EstateError."""
    from ..application.trace import identified

    entity = next(each for name, each in estate.contracts.entities.items() if str(name) == asked["entity"])
    key: Mapping[str, str] = asked["key"]
    if len(key) == 1 and tuple(key) == entity.key:
        return named_record(estate, f"{asked['entity']}/{next(iter(key.values()))}")
    return dict(identified(estate, asked["entity"], json.dumps(dict(key))))


def team_times(reading: Reading, _: WebQuestion) -> WebAnswer:
    """The teams that repair something, each with its usual time, and the moment that it comes to from now."""
    estate = reading.estate
    if estate is None:
        return problem_answer("the estate cannot be read", 503)
    teams: dict[str, dict[str, Any]] = {}
    for repair in repairs_of(estate):
        for team in repair.by:
            time = _team_time(estate, repair, datetime.now(UTC))
            known = teams.get(team)
            if known is None or (time["usual"] or 0) > (known["usual"] or 0):  # a promise is not broken by a short one
                teams[team] = time
    return _json({"teams": dict(sorted(teams.items()))})


def _team_time(estate: Estate, repair: Repair | None, now: datetime) -> dict[str, Any]:
    """The usual time in seconds, the calendar, and the moment; None where nobody says."""
    if repair is None or repair.typically is None:
        return {"usual": None, "calendar": None if repair is None else repair.hours, "promised": None}
    calendar = estate.calendars.get(repair.hours or "")
    moment = None
    if repair.hours is None or calendar is not None:
        moment = promised(now, repair.typically, calendar)
    return {
        "usual": repair.typically.total_seconds(),
        "calendar": repair.hours,
        "promised": None if moment is None else moment.isoformat(),
    }


_TYPED_THERE = {
    "field": "",
    "state": "typed",
    "told": "",
    "changed": "",
    "wanted": "",
    "held": "",
    "has_wanted": False,
    "has_held": False,
    "is_empty": False,
    "is_same": False,
    "is_open": False,
    "by": "",
    "is_root": True,
}
"""The entry that let a value in: it keeps no record."""


class _Sheet:
    """One record in the words of one language."""

    def __init__(
        self,
        answer: RecordAnswer,
        said: Speech,
        zone: ZoneInfo,
        opened: frozenset[str] | None,
        remembers: bool,  # noqa: FBT001 - all of its questions at their places
        *,
        is_with: bool = False,
    ) -> None:
        """`is_with`: it refers to another record, whose page this is."""
        self._is_with = is_with
        self._answer = answer
        self._where = answer.where
        self._estate = answer.estate
        self._said = said
        self._zone = zone
        self._opened = opened
        self._remembers = remembers

    def _opens(self, entity: Entity) -> bool:
        """Whether values of a system are shown; None: those of all."""
        return self._opened is None or entity.full_name.system in self._opened

    def told(self) -> dict[str, Any]:
        where = self._where
        every = [self, *(self._of(each) for each in self._answer.referring)]
        parts = [each._part() for each in every]  # noqa: SLF001 - of its own kind
        unlisted = [place_title(self._said, self._estate.contracts, entity) for entity, _ in where.unlisted]
        return {
            "read": self._moment(where.now),
            "subject": self._subject(),
            "is_found": bool(where.found),
            "is_well": where.is_well,
            **{name: [line for part in parts for line in part[name]] for name in parts[0]},
            "not_known": [*(line for part in parts for line in part["not_known"]), *unlisted],
        }

    def _of(self, answer: RecordAnswer) -> _Sheet:
        """The sheet of a record that refers to it."""
        return _Sheet(answer, self._said, self._zone, self._opened, self._remembers, is_with=True)

    def _part(self) -> dict[str, list[Any]]:
        """What is said of the record alone."""
        where = self._where
        return {
            "broken": [broken_sentence(self._said, each) for each in where.broken],
            "faults": [
                self._fault(fault, text.text, text.language)
                for fault, text in zip(where.faults, self._answer.customer_texts, strict=True)
            ],
            "under_way": self._under_way(),
            "not_brought": [
                self._title(stop)
                for stop in where.stops
                if where.found and (stop.state == "absent" or any(field.state == "absent" for field in stop.fields))
            ],
            "unread": [self._title(stop) for stop in where.open if stop.state == "not reachable"],
            "not_known": [self._title(stop) for stop in where.open if stop.state != "not reachable"],
            "systems": [self._system(stop) for stop in where.stops],
        }

    def _subject(self) -> dict[str, Any]:
        stop = next(iter(self._where.first), None)
        if stop is None:
            return {"title": "", "key": ""}
        words = self._said.listed([truth_or_value(self._said, value) for value in stop.key.values()])
        return {"title": self._title(stop), "key": words if self._opens(stop.entity) else ""}

    def _title(self, stop: Stop) -> Phrase:
        return place_title(self._said, self._estate.contracts, stop.entity)

    def _moment(self, moment: datetime) -> Phrase:
        return time_of_day_phrase(self._said, in_zone(moment, self._zone), self._where.now)

    def _fault(self, fault: Fault, text: str, language: str | None) -> dict[str, Any]:
        estate, said, repair = self._estate, self._said, fault.repair
        time = _team_time(estate, repair, self._where.now)
        moment = None if time["promised"] is None else self._moment(datetime.fromisoformat(time["promised"]))
        hours = None if repair is None else repair.hours
        is_calendar = hours in estate.calendars
        usual = None if repair is None else repair.typically
        team = next(iter(repair.by), None) if repair is not None else None
        main = next((field for field in fault.fields if field.constraints), fault.fields[0])
        return {
            "known": asdict(known_fault(fault)),
            "of": self._subject() if self._is_with else None,
            "team": team or (fault.owner.team if fault.owner else ""),
            "time": time,
            "problem": problem_sentence(said, estate.contracts, fault, self._where.now),
            "do": action_sentences(said, estate.contracts, fault),
            "when": wait_sentences(said, usual, hours, moment, is_calendar=is_calendar),
            "impacts": [shown(impact.text.within(said.language)[0]) for impact in fault.impacts],
            "critical": any(impact.is_critical for impact in fault.impacts),
            "say": text,
            "say_language": language,
            "roles": [] if repair is None else list(repair.roles),
            "caught": catcher_words(fault, estate, said) or "",
            "money": money_phrases(said, money_at_stake(fault, self._where.stops))
            if all(map(self._opens, (fault.stop.entity, *fault.roots)))
            else [],
            "instead": shown(fault.instead) if self._opens(fault.stop.entity) and fault.instead else "",
            "page": (repair_page(fault, self._where) or "")
            if all(map(self._opens, (fault.stop.entity, *fault.roots)))
            else "",
            "title": shown(title_within(main.field, said.language)),
            "about": self._about(fault, main) if self._remembers else None,
            "course": list(self._course(fault, main)),
            "expert": [
                {
                    "name": str(field.field.full_name),
                    "state": field.state,
                    "why": [f"{each.sentence} ({each.location})" for each in field.constraints],
                    "place": str(field.field.location),
                }
                for field in (*fault.fields, *fault.also)
            ],
        }

    def _about(self, fault: Fault, main: HeldField) -> dict[str, Any]:
        """The fault as a case remembers it: the problem in every language, and no value."""
        contracts, now = self._estate.contracts, self._where.now
        return {
            "known": asdict(known_fault(fault)),
            "problem": {code: problem_sentence(speech(code), contracts, fault, now) for code in LANGUAGE_NAMES},
            "title": {code: shown(title_within(main.field, code)) for code in LANGUAGE_NAMES},
            "say": {code: customer_text(fault.advice, code).text for code in LANGUAGE_NAMES},
            "money": {code: str(amount) for code, amount in money_at_stake(fault, self._where.stops).items()},
            "missed": {
                action: {code: title.within(code)[0] for code in LANGUAGE_NAMES}
                for action, title in missed_meanwhile(fault).items()
            },
        }

    def _course(self, fault: Fault, main: HeldField) -> Iterator[dict[str, Any]]:
        """One value in every system on its way, the earliest first; before them the entry that may have let it in."""
        is_typed = fault.typed is not None and bool(fault.typed.record)
        if fault.typed is not None and is_typed:
            title = place_title(self._said, self._estate.contracts, fault.typed.entry)
            yield {**_TYPED_THERE, "system": title}
        for stop in self._where.stops:
            fields = [each for each in stop.fields if each is main or set(each.origins) & set(main.origins)]
            for field in fields:
                hop = self._hop(stop, field, is_root=stop.is_first and not is_typed)
                # of a value that is joined or parted, the system holds the parts
                named = shown(title_within(field.field, self._said.language)) if len(fields) > 1 else ""
                yield {**hop, "field": named}

    def _hop(self, stop: Stop, field: HeldField, *, is_root: bool) -> dict[str, Any]:
        said = self._said
        told = str(state_label(said, field.state))
        if field.state in {"not yet due", "overdue"} and field.due is not None:
            told = f"{told} ({self._moment(field.due)})"
        wanted = said.listed([truth_or_value(said, value) for value in field.expected[:2]], either=True)
        is_there = field.is_held or stop.whether in {"absent", "found"}
        held = truth_or_value(said, field.held if field.is_held else None) if is_there else ""
        is_same = field.is_held and field.state == "as expected" and len(field.expected) == 1
        return {
            "system": self._title(stop),
            "state": field.state,
            "told": told,
            "changed": self._moment(stop.changed) if stop.changed else "",
            "wanted": wanted if self._opens(stop.entity) else "",
            "held": held if self._opens(stop.entity) else "",
            "is_open": self._opens(stop.entity),
            "has_wanted": bool(field.expected),
            "has_held": is_there,
            "is_empty": is_there and not (field.is_held and field.held is not None),
            "is_same": is_same and field.held == field.expected[0],
            "by": shown(field.carrier) if field.carrier else "",
            "is_root": is_root,
        }

    def _under_way(self) -> list[dict[str, Any]]:
        lines: dict[tuple[str, str], list[Phrase]] = {}
        for stop in self._where.stops:
            for field in stop.fields:
                if field.state == "not yet due":
                    due = self._moment(field.due) if field.due else ""
                    names = lines.setdefault((self._title(stop), due), [])
                    names.append(shown(title_within(field.field, self._said.language)))
        return [
            {"system": system, "due": due, "fields": self._said.listed(list(dict.fromkeys(names)))}
            for (system, due), names in lines.items()
        ]

    def _system(self, stop: Stop) -> dict[str, Any]:
        met = sum(field.state == "as expected" for field in stop.fields)
        key = self._said.listed([truth_or_value(self._said, value) for value in stop.key.values()])
        return {
            "title": self._title(stop),
            "state": stop.state,
            "told": state_label(self._said, stop.state),
            "met": f"{met}/{len(stop.fields)}" if stop.whether == "found" and stop.fields else "",
            "key": key if self._opens(stop.entity) else "",
            "changed": self._moment(stop.changed) if stop.changed else "",
        }


def _json(document: Mapping[str, Any]) -> WebAnswer:
    return WebAnswer(200, json.dumps(document), JSON)

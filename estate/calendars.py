"""The working calendars of an estate: when the teams that repair something are there.

    calendars:
      office-fi: {country: FI, hours: "08:00-16:00"}
      night-desk: {country: SE, hours: "18:00-24:00", zone: Europe/Stockholm}

`repair: {hours: office-fi}` of a contract names one. Which days are holidays is known to whoever counts working time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from ..documents.problem import nearest, shorten
from ..documents.shape import NAME, TEXT, Key, Keyed, Named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..contracts.model import Contracts, Repair
    from ..documents.location import Location
    from ..documents.problem import Problems
    from ..documents.shape import ShapedRecord
    from ..documents.yaml_events import ScalarNode

_COUNTRY = Key("country", TEXT, "The country whose holidays are free, by its code in ISO 3166-1: FI.", required=True)
_HOURS = Key("hours", TEXT, 'When people work, on each working day: "08:00-16:00".', required=True)
_ZONE = Key("zone", TEXT, "The time zone of the hours, by its name in the IANA database: Europe/Helsinki.")
_CALENDAR = Keyed("calendar", "When a team works.", (_COUNTRY, _HOURS, _ZONE))
CALENDARS: Key[tuple[tuple[ScalarNode, ShapedRecord], ...]] = Key(
    "calendars",
    Named(_CALENDAR, "calendar", key=NAME),
    "When the teams work that repair something, by names that `repair: {hours: …}` of contracts gives.",
)

_ZONES: Mapping[str, str] = {
    "AT": "Europe/Vienna",
    "BE": "Europe/Brussels",
    "CH": "Europe/Zurich",
    "CZ": "Europe/Prague",
    "DE": "Europe/Berlin",
    "DK": "Europe/Copenhagen",
    "EE": "Europe/Tallinn",
    "FI": "Europe/Helsinki",
    "FR": "Europe/Paris",
    "GB": "Europe/London",
    "IE": "Europe/Dublin",
    "IS": "Atlantic/Reykjavik",
    "IT": "Europe/Rome",
    "LT": "Europe/Vilnius",
    "LU": "Europe/Luxembourg",
    "LV": "Europe/Riga",
    "NL": "Europe/Amsterdam",
    "NO": "Europe/Oslo",
    "PL": "Europe/Warsaw",
    "SE": "Europe/Stockholm",
}
"""Countries whose clocks agree, on the mainland. Source: zone.tab of the IANA time zone database."""

_SPAN = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")
_NAME = re.compile(r"[A-Za-z_][\w-]*")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The working time of a team."""

    name: str
    country: str
    """ISO 3166-1, two letters: its holidays and weekends are free."""
    opens: timedelta
    """Since midnight, on the wall's clock."""
    closes: timedelta
    """Later than that, at most 24 hours."""
    zone: str
    """The time zone of the clock."""
    location: Location


def read_calendars(record: ShapedRecord, contracts: Contracts, problems: Problems) -> dict[str, WorkCalendar]:
    """The calendars that `fieldline.yaml` has, held to the contracts: what looks like the name of one must be one."""
    calendars: dict[str, WorkCalendar] = {}
    for key, written in record.get(CALENDARS) or ():
        calendar = _calendar(key, written, problems)
        if calendar is not None:
            calendars[calendar.name] = calendar
    if not problems and calendars:
        for repair, location in _repairs(contracts):
            hours = repair.hours
            if hours is not None and hours not in calendars and _NAME.fullmatch(hours):
                problems.add(
                    location,
                    f"hours names {shorten(hours)}, which is no calendar of fieldline.yaml",
                    expected="the name of a calendar, or words with blanks between them",
                    suggestion=nearest(hours, tuple(calendars)),
                )
    return calendars


def _repairs(contracts: Contracts) -> Iterator[tuple[Repair, Location]]:
    """Every repair once, with the place of the first that has it."""
    seen: dict[Repair, Location] = {}
    for system in contracts.systems.values():
        if system.repair is not None:
            seen.setdefault(system.repair, system.location)
        for entity in system.entities.values():
            if entity.repair is not None:
                seen.setdefault(entity.repair, entity.location)
    for field in contracts.fields.values():
        if field.repair is not None:
            seen.setdefault(field.repair, field.location)
    yield from seen.items()


def _calendar(key: ScalarNode, written: ShapedRecord, problems: Problems) -> WorkCalendar | None:
    country, hours, zone = written.get(_COUNTRY), written.get(_HOURS), written.get(_ZONE)
    if country is None or hours is None:
        return None
    span = _span(hours)
    if span is None:
        _add(written, _HOURS, f"{shorten(hours)} are no hours of a day", 'such as "08:00-16:00"', problems)
    if not re.fullmatch("[A-Z]{2}", country):
        _add(written, _COUNTRY, f"{shorten(country)} is no country", "a code of ISO 3166-1, such as FI", problems)
        return None
    if zone is None:
        zone = _ZONES.get(country)
        if zone is None:
            expected = "zone: such as Europe/Helsinki"
            _add(written, _COUNTRY, f"the time zone of {country} is not known", expected, problems)
    elif zone not in available_timezones():
        known = nearest(zone, tuple(available_timezones()))
        _add(written, _ZONE, f"{shorten(zone)} is no time zone", "such as Europe/Helsinki", problems, known)
        zone = None
    if span is None or zone is None:
        return None
    return WorkCalendar(key.value, country, *span, zone, key.location)


def _span(hours: str) -> tuple[timedelta, timedelta] | None:
    found = _SPAN.fullmatch(hours)
    if found is None:
        return None
    opens = timedelta(hours=int(found[1]), minutes=int(found[2]))
    closes = timedelta(hours=int(found[3]), minutes=int(found[4]))
    return (opens, closes) if opens < closes <= _DAY else None


def _add(
    written: ShapedRecord, key: Key[str], message: str, expected: str, problems: Problems, suggestion: str | None = None
) -> None:
    node = written.nodes[key.name][1]
    problems.add(node.location, message, expected=expected, suggestion=suggestion)

"""The key `calendars` of `fieldline.yaml`, held to the contracts that name one."""

from datetime import timedelta
from pathlib import Path

import pytest

from fieldline.documents.problem import EstateError
from fieldline.estate.load import Estate, load_estate

WEB = """system: web
repair: {{by: [web-support], typically: PT4H, hours: {hours}}}
entities: {{form: {{fields: {{a: {{type: text}}}}}}}}
"""


def loaded(root: Path, calendars: str, hours: str = "office") -> Estate:
    (root / "contracts").mkdir()
    (root / "fieldline.yaml").write_text(f"estate: x\nlineage: []\n{calendars}\n", encoding="utf-8")
    (root / "contracts" / "web.yaml").write_text(WEB.format(hours=hours), encoding="utf-8")
    return load_estate(root)


def test_a_calendar_has_hours_and_the_clock_of_its_country(tmp_path: Path) -> None:
    office = 'office: {country: FI, hours: "08:00-16:30"}'
    words = f'calendars: {{{office}, night: {{country: US, hours: "18:00-24:00", zone: America/New_York}}}}'
    calendars = loaded(tmp_path, words).calendars
    day, night = calendars["office"], calendars["night"]
    assert (day.country, day.zone) == ("FI", "Europe/Helsinki")
    assert (day.opens, day.closes) == (timedelta(hours=8), timedelta(hours=16, minutes=30))
    assert (night.zone, night.closes) == ("America/New_York", timedelta(hours=24))


def test_hours_may_be_words_and_an_estate_need_not_have_a_calendar(tmp_path: Path) -> None:
    assert loaded(tmp_path, 'calendars: {o: {country: NO, hours: "08:00-16:00"}}', "Mon-Fri 8-16").calendars["o"]
    (tmp_path / "other").mkdir()
    assert loaded(tmp_path / "other", "", "office").calendars == {}


@pytest.mark.parametrize(
    ("calendars", "said"),
    [
        ('{office: {country: FI, hours: "8-16"}}', '3:42: "8-16" are no hours of a day'),
        ('{office: {country: FI, hours: "16:00-08:00"}}', "are no hours of a day"),
        ('{office: {country: FI, hours: "16:00-24:30"}}', "are no hours of a day"),
        ('{office: {country: Finland, hours: "08:00-16:00"}}', '3:31: "Finland" is no country'),
        ('{office: {country: US, hours: "08:00-16:00"}}', "the time zone of US is not known"),
        ('{office: {country: FI, hours: "08:00-16:00", zone: Europe/Helsinky}}', "Europe/Helsinki"),
        ('{offices: {country: FI, hours: "08:00-16:00"}}', "which is no calendar of fieldline.yaml"),
    ],
)
def test_what_is_no_calendar_is_said_at_its_place(tmp_path: Path, calendars: str, said: str) -> None:
    with pytest.raises(EstateError) as error:
        loaded(tmp_path, f"calendars: {calendars}")
    told = [f"{problem.location}: {problem.message} | {problem.suggestion}" for problem in error.value.problems]
    assert any(said in line for line in told), told

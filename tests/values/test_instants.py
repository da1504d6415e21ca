"""The ends of the calendar, which systems write for "for ever": nothing that is said or counted of them breaks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from fieldline.checker.record.expected import moment_of, state_by_time
from fieldline.sentences.speech import moment_phrase, speech, value_words
from fieldline.values.instants import in_zone, later

HOUR = timedelta(hours=1)
EAST, WEST = ZoneInfo("Europe/Helsinki"), ZoneInfo("America/New_York")
ENDS = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
NOW = datetime(2026, 5, 4, tzinfo=UTC)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("zone", [UTC, EAST, WEST])
def test_a_moment_at_an_end_is_shown(end: datetime, zone: ZoneInfo) -> None:
    moment = end.replace(tzinfo=zone)
    assert [in_zone(moment, other).year for other in (UTC, EAST, WEST)] == [end.year] * 3
    for language in ("en", "fi"):
        said = speech(language)  # type: ignore[arg-type]  # two of them
        assert str(end.year) in value_words(said, moment)
        assert moment_phrase(said, moment)


@pytest.mark.parametrize("held", [date.min, date.max, *ENDS])
def test_a_record_that_changed_at_an_end_has_a_state(held: date) -> None:
    changed = moment_of(held)
    assert changed is not None
    assert changed.first <= changed.last
    state, due = state_by_time(HOUR, [changed], None, NOW, is_late_where_absent=True)
    assert due is not None
    assert state == ("not yet due" if held.year == 9999 else "overdue")


def test_elsewhere_a_moment_is_what_it_always_was() -> None:
    assert in_zone(NOW, EAST) == NOW
    assert in_zone(NOW, EAST).hour == 3
    assert later(NOW, HOUR) == NOW + HOUR

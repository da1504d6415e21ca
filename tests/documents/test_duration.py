"""Durations: ISO 8601, the part with a fixed length."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.documents.duration import DURATION_PATTERN, parse_duration, suggest_duration


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("P3D", timedelta(days=3)),
        ("PT24H", timedelta(hours=24)),
        ("P2W", timedelta(weeks=2)),
        ("P1WT1S", timedelta(weeks=1, seconds=1)),
        ("P1DT2H3M4S", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("PT0S", timedelta()),
        ("P999999W", timedelta(weeks=999_999)),
    ],
)
def test_durations_are_read(text: str, duration: timedelta) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "P1DT",
        "3D",
        "p3d",
        "P1Y",
        "P1M",
        "P-3D",
        "-P3D",
        "P1.5D",
        "P1H",
        "PT1D",
        "P٣D",
        "P3D\n",
        "P1000000D",
    ],
)
def test_what_is_no_duration_of_fixed_length(text: str) -> None:
    assert parse_duration(text) is None


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [("3 days", "P3D"), ("24h", "PT24H"), ("2 Weeks", "P2W"), ("90 min", "PT90M"), ("5s", "PT5S"), ("soon", None)],
)
def test_what_people_write_instead(text: str, suggestion: str | None) -> None:
    assert suggest_duration(text) == suggestion


@given(st.from_regex(DURATION_PATTERN, fullmatch=True) | st.text("PTWDHMS0123", max_size=8))
def test_the_published_pattern_says_what_is_read(text: str) -> None:
    assert (re.fullmatch(DURATION_PATTERN, text) is not None) == (parse_duration(text) is not None)

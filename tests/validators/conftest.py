"""Entries that several files of tests ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fieldline.application.library import LoadedEstate

from ..properties.estates import estate
from .tried import DB, FIELDS, FLOWS, MORE, entry_of

if TYPE_CHECKING:
    from fieldline.application.library import Entry


@pytest.fixture(scope="module")
def plain() -> Entry:
    """What every target has words for."""
    return entry_of(FIELDS)


@pytest.fixture(scope="module")
def whole() -> Entry:
    """Units of others, dates, fields that are joined, and conditions."""
    return LoadedEstate(estate({"in": FIELDS | MORE, "db": DB}, FLOWS)).entry("in.e")

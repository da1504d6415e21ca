"""The shipped Unicode tables hold what Python and the `regex` package hold."""

from __future__ import annotations

import runpy
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
import regex

from fieldline.values import unicode_tables
from fieldline.values.charset import CODE_POINT_LIMIT, Charset
from fieldline.values.unicode_data import (
    UNICODE_VERSION,
    binary_property,
    close_over_simple_folding,
    full_fold_map,
    general_category,
    lower_map,
    script,
    simple_fold_map,
    simple_fold_orbits,
    title_map,
    upper_map,
)

pytestmark = pytest.mark.slow  # every character is looked at

SAME_VERSION = unicodedata.unidata_version == UNICODE_VERSION
AMENDED = {0x0295, 0x1171E}
"""Characters whose category a version after 14.0 changed."""
PARTNERED = {0x019B, 0x0264, 0xA7D3, 0xA7D5}
"""Characters that a version after 14.0 gave a partner in case."""
GENERATOR = Path(__file__).with_name("generate_unicode.py")


def test_categories_are_those_of_python_or_of_regex() -> None:
    for name in unicode_tables.CATEGORIES:
        if name == "Cn":
            continue
        holds = regex.compile(rf"\p{{gc={name}}}").match
        for low, high in general_category(name).spans():
            for point in range(low, high, 7) if high - low > 0x1000 else range(low, high):
                if SAME_VERSION:
                    assert unicodedata.category(chr(point)) == name
                elif point not in AMENDED:
                    assert holds(chr(point)), hex(point)


def test_categories_part_the_code_points() -> None:
    sets = [general_category(name) for name in unicode_tables.CATEGORIES]
    assert sum(map(len, sets)) == CODE_POINT_LIMIT
    assert Charset.ranges((low, high - 1) for charset in sets for low, high in charset.spans()).bounds == (
        0,
        CODE_POINT_LIMIT,
    )


@pytest.mark.parametrize("name", [*unicode_tables.SCRIPTS])
def test_scripts_are_those_of_regex(name: str) -> None:
    holds = regex.compile(rf"\p{{Script={name}}}").match
    charset = script(name)
    ends = {point for bound in charset.bounds for point in (bound - 1, bound) if 0 <= point < CODE_POINT_LIMIT}
    unassigned = general_category("Cn")
    assert charset
    for point in ends:
        if point not in unassigned:
            assert bool(holds(chr(point))) == (point in charset), hex(point)


@pytest.mark.parametrize("name", [*unicode_tables.PROPERTIES])
def test_properties_are_those_of_python_or_of_regex(name: str) -> None:
    by_python = {"Lowercase": str.islower, "Uppercase": str.isupper}
    by_regex = regex.compile(rf"\p{{{name}}}").match
    charset = binary_property(name)
    for point in range(CODE_POINT_LIMIT):
        if unicodedata.category(chr(point)) in ("Cn", "Co", "Cs"):
            continue
        if name in by_python:
            if SAME_VERSION:
                assert by_python[name](chr(point)) == (point in charset), hex(point)
        elif point not in general_category("Cn"):
            assert bool(by_regex(chr(point))) == (point in charset), hex(point)


def test_case_is_that_of_python() -> None:
    comparable = set(range(CODE_POINT_LIMIT)) if SAME_VERSION else _assigned() - PARTNERED
    maps = (
        (upper_map(), str.upper),
        (lower_map(), str.lower),
        (title_map(), str.title),
        (full_fold_map(), str.casefold),
    )
    for found, change in maps:
        assert found == {point: change(chr(point)) for point in comparable if change(chr(point)) != chr(point)}


def _assigned() -> set[int]:
    return {point for low, high in (~general_category("Cn")).spans() for point in range(low, high)}


def test_characters_of_one_folding_are_equal_without_regard_to_case() -> None:
    for point, folded in simple_fold_map().items():
        assert simple_fold_orbits()[point] is simple_fold_orbits()[folded]
        assert {point, folded} <= {p for low, high in simple_fold_orbits()[point].spans() for p in range(low, high)}
        assert folded not in simple_fold_map()
    for together in ("ßẞ", "kK\u212a", "ı"):
        assert close_over_simple_folding(Charset.of(together[0])) is Charset.of(together)


def test_closing_over_folding_closes() -> None:
    for charset in (general_category("Lu"), Charset.of(("a", "z")), script("Greek"), ~Charset.of("k")):
        closed = close_over_simple_folding(charset)
        assert charset <= closed
        assert close_over_simple_folding(closed) is closed


def test_names_are_found_by_their_aliases() -> None:
    assert general_category("Uppercase_Letter") is general_category("Lu")
    assert general_category("LC") is general_category("Lu") | general_category("Ll") | general_category("Lt")
    assert script("Grek") is script("Greek")
    assert binary_property("Alpha") is binary_property("Alphabetic")
    assert binary_property("Assigned") is ~general_category("Cn")
    for find in (general_category, script, binary_property):
        with pytest.raises(KeyError):
            find("Klingon")


def test_the_shipped_tables_are_what_the_generator_writes() -> None:
    generator = runpy.run_path(str(GENERATOR))
    written = Path(unicode_tables.__file__).read_text(encoding="utf-8")
    if SAME_VERSION:
        assert generator["generate"]() == written
    assert all(f'    "{name}": ' in written for name in (*generator["CATEGORIES"], *generator["PROPERTIES"]))


def test_nothing_is_decoded_before_it_is_asked_for() -> None:
    code = (
        "from fieldline.values import regex, unicode_data as u;"
        "caches = [u.general_category, u.script, u.binary_property, u.upper_map, u.lower_map, u.simple_fold_map];"
        "assert not any(cache.cache_info().currsize for cache in caches)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

"""A set of characters is named exactly, or said to be named by examples.

The English words are read back here by a table of its own, which knows nothing of the code that writes them.
"""

from __future__ import annotations

import re
from string import ascii_lowercase, ascii_uppercase, digits, punctuation

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldline.contracts.constraint import Encodable, Matches, accepted
from fieldline.sentences.allowed import allowed_words, character_words, one_character
from fieldline.sentences.speech import speech
from fieldline.values.charset import SCALARS, Charset
from fieldline.values.features import OfForm, OnlyCharacters, features

NAMES = {
    "spaces": " ",
    "hyphens": "-",
    "apostrophes": "'",
    "quotation marks": '"',
    "full stops": ".",
    "commas": ",",
    "colons": ":",
    "semicolons": ";",
    "underscores": "_",
    "digits": digits,
}


def read_back(words: str) -> Charset:
    """The characters that an English phrase names. Raises ValueError where a word has no meaning."""
    if words.startswith("any characters except "):
        return SCALARS - read_back(words.removeprefix("any characters except "))
    found: set[str] = set()
    for word in re.split(", | and | or ", words):
        span = re.fullmatch(r"(?:digits )?(.)–(.)", word)
        if span is not None:
            found.update(map(chr, range(ord(span[1]), ord(span[2]) + 1)))
        elif word in NAMES:
            found.update(NAMES[word])
        elif len(word) == 1:
            found.add(word)
        else:
            raise ValueError(word)
    return Charset.of("".join(found))


RANGES = st.sampled_from([ascii_uppercase, ascii_lowercase, digits]).flatmap(
    lambda script: st.tuples(st.integers(0, len(script) - 1), st.integers(1, len(script))).map(
        lambda ends: script[min(ends) : max(ends)]
    )
)
SINGLES = st.sampled_from([*punctuation, " ", *"åäöÅÄÖæøéüßłŁñčяα中€–"])
CHARSETS = st.builds(
    lambda ranges, singles: Charset.of("".join(ranges), "".join(singles)), st.lists(RANGES), st.lists(SINGLES)
).filter(bool)


@given(CHARSETS)
def test_the_words_name_exactly_the_characters_of_the_set(charset: Charset) -> None:
    parts = OnlyCharacters(charset).parts
    assert parts.exact
    words = character_words(speech("en"), parts)
    if "–" not in parts.singles:  # the dash of ranges, alone between two commas
        assert read_back(words) is charset
    assert all(ord(character) in charset for character in parts.singles)


@given(st.sets(SINGLES, min_size=1, max_size=8))
def test_of_nearly_all_characters_the_words_name_the_lacking_ones(lacking: set[str]) -> None:
    charset = SCALARS - Charset.of("".join(lacking))
    words = character_words(speech("en"), OnlyCharacters(charset).parts)
    assert words.startswith("any characters except ")
    if "–" not in lacking:
        assert read_back(words) is charset


def escaped(charset: Charset) -> str:
    return "".join(f"\\u{{{low:X}}}-\\u{{{high - 1:X}}}" for low, high in charset.spans())


@settings(max_examples=30)
@given(CHARSETS, st.integers(0, 3), st.integers(4, 40) | st.none())
def test_a_pattern_of_characters_is_said_as_those_characters(charset: Charset, low: int, high: int | None) -> None:
    pattern = f"[{escaped(charset)}]{{{low},{'' if high is None else high}}}"
    found = features(accepted(Matches(pattern, "ecma", "u")), "text")
    named = [feature for feature in found if isinstance(feature, OnlyCharacters)]
    assert not any(isinstance(feature, OfForm) for feature in found)
    if named:  # else the texts are so few that they are listed
        assert named == [OnlyCharacters(charset)]


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "ascii", "cp037", "iso8859-7", "cp1250"])
def test_what_is_not_exactly_named_names_examples_on_the_right_side(encoding: str) -> None:
    (feature,) = features(accepted(Encodable(encoding)), "text")
    assert isinstance(feature, OnlyCharacters)
    assert not feature.parts.exact
    assert all(ord(character) in feature.charset for character in feature.parts.singles)
    assert not any(ord(character) in feature.charset for character in feature.parts.rejected)
    for low, high in feature.parts.ranges:
        assert Charset.of((low, high)) <= feature.charset
    words = character_words(speech("en"), feature.parts)
    assert words.startswith(("no characters such as ", "certain characters alone, for instance "))


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("[A-Z0-9]{0,12}", "at most 12 characters (A–Z and digits)"),
        ("[A-Za-z0-9 -]{3,10}", "3 to 10 characters (A–Z, a–z, digits, spaces and hyphens)"),
        ("[0-9]{5}", "exactly 5 digits"),
        ("[A-F0-9]+", "at least 1 character (A–F and digits)"),
        ("[^<>]{0,9}", "at most 9 characters, any characters except < or >"),
        ("C-[0-9]{8}", "exactly 10 characters (digits, hyphens and C), in a certain form, for instance C-00000000"),
        ("(FI|SE|NO)", "one of FI, NO or SE"),
        ("FI", "only FI"),
        ("[\\s\\S]*", None),
        ("[^\\s\\S]", "no value"),
    ],
)
def test_patterns_in_plain_words(pattern: str, words: str | None) -> None:
    assert allowed_words(speech("en"), features(accepted(Matches(pattern, "ecma", "u")), "text"), "text") == words


@pytest.mark.parametrize(
    ("character", "words"),
    [
        ("ł", "the character ł"),
        (" ", "spaces"),
        ("\n", "line breaks"),
        ("\t", "tabs"),
        ("\u200b", "the character U+200B, which cannot be seen"),
        ("\u202e", "the character U+202E, which cannot be seen"),
        ("\u05d0", "the character U+05D0, which cannot be seen"),
        ("\u0301", "the character U+0301, which cannot be seen"),
    ],
)
def test_a_character_that_is_not_allowed_is_named(character: str, words: str) -> None:
    assert one_character(speech("en"), character) == words

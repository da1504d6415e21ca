"""The words that docs/reference/sentences.md gives are those of the catalogues."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldline.documents.local_text import LANGUAGE_NAMES
from fieldline.sentences.speech import speech

GLOSSARY = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "sentences.md").read_text(encoding="utf-8")
TABLE = [
    [cell.strip() for cell in line.strip("|").split("|")] for line in GLOSSARY.splitlines() if line.startswith("| ")
]


def test_the_table_has_every_language() -> None:
    assert set(TABLE[0]) == set(LANGUAGE_NAMES)
    assert len(TABLE) > 20


@pytest.mark.parametrize("row", TABLE[1:], ids=lambda row: row[0])
def test_a_word_of_the_glossary_is_the_word_of_the_catalogue(row: list[str]) -> None:
    english = row[0]
    for language, word in zip(TABLE[0], row, strict=True):
        assert speech(language).say(english) == word  # type: ignore[arg-type]

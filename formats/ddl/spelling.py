"""Words of definitions with one typing error in them.

ALTER TABLE t MODIFIY n …       no engine takes it: a problem, with the word that was meant
ALTER TABLE t REBALANCE …       some engine may: what it does to t is not known, and all other tables are exact
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache

from .objects import word_set

_WORDS = word_set(
    "CREATE ALTER DROP INSERT UPDATE DELETE SELECT RENAME TRUNCATE COMMENT GRANT REVOKE COMMIT EXECUTE "
    "TABLE INDEX VIEW UNIQUE TYPE DOMAIN TRIGGER SEQUENCE FUNCTION PROCEDURE SCHEMA DATABASE "
    "MODIFY CHANGE COLUMN CONSTRAINT CHECK DEFAULT COLLATE GENERATED PRIMARY FOREIGN REFERENCES NULL IDENTITY CHARACTER"
)
"""The words that say what a definition is."""
_ALIKE = 0.8
"""The least likeness of a word with one typing error (`difflib`): `chekc` and `check` have it."""


def misspelt(word: str, grammar: str) -> str | None:
    """The word that was meant, where this one is no word of an engine, and one typing error away from a word we know."""
    upper = word.upper()
    if upper in _WORDS or upper in _keywords(grammar):
        return None
    close = get_close_matches(upper, _WORDS, n=1, cutoff=_ALIKE)
    meant = close[0] if close and abs(len(close[0]) - len(upper)) <= 1 and upper[0] == close[0][0] else None
    return meant.lower() if meant is not None and word.islower() else meant


@cache
def _keywords(grammar: str) -> frozenset[str]:
    """Every word that sqlglot knows as a keyword, of the dialect or of any SQL."""
    from sqlglot.dialects.dialect import Dialect
    from sqlglot.tokens import Tokenizer

    both = (Tokenizer, type(Dialect.get_or_raise(grammar).tokenizer()))
    return frozenset(word for each in both for phrase in each.KEYWORDS for word in phrase.upper().split())

"""Redshift, which descends from PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ..sqltype import FIXED_TEXTS
from .engine import LONGEST_FITTED, Engine, EngineName
from .postgres import Postgres
from .syntax import StatementSyntax

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..patterns import Flavour
    from ..sqltype import SqlType, TypedColumn


class Redshift(Postgres):
    """Redshift. Lengths are bytes of UTF-8; keys are written down and not enforced."""

    name: ClassVar[EngineName] = "redshift"
    liquibase_word = "redshift"
    grammar = "redshift"
    query_functions = None  # its functions change no table: only what is CALLed does
    statements = StatementSyntax(
        like_element=True,
        select_into=True,
        quoted_types=True,
        transactional=True,
        schema_words=Postgres.statements.schema_words,
    )

    integers: ClassVar[Mapping[str, int]] = {
        name: bits for name, bits in Postgres.integers.items() if "SERIAL" not in name
    }
    default_digits = (18, 0)
    uuid = None
    enforces_keys = False
    counting: ClassVar[Mapping[str, str]] = {}
    escape_literals = False
    has_starts_with = False
    regex = None
    whole_patterns: ClassVar[Mapping[str, Flavour]] = {}

    def is_text(self, made: SqlType) -> bool:
        return Engine.is_text(self, made)

    def apply_text(self, column: TypedColumn) -> None:
        """CHAR holds characters of one byte only. Blanks that do not fit are dropped; a CHAR is filled up with them."""
        made, rules = column.type, column.rules
        short = made.name in FIXED_TEXTS
        default = 256 if made.name in {"TEXT", "BPCHAR"} or not short else 1
        limit = 65_535 if made.args == ("MAX",) else made.number() if made.args else default
        if limit is None:
            rules.add_opaque(made.written, made.at)
        else:
            if limit <= LONGEST_FITTED:
                rules.stored["fitted"] = made.at
            if short:
                rules.held_by("ascii", made.at)
                rules.stored["padded"] = made.at
            rules.limit_bytes("max_bytes", limit, "ascii" if short else "utf-8", made.at)
        self._reject_nul(column)

    def apply_own_type(self, column: TypedColumn) -> bool:
        return Engine.apply_own_type(self, column)

    def compares_exactly(self, collation: str | None) -> bool:
        return Engine.compares_exactly(self, collation)

    def lowers_ascii(self, collation: str | None) -> bool:
        return Engine.lowers_ascii(self, collation)

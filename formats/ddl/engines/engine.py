"""The interface of a database engine to the rest of `ddl`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, TypeAlias

from ..charsets import python_codec
from ..comparing import EXACTLY, Comparing
from ..patterns import LikeRules
from ..sqltype import FIXED_TEXTS, LONG_TEXTS, VARIABLE_TEXTS
from .syntax import ScriptSyntax, StatementSyntax

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ....contracts.constraint import OnViolation, StoredWay
    from ..catalogue import Ask
    from ..defaults import ColumnDefault
    from ..patterns import Flavour
    from ..rules import Rules
    from ..sqltype import SqlType, TypedColumn

EngineName: TypeAlias = Literal[
    "postgres",
    "mysql",
    "mariadb",
    "sqlite",
    "duckdb",
    "oracle",
    "sqlserver",
    "redshift",
    "snowflake",
    "bigquery",
    "spark",
    "databricks",
    "db2",
]

TextSettings: TypeAlias = tuple[str | None, str | None]
"""A charset and a collation, as one level of a definition gives them."""

STAMPS = frozenset(
    (
        "TIMESTAMP",
        "TIMESTAMPTZ",
        "TIMESTAMP WITH TIME ZONE",
        "TIMESTAMP WITH LOCAL TIME ZONE",
        "DATETIME",
        "DATETIME2",
        "DATETIMEOFFSET",
        "TIMESTAMP_S",
        "TIMESTAMP_MS",
        "TIMESTAMP_US",
    )
)
"""Types of instants."""

HEX = "[0-9a-fA-F]"
CANONICAL_UUID = rf"{HEX}{{8}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{12}}"
"""RFC 9562's way to write a UUID."""


LONGEST_FITTED = 255
"""The greatest length of which it is stated that blanks beyond it are dropped; of longer columns they count as rejected."""


@dataclass(frozen=True, slots=True)
class StoredSchema:
    """The definitions of a live database, with its settings."""

    engine: EngineName
    statements: Sequence[str]
    """In an order in which they can be run; without semicolons."""
    charset: str | None = None
    """None: the engine's default."""
    collation: str | None = None
    """None: the engine's default."""
    strict: bool = True
    """Whether values that do not fit are rejected, or cut."""


@dataclass(frozen=True)
class Engine:
    """An engine with its settings. A subclass states how it differs from the defaults here."""

    charset: str | None
    """The charset of texts unless a table or column names another: a codec of Python's, or the engine's own word.

    None: not known.
    """
    collation: str | None
    """How texts are compared unless a table or column names another collation; None: byte by byte."""
    counts: Literal["bytes", "characters"]
    """The unit of `VARCHAR2(20)` in Oracle: its NLS_LENGTH_SEMANTICS."""
    strict: bool
    """Whether MySQL rejects values that do not fit (STRICT_ALL_TABLES), or cuts them."""
    nul: bool
    """Whether PostgreSQL may be sent U+0000, which it rejects; False where nobody ever sends it."""

    name: ClassVar[EngineName]
    grammar: ClassVar[str]
    """Sqlglot's word for its dialect."""
    liquibase_word: ClassVar[str | None] = None
    """Liquibase's word for it; None: its name."""
    default_charset: ClassVar[str | None] = "utf-8"
    """The charset where nobody says; None where that hangs on the version and on settings of the server."""
    default_collation: ClassVar[str | None] = None
    script: ClassVar[ScriptSyntax] = ScriptSyntax()
    statements: ClassVar[StatementSyntax] = StatementSyntax()
    query_functions: ClassVar[frozenset[str] | None] = None
    """The functions that change no table, where others that a query calls may; None where none can."""
    catalogue: ClassVar[frozenset[str]] = frozenset()
    """The engine's own tables in which an UPDATE changes columns."""

    @property
    def of_liquibase(self) -> str:
        """Liquibase's word for it, as an attribute `dbms` has it."""
        return self.liquibase_word or self.name

    def sql_in(self, text: str) -> str:
        """The SQL of a script; all that is of another language is blanked out, character by character."""
        return text

    # ------------------------------------------------------------------------------------------------------- numbers

    integers: ClassVar[Mapping[str, int]] = {}
    """Integer types, by the bits they hold."""
    unsigned_integers: ClassVar[Mapping[str, int]] = {}
    """Integer types without a sign, by the bits they hold."""
    long_integers: ClassVar[frozenset[str]] = frozenset()
    """Integer types that hold 38 decimal digits."""
    booleans: ClassVar[frozenset[str]] = frozenset(("BOOLEAN", "BOOL"))
    decimals: ClassVar[frozenset[str]] = frozenset(("DECIMAL", "NUMERIC", "DEC", "FIXED"))
    default_digits: ClassVar[tuple[int, int] | None] = None
    """Digits, and those after the point, of a DECIMAL without a size; None: any number."""
    sizes_numbers: ClassVar[bool] = True
    """Whether the size of a DECIMAL is enforced; where it is not, it is a double, or a whole number of 64 bits."""
    decimals_beyond: ClassVar[OnViolation] = "round"
    """The action on a number with more decimals than a DECIMAL has."""
    integer_decimals: ClassVar[OnViolation] = "round"
    """The action on a number with decimals in an integer type."""
    unsigned_numbers: ClassVar[bool] = False
    """Whether decimals and floating-point numbers may be UNSIGNED."""
    single_floats: ClassVar[frozenset[str]] = frozenset(("REAL", "FLOAT4", "BINARY_FLOAT"))
    """Floating-point types of 24 bits (IEEE 754); the others have 53."""
    decimal_floats: ClassVar[Mapping[str, int]] = {}
    """Types that are named as binary ones, and hold decimal digits: the bits of each where it has no size."""
    float_bits: ClassVar[int] = 53
    """The bits of FLOAT without a size."""
    sizes_floats: ClassVar[bool] = True
    """Whether the size of a FLOAT chooses between 24 and 53 bits."""
    compares_singles: ClassVar[bool] = False
    """Whether a FLOAT of 24 bits is compared as one; elsewhere as the double that it is, and 0.1 is more than 0.1."""
    limits_floats: ClassVar[bool] = False
    """Whether a floating-point type may have a size and decimals, `DOUBLE(5, 2)`, that limit its numbers."""

    def integer(self, made: SqlType) -> tuple[int, bool] | None:
        """The bits of an integer type, and whether it has no sign; None for any other type."""
        bits = self.integers.get(made.name)
        if bits is not None:
            return bits, made.unsigned
        bits = self.unsigned_integers.get(made.name)
        return None if bits is None else (bits, True)

    # --------------------------------------------------------------------------------------------------------- texts

    padded_texts: ClassVar[bool] = True
    """Whether trailing spaces of CHAR do not count when texts are compared or measured."""

    def is_text(self, made: SqlType) -> bool:
        """Whether a column of the type holds text."""
        return made.name in VARIABLE_TEXTS or made.name in FIXED_TEXTS or made.name in LONG_TEXTS

    def is_padded(self, made: SqlType) -> bool:
        """Whether trailing spaces do not count when such texts are compared or measured."""
        return self.padded_texts and made.name in FIXED_TEXTS and not (made.name == "BPCHAR" and not made.args)

    def is_wide(self, made: SqlType) -> bool:  # noqa: ARG002 - of no type here
        """Whether texts of the type are stored in UTF-16."""
        return False

    def apply_text(self, column: TypedColumn) -> None:
        """Put the texts that the column accepts into its rules. Here: a length is written and not enforced."""
        column.declare_length()

    def codec(self, charset: str | None) -> str | None:
        """Python's codec of one of the engine's charsets; None where there is none that counts alike."""
        return None if charset is None else python_codec(charset)

    def converted(self, made: SqlType, before: str | None, after: str | None) -> SqlType:  # noqa: ARG002 - kept here
        """The type of a column once it is converted from one charset to another."""
        return made

    # --------------------------------------------------------------------------------------------------------- times

    times: ClassVar[frozenset[str]] = frozenset(("TIME", "TIMETZ", "TIME WITH TIME ZONE"))
    stamps: ClassVar[frozenset[str]] = STAMPS
    stamp_bounds: ClassVar[Mapping[str, tuple[datetime, datetime]]] = {}
    """The least and the greatest instant of a type that does not hold all of the years 1 to 9999."""
    second_decimals: ClassVar[int] = 6
    """Decimals of a second that a time without a size keeps."""
    rounds_seconds: ClassVar[bool] = True
    cuts_seconds: ClassVar[bool] = False
    """Whether finer times are cut, where they are not kept."""

    # ------------------------------------------------------------------------------------------------ all other types

    uuid: ClassVar[str | None] = None
    """The pattern of the texts that its UUID type accepts; None where it has no such type."""
    uuid_form: ClassVar[StoredWay] = "uuid"
    """The form in which such a type gives them back."""
    enumerations: ClassVar[bool] = False
    """Whether `ENUM('a', 'b')` is a type."""

    def apply_own_type(self, column: TypedColumn) -> bool:  # noqa: ARG002 - none here
        """Whether the type is one that only this engine has, or has in its own way; its values are then in the rules."""
        return False

    def apply_unknown_type(self, column: TypedColumn) -> None:
        """Put a type into the rules that is of no family."""
        column.rules.add_opaque(column.type.written, column.type.at)

    def apply_settings(self, column: TypedColumn) -> None:
        """Put what settings change about the type's values into its rules. Here: nothing."""

    # ---------------------------------------------------------------------------------------------------- comparisons

    def charset_at(self, levels: Sequence[TextSettings]) -> str | None:
        """The charset of a column; `levels`: the settings of the column, of its table and of its schema."""
        for charset, collation in levels:
            if charset is not None:
                return charset
            implied = None if collation is None else self.collation_charset(collation)
            if implied is not None:
                return implied
        return self.charset

    def collation_charset(self, collation: str) -> str | None:  # noqa: ARG002 - it names none here
        """The charset that a collation implies; None where it implies none."""
        return None

    def collation_at(self, levels: Sequence[TextSettings]) -> str | None:
        """The collation of a column, None: byte by byte; `levels` as for `charset_at`."""
        return levels[0][1] or self.collation

    def compares_exactly(self, collation: str | None) -> bool:  # noqa: ARG002 - not known here
        """Whether two texts are equal under a collation exactly if they are the same text."""
        return False

    def comparing(self, collation: str) -> Comparing:
        """How unique columns compare texts under a collation."""
        return EXACTLY if self.compares_exactly(collation) else Comparing(opaque=f"COLLATE {collation}")

    def lowers_ascii(self, collation: str | None) -> bool:  # noqa: ARG002 - not known here
        """Whether lower() and upper() change ASCII letters only."""
        return False

    # ---------------------------------------------------------------------------------------------------------- names

    folds_names: ClassVar[bool] = False
    """Whether it stores a name without quotes in a case of its own."""

    def fold(self, name: str, *, quoted: bool) -> str:  # noqa: ARG002 - quotes make no difference here
        """A name as the engine compares it."""
        return name.lower()

    def check_name(self, table: str, columns: Sequence[str]) -> str:
        """The name of a check without one, on these columns; a number may follow it."""
        return "_".join((table, *columns, "check") if len(columns) == 1 else (table, "check"))

    def unique_name(self, table: str, columns: Sequence[str], *, primary: bool) -> str:
        """The name of a key without one."""
        return f"{table}_pkey" if primary else "_".join((table, *columns, "key"))

    def foreign_name(self, table: str, columns: Sequence[str]) -> str:
        """The name of a foreign key without one; a number may follow it."""
        return "_".join((table, *columns, "fkey"))

    def index_name(self, table: str, parts: Sequence[str]) -> str:
        """The name of an index without one, on these columns and functions."""
        return "_".join((table, *parts, "idx"))

    def free_name(self, stem: str, taken: set[str]) -> str:
        """The stem, or with a number where that name is taken."""
        return stem if stem not in taken else numbered_name(stem, taken, 1)

    # ----------------------------------------------------------------------------------------------------------- keys

    one_null: ClassVar[bool] = False
    """Whether a UNIQUE column holds one null at most; the SQL standard takes any number."""
    nulls_equal_beside_values: ClassVar[bool] = False
    """Whether null is equal to null in a unique key of several columns, where another column has a value."""
    enforces_keys: ClassVar[bool] = True
    """Whether it enforces UNIQUE and PRIMARY KEY, or only writes them down."""
    key_columns_required: ClassVar[bool] = True
    """Whether the columns of a primary key become NOT NULL, and stay so when the key goes."""
    index_bytes: ClassVar[int | None] = None
    """The bytes of texts that are sure to fit into one entry of a unique index; None: any that the columns hold."""
    narrows_keys: ClassVar[bool] = False
    """Whether a unique index loses a dropped column; elsewhere it is dropped itself."""

    def key_rejects_null(self, *, strict: bool) -> bool:  # noqa: ARG002 - all of them here
        """Whether a primary key rejects null; `strict`: in a table that requires its keys."""
        return True

    def numbers_key(self, types: Sequence[SqlType]) -> bool:  # noqa: ARG002 - none here
        """Whether null in a primary key over columns of these types becomes the number of the row."""
        return False

    def stamps_null(self, made: SqlType) -> bool:  # noqa: ARG002 - none here
        """Whether null becomes the time of now in a column of the type that is NOT NULL."""
        return False

    zero_counts: ClassVar[bool] = False
    """Whether 0, as null, becomes the next number in a column that is numbered."""

    def implicit_default(self, made: SqlType, rules: Rules) -> ColumnDefault | None:  # noqa: ARG002 - none here
        """What it puts into a column that rejects null, where the row leaves it out and no default is written."""
        return None

    # --------------------------------------------------------------------------------------------------------- checks

    empty_is_null: ClassVar[bool] = False
    """Whether the empty text is null."""
    stops_at_nul: ClassVar[bool] = False
    """Whether functions and patterns see a text up to its first U+0000 only."""
    counting: ClassVar[Mapping[str, str]] = {}
    """Functions of its own that measure a text, by the unit they count."""
    length_trims: ClassVar[bool] = False
    """Whether its length function does not count trailing spaces."""
    encode_gives_bytes: ClassVar[bool] = False
    """Whether `length(encode(x))` counts bytes."""
    byte_casts: ClassVar[frozenset[str]] = frozenset()
    """Casts (in sqlglot's words) of which `length` counts bytes."""
    trims_unicode: ClassVar[bool] = False
    """Whether trim removes all white space of Unicode."""
    escape_literals: ClassVar[bool] = False
    """Whether `E'…'` is a text."""
    like: ClassVar[LikeRules] = LikeRules()
    has_glob: ClassVar[bool] = False
    has_starts_with: ClassVar[bool] = False
    regex: ClassVar[Flavour | None] = None
    """The regular expressions that are searched for in a text; None where none are read."""
    tilde_varies: ClassVar[bool] = False
    """Whether `~` is a search in one version and a full match in another."""
    whole_patterns: ClassVar[Mapping[str, Flavour]] = {}
    """Patterns that must match all of a text, by sqlglot's name of the condition."""
    whole_patterns_compare: ClassVar[bool] = True
    """Whether the collation of the column bears on these patterns."""

    # -------------------------------------------------------------------------------------------------- live databases

    @classmethod
    def stored_schema(cls, ask: Ask) -> StoredSchema:
        """The definitions that a live database stores. Raises NotReadHere where it is another engine."""
        raise NotImplementedError

    @classmethod
    def views_query(cls) -> str:
        """A query for the views of a live database: the schema, where a name needs one, the name, and what made it.

        That is the whole statement, or the query behind AS.
        """
        raise NotImplementedError

    @classmethod
    def answering(cls, ask: Ask) -> EngineName:  # noqa: ARG003 - one name stands for several engines elsewhere
        """The engine that answers."""
        return cls.name

    @classmethod
    def columns_query(cls, table: str, schema: str | None = None) -> str:
        """A query for the columns of a table: their names, then their types; none where there is no such table."""
        raise NotImplementedError


def numbered_name(stem: str, taken: set[str], first: int) -> str:
    """The stem with the first number, from `first` on, that makes a name that is not taken."""
    number = first
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"

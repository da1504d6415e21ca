"""MySQL."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from ..comparing import Comparing
from ..defaults import ColumnDefault
from ..patterns import LikeRules
from ..sqltype import FIXED_TEXTS, VARIABLE_TEXTS
from .engine import LONGEST_FITTED, Engine, EngineName, StoredSchema, numbered_name
from .syntax import ScriptSyntax, StatementSyntax

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..catalogue import Ask
    from ..rules import Rules
    from ..sqltype import SqlType, TypedColumn
    from .engine import TextSettings

_CODECS = {
    "utf8mb4": "utf-8",
    "utf8mb3": "utf8mb3",
    "utf8": "utf8mb3",
    "utf16": "utf-16-be",
    "utf16le": "utf-16-le",
    "utf32": "utf-32-be",
    "ucs2": "ucs-2",
    "ascii": "ascii",
    # MySQL's latin1 is cp1252, and has the five control characters that cp1252 leaves out besides.
    "latin1": "cp1252",
    "latin2": "iso8859_2",
    "latin5": "iso8859_9",
    "latin7": "iso8859_13",
    "greek": "iso8859_7",
    "hebrew": "iso8859_8",
    "cp850": "cp850",
    "cp852": "cp852",
    "cp866": "cp866",
    "cp1250": "cp1250",
    "cp1251": "cp1251",
    "cp1256": "cp1256",
    "cp1257": "cp1257",
    "koi8r": "koi8_r",
    "koi8u": "koi8_u",
}
_PLAIN_COLLATION = re.compile(
    r"latin1_swedish_ci|[a-z0-9]+_(?:general|unicode|unicode_520|0900|uca1400)(?:_nopad)?(?:_a[is])?_c[is]"
)
"""Collations of no one language: two texts of printable ASCII are equal but for their case."""
_WIDEST = {"utf8mb4": 4, "utf8mb3": 3, "utf8": 3, "utf16": 4, "utf16le": 4, "utf32": 4, "ucs2": 2}
"""The most bytes of one character; one in the charsets that are not named."""
_WIDE = frozenset(("utf16", "utf16le", "utf32", "ucs2"))
"""The charsets in which a blank takes more than one byte."""
_WHOLE = frozenset(("utf-8", "utf-16-be", "utf-16-le", "utf-32-be"))
"""The codecs that hold every character."""

_TEXT_BYTES: Mapping[str, int | None] = {
    "TINYTEXT": 255,
    "TEXT": 65_535,
    "MEDIUMTEXT": 16_777_215,
    "LONGTEXT": None,
    "LONG": 16_777_215,
}
"""MySQL 8.4 reference, 13.7: the bytes that each type of text holds. LONGTEXT: more than any packet."""

_ROW = 65_535
"""The bytes of the longest VARCHAR."""

_MOST_MEMBERS = 8
"""A SET of more members has too many values to list."""


class MySql(Engine):
    """MySQL. Lengths of CHAR and VARCHAR are characters, those of the TEXT types bytes."""

    name: ClassVar[EngineName] = "mysql"
    grammar = "mysql"
    default_charset = None
    default_collation: ClassVar[str | None] = "utf8mb4_0900_ai_ci"
    script = ScriptSyntax(
        quotes=re.compile(r"""--|\#|/\*|['"`]"""),
        inclusions=re.compile(r"(?im)^[ \t]*(?:SOURCE[ \t]+[^\s,()]*[./][^\s,()]*[ \t]*|\\\..*)$"),
        delimiters=True,
        versions_run=(range(99_000),),  # 99999 stands for a version that no server has
        backslash_escapes=True,
    )
    statements = StatementSyntax(
        queries_keep_required=True,
        schema_words=frozenset(("USE",)),
        index_words=frozenset(("KEY", "INDEX", "FULLTEXT", "SPATIAL")),
        like_table=True,
        bare_key=True,
        counted_types=frozenset(("SERIAL",)),
        charsets=True,
        alters_checks=True,
        renames_tables=True,
    )

    integers: ClassVar[Mapping[str, int]] = {
        **dict.fromkeys(("TINYINT", "INT1"), 8),
        **dict.fromkeys(("SMALLINT", "INT2"), 16),
        **dict.fromkeys(("MEDIUMINT", "INT3", "MIDDLEINT"), 24),
        **dict.fromkeys(("INT", "INTEGER", "INT4"), 32),
        **dict.fromkeys(("BIGINT", "INT8"), 64),
    }
    unsigned_integers: ClassVar[Mapping[str, int]] = {"SERIAL": 64}
    default_digits = (10, 0)
    unsigned_numbers = True
    single_floats = frozenset(("FLOAT4", "BINARY_FLOAT"))
    float_bits = 24
    limits_floats = True
    stamp_bounds: ClassVar[Mapping[str, tuple[datetime, datetime]]] = {
        "TIMESTAMP": (
            datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC),
            datetime(2038, 1, 19, 3, 14, 7, 499999, tzinfo=UTC),
        )
    }
    second_decimals = 0
    narrows_keys = True
    zero_counts = True
    counting: ClassVar[Mapping[str, str]] = {"octet_length": "bytes"}
    like = LikeRules(escape="\\", literal_backslash=False)

    def is_text(self, made: SqlType) -> bool:
        return made.name in _TEXT_BYTES or super().is_text(made)

    def apply_text(self, column: TypedColumn) -> None:
        made, rules = column.type, column.rules
        charset = "utf8mb3" if made.name.startswith("N") else column.charset
        encoding = self.codec(charset)
        if charset is None:
            # MySQL 8's own is utf8mb4, MySQL 5.7's and MariaDB 10.11's latin1: all of them hold ASCII, in one byte each.
            rules.held_by("ascii", made.at)
            rules.actions["encodable"] = "unknown"
            encoding = "utf-8"
        elif encoding is None:
            rules.add_opaque(f"{made.written} CHARACTER SET {charset}", made.at)
        elif encoding not in _WHOLE:
            rules.held_by(encoding, made.at)
        if made.name in _TEXT_BYTES:
            limit = _text_bytes(made, charset)
            if limit is not None and encoding is not None:
                rules.limit_bytes("max_bytes", limit, encoding, made.at)
        elif made.args or made.name in FIXED_TEXTS:
            length = made.number() if made.args else 1
            if length is None:
                rules.add_opaque(made.written, made.at)
            else:
                rules.bound("max_length", length, made.at)
        lengths = [rules.bounds["max_length"][0]] if rules.bounds else [limit for limit, *_ in rules.bytes.values()]
        is_short = any(isinstance(length, int) and length <= LONGEST_FITTED for length in lengths)
        if is_short and (charset or "").lower() not in _WIDE:  # MariaDB 10.11: of those, such blanks are too many
            rules.stored["fitted_spaces"] = made.at
        if made.name in FIXED_TEXTS:
            rules.stored["stripped"] = made.at

    def converted(self, made: SqlType, before: str | None, after: str | None) -> SqlType:
        """MySQL 8.4, 15.1.9: a type that holds as many characters of the new charset; MariaDB 10.11 chooses alike.

        Of a VARCHAR that would be too long one of TEXT, and in a strict mode an error.
        """
        wide = _width(after)
        if made.name in _TEXT_BYTES:
            size = _text_bytes(made, before)
            narrow = _width(before)
            if size is None or wide == 1 or (narrow is not None and wide is not None and wide <= narrow):
                return made
            if narrow is None or wide is None:
                return replace(made, name="", args=(), written=f"{made.written} CONVERT TO CHARACTER SET {after}")
            grown = next((name for name, most in _TEXT_BYTES.items() if most is None or most > size), "LONGTEXT")
            return replace(made, name=grown, args=())
        length = made.number()
        if made.name in VARIABLE_TEXTS and length is not None and length * (wide or 4) > _ROW:
            kept = "" if self.strict or wide is None else "MEDIUMTEXT"
            return replace(made, name=kept, args=(), written=f"{made.written} CONVERT TO CHARACTER SET {after}")
        return made

    def apply_settings(self, column: TypedColumn) -> None:
        """MySQL 8.4, 7.1.11: without a strict mode, values are cut, replaced and kept within bounds, with a warning."""
        rules = column.rules
        unsigned = column.type.unsigned or column.type.name in self.unsigned_integers
        if unsigned and rules.type == "integer":
            # MariaDB 10.11 rejects -0.4, which rounds to 0
            rules.on_violation = "unknown"
        elif unsigned and "scale" in rules.digits:
            rules.actions["scale"] = "unknown"
        if self.strict:
            return
        rules.actions |= dict.fromkeys(rules.bytes, "truncate")
        rules.stored.pop("fitted_spaces", None)  # what does not fit is cut, blanks or not
        for key in rules.bounds:
            if key == "max_length":
                rules.actions[key] = "truncate"
            elif rules.type in {"integer", "decimal"}:
                rules.actions.setdefault(key, "clamp")
            else:
                rules.actions[key] = "empty"  # a date of zeros
        if "precision" in rules.digits:
            rules.actions.setdefault("precision", "clamp")
        if rules.encodable is not None:
            rules.actions.setdefault("encodable", "replace")
        if rules.pattern is not None:
            rules.actions["pattern"] = "unknown" if rules.stored else "empty"  # a UUID that is none becomes null

    def codec(self, charset: str | None) -> str | None:
        return None if charset is None else _CODECS.get(charset.lower())

    def apply_own_type(self, column: TypedColumn) -> bool:
        """MySQL 8.4, 13.3.6, 13.3.7: members are found in any case, with blanks at the end, and by number.

        Blanks at the end of the members themselves are dropped.
        """
        made, rules = column.type, column.rules
        if made.name not in {"SET", "ENUM"}:
            return False
        made = replace(made, args=tuple(dict.fromkeys(member.rstrip(" ") for member in made.args)))
        if made.name == "ENUM":
            # without a strict mode the empty text stands for what is no member
            rules.only(made.args if self.strict else (*made.args, ""), made.at)
        elif len(made.args) > _MOST_MEMBERS:
            rules.add_opaque(made.written, made.at)
            return True
        else:
            rules.only(_subsets(made.args), made.at)
        rules.actions["one_of"] = "unknown"
        if self.strict or made.name == "ENUM":
            rules.matches(_like_members(made.args, several=made.name == "SET"), made.at)
        return True

    def implicit_default(self, made: SqlType, rules: Rules) -> ColumnDefault | None:
        """MySQL 8.4 reference, 13.6: of an ENUM its first value, in any mode; of the others, where it is not strict."""
        if made.name == "ENUM" and made.args:
            return ColumnDefault("implicit", "text", made.args[0].rstrip(" "), made.at)
        if self.strict:
            return None
        match rules.type:
            case "text":
                return ColumnDefault("implicit", "text", "", made.at)
            case "integer" | "decimal" | "boolean":
                return ColumnDefault("implicit", "number", "0", made.at)
            case _:
                return ColumnDefault("implicit zero", None, "", made.at)

    def collation_charset(self, collation: str) -> str | None:
        return None if collation == "binary" else collation.partition("_")[0]

    def collation_at(self, levels: Sequence[TextSettings]) -> str | None:
        (charset, collation), table, schema = levels
        if collation == "binary":
            return f"{self.charset_at(levels)}_bin"
        for own_charset, own_collation in ((charset, collation), table, schema):
            if own_collation is not None or own_charset is not None:
                return own_collation or f"{own_charset}_general_ci"
        return self.collation

    def compares_exactly(self, collation: str | None) -> bool:
        return collation is not None and collation.lower().endswith(("_0900_bin", "_nopad_bin"))

    def comparing(self, collation: str) -> Comparing:
        """MySQL 8.4 reference, 12.10.1: those of 0900 count spaces at the end; MariaDB's NOPAD ones, too."""
        name = collation.lower()
        trimmed = () if "_0900_" in name or "_nopad_" in name else ("trim_right",)
        if name.endswith("_bin"):
            return Comparing(trimmed)
        if _PLAIN_COLLATION.fullmatch(name) is None:
            return Comparing(trimmed, f"COLLATE {collation}")
        folded = ("lower",) if name.endswith("_ci") else ()
        return Comparing((*trimmed, *folded), f"COLLATE {collation}", beyond_ascii=True)

    def check_name(self, table: str, columns: Sequence[str]) -> str:  # noqa: ARG002 - the columns bear no part
        return f"{table}_chk_"

    def unique_name(self, table: str, columns: Sequence[str], *, primary: bool) -> str:  # noqa: ARG002 - nor the table
        return "primary" if primary else columns[0] if columns else "functional_index"

    def foreign_name(self, table: str, columns: Sequence[str]) -> str:  # noqa: ARG002 - the columns bear no part
        return f"{table}_ibfk_"

    def free_name(self, stem: str, taken: set[str]) -> str:
        """A check, and a foreign key, is always numbered; the second key of a name gets `_2`."""
        if stem.endswith(("_chk_", "constraint_", "_ibfk_")):
            return numbered_name(stem, taken, 1)
        return stem if stem not in taken else numbered_name(f"{stem}_", taken, 2)

    @classmethod
    def stored_schema(cls, ask: Ask) -> StoredSchema:
        """MySQL stores its definitions; MariaDB answers under the same name."""
        version, modes, charset, collation = next(
            iter(ask("select version(), @@global.sql_mode, @@character_set_database, @@collation_database"))
        )
        list(ask("set session sql_mode = ''"))  # names in backticks, texts in quotes
        statements = []
        for name, kind in ask("show full tables"):
            if kind == "BASE TABLE":
                _, definition = next(iter(ask(f"show create table `{str(name).replace('`', '``')}`")))
                statements.append(str(definition))
        for name, event, table, body, *_ in ask("show triggers"):
            if event in {"INSERT", "UPDATE"}:
                simple = "" if ";" in str(body) else f" FOR EACH ROW {body}"  # of several statements each would end one
                statements.append(f"CREATE TRIGGER `{name}` BEFORE {event} ON `{table}`{simple}")
        return StoredSchema(
            "mariadb" if "mariadb" in str(version).lower() else "mysql",
            statements,
            charset=str(charset),
            collation=str(collation),
            strict="STRICT_ALL_TABLES" in str(modes) or "STRICT_TRANS_TABLES" in str(modes),
        )

    @classmethod
    def views_query(cls) -> str:
        """MySQL 8.4, 28.3.48 "The INFORMATION_SCHEMA VIEWS Table"."""
        return (
            "SELECT table_schema, table_name, view_definition FROM information_schema.views "
            "WHERE table_schema = DATABASE() ORDER BY 2"
        )

    @classmethod
    def answering(cls, ask: Ask) -> EngineName:
        """MariaDB answers under the same name."""
        ((version,),) = ask("SELECT version()")
        return "mariadb" if "mariadb" in str(version).lower() else "mysql"

    @classmethod
    def columns_query(cls, table: str, schema: str | None = None) -> str:
        from sqlglot import exp

        within = "database()" if schema is None else exp.Literal.string(schema).sql(cls.grammar)
        return (
            "SELECT column_name, data_type FROM information_schema.columns "  # noqa: S608 - quoted by sqlglot
            f"WHERE table_schema = {within} AND table_name = {exp.Literal.string(table).sql(cls.grammar)} "
            "ORDER BY ordinal_position"
        )


def _width(charset: str | None) -> int | None:
    """The most bytes of one character; None where the charset is not known."""
    return None if charset is None else _WIDEST.get(charset.lower(), 1)


def _text_bytes(made: SqlType, charset: str | None) -> int | None:
    """The bytes that a TEXT type holds; `TEXT(n)` is the smallest type that holds n characters."""
    length = made.number()
    if made.name != "TEXT" or length is None:
        return _TEXT_BYTES[made.name]
    needed = length * _WIDEST.get((charset or "utf8mb4").lower(), 1)
    return next((size for size in (255, 65_535, 16_777_215) if needed <= size), None)


def _like_members(members: Sequence[str], *, several: bool) -> str:
    """A pattern of every text that may be found to be a member (or `several`), and of some that are none."""
    spelled = ["".join(_either_case(character) for character in member) for member in members]
    blanks = "[ ]*"
    if several:
        characters = "".join(dict.fromkeys("".join(members).lower() + "".join(members).upper() + "0123456789,- "))
        known = f"{_one_of(characters)}*"
    else:
        known = f"(?:{'|'.join((*spelled, '[0-9]+'))}){blanks}"
    return rf"{known}|[^]*[^\x01-\x7f][^]*"


def _one_of(characters: str) -> str:
    """A pattern of one of these characters."""
    return f"[{''.join(chr(92) + c if c in '^$]-[' + chr(92) else c for c in characters)}]"


def _either_case(character: str) -> str:
    return _one_of("".join(dict.fromkeys((character.lower(), character.upper(), character))))


def _subsets(members: tuple[str, ...]) -> list[str]:
    """Every value of a SET: its members in their own order, with commas between."""
    subsets: list[tuple[str, ...]] = [()]
    for member in members:
        subsets += [(*chosen, member) for chosen in subsets]
    return [",".join(chosen) for chosen in subsets]

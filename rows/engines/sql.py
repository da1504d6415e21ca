"""Rows of a database, a warehouse say, against the requirement of an entry: the answer that polars gives of files.

Clauses that the engine can express become conditions that are proven to mean the same, for columns of the types that the
proof covers. Fieldline evaluates all others itself, once for each distinct value that the engine returns. Nothing is
written to the database.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from ...checker.diff.stored_rows import Unreadable
from ...checker.requirement.compiled import clause_check
from ...formats.ddl.columns import quoted_name, stored_table
from ...validators.sql import DAYS, clause_conditions
from ..judged import Broken, Judged, Repeated
from ..sources import TRUTHS_ARE_NUMBERS, column_value, counting
from .polars.expressions import typed_column

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ...application.library import Entry
    from ...checker.requirement.requirement import Clause, Uniqueness
    from ...contracts.constraint import Type
    from ...formats.ddl.catalogue import Ask
    from ...values.valueset import Value
    from ..sources import Progress

_INTEGERS = ("tinyint", "smallint", "integer", "int", "mediumint", "bigint", "hugeint")
_UNSIGNED = ("utinyint", "usmallint", "uinteger", "ubigint", "uhugeint")
_BYTES = ("bytea", "blob", "binary", "varbinary", "tinyblob", "mediumblob", "longblob", "bit")
_LOCAL = ("timestamp without time zone", "timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns", "datetime")
_KINDS: Mapping[str, str] = {
    **dict.fromkeys(("text", "varchar", "tinytext", "mediumtext", "longtext", "character varying"), "text"),
    **dict.fromkeys((*_INTEGERS, *_UNSIGNED), "integer"),
    **dict.fromkeys(("numeric", "decimal"), "decimal"),
    **dict.fromkeys(("real", "double precision", "float", "double"), "float"),
    **dict.fromkeys(("timestamp with time zone", "timestamptz"), "datetime"),
    **dict.fromkeys(("time", "time without time zone"), "time"),
    **dict.fromkeys(_BYTES, "bytes"),
    **dict.fromkeys(_LOCAL, "an instant without a zone"),
    "character": "padded",  # PostgreSQL's, whose blanks a cast would drop
    "boolean": "boolean",
    "date": "date",
}
"""The kinds of columns, by the engines' names of types; of any other column the engine's own text of a value is read."""
_WRITTEN, _PADDED = "written", "padded"
_NUMBERS = frozenset({"integer", "decimal", "float", "text", _PADDED, _WRITTEN})
_FITTING: Mapping[Type, frozenset[str]] = {
    "text": frozenset({"text", _PADDED, _WRITTEN}),
    "integer": _NUMBERS,
    "decimal": _NUMBERS,
    "boolean": frozenset({"boolean", "text", _PADDED, _WRITTEN}),
    "date": frozenset({"date", "text", _PADDED, _WRITTEN}),
    "time": frozenset({"time", "text", _PADDED, _WRITTEN}),
    "datetime": frozenset({"datetime", "text", _PADDED, _WRITTEN}),
}
"""Per type of a contract, the kinds of columns that fit it; texts are read as the type."""
_NATIVE: Mapping[Type, frozenset[str]] = {
    "text": frozenset({"text"}),
    "integer": frozenset({"integer"}),
    "decimal": frozenset({"integer", "decimal"}),
    "boolean": frozenset({"boolean"}),
    "date": frozenset({"date"}),
}
"""Of those, the ones for which the engines' own conditions are proven."""
_EXACT: Mapping[str, str] = {
    "postgres": '{} COLLATE "C"',
    "mysql": "CAST(CONVERT({} USING utf8mb4) AS BINARY)",
    "duckdb": '{} COLLATE "binary"',
    "sqlite": "{} COLLATE BINARY",
}
"""A text that is equal only to the very same text, whatever the column's collation says."""
_WRITES: Mapping[str, str] = {"postgres": "text", "mysql": "char", "duckdb": "varchar"}


class SqlRows:
    """The rows of a table. Raises Unreadable with a reason that holds no value."""

    def __init__(self, ask: Ask, dialect: str, table: str, entry: Entry) -> None:
        self._ask = ask
        self._dialect = dialect
        self._requirement = entry.requirement
        self._named = table
        self._types = {field.name: field.type for field in entry.entity.fields.values()}
        stored = stored_table(ask, dialect, table, entry.entity)
        if stored is None:
            raise Unreadable(f"the database has no table {table}")
        self._table, words = stored.source, stored.types
        self._kinds = {name: self._kind(name, word) for name, word in words.items()}
        if self._types.keys().isdisjoint(self._kinds):
            raise Unreadable(f"no column is a field of {entry.entity.full_name}", f"such as {', '.join(self._types)}")
        self.unfit = {
            name: f"the column {name} holds {words[name]}, and the contract says {self._types[name]}"
            for name, kind in self._kinds.items()
            if name in self._types and dialect != "sqlite" and kind not in _FITTING[self._types[name]]
        }
        """Fields whose columns do not fit their type, and why: their clauses are not checked."""
        self.native = self._conditions(entry)
        """The clauses that the engine itself can decide, each with the condition that is true of rows that meet it."""
        self._own = [
            clause
            for clause in self._requirement.clauses
            if clause not in self.native and self.unfit.keys().isdisjoint(clause.names)
        ]
        self._checks = {clause: clause_check(clause) for clause in self._own}

    def judge(self, progress: Progress) -> Judged:
        """Count the rows that break a clause or repeat a value."""
        for reason in self.unfit.values():
            raise Unreadable(reason)
        progress(self._named, 0, None)
        sums = [f", {_count(condition)}" for condition in self.native.values()]
        every = f", {_count(self._all_native())}"
        query = f"SELECT count(*){every}{''.join(sums)} FROM {self._table}"  # noqa: S608 - names and texts are quoted by sqlglot
        ((rows, rejected, *sums_of_bad),) = self._ask(query)
        broken = {clause: int(str(many or 0)) for clause, many in zip(self.native, sums_of_bad, strict=True)}
        rejected = int(str(rejected or 0))
        if self._own:
            own, rejected = self._count_own(progress)
            broken |= own
        return Judged(
            rows=int(str(rows)),
            rejected=rejected,
            broken=tuple(
                sorted(
                    (Broken(c, many) for c in self._requirement.clauses if (many := broken[c])),
                    key=lambda each: -each.rows,
                )
            ),
            repeated=self.repeated(progress),
            absent=tuple(name for name in self._types if name not in self._kinds),
            ignored=tuple(name for name in self._kinds if name not in self._types),
            not_known=self._requirement.not_known,
        )

    def rejected(self) -> Iterator[tuple[tuple[object, ...], list[Clause]]]:
        """Every row that breaks a clause, its columns in their order, and the clauses that it breaks."""
        names = self._names_of(self._own)
        flags = [_flag(condition) for condition in self.native.values()]
        listed = ", ".join([*map(self._held, self._kinds), *map(self._held, names), *flags])
        where = "" if self._own else f" WHERE {_flag(self._all_native())} = 0"
        width = len(self._kinds)
        for row in self._ask(f"SELECT {listed} FROM {self._table}{where}"):  # noqa: S608 - as above
            shown = tuple(self._value(raw, kind) for raw, kind in zip(row, self._kinds.values(), strict=False))
            raw = dict(zip(names, row[width:], strict=False))
            answers = zip(self.native, row[width + len(names) :], strict=True)
            broken = {clause for clause, met in answers if not met}
            broken |= {clause for clause in self._own if not self._is_met(clause, raw)}
            if broken:
                yield shown, [clause for clause in self._requirement.clauses if clause in broken]

    @property
    def source(self) -> str:
        """SQL that stands behind FROM: the table, its columns under the names of the entity's fields."""
        return self._table

    @property
    def columns(self) -> list[str]:
        """The names of all columns, in their order."""
        return list(self._kinds)

    def count_own(self, progress: Progress) -> dict[Clause, int]:
        """How many rows break each clause that the engine cannot express."""
        return self._count_own(progress)[0] if self._own else {}

    def repeated(self, progress: Progress) -> tuple[Repeated, ...]:
        """How many rows repeat a value that must be unique."""
        repeated = []
        for unique in self._requirement.unique:
            if unique.field in self._kinds.keys() - self.unfit.keys():
                progress(f"{unique.field} for repeated values", 0, None)
                excess = self._excess(unique)
                repeated += [Repeated(unique, excess)] if excess else []
        return tuple(repeated)

    # ------------------------------------------------------------------------------------- decided by the engine

    def _conditions(self, entry: Entry) -> dict[Clause, str]:
        words = clause_conditions(entry, self._dialect)
        conditions: dict[Clause, str] = {}
        for clause in self._requirement.clauses:
            if clause in words and all(map(self._is_native, clause.names)):
                stored = [self._is_of_its_type(name) for name in clause.names]
                conditions[clause] = " AND ".join([f"({words[clause]})", *filter(None, stored)])
        return conditions

    def _is_native(self, name: str) -> bool:
        kind = self._kinds.get(name)
        if self._dialect == "sqlite":  # its columns hold any type, and its functions end texts at NUL
            return kind is not None and self._types[name] == "integer"
        if self._dialect == "mysql" and kind == "date":  # it stores days such as the tenth of no month
            return False
        return kind in _NATIVE.get(self._types[name], ())

    def _is_of_its_type(self, name: str) -> str | None:
        """A condition against stored values outside the type: any type in SQLite, NaN, infinities, impossible days."""
        column = quoted_name(name, self._dialect)
        if self._dialect == "sqlite":
            return f"typeof({column}) IN ('{self._types[name]}', 'null')"
        if self._kinds[name] == "boolean" and self._dialect == "mysql":
            return f"({column} IS NULL OR {column} IN (0, 1))"
        if self._kinds[name] == "date":
            return f"({column} IS NULL OR {column} BETWEEN {DAYS})"
        if self._kinds[name] == "decimal" and self._dialect == "postgres":
            return f"({column} IS NULL OR lower(CAST({column} AS text)) NOT IN ('nan', 'infinity', '-infinity'))"
        return None

    def _all_native(self) -> str:
        return " AND ".join(f"({condition})" for condition in self.native.values()) or "1 = 1"

    # ------------------------------------------------------------------------------------- decided by Fieldline

    def _count_own(self, progress: Progress) -> tuple[dict[Clause, int], int]:
        """Rows that break each clause decided by Fieldline; and rows that break any clause at all."""
        names = self._names_of(self._own)
        query = self._grouped([*map(self._held, names), _flag(self._all_native())])
        broken = dict.fromkeys(self._own, 0)
        rejected = 0
        verdicts: dict[tuple[object, ...], list[Clause]] = {}
        for *held, met, many in counting(self._ask(query), self._named, progress):
            key = tuple((type(value), value) for value in held)
            if key not in verdicts:
                if len(verdicts) >= _MOST_KEPT:
                    verdicts.clear()
                raw = dict(zip(names, held, strict=True))
                verdicts[key] = [clause for clause in self._own if not self._is_met(clause, raw)]
            rows = int(str(many))
            for clause in verdicts[key]:
                broken[clause] += rows
            if verdicts[key] or not met:
                rejected += rows
        return broken, rejected

    def _is_met(self, clause: Clause, raw: Mapping[str, object]) -> bool:
        return self._checks[clause]({name: self._typed(name, raw.get(name)) for name in clause.names})

    def _excess(self, unique: Uniqueness) -> int:
        """Rows that repeat the value of an earlier row."""
        name = unique.field
        if not unique.steps and self._is_native(name) and self._dialect != "sqlite":
            alike = self._held(name)
            if self._dialect == "mysql" and self._kinds[name] == "text":
                alike = f"SHA2({alike}, 256)"  # sorting compares only the beginning of a long text
            filled = f"{quoted_name(name, self._dialect)} IS NOT NULL"
            repeats = f"SELECT count(*) AS n FROM {self._table} WHERE {filled} GROUP BY {alike}"  # noqa: S608 - as above
            ((excess,),) = self._ask(f"SELECT sum(n - 1) FROM ({repeats}) AS counted")  # noqa: S608 - as above
            return int(str(excess or 0))
        keys: Counter[str] = Counter()
        for raw, many in self._ask(self._grouped([self._held(name)])):
            key = unique.key(self._typed(name, raw))
            if key is not None:
                keys[key] += int(str(many))
        return keys.total() - len(keys)

    def _grouped(self, held: Sequence[str]) -> str:
        """A query for the distinct values of columns, with counts; MySQL would compare only the beginning of long texts."""
        listed = ", ".join(held)
        if self._dialect == "mysql":
            return f"SELECT {listed}, 1 FROM {self._table}"  # noqa: S608 - as above
        places = ", ".join(str(place) for place in range(1, len(held) + 1))
        return f"SELECT {listed}, count(*) FROM {self._table} GROUP BY {places}"  # noqa: S608 - as above

    def _names_of(self, clauses: Sequence[Clause]) -> list[str]:
        """The columns that the clauses concern."""
        return [name for name in dict.fromkeys(n for c in clauses for n in c.names) if name in self._kinds]

    def _held(self, name: str) -> str:
        """A column as the query selects it, each value in a group of its own."""
        column, kind = quoted_name(name, self._dialect), self._kinds[name]
        if self._dialect == "sqlite":
            return _EXACT["sqlite"].format(column)
        if kind == _WRITTEN or (kind == "date" and self._dialect != "mysql"):
            column, kind = f"CAST({column} AS {_WRITES[self._dialect]})", "text"
        return _EXACT[self._dialect].format(column) if kind in {"text", _PADDED} else column

    def _typed(self, name: str, raw: object) -> Value:
        value = self._value(raw, self._kinds.get(name, ""))
        if (
            self._types[name] == "boolean"
            and self._dialect in TRUTHS_ARE_NUMBERS
            and type(value) is int
            and value in (0, 1)
        ):
            return bool(value)
        return typed_column(value, self._types[name])

    def _value(self, raw: object, kind: str) -> object:
        match raw:
            case bytes() if self._dialect == "mysql" and kind in {"text", _WRITTEN}:
                return raw.decode()
            case bytes() | bytearray() | memoryview():
                return bytes(raw)
            case Decimal() if not raw.is_finite():
                return str(raw)
            case _:
                return column_value(raw)

    def _kind(self, name: str, word: str) -> str:
        kind = _KINDS.get(word, _WRITTEN)
        of_truths = self._types.get(name) == "boolean" and self._dialect == "mysql" and kind == "integer"
        return "boolean" if of_truths else kind


_MOST_KEPT = 100_000
"""Verdicts on values that are kept."""


def _flag(condition: str) -> str:
    """1 where the condition is true; 0 where it is false or null."""
    return f"CASE WHEN {condition} THEN 1 ELSE 0 END"


def _count(condition: str) -> str:
    return f"sum(CASE WHEN {condition} THEN 0 ELSE 1 END)"

"""Many fields into one: concat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from ...values.record import Join
from ..engines import TITLES, EngineWay, ways_of
from ..transform import REJECTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ...contracts.model import KnownEngine
    from ...values.valueset import Value
    from ..engines import Runner
    from ..transform import NoValue

NullInJoin: TypeAlias = Literal["skip", "empty", "refuse", "null"]
"""What becomes of a null that is joined: it is left out with its separator, read as the empty text, or rejected; or the
whole is null."""

SKIPS_NULL: frozenset[KnownEngine] = frozenset(("postgres", "sqlite", "duckdb", "sqlserver", "oracle"))
"""The engines whose CONCAT leaves null out; it gives null in the other databases.

Run: PostgreSQL, MariaDB, DuckDB, Spark. By their manuals, CONCAT: SQLite 3.44, MySQL 8.0, SQL Server 2022, Oracle 19c,
Redshift, Snowflake, BigQuery, Databricks, Db2 11.5.
"""
SKIPS_WITH_SEPARATOR: frozenset[KnownEngine] = frozenset(
    ("postgres", "mysql", "mariadb", "sqlite", "duckdb", "sqlserver", "spark", "databricks")
)
"""The engines whose CONCAT_WS leaves null out with its separator. Snowflake's gives null; the others have no such function,
and their `||` gives null but in Oracle, which reads null as the empty text."""


@dataclass(frozen=True)
class Concat:
    """Texts one after the other."""

    separator: str = ""
    nulls: NullInJoin | None = None
    """What becomes of null; None: as the engine's function has it, CONCAT, or CONCAT_WS with a separator."""
    asked: Runner | None = None
    """The engine whose function it is; None: one of those that run the flow."""

    @property
    def name(self) -> str:
        return "concat"

    @property
    def sentence(self) -> str:
        joined = f"joined with {self.separator!r}" if self.separator else "joined"
        return f"{joined}, null where one is null" if self.nulls == "null" else joined

    def null_ways(self, runners: Sequence[Runner]) -> tuple[EngineWay[NullInJoin], ...]:
        """What becomes of null in the engines that may run it. Programs have no such function, and leave null out."""
        if self.nulls is not None:
            return (EngineWay(self.nulls),)

        def rules(runner: Runner) -> Iterable[tuple[NullInJoin, str]]:
            way = self._of(runner.engine)
            return () if way is None else [(way, TITLES[runner.engine])]

        return ways_of((self.asked,) if self.asked else runners, rules) or (EngineWay("skip"),)

    def _of(self, engine: KnownEngine) -> NullInJoin | None:
        if engine in {"node", "java", "python"}:
            return None
        if not self.separator:
            return "skip" if engine in SKIPS_NULL else "null"
        if engine in SKIPS_WITH_SEPARATOR:
            return "skip"
        return "empty" if engine == "oracle" else "null"

    def machine(self, count: int) -> Join:
        """The step for `count` sources, none of which makes null of the whole, as a machine on records."""
        return Join(count, self.separator, self.kept)

    @property
    def kept(self) -> Literal["skip", "empty", "refuse"]:
        """What becomes of null in the records that it joins: those in which it makes null of the whole go another way."""
        return "skip" if self.nulls is None or self.nulls == "null" else self.nulls

    def apply(self, values: Sequence[Value]) -> Value | NoValue:
        """The joined text; REJECTED where a value is not text, or is null and nulls are rejected."""
        texts = [value for value in values if value is None or isinstance(value, str)]
        if len(texts) != len(values):
            return REJECTED
        joined = self.machine(len(values)).join(texts)
        return REJECTED if joined is None else joined

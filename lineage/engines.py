"""The engines that may run a step, and what each is known to do.

Measured, not assumed: `engine_tables.py` is written from the answers of the engines themselves, and tests hold it to
those that run there. Of an engine that was not asked (`NOT_ASKED`) everything is possible that any other does.

Left out on purpose: the case of Turkish, Azeri and Lithuanian locales, in which "i" is not the small form of "I". Nothing
would be sure of any letter else; who uses one of them describes the step as opaque.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Generic, Literal, TypeAlias, TypeVar, cast, get_args

from ..contracts.model import KnownEngine
from ..values.charset import WHITE_SPACE, Charset
from ..values.transducer import CharMap
from ..values.unicode_data import decode_map, decode_set, lower_map, upper_map
from . import engine_tables as tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

KNOWN_ENGINES: tuple[KnownEngine, ...] = get_args(KnownEngine)
TITLES: dict[KnownEngine, str] = {
    "postgres": "PostgreSQL",
    "mysql": "MySQL",
    "mariadb": "MariaDB",
    "sqlite": "SQLite",
    "duckdb": "DuckDB",
    "oracle": "Oracle",
    "sqlserver": "SQL Server",
    "redshift": "Redshift",
    "snowflake": "Snowflake",
    "bigquery": "BigQuery",
    "databricks": "Databricks",
    "db2": "Db2",
    "spark": "Spark",
    "node": "JavaScript",
    "java": "Java",
    "python": "Python",
}
NOT_ASKED: frozenset[KnownEngine] = frozenset(
    ("mysql", "oracle", "sqlserver", "redshift", "snowflake", "bigquery", "databricks", "db2")
)
"""The engines whose case was not asked: they may do what any other does."""
DATABASES: frozenset[KnownEngine] = frozenset(KNOWN_ENGINES) - {"node", "java", "python"}
"""The engines that convert a value to the type of the column it is stored in."""
WRITES_ALL_DECIMALS: frozenset[KnownEngine] = frozenset(
    ("postgres", "mysql", "mariadb", "duckdb", "redshift", "sqlserver")
)
"""The engines that write a number with the scale of its column. SQLite has no such type, and Oracle drops the zeros."""
_PROVIDERS: dict[KnownEngine, tuple[str, ...]] = {"postgres": ("C", "libc", "icu"), "mariadb": ("utf8mb4", "uca1400")}
"""The engines whose case depends on the collation, with the kinds of collation."""

_UNSUPPORTED_LANGUAGES = ("tr", "az", "lt")


@dataclass(frozen=True, slots=True)
class Runner:
    """An engine that may run a step, and the collation it does so under; None: any."""

    engine: KnownEngine
    collation: str | None = None

    @property
    def providers(self) -> tuple[str, ...]:
        """The names, in the tables, of what it may do with case; none for an engine that was not asked."""
        if self.engine in NOT_ASKED:
            return ()
        kinds = _PROVIDERS.get(self.engine)
        if kinds is None:
            return (self.engine,)
        return tuple(f"{self.engine}/{kind}" for kind in kinds if self.collation is None or kind == self._kind)

    @property
    def _kind(self) -> str:
        name = (self.collation or "").lower()
        if self.engine == "mariadb":
            return "uca1400" if "uca1400" in name else "utf8mb4"
        if name in {"c", "posix", "ucs_basic"}:
            return "C"
        return "icu" if name == "icu" or name.endswith("-x-icu") else "libc"

    @property
    def is_described(self) -> bool:
        """Whether the case of its collation is known."""
        name = (self.collation or "").lower().replace("-", "_")
        return name.split("_")[0] not in _UNSUPPORTED_LANGUAGES


ANY_ENGINE: tuple[Runner, ...] = (Runner("postgres"), Runner("python"))
"""Where no engine is named, those that stand for all: ASCII alone (PostgreSQL's C), letter by letter (libc) and Unicode's
full case (ICU, Python); blanks or white space; a pad that cuts, and one that does not. The rest differ from one of these in
few letters: who names the engine gets its own."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class EngineWay(Generic[_T]):
    """One way in which a step is done."""

    rule: _T
    engines: tuple[str, ...] = ()
    """The titles of those that may do it so."""


def ways_of(
    runners: Sequence[Runner], rules: Callable[[Runner], Iterable[tuple[_T, str]]]
) -> tuple[EngineWay[_T], ...]:
    """The different ways of doing a step, each with those that may do it so; `rules` gives one runner's, with titles."""
    by_rule: dict[_T, dict[str, None]] = {}
    for runner in runners:
        for rule, title in rules(runner):
            by_rule.setdefault(rule, {})[title] = None
    return tuple(EngineWay(rule, tuple(titles)) for rule, titles in by_rule.items())


def in_words(engines: Sequence[str]) -> str:
    """Some engines by their titles: "PostgreSQL (icu), Spark and 3 others"."""
    shown, more = list(engines[:3]), len(engines) - 3
    if more > 0:
        return f"{', '.join(shown)} and {more} other{'s' * (more > 1)}"
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)


def _title(provider: str) -> str:
    engine, _, kind = provider.partition("/")
    title = TITLES[cast("KnownEngine", engine)]
    return f"{title} ({kind})" if kind else title


def _providers(runner: Runner) -> list[tuple[str, str]]:
    """The providers of a runner with its title; of one that was not asked, all providers."""
    known = runner.providers
    if known:
        return [(provider, _title(provider)) for provider in known]
    return [(provider, TITLES[runner.engine]) for each in map(Runner, KNOWN_ENGINES) for provider in each.providers]


# ------------------------------------------------------------------------------------------------------------- case

Casing: TypeAlias = str
"""The name of a case: "unicode", or that of the first engine that has it, as the tables name it."""


def casings(name: Literal["upper", "lower"], runners: Sequence[Runner]) -> tuple[EngineWay[Casing], ...]:
    """The ways in which engines change case."""
    return ways_of(runners, lambda runner: ((_same(name)[provider], title) for provider, title in _providers(runner)))


@cache
def _same(name: str) -> dict[str, Casing]:
    """Per provider, the first one with the same map and the same sigma."""
    written = tables.UPPER if name == "upper" else tables.LOWER
    first: dict[tuple[str, bool], Casing] = {}
    return {
        provider: first.setdefault((text, name == "lower" and provider in tables.FINAL_SIGMA), provider)
        for provider, text in written.items()
    }


@cache
def case_map(name: Literal["upper", "lower"], casing: Casing) -> CharMap:
    """What one way makes of every character, in no context."""
    base = upper_map() if name == "upper" else lower_map()
    if casing == "unicode":
        return CharMap(name, base)
    written = (tables.UPPER if name == "upper" else tables.LOWER)[casing]
    changes = decode_map(written.removeprefix("+"))
    return CharMap(f"{name} of {casing}", {**base, **changes} if written.startswith("+") else changes)


def has_final_sigma(casing: Casing) -> bool:
    """Whether it writes a capital sigma at the end of a word as the final small one."""
    return casing in tables.FINAL_SIGMA


@cache
def around_sigma(kind: Literal["cased", "ignorable"]) -> Charset:
    """The letters that make a sigma beside them no final one, or those it looks past (Unicode's Final_Sigma)."""
    return decode_set(tables.SIGMA[kind])


# ------------------------------------------------------------------------------------------------------------ title

TitleRule: TypeAlias = Literal["C", "libc", "icu", "python", "letters"]
"""How the first letters of words are found; "letters": as every engine does in letters from a to z between blanks."""


def title_ways(runners: Sequence[Runner]) -> tuple[EngineWay[TitleRule], ...]:
    """The ways in which engines write the first letter of each word in upper case, and the others in lower case.

    Run: PostgreSQL, by its collation, and Python's `title`. What parts words elsewhere (INITCAP of Oracle, Snowflake,
    BigQuery, Redshift, Spark and Db2) is a list of its own in each.
    """

    def rules(runner: Runner) -> Iterable[tuple[TitleRule, str]]:
        if runner.engine == "postgres":
            return [(cast("TitleRule", name.partition("/")[2]), _title(name)) for name in runner.providers]
        return [("python" if runner.engine == "python" else "letters", TITLES[runner.engine])]

    return ways_of(runners, rules)


@cache
def word_characters(provider: str) -> Charset:
    """The characters after which a letter is not the first one of a word."""
    return decode_set(tables.WORD_CHARACTERS[provider])


# ------------------------------------------------------------------------------------------------------ trim and pad

Blanks: TypeAlias = str
"""The name of a set of blanks: "unicode", "java/trim", or that of the first engine that trims it."""

_UP_TO_BLANK = Charset((0, 0x21))
"""The characters that `String.trim` of Java drops; its `strip` drops others (Java SE 17, java.lang.String)."""
_OTHER_PROGRAMS = "C#, Go, Rust"
"""Their trims drop the characters of the property White_Space, by their manuals."""


def trim_ways(runners: Sequence[Runner]) -> tuple[EngineWay[Blanks], ...]:
    """The ways in which engines trim. A database that was not asked drops blanks, as its manual says.

    MySQL 8.0 reference manual, TRIM; Oracle 19c SQL reference, TRIM; SQL Server 2022, TRIM; Redshift, TRIM; Db2 11.5, TRIM;
    Snowflake, TRIM; Databricks, trim. BigQuery's TRIM drops all white space of Unicode.
    """

    def rules(runner: Runner) -> Iterable[tuple[Blanks, str]]:
        if runner.engine in NOT_ASKED:
            return [("unicode" if runner.engine == "bigquery" else "sqlite", TITLES[runner.engine])]
        first = runner.providers[0]
        alike = next(name for name, text in tables.TRIMMED.items() if text == tables.TRIMMED[first])
        also = [("java/trim", "Java (trim)")] if runner.engine == "java" else []
        return [(alike, TITLES[runner.engine]), *also]

    known = ways_of(runners, rules)
    return (*known, EngineWay("unicode", (_OTHER_PROGRAMS,))) if runners is ANY_ENGINE else known


@cache
def blanks(name: Blanks) -> Charset:
    """The characters that are trim_ways."""
    match name:
        case "unicode":
            return WHITE_SPACE
        case "java/trim":
            return _UP_TO_BLANK
        case _:
            return decode_set(tables.TRIMMED[name])


TruthWords: TypeAlias = "tuple[str, str]"
"""How true and false are written."""

_WORDS: TruthWords = ("true", "false")
_TRUTH_WORDS: dict[KnownEngine, tuple[TruthWords, ...]] = {
    "mysql": (("1", "0"),),
    "mariadb": (("1", "0"),),
    "sqlite": (("1", "0"),),
    "sqlserver": (("1", "0"),),
    "python": (("True", "False"),),
    "oracle": (("TRUE", "FALSE"), ("1", "0")),
    "db2": (_WORDS, ("TRUE", "FALSE"), ("1", "0")),
}


def truth_words(runners: Sequence[Runner]) -> tuple[EngineWay[TruthWords], ...]:
    """The ways in which engines write a truth value as text; most have true and false.

    Run: PostgreSQL, MariaDB, SQLite, DuckDB, Python. By their manuals: MySQL (BOOLEAN is TINYINT), SQL Server (bit), Spark,
    Java and JavaScript; Oracle and Db2, where a truth value may be a number.
    """
    named = (Runner("postgres"), Runner("mariadb"), Runner("python")) if runners is ANY_ENGINE else runners
    return ways_of(
        named, lambda runner: ((words, TITLES[runner.engine]) for words in _TRUTH_WORDS.get(runner.engine, (_WORDS,)))
    )


def cut_by_pad(runners: Sequence[Runner]) -> tuple[EngineWay[bool], ...]:
    """Whether a pad cuts longer texts to its length. Engines without such a function may be made to do either.

    LPAD and RPAD cut in MySQL, Oracle, Redshift and Db2, by their manuals.
    """

    def rules(runner: Runner) -> Iterable[tuple[bool, str]]:
        title, names = TITLES[runner.engine], runner.providers
        if runner.engine in NOT_ASKED - {"sqlserver"} or any(name in tables.CUTTING_PADS for name in names):
            return [(True, title)]
        if any(name in tables.KEEPING_PADS for name in names):
            return [(False, title)]
        return [(False, title), (True, title)]

    return ways_of(runners, rules)

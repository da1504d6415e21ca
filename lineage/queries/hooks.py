"""What the hooks of dbt change: statements that it runs before or after a model, as they are written, with their Jinja.

    update {{ this }} set name = 'x'       changes the records of the model
    insert into {{ ref('log') }} select …  those of another one
    grant select on {{ this }} to all      changes none
    {{ mask(this) }}                       what the macro does, where the manifest has it; else it may be anything

Sources: dbt, "pre-hook & post-hook", "on-run-start & on-run-end", "adapter", "Manifest JSON file" (macros); for the words
of statements the manuals of PostgreSQL 15, Snowflake, SQL Server and Spark.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    RelationOf = Callable[[str, tuple[str, ...]], str | None]
    """The table that `ref` or `source` of these names is, in SQL; None: it is not known."""

_SKIPPED = re.compile(
    r"(?P<text>'(?:[^']|'')*')|\{#.*?(?:#\}|(?P<open>\Z))|--[^\n]*|/\*.*?(?:\*/|(?P<also_open>\Z))", re.DOTALL
)
"""What never ends goes on to the end of the text: so the text is read once, however often it begins."""
_BODY = re.compile(r"'(?:[^']|'')*'|\$(?P<tag>\w*)\$")
"""A text, or the beginning of the body of a program."""
_TAG = re.compile(r"\$(?=(\w*)\$)")
_JINJA = re.compile(
    r"\{\{-?(?P<value>.*?)(?:-?\}\}|(?P<open>\Z))|\{%-?(?P<tag>.*?)(?:-?%\}|(?P<also_open>\Z))", re.DOTALL
)
_NAMING = re.compile(r"""(?P<how>ref|source)\s*\(\s*(?P<names>(?:['"][^'"]*['"]\s*(?:,\s*)?)+)(?:v\w*\s*=[^)]*)?\)""")
_QUOTED = re.compile(r"""['"]([^'"]*)['"]""")
_FILLED = "filled_in_later"
_CALL = re.compile(r"(?<![\w.])((?:\w+\.)?\w+)\s*\(")
_JINJA_WORDS = frozenset(
    (
        *(
            "ref",
            "source",
            "var",
            "env_var",
            "log",
            "print",
            "config",
            "return",
            "is_incremental",
            "range",
            "dict",
            "set",
        ),
        *("zip", "tojson", "fromjson", "toyaml", "fromyaml", "load_result", "should_full_refresh", "if", "elif", "in"),
        *("and", "or", "not", "run_query", "statement", "noop_statement", "call", "macro", "is"),
    )
)
"""What Jinja and dbt have themselves; the SQL that `run_query` and `statement` run stands where they are called."""
_CHANGING = re.compile(
    r"\b(?:update|insert|merge|upsert|copy|exec|execute|load\s+data|alter\s+(?:table|view)|replace\s+into|"
    r"create\s+(?:\w+\s+){0,4}(?:table|view|trigger)|swap\s+with)\b|"
    r"\badapter\.(?!dispatch\b|quote|get_|check_|list_|type\b|cache|standardize|convert)",
    re.IGNORECASE,
)
"""What a macro has that may change records."""
_NAME = r"(?P<table>(?:[\w$#@]+|\"[^\"]+\"|`[^`]+`|\[[^\]]+\])(?:\.(?:[\w$#]+|\"[^\"]+\"|`[^`]+`|\[[^\]]+\])){0,3})"
_WRITES = tuple(
    re.compile(rf"\b{words}\s+{_NAME}", re.IGNORECASE)
    for words in (
        r"insert\s+(?:(?:or\s+\w+|ignore)\s+)?(?:into|overwrite)(?:\s+(?:table|into))?",
        r"update(?:\s+only)?",
        r"merge(?:\s+into)?",
        r"replace\s+into",
        r"(?<!returning\s)into(?:\s+table)?",
    )
)
_COPY_INTO = re.compile(rf"copy\s+(?:into\s+)?(?!into\b|@){_NAME}(?:\s*\([^()]*\))?\s+from\b", re.IGNORECASE)
_MAKES = re.compile(
    rf"create\s+(?:or\s+(?:replace|alter|refresh)\s+)?(?:(?!table\b|view\b)\w+\s+){{0,4}}?(?:table|view)\s+"
    rf"(?:if\s+not\s+exists\s+)?{_NAME}",
    re.IGNORECASE,
)
_READS = re.compile(rf"\b(?:from|join|using)\s+{_NAME}", re.IGNORECASE)
_ALTERS = re.compile(
    rf"alter\s+(?:table|view)\s+(?:if\s+exists\s+)?(?:only\s+)?{_NAME}\s+(?P<how>.*)", re.IGNORECASE | re.DOTALL
)
_OTHER = re.compile(rf"(?:rename\s+to|swap\s+with|switch\s+to)\s+{_NAME}", re.IGNORECASE)
_NO_CHANGE = re.compile(
    r"(?:grant|revoke|deny|analyze|vacuum|comment|set|unset|reset|show|describe|use|delete|truncate|drop|optimize|"
    r"refresh|msck|unload|invalidate|compute|checkpoint|pragma|reindex|lock|cluster|cache|uncache|commit|rollback|"
    r"(?:begin|start|end)(?:\s+(?:transaction|work|tran))?\s*$|"
    r"create\s+(?:or\s+replace\s+)?(?:\w+\s+){0,3}?(?:index|schema|database|role|user|group|statistics|extension|"
    r"sequence|function|procedure|stage|stream|tag|type|policy|publication)\b|"
    r"alter\s+(?:session|warehouse|user|role|group|index|sequence|database|schema|system|default|statistics)\b|"
    r"copy\s+(?:into\s+['@\\]|\(.*\)\s*to\b|\S+(?:\s*\([^()]*\))?\s+to\b))",
    re.IGNORECASE | re.DOTALL,
)
"""Statements after which every record has the values that it had; a record that is removed is no changed one."""
_HARMLESS_ALTER = re.compile(
    r"(?:owner\s+to|add\b|drop\s+(?:constraint|column|index|primary|foreign)|validate|enable|disable|cluster\s+by|"
    r"set\s+(?:tblproperties|properties|tags?|comment|unlogged|logged|location|serde|owner|\()|"
    r"(?:alter|modify|change)\s+(?:column\s+)?\S+\s+(?:(?:set|drop)\s+(?:not\s+null|default|statistics|storage)|comment)|"
    r"replica\s+identity|resume|suspend|no\s+inherit|inherit)\b",
    re.IGNORECASE,
)
_HELPFUL = re.compile(r"pg_\w+|set_?config|setval|nextval", re.IGNORECASE)
"""Functions that a database has for its own purposes."""


@dataclass(frozen=True, slots=True)
class HookChange:
    """A table whose records a hook changes, or may change."""

    table: str | None
    """As SQL names it; None: it is not told, or the model's own."""
    reads: tuple[str, ...] = ()
    """The tables whose values it brings; none: those that the table has."""
    is_constant: bool = False
    """Whether it brings values that stand in the hook."""


@dataclass(frozen=True, slots=True)
class HookReader:
    """Reads the hooks of one manifest."""

    relation_of: RelationOf
    macros: Mapping[str, tuple[str, tuple[str, ...]]]
    """The text of each macro, and the macros that it calls, by its identity: macro.package.name."""

    def changes(self, hook: str, this: str | None) -> Iterator[HookChange]:
        """What a hook changes; `this`: the model's own table, as SQL names it."""
        unknown: list[str] = []

        def filled(match: re.Match[str]) -> str:
            inner = (match["value"] if match["value"] is not None else match["tag"]).strip()
            if match["value"] is not None:
                name = self._named(inner, this)
                if name is not None:
                    return name
            if match["open"] is not None or match["also_open"] is not None or not self._is_harmless(inner):
                unknown.append(inner)
            return "" if match["tag"] is not None or _CALL.match(inner) else _FILLED

        plain = _JINJA.sub(filled, _without_comments(hook))
        if unknown:
            yield HookChange(None)
        for statement in _without_bodies(plain).split(";"):
            if statement.strip():
                yield from _changed(" ".join(statement.split()))

    def _named(self, inner: str, this: str | None) -> str | None:
        """The name that an expression of Jinja stands for; None: it is another expression."""
        if inner == "this":
            return this or _FILLED
        naming = _NAMING.fullmatch(inner)
        if naming is not None:
            return self.relation_of(naming["how"], tuple(_QUOTED.findall(naming["names"]))) or _FILLED
        if re.fullmatch(r"this\.(?:identifier|name|table)", inner):
            return (this or _FILLED).rsplit(".", maxsplit=1)[-1]
        return None

    def _is_harmless(self, inner: str) -> bool:
        """Whether an expression or a tag of Jinja runs nothing that may change records."""
        if _CHANGING.search(inner) is not None:
            return False
        packages = {identity.split(".")[1] for identity in self.macros}
        for name in _CALL.findall(inner):
            of, _, own = name.rpartition(".")
            if name in _JINJA_WORDS or (of and of not in packages):
                continue
            found = [
                identity
                for identity in self.macros
                if identity.split(".")[2] == own and (not of or identity.split(".")[1] == of)
            ]
            if not found or not all(self._is_harmless_macro(each) for each in found):
                return False
        return True

    def _is_harmless_macro(self, first: str) -> bool:
        """Whether neither a macro nor one that it calls has words that change records."""
        seen: set[str] = set()
        waiting = [first]
        while waiting:
            identity = waiting.pop()
            if identity in seen or identity.split(".")[-1] in _JINJA_WORDS:
                continue
            seen.add(identity)
            if identity not in self.macros:
                return False
            written, called = self.macros[identity]
            if _CHANGING.search(_without_comments(written)) is not None:
                return False
            waiting += called
        return True


def _without_comments(written: str) -> str:
    """A text without comments; one that never ends stays, so that nothing in it is passed over."""

    def plain(match: re.Match[str]) -> str:
        is_open = match["open"] is not None or match["also_open"] is not None
        return match[0] if is_open else match["text"] or " "

    return _SKIPPED.sub(plain, written)


def _without_bodies(written: str) -> str:
    """Statements with an empty text for each text and each body of a program, `$tag$ … $tag$`."""
    last = {match[1]: match.start() for match in _TAG.finditer(written)}
    kept: list[str] = []
    end = 0
    while (match := _BODY.search(written, end)) is not None:
        kept.append(written[end : match.start()])
        tag, end = match["tag"], match.end()
        if tag is None:
            kept.append("''")
        elif last[tag] >= end:
            kept.append("''")
            end = written.index(f"${tag}$", end) + len(tag) + 2
        else:
            end -= 1  # the next body may begin with this sign
            kept.append(written[match.start() : end])
    return "".join([*kept, written[end:]])


def _changed(statement: str) -> Iterator[HookChange]:
    """What one statement changes; its texts are empty."""
    altered = _ALTERS.match(statement)
    copied = _COPY_INTO.match(statement)
    made = _MAKES.match(statement)
    if altered is not None:
        if not all(map(_HARMLESS_ALTER.match, re.split(r",\s*(?=(?:add|drop|alter|modify)\b)", altered["how"]))):
            yield HookChange(_table(altered["table"]))
            other = _OTHER.match(altered["how"])
            if other is not None:
                yield HookChange(_table(other["table"]))
    elif copied is not None:
        yield HookChange(_table(copied["table"]))
    elif _NO_CHANGE.match(statement) is not None:
        return
    elif made is not None:
        if re.search(r"\bselect\b", statement, re.IGNORECASE):
            yield HookChange(_table(made["table"]), _tables_read(statement))
    elif (written := [match for form in _WRITES for match in form.finditer(statement)]) and not re.match(
        r"create\b|do\b|begin\b|declare\b|if\b", statement, re.IGNORECASE
    ):
        for table in dict.fromkeys(match["table"] for match in written):
            reads = () if re.match(r"update\b", statement, re.IGNORECASE) else _tables_read(statement)
            is_constant = not reads and re.search(r"\bvalues\b", statement, re.IGNORECASE) is not None
            yield HookChange(_table(table), reads, is_constant)
    elif not _only_asks(statement):
        yield HookChange(None)


def _table(written: str) -> str | None:
    """A table without the parts of its name that are filled in later; None: nothing is left."""
    parts = [part for part in re.findall(r"\"[^\"]+\"|`[^`]+`|\[[^\]]+\]|[^.]+", written) if _FILLED not in part]
    return ".".join(parts) if parts and _FILLED not in written.rsplit(".", maxsplit=1)[-1] else None


def _tables_read(statement: str) -> tuple[str, ...]:
    names = (_table(match["table"]) for match in _READS.finditer(statement))
    return tuple(dict.fromkeys(name for name in names if name is not None))


def _only_asks(statement: str) -> bool:
    """Whether it is a query whose answer goes nowhere, and that calls nothing but what databases have."""
    if re.match(r"(?:select|with)\b", statement, re.IGNORECASE) is None:
        return False
    try:
        tree = parse_one(statement)
    except (SqlglotError, RecursionError):
        return False
    return isinstance(tree, exp.Query) and all(
        _HELPFUL.fullmatch(str(each.this)) is not None for each in tree.find_all(exp.Anonymous)
    )

"""SQL with the comments of Liquibase: change sets of another database are left out, and statements end as they say.

    --liquibase formatted sql
    --changeset anna:1 dbms:postgresql,oracle endDelimiter:/

What stands in a comment (`--rollback …`) is never run. Source: docs.liquibase.com, "Formatted SQL changelog".
"""

from __future__ import annotations

import re

_HEADER = re.compile(r"(?i)\A\ufeff?\s*(?:--|/\*)\s*liquibase\s+formatted\s+sql\b")
_CHANGE_SET = re.compile(r"(?im)^[ \t]*--[ \t]*changeset[ \t]+(?P<words>\S.*)$")
_ATTRIBUTE = re.compile(r"(?i)\b(dbms|endDelimiter|ignore):(\"[^\"]*\"|\S+)")


def run_change_sets(text: str, own: str) -> str:
    """The script with all that does not run blanked out, character by character; as it is where it is no change log."""
    if not _HEADER.match(text):
        return text
    heads = list(_CHANGE_SET.finditer(text))
    pieces = [text[: heads[0].start() if heads else len(text)]]
    for number, head in enumerate(heads):
        end = heads[number + 1].start() if number + 1 < len(heads) else len(text)
        pieces.append(_change_set(text[head.start() : end], head["words"], own))
    return "".join(pieces)


def runs_on(databases: str | None, own: str) -> bool:
    """Whether an attribute `dbms` names a database: `oracle,h2`, `!mysql`, `all`, `none`."""
    if databases is None or not databases.strip():
        return True
    names = [name.strip().lower() for name in databases.split(",")]
    if f"!{own}" in names or "none" in names:
        return False
    return own in names or "all" in names or all(name.startswith("!") for name in names)


def _change_set(text: str, words: str, own: str) -> str:
    said = {name.lower(): value.strip('"') for name, value in _ATTRIBUTE.findall(words)}
    if not runs_on(said.get("dbms"), own) or said.get("ignore", "").lower() == "true":
        return re.sub(r"[^\n]", " ", text)
    mark = said.get("enddelimiter")
    if mark is None or mark == ";":
        return text
    alone = re.compile(rf"(?im)^[ \t]*{re.escape(mark)}[ \t]*$") if mark.isalpha() or mark == "/" else None
    text = text.replace(";", " ")
    if alone is not None:
        return alone.sub(lambda found: ";".ljust(len(found[0])), text)
    return text.replace(mark, ";".ljust(len(mark)))

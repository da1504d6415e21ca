"""The views of a live database, as the statements that made them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from .catalogue import NotReadHere
from .engines.registry import STORES

if TYPE_CHECKING:
    from .catalogue import Ask
    from .engines.engine import EngineName


def view_script(store: str, ask: Ask) -> tuple[EngineName, str]:
    """The engine of a live database, and its views as a script, each after those that it names.

    `store`: SQLAlchemy's word for the database. Raises NotReadHere for those whose catalogues are not read.
    """
    kind = STORES.get(store)
    if kind is None:
        raise NotReadHere(store)
    waiting: dict[str, str] = {}
    for schema, name, definition in ask(kind.views_query()):
        if definition is None:
            continue  # of another's views, MySQL shows none
        written = str(definition).strip().rstrip(";")
        if not re.match(r"create\b", written, re.IGNORECASE):
            path = exp.table_(str(name), db=str(schema) if schema else None, quoted=True).sql(kind.grammar)
            written = f"CREATE VIEW {path} AS {written}"
        waiting[str(name)] = written
    script = ""
    while waiting:
        ready = [name for name in waiting if not _names_others(waiting[name], waiting.keys() - {name})]
        for name in ready or list(waiting):
            script += f"{waiting.pop(name)};\n"
    return kind.answering(ask), script


def _names_others(text: str, others: set[str]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None for name in others)

"""Schemas that a placeholder names: what fills it in is said when the script is run, and so no part of a table's name.

    CREATE TABLE ${schema}.customer             Flyway, Liquibase
    ALTER TABLE {{ .Schema }}.customer          templates of Go, Jinja
    CREATE TABLE @cdm_schema.person             SqlRender
    CREATE TABLE [$(Schema)].customer           sqlcmd
    CREATE TABLE <DBID>.customer                jobs of z/OS
    CREATE TABLE &owner..customer               SQL*Plus, whose variable ends at a dot of its own
    CREATE TABLE :schema.customer               psql

Each is blanked out with its dot, character by character, so that every place stays what it was.
"""

from __future__ import annotations

import re

_CURLY = r"\$\{[^{}\s'\"`]+\}|\{\{[^{}\n]*\}\}|\$\(\w+\)"
"""What is a placeholder wherever it stands."""
_LONE = r"@\w+|<[\w-]+>|:(?!new\b|old\b)\"?\w+\"?|%\(?\w+\)?[%s]|\{\w+\}|\$\w+\$|#\w+#"
"""What is one where a name must stand: elsewhere it may be a variable, a comparison, a body in dollar quotes."""
_NAMES_NEXT = r"TABLE|EXISTS|ONLY|ON|INTO|FROM|JOIN|UPDATE|REFERENCES|VIEW|INDEX|SEQUENCE|PROCEDURE"

_SCHEMA = re.compile(
    rf"(?i)[\"`\[]?(?:{_CURLY})[\"`\]]?\s*\."
    rf"|(?:(?<=\s)|(?<=[\"`\[(,]))&&?\w+\.\."
    rf"|(?P<before>\b(?:{_NAMES_NEXT})\s+)[\"`\[]?(?:{_LONE})[\"`\]]?\s*\.(?=\s*[\w\"`\[])"
)


def is_filled_in(text: str) -> bool:
    """Whether something in a text is named when the script is run, and so is not known here."""
    return re.search(_CURLY, text) is not None


def without_schemas_to_fill_in(text: str) -> str:
    """The text of a script, without the schemas that are named when it is run."""
    return _SCHEMA.sub(_blank, text)


def _blank(found: re.Match[str]) -> str:
    before = found["before"] or ""
    return before + re.sub(r"[^\n]", " ", found[0][len(before) :])

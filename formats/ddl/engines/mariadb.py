"""MariaDB, which descends from MySQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from .engine import HEX, EngineName
from .mysql import MySql

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..sqltype import SqlType


class MariaDb(MySql):
    """MariaDB."""

    name: ClassVar[EngineName] = "mariadb"
    default_collation = "utf8mb4_uca1400_ai_ci"
    # MariaDB KB, "Comment Syntax": text for MySQL 5.7 and later is not run.
    script = replace(MySql.script, versions_run=(range(50_700), range(100_000, 990_000)), own_comments=True)
    statements = replace(MySql.statements, inline_checks_replaced=True)

    # MariaDB 10.11: as PostgreSQL reads them, without braces; a version from 8 on only with a variant from 8 on.
    uuid = (
        rf"(?:{HEX}{{4}}-?){{3}}(?:[0-7]{HEX}{{3}}-?{HEX}|[89a-fA-F]{HEX}{{3}}-?[89a-fA-F]){HEX}{{3}}-?"
        rf"(?:{HEX}{{4}}-?){{2}}{HEX}{{4}}"
    )

    cuts_seconds = True
    stamp_bounds: ClassVar[Mapping[str, tuple[datetime, datetime]]] = {
        "TIMESTAMP": (
            datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC),
            datetime(2038, 1, 19, 3, 14, 7, 999999, tzinfo=UTC),
        )
    }

    def stamps_null(self, made: SqlType) -> bool:
        """MariaDB 10.11, run, whatever explicit_defaults_for_timestamp; a row that leaves it out may be rejected."""
        return made.name == "TIMESTAMP"

    def check_name(self, table: str, columns: Sequence[str]) -> str:  # noqa: ARG002 - neither bears a part
        return "constraint_"

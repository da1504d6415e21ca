"""MariaDB, which descends from MySQL."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from .engine import HEX, EngineName
from .mysql import MySql

if TYPE_CHECKING:
    from collections.abc import Sequence


class MariaDb(MySql):
    """MariaDB."""

    name: ClassVar[EngineName] = "mariadb"
    default_collation = "utf8mb4_uca1400_ai_ci"
    # MariaDB KB, "Comment Syntax": text for MySQL 5.7 and later is not run.
    script = replace(MySql.script, versions_run=(range(50_700), range(100_000, 990_000)), own_comments=True)
    statements = replace(MySql.statements, inline_checks_replaced=True)

    # MariaDB KB, "UUID Data Type": as PostgreSQL reads them, without braces.
    uuid = rf"(?:{HEX}{{4}}-?){{7}}{HEX}{{4}}"

    def check_name(self, table: str, columns: Sequence[str]) -> str:  # noqa: ARG002 - neither bears a part
        return "constraint_"

"""MariaDB, which descends from MySQL."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from .engine import CANONICAL_UUID, EngineName
from .mysql import MySql

if TYPE_CHECKING:
    from collections.abc import Sequence


class MariaDb(MySql):
    """MariaDB."""

    name: ClassVar[EngineName] = "mariadb"
    default_collation = "utf8mb4_uca1400_ai_ci"
    statements = replace(MySql.statements, inline_checks_replaced=True)

    uuid = CANONICAL_UUID

    def check_name(self, table: str, columns: Sequence[str]) -> str:  # noqa: ARG002 - neither bears a part
        return "constraint_"

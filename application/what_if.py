"""What if: an estate compared with itself as it would be with other constraints. No file is written, and none copied."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..checker.diff.diff import diff
from ..checker.verdict.policy import apply_policy
from ..contracts.supposed import SUPPOSED, supposed
from ..documents.problem import EstateError, Problems
from ..documents.variables import NO_VARIABLES
from ..estate.load import load_estate
from ..values.budget import STANDARD
from .answers import DiffAnswer
from .entries import require_entry
from .repository import folder_in_repository

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    from ..checker.diff.stored_rows import StoredRows
    from ..documents.variables import Variables
    from ..estate.load import Estate
    from ..estate.policy import Threshold
    from ..values.budget import Budget


def compare_supposed(
    path: Path,
    statements: Sequence[str],
    today: date,
    fail_on: Threshold | None = None,
    stored: Callable[[Estate], StoredRows] | None = None,
    budget: Budget = STANDARD,
    variables: Variables = NO_VARIABLES,
) -> DiffAnswer:
    """Compare the estate in a folder with itself under `system.entity.field.constraint=value`, one or several at once.

    Raises EstateError, also where a statement cannot be read, with the place in it; and Unreadable.
    """
    estate = load_estate(path, today=today, variables=variables)
    require_entry(estate)
    changed = suppose(estate, statements, today)
    found = diff(estate, changed, stored(changed) if stored else None, budget)
    ruling = apply_policy(estate.policy, found.findings, today, fail_on)
    names = (str(path), " and ".join(statements))
    return DiffAnswer(estate, changed, found, ruling, folder_in_repository(path), budget, names=names, day=today)


def suppose(estate: Estate, statements: Sequence[str], today: date) -> Estate:
    """The estate as it would be. Raises EstateError with every problem of every statement."""
    problems = Problems()
    contracts = supposed(estate.contracts, statements, problems, today)
    texts = {**estate.texts, SUPPOSED: "\n".join(statements)}
    if problems:
        raise EstateError(problems.all(), texts)
    return replace(estate, contracts=contracts, texts=texts)

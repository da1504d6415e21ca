"""Check an estate: every entry against all downstream systems, under the estate's policy."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..checker.verdict.check import check
from ..checker.verdict.policy import baseline, rule_estate
from ..documents.location import Location
from ..documents.problem import EstateError, Problem
from ..documents.variables import NO_VARIABLES
from ..estate.load import FILE, load_estate
from ..values.budget import STANDARD
from .answers import BaselineAnswer, CheckAnswer
from .entries import require_entry
from .repository import folder_in_repository

if TYPE_CHECKING:
    from datetime import date

    from ..documents.variables import Variables
    from ..estate.load import Estate
    from ..estate.policy import Threshold, Waiver
    from ..values.budget import Budget


def check_estate(
    path: Path,
    today: date,
    fail_on: Threshold | None = None,
    budget: Budget = STANDARD,
    variables: Variables = NO_VARIABLES,
) -> CheckAnswer:
    """Check the estate in a folder. Raises EstateError, also where it has no entry: nothing would be checked.

    Constraints may count from `today`, and waivers are valid or expired on it; `fail_on` goes before the policy's own
    threshold.
    """
    return _checked(load_estate(path, today=today, variables=variables), path, today, fail_on, budget)


def new_baseline(
    path: Path, today: date, budget: Budget = STANDARD, variables: Variables = NO_VARIABLES
) -> BaselineAnswer:
    """A baseline with every finding of today, and what the old one accepts by hand.

    Raises EstateError, also where the policy names no file for it. An old one that cannot be read is replaced.
    """
    estate = load_estate(path, with_baseline=False, today=today, variables=variables)
    file = estate.policy.baseline
    if file is None:
        problem = Problem(Location(FILE, 1, 1), f"{FILE} names no baseline", suggestion="baseline: baseline.yaml")
        raise EstateError([problem], estate.texts)
    if not Path(os.path.realpath(estate.root / file)).is_relative_to(os.path.realpath(estate.root)):
        raise EstateError([Problem(None, f"the baseline {file} is a link that leads out of the estate")])
    accepted: tuple[Waiver, ...] = ()
    if (estate.root / file).exists():
        with suppress(EstateError):
            policy = load_estate(path, today=today, variables=variables).policy
            estate = replace(estate, policy=replace(policy, known=()))
            accepted = tuple(waiver for waiver in policy.waivers if waiver.location.file == file)
    ruling = _checked(estate, path, today, None, budget).ruling
    return BaselineAnswer(baseline(ruling), accepted, estate.root / file)


def _checked(estate: Estate, path: Path, today: date, fail_on: Threshold | None, budget: Budget) -> CheckAnswer:
    require_entry(estate)
    report = check(estate, budget)
    ruling = rule_estate(estate, report.findings, today, fail_on)
    return CheckAnswer(estate, report, ruling, folder_in_repository(path))

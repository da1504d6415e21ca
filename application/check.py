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
from ..documents.problem import EstateError, Problem, Problems
from ..documents.variables import NO_VARIABLES
from ..documents.yaml_events import MappingNode, read
from ..estate.layout import FILE
from ..estate.load import load_estate
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


_DEFAULT_BASELINE = "baseline.yaml"


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

    Where the policy names no file for it, it is `baseline.yaml`, and the answer holds the line that names it. Raises
    EstateError. An old one that cannot be read is replaced.
    """
    estate = load_estate(path, with_baseline=False, today=today, variables=variables)
    file, naming = estate.policy.baseline, None
    if file is None:
        file, naming = _DEFAULT_BASELINE, _naming(estate)
    if not Path(os.path.realpath(estate.root / file)).is_relative_to(os.path.realpath(estate.root)):
        raise EstateError([Problem(None, f"the baseline {file} is a link that leads out of the estate")])
    accepted: tuple[Waiver, ...] = ()
    if (estate.root / file).exists():
        with suppress(EstateError):
            policy = load_estate(path, today=today, variables=variables).policy
            estate = replace(estate, policy=replace(policy, known=()))
            accepted = tuple(waiver for waiver in policy.waivers if waiver.location.file == file)
    ruling = _checked(estate, path, today, None, budget).ruling
    return BaselineAnswer(baseline(ruling), accepted, estate.root / file, naming)


def _naming(estate: Estate) -> bytes:
    """The content of `fieldline.yaml` with one line more, which names the baseline; whatever stands there stays.

    Raises EstateError where the line cannot be added, or the file that it would name is there already.
    """
    content = (estate.root / FILE).read_bytes()
    line = f"baseline: {_DEFAULT_BASELINE}\n".encode()
    named = content + (b"" if content.endswith(b"\n") else b"\n") + line
    before, after = (read(each, FILE, Problems()) for each in (content, named))
    is_added = (
        isinstance(before, MappingNode)
        and isinstance(after, MappingNode)
        and [key.value for key, _ in after.entries] == [*(key.value for key, _ in before.entries), "baseline"]
    )
    taken = (estate.root / _DEFAULT_BASELINE).exists()
    if taken or not is_added:
        why = f", and {_DEFAULT_BASELINE} is there already" if taken else ""
        problem = Problem(
            Location(FILE, 1, 1), f"{FILE} names no baseline{why}", suggestion=f"baseline: {_DEFAULT_BASELINE}"
        )
        raise EstateError([problem], estate.texts)
    return named


def _checked(estate: Estate, path: Path, today: date, fail_on: Threshold | None, budget: Budget) -> CheckAnswer:
    require_entry(estate)
    report = check(estate, budget)
    ruling = rule_estate(estate, report.findings, today, fail_on)
    return CheckAnswer(estate, report, ruling, folder_in_repository(path))

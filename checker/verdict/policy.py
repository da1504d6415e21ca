"""The policy of an estate, applied to its findings: severities, the baseline of known findings, waivers.

    Findings, Policy, today -> Ruling

A policy never makes anything safe: a known or waived finding keeps its verdict and is reported as known or waived.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from ..cause import cause_id
from ..finding import Severity
from ..rule import Bookkeeping
from ..rules import POLICY_RULES, RULES
from .fingerprint import fingerprints
from .pinned import is_no_worse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from ...estate.load import Estate
    from ...estate.policy import Known, Policy, Threshold, Waiver
    from ..finding import Finding

_OF_ESTATES = frozenset(each.name for each in RULES) | frozenset(each.name for each in POLICY_RULES)
"""Rules whose findings concern a whole estate; those of the others concern a change."""

_State: TypeAlias = Literal["open", "known", "waived"]
"""The state of a finding: not covered by the policy; listed in the baseline; accepted by a waiver."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """A finding with its state under the policy."""

    finding: Finding
    """With the severity that the policy gives its rule."""
    fingerprint: str
    state: _State
    weight: Severity
    """The severity that decides whether a run fails; an undecided finding weighs as much as its rule."""
    waiver: Waiver | None = None
    """The waiver that accepts it."""
    cause: str = ""
    """The identity of the changes that cause it; empty where no versions were compared."""
    outgrown: Known | None = None
    """Its place in the baseline, where it is worse than it was when that was written; so it is open."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """The findings of one run, each with its state under the policy."""

    ruled: tuple[Ruled, ...]
    """Worst first, whatever their state."""
    off: Mapping[str, int]
    """The number of findings left out, per rule that is switched off."""
    fail_on: Threshold

    @property
    def open(self) -> tuple[Ruled, ...]:
        """The findings that are neither known nor waived."""
        return tuple(ruled for ruled in self.ruled if ruled.state == "open")

    def is_failing(self, ruled: Ruled) -> bool:
        """Whether a finding makes the run fail."""
        return ruled.state == "open" and self.fail_on != "never" and ruled.weight.rank >= Severity(self.fail_on).rank

    @property
    def fails(self) -> bool:
        """Whether any finding makes the run fail."""
        return any(map(self.is_failing, self.ruled))


def apply_policy(policy: Policy, findings: Sequence[Finding], today: date, fail_on: Threshold | None = None) -> Ruling:
    """Apply a policy to findings on a day. `fail_on` overrides the policy's own; without either it is "error"."""
    known = {each.fingerprint: each for each in policy.known}
    waivers = [waiver for waiver in policy.waivers if not _has_expired(waiver, today)]
    off: Counter[str] = Counter()
    ruled: list[Ruled] = []
    for finding, fingerprint in zip(findings, fingerprints(findings), strict=True):
        level = policy.levels.get(finding.rule)
        if level == "off":
            off[finding.rule] += 1
            continue
        cause = cause_id(finding.causes)
        waiver = next((waiver for waiver in waivers if _fits(waiver, finding, cause)), None)
        listed = known.get(fingerprint) if finding.rule in _OF_ESTATES else None  # what a change does is always news
        is_known = listed is not None and is_no_worse(finding, listed)
        state: _State = "waived" if waiver else "known" if is_known else "open"
        outgrown = listed if state == "open" else None
        severity = Severity(level) if level else finding.severity
        weight = _own_severity(finding.rule) if finding.verdict == "unknown" and level is None else severity
        rated = finding if finding.severity is severity else replace(finding, severity=severity)
        ruled.append(Ruled(rated, fingerprint, state, weight, waiver, cause, outgrown))
    ruled.sort(key=lambda each: each.finding.order)
    return Ruling(tuple(ruled), dict(sorted(off.items())), fail_on or policy.fail_on or "error")


def _own_severity(rule: str) -> Severity:
    from .rulebook import DEFAULT_SEVERITIES  # with all rules of every kind, which few commands need

    return DEFAULT_SEVERITIES[rule]


def rule_estate(estate: Estate, findings: Sequence[Finding], today: date, fail_on: Threshold | None = None) -> Ruling:
    """The same for all findings of a whole estate, together with findings about the policy itself."""
    policy = estate.policy
    current = set(fingerprints(findings)) if policy.known else set()
    books = Bookkeeping(
        expired=tuple(waiver for waiver in policy.waivers if _has_expired(waiver, today)),
        unused=tuple(
            waiver
            for waiver in policy.waivers
            if not _has_expired(waiver, today)
            and waiver.rule in _OF_ESTATES
            and not any(_fits(waiver, finding, cause_id(finding.causes)) for finding in findings)
        ),
        stale=tuple(known for known in policy.known if known.fingerprint not in current),
        contracts=estate.contracts,
    )
    own = [finding for each in POLICY_RULES for finding in each.check(books)]
    return apply_policy(policy, [*findings, *own], today, fail_on)


def baseline(ruling: Ruling) -> tuple[Ruled, ...]:
    """The findings for a new baseline of this run: all except waived ones and those about the policy."""
    own = {each.name for each in POLICY_RULES}
    return tuple(each for each in ruling.ruled if each.state != "waived" and each.finding.rule not in own)


def _has_expired(waiver: Waiver, today: date) -> bool:
    return waiver.expires < today


def _fits(waiver: Waiver, finding: Finding, cause: str) -> bool:
    """Whether a waiver covers a finding: it matches in every key that the waiver states."""
    binding = str(finding.binding.field) if finding.binding else ""
    name = finding.entry or finding.field
    return (
        waiver.rule == finding.rule
        and (waiver.entry is None or waiver.entry == (finding.entry and str(finding.entry)))
        and (waiver.field is None or waiver.field in {finding.field, *finding.fields})
        and (waiver.binding is None or f"{binding}.".startswith(f"{waiver.binding}."))
        and (waiver.system is None or waiver.system == (name and name.system))
        and (waiver.cause is None or waiver.cause == cause)
        and (waiver.harmless is None or _is_doubt_about(waiver.harmless, finding))
    )


def _is_doubt_about(trigger: str, finding: Finding) -> bool:
    """Whether a finding is undecided because a trigger (by name, in any case) may reject or alter a value.

    A finding that fails at another constraint is none, even where the trigger is all that is in doubt on the way: without
    the trigger it would be proved.
    """
    binding = finding.binding
    words = "" if binding is None or finding.verdict != "unknown" else binding.sentence
    return words.casefold() == f"trigger {trigger}".casefold()

"""The policy of an estate: the treatment of its findings, as written in `fieldline.yaml` and the baseline.

The checker applies a policy to the findings of a run.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - dataclasses read their annotations when they run
from dataclasses import dataclass, field, replace
from datetime import date  # noqa: TC003 - see above
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

from ..documents.problem import shorten
from ..documents.shape import DATE, FIELD_NAME, TEXT, Choice, Key, Keyed, ListOf

if TYPE_CHECKING:
    from ..documents.folder import Folder
    from ..documents.location import Location
    from ..documents.names import FieldName
    from ..documents.problem import Problems
    from ..documents.shape import ShapedRecord

Level: TypeAlias = Literal["error", "warning", "info", "off"]
"""How much the findings of a rule matter; off: they are only counted."""

Threshold: TypeAlias = Literal["error", "warning", "info", "never"]
"""The least severity that makes a run fail."""

CONFIGURABLE = (
    "escape",
    "conflict",
    "loss",
    "collision",
    "repeat",
    "unfilled",
    "dangling",
    "over-tight",
    "unreachable",
    "unowned",
    "unfed",
    "late",
    "channels-differ",
    "stale",
    "wrong-direction",
    "wrong-amount",
    "newly-refused",
    "newly-lost",
    "newly-colliding",
    "newly-dangling",
    "newly-broken",
    "neighbour-refuses",
    "stored-refused",
    "no-longer-delivered",
    "entry-narrowed",
    "resolved",
    "stale-baseline",
    "unused-waiver",
)
"""The rules whose severity may be set: all rules but `expired-waiver`, which always fails."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """A team's statement that certain findings are accepted until a day. It covers the findings that match all its keys."""

    rule: str
    entry: str | None
    """The entry's full name."""
    field: FieldName | None
    """The full name of a field concerned."""
    binding: str | None
    """The full name of the field that the finding fails at, or of its entity or system."""
    system: str | None
    """The system of the entry."""
    cause: str | None
    """The identity of the change that caused it, which is pinned to the state before and after."""
    harmless: str | None
    """The name of a trigger that rejects nothing and alters nothing: what is not decided because of it is accepted."""
    owner: str
    """The team that answers for it."""
    reason: str
    expires: date
    """The last day it holds, in UTC."""
    location: Location


@dataclass(frozen=True, slots=True)
class Known:
    """One finding that was known when the baseline was written."""

    fingerprint: str
    rule: str
    about: str
    """Its subject, for people."""
    limit: str
    """The constraint that it failed at, in words; empty: none."""
    fails: str
    """The range of what failed, in words; empty: not known."""
    location: Location


@dataclass(frozen=True, slots=True)
class Policy:
    """How the findings of an estate are to be treated."""

    levels: Mapping[str, Level] = field(default_factory=dict)
    """By rule; of a rule that is not here, its own."""
    fail_on: Threshold | None = None
    """None: not given."""
    baseline: str | None = None
    """The file of the known findings, relative to the estate; None: there is none."""
    known: tuple[Known, ...] = ()
    waivers: tuple[Waiver, ...] = ()


# ------------------------------------------------------------------------------------------------------------ shapes

_LEVEL = Choice("error", "warning", "info", "off")
_RULE_KEYS: tuple[Key[str], ...] = tuple(
    Key(name, _LEVEL, f"How much findings of {name} matter; off: they are only counted.") for name in CONFIGURABLE
)
_RULE = Key("rule", Choice(*CONFIGURABLE), "The rule whose finding is accepted.", required=True)
_ENTRY = Key("entry", TEXT, "The entry it is about: system.entity.")
_FIELD = Key("field", FIELD_NAME, "A field it is about: system.entity.field.")
_BINDING = Key("binding", TEXT, "The place where it fails: a system, system.entity or system.entity.field.")
_SYSTEM = Key("system", TEXT, "The system whose entries it is about.")
_CAUSE = Key("cause", TEXT, "The change that caused it, by its identity in every report of fieldline diff.")
_HARMLESS = Key("harmless", TEXT, "A trigger that rejects and alters nothing: what is undecided because of it.")
_OWNER = Key("owner", TEXT, "Who answers for accepting it.", required=True)
_REASON = Key("reason", TEXT, "Why it is accepted.", required=True)
_EXPIRES = Key("expires", DATE, "The last day on which it is, in UTC.", required=True)
_WAIVER = Keyed(
    "waiver",
    "Accepts certain findings until a day.",
    (_RULE, _ENTRY, _FIELD, _BINDING, _SYSTEM, _CAUSE, _HARMLESS, _OWNER, _REASON, _EXPIRES),
)
_SELECTORS: tuple[Key[Any], ...] = (_ENTRY, _FIELD, _BINDING, _SYSTEM, _CAUSE, _HARMLESS)
"""The keys that say which findings a waiver covers."""

RULE_LEVELS = Key(
    "rules", Keyed("rules", "How much the findings of each rule matter.", _RULE_KEYS), "Severities by rule."
)
FAIL_ON = Key("fail_on", Choice("error", "warning", "info", "never"), "The least severity that makes a check fail.")
BASELINE = Key("baseline", TEXT, "The file of the findings that are known; fieldline check --write-baseline writes it.")
WAIVERS = Key("waivers", ListOf(_WAIVER), "Findings that are accepted, by whom, why, and until when.")
KEYS = (RULE_LEVELS, FAIL_ON, BASELINE, WAIVERS)
"""The keys of `fieldline.yaml` that make a policy."""

_FINGERPRINT = Key("fingerprint", TEXT, "Identifies the finding.")
_KNOWN_RULE = Key("rule", TEXT, "Its rule.", required=True)
_ABOUT = Key("about", TEXT, "The subject of the finding, for people.")
_ACCEPTED_BY: tuple[Key[Any], ...] = tuple(replace(key, required=False) for key in (_OWNER, _REASON, _EXPIRES))
_LIMIT = Key("limit", TEXT, "The constraint it failed at when the baseline was written, in words.")
_FAILS = Key("fails", TEXT, "The range of what failed then, in words.")
_KNOWN = Keyed(
    "known",
    "One finding, by its fingerprint; or, by hand, all findings of a cause or a harmless trigger, as a waiver has them.",
    (_FINGERPRINT, _KNOWN_RULE, _ABOUT, _LIMIT, _FAILS, *_SELECTORS, *_ACCEPTED_BY),
    exactly_one=((_FINGERPRINT.name, _CAUSE.name, _HARMLESS.name),),
    needs={
        _FINGERPRINT.name: (_ABOUT.name,),
        **dict.fromkeys((_CAUSE.name, _HARMLESS.name), (_OWNER.name, _REASON.name, _EXPIRES.name)),
    },
)
_FINDINGS = Key("known", ListOf(_KNOWN), "The findings that are known.", required=True)
_BASELINE_FILE = Keyed("baseline", "The findings that were known when it was written.", (_FINDINGS,))


# ----------------------------------------------------------------------------------------------------------- reading


def read_policy(record: ShapedRecord, folder: Folder, problems: Problems, *, with_baseline: bool) -> Policy:
    """The policy in the record of a `fieldline.yaml`; the baseline is not read where a new one is about to be written."""
    levels = record.get(RULE_LEVELS)
    path = record.get(BASELINE)
    known: tuple[Known, ...] = ()
    waivers = [waiver for each in record.get(WAIVERS) or () if (waiver := _waiver(each, problems)) is not None]
    if path is not None:
        where = record.nodes[BASELINE.name][1].location
        plain = PurePosixPath(path)
        if plain.is_absolute() or ".." in plain.parts or plain.suffix not in {".yaml", ".yml"}:
            expected = "a YAML file inside the estate, relative to fieldline.yaml"
            problems.add(where, f"{shorten(path)} cannot be a baseline", expected=expected, length=len(path))
        elif with_baseline:
            known, accepted = _read_baseline(path, folder, where, problems)
            waivers += accepted
    return Policy(
        cast("Mapping[str, Level]", levels.plain() if levels else {}),
        cast("Threshold | None", record.get(FAIL_ON)),
        path,
        known,
        tuple(waivers),
    )


def _waiver(record: ShapedRecord, problems: Problems) -> Waiver | None:
    rule, owner, reason, expires = record.get(_RULE), record.get(_OWNER), record.get(_REASON), record.get(_EXPIRES)
    if not any(record.has(key.name) for key in _SELECTORS):
        message = "this waiver does not say which findings it covers"
        expected = f"at least one of {', '.join(key.name for key in _SELECTORS)}"
        problems.add(record.location, message, expected=expected)
        return None
    if rule is None or owner is None or reason is None or expires is None:
        return None
    return Waiver(
        rule,
        record.get(_ENTRY),
        record.get(_FIELD),
        record.get(_BINDING),
        record.get(_SYSTEM),
        record.get(_CAUSE),
        record.get(_HARMLESS),
        owner,
        reason,
        expires,
        record.location,
    )


def _read_baseline(
    path: str, folder: Folder, where: Location, problems: Problems
) -> tuple[tuple[Known, ...], list[Waiver]]:
    """The findings of a baseline by fingerprint, and what it accepts as waivers do."""
    if not folder.holds(path):
        message = f"the baseline {shorten(path)} does not exist"
        problems.add(where, message, suggestion="fieldline check --write-baseline writes it", length=len(path))
        return (), []
    tree = folder.read(folder.root / path)
    record = None if tree is None else _BASELINE_FILE.read(tree, problems)
    known: dict[str, Known] = {}
    accepted: list[Waiver] = []
    for item in (record.get(_FINDINGS) if record else None) or ():
        fingerprint, rule, about = item.get(_FINGERPRINT), item.get(_KNOWN_RULE), item.get(_ABOUT)
        if fingerprint is None and (item.has(_CAUSE.name) or item.has(_HARMLESS.name)):
            waiver = _waiver(item, problems)
            accepted += [] if waiver is None else [waiver]
        if fingerprint is None or rule is None or about is None:
            continue
        if fingerprint in known:
            message = f"the fingerprint {shorten(fingerprint)} occurs twice"
            problems.add(item.where("fingerprint"), message, suggestion="remove one of the two")
        known[fingerprint] = Known(
            fingerprint, rule, about, item.get(_LIMIT) or "", item.get(_FAILS) or "", item.location
        )
    return tuple(known.values()), accepted

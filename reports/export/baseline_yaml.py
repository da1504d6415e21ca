"""A baseline as YAML: the fingerprints of findings, each with its subject, for reviewers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...checker.verdict.pinned import pinned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...checker.finding import Finding
    from ...checker.verdict.policy import Ruled
    from ...estate.policy import Waiver

_HEAD = """\
# Findings that are known: they are reported as known, and do not fail. Written by fieldline check --write-baseline.
"""


def baseline_yaml(known: Sequence[Ruled], accepted: Sequence[Waiver] = ()) -> str:
    """The file, in the order of names: its diff shows only the findings that were added or removed.

    `accepted`: what stands in it by hand, which comes first.
    """
    by_hand = [_item({"rule": waiver.rule, **_selectors(waiver), **_statement(waiver)}) for waiver in accepted]
    lines = sorted(_item(_known(ruled)) for ruled in known)
    return _HEAD + ("known:\n" + "".join((*by_hand, *lines)) if lines or by_hand else "known: []\n")


def _known(ruled: Ruled) -> dict[str, str]:
    limit, fails = pinned(ruled.finding)
    return {
        "rule": ruled.finding.rule,
        "about": _about(ruled.finding),
        **({"limit": limit} if limit else {}),
        **({"fails": fails} if fails else {}),
        "fingerprint": ruled.fingerprint,
    }


def _selectors(waiver: Waiver) -> dict[str, str]:
    keys = {name: getattr(waiver, name) for name in ("entry", "field", "binding", "system", "cause", "harmless")}
    return {name: str(value) for name, value in keys.items() if value is not None}


def _statement(waiver: Waiver) -> dict[str, str]:
    return {"owner": waiver.owner, "reason": waiver.reason, "expires": waiver.expires.isoformat()}


def _item(keys: dict[str, str]) -> str:
    """Texts are quoted, so that YAML reads nothing into them; the rule and the day are plain words."""
    plain = {"rule", "expires"}
    words = (f"{key}: {value if key in plain else _quoted(value)}" for key, value in keys.items())
    return f"  - {{{', '.join(words)}}}\n"


def _quoted(text: str) -> str:
    """A text in YAML's double quotes; what is not printable as its own escapes, so that the same text is read again."""
    return f'"{"".join(map(_character, text))}"'


def _character(character: str) -> str:
    if character in {'"', "\\"}:
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08x}"


def _about(finding: Finding) -> str:
    binding = finding.binding
    at = f" at {binding.field} {binding.constraint}" if binding else ""
    return f"{' + '.join(map(str, finding.fields))}{at}"

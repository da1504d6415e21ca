"""The reasons why an obligation cannot be carried back exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...lineage.condition import Alternative
    from ...lineage.graph import Link
    from ...lineage.transform import Transform


def compares_fields(alternative: Alternative) -> str | None:
    """The reason for doubt where a condition compares fields with each other: guards are about one field each."""
    if not alternative.pairs:
        return None
    return f"it applies only where {' and '.join(pair.words for pair in alternative.pairs)}"


def inexact_step(link: Link) -> Transform:
    """The first step of a link whose effect is not described."""
    return next(step for chain in (*link.chains, link.tail) for step in chain if not step.exact)


def not_described(link: Link) -> str:
    """The reason for a link with such a step."""
    return f"the effect of {inexact_step(link).sentence!r} is not described"


def condition_of(link: Link | None) -> str | None:
    """The condition of a link; None where the link has none, or the value stays where it is."""
    return None if link is None or link.when is None else link.when.text


def not_always_joined(links: Sequence[Link | None]) -> str:
    """The reason for joined fields with different conditions: some may be missing when the others arrive."""
    link = next(link for link in links if link is not None and link.when is not None)
    return (
        f"{link.target.full_name} arrives only where {condition_of(link)}, but the values joined with it arrive anyway"
    )


def not_in_records(step: Transform) -> str:
    """The reason for a step that works on one of several joined fields."""
    return f"{step.sentence!r} cannot be carried back through joined fields"

"""A journey as a table: each field with its value, the time until then, and the steps in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...checker.messages import brief
from ...documents.duration import duration
from ..phrases import cell
from .page import FAINT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...checker.finding import Hop
    from .page import Page, StyledText


def carried_words(steps: str, carrier: str | None) -> str:
    """The steps on a flow, and who carries it; empty where neither is written."""
    return brief("; ".join([each for each in (steps, f"by {carrier}" if carrier else "") if each]), 400)


def put_hops(
    page: Page, hops: Sequence[Hop], indent: int, *, ends: StyledText = "", with_carriers: bool = False
) -> None:
    """A journey as a table; `ends`: what happens in its last row; `with_carriers`: who brings it to each field."""
    rows: list[tuple[StyledText, ...]] = [
        (("field", FAINT), ("value", FAINT), ("after", FAINT), ("steps applied", FAINT))
    ]
    for hop in hops:
        after = "" if hop.lag is None else duration(hop.lag)
        outcome = (ends,) if ends and hop is hops[-1] else ("",) if ends else ()
        done = carried_words(hop.transform, hop.by if with_carriers else None)
        rows.append((str(hop.field), cell(hop.value), after, done, *outcome))
    if ends:
        rows[0] = (*rows[0], ("outcome there", FAINT))
    page.table(rows, indent=indent, yields=(3, 0, 1))

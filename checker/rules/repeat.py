"""An entry may send the same value twice to a field where it may stand once.

There is one finding for each unique field, and it names the entries. It is no collision: the values do not differ.

Why: The second record is rejected, for a reason that nobody sees at the entry. That may be right, for example for a
list that is sent again. So the finding is a note.

Bad: two people type the same e-mail address, and the second one is rejected by the shop.

    # contracts/shop.yaml
    email: {type: text, unique: true}

Good: the entry does not accept the second one either.

    # contracts/web.yaml
    email: {type: text, unique: true}

Options: There is no finding for a key, where the same value is the same record, unless its entity says `on_duplicate:
reject`; and none for an entry whose own field is unique.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..finding import Finding, Severity
from ..judging.collide import binding_of, place_of
from ..judging.repeat import repeats
from ..judging.ways import demands
from ..messages import listed
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..judging.context import Context
    from ..judging.ways import Demand

_MOST_NAMES = 6


def _check(context: Context) -> Iterator[Finding]:
    for demand in demands(context.judge):
        finding = _at(context, demand)
        if finding is not None:
            yield finding


def _at(context: Context, demand: Demand) -> Finding | None:
    found = list(repeats(context, demand))
    if not found:
        return None
    names = tuple(dict.fromkeys(name for repeat in found for name in repeat.names))
    senders = listed([str(name) for name in names], most=_MOST_NAMES)
    shown = next((repeat for repeat in found if repeat.doubt is None), found[0])
    return Finding(
        rule=REPEAT_RULE.name,
        severity=REPEAT_RULE.severity,
        verdict="refuted" if shown.doubt is None else "unknown",
        message=f"{place_of(demand)} accepts a value once, and {senders} may send the same one again",
        location=demand.unique.location,
        field=demand.columns[0],
        fields=names,
        binding=binding_of(demand),
        witness=shown.first if shown.doubt is None else None,
        second=shown.second if shown.doubt is None else None,
        reason=shown.doubt,
    )


REPEAT_RULE = Rule("repeat", Severity.INFO, _check, __doc__ or "")

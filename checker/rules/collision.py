"""Two different values that entries accept become equal where values must be unique.

Cut to 25 characters, two people become one user; in lower case, two logins become one; as numbers, 1.5 and 1.50. The
finding names two such values and the value that both become. The values may be typed in two fields, or in two entries,
and one of them may be null where a step gives null a value.

Values that are equal in one unique field on the way are reported there, and not again further downstream. The same
value twice is no collision: see `repeat`.

Why: The second record is rejected or, worse, mistaken for the first.

Bad: different user names that agree in their first 25 characters.

    - {from: campus.person.login, to: quiz.user.name, via: [{truncate: 25}]}      # quiz.user.name is unique

Good: the entry accepts only values that stay different.

    # contracts/campus.yaml
    login: {type: text, max_length: 25}

Options: Fields are unique by themselves (`unique: true`), together (`unique: [[country, number]]` of an entity), or as
the key of their entity. Two nulls are no duplicates, unless the field says `nulls: one`.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from ..finding import Severity
from ..judging.collide import collision_across, collision_on, none_known, not_known
from ..judging.ways import demands
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...documents.names import FieldName
    from ..finding import Finding
    from ..judging.collide import Collision
    from ..judging.context import Context
    from ..judging.ways import Demand


def _check(context: Context) -> Iterator[Finding]:
    for demand in demands(context.judge):
        yield from (collision.finding(context, COLLISION_RULE) for collision in _at(context, demand))


def _at(context: Context, demand: Demand) -> Iterator[Collision]:
    """The collisions: those that say of some entry field what is not said of it yet."""
    ways = context.ways(demand)
    proved: set[FieldName] = set()
    doubted: set[FieldName] = set()
    alone = (collision_on(context, way, none_known) for way in ways.whole)
    across = (collision_across(context, *pair, none_known) for pair in combinations(ways.whole, 2))
    for collision in (*alone, *across):
        if collision is None:
            continue
        names = set(collision.names)
        if collision.reason is None and not names <= proved:
            proved |= names
            yield collision
        elif collision.reason is not None and not names & doubted:
            doubted |= names
            yield collision
    for name, reason in ways.doubts.items():
        if name not in proved | doubted:
            yield not_known(demand, (name,), reason)


COLLISION_RULE = Rule("collision", Severity.ERROR, _check, __doc__ or "")

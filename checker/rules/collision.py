"""Two different values that an entry accepts become equal where values must be unique.

Cut to 25 characters, two people become one user; in lower case, two logins become one. The second record is rejected or,
worse, mistaken for the first. The finding names two such values and the value both become.

Bad: different user names that agree in their first 25 characters.

    - {from: campus.person.login, to: quiz.user.name, via: [{truncate: 25}]}      # quiz.user.name is unique

Good: the entry accepts only values that stay different.

    # contracts/campus.yaml
    login: {type: text, max_length: 25}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...values.budget import BudgetExceeded, out_of
from ...values.valueset import ValueSet
from ..finding import Severity
from ..judging.backward import Joined
from ..judging.collide import Way, collision_across, collision_on, not_known, pairs_of, ways_to
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...contracts.model import Field, Unique
    from ...documents.names import FieldName
    from ...values.valueset import Value
    from ..finding import Finding
    from ..judging.context import Context


def _check(context: Context) -> Iterator[Finding]:
    for field in context.fields:
        if field.unique is not None and context.graph.into.get(field.full_name):
            yield from _at(context, field, field.unique)


def _at(context: Context, field: Field, unique: Unique) -> Iterator[Finding]:
    reported: set[tuple[FieldName, bool]] = set()
    ways: list[Way] = []
    doubt: dict[FieldName, str] = {}
    try:
        for way in ways_to(context, field, unique):
            if isinstance(way, Joined):
                why = "values are joined on the way" if way.link.exact else "a step on the way is not described"
                doubt |= dict.fromkeys(_entry_fields(context, [source.full_name for source in way.link.sources]), why)
                continue
            if len(ways) == context.budget.ways:
                doubt |= _doubt_all(context, field, out_of("ways", len(ways)))
                break
            ways.append(way)
    except BudgetExceeded as error:
        doubt |= _doubt_all(context, field, error.reason)
    alone = (collision_on(context, way, _none_known) for way in ways)
    across = (collision_across(context, *pair, _none_known) for pair in pairs_of(ways))
    for collision in (*alone, *across):
        if collision is not None and (collision.name, collision.reason is None) not in reported:
            reported.add((collision.name, collision.reason is None))
            yield collision.finding(context, COLLISION_RULE)
    for name, reason in doubt.items():
        if not any(name == known for known, _ in reported):
            yield not_known(field, unique, name, reason).finding(context, COLLISION_RULE)


def _doubt_all(context: Context, field: Field, reason: str) -> dict[FieldName, str]:
    """The doubt about every entry upstream, where not every way was followed."""
    doubt = f"more ways lead there than were followed ({reason})"
    return dict.fromkeys(_entry_fields(context, [field.full_name]), doubt)


def _entry_fields(context: Context, names: list[FieldName]) -> list[FieldName]:
    """The entry fields whose values can reach one of these fields."""
    upstream = context.graph.upstream(names)
    return [f.full_name for entity in context.graph.entries for f in entity.fields.values() if f.full_name in upstream]


def _none_known(_: Value) -> ValueSet:
    return ValueSet.nothing()


COLLISION_RULE = Rule("collision", Severity.ERROR, _check, __doc__ or "")

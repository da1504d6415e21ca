"""Views: what an entity receives of one value, over one flow or several, and which values its views give back whole.

A value is lost in an entity only where nothing that the entity receives gives it back. A name in two fields, first and
last, an address over three lines of 35 characters, a short name beside the full one: what one view leaves out, another
has. So a step that drops something is an obligation not on its own, but with all views of the same value:

    - one view alone gives back the values that none of its steps alters, unless the two may excuse each other (`apart`);
    - windows that follow each other from the first character give back what they cover together;
    - the parts between delimiters, from the first on, give back the texts that have no further part.

This is a lower bound: values outside may be given back by views in a way that is not stated here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...lineage.transform import chain_preimage, texts_and_null
from ...lineage.transforms.cut import Substring, Truncate, up_to
from ...lineage.transforms.lines import Lines, in_lines
from ...lineage.transforms.part import After, Before, Split, in_parts, with_rest
from ...values.budget import BudgetExceeded
from ...values.valueset import ValueSet
from .apart import are_told_apart
from .field_view import FieldView

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from ...documents.names import EntityName, FieldName
    from ...lineage.condition import Alternative, Condition
    from ...lineage.graph import Graph, Link
    from ...lineage.transform import Transform
    from ...values.budget import Budget


def views_of(graph: Graph, name: FieldName, budget: Budget) -> dict[EntityName, list[FieldView]]:
    """The views of a field's value, per entity that receives it; of many, the first ones, nearest first.

    Paths over a step that is not described are left out, and those that go through an entity twice.
    """
    views: dict[EntityName, list[FieldView]] = {}
    start = FieldView((), (), None)
    todo = [
        _further(graph, start, link, name) for link in graph.out_of.get(name, ()) if link.exact and not link.is_default
    ]
    for view in todo:
        views.setdefault(view.target.entity_name, []).append(view)
        if len(todo) >= budget.views:
            continue
        passed = {name.entity_name, *(link.target.full_name.entity_name for link in view.links)}
        for link in graph.out_of.get(view.target, ()):
            if link.exact and not link.is_default and link.target.full_name.entity_name not in passed:
                todo.append(_further(graph, view, link, view.target))
    return views


def _further(graph: Graph, view: FieldView, link: Link, name: FieldName) -> FieldView:
    """The view over one more link, of which the field `name` is a source."""
    place = next(i for i, source in enumerate(link.sources) if source.full_name == name)
    stored = graph.storage(name).transforms if view.links else ()
    before = (*view.chain, *stored, *link.chains[place])
    joined_at = len(before) if link.join is not None and view.joined_at is None else view.joined_at
    return FieldView((*view.links, link), (*before, *link.tail), joined_at)


def given_back(view: FieldView, others: Sequence[FieldView], place: int, budget: Budget) -> ValueSet:
    """The values that the other views of an entity give back, where one of its steps drops something of a view.

    `place`: that of the step in the view's chain. Only views count that bring the value whenever this one does.
    """
    values = ValueSet.nothing()
    beside = [other for other in others if other is not view and _comes_with(other, view, budget)]
    for other in beside:
        if are_told_apart(other, view, budget):
            values = values | other.whole
            if values is ValueSet.everything():
                return values
    before = view.chain[:place]
    pieces = [
        other.chain[place]
        for other in (view, *beside)
        if len(other.chain) > place
        and other.chain[:place] == before
        and other.joined_at is None
        and _rest_is_whole(other.chain[place], other.chain[place + 1 :], budget)
    ]
    for covered in (*_covered_by_windows(pieces), *_covered_by_parts(pieces)):
        values = values | chain_preimage(before, covered)
    if view.joined_at is not None and place < view.joined_at and view.links[-1].join is view.join:
        joined = [other for other in (view, *beside) if other.links[-1] is view.links[-1]]
        for covered in _covered_by_join(joined, place, budget):
            values = values | chain_preimage(before, covered)
    return values


def _comes_with(other: FieldView, view: FieldView, budget: Budget) -> bool:
    """Whether another view brings the value whenever a view does: its conditions follow from those of that view."""
    return all(any(_implies(met, condition, budget) for met in view.conditions) for condition in other.conditions)


def _implies(met: Condition, condition: Condition, budget: Budget) -> bool:
    """Whether each alternative in which a condition may be met lies within one in which another surely is."""
    if met == condition:
        return True
    try:
        return all(any(_lies_within(each, other, budget) for other in condition.alternatives) for each in met.possible)
    except BudgetExceeded:
        return False


def _lies_within(inner: Alternative, outer: Alternative, budget: Budget) -> bool:
    held = dict(inner.values)
    return set(outer.pairs) <= set(inner.pairs) and all(
        name in held and held[name].outside(values, budget.glance) is None for name, values in outer.values
    )


def _covered_by_join(views: Sequence[FieldView], place: int, budget: Budget) -> Iterator[ValueSet]:
    """The texts that their windows or parts give back, joined again.

    Windows in their order and without anything between them; parts with a text between them that tells where each ends.
    """
    link = views[0].links[-1]
    before = views[0].chain[:place]
    by_source = {view.source: view for view in views if view.chain[:place] == before}
    in_order = [by_source.get(source.full_name) for source in link.sources]
    pieces: list[Transform] = []
    for view in in_order:
        if view is None or view.joined_at is None or view.joined_at <= place or view.chain[view.joined_at :]:
            return
        if not _rest_is_whole(view.chain[place], view.chain[place + 1 : view.joined_at], budget):
            return
        pieces.append(view.chain[place])
    if link.join is None or len(set(pieces)) < len(pieces):
        return
    if link.join.separator:
        yield from _covered_by_joined_parts(pieces, link.join.separator)
        return
    starts = [piece.start if isinstance(piece, Substring) else 1 for piece in pieces]
    if starts == sorted(starts):
        yield from _covered_by_windows(pieces)


def _covered_by_joined_parts(pieces: Sequence[Transform], separator: str) -> Iterator[ValueSet]:
    """The texts that all of their first parts give back, joined with a text between them.

    No part contains the delimiter. So where the same text joins them in their order, the whole is there again; and where
    the delimiter is one character of what joins them, each part ends where it stands, in whatever order they are.
    """
    parts = [piece for piece in pieces if isinstance(piece, Split)]
    delimiters = {part.delimiter for part in parts}
    numbers = [part.part for part in parts]
    if len(parts) < len(pieces) or len(delimiters) != 1 or sorted(numbers) != [*range(1, len(parts) + 1)]:
        return
    (delimiter,) = delimiters
    is_whole_again = separator == delimiter and numbers == sorted(numbers)
    if is_whole_again or (len(delimiter) == 1 and separator.count(delimiter) == 1):
        yield texts_and_null(in_parts(delimiter, len(parts)), null=True)


def _rest_is_whole(piece: Transform, rest: Sequence[Transform], budget: Budget) -> bool:
    """Whether the steps after a piece alter nothing that the piece can give."""
    longest = piece.limit if isinstance(piece, Truncate) else piece.length if isinstance(piece, Substring) else None
    given = texts_and_null(up_to(longest), null=True)
    for i, step in enumerate(rest):
        if step.unaltered is not ValueSet.everything():
            try:
                if given.stray(chain_preimage(rest[:i], step.unaltered), budget.glance) is not None:
                    return False
            except BudgetExceeded:
                return False
    return True


def _covered_by_windows(pieces: Sequence[Transform]) -> Iterator[ValueSet]:
    """The texts that windows from the first character on cover without a gap."""
    windows: list[tuple[int, int | None]] = []
    for piece in pieces:
        match piece:
            case Truncate(limit, "code points"):
                windows.append((1, limit))
            case Substring(start, length):
                windows.append((start, None if length is None else start + length - 1))
    covered: int | None = 0
    for start, last in sorted(windows, key=lambda window: window[0]):
        if covered is None or start > covered + 1:
            break
        covered = None if last is None else max(covered, last)
    if windows and covered != 0:
        yield texts_and_null(up_to(covered), null=True)


def _covered_by_parts(pieces: Sequence[Transform]) -> Iterator[ValueSet]:
    """The texts that their parts give back."""
    numbers: dict[str, set[int]] = {}
    lines: dict[int, set[int]] = {}
    rests: set[str] = set()
    for piece in pieces:
        match piece:
            case Split(delimiter, part):
                numbers.setdefault(delimiter, set()).add(part)
            case Before(delimiter):
                numbers.setdefault(delimiter, set()).add(1)
            case After(delimiter):
                rests.add(delimiter)
            case Lines(width, line):
                lines.setdefault(width, set()).add(line)
    for width, own in lines.items():
        yield texts_and_null(in_lines(width, _first_missing(own) - 1), null=True)
    for delimiter, parts in numbers.items():
        most = _first_missing(parts) - 1
        if most:
            covered = with_rest(delimiter) if delimiter in rests else in_parts(delimiter, most)
            yield texts_and_null(covered, null=True)


def _first_missing(numbers: Collection[int]) -> int:
    return next(number for number in range(1, len(numbers) + 2) if number not in numbers)

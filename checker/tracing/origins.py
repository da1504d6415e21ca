"""The entries that may have let in many values of one field, each decided as `roots_of` decides it, and much quicker.

One value is a question of a tenth of a second; dead letters have hundreds of thousands. So an entry is shown to be a
value's origin by running a guessed record forward (the value itself, in other case, taken apart at a separator), and
excluded by a question about a whole set of values that holds it: all texts of that length and more, all texts with a
character that the entry never has, all texts of its form. Both are proofs. What neither decides is asked for itself, up to
a number of questions; beyond it the origin is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeAlias

from ...lineage.transform import NoValue, chain_agreed, chain_apply, chain_preimage, one_way
from ...lineage.transforms.part import Split
from ...values import language
from ...values.budget import BudgetExceeded
from ...values.charset import Charset
from ...values.matcher import matcher
from ...values.textset import TextSet, alphabet
from ...values.valueset import ValueSet
from ...values.weight import CODE_POINTS
from ..judging.context import Context
from ..judging.simulate import travel
from .trace import roots_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping

    from ...contracts.model import Entity, Field
    from ...documents.names import FieldName
    from ...lineage.graph import Graph, Link
    from ...lineage.transform import Transform
    from ...values.valueset import Value
    from ..finding import FieldValues, Verdict
    from .traced import Root

MOST_QUESTIONS = 120
"""Questions about sets of values of one field."""
_MOST_WAYS = 8
"""Ways from an entry to the field that are looked at."""
_LONGEST_WAY = 40
_MOST_FORMS, _MOST_JOINED_FORMS = 24, 6
"""Forms of texts that are asked about; of texts that are joined from several fields, which takes longer."""
_MOST_SINGLE, _MOST_JOINED_SINGLE = 12, 4
"""Values that are asked for by themselves, since no set that holds them was decided."""
_SMALL_ALPHABET = 2_000

OriginVerdicts: TypeAlias = "tuple[Verdict, ...]"
"""Per entry upstream, of "no record it accepts becomes this value": refuted by a record, proved, or unknown."""


class Origins:
    """Decides for the values of one field which entries may have let them in."""

    def __init__(self, context: Context, field: Field) -> None:
        self._context = context.restricted(context.graph.related(field.full_name))
        self._asking = Context(context.estate, self._context.within, budget=context.budget.second_look)
        self._asking.graph = context.graph
        self.field = field
        graph = context.graph
        upstream = graph.upstream([field.full_name])
        self.entries: tuple[Entity, ...] = tuple(
            entity
            for entity in graph.entries
            if entity.full_name == field.full_name.entity_name
            or any(each.full_name in upstream for each in entity.fields.values())
        )
        """The entries that lead there, in the order of the contracts."""
        self.questions = 0
        """The questions asked so far."""
        self._forms = 0
        self._singles = 0
        self._asked: dict[Hashable, OriginVerdicts] = {}
        self._sides = [_Side(self._context, entity, field) for entity in self.entries]
        is_joined = any(side.is_joined for side in self._sides)
        self._most_forms = _MOST_JOINED_FORMS if is_joined else _MOST_FORMS
        self._most_single = _MOST_JOINED_SINGLE if is_joined else _MOST_SINGLE

    def verdicts(self, value: Value) -> OriginVerdicts:
        """Per entry, whether a record that it accepts becomes the value."""
        found = [side.decided(value) for side in self._sides]
        if None in found:
            undecided = [side for side, each in zip(self._sides, found, strict=True) if each is None]
            for key, values in self._questions(value, undecided):
                if key not in self._asked and not self._ask(key, values):
                    break
                found = [
                    side.decided(value) if each is None else each for side, each in zip(self._sides, found, strict=True)
                ]
                if None not in found:
                    break
        single = self._asked.get((type(value), value))
        if single is not None:
            return single
        return tuple("unknown" if each is None else each for each in found)

    def _ask(self, key: Hashable, values: ValueSet) -> bool:
        """Ask one question; False where no more may be asked."""
        if self.questions >= MOST_QUESTIONS:
            return False
        self.questions += 1
        try:
            roots = {root.entry.full_name: root for root in roots_of(self._asking, self.field, values)}
        except BudgetExceeded:
            roots = {}
        answers = [roots.get(entity.full_name) for entity in self.entries]
        self._asked[key] = tuple("unknown" if root is None else root.verdict for root in answers)
        for side, root in zip(self._sides, answers, strict=True):
            side.learn(key, root)
        return True

    def _questions(self, value: Value, open_sides: list[_Side]) -> Iterator[tuple[Hashable, ValueSet]]:
        """Sets of values that hold this one, with their keys; the value alone comes last, for the first few so far."""
        single = ((type(value), value), ValueSet.exactly([value]))
        match value:
            case str():
                length = len(value)
                if any(side.may_be_too_long(length) for side in open_sides):
                    yield ("long", length), _texts(TextSet.measure(CODE_POINTS, length, None))
                for side in open_sides:
                    if side.foreign is not None and not _within(value, side.familiar):
                        yield ("foreign", side.entity.full_name), side.foreign
                if any(side.may_be_too_short(length) for side in open_sides):
                    yield ("short", length), _texts(TextSet.measure(CODE_POINTS, 0, length))
                for is_exact in (False, True):
                    if self._forms >= self._most_forms:
                        break
                    self._forms += 1
                    yield ("form", is_exact, form(value, is_exact=is_exact)), _of_form(value, is_exact=is_exact)
            case bool() | None:
                pass
            case int() | Decimal() | date() | time() | datetime():
                yield ("above", type(value), value), ValueSet.between(value, None)
                yield ("below", type(value), value), ValueSet.between(None, value)
            case _:
                pass
        if self._singles < self._most_single:
            self._singles += 1
            yield single


def _texts(texts: TextSet) -> ValueSet:
    return ValueSet.text(texts)


def _within(text: str, charset: Charset | None) -> bool:
    return charset is None or all(ord(character) in charset for character in text)


# ----------------------------------------------------------------------------------------------------- forms of texts

_CLASSES: tuple[tuple[str, Charset], ...] = (
    ("A", Charset.ranges([(ord("A"), ord("Z"))])),
    ("a", Charset.ranges([(ord("a"), ord("z"))])),
    ("0", Charset.ranges([(ord("0"), ord("9"))])),
)


def form(text: str, *, is_exact: bool) -> tuple[tuple[str, int], ...]:
    """The form of a text: its runs of capitals, small letters and digits; `is_exact`: with their lengths."""
    runs = ((name, len(list(run))) for name, run in groupby(text, _class_of))
    return tuple((name, length if is_exact else 1) for name, length in runs)


def _class_of(character: str) -> str:
    if character.isascii():
        if character.isdigit():
            return "0"
        if character.isalpha():
            return "A" if character.isupper() else "a"
    return character


def _of_form(text: str, *, is_exact: bool) -> ValueSet:
    """All texts of the form of this one; without lengths, a run may be of any length."""
    named = dict(_CLASSES)
    runs = []
    for name, length in form(text, is_exact=True):
        charset = named[name] if name in named else Charset.of(name)
        runs.append(language.repeat(language.chars(charset), length if is_exact else 1, length if is_exact else None))
    return _texts(TextSet.language(language.concat(*runs)))


# ------------------------------------------------------------------------------------------------------------ entries


@dataclass(frozen=True, slots=True)
class _Way:
    """How a field gets its value: over a link from other fields, or (a leaf) by being typed."""

    field: Field
    link: Link | None
    sources: tuple[_Way, ...]

    def leaves(self) -> Iterator[Field]:
        if self.link is None:
            yield self.field
        for source in self.sources:
            yield from source.leaves()

    def links(self) -> Iterator[Link]:
        if self.link is not None:
            yield self.link
        for source in self.sources:
            yield from source.links()


class _Side:
    """What is known of one entry: the values it is excluded for, and the ways from it to the field."""

    def __init__(self, context: Context, entity: Entity, field: Field) -> None:
        self.entity = entity
        self._graph = context.graph
        self._budget = context.budget
        self._field = field
        self._is_own = entity.full_name == field.full_name.entity_name
        self._accepted = {each.full_name: context.judge.accepted(each.full_name) for each in entity.fields.values()}
        ways = _ways(context.graph, field, entity, frozenset()) if not self._is_own else [_Way(field, None, ())]
        self._free = [way for way in ways if all(link.when is None for link in way.links())]
        self._conditional = [way for way in ways if any(link.when is not None for link in way.links())]
        self.is_joined = any(link.join is not None for way in ways for link in way.links())
        """Whether values are joined from several fields on the way."""
        self._pipes = [pipe for way in self._free if (pipe := _pipe(context.graph, way, self._accepted)) is not None]
        self._met: list[tuple[_Way, FieldValues]] = []
        self._too_long: int | None = None
        self._too_short: int | None = None
        self._may_be_as_long = -1
        self._may_be_as_short: int | None = None
        self._above: dict[type, Any] = {}
        self._below: dict[type, Any] = {}
        self._forms: set[Hashable] = set()
        self._is_foreign_excluded = False
        self.familiar = self._familiar(ways)
        """The characters that a value from there is made of, as far as the steps add none; None: not known."""
        self.foreign = None if self.familiar is None else _texts(_beyond(self.familiar))

    def _familiar(self, ways: list[_Way]) -> Charset | None:
        """The alphabet of the fields where the value is typed, in either case."""
        familiar = Charset.of(" ")
        for name in dict.fromkeys(leaf.full_name for way in ways for leaf in way.leaves()):
            try:
                typed = alphabet(self._accepted[name].texts)
            except BudgetExceeded:
                return None
            if len(typed) <= _SMALL_ALPHABET:
                letters = {chr(point) for low, high in typed.spans() for point in range(low, high)}
                cased = "".join(sorted({c for each in letters for c in each.upper() + each.lower()}))
                typed = typed | Charset.of(*cased)
            familiar = familiar | typed
        return familiar

    def decided(self, value: Value) -> Verdict | None:
        """What is known without a question; None: nothing."""
        if self._excludes(value):
            return "proved"
        if any(pipe.gives(value) for pipe in self._pipes):
            return "refuted"
        for way in self._free:
            if self._comes_over(way, {}, value):
                return "refuted"
        for way, record in self._met:
            if self._comes_over(way, record, value):
                return "refuted"
        return None

    def _excludes(self, value: Value) -> bool:
        if isinstance(value, str):
            length = len(value)
            if self._too_long is not None and length >= self._too_long:
                return True
            if self._too_short is not None and length <= self._too_short:
                return True
            if self._is_foreign_excluded and not _within(value, self.familiar):
                return True
            return bool(self._forms) and not self._forms.isdisjoint(
                (("form", False, form(value, is_exact=False)), ("form", True, form(value, is_exact=True)))
            )
        above, below = self._above.get(type(value)), self._below.get(type(value))
        return (above is not None and value >= above) or (below is not None and value <= below)

    def may_be_too_long(self, length: int) -> bool:
        """Whether it is not known that texts of this length, or of a greater one, come from there."""
        return length > self._may_be_as_long

    def may_be_too_short(self, length: int) -> bool:
        """Whether it is not known that texts of this length, or of a smaller one, come from there."""
        return self._may_be_as_short is None or length < self._may_be_as_short

    def learn(self, key: Hashable, root: Root | None) -> None:
        """Take in the answer to a question about a set of values."""
        if root is None:
            return
        if root.verdict == "refuted" and root.record is not None:
            self._learn_record(root.record)
        if root.verdict != "proved":
            match key:
                case ("long", int(length)):
                    self._may_be_as_long = max(self._may_be_as_long, length)
                case ("short", int(length)):
                    self._may_be_as_short = min(length, self._may_be_as_short or length)
                case _:
                    pass
            return
        match key:
            case ("long", int(length)):
                self._too_long = length if self._too_long is None else min(length, self._too_long)
            case ("short", int(length)):
                self._too_short = length if self._too_short is None else max(length, self._too_short)
            case ("foreign", name) if name == self.entity.full_name:
                self._is_foreign_excluded = True
            case ("above", type() as kind, bound):
                self._above[kind] = min(self._above.get(kind, bound), bound)
            case ("below", type() as kind, bound):
                self._below[kind] = max(self._below.get(kind, bound), bound)
            case ("form", _, _):
                self._forms.add(key)
            case _:
                pass

    def _learn_record(self, record: FieldValues) -> None:
        """A record that arrives tells under which conditions values do."""
        for way in self._conditional:
            if any(known is way for known, _ in self._met):
                continue
            typed = {leaf.full_name for leaf in way.leaves()}
            others = {name: value for name, value in record.items() if name not in typed}
            journey = travel(self._graph, record, self._budget)
            held: dict[FieldName, Value] = {
                name: stored
                for name, arrivals in journey.arrivals.items()
                if len(arrivals) == 1
                and arrivals[0].goes_on
                and arrivals[0].sure
                and not isinstance(stored := arrivals[0].stored, NoValue)
            }
            conditions = [link.when for link in way.links() if link.when is not None]
            read = [name for condition in conditions for name in condition.fields]
            depends = self._graph.downstream(list(typed))
            if any(name in depends or name not in held for name in read):
                continue
            if all(condition.holds({name: held[name] for name in condition.fields}) for condition in conditions):
                self._met.append((way, others))

    def _comes_over(self, way: _Way, others: FieldValues, value: Value) -> bool:
        """Whether a guessed record is accepted, and arrives over a way as the value."""
        for guess in _guesses(way, value):
            if any(each not in self._accepted[name] for name, each in (*guess.items(), *others.items())):
                continue
            if any(self._graph.storage(name).doubtful(each) for name, each in guess.items()):
                continue
            arrived = self._arrived(way, guess)
            if not isinstance(arrived, NoValue) and type(arrived) is type(value) and arrived == value:
                return True
        return False

    def _arrived(self, way: _Way, record: Mapping[FieldName, Value]) -> Value | NoValue:
        """The value that arrives at the end of a way; none where a system on the way rejects it, or may do so."""
        if way.link is None:
            return record[way.field.full_name]
        held: list[Value] = []
        for chain, source in zip(way.link.chains, way.sources, strict=True):
            value = self._arrived(source, record)
            if not isinstance(value, NoValue) and source.link is not None:
                value = self._stored(source.field, value)
            if not isinstance(value, NoValue):
                value = chain_apply(chain, value)
            if isinstance(value, NoValue):
                return value
            held.append(value)
        if way.link.join is None:
            return held[0]
        joined = way.link.join.apply(held)
        return joined if isinstance(joined, NoValue) else chain_apply(way.link.tail, joined)

    def _stored(self, field: Field, value: Value) -> Value | NoValue:
        store = self._graph.storage(field.full_name)
        if any(value not in rejection.accepts for rejection in store.rejections) or store.doubtful(value):
            return NoValue.REJECTED
        return chain_apply(store.transforms, value)


@dataclass(frozen=True)
class _Pipe:
    """A way over which one typed value is carried alone: the quick half of the guesses."""

    passing: ValueSet
    """The typed values that the entry and every system on the way accept, and that all engines carry alike."""
    steps: tuple[Transform, ...]
    """All steps on the way, those of storage among them."""

    def gives(self, value: Value) -> bool:
        """Whether the value, typed as it is or in other case, arrives as the value."""
        for typed in dict.fromkeys(case(value) for case in _CASES) if isinstance(value, str) else (value,):
            passes = self._is_passing_text(typed) if isinstance(typed, str) else typed in self.passing
            if not passes:
                continue
            carried = self._carried(typed)
            if not isinstance(carried, NoValue) and type(carried) is type(value) and carried == value:
                return True
        return False

    @cached_property
    def _is_passing_text(self) -> Callable[[str], object]:
        return matcher(self.passing.texts)

    def _carried(self, value: Value) -> Value | NoValue:
        for step in self.steps:
            carried = step.apply(value)
            if isinstance(carried, NoValue):
                return carried
            value = carried
        return value


def _pipe(graph: Graph, way: _Way, accepted: Mapping[FieldName, ValueSet]) -> _Pipe | None:
    """The way as a pipe; None where values are joined on it, or a rule on it is not stated exactly."""
    links: list[Link] = []
    while way.link is not None:
        if len(way.sources) != 1:
            return None
        links.append(way.link)
        way = way.sources[0]
    passing = ValueSet.everything()
    steps: list[Transform] = []
    for place, link in enumerate(links):
        passing = chain_preimage(link.chains[0], passing) & chain_agreed(link.chains[0])
        steps[:0] = one_way(link.chains[0])
        if place == len(links) - 1:
            break
        store = graph.storage(link.sources[0].full_name)
        if store.doubts:
            return None
        passing = chain_preimage(store.transforms, passing) & chain_agreed(store.transforms)
        for rejection in store.rejections:
            passing = passing & rejection.accepts
        steps[:0] = one_way(store.transforms)
    if graph.storage(way.field.full_name).doubts:
        return None
    return _Pipe(passing & accepted[way.field.full_name], tuple(steps))


def _beyond(charset: Charset) -> TextSet:
    """The texts with a character that is not among these."""
    return ~TextSet.language(language.repeat(language.chars(charset), 0, None))


def _ways(graph: Graph, field: Field, entity: Entity, above: frozenset[FieldName]) -> list[_Way]:
    """The ways from an entry's fields to a field, the first few; none goes round in a circle."""
    if field.full_name.entity_name == entity.full_name:
        return [_Way(field, None, ())]
    if field.full_name in above or len(above) > _LONGEST_WAY:
        return []
    found: list[_Way] = []
    for link in graph.into.get(field.full_name, ()):
        if link.is_default:
            continue
        combinations: list[tuple[_Way, ...]] = [()]
        for source in link.sources:
            ways = _ways(graph, source, entity, above | {field.full_name})
            combinations = [(*begun, way) for begun in combinations for way in ways][:_MOST_WAYS]
        found += [_Way(field, link, sources) for sources in combinations]
        if len(found) >= _MOST_WAYS:
            break
    return found[:_MOST_WAYS]


_CASES: tuple[Callable[[str], str], ...] = (str, str.lower, str.upper)


def _guesses(way: _Way, value: Value) -> Iterator[Mapping[FieldName, Value]]:
    """Records that may become a value over a way: what the last field gets is what is typed, but for its case."""
    if not isinstance(value, str):
        leaves = list(way.leaves())
        if len(leaves) == 1:
            yield {leaves[0].full_name: value}
        return
    seen: list[Mapping[FieldName, Value]] = []
    for pieces in _pieces(way, value):
        whole = _whole(pieces)
        for case in _CASES if whole is not None else ():
            guess = {name: case(text) for name, text in (whole or {}).items()}
            if guess not in seen:
                seen.append(guess)
                yield guess


_Piece: TypeAlias = "tuple[FieldName, Split | None, str]"
"""What is typed into a field, or (with a step that takes a part) into a part of it."""


def _pieces(way: _Way, text: str) -> Iterator[tuple[_Piece, ...]]:
    """The text taken apart at the separators where it was joined, by the leaf that each piece is typed in."""
    link = way.link
    if link is None:
        yield ((way.field.full_name, None, text),)
        return
    parted: list[tuple[str, ...]] = [(text,)]
    if link.join is not None:
        separator, count = link.join.separator, len(way.sources)
        if not separator or text.count(separator) < count - 1:
            return
        first, last = tuple(text.split(separator, count - 1)), tuple(text.rsplit(separator, count - 1))
        parted = [first, last] if first != last else [first]
    for texts in parted:
        placed: list[_Piece] = []
        for chain, source, piece in zip(link.chains, way.sources, texts, strict=True):
            part = next((step for step in chain if isinstance(step, Split)), None)
            if part is not None and source.link is None:
                placed.append((source.field.full_name, part, piece))
            else:
                placed += next(_pieces(source, piece), ())
        yield tuple(placed)


def _whole(pieces: tuple[_Piece, ...]) -> Mapping[FieldName, str] | None:
    """What is typed, from its pieces; None: two of them cannot be in one field."""
    typed: dict[FieldName, str] = {}
    for name in dict.fromkeys(name for name, _, _ in pieces):
        own = [(part, text) for field, part, text in pieces if field == name]
        parts = sorted((part.part, text) for part, text in own if part is not None)
        if len(own) == 1 and not parts:
            typed[name] = own[0][1]
        elif len(parts) == len(own) == len(dict(parts)):
            typed[name] = next(part.delimiter for part, _ in own if part is not None).join(text for _, text in parts)
        else:
            return None
    return typed

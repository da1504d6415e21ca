"""Two different values an entry accepts become equal where values must be unique.

Cut to 25 characters, two people become one user; in lower case, two logins become one. The second record is refused, or
worse, taken for the first. The finding names two such values and what both become.

Bad: different user names that agree in their first 25 characters.

    - {from: campus.person.login, to: quiz.user.name, via: [{truncate: 25}]}      # quiz.user.name is unique

Good: the entry takes no more than what stays different.

    # contracts/campus.yaml
    login: {type: text, max_length: 25}
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, TypeAlias

from ...lineage.transform import NoValue, TextTransform, chain_apply, chain_preimage, texts_and_null
from ...lineage.transforms.affix import Pad, Prefix, Suffix
from ...lineage.transforms.case import Lower
from ...lineage.transforms.convert import Cast, Reformat
from ...lineage.transforms.cut import Substring, Truncate
from ...lineage.transforms.fixed import Identity
from ...lineage.transforms.spaces import CollapseSpaces, Trim
from ...values import language
from ...values.charset import WHITE_SPACE, Charset
from ...values.show import show
from ...values.solve.search import BudgetExceeded
from ...values.textset import TextSet, alphabet
from ...values.transducer import Mapped, alphabet_after
from ...values.valueset import ValueSet
from ...values.weight import CODE_POINTS
from ..finding import Binding, Finding, Hop, Severity
from ..messages import escaped
from ..preconditions.backward import EntryOrigin, Joined, trace_back
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ...contracts.model import Field, Unique
    from ...lineage.transform import Transform
    from ...values.valueset import Value, Witness
    from ..rule import Context

_Known: TypeAlias = "Callable[[Value], ValueSet]"
"""Per value, those that are known to become equal to it, and are not to be told."""

_CANDIDATES = 6
"""Values tried at each step that may make two values equal."""
_MOST_WAYS = 8
"""Ways from entries to one unique field that are looked at."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two values of an entry that become one."""

    first: Value
    second: Value


def _check(context: Context) -> Iterator[Finding]:
    for field in context.fields:
        if field.unique is not None and context.graph.into.get(field.full_name):
            yield from _at(context, field, field.unique)


def _at(context: Context, field: Field, unique: Unique) -> Iterator[Finding]:
    told: set[tuple[str, str]] = set()
    ways: list[Way] = []
    doubt: dict[str, str] = {}
    try:
        for way in ways_to(context, field, unique):
            if isinstance(way, Joined):
                why = "values are joined on the way" if way.link.exact else "a step on the way is not described"
                doubt |= dict.fromkeys(_entry_fields(context, [source.full_name for source in way.link.sources]), why)
                continue
            if len(ways) == _MOST_WAYS:
                doubt |= _doubt_all(context, field)
                break
            ways.append(way)
    except BudgetExceeded:
        doubt |= _doubt_all(context, field)
    alone = (collision_on(context, way, _none_known) for way in ways)
    across = (collision_across(context, *pair, _none_known) for pair in pairs_of(ways))
    for finding in (*alone, *across):
        if finding is not None and (finding.field or "", finding.verdict) not in told:
            told.add((finding.field or "", finding.verdict))
            yield finding
    for name, reason in doubt.items():
        if not any(name == known for known, _ in told):
            yield not_known(context, field, unique, name, reason)


@dataclass(frozen=True, slots=True)
class Way:
    """One way from an entry field to a unique one."""

    field: Field
    """The unique one."""
    unique: Unique
    origin: EntryOrigin
    steps: tuple[Transform, ...]
    """All that happens to a value from the entry to the comparison."""

    @property
    def values(self) -> ValueSet:
        """The values that get there, null apart: it is equal to nothing."""
        values = self.origin.values
        return values - ValueSet.null_only() if values.null else values


def ways_to(context: Context, field: Field, unique: Unique) -> Iterator[Way | Joined]:
    """The ways to a unique field, and where one ends because values are joined, or nobody knows the step.

    Raises BudgetExceeded.
    """
    for origin in trace_back(context.judge, field.full_name, _taken(context, field)):
        if isinstance(origin, Joined):
            yield origin
        else:
            yield Way(field, unique, origin, _steps(context, field, unique, origin))


def collision_on(context: Context, way: Way, known: _Known, among: ValueSet | None = None) -> Finding | None:
    """Two values that become equal on a way, or that this is not known; `known` tells which become so anyway.

    With `among`: whether one of these values becomes equal to another, as far as a few tried can tell.
    """
    same = _same_at_entry(context, way.origin.field)
    try:
        if among is None:
            found = _pair(way.steps, way.values, same, known)
        else:
            found = _tried(way.steps, way.values, among, same, known)
        reason = None if isinstance(found, _Pair) else found
    except BudgetExceeded as error:
        found, reason = None, f"budget: {error}"
    if found is None and reason is None:
        return None
    pair = found if isinstance(found, _Pair) else None
    if pair is not None:
        reason = _may_be_rejected(context, way.field, (way.origin,), pair)
        pair = pair if reason is None else None
    hops = _hops(context, way.origin, pair.first) if pair is not None else ()
    return _finding(context, way.field, way.unique, way.origin.field, pair, hops, reason)


def pairs_of(ways: Sequence[Way]) -> Iterator[tuple[Way, Way]]:
    """The pairs of ways that begin at the same field of an entry."""
    yield from (pair for pair in combinations(ways, 2) if pair[0].origin.field == pair[1].origin.field)


def collision_across(context: Context, first: Way, second: Way, known: _Known) -> Finding | None:
    """Two values of which one becomes by one way what the other becomes by another; or that this is not known."""
    if first.steps == second.steps:
        return None  # each way alone tells
    name = first.origin.field
    same = _same_at_entry(context, name)
    try:
        for way, other in ((first, second), (second, first)):
            for candidates in (_altered(way.steps, way.values & chain_preimage(way.steps, other.values)), way.values):
                for value in _some(candidates):
                    twin = _twin(way.steps, other.steps, other.values, value, same, known)
                    if twin is not None:
                        pair = _Pair(value, twin.value)
                        reason = _may_be_rejected(context, way.field, (way.origin, other.origin), pair)
                        hops = _hops(context, way.origin, value) if reason is None else ()
                        return _finding(context, way.field, way.unique, name, None if reason else pair, hops, reason)
    except BudgetExceeded as error:
        return not_known(context, first.field, first.unique, name, f"budget: {error}")
    reason = "it comes by two ways, and no two values were found that become equal"
    return not_known(context, first.field, first.unique, name, reason)


def not_known(context: Context, field: Field, unique: Unique, name: str, reason: str) -> Finding:
    """That nobody can say whether values of an entry field stay different."""
    return _finding(context, field, unique, name, None, (), reason)


def _taken(context: Context, field: Field) -> ValueSet:
    """What a field does not refuse."""
    taken = ValueSet.everything()
    for rejection in context.graph.storage(field.full_name).rejections:
        taken = taken & rejection.accepts
    return taken


def _doubt_all(context: Context, field: Field) -> dict[str, str]:
    """Where not every way was looked at, nothing is claimed of any entry."""
    return dict.fromkeys(_entry_fields(context, [field.full_name]), "there are more ways there than were looked at")


def _entry_fields(context: Context, names: list[str]) -> list[str]:
    """The fields of entries whose values can come to one of these."""
    upstream = context.graph.upstream(names)
    return [f.full_name for entity in context.graph.entries for f in entity.fields.values() if f.full_name in upstream]


def _may_be_rejected(context: Context, field: Field, origins: Sequence[EntryOrigin], pair: _Pair) -> str | None:
    """Why it is not known whether both values get there; None where they do."""
    passed = (link.sources[0].full_name for origin in origins for link in origin.links)
    for name in dict.fromkeys((*passed, field.full_name)):
        for constraint in context.graph.storage(name).opaque:
            both = f"{show(pair.first)} and {show(pair.second)}"
            return f"{both} become equal there, if {name} takes them, and {escaped(constraint.doubt or '')}"
    return None


def _altered(steps: Sequence[Transform], values: ValueSet) -> ValueSet:
    """Those of the values of which some step changes something."""
    kept = ValueSet.everything()
    for i, step in enumerate(steps):
        kept = kept & chain_preimage(steps[:i], step.unaltered)
    return values - kept


def _some(values: ValueSet) -> Iterator[Value]:
    """A few of the values, shortest first."""
    for _ in range(_CANDIDATES):
        witness = values.witness()
        if witness is None:
            return
        yield witness.value
        values = values - ValueSet.exactly([witness.value])


def _finding(
    context: Context,
    field: Field,
    unique: Unique,
    name: str,
    pair: _Pair | None,
    hops: tuple[Hop, ...],
    reason: str | None,
) -> Finding:
    if pair is not None:
        become = hops[-1].value
        arrived = "one" if isinstance(become, NoValue) else show(become)
        message = (
            f"{name}: {show(pair.first)} and {show(pair.second)} both become {arrived} in {field.full_name}, "
            f"where values must be {unique_words(unique)}"
        )
    else:
        message = f"{name}: unknown whether different values stay different in {field.full_name}: {reason}"
    return Finding(
        rule=COLLISION_RULE.name,
        severity=COLLISION_RULE.severity if pair else Severity.WARNING,
        verdict="refuted" if pair else "unknown",
        message=message,
        location=context.graph.fields[name].location,
        entry=name.rpartition(".")[0],
        field=name,
        fields=(name,),
        binding=Binding(field.full_name, "unique", unique_words(unique), unique.location),
        witness={name: pair.first} if pair else None,
        second={name: pair.second} if pair else None,
        hops=hops,
        reason=None if pair else reason,
    )


def unique_words(unique: Unique) -> str:
    """The demand in words."""
    return "unique" if unique.case_sensitive else "unique whatever their case"


def _steps(context: Context, field: Field, unique: Unique, origin: EntryOrigin) -> tuple[Transform, ...]:
    """All that happens to a value from the entry to the comparison."""
    steps: list[Transform] = []
    for link in origin.links:
        steps += (*context.graph.storage(link.sources[0].full_name).transforms, *link.chains[0])
    steps += context.graph.storage(field.full_name).transforms
    if not unique.case_sensitive:
        steps.append(Lower())
    return tuple(steps)


def _hops(context: Context, origin: EntryOrigin, value: Value) -> tuple[Hop, ...]:
    hops = [Hop(origin.field, value, "", None, 0)]
    here = value
    for number, link in enumerate(origin.links, 1):
        stored = chain_apply(context.graph.storage(link.sources[0].full_name).transforms, here)
        arrived = stored if isinstance(stored, NoValue) else link.apply([stored])
        hops.append(Hop(link.target.full_name, arrived, link.sentence, link.flow.lag, number))
        if isinstance(arrived, NoValue):
            return tuple(hops)
        here = arrived
    last = origin.links[-1].target.full_name
    changes = context.graph.storage(last).transforms
    stored = chain_apply(changes, here)
    if stored != here:
        hops.append(Hop(last, stored, ", ".join(change.sentence for change in changes), None, len(origin.links)))
    return tuple(hops)


def _same_at_entry(context: Context, name: str) -> tuple[Transform, ...]:
    """What the entry itself takes for the same value: case, where its own values are unique whatever their case."""
    unique = context.graph.fields[name].unique
    return () if unique is None or unique.case_sensitive else (Lower(),)


def _pair(
    steps: Sequence[Transform], values: ValueSet, same: tuple[Transform, ...], known: _Known
) -> _Pair | str | None:
    """Two values that become equal; None when there are none; or why that is not known.

    `same` makes equal what the entry itself does not tell apart; `known` says what becomes equal to a value anyway.
    """
    reason: str | None = None
    for i, step in enumerate(steps):
        faithful = injective_on(step)
        if faithful is ValueSet.everything():
            continue
        rest = values - chain_preimage(steps[:i], faithful) if faithful is not None else values
        if rest.is_empty():
            continue
        found = _tried(steps, values, rest, same, known)
        if isinstance(found, _Pair):
            return found
        if found is not None and not _keeps_apart(step, steps[:i], values, same):
            reason = f"no two such values were found, and {step.sentence!r} may still make some equal"
    return reason


def _tried(
    steps: Sequence[Transform], values: ValueSet, rest: ValueSet, same: tuple[Transform, ...], known: _Known
) -> _Pair | str | None:
    """One of `rest` that becomes equal to another of the values; None when none does; or that not all were tried."""
    tried = 0
    for value in _some(rest):
        other = _twin(steps, steps, values, value, same, known)
        if other is not None:
            return _Pair(value, other.value)
        tried += 1
    return "no two such values were found among those that were tried" if tried == _CANDIDATES else None


def _twin(
    steps: Sequence[Transform],
    others: Sequence[Transform],
    twins: ValueSet,
    value: Value,
    same: tuple[Transform, ...],
    known: _Known,
) -> Witness | None:
    """One of the twins that by the other steps becomes what this value becomes, and is not the same anyway."""
    end, alike = chain_apply(steps, value), chain_apply(same, value)
    if isinstance(end, NoValue) or isinstance(alike, NoValue):
        return None
    apart = chain_preimage(same, ValueSet.exactly([alike])) | known(value)
    return (twins & chain_preimage(others, ValueSet.exactly([end]))).outside(apart)


def _none_known(_: Value) -> ValueSet:
    return ValueSet.nothing()


def injective_on(step: Transform) -> ValueSet | None:
    """A set of values that the step keeps different from one another; None where none is known."""
    everything = ValueSet.everything()
    match step:
        case Identity() | Prefix() | Suffix() | Reformat():
            return everything
        case Cast():
            return step.unaltered if step.to in {"integer", "decimal", "text", "boolean"} else None
        case Truncate(limit):
            return texts_and_null(TextSet.measure(step.weight, 0, limit), null=True)
        case Substring(1, int(length)):
            return texts_and_null(TextSet.measure(CODE_POINTS, 0, length), null=True)
        case Pad(length):
            return texts_and_null(TextSet.measure(CODE_POINTS, length, None), null=True)
        case Trim():
            return texts_and_null(_unpadded(step), null=True)
        case CollapseSpaces():
            return texts_and_null(_single_spaced(), null=True)
        case TextTransform() if isinstance(step.machine, Mapped):
            changed = Charset.ranges((point, point) for point in step.machine.image.table)
            untouched = language.repeat(language.chars(~changed), 0)
            return texts_and_null(TextSet.language(untouched), null=True)
        case TextTransform() if step.kept is not None and step.name in {"keep", "remove", "replace", "before"}:
            return texts_and_null(step.kept, null=True)
        case _:
            return None


def _unpadded(step: Trim) -> TextSet:
    """Texts with nothing to trim."""
    blank = language.chars(WHITE_SPACE if step.blanks is None else Charset.of(step.blanks))
    at_left = language.concat(blank, language.ALL) if step.side != "right" else language.EMPTY
    at_right = language.concat(language.ALL, blank) if step.side != "left" else language.EMPTY
    return TextSet.language(~(at_left | at_right))


def _single_spaced() -> TextSet:
    """Texts whose white space is single blanks already."""
    blank = language.chars(WHITE_SPACE)
    two = language.concat(language.ALL, blank, blank, language.ALL)
    other = language.concat(language.ALL, language.chars(WHITE_SPACE - Charset.of(" ")), language.ALL)
    return TextSet.language(~(two | other))


def _keeps_apart(step: Transform, before: Sequence[Transform], values: ValueSet, same: tuple[Transform, ...]) -> bool:
    """Whether a character map keeps all characters that can come different from one another.

    Characters that the entry itself takes for the same may become equal; once they have, by an earlier map, they are.
    """
    machines = [earlier.machine for earlier in before if isinstance(earlier, TextTransform)]
    if not isinstance(step, TextTransform) or not isinstance(step.machine, Mapped):
        return False
    if not all(isinstance(earlier, (TextTransform, Identity)) for earlier in before):
        return False
    used = alphabet(values.texts)
    for machine in machines:
        used = alphabet_after(machine, used)
    seen: dict[str, str] = {}
    is_first = not any(isinstance(machine, Mapped) for machine in machines)
    image = step.machine.image
    changed = [chr(point) for point in image.table if point in used]
    kept = [text for text in (image(c) for c in changed) if len(text) == 1 and ord(text) in used - image.keys]
    for character in (*changed, *kept):
        written = image(character)
        alike = _alike(character, same if is_first else ())
        if len(written) != 1 or seen.setdefault(written, alike) != alike:
            return False
    return True


def _alike(character: str, same: tuple[Transform, ...]) -> str:
    folded = chain_apply(same, character)
    return folded if isinstance(folded, str) else character


COLLISION_RULE = Rule("collision", Severity.ERROR, _check, __doc__ or "")

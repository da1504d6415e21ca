"""Injectivity: the values that a step leaves as they are, and those it keeps different from one another.

    unchanged  is within  apart: the step is the identity on the first set, and injective on the second

(A `pad` is injective on a second set, too, which `apart_in` gives where not everything that arrives is in the first.)

Two different values that become equal in a step are not both in `apart_in` it; two values that are typed in different
fields and become equal are equal as typed, if every step leaves both unchanged.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

from ...lineage.transform import NoValue, TextTransform, chain_apply, chain_preimage, texts_and_null, ways
from ...lineage.transforms.affix import Pad, Prefix, Suffix
from ...lineage.transforms.arithmetic import Added, Divided, Multiplied, NumberTransform, Remainder, RoundedTo, Within
from ...lineage.transforms.convert import Cast, Reformat
from ...lineage.transforms.cut import Last, Substring, Truncate
from ...lineage.transforms.digest import Hashed
from ...lineage.transforms.edit import Keep, Remove, ReplaceClass, ReplaceOutside, ReplaceWord
from ...lineage.transforms.encode import EncodedIn, Escaped
from ...lineage.transforms.fixed import Constant, Default, Identity
from ...lineage.transforms.lines import Lines
from ...lineage.transforms.lookup import Map
from ...lineage.transforms.moment import RoundedInstant
from ...lineage.transforms.normalize import Normalized
from ...lineage.transforms.null_if import NullIfAlike
from ...lineage.transforms.number import Clamped, Rounded
from ...lineage.transforms.part import Before, LastPart, Split
from ...lineage.transforms.period import PeriodEnd
from ...lineage.transforms.shift import DateShift
from ...lineage.transforms.spaces import CollapseSpaces, Trim
from ...lineage.transforms.stored import CanonicalUuid, Emptied, EmptyAsNull, Fitted, Padded
from ...lineage.transforms.title import TitleWay
from ...values import language
from ...values.charset import WHITE_SPACE, Charset
from ...values.numberset import NumberSet
from ...values.textset import TextSet, alphabet
from ...values.transducer import Mapped, alphabet_after
from ...values.trie import word_trie
from ...values.valueset import TYPES, ValueSet
from ...values.weight import CODE_POINTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...lineage.transform import Transform
    from ...values.budget import Budget
    from ...values.valueset import Value

_SPELLED = Cast("text")
_KINDS = tuple(ValueSet.of_type(name) for name in TYPES if name != "integer")
"""The kinds of value; an integer is a decimal that needs no decimals."""


def alike(value: Value) -> ValueSet:
    """The values that are the same value in another type's spelling: the number 1 and the text "1"; itself included."""
    written = _SPELLED.apply(value)
    return ValueSet.exactly([value]) if isinstance(written, NoValue) else _SPELLED.preimage(ValueSet.exactly([written]))


def unchanged_by(steps: Sequence[Transform]) -> ValueSet:
    """Values that every step leaves as they are, but for their type."""
    parts = (chain_preimage(steps[:i], _unchanged(step)) for i, step in enumerate(steps))
    return reduce(and_, parts, ValueSet.everything())


def apart_in(step: Transform, typed: Sequence[tuple[ValueSet, Sequence[Transform]]], budget: Budget) -> ValueSet:
    """Values that a step keeps different from one another; `typed`: those that arrive, with the steps before.

    Raises BudgetExceeded.
    """
    apart = _apart(step)
    if isinstance(step, Cast):
        arriving = [
            kind
            for kind in _KINDS
            if any(not (values & chain_preimage(before, kind)).is_empty(budget) for values, before in typed)
        ]
        if len(arriving) > 1:  # values of different types may be spelled alike
            apart = apart & (arriving[0] | ValueSet.null_only())
    if isinstance(step, Pad) and any(
        not (values - chain_preimage(before, apart)).is_empty(budget) for values, before in typed
    ):
        return reduce(and_, map(_not_yet_padded, ways(step)))
    return apart


def _not_yet_padded(step: Transform) -> ValueSet:
    """Texts that do not have the filler at the end that is filled up: what was filled up can be taken off again."""
    if not isinstance(step, Pad):
        return ValueSet.nothing()
    filler = language.chars(Charset.of(step.filler))
    filled = language.concat(filler, language.ALL) if step.side == "left" else language.concat(language.ALL, filler)
    return _texts(TextSet.language(~filled) & TextSet.measure(CODE_POINTS, 0, step.length if step.cuts else None))


def _unchanged(step: Transform) -> ValueSet:
    return reduce(and_, map(_unchanged_in_one_way, ways(step)))


def _unchanged_in_one_way(step: Transform) -> ValueSet:
    match step:
        case Identity():
            return ValueSet.everything()
        case Cast():
            return _unchanged_by_cast(step)
        case Default():
            return replace(ValueSet.everything(), null=False)
        case Map():
            kept = [old for old, new in step.pairs if old == new]
            if step.otherwise == "value" and step.value not in dict(step.pairs):
                kept.append(step.value)
            same = TextSet.language(word_trie(kept))
            return _texts(same | _outside(step) if step.otherwise == "keep" else same)
        case Truncate(limit):
            return _texts(TextSet.measure(step.weight, 0, limit))
        case Substring(1, int(length)) | Last(length):
            return _texts(TextSet.measure(CODE_POINTS, 0, length))
        case Substring(1, None):
            return _texts(TextSet.full())
        case Pad(length):
            return _texts(TextSet.measure(CODE_POINTS, length, length if step.cuts else None))
        case Trim():
            return _texts(_unpadded(step))
        case Fitted():
            return _texts(TextSet.measure(step.weight, 0, step.limit))
        case Padded():
            return _texts(TextSet.measure(step.weight, step.limit, None))
        case CanonicalUuid() | EmptyAsNull() | Emptied() | Rounded() | RoundedInstant() | Clamped():
            return step.apart
        case CollapseSpaces():
            return _texts(_single_spaced())
        case Keep(charset):
            return _texts(_made_of(charset))
        case Remove(charset):
            return _texts(_made_of(~charset))
        case ReplaceOutside(charset):
            return _texts(_made_of(charset))
        case ReplaceClass(charset):
            return _texts(_made_of(~charset))
        case ReplaceWord(word):
            return _texts(_without(word))
        case Lines() | TitleWay() | Normalized():
            return _texts(step.apart)
        case RoundedTo() | Remainder() | EncodedIn() | NullIfAlike():
            return step.apart
        case Within():
            return step.preimage(ValueSet.everything())
        case PeriodEnd():
            return replace(ValueSet.nothing(), null=True, days=step.unaltered.days)
        case Before(delimiter) | LastPart(delimiter):
            return _texts(_without(delimiter))
        case Split(delimiter, 1):
            return _texts(_without(delimiter))
        case TextTransform() if isinstance(step.machine, Mapped):
            return _texts(_made_of(~Charset.ranges((point, point) for point in step.machine.image.table)))
        case _:
            return ValueSet.nothing()


def _apart(step: Transform) -> ValueSet:
    return reduce(and_, map(_apart_in_one_way, ways(step)))


def _apart_in_one_way(step: Transform) -> ValueSet:
    match step:
        case Cast() | Reformat() if step.forgets_century:
            return ValueSet.everything() - step.of_years(1, 9999) | step.of_years(*_ONE_CENTURY)
        case Prefix() | Suffix() | Reformat() | Hashed():
            return ValueSet.everything()
        case Cast(to="date"):
            return replace(ValueSet.everything(), instants=NumberSet.empty())
        case Cast(to="integer" | "decimal"):
            return replace(ValueSet.everything(), texts=NumberSet.full().as_text)
        case Cast():
            return ValueSet.everything()
        case Map():
            return _apart_in_table(step)
        case Padded():
            return step.apart
        case DateShift():
            return step.unaltered
        case Escaped():
            return _texts(TextSet.full())
        case Added() | Multiplied() | Divided():
            return step.apart
        case _:
            return _unchanged(step)


_ONE_CENTURY = (1950, 2049)
"""A hundred years, which differ in their last two digits: those that most dates of people's lives and contracts are in."""


def _apart_in_table(step: Map) -> ValueSet:
    """Without the texts whose image another text has as well."""
    table = dict(step.pairs)
    image_texts = Counter(table.values())
    if step.otherwise == "value":
        image_texts[step.value] += 1
    shared = [old for old, new in table.items() if image_texts[new] > 1]
    if step.otherwise == "keep":
        shared += [old for old, new in table.items() if new not in table]
    texts = TextSet.full() - TextSet.language(word_trie(shared))
    return _texts(texts - _outside(step) if step.otherwise in {"null", "value"} else texts)


def _unchanged_by_cast(step: Cast) -> ValueSet:
    everything = ValueSet.everything()
    iso = TextSet.full() if step.layout == _SPELLED.layout else TextSet.empty()
    match step.to:
        case "text":
            kept = everything if iso is TextSet.full() else replace(everything, days=NumberSet.empty())
            return replace(kept, clock=NumberSet.empty(), instants=NumberSet.empty())
        case "integer" | "decimal":
            return ValueSet.number(NumberSet.full()) | _texts(NumberSet.full().as_text)
        case "boolean":
            return ValueSet.of_type("boolean") | ValueSet.exactly(["true", "false", None])
        case "date":
            return ValueSet.of_type("date") | _texts(iso)
        case _:
            return ValueSet.of_type("datetime") | ValueSet.null_only()


def _texts(texts: TextSet) -> ValueSet:
    return texts_and_null(texts, null=True)


def _outside(step: Map) -> TextSet:
    """The texts that are not in the table."""
    return TextSet.language(~word_trie(old for old, _ in step.pairs))


def _made_of(charset: Charset) -> TextSet:
    return TextSet.language(language.repeat(language.chars(charset), 0))


def _without(word: str) -> TextSet:
    return TextSet.language(~language.concat(language.ALL, language.literal(word), language.ALL))


def _unpadded(step: Trim) -> TextSet:
    """Texts with nothing to trim."""
    blank = language.chars(step.blanks)
    at_left = language.concat(blank, language.ALL) if step.side != "right" else language.EMPTY
    at_right = language.concat(language.ALL, blank) if step.side != "left" else language.EMPTY
    return TextSet.language(~(at_left | at_right))


def _single_spaced() -> TextSet:
    """Texts whose white space is single blanks already."""
    blank = language.chars(WHITE_SPACE)
    two = language.concat(language.ALL, blank, blank, language.ALL)
    other = language.concat(language.ALL, language.chars(WHITE_SPACE - Charset.of(" ")), language.ALL)
    return TextSet.language(~(two | other))


def image_texts(steps: Sequence[Transform]) -> ValueSet:
    """A set that holds every value that the steps can give."""
    bound = ValueSet.everything()
    for step in steps:
        bound = bound if isinstance(step, Identity) else _image(step, bound)
    return bound


def _image(step: Transform, arriving: ValueSet) -> ValueSet:
    match step:
        case Constant(text):
            return ValueSet.exactly([text])
        case Default(text):
            return replace(arriving, null=False) | ValueSet.exactly([text])
        case Map():
            written = ValueSet.exactly([new for _, new in step.pairs])
            if step.otherwise == "value":
                written |= ValueSet.exactly([step.value])
            return written | ValueSet.null_only() | (_texts(_outside(step)) if step.otherwise == "keep" else _NOTHING)
        case Cast():
            return ValueSet.of_type(step.to) | ValueSet.null_only()
        case DateShift() | PeriodEnd():
            return ValueSet.of_type("date") | ValueSet.null_only()
        case NumberTransform():
            return ValueSet.number(NumberSet.full()) | ValueSet.null_only()
        case Prefix(text):
            return _texts(TextSet.language(language.concat(language.literal(text), language.ALL)))
        case Suffix(text):
            return _texts(TextSet.language(language.concat(language.ALL, language.literal(text))))
        case Lines(width):
            return _texts(TextSet.measure(CODE_POINTS, 0, width))
        case Truncate() | Substring(1) | Last() | Pad() | Trim() | Keep() | Remove() | Before() | CollapseSpaces():
            return _unchanged(step)  # idempotent: their results are the values that they leave as they are
        case TextTransform() if isinstance(step.machine, Mapped):
            table = step.machine.image.table
            return _texts(_made_of(~Charset.ranges((p, p) for p in table) | Charset.of(*table.values())))
        case TextTransform():
            return _texts(TextSet.full())
        case _:
            return ValueSet.everything()


_NOTHING = ValueSet.nothing()


def moved_images(step: Transform) -> ValueSet:
    """A set that holds every value that the step gives for one that it does not leave as it is."""
    match step:
        case Default(text):
            return ValueSet.exactly([text])
        case Map():
            rest: list[Value] = (
                [step.value] if step.otherwise == "value" else [None] if step.otherwise == "null" else []
            )
            return ValueSet.exactly([*(new for _, new in step.pairs), *rest])
        case Truncate(limit, "code points"):
            return _texts(TextSet.measure(CODE_POINTS, limit, limit))
        case Substring(1, int(length)) | Pad(length):
            return _texts(TextSet.measure(CODE_POINTS, length, length))
        case ReplaceOutside(_, instead):
            return _texts(TextSet.full() - _without(instead)) if instead else _texts(TextSet.full())
        case _:
            return _image(step, ValueSet.everything())


def keeps_apart(
    step: Transform,
    typed: Sequence[tuple[ValueSet, Sequence[Transform]]],
    same: tuple[Transform, ...],
    budget: Budget,
) -> bool:
    """Whether a character map keeps all characters that can arrive different from one another.

    `typed`: the values that arrive, with the steps before. Characters that the entry itself treats as equal (`same`) may
    merge, in the first map on the way only. Raises BudgetExceeded.
    """
    if not isinstance(step, TextTransform) or not isinstance(step.machine, Mapped):
        return False
    used = Charset.ranges(())
    is_first = True
    for values, before in typed:
        machines = [earlier.machine for earlier in before if isinstance(earlier, TextTransform)]
        if not all(isinstance(earlier, (TextTransform, Identity)) for earlier in before):
            return False
        arriving = alphabet(values.texts, budget)
        for machine in machines:
            arriving = alphabet_after(machine, arriving, budget.phases)
        used = used | arriving
        is_first = is_first and not any(isinstance(machine, Mapped) for machine in machines)
    seen: dict[str, str] = {}
    image = step.machine.image
    changed = [chr(point) for point in image.table if point in used]
    kept = [text for text in (image(c) for c in changed) if len(text) == 1 and ord(text) in used - image.keys]
    for character in (*changed, *kept):
        written = image(character)
        same_there = _alike(character, same if is_first else ())
        if len(written) != 1 or seen.setdefault(written, same_there) != same_there:
            return False
    return True


def _alike(character: str, same: tuple[Transform, ...]) -> str:
    folded = chain_apply(same, character)
    return folded if isinstance(folded, str) else character

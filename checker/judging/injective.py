"""Injectivity: sets of values that a step keeps different, and character maps that merge no characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...lineage.transform import TextTransform, chain_apply, texts_and_null
from ...lineage.transforms.affix import Pad, Prefix, Suffix
from ...lineage.transforms.convert import Cast, Reformat
from ...lineage.transforms.cut import Substring, Truncate
from ...lineage.transforms.fixed import Identity
from ...lineage.transforms.number import Clamped, Rounded
from ...lineage.transforms.spaces import CollapseSpaces, Trim
from ...lineage.transforms.stored import CanonicalUuid, Emptied, EmptyAsNull, Fitted, Padded
from ...values import language
from ...values.charset import WHITE_SPACE, Charset
from ...values.textset import TextSet, alphabet
from ...values.transducer import Mapped, alphabet_after
from ...values.valueset import ValueSet
from ...values.weight import CODE_POINTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...lineage.transform import Transform
    from ...values.budget import Budget


def injective_on(step: Transform) -> ValueSet | None:
    """A set of values on which a step that all engines do alike is injective; None where none is known."""
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
            return texts_and_null(TextSet.measure(CODE_POINTS, length, length if step.cuts else None), null=True)
        case Trim():
            return texts_and_null(_unpadded(step), null=True)
        case Fitted() | Padded() | CanonicalUuid() | EmptyAsNull() | Emptied() | Rounded() | Clamped():
            return step.apart
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


def keeps_apart(
    step: Transform, before: Sequence[Transform], values: ValueSet, same: tuple[Transform, ...], budget: Budget
) -> bool:
    """Whether a character map keeps all characters that can arrive different from one another.

    Characters that the entry itself treats as equal (`same`) may merge, in the first map on the way only. Raises
    BudgetExceeded.
    """
    machines = [earlier.machine for earlier in before if isinstance(earlier, TextTransform)]
    if not isinstance(step, TextTransform) or not isinstance(step.machine, Mapped):
        return False
    if not all(isinstance(earlier, (TextTransform, Identity)) for earlier in before):
        return False
    used = alphabet(values.texts, budget)
    for machine in machines:
        used = alphabet_after(machine, used, budget.phases)
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

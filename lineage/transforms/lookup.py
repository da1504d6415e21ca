"""Code tables: map."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from ...values.textset import TextSet
from ...values.trie import word_trie
from ...values.valueset import ValueSet
from ..transform import REJECTED, texts_and_null

if TYPE_CHECKING:
    from ...values.valueset import Value
    from ..transform import NoValue


@dataclass(frozen=True)
class Map:
    """Each text of a table becomes another; `otherwise` is the outcome for the rest: keep, reject, null or value."""

    pairs: tuple[tuple[str, str], ...]
    otherwise: Literal["keep", "refuse", "null", "value"] = "refuse"
    value: str = ""
    """The replacement of every other text, where `otherwise` is "value"."""

    @property
    def name(self) -> str:
        return "map"

    @property
    def sentence(self) -> str:
        shown = ", ".join(f"{old!r} to {new!r}" for old, new in self.pairs[:3])
        more = f" and {len(self.pairs) - 3} more" if len(self.pairs) > 3 else ""
        return f"looked up: {shown}{more}"

    @property
    def exact(self) -> Literal[True]:
        return True

    def apply(self, value: Value) -> Value | NoValue:
        if value is None:
            return None
        if not isinstance(value, str):
            return REJECTED
        image = dict(self.pairs).get(value)
        if image is not None:
            return image
        match self.otherwise:
            case "keep":
                return value
            case "refuse":
                return REJECTED
            case "null":
                return None
            case "value":
                return self.value

    def preimage(self, accepted: ValueSet) -> ValueSet:
        known = TextSet.language(word_trie(old for old, new in self.pairs if new in accepted))
        others = TextSet.language(~word_trie(old for old, _ in self.pairs))
        match self.otherwise:
            case "keep":
                rest = accepted.texts & others
            case "refuse":
                rest = TextSet.empty()
            case "null":
                rest = others if accepted.null else TextSet.empty()
            case "value":
                rest = others if self.value in accepted else TextSet.empty()
        return texts_and_null(known | rest, null=accepted.null)

    @cached_property
    def unaltered(self) -> ValueSet:
        """Texts that alone have their image. Null is among them: where `otherwise` is null, all other texts are not."""
        images = Counter(new for _, new in dict(self.pairs).items())
        if self.otherwise == "value":
            images[self.value] += 1
        alone = [old for old, new in dict(self.pairs).items() if images[new] == 1 and not self._is_kept(new, old)]
        if len(alone) == len(dict(self.pairs)) and self.otherwise in {"keep", "refuse"}:
            return ValueSet.everything()
        apart = word_trie(alone)
        if self.otherwise in {"null", "value"}:
            return texts_and_null(TextSet.language(apart), null=True)
        others = ~word_trie(old for old, _ in self.pairs)  # kept as they are, or rejected
        return texts_and_null(TextSet.language(apart | others), null=True)

    def _is_kept(self, new: str, old: str) -> bool:
        """Whether an image is also the image of itself, as a text outside the table."""
        return self.otherwise == "keep" and new != old and new not in dict(self.pairs)

"""How the values of a unique field are compared: the steps after which two of them are equal or not."""

from __future__ import annotations

from string import ascii_lowercase, ascii_uppercase
from typing import TYPE_CHECKING

from .transforms.case import Lower
from .transforms.edit import ReplaceCharacters
from .transforms.spaces import Trim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..contracts.model import Compared, Field, Unique
    from .transform import Transform

_STEPS: Mapping[Compared, Transform] = {
    "trim": Trim("both", " "),
    "trim_left": Trim("left", " "),
    "trim_right": Trim("right", " "),
    "lower": Lower(),
    "lower_ascii": ReplaceCharacters(tuple(zip(ascii_uppercase, ascii_lowercase, strict=True))),
}


def comparison(unique: Unique, field: Field) -> tuple[Transform, ...]:
    """The steps from a value of a field, as it is stored, to the value that is compared."""
    return tuple(_STEPS[word] for word in unique.compared) if field.type == "text" else ()

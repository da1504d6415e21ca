"""The full names of entities and fields, in parts.

A full name is read once, where a text is given by somebody (`FieldName.read`), and written where a text is wanted (`str`);
in between nobody takes a name apart or puts one together. Names are the keys of nearly everything that is worked out, so
they are tuples, which are hashed and compared without a line of Python; beware that a tuple can be joined and dumped as
JSON, which gives its parts and not its text.

They are in the order of their texts: `a-b.c` comes before `a.c`, as it does wherever names are listed.
"""

from __future__ import annotations

from typing import NamedTuple


class EntityName(NamedTuple):
    """An entity's full name: `system.entity`."""

    system: str
    entity: str

    def __lt__(self, other: tuple[str, ...]) -> bool:
        return ".".join(self) < ".".join(other)

    def __gt__(self, other: tuple[str, ...]) -> bool:
        return ".".join(self) > ".".join(other)

    def __str__(self) -> str:
        return f"{self.system}.{self.entity}"

    def of(self, field: str) -> FieldName:
        """The full name of one of its fields."""
        return FieldName(self.system, self.entity, field)


class FieldName(NamedTuple):
    """A field's full name: `system.entity.field`."""

    system: str
    entity: str
    field: str

    @classmethod
    def read(cls, text: str) -> FieldName:
        """The name that a text means: for every name, `FieldName.read(str(name)) == name`.

        A text of another form gives a name that no field has, made of the parts that are there.
        """
        parts = text.split(".", 2)
        return cls(*parts, *("",) * (3 - len(parts)))

    @property
    def entity_name(self) -> EntityName:
        """The full name of the field's entity."""
        return EntityName(self.system, self.entity)

    def __lt__(self, other: tuple[str, ...]) -> bool:
        return ".".join(self) < ".".join(other)

    def __gt__(self, other: tuple[str, ...]) -> bool:
        return ".".join(self) > ".".join(other)

    def __str__(self) -> str:
        return f"{self.system}.{self.entity}.{self.field}"

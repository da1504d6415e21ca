"""The full names of entities and fields, in parts.

A full name is read once, where a text is given by somebody (`FieldName.read`), and written where a text is wanted (`str`);
in between nobody takes a name apart or puts one together.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EntityName:
    """An entity's full name: `system.entity`."""

    system: str
    entity: str

    def __str__(self) -> str:
        return f"{self.system}.{self.entity}"

    def __lt__(self, other: EntityName) -> bool:
        return str(self) < str(other)

    def of(self, field: str) -> FieldName:
        """The full name of one of its fields."""
        return FieldName(self.system, self.entity, field)


@dataclass(frozen=True, slots=True)
class FieldName:
    """A field's full name: `system.entity.field`. Names are in the order of their texts."""

    system: str
    entity: str
    field: str

    @classmethod
    def read(cls, text: str) -> FieldName:
        """The name that a text means: for every name, `FieldName.read(str(name)) == name`.

        A text of another form gives a name that no field has, made of the parts that are there.
        """
        system, _, rest = text.partition(".")
        entity, _, field = rest.partition(".")
        return cls(system, entity, field)

    @property
    def entity_name(self) -> EntityName:
        """The full name of the field's entity."""
        return EntityName(self.system, self.entity)

    def __str__(self) -> str:
        return f"{self.system}.{self.entity}.{self.field}"

    def __lt__(self, other: FieldName) -> bool:
        return str(self) < str(other)

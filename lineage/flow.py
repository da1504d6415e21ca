"""A flow: it carries the value of one field, or of several, into another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from datetime import timedelta

    from ..contracts.model import KnownEngine
    from ..documents.location import Location
    from ..documents.names import FieldName
    from ..documents.yaml_events import ScalarNode
    from .condition import Condition
    from .transform import Transform
    from .transforms.join import Concat


Writes: TypeAlias = Literal["records", "fields", "some"]


@dataclass(frozen=True, slots=True)
class FlowSource:
    """A field that a flow begins at. The field need not exist."""

    field: FieldName
    """The field's full name."""
    via: tuple[Transform, ...]
    """The transforms of this field's value before the values of several sources are joined."""


@dataclass(frozen=True, slots=True)
class Flow:
    """An edge of the lineage, as it was written; a flow written with several targets is one edge per target."""

    sources: tuple[FlowSource, ...]
    """At least one; of several, the first transform joins the values."""
    target: FieldName
    """The target field's full name. The field need not exist."""
    via: tuple[Transform | Concat, ...]
    """The transforms, in order; empty: the value arrives unchanged."""
    when: Condition | None
    """The flow carries only records of the sources' entity that meet it; None: all of them."""
    engine: KnownEngine | None
    """What runs its steps; None: not stated."""
    collation: str | None
    """The collation, or locale, under which it does so; None: any of the engine's."""
    by: str | None
    """The carrier: a job, an interface, a person."""
    lag: timedelta | None
    """The delay until the value arrives; None: not stated."""
    accept_loss: bool
    """Whether loss on this flow is intended."""
    note: str | None
    location: Location
    """The beginning of the flow in its file."""
    target_location: Location
    source_locations: tuple[Location, ...]
    """The place of each source's name."""
    when_node: ScalarNode | None
    """The text of the condition in its file."""
    writes: Writes = "records"
    """What it is a part of: what creates records, or what changes records that are there ("fields"), so that what it
    leaves out is not empty there. "some" of the fields: what fills the others is not told."""
    filter: str | None = None
    """What else decides which of the records it carries, in words: a join, a subquery; None: nothing else does."""

"""A flow: how the value of one field, or of several, comes into another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta

    from ..documents.location import Location
    from ..documents.names import FieldName
    from ..documents.yaml_events import ScalarNode
    from .condition import Condition
    from .transform import Transform
    from .transforms.join import Concat


@dataclass(frozen=True, slots=True)
class FlowSource:
    """A field that a flow begins at. Whether there is such a field is not said."""

    field: FieldName
    """The field's full name."""
    via: tuple[Transform, ...]
    """What is done to this field's value before the values of several sources are joined."""


@dataclass(frozen=True, slots=True)
class Flow:
    """An edge of the lineage, as it was written; one that was written with several targets is one flow for each."""

    sources: tuple[FlowSource, ...]
    """At least one; of several, the first transform joins the values."""
    target: FieldName
    """The target field's full name. Whether there is such a field is not said."""
    via: tuple[Transform | Concat, ...]
    """The transforms, in order; none: the value arrives as it was."""
    when: Condition | None
    """The flow carries only records of the sources' entity that meet it; None: all of them."""
    by: str | None
    """What carries it: a job, an interface, a person."""
    lag: timedelta | None
    """How long until the value arrives; None: not said."""
    accept_loss: bool
    """Whether what this flow loses is meant to be lost."""
    note: str | None
    location: Location
    """Where the flow begins in its file."""
    target_location: Location
    source_locations: tuple[Location, ...]
    """Of each source, where its name stands."""
    when_node: ScalarNode | None
    """The condition as it stands in its file."""

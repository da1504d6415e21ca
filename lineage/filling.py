"""Filling: the records that flows create in an entity, and the fields that no flow fills there.

A source entity creates records of another where its flows feed the fields of the key that any flow feeds; flows of the
same carrier (`by`) from elsewhere belong to the same record. Without a key, or where each source feeds a part of it, all
sources together make a record.

A field that no flow of the creating source writes gets what its system puts there: a default, a number, or null.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..values.numberset import NumberSet
from ..values.valueset import ValueSet
from .flow import Flow, FlowSource
from .transforms.fixed import OwnDefault, OwnValue

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from ..contracts.model import Entity, Field
    from ..documents.names import EntityName, FieldName
    from .link import Link
    from .transform import Transform

    Links = Mapping[FieldName, Sequence[Link]]

_RECEIVING = frozenset(("table", "message", "file", "api"))
"""The kinds of entity whose records flows create. A view's are made from those of its tables."""


@dataclass(frozen=True, slots=True)
class Creation:
    """The flows that together create records of an entity."""

    entity: Entity
    sources: tuple[EntityName, ...]
    """The entities that make a record together, in the order of the flows."""
    links: tuple[Link, ...]
    """The links from there, in the order of the flows: a record arrives where one of them carries a value."""
    unwritten: tuple[Field, ...]
    """The fields of the entity that none of them writes, in the order of the contract."""

    @property
    def fed(self) -> Iterable[FieldName]:
        """The fields that they write, by full name."""
        return dict.fromkeys(link.target.full_name for link in self.links)


def creations(entity: Entity, into: Links, dangling: Collection[FieldName] = ()) -> Iterator[Creation]:
    """The ways in which flows create records of an entity; none where no flow from another entity leads there.

    What changes records, and events of a run, tell nothing of fields that they leave out: their records are left out here.
    `dangling`: targets of flows that begin at no field of a contract. They are taken for written.
    """
    if entity.kind not in _RECEIVING:
        return
    own = entity.full_name
    by_source: dict[EntityName, dict[Link, None]] = {}
    written_here: set[FieldName] = set(dangling)
    for field in entity.fields.values():
        for link in into.get(field.full_name, ()):
            senders = dict.fromkeys(source.full_name.entity_name for source in link.sources)
            if own in senders:
                written_here.add(field.full_name)  # the system makes it from its own fields
            for sender in senders:
                if sender != own:
                    by_source.setdefault(sender, {})[link] = None
    if not by_source:
        return
    partial = {sender for sender, links in by_source.items() if any(link.flow.writes != "records" for link in links)}
    for links in _together(entity, by_source):
        order = dict.fromkeys(source.full_name.entity_name for link in links for source in link.sources)
        makers = tuple(name for name in order if name != own)
        if partial.isdisjoint(makers):
            written = written_here | {link.target.full_name for link in links}
            unwritten = (field for field in entity.fields.values() if field.full_name not in written)
            yield Creation(entity, makers, tuple(links), tuple(unwritten))


def _together(entity: Entity, by_source: Mapping[EntityName, Mapping[Link, None]]) -> Iterator[list[Link]]:
    """The links that make a record together, in the order of the flows: once for each source that creates records."""
    every = sorted({link for links in by_source.values() for link in links}, key=lambda link: link.number)
    targets = {sender: {link.target.name for link in links} for sender, links in by_source.items()}
    fed_key = {name for name in entity.key if any(name in names for names in targets.values())}
    creating = [sender for sender, names in targets.items() if fed_key <= names] if fed_key else []
    if not creating:
        yield every
    for sender in creating:
        of_key = (link for link in by_source[sender] if link.target.name in fed_key)
        carriers = {link.flow.by for link in of_key if link.flow.by is not None}
        yield [link for link in every if link in by_source[sender] or link.flow.by in carriers]


def default_flows(creation: Creation, field: Field) -> Iterator[Flow]:
    """What an unwritten field gets, its default, null, or a value that is not known, as flows of the records created."""
    fill = field.fill
    step: Transform
    location = field.location if fill is None else fill.location
    if field.filled_by is not None:
        step = OwnValue(field.accepts, f"a value that is filled in by {field.filled_by}")
    elif fill is not None and fill.value is None:
        values = field.accepts - ValueSet.null_only()
        if fill.by == "identity" and fill.expression is None:
            values &= ValueSet.number(NumberSet.between(0, None))
        step = OwnValue(values, f"a value that {field.system} fills in itself ({fill.expression or fill.by})")
    else:
        step = OwnDefault(None if fill is None else fill.value)
    for link in _carriers(creation.links):
        source = link.flow.sources[0].field
        yield Flow(
            sources=(FlowSource(source, ()),),
            target=field.full_name,
            via=(step,),
            when=link.when,
            engine=None,
            collation=None,
            by=None,
            lag=link.flow.lag,
            accept_loss=True,
            note=None,
            location=location,
            target_location=location,
            source_locations=(location,),
            when_node=None,
        )


def _carriers(links: Sequence[Link]) -> Sequence[Link]:
    """The links that decide whether a record is created: one without a condition alone, or all of them."""
    always = next((link for link in links if link.when is None), None)
    return links if always is None else (always,)

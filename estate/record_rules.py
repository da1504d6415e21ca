"""Rules over records, which no contract can state: what must arrive everywhere, and which entries must agree.

    rules:
      - {complete: postal address, within: P7D}
      - {channels: [web.signup, branch.onboarding], agree: true}
      - {amount: loans.loan.due_date, asked: web.request.new_due_date}

They stand in the YAML files of the folders that `record_rules` of `fieldline.yaml` names. Read here and held to the
contracts; the checker judges them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from ..documents.problem import nearest, shorten
from ..documents.shape import BOOLEAN, DURATION, TEXT, Key, Keyed, ListOf, shape_schema
from .directory import named_entity
from .gates import GATES, read_gate
from .movements import AFTER, AMOUNT, ASKED, BEFORE, DIRECTION, FROM, MOVED_BY, MOVEMENT_KEYS, read_movement

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, timedelta

    from ..contracts.model import Contracts, Entity, Field
    from ..documents.location import Location
    from ..documents.names import EntityName
    from ..documents.problem import Problems
    from ..documents.shape import Schema, ShapedRecord
    from ..documents.yaml_events import Node, SequenceNode
    from .gates import ActionRule
    from .movements import RecordMovement

RECORD_RULES = Key(
    "record_rules",
    ListOf(TEXT, single=True),
    "The folders that hold the rules over records; rules when left out and there, [] for none.",
)
"""The key of `fieldline.yaml`."""

RULES_FOLDER = "rules"
"""The folder that is read where `fieldline.yaml` names none."""

_COMPLETE = Key(
    "complete",
    TEXT,
    "What every system must receive that has a field for it, as `same` of the fields says it: each such field outside of "
    "entries must be fed from every entry's.",
)
_WITHIN = Key("within", DURATION, "The longest time that may take, as an ISO 8601 duration.")
_CHANNELS = Key(
    "channels",
    ListOf(TEXT, least=2),
    "Entries, by full name, that must accept the same values in fields that mean the same: by `same`, else by their names.",
)
_AGREE = Key("agree", BOOLEAN, "Whether the entries must accept the same values; always true.")
_RULE = Keyed(
    "record_rule",
    "What must hold across systems.",
    (_COMPLETE, _WITHIN, _CHANNELS, _AGREE, *MOVEMENT_KEYS),
    exactly_one=((_COMPLETE.name, _CHANNELS.name, DIRECTION.name, AMOUNT.name),),
    needs={
        _WITHIN.name: (_COMPLETE.name,),
        _CHANNELS.name: (_AGREE.name,),
        _AGREE.name: (_CHANNELS.name,),
        AFTER.name: (DIRECTION.name,),
        BEFORE.name: (DIRECTION.name,),
        ASKED.name: (AMOUNT.name,),
        FROM.name: (AMOUNT.name,),
        MOVED_BY.name: (AMOUNT.name, FROM.name),
    },
)
_RULES = Key("rules", ListOf(_RULE), "The rules.")
_FILE = Keyed(
    "record_rules",
    "What must hold across systems, for records and for entries.",
    (_RULES, GATES),
    any_of=((_RULES.name, GATES.name),),
)


@dataclass(frozen=True, slots=True)
class Complete:
    """A demand that what a field means arrives from every entry at every system that has a field for it."""

    meaning: str
    """The words of `same`."""
    within: timedelta | None
    """The longest time the way may take; None: any."""
    location: Location


@dataclass(frozen=True, slots=True)
class Agreeing:
    """A demand that entries accept the same values in fields that mean the same."""

    entries: tuple[EntityName, ...]
    """At least two."""
    location: Location


@dataclass(frozen=True, slots=True)
class RecordRules:
    """All rules over records, in the order of the files."""

    complete: tuple[Complete, ...] = ()
    agreeing: tuple[Agreeing, ...] = ()
    gates: tuple[ActionRule, ...] = ()
    movements: tuple[RecordMovement, ...] = ()
    """What was done, held against what was asked for."""


NO_RECORD_RULES = RecordRules()


def record_rules_schema() -> Schema:
    """The draft-07 JSON Schema of a file of rules, for editors."""
    return shape_schema(_FILE, "Fieldline rules over records")


def read_record_rules(trees: Iterable[Node], contracts: Contracts, problems: Problems, today: date) -> RecordRules:
    """The rules in the trees of their files, held to the contracts. One that cannot be read is a problem and left out."""
    reader = _Reader(contracts, problems, today)
    gates: list[ActionRule | None] = []
    for tree in trees:
        record = _FILE.read(tree, problems)
        for each in (record.get(_RULES) if record else None) or ():
            reader.add(each)
        gates += [read_gate(each, contracts, problems, today) for each in (record.get(GATES) if record else None) or ()]
    read = tuple(gate for gate in gates if gate is not None)
    return RecordRules(tuple(reader.complete.values()), tuple(reader.agreeing), read, tuple(reader.movements))


def is_counterpart(field: Field, other: Field) -> bool:
    """Whether two fields mean the same: by `same` where both state it, else by their names."""
    if field.same is not None and other.same is not None:
        return field.same == other.same
    return field.name == other.name


class _Reader:
    def __init__(self, contracts: Contracts, problems: Problems, today: date) -> None:
        self._contracts = contracts
        self._problems = problems
        self._today = today
        self.movements: list[RecordMovement] = []
        self.complete: dict[str, Complete] = {}
        self.agreeing: list[Agreeing] = []

    def add(self, written: ShapedRecord) -> None:
        """One rule."""
        meaning, entries = written.get(_COMPLETE), written.get(_CHANNELS)
        if meaning is not None:
            self._add_complete(meaning, written)
        elif entries is not None and written.get(_AGREE) is not None:
            self._add_agreeing(entries, written)
        elif written.has(DIRECTION.name) or written.has(AMOUNT.name):
            self._add_movement(written)

    def _add_movement(self, written: ShapedRecord) -> None:
        choices = ((AFTER.name, BEFORE.name),) if written.has(DIRECTION.name) else ((ASKED.name, MOVED_BY.name),)
        for choice in choices:
            if sum(map(written.has, choice)) != 1:
                self._problems.add(
                    written.location,
                    f"this rule names {'both' if all(map(written.has, choice)) else 'neither'} of "
                    f"{' and '.join(choice)}",
                    expected=f"one of {' or '.join(choice)}",
                )
                return
        read = read_movement(written, self._contracts, self._problems, self._today)
        if read is not None:
            self.movements.append(read)

    def _add_complete(self, meaning: str, written: ShapedRecord) -> None:
        where = written.nodes[_COMPLETE.name][1].location
        meant = [field for field in self._contracts.fields.values() if field.same == meaning]
        kinds = {self._contracts.entities[field.full_name.entity_name].kind for field in meant}
        if meaning in self.complete:
            message = f"{shorten(meaning)} stands in two rules"
            self._problems.add(where, message, suggestion="remove one of the two", length=len(meaning))
        elif not meant:
            known = tuple(dict.fromkeys(field.same for field in self._contracts.fields.values() if field.same))
            message = f"no field of a contract is {shorten(meaning)}"
            expected = "the words that stand under same, of fields that mean it"
            guess = nearest(meaning, known)
            self._problems.add(where, message, expected=expected, suggestion=guess, length=len(meaning))
        elif "entry" not in kinds:
            message = f"no entry has a field that is {shorten(meaning)}"
            expected = f"same: {meaning}, at the field of an entry where it is typed"
            self._problems.add(where, message, expected=expected, length=len(meaning))
        else:
            self.complete[meaning] = Complete(meaning, written.get(_WITHIN), written.location)

    def _add_agreeing(self, names: Sequence[str], written: ShapedRecord) -> None:
        before = len(self._problems)
        if written.get(_AGREE) is False:
            where = written.nodes[_AGREE.name][1].location
            message = "entries that need not agree are no rule"
            self._problems.add(where, message, expected="agree: true", length=len("false"))
        items = cast("SequenceNode", written.nodes[_CHANNELS.name][1]).items
        entries: list[Entity] = []
        for name, item in zip(names, items, strict=len(names) == len(items)):
            entity = self._entry(name, item.location)
            if entity in entries:
                message = f"{shorten(name)} stands twice in the list"
                self._problems.add(item.location, message, suggestion="remove it", length=len(name))
            elif entity is not None:
                entries.append(entity)
        if len(self._problems) == before:
            self._require_common(entries, written.where(_CHANNELS.name))
        if len(self._problems) == before:
            self.agreeing.append(Agreeing(tuple(entity.full_name for entity in entries), written.location))

    def _entry(self, name: str, where: Location) -> Entity | None:
        entity = named_entity(self._contracts.entities.values(), name)
        entries = tuple(str(each.full_name) for each in self._contracts.entities.values() if each.kind == "entry")
        if entity is None:
            message = f"channels names {shorten(name)}, which is an entity of no contract"
        elif entity.kind != "entry":
            message = f"channels names {shorten(name)}, which is of the kind {entity.kind}"
        else:
            return entity
        expected = "full names of entries: system.entity"
        self._problems.add(where, message, expected=expected, suggestion=nearest(name, entries), length=len(name))
        return None

    def _require_common(self, entries: Sequence[Entity], where: Location) -> None:
        """An entry that shares no field with another one would agree with all of them, whatever it accepts."""
        for entity in entries:
            others = (field for other in entries if other is not entity for field in other.fields.values())
            if not any(is_counterpart(own, field) for field in others for own in entity.fields.values()):
                message = f"{entity.full_name} has no field that means the same as one of the others"
                self._problems.add(where, message, expected="fields with the same words under same, or one name")
                return

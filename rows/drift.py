"""Drift: a system's contract against the constraints that its database enforces.

The comparison is of sets of values, not of words: `varchar(20)` and a check of at most 20 characters are the same. A
contract that promises more than the database accepts is wrong, and a value proves it. A value that the contract rejects and
the database accepts shows a rule that is written down and not enforced.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from ..checker.judging.context import alone
from ..documents.local_text import worded
from ..values import language
from ..values.budget import STANDARD, BudgetExceeded
from ..values.charset import Charset
from ..values.show import show
from ..values.textset import TextSet
from ..values.valueset import ValueSet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..checker.judging.context import Context
    from ..contracts.model import Entity, Field, Fill, System
    from ..documents.names import FieldName
    from ..values.budget import Budget
    from ..values.valueset import Value, Witness

Standing: TypeAlias = Literal["refused there", "not there", "unknown", "not enforced", "not written", "the same"]
"""How a field of a contract compares with its column, the worst first: the database rejects a value that the contract
accepts; it has no such column; unknown; it accepts a value that the contract rejects; the contract has no such field."""


@dataclass(frozen=True, slots=True)
class Apart:
    """What a contract and its database say differently of a field, beside the values that it accepts."""

    what: Literal["uniqueness", "default", "generated", "foreign key"]
    written: str | None
    """In the contract, in words; None: nothing."""
    enforced: str | None
    """In the database; None: nothing."""
    is_wrong: bool
    """Whether records that the contract accepts are rejected, or stored otherwise."""


@dataclass(frozen=True, slots=True)
class Drifted:
    """One field, in the contract and in the database."""

    name: FieldName
    """Its full name."""
    standing: Standing
    written: Field | None
    """In the contract."""
    column: Field | None
    """In the database, as a field."""
    rejected: tuple[Value, ...] = ()
    """A value that the contract accepts and the database rejects."""
    taken: tuple[Value, ...] = ()
    """A value that the database accepts and the contract rejects."""
    reason: str | None = None
    """The reason why it is unknown."""
    apart: tuple[Apart, ...] = ()
    """What else they say differently of it."""

    @property
    def is_wrong(self) -> bool:
        """Whether the contract accepts values that the database cannot store, or may do so."""
        values = self.standing in {"refused there", "not there", "unknown"}
        return values or any(each.is_wrong for each in self.apart)


_WITHOUT_NUL = ~ValueSet.of_type("text") | ValueSet.text(
    TextSet.language(language.repeat(language.chars(~Charset.of("\0")), 0))
)
"""PostgreSQL stores no text with a NUL, and hardly any contract says so: that difference alone is not reported."""


def drift(contract: System, live: System, budget: Budget = STANDARD) -> tuple[Drifted, ...]:
    """The fields of the entities that both have, or that the contract has, in its order."""
    here, there = alone(contract, budget), alone(live, budget)
    return tuple(drifted for entity in contract.entities.values() for drifted in _entity(here, there, entity))


def _entity(here: Context, there: Context, own: Entity) -> Iterator[Drifted]:
    live = there.estate.contracts.entity(own.full_name) or _titled(there, worded(own.title))
    columns = dict(live.fields) if live else {}
    for field in own.fields.values():
        column = columns.pop(field.name, None)
        if column is None or live is None:
            yield Drifted(field.full_name, "not there", field, None)
            continue
        drifted = _field(here, there, field, column)
        yield replace(drifted, apart=tuple(_apart(field, column, own, live)))
    for column in columns.values():
        yield Drifted(column.full_name, "not written", None, column)


def _apart(field: Field, column: Field, own: Entity, live: Entity) -> Iterator[Apart]:
    """What the contract and the database say differently, beside the values."""
    name = field.name
    written, enforced = _keys(own, name), _keys(live, name)
    for key in sorted(enforced.keys() - written.keys()):
        yield Apart("uniqueness", None, enforced[key], is_wrong=True)  # two records that the contract takes
    for key in sorted(written.keys() - enforced.keys()):
        yield Apart("uniqueness", written[key], None, is_wrong=False)
    yield from _filled(field, column)
    mine, theirs = _references(field), _references(column)
    for reference, words in theirs.items():
        if not any(_same_reference(reference, each) for each in mine):
            yield Apart("foreign key", None, words, is_wrong=False)  # a contract need not say so
    for reference, words in mine.items():
        if not any(_same_reference(reference, each) for each in theirs):
            yield Apart("foreign key", words, None, is_wrong=True)


def _keys(entity: Entity, name: str) -> dict[tuple[str, ...], str]:
    """The demands that values differ whose first field is this one, in words."""
    return {
        tuple(sorted(each.fields)): f"{each.sentence}: {', '.join(each.fields)}"
        if len(each.fields) > 1
        else each.sentence
        for each in entity.unique
        if each.fields and min(each.fields) == name
    }


def _filled(field: Field, column: Field) -> Iterator[Apart]:
    """What fills it where nobody sends a value, and whether a value may be sent."""
    mine, theirs = field.fill, column.fill
    same = (
        mine is theirs
        if mine is None or theirs is None
        else (mine.by, mine.sent, mine.value if mine.value is not None or theirs.value is not None else None)
        == (theirs.by, theirs.sent, theirs.value)
    )
    if same:
        return
    what: Literal["default", "generated"] = "default"
    if any(each is not None and each.by != "default" for each in (mine, theirs)):
        what = "generated"
    rejects = theirs is not None and theirs.sent == "rejected" and (mine is None or mine.sent == "accepted")
    yield Apart(what, _fill_words(mine), _fill_words(theirs), is_wrong=mine is not None or rejects)


def _fill_words(fill: Fill | None) -> str | None:
    if fill is None:
        return None
    match fill.by:
        case "default":
            return (
                "default of the database"
                if fill.value is None and fill.expression is None
                else (show(fill.value) if fill.expression is None else fill.expression)
            )
        case "generated":
            return fill.expression or "generated"
        case "identity":
            return "a running number" if fill.sent == "accepted" else "a running number, always"


_Reference: TypeAlias = tuple[str, tuple[str, ...]]
"""The table and the columns that a foreign key names, in small letters; no columns: the table's primary key."""

_REFERENCES = re.compile(
    r"(?is)REFERENCES\s+(?P<path>(?:[^\s.(]+\s*\.\s*)*)(?P<table>[^\s.(]+)\s*(?:\((?P<columns>.*)\))?"
)


def _references(field: Field) -> dict[_Reference, str]:
    """The foreign keys of a field, with their words. Scripts and catalogues write one in different ways."""
    found: dict[_Reference, str] = {}
    for each in field.declared:
        if said := _REFERENCES.fullmatch(each.strip()):
            columns = tuple(_bare(name) for name in (said["columns"] or "").split(",") if name.strip())
            found[_bare(said["table"]), columns] = " ".join(each.split())
    return found


def _bare(name: str) -> str:
    return name.strip().strip('"`[]').lower()


def _same_reference(one: _Reference, two: _Reference) -> bool:
    return one[0] == two[0] and (one[1] == two[1] or not one[1] or not two[1])


def _titled(there: Context, title: str | None) -> Entity | None:
    """The table that the database calls so: a name with a schema, or with blanks, is the title of its entity."""
    entities = there.estate.contracts.entities.values()
    return None if title is None else next((each for each in entities if worded(each.title) == title), None)


def _field(here: Context, there: Context, field: Field, column: Field) -> Drifted:
    name = field.full_name
    doubts = (*there.graph.storage(name).opaque, *here.graph.storage(name).opaque)
    written, enforced = here.judge.accepted(name), there.judge.accepted(name)
    rejected, doubt = _outside(written & _WITHOUT_NUL, enforced, here.budget)
    taken, other = _outside(enforced, written, here.budget)
    reason = doubt or other or next((constraint.doubt for constraint in doubts), None)
    standing: Standing
    if rejected is not None:
        standing = "refused there"
    elif reason is not None:
        standing = "unknown"
    else:
        standing = "the same" if taken is None else "not enforced"
    proofs = [() if witness is None else (witness.value,) for witness in (rejected, taken)]
    return Drifted(name, standing, field, column, proofs[0], proofs[1], reason)


def _outside(values: ValueSet, others: ValueSet, budget: Budget) -> tuple[Witness | None, str | None]:
    try:
        return values.outside(others, budget), None
    except BudgetExceeded as error:
        return None, error.reason

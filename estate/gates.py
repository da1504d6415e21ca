"""Gates: what must hold across systems before an automated action, such as a letter or a change that a robot makes.

    gates:
      - before: letters.dunning
        for: "crm.person.customer_since < DATE '2020-01-01'"
        needs: "crm.person.handler_told = true"
        hold: PT24H
        tell: crm.person.handler

They stand beside the rules over records. Whoever is about to act asks; nothing here stops anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from ..documents.problem import shorten
from ..documents.shape import DURATION, FIELD_NAME, TEXT, Choice, Key, Keyed, ListOf
from ..lineage.read import read_condition_across

if TYPE_CHECKING:
    from datetime import date, timedelta

    from ..contracts.model import Contracts
    from ..documents.location import Location
    from ..documents.names import FieldName
    from ..documents.problem import Problems
    from ..documents.shape import ShapedRecord
    from ..documents.yaml_events import ScalarNode
    from ..lineage.condition import Condition

_BEFORE = Key("before", TEXT, "The name of the action, by which whoever is about to act asks.", required=True)
_FOR = Key("for", TEXT, "An SQL condition on fields by full name: the records it is meant for; all when left out.")
_NEEDS = Key("needs", TEXT, "An SQL condition on fields by full name: what must hold for such a record.", required=True)
_HOLD = Key("hold", DURATION, "How long the action waits before it asks again, as an ISO 8601 duration.")
_TELL = Key("tell", FIELD_NAME, "The field, by full name, that holds whom to tell when the action is held.")
_UNANSWERED = Key(
    "unanswered",
    Choice("hold", "go"),
    "What becomes of the action when its hold has passed and nobody has answered at the desk: it is held again, or it "
    "goes; hold when left out. What is not known is held in any case.",
)
_GATE = Keyed(
    "gate",
    "What must hold before an action.",
    (_BEFORE, _FOR, _NEEDS, _HOLD, _TELL, _UNANSWERED),
    needs={_UNANSWERED.name: (_HOLD.name,)},
)
GATES = Key("gates", ListOf(_GATE), "What must hold before automated actions.")


@dataclass(frozen=True, slots=True)
class ActionRule:
    """What must hold before an action. An action may have several."""

    before: str
    """The action."""
    meant: Condition | None
    """The records it is meant for; None: all."""
    needs: Condition
    hold: timedelta | None
    """How long the action waits before it asks again; None: not stated."""
    tell: FieldName | None
    """The field that holds whom to tell; None: nobody."""
    location: Location
    goes_unanswered: bool = False
    """Whether the action goes where its hold has passed and nobody has answered."""

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What it reads."""
        return (self.needs,) if self.meant is None else (self.meant, self.needs)


def read_gate(written: ShapedRecord, contracts: Contracts, problems: Problems, today: date) -> ActionRule | None:
    """A gate, held to the contracts; None after a problem."""
    before = len(problems)
    conditions: dict[str, Condition | None] = {
        key.name: read_condition_across(cast("ScalarNode", written.nodes[key.name][1]), contracts, problems, today)
        for key in (_FOR, _NEEDS)
        if written.get(key) is not None
    }
    tell = written.get(_TELL)
    if tell is not None and contracts.field(tell) is None:
        where, guess = written.nodes[_TELL.name][1].location, contracts.suggest(tell)
        problems.add(
            where,
            f"tell names {shorten(str(tell))}, which is a field of no contract",
            suggestion=None if guess is None else str(guess),
            length=len(str(tell)),
        )
    action, needs = written.get(_BEFORE), conditions.get(_NEEDS.name)
    if not written.sound or len(problems) > before or action is None or needs is None:
        return None
    goes = written.get(_UNANSWERED) == "go"
    return ActionRule(action, conditions.get(_FOR.name), needs, written.get(_HOLD), tell, written.location, goes)

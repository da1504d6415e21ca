"""Gates, answered by a worker: whether an action may go ahead with a record.

`{"action": "letters.dunning", "record": "crm.person/24001925", "values": {"crm.person.handler_told": "true"}}`
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..application.gates import gate_answer
from ..application.names import UnknownName
from ..application.problems import input_problems
from ..application.record import named_record
from ..values.error import FieldlineError
from ..values.show import escape
from .answer import JSON, WebAnswer, problem_answer

if TYPE_CHECKING:
    from ..checker.record.gate import GateDecision
    from .answer import WebQuestion
    from .reading import Reading


def gate_verdict(reading: Reading, question: WebQuestion) -> WebAnswer:
    """What the gates say, with the record's key; 422 where the question is about nothing that the estate has."""
    estate = reading.estate
    if estate is None:
        return problem_answer("the estate cannot be read", 503)
    asked = json.loads(question.text)
    values = [(name, str(value)) for name, value in asked["values"].items()]
    try:
        seeds = named_record(estate, asked["record"])
        passing = gate_answer(estate, asked["action"], asked["record"], values, reading.ask_stores).passing
    except UnknownName as error:
        return problem_answer(escape(str(error)))
    except FieldlineError as error:
        problems = input_problems(error)
        if not problems:
            raise
        return problem_answer("; ".join(problem.message for problem in problems))
    name = next(iter(seeds)).entity_name
    holding = [decision for decision in passing.decisions if decision.passage == "hold"]
    told: dict[str, Any] = {
        "entity": str(name),
        "key": {field.field: str(value) for field, value in seeds.items()},
        "goes": passing.goes,
        "reason": "; ".join(decision.reason for decision in (holding or passing.decisions)),
        "tell": next((str(decision.tell) for decision in holding if decision.tell is not None), None),
        "hold": max((seconds for each in holding if (seconds := _seconds(each)) is not None), default=None),
        "goes_unanswered": bool(holding) and all(_goes_unanswered(each) for each in holding),
    }
    return WebAnswer(200, json.dumps(told), JSON)


def _seconds(decision: GateDecision) -> float | None:
    return None if decision.gate.hold is None else decision.gate.hold.total_seconds()


def _goes_unanswered(decision: GateDecision) -> bool:
    """What is not known is held, whatever the rule says."""
    return decision.gate.goes_unanswered and not decision.not_known and not decision.reason.startswith("not known")

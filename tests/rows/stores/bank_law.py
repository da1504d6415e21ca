"""The law of the record on the bank of examples/nordbank_desk: what is said of a record, against what was planted in it."""

from __future__ import annotations

import importlib
import json
import shutil
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from fieldline.application.record import named_record, record_answer
from fieldline.checker.record.asking import NotReachable
from fieldline.checker.record.gate import decide
from fieldline.estate.load import load_estate
from fieldline.rows.stores.stores import Stores

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path
    from random import Random

    from fieldline.checker.record.asking import StoreAnswer, StoreQuestion
    from fieldline.checker.record.fault import Fault
    from fieldline.checker.record.whereabouts import Whereabouts
    from fieldline.estate.load import Estate

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
SYSTEMS = ("crm", "iam", "billing", "statements", "letters", "payments", "loans", "marketing")
ABOVE: Mapping[str, tuple[str, ...]] = {"statements": ("billing", "crm"), "crm": (), "instalments": ("netbank",)}
"""What a system is fed by, directly or not, where that is not the customer register alone."""
STARTS: Mapping[str, Any] = {
    "crm": ("crm.person", lambda number: number),
    "iam": ("iam.account", lambda number: number),
    "billing": ("billing.customer", lambda number: f"C-{number}"),
    "statements": ("statements.recipient", lambda number: f"C-{number}"),
    "letters": ("letters.label", lambda number: number.rjust(10, "0")),
    "payments": ("payments.mandate", lambda number: number),
    "marketing": ("marketing.contact", lambda number: number),
    "netbank": ("netbank.request", lambda number: f"{(int(number) - 24_000_000) // 7 + 100_000:06}"),
    "shop": ("shop.order", lambda number: f"W{int(number):09}"),
}


@dataclass(frozen=True)
class Bank:
    """The estate with its stores."""

    estate: Estate
    stores: Stores
    truths: Mapping[str, Mapping[str, Any]]
    """By the number of a customer, what was planted; of all others nothing was."""
    customers: tuple[str, ...]

    def holds(self, number: str, action: str) -> tuple[str, ...]:
        """Whom to tell where an action is held for a customer; empty: it goes."""
        seeds = named_record(self.estate, f"crm.person/{number}")
        passing = decide(self.estate, action, {}, seeds, self.stores.ask)
        return tuple(str(decision.tell) for decision in passing.decisions if decision.passage == "hold")

    def look(self, number: str, start: str = "crm", off: Collection[str] = ()) -> Whereabouts:
        """A customer's record, named by the key of a system; some systems are switched off."""

        def ask(questions: Sequence[StoreQuestion]) -> list[StoreAnswer]:
            on = [question for question in questions if question.entity.system not in off]
            answers = iter(self.stores.ask(on))
            return [
                NotReachable("it is off") if question.entity.system in off else next(answers) for question in questions
            ]

        entity, key = STARTS[start]
        return record_answer(self.estate, named_record(self.estate, f"{entity}/{key(number)}"), ask, NOW).where


def built(example: Path, root: Path, customers: int, planted: int, seed: int) -> tuple[Any, dict[str, str]]:
    """The example with its stores, in a folder; its service, not running yet, and the variables that the others need."""
    for name in ("contracts", "lineage", "rules"):
        shutil.copytree(example / name, root / name)
    shutil.copy(example / "fieldline.yaml", root)
    variables = bank_part(example, "stores").build(root / "data", customers, planted, seed, NOW).variables
    return bank_part(example, "service").LoginService(root / "data" / "iam.db"), variables


def bank_part(example: Path, name: str) -> Any:  # noqa: ANN401 - a module that no type checker sees
    """A module of the script that fills the stores."""
    if str(example) not in sys.path:
        sys.path.append(str(example))
    return importlib.import_module(f"invented.{name}")


def opened(root: Path, customers: int) -> Bank:
    """The bank, when its variables are set."""
    estate = load_estate(root)
    truths = json.loads((root / "data" / "truth.json").read_text(encoding="utf-8"))
    numbers = tuple(f"{24_000_000 + place * 7}" for place in range(customers))
    return Bank(estate, Stores(estate), truths, numbers)


def start(truth: Mapping[str, Any] | None, random: Random, off: Collection[str] = ()) -> str:
    """A system whose key somebody gives, and which answers with one record."""
    if truth is not None and truth["not_brought"]:
        return "shop"
    if truth is not None and truth["start"]:  # a record of its own, which refers to the customer's
        return str(random.choice([name for name in (truth["start"], "crm") if name not in off]))
    gone = {*off, "shop", "netbank"}
    if truth is not None:
        gone |= set(truth["not_known"]) | {fault["system"] for fault in truth["faults"] if not fault["fields"]}
        gone |= {"statements"} if "billing" in gone else set()
    return random.choice([system for system in STARTS if system not in gone])


def wrongs(where: Whereabouts, truth: Mapping[str, Any] | None, off: Collection[str] = ()) -> Iterator[str]:
    """What is said of a record and is not so."""
    planted = () if truth is None else truth["faults"]
    seen = [fault for fault in planted if not {fault["system"], *_above(fault["system"])} & set(off)]
    hidden = [fault for fault in planted if fault not in seen]
    every = (where, *where.referring)
    left = [fault for each in every for fault in each.faults]
    for fault in seen:
        said = next((each for each in left if _is(each, fault)), None)
        if said is None:
            yield f"not said: {fault}"
        else:
            left.remove(said)
    for said in left:
        if not {root.system for root in said.roots}.isdisjoint(off):
            yield f"blamed, though it is off: {_told(said)}"
        elif not any(_may_show(fault, said, off) for fault in hidden):
            yield f"blamed: {_told(said)}"
    for name in ("not_yet_due", "not_known", "not_brought"):
        wanted = set() if truth is None else {system for system in truth[name] if not _unread(system, off)}
        given = {
            "not_yet_due": {field.field.system for each in every for field in each.not_yet_due},
            "not_known": {
                stop.entity.system for each in every for stop in each.open if stop.whether != "not reachable"
            },
            "not_brought": {stop.entity.system for each in every for stop in each.not_brought},
        }[name]
        if wanted - given or (not off and given - wanted):
            yield f"{name}: {sorted(given)} for {sorted(wanted)}"


def _above(system: str) -> tuple[str, ...]:
    return ABOVE.get(system, ("crm",))


def _unread(system: str, off: Collection[str]) -> bool:
    return not {system, *_above(system)}.isdisjoint(off)


def _is(said: Fault, fault: Mapping[str, Any]) -> bool:
    return (
        said.root is not None
        and said.root.system == (fault["root"] or fault["system"])
        and said.stop.entity.system == fault["system"]
        and {field.state for field in said.fields} <= set(fault["states"])
        and (not fault["fields"] or [field.field.name for field in said.fields] == list(fault["fields"]))
    )


def _may_show(fault: Mapping[str, Any], said: Fault, off: Collection[str]) -> bool:
    """Whether it is what can be seen of a fault whose system, or one before it, did not answer."""
    between = {entity.system for entity in said.between}
    if fault["root"] is not None:  # what a system refuses is known by its contract, though it did not answer
        return said.is_refused and said.root is not None and said.root.system == fault["root"]
    if said.stop.entity.system == fault["system"]:
        if _above(fault["system"])[0] in off:  # a fault there would leave the same contents
            return said.root is None
        return _is(said, fault)
    return said.root is None and fault["system"] in between & set(off)


def _told(said: Fault) -> str:
    fields = [(field.field.name, field.state, field.expected, field.held) for field in said.fields]
    roots, between = [root.system for root in said.roots], [entity.system for entity in said.between]
    return f"{said.stop.entity.system} {fields}, root {roots}, between {between}"

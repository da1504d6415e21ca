"""Random estates, through the loader, small enough that every record an entry accepts can be tried.

Entries hold short texts over a small alphabet, so "no record is rejected" can be asked of all of them, one by one.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from hypothesis import strategies as st

from fieldline.contracts.constraint import RequiredWhen
from fieldline.contracts.fills import holds_default
from fieldline.documents.location import Location
from fieldline.documents.problem import Problems
from fieldline.documents.yaml_events import MappingNode, ScalarNode, read
from fieldline.estate.load import load_estate
from fieldline.lineage.transforms.join import NullInJoin

from .strategies import every_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from fieldline.checker.finding import FieldValues
    from fieldline.checker.judging.simulate import Arrival
    from fieldline.contracts.model import Entity, Field
    from fieldline.documents.names import FieldName
    from fieldline.estate.load import Estate
    from fieldline.values.valueset import Value

ALPHABET = "aB é0"
"""One letter of each case, a blank, a letter of two bytes, a digit."""

Tree = dict[str, Any]


@dataclass(frozen=True)
class Written:
    """An estate as its files would say it."""

    contracts: Mapping[str, Tree]
    flows: Sequence[Tree]
    policy: Mapping[str, Any] = dataclass_field(default_factory=dict)
    """Further keys of `fieldline.yaml`."""
    baseline: str | None = None
    """The text of its baseline; None: it has none."""
    record_rules: Sequence[Tree] = ()
    """Its rules over records."""

    def load(self) -> Estate:
        """Through the files and the loader."""
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            self.write(root)
            return load_estate(root)

    def write(self, root: Path) -> None:
        """The files, to an empty folder."""
        _write(root / "fieldline.yaml", {"estate": "test", **self.policy, **self._with_baseline(root)})
        for name in ("contracts", "lineage"):
            (root / name).mkdir()
        for name, contract in self.contracts.items():
            _write(root / "contracts" / f"{name}.yaml", contract)
        _write(root / "lineage" / "flows.yaml", {"flows": list(self.flows)})
        if self.record_rules:
            (root / "rules").mkdir()
            _write(root / "rules" / "records.yaml", {"rules": list(self.record_rules)})

    def _with_baseline(self, root: Path) -> Tree:
        if self.baseline is None:
            return {}
        (root / "baseline.yaml").write_text(self.baseline, encoding="utf-8")
        return {"baseline": "baseline.yaml"}


def _write(file: Path, tree: object) -> None:
    file.write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")  # JSON is YAML, too


def estate(contracts: Mapping[str, Tree], flows: Sequence[Tree]) -> Estate:
    """An estate of systems with one entity `e` each; a system named `in…` is an entry. Per system, its fields."""
    return Written({name: contract(name, fields) for name, fields in contracts.items()}, flows).load()


def contract(name: str, fields: Mapping[str, Tree]) -> Tree:
    """The contract of a system with one entity `e`."""
    kind = "entry" if name.startswith("in") else "table"
    return {"system": name, "entities": {"e": {"kind": kind, "fields": dict(fields)}}}


# ------------------------------------------------------------------------------------------------------------ contracts

_PATTERNS = ("[aB]*", "[a-zA-Z ]*", "a.*", ".*[^ ]", "[^0]*", "(a|B)+0?", "[0-9]+", "[^a]", "a?B?0?", "(?!0).*")
_ENCODINGS = ("utf-8", "latin-1", "cp037", "ascii", "utf-16-le")
_word = st.text(ALPHABET, max_size=2)


def _some(options: dict[str, st.SearchStrategy[Any]], most: int) -> st.SearchStrategy[Tree]:
    """A few of the keys."""
    return st.lists(st.sampled_from(sorted(options)), max_size=most, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: options[name] for name in names})
    )


_in_bytes = st.fixed_dictionaries({"limit": st.integers(0, 5), "encoding": st.sampled_from(_ENCODINGS)})
_TEXT_DEMANDS: dict[str, st.SearchStrategy[Any]] = {
    "required": st.booleans(),
    "min_length": st.integers(0, 1),
    "max_length": st.integers(1, 4),
    "max_bytes": _in_bytes,
    "min_bytes": st.fixed_dictionaries({"limit": st.integers(0, 2), "encoding": st.sampled_from(_ENCODINGS)}),
    "max_utf16": st.integers(1, 4),
    "encodable": st.sampled_from(_ENCODINGS),
    "pattern": st.sampled_from(_PATTERNS),
    "one_of": st.lists(_word, min_size=1, max_size=4, unique=True),
    "not_one_of": st.lists(_word, min_size=1, max_size=2, unique=True),
}


def _reactions(obligations: Tree) -> list[str]:
    """What a field with these demands may do: it cuts only to a length, and replaces only for an encoding."""
    found = ["reject", "reject", "accept"]
    if {"max_length", "max_bytes", "max_utf16"} & set(obligations):
        found += ["truncate", "truncate"]
    if "encodable" in obligations:
        found += ["replace", "replace"]
    return found


@st.composite
def text_fields(draw: st.DrawFn) -> Tree:
    """A field downstream: a few demands, and what becomes of values that do not meet them."""
    obligations = draw(_some(_TEXT_DEMANDS, 3))
    found = {"type": "text", **_uncrossed(obligations), "on_violation": draw(st.sampled_from(_reactions(obligations)))}
    if draw(st.integers(0, 15)) == 0:
        found["opaque"] = draw(st.sampled_from(["CHECK (luhn(f))", ["CHECK (f(x))", "CHECK (g(x))"]]))
    if draw(st.integers(0, 5)) == 0:
        found["unique"] = draw(st.sampled_from([True, {"case": "insensitive"}]))
    return found | draw(_fills(found))


@st.composite
def _fills(draw: st.DrawFn, field: Tree) -> Tree:
    """What the system fills in a field of texts itself: mostly nothing."""
    match draw(st.integers(0, 15)):
        case 0:
            return {"generated": draw(st.sampled_from([True, "a || 'x'"]))}
        case 1:
            return {"filled_by": "a loader"}
        case 2:
            return {"default": {"expression": "now()"}}
        case 3 | 4 | 5 | 6:
            word = draw(_word)
            node = read(json.dumps(field), "", Problems())
            holds = isinstance(node, MappingNode) and holds_default(
                node, ScalarNode(word, False, Location("", 1, 1), 1)
            )
            return {"default": word} if holds else {}
    return {}


def _uncrossed(obligations: Tree) -> Tree:
    """Without a least that is more than the most, which the loader rejects."""
    least, most = obligations.get("min_bytes"), obligations.get("max_bytes")
    if least and most and least["encoding"] == most["encoding"] and least["limit"] > most["limit"]:
        return {name: obligation for name, obligation in obligations.items() if name != "min_bytes"}
    return obligations


typed_fields: st.SearchStrategy[Tree] = st.one_of(
    st.fixed_dictionaries(
        {"type": st.just("integer"), "required": st.booleans()},
        optional={"min": st.integers(-1, 3), "max": st.integers(3, 12)},
    ),
    st.fixed_dictionaries(
        {"type": st.just("decimal")}, optional={"scale": st.integers(0, 1), "max": st.integers(0, 5)}
    ),
    st.fixed_dictionaries({"type": st.just("boolean"), "required": st.booleans()}),
    st.fixed_dictionaries(
        {"type": st.just("date")},
        optional={"min": st.just("2000-01-01"), "max": st.sampled_from(["2000-06-01", "2024-02-29"])},
    ),
)


@st.composite
def entry_fields(draw: st.DrawFn, longest: int) -> Tree:
    """A field of a screen: texts of a few characters, or a few values of another type."""
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return {
            "type": "integer",
            "min": draw(st.integers(-2, 2)),
            "max": draw(st.integers(3, 9)),
            "required": draw(st.booleans()),
        }
    if kind == 1:
        return {"type": "date", "one_of": ["1999-12-31", "2000-01-01", "2024-02-29"]}
    if kind == 2:
        return {"type": "boolean"}
    if kind == 3:
        return {"type": "decimal", "one_of": [0, "0.5", "-1.25", 3, 10]}
    characters = draw(st.text(ALPHABET, min_size=1, max_size=3 if longest < 3 else 5))
    found: Tree = {"type": "text", "pattern": f"[{characters}]{{{draw(st.integers(0, 1))},{longest}}}"}
    found["required"] = draw(st.booleans())
    found |= _uncrossed(draw(_some({name: _TEXT_DEMANDS[name] for name in ("max_bytes", "not_one_of")}, 1)))
    if draw(st.integers(0, 5)) == 0:
        found["unique"] = draw(st.sampled_from([True, {"case": "insensitive"}]))
    if draw(st.integers(0, 20)) == 0:
        found["opaque"] = "unknown"
    return found


# ---------------------------------------------------------------------------------------------------------------- flows

_characters = st.text(ALPHABET, min_size=1, max_size=2)
_TEXT_STEPS: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(["trim", "upper", "lower", "collapse_spaces", "identity"]),
    st.builds(
        lambda side, text: {"trim": {"side": side, "characters": text}}, st.sampled_from(["left", "right"]), _characters
    ),
    st.builds(lambda n: {"truncate": n}, st.integers(0, 3)),
    st.builds(lambda n, e: {"truncate": {"bytes": n, "encoding": e}}, st.integers(0, 4), st.sampled_from(_ENCODINGS)),
    st.builds(lambda text: {"prefix": text}, _word),
    st.builds(lambda text: {"suffix": text}, _word),
    st.builds(lambda a, b: {"replace": {"find": a, "with": b}}, _characters, _word),
    st.builds(lambda a, b: {"replace": {"characters": {a: b}}}, st.sampled_from(ALPHABET), _word),
    st.builds(lambda text: {"remove": {"characters": text}}, _characters),
    st.builds(lambda text: {"keep": {"class": f"[{text}]"}}, _characters),
    st.builds(lambda start, n: {"substring": {"start": start, "length": n}}, st.integers(1, 2), st.integers(0, 2)),
    st.builds(lambda text: {"before": text}, _characters),
    st.builds(lambda text: {"after": text}, _characters),
    st.builds(lambda text, part: {"split": {"delimiter": text, "part": part}}, _characters, st.integers(1, 2)),
    st.builds(
        lambda n, text, side: {"pad": {"length": n, "with": text, "side": side}},
        st.integers(0, 3),
        st.sampled_from(ALPHABET),
        st.sampled_from(["left", "right"]),
    ),
    st.builds(lambda text: {"default": text}, _word),
    st.builds(
        lambda table, otherwise: {"map": {"values": table, "otherwise": otherwise}},
        st.dictionaries(_word, _word, min_size=1, max_size=3),
        st.sampled_from(["keep", "refuse", "null"]),
    ),
    st.builds(
        lambda table, value: {"map": {"values": table, "value": value}},
        st.dictionaries(_word, _word, min_size=1, max_size=2),
        _word,
    ),
    st.builds(
        lambda a, b: {"reformat": {"from": a, "to": b}},
        st.just("%Y-%m-%d"),
        st.sampled_from(["%d%m%Y", "%Y/%m/%d", "%y%m%d"]),
    ),
)
_texts_steps = st.lists(_TEXT_STEPS, max_size=3)


def _cast(to: str) -> Tree:
    return {"cast": to}


@st.composite
def _via(draw: st.DrawFn, source: Tree, target: Tree) -> list[Any]:
    """Steps from a field of one type to one of another."""
    steps: list[Any] = []
    if source["type"] == "text":
        steps += draw(_texts_steps)
    elif draw(st.booleans()) and source["type"] != "boolean":
        steps += [_cast("text"), *draw(_texts_steps)]
    is_read = source["type"] == "text" and target["type"] in {"integer", "decimal", "date"}  # without a cast, too
    if is_read and draw(st.integers(0, 2)) == 0:
        pass
    elif target["type"] != "text" or (steps == [] and source["type"] != "text"):
        steps.append(_cast(target["type"]))
    if draw(st.integers(0, 11)) == 0:
        steps.append({"opaque": "unknown"})
    return steps


def _conditions(entity: str, fields: Mapping[str, Tree], *, pairs: bool = True) -> st.SearchStrategy[str]:
    """SQL over the texts of an entity; `pairs`: also comparisons of two fields."""
    options = []
    for name, field in fields.items():
        full = f"{entity}.{name}"
        if field["type"] == "text":
            options += [
                st.builds(lambda text, full=full: f"{full} = '{text}'", _word),
                st.builds(lambda text, full=full: f"{full} <> '{text}'", _word),
                st.builds(lambda text, full=full: f"NOT {full} LIKE '%{text}'", _characters),
                st.builds(lambda a, b, full=full: f"{full} IN ('{a}', '{b}')", _word, _word),
                st.builds(lambda text, full=full: f"UPPER({full}) = '{text}'", _word),
                st.builds(lambda text, full=full: f"{full} ILIKE '{text}%'", _characters),
                st.builds(lambda text, full=full: f"({full} = '{text}') IS NOT TRUE", _word),
                st.builds(lambda text, full=full: f"COALESCE({full}, '') <> '{text}'", _word),
                st.builds(lambda n, full=full: f"LENGTH(TRIM({full})) > {n}", st.integers(0, 2)),
            ]
            others = [f"{entity}.{other}" for other, its in fields.items() if its["type"] == "text" and other != name]
            options += [st.just(f"{full} {sign} {other}") for other in others * pairs for sign in ("=", "<>")]
        options += [st.just(f"{full} IS NULL"), st.just(f"{full} IS NOT NULL")]
    one = st.one_of(options)
    return st.one_of(
        one, one, st.builds(lambda a, b, word: f"{a} {word} {b}", one, one, st.sampled_from(["AND", "OR"]))
    )


@st.composite
def written_estates(draw: st.DrawFn, *, cycles: bool = False, longest: int = 2, most: int = 12) -> Written:
    """One or two entries, and systems behind them, connected forwards; with `cycles`, also backwards."""
    entries = {
        f"in{i}": {f"f{j}": draw(entry_fields(longest)) for j in range(draw(st.integers(1, 2)))}
        for i in range(draw(st.integers(1, 2)))
    }
    downstream = {
        f"s{i:02}": {
            f"f{j}": draw(typed_fields) if draw(st.integers(0, 5)) == 0 else draw(text_fields())
            for j in range(draw(st.integers(1, 2)))
        }
        for i in range(draw(st.integers(1, draw(st.sampled_from([3, most])) - len(entries) + 1)))
    }
    systems: dict[str, dict[str, Tree]] = {**entries, **downstream}
    for name, fields in systems.items():
        _require_sometimes(draw, f"{name}.e", fields)
    names = list(systems)
    flows: list[Tree] = []
    for position, name in enumerate(names[len(entries) :], len(entries)):
        for field, target in systems[name].items():
            for _ in range(draw(st.sampled_from([0, 1, 1, 1, 2]))):
                flows.append(flow(draw, draw(st.sampled_from(names[:position])), systems, f"{name}.e.{field}", target))
    if cycles:
        for _ in range(draw(st.integers(1, 2))):
            name = draw(st.sampled_from(names[len(entries) :]))
            field = draw(st.sampled_from(sorted(systems[name])))
            after = draw(st.sampled_from(names[names.index(name) :]))
            flows.append(flow(draw, after, systems, f"{name}.e.{field}", systems[name][field]))
    return Written({name: contract(name, fields) for name, fields in systems.items()}, flows)


def _require_sometimes(draw: st.DrawFn, entity: str, fields: dict[str, Tree]) -> None:
    """Perhaps one field of an entity is required where the record meets a condition."""
    if draw(st.integers(0, 4)) == 0:
        name = draw(st.sampled_from(sorted(fields)))
        if fields[name].get("required") is not True:
            fields[name] = fields[name] | {"required": {"when": draw(_conditions(entity, fields, pairs=False))}}


def flow(draw: st.DrawFn, source: str, systems: Mapping[str, Mapping[str, Tree]], to: str, target: Tree) -> Tree:
    """A flow from a system to a field of another, from one of its fields or from several joined ones."""
    fields = systems[source]
    texts = [name for name, field in fields.items() if field["type"] == "text"]
    found: Tree
    if len(texts) > 1 and draw(st.booleans()):
        order = draw(st.permutations(texts))
        sources: list[Any] = [f"{source}.e.{name}" for name in order]
        if draw(st.booleans()):
            sources[0] = {"field": sources[0], "via": draw(_texts_steps)}
        nulls = draw(st.sampled_from([*get_args(NullInJoin), None]))
        join = {"concat": {"separator": draw(_word)} | ({} if nulls is None else {"nulls": nulls})}
        found = {"from": sources, "to": to, "via": [join, *draw(_via({"type": "text"}, target))]}
        if nulls is None:
            found |= draw(st.sampled_from(_READERS))
    else:
        name = draw(st.sampled_from(sorted(fields)))
        found = {"from": f"{source}.e.{name}", "to": to, "via": draw(_via(fields[name], target))}
    if draw(st.integers(0, 3)) == 0:
        found["when"] = draw(_conditions(f"{source}.e", fields))
        if "engine" not in found:
            found |= draw(st.sampled_from(_READERS))
    return found


_READERS: tuple[Tree, ...] = (
    {},
    {"engine": "postgres"},
    {"engine": "mariadb"},
    {"engine": "sqlserver"},
    {"engine": "oracle"},
    {"engine": "sqlite", "collation": "NOCASE"},
    {"engine": "mariadb", "collation": "utf8mb4_general_ci"},
)
"""What may run a flow, and read its condition."""


# --------------------------------------------------------------------------------------------------------------- records

_OTHERS: tuple[Value, ...] = ()


def _candidates(field: Field, longest: int) -> Iterator[Value]:
    """Every value an entry field made here can hold."""
    from datetime import date
    from decimal import Decimal

    yield None
    match field.type:
        case "text":
            yield from every_text(ALPHABET, longest)
        case "integer":
            yield from range(-3, 11)
        case "decimal":
            yield from (0, Decimal("0.5"), Decimal("-1.25"), 3, 10)
        case "boolean":
            yield from (True, False)
        case _:
            yield from (date(1999, 12, 31), date(2000, 1, 1), date(2024, 2, 29))


def accepted(field: Field, longest: int) -> list[Value]:
    """All values the field accepts, shortest texts first."""
    return [v for v in _candidates(field, longest) if all(v in c.accepts for c in field.constraints)]


def every_record(entity: Entity, longest: int) -> list[FieldValues]:
    """All records the entity accepts."""
    names = [field.full_name for field in entity.fields.values()]
    options = [accepted(field, longest) for field in entity.fields.values()]
    records = (dict(zip(names, choice, strict=True)) for choice in product(*options))
    return [record for record in records if meets_conditions(entity.fields.values(), record)]


def meets_conditions(fields: Iterable[Field], record: FieldValues) -> bool:
    """Whether every field that is required under a condition is filled in where the record meets it; absent is null."""
    return not any(
        record.get(field.full_name) is None and constraint.restriction.condition.holds(record)
        for field in fields
        for constraint in field.constraints
        if isinstance(constraint.restriction, RequiredWhen) and constraint.on_violation != "accept"
    )


def comes_from(arrival: Arrival, name: FieldName) -> bool:
    """Whether an arriving value was made of that of a field."""
    return arrival.field == name or any(comes_from(source, name) for source in arrival.sources)

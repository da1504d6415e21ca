"""A first estate proposed from what is in a folder: contracts that read from its sources, and flows where names agree.

Nothing here is certain: what had to be guessed is told, and each guessed flow says so itself.

    forms.customer.firstName -> shop.customers.first_name      the words of the names agree, and the types
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ..contracts.read import read_contracts
from ..documents.folder import Folder
from ..documents.location import Location
from ..documents.names import FieldName
from ..documents.problem import EstateError, Problem, Problems
from ..documents.readings import Readings
from ..documents.tree import child, items, mapping, scalar, sequence, text
from ..formats.found import FoundSource, found_in
from ..formats.sources import CONTRACT, contract_from, with_contract_sources
from ..lineage.sources import with_flow_sources

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ..contracts.model import Contracts, Entity, Field
    from ..documents.names import EntityName
    from ..documents.yaml_events import Node

_HERE = Location("command line", 1, 1)
_ORDER = {"json_schema": 0, "openapi": 1, "odcs": 2, "sql": 2, "dbt": 3}
"""The way that values usually take: from what people fill in to the warehouse."""
_FILLERS = frozenset(
    (
        *(
            "add",
            "api",
            "create",
            "dim",
            "dto",
            "fact",
            "form",
            "get",
            "input",
            "insert",
            "model",
            "new",
            "post",
            "put",
        ),
        *("raw", "request", "save", "source", "src", "stg", "submit", "table", "update"),
    )
)
"""Words in the names of entities that say nothing of what they hold."""
_READING = frozenset(("get", "list", "find", "search", "read", "delete", "fetch"))
"""Words with which operations begin that bring nothing."""
_EVERYWHERE = frozenset(
    ("id", "uuid", "name", "type", "status", "createdat", "updatedat", "created", "updated", "version")
)
"""Fields that entities of every kind have."""
_MOST_ENTITIES = 2_000


@dataclass(frozen=True, slots=True)
class ProposedLineage:
    """SQL, or models of dbt, that flows are read from in place."""

    format: str
    files: tuple[str, ...]
    options: Mapping[str, str]
    flows: int
    """The number of flows that are read from it."""


@dataclass(frozen=True, slots=True)
class GuessedFlow:
    """A flow between two fields whose names agree."""

    source: FieldName
    target: FieldName


@dataclass(frozen=True, slots=True)
class EstateProposal:
    """A first estate."""

    name: str
    systems: tuple[tuple[FoundSource, int], ...]
    """Each with the number of its entities."""
    lineage: tuple[ProposedLineage, ...] = ()
    flows: tuple[GuessedFlow, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    """What was found and is not part of it, with the reason."""


def propose(root: Path, places: Sequence[Path]) -> EstateProposal:
    """The estate proposed for a folder, from sources in it. Raises EstateError where nothing can be read."""
    findings = found_in(root, places)
    left_out = list(findings.left_out)
    trees: list[Node] = []
    kept: list[FoundSource] = []
    for source in sorted(_entries_told(findings.sources), key=lambda each: (_ORDER[each.format], each.system)):
        tree = _contract(source, root, left_out)
        if tree is not None:
            kept.append(source)
            trees.append(tree)
    problems = Problems()
    contracts = read_contracts(trees, CONTRACT, problems, Readings())
    if problems or not kept:
        raise EstateError([*problems.all(), *_nothing_found(root, places, left_out, is_empty=not kept)])
    lineage, fed = _lineage(kept, findings.scripts, root, contracts, left_out)
    flows = tuple(_guessed(kept, contracts, fed))
    systems = tuple((source, len(contracts.systems[source.system].entities)) for source in kept)
    return EstateProposal(
        kept[0].system if len(kept) == 1 else _estate_name(root), systems, lineage, flows, tuple(left_out)
    )


def _estate_name(root: Path) -> str:
    plain = re.sub(r"[^\w-]+", "_", root.resolve().name).strip("_")
    return plain if re.match(r"[^\W\d]", plain) else "estate"


def _nothing_found(
    root: Path, places: Sequence[Path], left_out: Sequence[tuple[str, str]], *, is_empty: bool
) -> Iterator[Problem]:
    if not is_empty:
        return
    for name, why in left_out:
        yield Problem(None, f"{name} is left out: {why}", "a source that can be read")
    if not left_out:
        where = ", ".join(str(place.relative_to(root)) for place in places)
        yield Problem(
            None,
            f"nothing that describes fields was found in {where}",
            "SQL with CREATE TABLE, an OpenAPI file, a JSON Schema, a dbt manifest, or a data contract (ODCS)",
        )


def _entries_told(sources: Sequence[FoundSource]) -> Iterator[FoundSource]:
    """The sources, with the operations of an API as entries where nothing else is filled in."""
    has_forms = any(source.format == "json_schema" for source in sources)
    for source in sources:
        if source.format == "openapi" and not has_forms:
            guess = "that values are born here (kind: entry)"
            yield FoundSource("openapi", source.files, source.system, {"kind": "entry"}, (*source.guesses, guess))
        else:
            yield source


def _contract(source: FoundSource, root: Path, left_out: list[tuple[str, str]]) -> Node | None:
    """The tree of a source's contract; None, and a reason, where it cannot be read."""
    problems = Problems()
    folder = Folder(root, problems)
    options: dict[str, str | tuple[str, ...]] = {**source.options, "files": source.files}
    tree = with_contract_sources(contract_from(source.system, source.format, options, _HERE), folder, problems)
    if not problems:
        read_contracts([tree], CONTRACT, problems, folder.readings)
    if problems:
        left_out.append((", ".join(source.files), _first(problems)))
        return None
    return tree


def _first(problems: Problems) -> str:
    """The first of some problems, and how many there are."""
    first, *others = problems.all()
    place = f"{first.location.file}:{first.location.line}: " if first.location is not None else ""
    more = f" (and {len(others)} more)" if others else ""
    return f"{place}{first.message}{more}"


# ------------------------------------------------------------------------------------------------- flows that are read


def _lineage(
    systems: Sequence[FoundSource],
    scripts: Sequence[FoundSource],
    root: Path,
    contracts: Contracts,
    left_out: list[tuple[str, str]],
) -> tuple[tuple[ProposedLineage, ...], frozenset[EntityName]]:
    """The flows that dbt's models and scripts hold, and the entities that they feed."""
    proposed: list[ProposedLineage] = []
    fed: set[EntityName] = set()
    for source in systems:
        if source.format == "dbt":
            tried = ProposedLineage("dbt", source.files, {"system": source.system}, 0)
            _try(tried, root, contracts, proposed, fed, left_out)
    for script in scripts:
        owners = [each.system for each in systems if each.format == "sql"]
        same = [
            each.system
            for each in systems
            if each.format == "sql" and each.options["dialect"] == script.options["dialect"]
        ]
        owner = next(iter((*same, *owners)), None)
        if owner is None:
            left_out.append((", ".join(script.files), "it moves values, and no definition of its tables was found"))
            continue
        options = {"dialect": script.options["dialect"], "system": owner}
        _try(ProposedLineage("sql", script.files, options, 0), root, contracts, proposed, fed, left_out)
    return tuple(proposed), frozenset(fed)


def _try(
    tried: ProposedLineage,
    root: Path,
    contracts: Contracts,
    proposed: list[ProposedLineage],
    fed: set[EntityName],
    left_out: list[tuple[str, str]],
) -> None:
    """Read flows from a source, and propose it where there are any."""
    problems = Problems()
    folder = Folder(root, problems)
    files = sequence([scalar(name, _HERE) for name in tried.files], _HERE)
    options = mapping([("files", files), *((key, scalar(value, _HERE)) for key, value in tried.options.items())], _HERE)
    tree = mapping([("from", mapping([(tried.format, options)], _HERE)), ("flows", sequence([], _HERE))], _HERE)
    flows = items(child(with_flow_sources(tree, folder, problems, contracts, datetime.now(UTC).date()), "flows"))
    if problems or not flows:
        left_out.append((f"flows of {', '.join(tried.files)}", _first(problems) if problems else "none was found"))
        return
    targets = [FieldName.read(name) for flow in flows if (name := text(child(flow, "to"))) is not None]
    fed |= {name.entity_name for name in targets}
    proposed.append(ProposedLineage(tried.format, tried.files, tried.options, len(flows)))


# ---------------------------------------------------------------------------------------------- flows that are guessed


def _guessed(systems: Sequence[FoundSource], contracts: Contracts, fed: frozenset[EntityName]) -> Iterator[GuessedFlow]:
    """Flows from each entity to the one of every later system, of the next order, whose names agree best."""
    ranks = {source.system: _ORDER[source.format] for source in systems}
    entities = [entity for entity in contracts.entities.values() if not _only_reads(entity)]
    if len(entities) > _MOST_ENTITIES:
        return
    for entity in entities:
        rank = ranks[entity.full_name.system]
        later = sorted({other for other in ranks.values() if other > rank})
        for next_rank in later:
            pairs = [
                (score, other)
                for other in entities
                if ranks[other.full_name.system] == next_rank
                and other.full_name not in fed
                and (score := _score(entity, other)) > 0
            ]
            if pairs:
                _, best = max(pairs, key=lambda pair: (pair[0], str(pair[1].full_name)))
                yield from (GuessedFlow(one.full_name, two.full_name) for one, two in _agreeing(entity, best))
                break


def _only_reads(entity: Entity) -> bool:
    return _words(entity.full_name.entity)[:1] in [[word] for word in _READING]


def _score(entity: Entity, other: Entity) -> int:
    """How well two entities agree; 0: too little to guess from."""
    telling = [one for one, _ in _agreeing(entity, other) if _joined(one.full_name.field) not in _EVERYWHERE]
    own, theirs = (_subject(each.full_name.entity) for each in (entity, other))
    is_named_alike = bool(own & theirs)
    if len(telling) >= 3 or (telling and is_named_alike):
        return 2 * len(telling) + 5 * is_named_alike + (own == theirs)
    return 0


def _agreeing(entity: Entity, other: Entity) -> list[tuple[Field, Field]]:
    theirs = {_joined(name): each for name, each in other.fields.items()}
    return [
        (each, theirs[_joined(name)])
        for name, each in entity.fields.items()
        if _joined(name) in theirs and _fits(each.type, theirs[_joined(name)].type)
    ]


def _fits(one: str, other: str) -> bool:
    """Whether values of a type may arrive in a field of another as they are."""
    if one == other:
        return True
    return {one, other} == {"integer", "decimal"} or (one == "text" and other in {"date", "datetime"})


def _words(name: str) -> list[str]:
    """The words of a name: firstName and first_name are both first, name."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return [word for word in re.split(r"[\W_]+", apart.lower()) if word]


def _joined(name: str) -> str:
    return "".join(_words(name))


def _subject(name: str) -> frozenset[str]:
    """The words of an entity's name that say what it holds, in the singular."""
    words = (word[:-1] if word.endswith("s") and len(word) > 3 else word for word in _words(name))
    return frozenset(word for word in words if word not in _FILLERS)

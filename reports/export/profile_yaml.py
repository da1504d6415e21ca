"""A proposed contract as YAML: the database's constraints and the rules its rows meet, with evidence above."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...checker.messages import count
from ...values.show import escape
from .contract_words import contract_words
from .contract_yaml import as_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ...contracts.model import System
    from ...rows.profile import Proposal

    Profile = tuple[int, Mapping[str, tuple[Proposal, ...]]]

_HEAD = """\
# Proposed for {system}: the constraints of its database, and rules that all its rows meet.
# Every row meets these rules, but the next row need not: remove the rules that hold by chance.
"""


def profile_yaml(live: System, profiles: Mapping[str, Profile]) -> str:
    """The file. `profiles`: by the entity's name."""
    import yaml

    words = contract_words(live)
    why: dict[tuple[str, str], list[str]] = {}
    for entity, (_, fields) in profiles.items():
        for name, proposals in fields.items():
            own = words["entities"][entity]["fields"][name]
            stated = {"type", "title", "declared", "opaque", *(proposal.word for proposal in proposals)}
            enforced = [word for word in own if word not in stated]
            evidence = [f"{', '.join(enforced)}: the database enforces it"] if enforced else []
            for proposal in proposals:
                own[proposal.word] = list(proposal.value) if isinstance(proposal.value, tuple) else proposal.value
                evidence.append(f"{proposal.word}: {proposal.evidence}")
            why[entity, name] = evidence
    text = as_yaml(words)
    lines = text.splitlines()
    for mark, evidence in reversed(list(_places(yaml.compose(text, yaml.CSafeLoader), profiles, why))):
        lines.insert(mark.line, f"{' ' * mark.column}# {escape(evidence)}")
    return _HEAD.format(system=escape(live.name)) + "\n".join(lines) + "\n"


def _places(
    document: Any,  # noqa: ANN401 - PyYAML publishes no better
    profiles: Mapping[str, Profile],
    why: Mapping[tuple[str, str], Sequence[str]],
) -> Iterator[tuple[Any, str]]:
    """The key below each remark, in the order of the file."""
    for entity, held in _member(document, "entities").value:
        yield entity.start_mark, count(profiles[entity.value][0], "row")
        for field, _ in _member(held, "fields").value:
            for line in why.get((entity.value, field.value), ()):
                yield field.start_mark, line


def _member(mapping: Any, name: str) -> Any:  # noqa: ANN401 - see above
    return next(node for key, node in mapping.value if key.value == name)

"""The owners who should look at what was found, in the form of a CODEOWNERS file: a contract, and who answers for it.

    /contracts/billing.yaml @bank/core-billing
    /contracts/web.yaml web@bank.example

An owner whose contact is neither a handle nor a mail address is named in a comment. The form is GitHub's and GitLab's;
both read the last line that matches a file, so each file has one line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...checker.messages import brief
from ...values.show import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...contracts.model import Owner
    from ...documents.names import FieldName
    from .answer import Answer, UnreadEstate

_CONTACT = re.compile(r"@[\w.-]+(?:/[\w.-]+)*|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
"""A handle of a person, a team or a group; a mail address."""
_SPECIAL = re.compile(r"[\\\s\[\]#!*?]")


def codeowners(answer: Answer) -> str:
    """The owners of everything that open findings concern."""
    owners: dict[str, dict[Owner, None]] = {}
    for name in _concerned(answer):
        field = answer.estate.contracts.fields.get(name)
        if field is not None and field.owner is not None:
            owners.setdefault(answer.path(field.location), {})[field.owner] = None
    lines = [f"# {escape(answer.headline)}"]
    for path, known in sorted(owners.items()):
        contacts = [owner.contact for owner in known if owner.contact and _CONTACT.fullmatch(owner.contact)]
        lines += [f"# {_pattern(path)}: ask {who}" for who in map(_words, known) if who is not None]
        if contacts:
            lines.append(" ".join([_pattern(path), *dict.fromkeys(contacts)]))
    return "\n".join(lines) + "\n"


def codeowners_problems(unread: UnreadEstate) -> str:
    """The problems of the input: nobody is named, and it says why."""
    lines = [unread.headline, *(f"{unread.path(problem)}: {problem.message}" for problem in unread.problems)]
    return "".join(f"# {escape(brief(line, 1_000))}\n" for line in lines)


def _concerned(answer: Answer) -> Iterator[FieldName]:
    for ruled in answer.ruling.open:
        finding = ruled.finding
        if finding.verdict != "proved":
            yield from finding.fields
            if finding.binding is not None:
                yield finding.binding.field


def _words(owner: Owner) -> str | None:
    """An owner that no contact leads to; None: one does."""
    if owner.contact and _CONTACT.fullmatch(owner.contact):
        return None
    return escape(f"{owner.team} ({owner.contact})" if owner.contact else owner.team)


def _pattern(path: str) -> str:
    """A file as a pattern that matches it alone; control characters, which no pattern can hold, match any sign."""
    shown = "".join(character if character.isprintable() else "?" for character in path)
    return "/" + _SPECIAL.sub(lambda sign: sign[0] if sign[0] == "?" else f"\\{sign[0]}", shown)

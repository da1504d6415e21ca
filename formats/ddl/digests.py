"""What a rule in words hangs on beside its words: the body of its trigger, the functions that its check calls.

A rule that keeps its words while that changes is another rule. So its words end in a digest of it, `[text 3f2a91c0]`, which
tells two versions of an estate apart and is shown to nobody.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .schema import DatabaseSchema

_NAME = re.compile(r"[^\W\d][\w$#]*")
_COMMENT = re.compile(r"--[^\n]*|/\*.*?(?:\*/|(?P<open>\Z))", re.DOTALL)
"""One that never ends goes on to the end of the text, so that the text is read once; it is no comment."""


def with_digest(words: str, schema: DatabaseSchema, *texts: str) -> str:
    """The words of a rule, with a digest of the texts that it hangs on and of the programs that all of them call."""
    hangs_on = [*texts, *_programs((words, *texts), schema)]
    if not hangs_on:
        return words
    plain = "\n".join(" ".join(_COMMENT.sub(_blank, text).split()) for text in hangs_on)
    return f"{words} [text {sha256(plain.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}]"


def _blank(comment: re.Match[str]) -> str:
    return " " if comment["open"] is None else comment[0]


def _programs(texts: tuple[str, ...], schema: DatabaseSchema) -> list[str]:
    """The texts of the functions and procedures that some texts name, and of those that these name."""
    found: dict[str, list[str]] = {}
    waiting = list(texts) if schema.programs else []
    while waiting:
        for name in dict.fromkeys(name.lower() for name in _NAME.findall(waiting.pop())):
            if name in schema.programs and name not in found:
                found[name] = schema.programs[name]
                waiting += schema.programs[name]
    return [text for name in sorted(found) for text in found[name]]

r"""Whether the attribute `pattern` is a pattern: browsers compile it with the flag v, and pass over what is none.

    [a-z.-]+       none: under v a hyphen in a class is a range, or is written `\-`
    [a-z.\-]+     one

ECMA-262 16th ed. (2025), 22.2.1: ClassContents under UnicodeSetsMode. HTML Living Standard, 4.10.5.3.6.
"""

from __future__ import annotations

import re

_SYNTAX = frozenset("()[]{}/-|")
_DOUBLED = re.compile(r"&&|!!|##|\$\$|%%|\*\*|\+\+|,,|\.\.|::|;;|<<|==|>>|\?\?|@@|\^\^|``|~~")


def is_pattern(text: str) -> bool:
    """Whether the classes of a pattern are those of the flag v."""
    at = 0
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text[at] == "[":
            end = _class_end(text, at + 1)
            if end is None:
                return False
            at = end
        else:
            at += 1
    return True


def _class_end(text: str, at: int) -> int | None:
    """The place after a class that begins here; None where it is none under v."""
    if text[at : at + 1] == "^":
        at += 1
    while at < len(text) and text[at] != "]":
        if text[at] == "[":  # a class in a class
            inner = _class_end(text, at + 1)
            if inner is None:
                return None
            at = inner
            continue
        if text[at : at + 2] in {"--", "&&"}:  # a difference, an intersection
            at += 2
            continue
        after = _member_end(text, at)
        if after is None:
            return None
        if text[after : after + 1] == "-" and text[after : after + 2] != "--":
            after = _member_end(text, after + 1)
            if after is None:
                return None
        at = after
    return at + 1 if at < len(text) else None


def _member_end(text: str, at: int) -> int | None:
    """The place after one character of a class, which may be escaped."""
    if at >= len(text) or text[at] == "]":
        return None
    if text[at] == "\\":
        return _escape_end(text, at)
    return None if text[at] in _SYNTAX or _DOUBLED.match(text, at) else at + 1


def _escape_end(text: str, at: int) -> int | None:
    r"""The place after an escape: `\n`, `\u{1F600}`, `\p{L}`, `\x41`."""
    found = re.compile(
        r"\\(?:u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[pP]\{[^}]*\}|c[a-zA-Z]|.)", re.DOTALL
    ).match(text, at)
    return found.end() if found else None

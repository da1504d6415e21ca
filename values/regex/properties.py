r"""The names allowed in `\p{…}`, dialect by dialect."""

from __future__ import annotations

from .. import unicode_data, unicode_tables
from ..charset import ANY, Charset
from .errors import UnsupportedPattern


def find_property(naming: str, name: str, offset: int) -> tuple[Charset, bool]:
    """The characters of a property, and whether the name negates it. Raises UnsupportedPattern for an unknown one."""
    try:
        if naming == "re2":
            return _re2(name.removeprefix("^")), name.startswith("^")
        return _ecma(name), False
    except KeyError:
        known = "general categories, scripts and the usual binary properties are known"
        raise UnsupportedPattern(f"the property {name} is not supported", offset, known) from None


def _ecma(name: str) -> Charset:
    # ECMA-262, tables 66 to 69: names and values as in PropertyAliases.txt, letter for letter.
    key, equals, value = name.partition("=")
    if equals:
        match key:
            case "General_Category" | "gc":
                return unicode_data.general_category(value)
            case "Script" | "sc":
                return unicode_data.script(value)
        raise KeyError(name)
    try:
        return unicode_data.general_category(name)
    except KeyError:
        return unicode_data.binary_property(name)


def _re2(name: str) -> Charset:
    # unicode_groups.cc: categories by their short names and scripts by their long ones; unassigned is in none of them.
    if name == "Any":
        return ANY
    if name in unicode_tables.SCRIPTS:
        return unicode_data.script(name)
    if len(name) > 2 or name in ("Cn", "LC"):
        raise KeyError(name)
    return unicode_data.general_category(name) - unicode_data.general_category("Cn")

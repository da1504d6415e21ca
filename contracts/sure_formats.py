"""Values that surely have a format of JSON Schema, for a source that leaves open whether formats are enforced.

`format: email` is then a rule in words. Whoever enforces it accepts these values, and so does whoever does not.
"""

from __future__ import annotations

from functools import cache

from ..values.regex import parse
from ..values.textset import TextSet
from ..values.valueset import ValueSet

_WORD = "format: "
_DAY = r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_BYTE = r"(?:1[0-9]{2}|[1-9]?[0-9])"
_HOST = r"[a-z](?:[a-z0-9]{0,20}[a-z0-9])?(?:\.[a-z](?:[a-z0-9]{0,20}[a-z0-9])?){0,3}\.[a-z]{2,6}"
_TEXTS = {
    "date": _DAY,
    "date-time": rf"{_DAY}T{_CLOCK}Z",
    "time": rf"{_CLOCK}Z",
    "email": rf"[a-z][a-z0-9]{{0,40}}@{_HOST}",
    "idn-email": rf"[a-z][a-z0-9]{{0,40}}@{_HOST}",
    "hostname": _HOST,
    "idn-hostname": _HOST,
    "uri": rf"https?://{_HOST}(?:/[a-z0-9]{{0,200}})?",
    "url": rf"https?://{_HOST}(?:/[a-z0-9]{{0,200}})?",
    "iri": rf"https?://{_HOST}(?:/[a-z0-9]{{0,200}})?",
    "uri-reference": rf"https?://{_HOST}(?:/[a-z0-9]{{0,200}})?",
    "uuid": r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
    "ipv4": rf"(?:{_BYTE}\.){{3}}{_BYTE}",
    "ipv6": r"[1-9a-f][0-9a-f]{0,3}(?::[1-9a-f][0-9a-f]{0,3}){7}",
    "duration": r"P[1-9][0-9]{0,2}[DMY]",
    "byte": r"(?:[A-Za-z0-9+/]{4}){1,200}",
    "json-pointer": r"(?:/[a-z0-9]{1,20}){1,10}",
}
_SIZES = {"int8": 7, "int16": 15, "int32": 31, "int64": 63}


@cache
def surely_of_format(rule: str) -> ValueSet | None:
    """The values, null among them, that a rule in words such as `format: date` lets through; None: none is known."""
    name = rule.removeprefix(_WORD)
    if name == rule or name not in _TEXTS.keys() | _SIZES.keys():
        return None
    if name in _SIZES:
        end = 2 ** _SIZES[name]
        whole = ValueSet.of_type("integer") & ValueSet.between(-end, end - 1)
        return whole | ~ValueSet.of_type("decimal")
    return ValueSet.text(TextSet.language(parse(_TEXTS[name]).language)) | ~ValueSet.of_type("text")

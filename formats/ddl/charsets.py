"""Character sets by the names that engines have for them, as Python's codecs.

Where one character may take a number of bytes that Python's codec and the engine do not agree on (the East Asian ones),
there is no codec here, and so no claim.
"""

from __future__ import annotations

from ...values.weight import EncodingError, codec_weight

_MYSQL = {
    "utf8mb4": "utf-8",
    "utf8mb3": "utf-8",
    "utf8": "utf-8",
    "utf16": "utf-16-be",
    "utf16le": "utf-16-le",
    "utf32": "utf-32-be",
    "ucs2": "utf-16-be",
    "ascii": "ascii",
    # MySQL's latin1 is cp1252, and has the five control characters that cp1252 leaves out besides.
    "latin1": "cp1252",
    "latin2": "iso8859_2",
    "latin5": "iso8859_9",
    "latin7": "iso8859_13",
    "greek": "iso8859_7",
    "hebrew": "iso8859_8",
    "cp850": "cp850",
    "cp852": "cp852",
    "cp866": "cp866",
    "cp1250": "cp1250",
    "cp1251": "cp1251",
    "cp1256": "cp1256",
    "cp1257": "cp1257",
    "koi8r": "koi8_r",
    "koi8u": "koi8_u",
}
MYSQL_WIDEST = {"utf8mb4": 4, "utf8mb3": 3, "utf8": 3, "utf16": 4, "utf16le": 4, "utf32": 4, "ucs2": 2}
"""The most bytes of one character; one in the sets that are not named."""

_POSTGRES = {
    "utf8": "utf-8",
    "unicode": "utf-8",
    "sql_ascii": "ascii",
    "latin1": "latin-1",
    **{
        f"latin{n}": f"iso8859_{part}"
        for n, part in ((2, 2), (3, 3), (4, 4), (5, 9), (6, 10), (7, 13), (8, 14), (9, 15), (10, 16))
    },
    **{f"win{n}": f"cp{n}" for n in (1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258)},
    "koi8r": "koi8_r",
    "koi8u": "koi8_u",
}

_ORACLE = {
    "al32utf8": "utf-8",
    "we8mswin1252": "cp1252",
    "we8iso8859p1": "latin-1",
    "we8iso8859p15": "iso8859_15",
    "ee8mswin1250": "cp1250",
    "cl8mswin1251": "cp1251",
    "us7ascii": "ascii",
}


def mysql(name: str) -> str | None:
    """The codec of one of MySQL's character sets."""
    return _MYSQL.get(name.lower())


def postgres(name: str) -> str | None:
    """The codec of one of PostgreSQL's encodings, or of Python's."""
    return _POSTGRES.get(name.lower().replace("-", "")) or python(name)


def oracle(name: str) -> str | None:
    """The codec of one of Oracle's character sets, or of Python's."""
    return _ORACLE.get(name.lower()) or python(name)


def python(name: str) -> str | None:
    """A codec of Python's; None when there is none by that name that counts character by character."""
    try:
        codec_weight(name)
    except EncodingError:
        return None
    return name

"""The keys of a contract file, each with its shape and its meaning.

The loader reads by these keys, and the JSON Schema for editors is made from them.
"""

from __future__ import annotations

from typing import Any, get_args

from ..documents.shape import (
    BOOLEAN,
    COUNT,
    DURATION,
    ENCODING,
    NAME,
    SCALAR,
    TEXT,
    Choice,
    Either,
    Integer,
    Key,
    Keyed,
    ListOf,
    Named,
    ShapedRecord,
)
from .constraint import PatternDialect, Type
from .model import Engine, Kind, OnViolation

# ---------------------------------------------------------------------------------------------- owner and repair

TEAM = Key("team", TEXT, "The team that answers for it.", required=True)
CONTACT = Key("contact", TEXT, "How the team is reached: an address, a number, a channel.")
OWNER = Key(
    "owner",
    Keyed("owner", "Who answers for it.", (TEAM, CONTACT)),
    "Who answers for it; what stands further in overrides what stands further out.",
)

BY = Key("by", ListOf(TEXT, least=1, single=True), "Who may repair a value that went wrong.")
TYPICALLY = Key("typically", DURATION, "How long a repair usually takes, as an ISO 8601 duration.")
CHANNEL = Key("channel", TEXT, "Where to ask for a repair.")
REPAIR = Key(
    "repair",
    Keyed("repair", "How a value that went wrong is repaired.", (BY, TYPICALLY, CHANNEL)),
    "Who may repair it and how fast; what stands further in overrides what stands further out.",
)

# ------------------------------------------------------------------------------------------------------- fields

TYPE = Key(
    "type",
    Choice(*get_args(Type)),
    "The type of the value.",
    required=True,
)
TITLE = Key("title", TEXT, "The name people know it by.")
REQUIRED = Key("required", BOOLEAN, "Whether null is rejected; false when left out.")

BYTE_LIMIT = Key("limit", COUNT, "The number of bytes.", required=True)
LIMIT_ENCODING = Key("encoding", ENCODING, "What the bytes are counted in.", required=True)
_BYTES = Keyed("bytes", "A length in bytes of an encoding.", (BYTE_LIMIT, LIMIT_ENCODING))

MIN_LENGTH = Key("min_length", COUNT, "The fewest characters (Unicode code points).")
MAX_LENGTH = Key("max_length", COUNT, "The most characters (Unicode code points).")
MIN_BYTES = Key("min_bytes", _BYTES, "The fewest bytes in an encoding, which must hold the text.")
MAX_BYTES = Key("max_bytes", _BYTES, "The most bytes in an encoding, which must hold the text.")
MIN_UTF16 = Key("min_utf16", COUNT, "The fewest UTF-16 units, as JavaScript and Java count.")
MAX_UTF16 = Key("max_utf16", COUNT, "The most UTF-16 units, as JavaScript and Java count.")
ENCODABLE = Key("encodable", ENCODING, "An encoding that holds every character of the text.")

REGEX = Key("regex", TEXT, "The pattern; it must match the whole value.", required=True)
DIALECT = Key("dialect", Choice(*get_args(PatternDialect)), "Whose syntax it is; ecma if left out.")
FLAGS = Key("flags", TEXT, "Flags of the dialect, such as i.")
PATTERN = Key(
    "pattern",
    Keyed("pattern", "A pattern that matches the whole value.", (REGEX, DIALECT, FLAGS), short="regex"),
    "A pattern that matches the whole value.",
)

ONE_OF = Key("one_of", ListOf(SCALAR, least=1), "The only values.")
NOT_ONE_OF = Key("not_one_of", ListOf(SCALAR, least=1), "Values that are rejected.")
MIN = Key("min", SCALAR, "The least value.")
MAX = Key("max", SCALAR, "The greatest value.")
EXCLUSIVE_MIN = Key("exclusive_min", SCALAR, "What the value must be more than.")
EXCLUSIVE_MAX = Key("exclusive_max", SCALAR, "What the value must be less than.")
PRECISION = Key(
    "precision", Integer(1, 1000), "The most digits, as SQL's NUMERIC(precision, scale); scale 0 when none is given."
)
SCALE = Key("scale", Integer(0, 1000), "The most digits after the decimal point.")

CASE = Key("case", Choice("sensitive", "insensitive"), "Whether values that differ in case are different.")
UNIQUE: Key[bool | ShapedRecord] = Key(
    "unique",
    Either(BOOLEAN, Keyed("unique", "How values are compared.", (CASE,))),
    "Whether no two records may hold the same value.",
)
ON_VIOLATION = Key(
    "on_violation",
    Choice(*get_args(OnViolation)),
    "The system's action on a value outside the contract: reject it (the default), cut it to length, "
    "put ? for characters that its encoding lacks, or accept it all the same.",
)

OPAQUE = Key(
    "opaque",
    ListOf(TEXT, single=True),
    "Rules in words that the system enforces and that no other key can state: the values they reject are not known.",
)

DECLARED = Key(
    "declared",
    ListOf(TEXT, single=True),
    "Rules in words that are written down and that the system does not enforce: they restrict no value.",
)

CONSTRAINTS = (
    TYPE,
    REQUIRED,
    MIN_LENGTH,
    MAX_LENGTH,
    MIN_BYTES,
    MAX_BYTES,
    MIN_UTF16,
    MAX_UTF16,
    ENCODABLE,
    PATTERN,
    ONE_OF,
    NOT_ONE_OF,
    MIN,
    MAX,
    EXCLUSIVE_MIN,
    EXCLUSIVE_MAX,
    PRECISION,
    SCALE,
    OPAQUE,
)
"""The keys that make constraints: each one, `opaque` one for each of its rules."""

FIELD = Keyed("field", "A named value.", (TITLE, *CONSTRAINTS, DECLARED, UNIQUE, ON_VIOLATION, OWNER, REPAIR))

# ------------------------------------------------------------------------------------------ entities and systems

KIND = Key(
    "kind",
    Choice(*get_args(Kind)),
    "What it is; table when left out. In an entry values are born: a screen, a partner's file, an API.",
)
KEY = Key("key", ListOf(NAME, least=1, single=True), "The field, or fields, that identify a record.")
FIELDS = Key("fields", Named(FIELD, "field"), "The fields, by name.", required=True)
ENTITY = Keyed("entity", "A form, table, message, file or API.", (KIND, TITLE, KEY, FIELDS, OWNER, REPAIR))

SYSTEM = Key("system", NAME, "The system's name.", required=True)
DOMAIN = Key("domain", TEXT, "The part of the organisation it belongs to, such as Payments; drawings group by it.")
CUSTOMER_TEXT = Key("customer_text", TEXT, "A text that support may give a customer whose record went wrong here.")
ENGINE = Key(
    "engine",
    Choice(*get_args(Engine)),
    "What holds its data and runs its code: a database, or the language of a program; the dialect of its SQL, or else "
    "the estate's engine, when left out.",
)
ENTITIES = Key("entities", Named(ENTITY, "entity"), "The entities, by name.")


def contract_shape(sources: Key[Any]) -> Keyed:
    """The shape of a contract file, in which the entities may also come from `sources`: a key of other files."""
    return Keyed(
        "contract",
        "What one system accepts in its fields, who owns it, who may repair it, and how fast.",
        (SYSTEM, TITLE, DOMAIN, OWNER, REPAIR, CUSTOMER_TEXT, ENGINE, sources, ENTITIES),
        any_of=((sources.name, ENTITIES.name),),
    )

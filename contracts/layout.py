"""The keys of a contract file, each with its shape and its meaning.

The loader reads by these keys, and the JSON Schema for editors is made from them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from ..documents.local_text import LocalTextShape
from ..documents.shape import (
    BOOLEAN,
    COUNT,
    DAY_SHIFT,
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
from ..values.checkdigits import CheckScheme
from .answering import IMPACT, OWNER, REPAIR
from .constraint import OnViolation, PatternDialect, StoredWay, Type
from .model import Compared, IdentityKind, Kind, KnownEngine, OnDuplicate
from .other_words import CONTRACT_WORDS, ENTITY_WORDS, FIELD_WORDS, KIND_WORDS, TYPE_WORDS
from .store_keys import CHANGED, SAME, SAME_AS, STORE_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..documents.shape import Shape
    from ..documents.yaml_events import ScalarNode

# ------------------------------------------------------------------------------------------------------- fields

TYPE = Key(
    "type",
    Choice(*get_args(Type), also=TYPE_WORDS),
    "The type of the value.",
    required=True,
)
TITLE = Key("title", LocalTextShape(), "The name people know it by: one for all of them, or one for each language.")
WHEN = Key("when", TEXT, "An SQL condition over fields of the same entity.", required=True)
REQUIRED: Key[bool | ShapedRecord] = Key(
    "required",
    Either(BOOLEAN, Keyed("required", "Null is rejected in records that meet a condition.", (WHEN,))),
    "Whether null is rejected: always, or where a condition over the record holds; false when left out.",
)

ACTION = Key(
    "on_violation",
    Choice(*get_args(OnViolation)),
    "The system's action on a value that does not meet the constraint; that of the field where it is left out.",
)


def _action(*own: OnViolation) -> Key[str]:
    """The actions that a constraint may have: its own, and those that every constraint may have."""
    return Key(ACTION.name, Choice("reject", *own, "empty", "accept", "unknown"), ACTION.doc)


def _limited(limit: Key[Any], name: str, doc: str, *own: OnViolation) -> Keyed:
    return Keyed(name, doc, (limit, _action(*own)))


LIMIT = Key("limit", COUNT, "The number.", required=True)
LIMIT_VALUE = Key("limit", SCALAR, "The value; today: the day of the run.")
TODAY_KEY = Key(
    "today", DAY_SHIFT, "A day counted from that of the run: -P12Y is twelve years before it, P0D the day itself."
)
BYTE_LIMIT = Key("limit", COUNT, "The number of bytes.", required=True)
LIMIT_ENCODING = Key("encoding", ENCODING, "What the bytes are counted in.", required=True)
_LEAST_BYTES = Keyed("least_bytes", "A length in bytes of an encoding.", (BYTE_LIMIT, LIMIT_ENCODING, _action()))
_MOST_BYTES = Keyed(
    "most_bytes", "A length in bytes of an encoding.", (BYTE_LIMIT, LIMIT_ENCODING, _action("truncate", "replace"))
)
_LEAST = Either(COUNT, _limited(LIMIT, "least", "A least length, and the action on a shorter text."))
_MOST = Either(COUNT, _limited(LIMIT, "most", "A greatest length, and the action on a longer text.", "truncate"))


def _bound(name: str, *own: OnViolation) -> Shape[ScalarNode | ShapedRecord]:
    doc = "A bound, written down or counted from the day of the run, and the action on a value beyond it."
    keys = (LIMIT_VALUE, TODAY_KEY, _action(*own))
    return Either(SCALAR, Keyed(name, doc, keys, exactly_one=((LIMIT_VALUE.name, TODAY_KEY.name),)))


_BOUND = _bound("bound", "clamp")
_OPEN_BOUND = _bound("open_bound")

MIN_LENGTH = Key("min_length", _LEAST, "The fewest characters (Unicode code points).")
MAX_LENGTH = Key("max_length", _MOST, "The most characters (Unicode code points).")
MIN_BYTES = Key("min_bytes", _LEAST_BYTES, "The fewest bytes in an encoding, which must hold the text.")
MAX_BYTES = Key("max_bytes", _MOST_BYTES, "The most bytes in an encoding, which must hold the text.")
MIN_UTF16 = Key("min_utf16", _LEAST, "The fewest UTF-16 units, as JavaScript and Java count.")
MAX_UTF16 = Key("max_utf16", _MOST, "The most UTF-16 units, as JavaScript and Java count.")
ENCODING_NAME = Key("encoding", ENCODING, "The encoding.", required=True)
ENCODABLE = Key(
    "encodable",
    Either(ENCODING, _limited(ENCODING_NAME, "encodable", "An encoding, and the action on others.", "replace")),
    "An encoding that holds every character of the text.",
)
SCHEME = Key("scheme", Choice(*get_args(CheckScheme)), "The scheme.", required=True)
CHECK_DIGITS = Key(
    "check_digits",
    Either(
        Choice(*get_args(CheckScheme)),
        _limited(SCHEME, "check_digits", "A scheme, and the action on a text with wrong check digits."),
    ),
    "The scheme by which the check digits are right: luhn, mod97 (ISO 7064) or iban (with the first four characters last).",
)

REGEX = Key("regex", TEXT, "The pattern; it must match the whole value.", required=True)
DIALECT = Key("dialect", Choice(*get_args(PatternDialect)), "Whose syntax it is; ecma if left out.")
FLAGS = Key("flags", TEXT, "Flags of the dialect, such as i.")
PATTERN = Key(
    "pattern",
    Keyed("pattern", "A pattern that matches the whole value.", (REGEX, DIALECT, FLAGS, _action()), short="regex"),
    "A pattern that matches the whole value.",
)

VALUES = Key("values", ListOf(SCALAR, least=1), "The values.")
CODE_FILE = Key("file", TEXT, "A file of the estate with the values: one a line, or a column of a CSV file.")
CODE_COLUMN = Key(
    "column", TEXT, "The column of that file, by its name in the first line; the first column without one."
)
_LISTED: Shape[tuple[ScalarNode, ...] | ShapedRecord] = Either(
    ListOf(SCALAR, least=1),
    Keyed(
        "values",
        "Values, here or in a file, and the action on others.",
        (VALUES, CODE_FILE, CODE_COLUMN, _action()),
        exactly_one=((VALUES.name, CODE_FILE.name),),
        needs={CODE_COLUMN.name: (CODE_FILE.name,)},
    ),
)
ONE_OF = Key("one_of", _LISTED, "The only values.")
NOT_ONE_OF = Key("not_one_of", _LISTED, "Values that are rejected.")
MIN = Key("min", _BOUND, "The least value.")
MAX = Key("max", _BOUND, "The greatest value.")
EXCLUSIVE_MIN = Key("exclusive_min", _OPEN_BOUND, "What the value must be more than.")
EXCLUSIVE_MAX = Key("exclusive_max", _OPEN_BOUND, "What the value must be less than.")
DIGITS = Key("limit", Integer(1, 1000), "The number of digits.", required=True)
PRECISION = Key(
    "precision",
    Either(
        Integer(1, 1000),
        _limited(DIGITS, "precision", "A number of digits, and the action on a number with more.", "round", "clamp"),
    ),
    "The most digits, as SQL's NUMERIC(precision, scale); scale 0 when none is given.",
)
DECIMALS = Key("limit", Integer(0, 1000), "The number of digits.", required=True)
SCALE = Key(
    "scale",
    Either(
        Integer(0, 1000),
        _limited(DECIMALS, "scale", "A number of digits, and the action on a number with more.", "round", "truncate"),
    ),
    "The most digits after the decimal point; of an instant, the most decimals of a second.",
)

WHOLE_DIGITS = Key("whole", Integer(1, 1000), "The most digits of a whole number, where it may have more.")
SIGNIFICANT_DIGITS = Key(
    "significant_digits",
    Either(
        Integer(1, 1000),
        Keyed(
            "significant_digits",
            "A number of digits, and the action on a number with more.",
            (DIGITS, WHOLE_DIGITS, _action()),
        ),
    ),
    "The most digits from the first that is not zero: a double is sure to keep 15, a single float 6.",
)

CASE = Key("case", Choice("sensitive", "insensitive"), "Whether values that differ in case are different.")
COMPARED = Key(
    "compared",
    ListOf(Choice(*get_args(Compared)), least=1, single=True),
    "The steps after which texts are compared: blanks removed at the ends, lower case of A to Z alone or of Unicode.",
)
NULLS = Key(
    "nulls",
    Choice("distinct", "one"),
    "Whether any number of records may hold null (distinct, the default), or one at most.",
)
UNIQUE_OPAQUE = Key(
    "opaque", TEXT, "A comparison that no other key can state, in words: further values may be equal under it."
)
BEYOND = Key("beyond", Choice("ascii"), "That `opaque` leaves texts of printable ASCII characters as the keys say.")
_COMPARISON = (CASE, COMPARED, NULLS, UNIQUE_OPAQUE, BEYOND)
_WITH_OPAQUE = {"beyond": ("opaque",)}
UNIQUE: Key[bool | ShapedRecord] = Key(
    "unique",
    Either(BOOLEAN, Keyed("unique", "How values are compared.", _COMPARISON, needs=_WITH_OPAQUE)),
    "Whether no two records may hold the same value.",
)
TOGETHER = Key("fields", ListOf(NAME, least=1), "The fields, by name.", required=True)
UNIQUE_TOGETHER: Key[Iterable[tuple[str, ...] | ShapedRecord]] = Key(
    "unique",
    ListOf(
        Either(
            ListOf(NAME, least=1),
            Keyed(
                "unique_together",
                "Fields whose values are unique together, and how they are compared.",
                (TOGETHER, *_COMPARISON),
                needs=_WITH_OPAQUE,
            ),
        )
    ),
    "Lists of fields: no two records may hold the same values in all fields of one list.",
)
CHECK_RULE = Key("rule", TEXT, "The condition, as SQL over fields of the same entity.", required=True)
CHECK_NAME = Key("name", TEXT, "The name people know the rule by.")
CHECK_MESSAGE = Key(
    "message",
    LocalTextShape(),
    "What to tell the person whose record breaks it: one text for all of them, or one for each language.",
)
CHECK: Key[Iterable[ShapedRecord]] = Key(
    "check",
    ListOf(
        Keyed("check", "A rule between fields.", (CHECK_RULE, CHECK_NAME, CHECK_MESSAGE), short="rule"), single=True
    ),
    "Conditions over several fields of a record, as SQL's CHECK: a record for which one is false is rejected; where a "
    "null makes it neither true nor false, the record is accepted.",
)
ON_VIOLATION = Key(
    "on_violation",
    Choice(*get_args(OnViolation)),
    "The system's action on a value outside the contract, for every constraint it applies to that names none of its own: "
    "reject it (the default), truncate it to its length or decimals, replace characters that the encoding lacks by ?, "
    "round the number, clamp it to the nearest bound, empty it (the empty text, or null where it is no text), accept it "
    "all the same, or unknown.",
)
WAY_LENGTH = Key("max_length", COUNT, "The number of characters (Unicode code points).")
WAY_BYTES = Key(
    "max_bytes",
    Keyed("bytes", "A length in bytes of an encoding.", (BYTE_LIMIT, LIMIT_ENCODING)),
    "The number of bytes in an encoding.",
)
WAY_UTF16 = Key("max_utf16", COUNT, "The number of UTF-16 units.")
_WAY_LENGTH = Keyed(
    "way_length",
    "The length of a column, where checks allow less than that.",
    (WAY_LENGTH, WAY_BYTES, WAY_UTF16),
    exactly_one=(("max_length", "max_bytes", "max_utf16"),),
)
FITTED = Key("fitted", _WAY_LENGTH, "Blanks at the end beyond this length are dropped.")
FITTED_SPACES = Key("fitted_spaces", _WAY_LENGTH, "White space at the end beyond this length is dropped.")
PADDED = Key("padded", _WAY_LENGTH, "Filled up with blanks to this length.")
_WAY: Shape[str | ShapedRecord] = Either(
    Choice(*get_args(StoredWay)),
    Keyed(
        "way",
        "A way with a length of its own.",
        (FITTED, FITTED_SPACES, PADDED),
        exactly_one=(("fitted", "fitted_spaces", "padded"),),
    ),
)
STORED = Key(
    "stored",
    ListOf(_WAY, least=1, single=True),
    "The form in which the system stores what it accepts. fitted: blanks at the end beyond the greatest length are "
    "dropped (fitted_spaces: white space of ASCII); padded: filled up with blanks to that length; stripped: blanks at the "
    "end are dropped; uuid, uuid_upper: a UUID with hyphens, in lower or upper case; empty_as_null: null for the empty "
    "text.",
)

DEFAULT_VALUE = Key("value", SCALAR, "The value.")
DEFAULT_EXPRESSION = Key("expression", TEXT, "What gives it, such as now(): the value is not known.")
DEFAULT_REJECTED = Key(
    "rejected", SCALAR, "A value that the field itself rejects: so is every record that leaves the field out."
)
DEFAULT = Key(
    "default",
    Keyed(
        "default",
        "What the system puts where no flow writes the field.",
        (DEFAULT_VALUE, DEFAULT_EXPRESSION, DEFAULT_REJECTED),
        short="value",
        exactly_one=(("value", "expression", "rejected"),),
    ),
    "What the system itself puts into a new record where no flow writes the field. A null that a flow brings stays null.",
)
GENERATED = Key(
    "generated",
    TEXT,
    "What the system computes the value from, or true: it fills the field itself, and rejects every value that is sent.",
)
IDENTITY_KEY = Key(
    "identity",
    Choice(*get_args(IdentityKind)),
    "The system gives each new record the next number: always, and a value that is sent is rejected; "
    "or by_default, where no flow writes the field.",
)
FILLED_BY = Key(
    "filled_by",
    TEXT,
    "What fills it that the lineage leaves out, in words: a loader, a clerk. So it need not be fed by a flow.",
)

OPAQUE = Key(
    "opaque",
    ListOf(TEXT, single=True),
    "Rules in words that the system enforces and that no other key can state: the values they reject are not known.",
)

DECLARED = Key(
    "declared",
    ListOf(TEXT, single=True),
    "Rules in words that restrict no value by themselves: the system does not enforce them, or they depend on other "
    "records, as a foreign key does.",
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
    CHECK_DIGITS,
    PATTERN,
    ONE_OF,
    NOT_ONE_OF,
    MIN,
    MAX,
    EXCLUSIVE_MIN,
    EXCLUSIVE_MAX,
    PRECISION,
    SCALE,
    SIGNIFICANT_DIGITS,
    OPAQUE,
)
"""The keys that make constraints: each one, `opaque` one for each of its rules."""

DOCUMENTED = Key(
    "source",
    TEXT,
    "Where the rule behind the constraints is documented, in words or as an address: shown to whoever is held up by it.",
)
IS = Key("is", NAME, "A type of fieldline.yaml (types), whose keys stand under the field's own.")
FIELD = Keyed(
    "field",
    "A named value.",
    (
        IS,
        TITLE,
        *CONSTRAINTS,
        DECLARED,
        UNIQUE,
        ON_VIOLATION,
        STORED,
        DEFAULT,
        GENERATED,
        IDENTITY_KEY,
        FILLED_BY,
        SAME,
        SAME_AS,
        DOCUMENTED,
        OWNER,
        REPAIR,
        IMPACT,
    ),
    also=FIELD_WORDS,
)

# ------------------------------------------------------------------------------------------ entities and systems

KIND = Key(
    "kind",
    Choice(*get_args(Kind), also=KIND_WORDS),
    "What it is; table when left out. In an entry values are born: a screen, a partner's file, an API.",
)
KEY = Key(
    "key",
    ListOf(NAME, least=1, single=True),
    "The field, or fields, that identify a record: never null unless `required` is false, and unique.",
)
ON_DUPLICATE = Key(
    "on_duplicate",
    Choice(*get_args(OnDuplicate)),
    "The system's action on a record whose key it has already: update that one (the default), or reject it.",
)
DEFAULTS = Key(
    "defaults",
    Keyed("defaults", "Keys of every field that states its type.", (REQUIRED, ON_VIOLATION, OWNER, REPAIR, IMPACT)),
    "What every field here has that states its type and does not say otherwise.",
)
FIELDS = Key("fields", Named(FIELD, "field"), "The fields, by name.", required=True)
ENTITY = Keyed(
    "entity",
    "A form, table, message, file or API.",
    (
        KIND,
        TITLE,
        KEY,
        ON_DUPLICATE,
        UNIQUE_TOGETHER,
        CHECK,
        STORE_KEY,
        CHANGED,
        DEFAULTS,
        FIELDS,
        FILLED_BY,
        OWNER,
        REPAIR,
        IMPACT,
    ),
    also=ENTITY_WORDS,
)

SYSTEM = Key("system", NAME, "The system's name.", required=True)
DOMAIN = Key("domain", TEXT, "The part of the organisation it belongs to, such as Payments; drawings group by it.")
PLACEHOLDERS = ("field", "limit", "by_when")
"""What may be filled into a text for customers."""
CUSTOMER_TEXT = Key(
    "customer_text",
    LocalTextShape(PLACEHOLDERS),
    "A text that support may give a customer whose record went wrong here: one for all, or one for each language. Filled "
    "in are {field}, the field's title; {limit}, what may be entered there; and {by_when}, the usual time of a repair.",
)
ENGINE = Key(
    "engine",
    Choice(*get_args(KnownEngine)),
    "What holds its data and runs its code: a database, or the language of a program; the dialect of its SQL, or else "
    "the estate's engine, when left out.",
)
COLLATION = Key(
    "collation",
    TEXT,
    "The collation, or locale, of that engine: how it compares texts and changes their case; any of them when left out.",
)
EXTERNAL = Key("external", BOOLEAN, "Whether it belongs to somebody else: then nobody asks for its owner.")
SEVERAL = Key("systems", ListOf(SCALAR), "Several contracts in one file.")
ENTITIES = Key("entities", Named(ENTITY, "entity"), "The entities, by name.")


def contract_shape(sources: Key[Any]) -> Keyed:
    """The shape of a contract file, in which the entities may also come from `sources`: a key of other files."""
    return Keyed(
        "contract",
        "What one system accepts in its fields, who owns it, who may repair it, and how fast.",
        (
            SYSTEM,
            TITLE,
            DOMAIN,
            OWNER,
            REPAIR,
            IMPACT,
            CUSTOMER_TEXT,
            EXTERNAL,
            ENGINE,
            COLLATION,
            DEFAULTS,
            sources,
            ENTITIES,
        ),
        any_of=((sources.name, ENTITIES.name),),
        also=CONTRACT_WORDS,
    )

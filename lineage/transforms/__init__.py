"""The transforms by their names in a lineage file, each with the shape of its options and its constructor.

Imports `lineage.transform`, `documents` and `values`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, get_args

from ...documents.shape import (
    BOOLEAN,
    COUNT,
    DAY_SHIFT,
    ENCODING,
    NUMBER,
    TEXT,
    Choice,
    Integer,
    Key,
    Keyed,
    TextMap,
)
from ...values.charset import Charset
from ...values.language import Characters
from ...values.regex import PatternError, parse
from ...values.weight import encodable_charset
from ..engines import KNOWN_ENGINES, EngineWay, Runner
from ..transform import TransformError
from .affix import Pad, Prefix, Suffix
from .arithmetic import Added, Divided, Multiplied, Remainder, RoundedTo, Within
from .case import Fold, Lower, Upper
from .convert import Cast, Reformat
from .cut import Last, Substring, Truncate
from .digest import Algorithm, Hashed
from .edit import Keep, Remove, ReplaceCharacters, ReplaceClass, ReplaceOutside, ReplaceWord
from .encode import EncodedIn, Escaped, Notation
from .fixed import Constant, Default, Identity, OpaqueStep, PerhapsNull
from .join import Concat
from .lines import Lines
from .lookup import Map
from .normalize import NormalForm, Normalized
from .null_if import NullIf
from .part import After, Before, LastPart, Split
from .period import Period, PeriodEnd
from .shift import DateShift, MonthEnd, month_end_ways
from .spaces import CollapseSpaces, Trim
from .title import Title
from .transliterate import Table, Transliterated

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..transform import Transform

Options: TypeAlias = "Mapping[str, Any]"
"""The written options by name, typed by the shape; omitted options are absent."""


@dataclass(frozen=True, slots=True)
class TransformSpec:
    """The written form of a transform, and its constructor."""

    shape: Keyed
    build: Callable[[Options], Transform | Concat]
    """Raises TransformError for options that fit the shape and still describe no transform."""


def _asked(options: Options) -> Runner | None:
    """The engine that the step names."""
    named = options.get("as")
    if named is None:
        return None
    asked = Runner(named["engine"], named.get("collation"))
    if not asked.is_described:
        raise TransformError(f"the case of the collation {asked.collation} is not described", "as")
    return asked


def _trim(options: Options) -> Transform:
    return Trim(options.get("side", "both"), options.get("characters"), asked=_asked(options))


def _replace(options: Options) -> Transform:
    if "characters" in options:
        return ReplaceCharacters(tuple(sorted(options["characters"].items())))
    if "class" in options:
        written: str = options["class"]
        charset, words = _charset({"class": written.removesuffix("+")})
        return ReplaceClass(charset, options["with"], words, runs=written.endswith("+"))
    if not options["find"]:
        raise TransformError("the text to find is empty", "find")
    return ReplaceWord(options["find"], options["with"])


def _charset(options: Options) -> tuple[Charset, str]:
    """The characters, and their spelling in the file."""
    if "characters" in options:
        return Charset.of(options["characters"]), repr(options["characters"])
    written: str = options["class"]
    try:
        language = parse(written).language
    except PatternError as error:
        raise TransformError(error.message, "class") from error
    if not isinstance(language, Characters):
        raise TransformError("this is not one class of characters, such as [0-9]", "class")
    return language.parts, written


def _encode(options: Options) -> Transform:
    if "for" in options:
        return Escaped(options["for"])
    charset = options["charset"]
    match options.get("otherwise", "refuse"):
        case "replace":
            return ReplaceOutside(encodable_charset(charset), "?")
        case "drop":
            return ReplaceOutside(encodable_charset(charset), "")
        case _:
            return EncodedIn(charset)


def _hash(options: Options) -> Transform:
    encoding, salt = options.get("encoding", "utf-8"), options.get("salt", "")
    held = encodable_charset(encoding)
    if any(ord(character) not in held for character in salt):
        raise TransformError(f"{encoding} does not hold the salt", "salt")
    return Hashed(options["algorithm"], encoding, salt)


def _truncate(options: Options) -> Transform:
    if options.get("side") == "left":
        if "length" not in options:
            raise TransformError("at the left, characters alone are cut off: give the length", "side")
        return Last(options["length"])
    if "utf16" in options:
        return Truncate(options["utf16"], "utf16")
    if "bytes" in options:
        return Truncate(options["bytes"], options["encoding"])
    return Truncate(options["length"])


def _map(options: Options) -> Transform:
    if "values" not in options:
        raise TransformError("the table of a file is read where an estate is loaded", "file")
    pairs = tuple(options["values"].items())
    if "value" in options:
        return Map(pairs, "value", options["value"])
    return Map(pairs, options.get("otherwise", "refuse"))


def _shift(options: Options) -> Transform:
    asked, stated = _asked(options), options.get("month_end")
    if stated is not None:
        return DateShift(options["by"], (EngineWay(stated),), stated=True)
    return (
        DateShift(options["by"]) if asked is None else DateShift(options["by"], month_end_ways((asked,)), stated=True)
    )


def _concat(options: Options) -> Concat:
    return Concat(options.get("separator", ""), options.get("nulls"), _asked(options))


def _cast(options: Options) -> Transform:
    layout, zone = options.get("format", "%Y-%m-%d"), options.get("zone", "Z")
    return Cast(options["to"], layout, zone, options.get("first_year"))


def _delimiter(options: Options) -> str:
    delimiter: str = options["delimiter"]
    if not delimiter:
        raise TransformError("the delimiter is empty", "delimiter")
    return delimiter


_POSITIVE = Integer(1)
STEP_ENGINE = Choice(*KNOWN_ENGINES)
_AS = Key(
    "as",
    Keyed(
        "as",
        "The engine that runs the step.",
        (
            Key("engine", STEP_ENGINE, "The database, or the language of the program.", required=True),
            Key("collation", TEXT, "Its collation, or locale; every one of the engine's when left out."),
        ),
        short="engine",
    ),
    "What runs this step; the flow's engine when left out.",
)
_CHARACTERS = Key("characters", TEXT, "The characters, one after the other.")
_CLASS = Key("class", TEXT, "The characters as a class of a pattern: [A-Za-z0-9].")
_DELIMITER = Key("delimiter", TEXT, "The text that separates.", required=True)
_THE_TEXT = Key("text", TEXT, "The text.", required=True)
_PERIOD = Key("period", Choice(*get_args(Period)), "The period; weeks begin on Monday.", required=True)
_ZONE = Key("zone", TEXT, "A fixed offset from UTC, such as +02:00; Z when left out.")
_FIRST_YEAR = Key(
    "first_year",
    Integer(1, 9900),
    "Of two digits that are read as a year (%y): the first of the years that they mean.",
)

_SPECS: tuple[TransformSpec, ...] = (
    TransformSpec(Keyed("identity", "Nothing changes."), lambda _: Identity()),
    TransformSpec(
        Keyed(
            "trim",
            "Removes blanks at the ends.",
            (
                Key("side", Choice("both", "left", "right"), "At which end; both when left out."),
                Key("characters", TEXT, "The characters removed; what the engine calls blank when left out."),
                _AS,
            ),
        ),
        _trim,
    ),
    TransformSpec(Keyed("collapse_spaces", "Makes every run of white space one blank."), lambda _: CollapseSpaces()),
    TransformSpec(
        Keyed("upper", "Upper case, as the engine maps each character.", (_AS,)), lambda o: Upper(asked=_asked(o))
    ),
    TransformSpec(
        Keyed("lower", "Lower case, as the engine maps each character.", (_AS,)), lambda o: Lower(asked=_asked(o))
    ),
    TransformSpec(
        Keyed("casefold", "Texts that differ in case alone become the same: Unicode's full case folding."),
        lambda _: Fold(),
    ),
    TransformSpec(
        Keyed("title", "The first letter of each word in upper case, the others in lower case.", (_AS,)),
        lambda o: Title(asked=_asked(o)),
    ),
    TransformSpec(
        Keyed(
            "normalize",
            "One way to write characters that Unicode takes for the same: é, or e and an accent.",
            (Key("form", Choice(*get_args(NormalForm)), "The normal form.", required=True),),
            short="form",
        ),
        lambda o: Normalized(o["form"]),
    ),
    TransformSpec(
        Keyed(
            "transliterate",
            "Writes letters by others, as a table says.",
            (Key("table", Choice(*get_args(Table)), "The table.", required=True),),
            short="table",
        ),
        lambda o: Transliterated(o["table"]),
    ),
    TransformSpec(Keyed("prefix", "Prepends a text.", (_THE_TEXT,), short="text"), lambda o: Prefix(o["text"])),
    TransformSpec(Keyed("suffix", "Appends a text.", (_THE_TEXT,), short="text"), lambda o: Suffix(o["text"])),
    TransformSpec(
        Keyed(
            "replace",
            "Replaces every occurrence of a text, or characters.",
            (
                Key("find", TEXT, "The text that is replaced, from the left, everywhere."),
                Key("with", TEXT, "The replacement."),
                Key("characters", TextMap(characters=True), "The replacement of each character."),
                Key(
                    "class",
                    TEXT,
                    "The characters replaced, as a class of a pattern: [0-9]; with + after it, each run of them is.",
                ),
            ),
            exactly_one=(("find", "characters", "class"),),
            needs={"find": ("with",), "class": ("with",)},
        ),
        _replace,
    ),
    TransformSpec(
        Keyed("remove", "Drops characters.", (_CHARACTERS, _CLASS), exactly_one=(("characters", "class"),)),
        lambda o: Remove(*_charset(o)),
    ),
    TransformSpec(
        Keyed("keep", "Keeps only some characters.", (_CHARACTERS, _CLASS), exactly_one=(("characters", "class"),)),
        lambda o: Keep(*_charset(o)),
    ),
    TransformSpec(
        Keyed(
            "truncate",
            "Cuts a text that is too long, between characters.",
            (
                Key("length", COUNT, "The number of characters (code points) kept."),
                Key("bytes", COUNT, "The number of bytes kept, in `encoding`."),
                Key("encoding", ENCODING, "The encoding whose bytes are counted."),
                Key("utf16", COUNT, "The number of UTF-16 units kept."),
                Key("side", Choice("left", "right"), "The side that is cut off; right when left out."),
            ),
            short="length",
            exactly_one=(("length", "bytes", "utf16"),),
            needs={"bytes": ("encoding",), "encoding": ("bytes",)},
        ),
        _truncate,
    ),
    TransformSpec(
        Keyed(
            "substring",
            "Keeps the characters from one position on.",
            (
                Key("start", _POSITIVE, "The position of the first character kept, from 1.", required=True),
                Key("length", COUNT, "The number of characters kept; all the rest when left out."),
            ),
        ),
        lambda o: Substring(o["start"], o.get("length")),
    ),
    TransformSpec(
        Keyed(
            "hash",
            "The digest of a text, in hexadecimal digits. No two texts are taken to have the same one.",
            (
                Key("algorithm", Choice(*get_args(Algorithm)), "How it is computed.", required=True),
                Key("encoding", ENCODING, "The encoding whose bytes are digested; utf-8 when left out."),
                Key("salt", TEXT, "A text before the value."),
            ),
            short="algorithm",
        ),
        _hash,
    ),
    TransformSpec(
        Keyed("before", "The part before the first delimiter.", (_DELIMITER,), short="delimiter"),
        lambda o: Before(_delimiter(o)),
    ),
    TransformSpec(
        Keyed("after", "The part after the first delimiter.", (_DELIMITER,), short="delimiter"),
        lambda o: After(_delimiter(o)),
    ),
    TransformSpec(
        Keyed(
            "split",
            "One part of a text cut at every delimiter.",
            (
                _DELIMITER,
                Key("part", _POSITIVE, "The number of the part, from 1; left out where a flow delivers all parts."),
            ),
        ),
        lambda o: Split(_delimiter(o), o.get("part", 1)),
    ),
    TransformSpec(
        Keyed("last_part", "The part after the last delimiter.", (_DELIMITER,), short="delimiter"),
        lambda o: LastPart(_delimiter(o)),
    ),
    TransformSpec(
        Keyed(
            "lines",
            "One line of a text whose words are set in lines.",
            (
                Key("width", _POSITIVE, "The most characters of a line.", required=True),
                Key("line", _POSITIVE, "The number of the line, from 1; left out where a flow delivers all lines."),
            ),
            short="width",
        ),
        lambda o: Lines(o["width"], o.get("line", 1)),
    ),
    TransformSpec(
        Keyed(
            "pad",
            "Pads to a length.",
            (
                Key("length", COUNT, "The length reached, in characters.", required=True),
                Key("with", TEXT, "The character added; a blank when left out."),
                Key("side", Choice("left", "right"), "The side that is padded; right when left out."),
                _AS,
            ),
        ),
        lambda o: Pad(o["length"], o.get("with", " "), o.get("side", "right"), asked=_asked(o)),
    ),
    TransformSpec(
        Keyed(
            "concat",
            "Joins the sources, in order. The first transform of a flow with several.",
            (
                Key("separator", TEXT, "The text between them; nothing when left out."),
                Key(
                    "nulls",
                    Choice("skip", "empty", "refuse", "null"),
                    "What becomes of null; when left out, as the engine's CONCAT has it, or CONCAT_WS with a separator.",
                ),
                _AS,
            ),
        ),
        _concat,
    ),
    TransformSpec(Keyed("default", "Gives null a value.", (_THE_TEXT,), short="text"), lambda o: Default(o["text"])),
    TransformSpec(
        Keyed("null_if", "Makes one text null.", (_THE_TEXT, _AS), short="text"),
        lambda o: NullIf(o["text"], asked=_asked(o)),
    ),
    TransformSpec(
        Keyed(
            "constant",
            "Every value, null as well, becomes one text.",
            (Key("text", TEXT, "The text; null when left out."),),
            short="text",
        ),
        lambda o: Constant(o.get("text")),
    ),
    TransformSpec(
        Keyed(
            "or_null",
            "The value, or null where something else than the value decides it, such as an outer join.",
            (Key("why", TEXT, "When it is null, in words.", required=True),),
            short="why",
        ),
        lambda o: PerhapsNull(o["why"]),
    ),
    TransformSpec(
        Keyed(
            "map",
            "Looks the text up in a table.",
            (
                Key("values", TextMap(), "The replacement of each text."),
                Key("file", TEXT, "A CSV file of the estate with the table."),
                Key("from", TEXT, "The column of that file with the texts, by its name in the first line."),
                Key("to", TEXT, "The column with their replacements."),
                Key(
                    "otherwise",
                    Choice("keep", "refuse", "null"),
                    "The outcome for a text that is not in the table; refuse when left out.",
                ),
                Key("value", TEXT, "The replacement of a text that is not in the table, in place of `otherwise`."),
            ),
            exactly_one=(("values", "file"),),
            needs={"file": ("from", "to"), "from": ("file",), "to": ("file",)},
        ),
        _map,
    ),
    TransformSpec(
        Keyed(
            "cast",
            "Converts the value to another type.",
            (
                Key(
                    "to",
                    Choice("integer", "decimal", "text", "boolean", "date", "datetime"),
                    "The target type.",
                    required=True,
                ),
                Key("format", TEXT, "The notation of dates as text; %Y-%m-%d when left out."),
                _ZONE,
                _FIRST_YEAR,
            ),
            short="to",
        ),
        _cast,
    ),
    TransformSpec(
        Keyed(
            "reformat",
            "Writes a date in another notation.",
            (
                Key(
                    "from",
                    TEXT,
                    "The notation of the arriving date: %Y or %y, %m, %d, fixed characters.",
                    required=True,
                ),
                Key("to", TEXT, "The notation it is rewritten to.", required=True),
                _FIRST_YEAR,
            ),
        ),
        lambda o: Reformat(o["from"], o["to"], o.get("first_year")),
    ),
    TransformSpec(
        Keyed(
            "shift",
            "Moves a date by years, months, weeks and days of the calendar.",
            (
                Key("by", DAY_SHIFT, "The distance, as an ISO 8601 duration: P14D later, -P1M earlier.", required=True),
                Key(
                    "month_end",
                    Choice(*get_args(MonthEnd)),
                    "What comes out where a month lacks the day: its last day; the same, and the last day stays the last "
                    "(kept); days of the next month (spill); nothing (refuse). The engine's way when left out.",
                ),
                _AS,
            ),
            short="by",
        ),
        _shift,
    ),
    TransformSpec(
        Keyed(
            "encode",
            "Escapes a text for a notation, or encodes it in a charset.",
            (
                Key("for", Choice(*get_args(Notation)), "The notation it is escaped for."),
                Key("charset", ENCODING, "The charset it is encoded in: latin-1."),
                Key(
                    "otherwise",
                    Choice("refuse", "replace", "drop"),
                    "What becomes of a character that the charset lacks; refuse when left out; replace: a question mark.",
                ),
            ),
            short="for",
            exactly_one=(("for", "charset"),),
            needs={"otherwise": ("charset",)},
        ),
        _encode,
    ),
    TransformSpec(
        Keyed("start_of", "The first day of a date's period.", (_PERIOD,), short="period"),
        lambda o: PeriodEnd(o["period"]),
    ),
    TransformSpec(
        Keyed("end_of", "The last day of a date's period.", (_PERIOD,), short="period"),
        lambda o: PeriodEnd(o["period"], last=True),
    ),
    TransformSpec(
        Keyed(
            "add",
            "Adds a number; one below zero is subtracted.",
            (Key("number", NUMBER, "The number added.", required=True),),
            short="number",
        ),
        lambda o: Added(o["number"]),
    ),
    TransformSpec(
        Keyed(
            "multiply",
            "Multiplies by a number.",
            (Key("by", NUMBER, "The number of times, not 0.", required=True),),
            short="by",
        ),
        lambda o: Multiplied(o["by"]),
    ),
    TransformSpec(
        Keyed(
            "divide",
            "Divides by a whole number and drops the rest.",
            (Key("by", _POSITIVE, "The divisor, above 0.", required=True),),
            short="by",
        ),
        lambda o: Divided(o["by"]),
    ),
    TransformSpec(
        Keyed(
            "remainder",
            "What is left of a number divided by a whole one, with the sign of the number.",
            (Key("by", _POSITIVE, "The divisor, above 0.", required=True),),
            short="by",
        ),
        lambda o: Remainder(o["by"]),
    ),
    TransformSpec(
        Keyed(
            "round",
            "Leaves so many decimals.",
            (
                Key("places", COUNT, "The most decimals left.", required=True),
                Key("cut", BOOLEAN, "true: the rest is dropped; when left out, it is rounded, half away from zero."),
            ),
            short="places",
        ),
        lambda o: RoundedTo(o["places"], o.get("cut", False)),
    ),
    TransformSpec(
        Keyed(
            "within",
            "Fails on a number outside bounds, as a result that is too large for its type does.",
            (
                Key("min", NUMBER, "The least number that passes."),
                Key("max", NUMBER, "The greatest number that passes."),
            ),
            any_of=(("min", "max"),),
        ),
        lambda o: Within(o.get("min"), o.get("max")),
    ),
    TransformSpec(
        Keyed(
            "opaque",
            "A step whose effect is not described: everything downstream of it is unknown.",
            (Key("what", TEXT, "The step in words.", required=True),),
            short="what",
        ),
        lambda o: OpaqueStep(o["what"]),
    ),
)

TRANSFORMS: Mapping[str, TransformSpec] = {spec.shape.name: spec for spec in _SPECS}
"""Every transform by its name."""

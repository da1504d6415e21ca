"""Words that other tools use for ours, each with what to write here: for the suggestion beside a problem.

Their keys are in small letters, without `_`, `-` and blanks (`documents.problem.probably`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def meaning(meant: Mapping[str, str]) -> dict[str, str]:
    """Each of the words on the right, with what stands on the left."""
    return {word: ours for ours, theirs in meant.items() for word in theirs.split()}


TYPE_WORDS = meaning(
    {
        "text": "string str char varchar varchar2 nvarchar nchar character charactervarying bpchar clob nclob longtext "
        "mediumtext tinytext citext uuid guid email url uri phone password",
        "text, with one_of": "enum enumeration choice select option",
        "integer": "int int2 int4 int8 int16 int32 int64 bigint smallint tinyint mediumint long short serial bigserial "
        "byte wholenumber uint",
        "decimal": "number numeric float float32 float64 double doubleprecision real money currency fixed",
        "boolean": "bool bit flag logical yesno truefalse",
        "datetime": "timestamp timestamptz timestampwithtimezone datetime2 datetimeoffset instant smalldatetime",
        "date": "day localdate",
        "time": "timeofday localtime",
    }
)
"""For the type of a field."""

FIELD_WORDS = meaning(
    {
        "max_length": "length len size width maxlen maxsize maxchars maxcharacters charlength charactermaximumlength "
        "limit characters",
        "min_length": "minlen minsize minchars mincharacters",
        "max_bytes": "bytes bytelength octets maxoctets sizeinbytes",
        "max_utf16": "utf16 utf16length codeunits",
        "pattern": "regex regexp regularexpression match matches mask format",
        "one_of": "enum enumeration values allowed allowedvalues choices options in domain permitted const",
        "not_one_of": "notin forbidden excluded disallowed blacklist",
        "required: true": "notnull nonnull mandatory notempty presence",
        "required: false, or leave it out": "nullable optional null allownull",
        "min": "minimum gte ge atleast lowest",
        "max": "maximum lte le atmost highest",
        "exclusive_min": "gt greaterthan above after",
        "exclusive_max": "lt lessthan below before",
        "significant_digits": "significantdigits significantfigures",
        "scale": "decimals decimalplaces fractiondigits fraction",
        "precision": "digits totaldigits",
        "check_digits": "checkdigit checksum luhn mod10 mod97 iban",
        "encodable": "charset encoding characterset codepage",
        "type": "datatype dtype kind",
        "title": "label name displayname description caption comment",
        "opaque": "rule rules check validate validation constraint",
        "unique": "distinct uniquekey nodups",
        "unique: true, and key on the entity": "primarykey pk",
        "default": "defaultvalue defaultsto fallback",
        "generated": "computed calculated formula expression",
        "identity": "autoincrement autonumber sequence counter",
        "on_violation": "onerror violation otherwise overflow",
    }
)
"""For the keys of a field."""

KIND_WORDS = meaning(
    {
        "entry": "screen form page ui input frontend dialog mask app source origin partner import upload",
        "message": "topic queue event stream channel kafka payload",
        "file": "csv document export feed sheet spreadsheet batch",
        "api": "endpoint rest service graphql resource webservice soap",
        "table": "db database relation collection model entity dataset",
        "view": "matview materializedview query report",
    }
)
"""For the kind of an entity."""

ENTITY_WORDS = meaning(
    {
        "fields": "columns properties attributes members",
        "kind": "type",
        "key": "primarykey pk id keys identifier",
        "check": "checks constraint constraints rule rules assert assertion invariant",
        "title": "label name displayname description caption comment",
    }
)
"""For the keys of an entity."""

CONTRACT_WORDS = meaning(
    {
        "entities": "tables messages forms screens files schema schemas models topics",
        "system": "name id service application app",
        "from": "source sources import include schemafile",
        "title": "label displayname description",
    }
)
"""For the keys of a contract."""

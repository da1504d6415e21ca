"""Words that other tools use for flows and their steps, each with what to write here: as `contracts.other_words`."""

from __future__ import annotations

from ..contracts.other_words import meaning

FLOW_WORDS = meaning(
    {
        "from": "source sources src input inputs",
        "to": "target targets destination dest output outputs",
        "via": "transform transforms transformation transformations steps step apply through mapping",
        "when": "condition if where filter case",
        "lag": "delay latency takes",
        "by": "job carrier interface pipeline",
        "note": "comment description title",
        "accept_loss": "lossy allowloss acceptslosses",
    }
)
"""For the keys of a flow."""

TRANSFORM_WORDS = meaning(
    {
        "casefold": "fold foldcase caseinsensitive",
        "title": "titlecase initcap capitalize propercase proper",
        "normalize": "nfc nfkc nfd nfkd unicodenormalize normalise",
        "transliterate": "unaccent translit asciify ascii stripaccents removeaccents",
        "upper": "uppercase ucase toupper touppercase",
        "lower": "lowercase lcase tolower tolowercase",
        "trim": "strip btrim",
        "trim, with side: left": "ltrim lstrip trimstart",
        "trim, with side: right": "rtrim rstrip trimend",
        "collapse_spaces": "squeeze squish normalizespace normalisespaces",
        "truncate": "cut left clip shorten",
        "truncate, with side: left": "right tail last",
        'trim, with side: left and characters: "0"': "striplz stripleadingzeros removeleadingzeros alphaout",
        "lines": "wrap wordwrap textwrap addresslines",
        "substring": "substr mid slice",
        "pad, with side: left": "lpad padleft padstart zfill",
        "pad, with side: right": "rpad padright padend",
        "concat": "join concatenate concatws",
        "split": "splitpart",
        "last_part": "basename lastpart substringafterlast",
        "encode": "escape htmlescape xmlescape urlencode urlescape quote",
        "add": "plus sum",
        "add, with a number below zero": "subtract minus",
        "multiply": "times mul scale",
        "divide": "div intdiv quotient",
        "remainder": "mod modulo modulus",
        "round": "rounding roundto",
        "round, with cut: true": "trunc floor",
        "start_of": "datetrunc trunc startof firstday",
        "end_of": "lastday endof endofmonth eomonth",
        "default": "coalesce ifnull nvl isnull fallback",
        "null_if": "nullif emptyasnull emptytonull",
        "map": "lookup translate decode mapping",
        "cast": "convert todate tonumber tochar toint tostring",
        "shift": "dateadd adddays addmonths plusdays plusmonths adddate timedelta",
        "reformat": "dateformat formatdate strftime",
        "identity": "none noop copy passthrough",
        "opaque": "custom script function sql expression code",
    }
)
"""For the steps of a flow."""

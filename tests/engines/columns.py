"""The kinds of column that are held to each engine, as they stand in a definition."""

_TEXT_CHECKS = (
    "length(x) <= 3",
    "length(x) between 2 and 4",
    "x <> ''",
    "x in ('a', 'active', '', 'é')",
    "x not in ('a', 'B ')",
    "x is null or length(x) = 2",
    "x like 'a%'",
    "x like '%b_'",
    "x not like '%1%'",
    "trim(x) <> ''",
    "trim(x) = x",
    "coalesce(x, '') <> ''",
)
_NUMBER_CHECKS = ("x > 0", "x >= -5 and x < 100", "x in (1, 2, 3)", "x <> 7", "x between 10 and 20")

POSTGRES = (
    *("text", "varchar", "varchar(1)", "varchar(5)", "varchar(10) not null", "character varying(40)", "varchar(300)"),
    *(
        "char",
        "char(1)",
        "char(5)",
        "character(20)",
        "bpchar",
        "bpchar(4)",
        "char(3) not null",
        "national character(4)",
    ),
    *(f"text check ({check})" for check in _TEXT_CHECKS),
    *(f"varchar(5) check ({check})" for check in _TEXT_CHECKS[:6]),
    *(f"char(5) check ({check})" for check in _TEXT_CHECKS[:2]),
    *("text check (x ~ '^[a-z]+$')", r"text check (x ~ '^\d{2,4}$')", "varchar(5) check (x ~ '^[^ ]*$')"),
    *("text check (octet_length(x) <= 4)", "uuid", "bit(3)", "bit varying(4)", "mood", "short_text"),
    *("smallint", "int", "bigint", "int2", "integer not null", "smallint check (x > 3)"),
    *("numeric", "numeric(5)", "numeric(5,2)", "numeric(10,4)", "numeric(2,2)", "numeric(2,4)", "numeric(38,10)"),
    *("decimal(3,1)", "numeric(6,2) not null", "real", "double precision"),
    *(f"int check ({check})" for check in _NUMBER_CHECKS),
    *(f"numeric(5,2) check ({check})" for check in _NUMBER_CHECKS[:3]),
    *(
        "boolean",
        "date",
        "time",
        "timestamp",
        "timestamptz",
        "date check (x >= '2000-01-01')",
        "time(3)",
        "timestamp(0)",
    ),
)
POSTGRES_BEFORE = (
    "create type mood as enum ('sad', 'ok', 'very happy')",
    "create domain short_text as varchar(4) check (value <> 'no')",
)

_MARIADB_CHECKS = tuple(check for check in _TEXT_CHECKS if "length" in check)
_LATIN = "character set latin1 collate latin1_nopad_bin"
_EXACT = "character set utf8mb4 collate utf8mb4_nopad_bin"
MARIADB = (
    *(f"{kind} {_EXACT}" for kind in ("varchar(1)", "varchar(5)", "varchar(40)", "varchar(300)", "char", "char(5)")),
    *(f"{kind} {_EXACT}" for kind in ("char(20)", "char(3)", "text", "tinytext", "text(20)", "mediumtext")),
    *(f"{kind} character set latin1" for kind in ("varchar(5)", "char(5)", "tinytext", "varchar(20)")),
    *(f"{kind} character set utf8mb3" for kind in ("varchar(5)", "char(5)", "tinytext", "text")),
    *(
        f"{kind} character set {charset}"
        for kind in ("varchar(6)", "char(4)")
        for charset in ("ascii", "ucs2", "cp1250")
    ),
    *(f"{kind} character set utf16" for kind in ("varchar(5)", "char(3)")),
    *("varchar(5)", "char(5)", "nchar(4)", "national varchar(5)"),
    *(f"varchar(5) {_EXACT} check ({check.replace('length', 'char_length')})" for check in _MARIADB_CHECKS),
    *(
        f"varchar(9) {_EXACT} check ({check})"
        for check in ("x <> ''", "x in ('a', 'active')", "x like 'a%'", "x <> 'a'")
    ),
    *(f"text {_LATIN} check ({check})" for check in ("x <> 'a'", "x in ('a', 'é')")),
    *("enum('a', 'b', 'Zz')", "set('a', 'b')", "uuid", "boolean"),
    *("tinyint", "smallint", "mediumint", "int", "bigint", "tinyint unsigned", "int unsigned", "bigint unsigned"),
    *(
        "decimal(5)",
        "decimal(5,2)",
        "decimal(5,2) unsigned",
        "decimal(2,2)",
        "decimal(10,4)",
        "decimal(30,10)",
        "decimal",
    ),
    *("int not null", "numeric(4,1)", "float", "double", "decimal(3,0) unsigned", "decimal(3,1) unsigned"),
    *("float(5,2)", "float(5,0)", "float(10,2)", "float(20,15)", "real(6,3)", "float(10,2) unsigned"),
    *("double(16,2)", "double(5,2) unsigned", "double(3,3)", "double precision(4,1)", "double(5,2) not null"),
    *(f"int check ({check})" for check in _NUMBER_CHECKS),
    *("date", "time", "datetime", "datetime(6)", "timestamp null", "datetime(3)", "time(6)"),
)

SQLITE = (
    *("text", "varchar(5)", "char(5)", "nvarchar(20)", "clob", "text not null", "text collate nocase", "blob", ""),
    *(f"text check ({check})" for check in _TEXT_CHECKS),
    *(f"varchar(5) check ({check})" for check in _TEXT_CHECKS),
    *(
        "text check (x glob 'a*')",
        "text check (x glob '[0-9]*')",
        "text check (length(x) = 5)",
        "text check (x = lower(x))",
    ),
    *("text check (x in ('a', 'B') and x <> 'B')", "text check (x > 'a')", "text check (x like 'a!%' escape '!')"),
    *("integer", "int", "bigint", "tinyint", "unsigned big int", "int not null", "smallint check (x > 3)"),
    *("numeric", "decimal(10,2)", "real", "double"),
    *(f"int check ({check})" for check in _NUMBER_CHECKS),
    *(f"bigint check ({check})" for check in _NUMBER_CHECKS),
    *(f"{kind} check ({check})" for kind in ("mediumint", "int8") for check in _NUMBER_CHECKS[:3]),
)

DUCKDB = (
    *("varchar", "varchar(5)", "char(5)", "text", "string", "text not null", "bpchar"),
    *(f"varchar check ({check})" for check in _TEXT_CHECKS),
    *(f"varchar(5) check ({check})" for check in _TEXT_CHECKS[:6]),
    *("varchar check (regexp_full_match(x, '[a-z]+'))", "varchar check (starts_with(x, 'ab'))", "uuid"),
    *("varchar check (strlen(x) <= 4)", "enum('a', 'b', 'Zz')"),
    *("tinyint", "smallint", "integer", "bigint", "hugeint", "utinyint", "usmallint", "uinteger", "ubigint"),
    *(
        "decimal(5,2)",
        "decimal(5)",
        "decimal(10,4)",
        "decimal(2,2)",
        "numeric(38,10)",
        "decimal",
        "decimal(4,1) not null",
    ),
    *("real", "double", "boolean", "date", "time", "timestamp", "timestamp_s", "timestamp_ms"),
    *(f"integer check ({check})" for check in _NUMBER_CHECKS),
    *(f"decimal(5,2) check ({check})" for check in _NUMBER_CHECKS),
    *("integer not null", "date check (x >= date '2000-01-01')"),
)

"""Statements of every dialect: what is done to tables, and what is said of what cannot be read."""

import pytest

from fieldline.formats.ddl.engines.engine import EngineName
from fieldline.formats.ddl.engines.registry import engine

from .tables import fields, read, sentences


def told(script: str, dialect: EngineName) -> dict[str, str]:
    """By column: what it demands, in one line."""
    found = fields(script, engine(dialect))
    lines = {}
    for name, field in found.items():
        unique = "" if field.unique is None else " unique" if not field.unique.compared else " unique in any case"
        lines[name] = "; ".join(sentences(field)) + unique
    return lines


def test_mysql_alterations() -> None:
    script = """
        CREATE TABLE `customer` (
          `id` int(11) NOT NULL AUTO_INCREMENT,
          `login` varchar(20) NOT NULL DEFAULT '' COMMENT 'it''s; here',
          `old` text,
          PRIMARY KEY (`id`),
          KEY `k` (`login`(10)),
          FULLTEXT KEY f (old)
        ) ENGINE=InnoDB AUTO_INCREMENT=5 DEFAULT CHARSET=latin1 COLLATE=latin1_bin;
        ALTER TABLE customer CHANGE COLUMN login user_name varchar(30) NOT NULL AFTER id,
          ADD COLUMN mail varchar(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin FIRST, DROP INDEX k;
        ALTER TABLE customer MODIFY old tinytext NOT NULL, ADD UNIQUE KEY m (mail);
        RENAME TABLE customer TO client;
        ALTER TABLE client ADD (a int, b decimal(5,2) unsigned), ALTER a SET DEFAULT 1, ADD INDEX (a);
        ALTER TABLE client DROP COLUMN b, RENAME COLUMN a TO c, ENGINE=Aria;
        LOCK TABLES client WRITE;
        INSERT INTO client VALUES (1, 'a;b');
        UNLOCK TABLES;
    """
    assert told(script, "mysql") == {
        "client.mail": "text; at most 100 characters unique",
        "client.id": "integer; at least -2147483648; at most 2147483647; not 0 unique",
        "client.user_name": "text; not null; at most 30 characters; encodable in cp1252",
        "client.old": "text; not null; at most 255 bytes in cp1252; encodable in cp1252",
        "client.c": "integer; at least -2147483648; at most 2147483647",
    }


def test_mysql_charsets_convert_and_default() -> None:
    script = """
        create table t (a varchar(5), b varchar(5) charset ascii) charset latin1;
        alter table t add c varchar(5);
        alter table t default charset utf8mb4, add d varchar(5);
    """
    found = told(script, "mysql")
    assert found["t.a"] == "text; at most 5 characters; encodable in cp1252"
    assert found["t.b"] == "text; at most 5 characters; encodable in ascii"
    assert found["t.c"] == "text; at most 5 characters; encodable in cp1252"
    assert found["t.d"] == "text; at most 5 characters"
    converted = told(f"{script} alter table t convert to character set utf8mb4", "mysql")
    assert set(converted.values()) == {"text; at most 5 characters"}


def test_mysql_runs_what_stands_in_versioned_comments_and_between_delimiters() -> None:
    script = """
        /*!40101 SET NAMES utf8 */;
        DELIMITER //
        CREATE PROCEDURE p() BEGIN SELECT 1; DROP TABLE t; END //
        DELIMITER ;
        CREATE TABLE t (x int CHECK (x > 1) /*!80016 NOT ENFORCED */, y int) /* not; this */;
        # DROP TABLE t;
        -- DROP TABLE t;
    """
    assert told(script, "mysql") == {
        "t.x": "integer; at least -2147483648; at most 2147483647",
        "t.y": "integer; at least -2147483648; at most 2147483647",
    }


def test_mariadb_replaces_a_columns_check_with_its_definition_and_mysql_keeps_it() -> None:
    script = "create table t (x int check (x > 5)); alter table t modify x int"
    assert "more than 5" not in told(script, "mariadb")["t.x"]
    assert "more than 5" in told(script, "mysql")["t.x"]


def test_mysql_that_is_not_strict_cuts() -> None:
    script = "create table t (x varchar(5) charset latin1, y enum('a', 'b'), z tinyint, d decimal(5,2), e timestamp)"
    found = fields(script, engine("mysql", strict=False))
    actions = {name: {c.name: c.on_violation for c in field.constraints} for name, field in found.items()}
    assert actions["t.x"] == {"type": "reject", "max_length": "truncate", "encodable": "replace"}
    assert actions["t.y"] == {"type": "reject", "pattern": "empty", "one_of": "unknown"}
    assert actions["t.z"] == {"type": "round", "min": "clamp", "max": "clamp"}
    assert actions["t.d"] == {"type": "reject", "precision": "clamp", "scale": "round"}
    assert actions["t.e"]["min"] == "empty"


def test_a_check_rejects_where_the_type_alone_would_cut() -> None:
    found = fields("create table t (x varchar(5) check (char_length(x) <= 3))", engine("mysql", strict=False))
    assert {c.name: c.on_violation for c in found["t.x"].constraints}["max_length"] == "reject"


def test_each_engine_stores_fixed_texts_in_its_own_way() -> None:
    ways = {
        name: [c.restriction.way for c in fields("create table t (x char(5))", name)["t.x"].stored]
        for name in ("postgres", "mysql", "mariadb", "sqlite", "duckdb", "oracle", "sqlserver", "redshift")
    }
    assert ways == {
        "postgres": ["fitted", "padded"],
        "mysql": ["fitted_spaces", "stripped"],
        "mariadb": ["fitted_spaces", "stripped"],
        "sqlite": [],
        "duckdb": [],
        "oracle": ["empty_as_null", "padded"],
        "sqlserver": ["padded"],
        "redshift": ["fitted", "padded"],
    }


def test_the_charset_of_a_mysql_server_is_not_assumed() -> None:
    known = fields("create table t (x varchar(5) charset utf8mb4, y varchar(5) charset utf8)", "mariadb")
    assert [c.name for c in known["t.x"].constraints] == ["type", "max_length"]
    assert "😀" not in known["t.y"].accepts
    (doubt,) = (c for c in fields("create table t (x varchar(5))", "mariadb")["t.x"].constraints if c.doubt)
    assert doubt.doubt == 'what becomes of a value that is not "encodable in ascii" is not known'
    assert doubt.sure is not None
    assert "abc" in doubt.sure
    assert "é" not in doubt.sure


def test_a_foreign_key_is_told_at_its_columns() -> None:
    script = """
        create table p (a int, b varchar(2), primary key (a, b));
        create table t (x varchar(2) references p (b) on delete cascade, a int, b varchar(2), c int,
            constraint f foreign key (a, b) references p (a, b));
    """
    found = fields(script, "postgres")
    assert {name: field.declared for name, field in found.items() if name.startswith("t.")} == {
        "t.x": ("references p (b)",),
        "t.a": ("references p (a, b)",),
        "t.b": ("references p (a, b)",),
        "t.c": (),
    }
    gone = fields(script + "alter table t drop constraint f; alter table t drop column x;", "postgres")
    assert [field.declared for name, field in gone.items() if name.startswith("t.")] == [(), (), ()]


@pytest.mark.parametrize(
    ("version", "mysql", "mariadb"),
    [
        ("!40101", True, True),
        ("!50699", True, True),
        ("!50700", True, False),
        ("!80016", True, False),
        ("!99999", False, False),
        ("!100100", False, True),
        ("!999999", False, False),
        ("!", True, True),
        ("M!", False, True),
        ("M!50800", False, True),
        ("M!999999", False, False),
    ],
)
def test_text_in_a_comment_is_run_by_servers_of_its_version(version: str, mysql: bool, mariadb: bool) -> None:
    script = f"create table t (x int /*{version} not null */, y int)"
    assert fields(script, "mysql")["t.x"].required == mysql
    assert fields(script, "mariadb")["t.x"].required == mariadb


def test_sql_server_scripts_as_its_studio_writes_them() -> None:
    script = """
        SET ANSI_NULLS ON
        GO
        CREATE TABLE [dbo].[Customer](
            [Id] [int] IDENTITY(1,1) NOT NULL,
            [Name] [nvarchar](50) COLLATE Latin1_General_BIN2 NOT NULL,
            [Code] [varchar](10) NULL,
            [Note] [nvarchar](max) NULL,
            [Total] AS ([Id] * 2) PERSISTED,
            CONSTRAINT [PK_Customer] PRIMARY KEY CLUSTERED ([Id] ASC) WITH (PAD_INDEX = OFF) ON [PRIMARY]
        ) ON [PRIMARY] TEXTIMAGE_ON [PRIMARY]
        GO
        ALTER TABLE [dbo].[Customer] WITH NOCHECK ADD CONSTRAINT [CK] CHECK ((datalength([Name]) <= (40)))
        GO
        ALTER TABLE [dbo].[Customer] ADD CONSTRAINT [DF] DEFAULT (N'x') FOR [Code]
        ALTER TABLE Customer ALTER COLUMN Code varchar(20) NOT NULL
        ALTER TABLE Customer ADD Mail nvarchar(100), Born date NULL
        EXEC sp_rename 'dbo.Customer.Note', 'Remark', 'COLUMN'
        EXEC sp_rename N'Customer', N'Client'
        CREATE UNIQUE NONCLUSTERED INDEX u ON Client(Born) WHERE Born IS NOT NULL
        ALTER TABLE Client DROP COLUMN Mail
    """
    found = told(script, "sqlserver")
    assert found["Client.Name"] == "text; not null; at most 20 UTF-16 units"
    assert found["Client.Code"] == "text; not null; at most 20 bytes in cp1252; encodable in cp1252"
    assert found["Client.Remark"] == "text"
    assert found["Client.Born"] == "date unique"
    assert "[Id] * 2" in found["Client.Id"]
    assert "Client.Mail" not in found


def test_sql_server_switches_checks_off_and_on() -> None:
    script = "create table t (x int constraint c check (x > 5))\nalter table t nocheck constraint c\n"
    assert "more than 5" not in told(script, "sqlserver")["t.x"]
    assert "more than 5" in told(f"{script}alter table t with check check constraint all", "sqlserver")["t.x"]


def test_oracle_scripts() -> None:
    script = """
        PROMPT creating it, don't stop
        CREATE TABLE shop.customer (
            id NUMBER(10) GENERATED BY DEFAULT ON NULL AS IDENTITY,
            name VARCHAR2(20 CHAR) NOT NULL ENABLE,
            code CHAR(3 BYTE),
            state VARCHAR2(1) DEFAULT 'N' NOT NULL,
            CONSTRAINT ck CHECK (state IN ('N', 'O')) ENABLE,
            CONSTRAINT pk PRIMARY KEY (id) USING INDEX TABLESPACE users
        ) TABLESPACE users;
        /
        ALTER TABLE shop.customer MODIFY (code VARCHAR2(5), name VARCHAR2(40 CHAR));
        ALTER TABLE shop.customer ADD (mail VARCHAR2(100), born DATE);
        ALTER TABLE shop.customer MODIFY mail NOT NULL;
        ALTER TABLE shop.customer DROP (born);
        CREATE OR REPLACE TRIGGER t BEFORE DELETE ON shop.customer BEGIN NULL; x(';'); END;
        /
        ALTER TABLE shop.customer ADD CONSTRAINT c CHECK (code = 'x') DISABLE NOVALIDATE;
    """
    assert told(script, "oracle") == {
        "shop_customer.id": "integer; not null; at most 10 digits before the decimal point and no decimals unique",
        "shop_customer.name": "text; not null; at most 40 characters; at least 1 character; at most 4000 bytes in utf-8",
        "shop_customer.code": "text; at most 5 bytes in utf-8",
        "shop_customer.state": "text; not null; at least 1 character; at most 1 byte in utf-8; one of N, O",
        "shop_customer.mail": "text; not null; at least 1 character; at most 100 bytes in utf-8",
    }


def test_sqlite_keys_hold_nulls_but_where_the_table_is_strict() -> None:
    assert not fields("create table t (x text primary key)", "sqlite")["t.x"].required
    assert fields("create table t (x text primary key) strict", "sqlite")["t.x"].required
    assert fields("create table t (x text primary key) without rowid", "sqlite")["t.x"].required
    assert not fields("create table t (x integer primary key) strict", "sqlite")["t.x"].required


def test_sqlite_tables_that_are_built_anew() -> None:
    script = """
        PRAGMA foreign_keys=off;
        CREATE TABLE a (x TEXT NOT NULL CHECK (length(x) < 5));
        CREATE TABLE "new_a" (x TEXT, [y] VARCHAR(3));
        INSERT INTO new_a (x) SELECT x FROM a;
        DROP TABLE a;
        ALTER TABLE new_a RENAME TO a;
        CREATE TRIGGER t BEFORE INSERT ON a BEGIN SELECT CASE WHEN 1 THEN RAISE(ABORT, 'no;') END; END;
    """
    found = told(script, "sqlite")
    assert found == {"a.x": "text; TRIGGER t", "a.y": "text; TRIGGER t"}


def test_redshift_keys_and_uniqueness_are_written_down_and_not_enforced() -> None:
    found = fields("create table t (id varchar(5) encode lzo, primary key (id)) distkey(id)", "redshift")["t.id"]
    assert found.unique is None
    assert found.required


def test_postgres_dumps_are_read() -> None:
    script = """
        SELECT pg_catalog.set_config('search_path', '', false);
        CREATE TABLE public.t (
            state character varying(10) DEFAULT 'a'::character varying NOT NULL,
            code text,
            CONSTRAINT t_state_check CHECK (((state)::text = ANY
                ((ARRAY['a'::character varying, 'b'::character varying])::text[]))),
            CONSTRAINT t_code_check CHECK ((code ~~ 'x%'::text))
        );
        ALTER TABLE public.t OWNER TO admin;
        COPY public.t (state, code) FROM stdin;
a\tdon't; DROP TABLE t;
\\.
        ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY (code);
        CREATE INDEX i ON public.t USING btree (state);
    """
    assert told(script, "postgres") == {
        "t.state": "text; not null; at most 10 characters; one of a, b",
        "t.code": "text; not null; at most 2692 bytes in utf-8; matches x[^]* (ecma) unique",
    }


def test_postgres_domains_and_enumerations_follow_their_alterations() -> None:
    script = """
        create type mood as enum ('sad', 'ok');
        create domain short as varchar(5) check (value <> '');
        create table t (m mood, s short, many mood[]);
        alter type mood add value 'glad' before 'ok';
        alter domain short set not null;
        alter domain short add constraint c check (value like 'a%');
        alter domain short rename to shorter;
        alter table t rename m to feeling;
    """
    assert told(script, "postgres") == {
        "t.feeling": "text; one of sad, ok, glad",
        "t.s": 'text; not null; at most 5 characters; matches a[^]* (ecma); not ""',
        "t.many": "text; mood[]",
    }


def test_what_is_unique_in_part_is_not_known() -> None:
    script = """
        create table t (a text, b text, c text, d text, e text, unique (a, b));
        create unique index on t (c) where d is null;
        create unique index on t (lower(e));
        create unique index on t ((d || 'x'));
    """
    found = told(script, "postgres")
    assert found["t.a"] == "text; at most 1330 bytes in utf-8"
    assert found["t.c"] == "text; at most 2692 bytes in utf-8; UNIQUE (c) WHERE d is null"
    assert found["t.d"] == "text; at most 2692 bytes in utf-8 unique"
    assert found["t.e"] == "text; at most 2692 bytes in utf-8 unique in any case"


def test_a_check_on_two_columns_is_a_rule_between_them() -> None:
    columns = "a int, b int, c int, d date, e text"
    script = f"create table t ({columns}, check (a < b and c > 5), check (d > '2024-01-01' or e = 'x'))"
    found = told(script, "postgres")
    assert "check a < b" in found["t.b"]
    assert "CHECK" not in found["t.a"]
    assert "more than 5" in found["t.c"]
    assert "check (d > DATE '2024-01-01') OR (e = 'x')" in found["t.e"]


def test_a_check_on_two_columns_that_cannot_be_stated_is_not_known_of_either() -> None:
    found = told("create table t (a int, b int, e text, f text, check (a + 1 < b), check (e < f))", "postgres")
    assert "CHECK (a + 1 < b)" in found["t.a"]
    assert "CHECK (a + 1 < b)" in found["t.b"]
    assert "CHECK (e < f)" in found["t.e"]


def test_singles_and_rounded_times_are_compared_as_they_are_stored() -> None:
    """PostgreSQL 15: 0.1::real > 0.1 is true; of 12:00:00.4 a time(0) is 12:00."""
    columns = "r real, q real, p double precision, s time(0), v time"
    checks = "check (r <= p), check (r <= q), check (s <= v), check (p = 7 or q <= 0.1), check (p = 8 or q <= 0.5)"
    found = told(f"create table t ({columns}, {checks})", "postgres")
    assert "CHECK (r <= p)" in found["t.r"]
    assert "check r <= q" in found["t.r"]
    assert "CHECK (s <= v)" in found["t.s"]
    assert "CHECK (p = 7 or q <= 0.1)" in found["t.q"]
    assert "check (p = 8) OR (q <= 0.5)" in found["t.q"]


def test_a_generated_column_binds_what_it_is_made_from_when_it_can_fail() -> None:
    script = """
        create table t (a text, b text, c text generated always as (lower(a)) stored,
                        d varchar(3) generated always as (b) stored);
        alter table t rename b to renamed;
    """
    found = told(script, "postgres")
    assert found["t.a"] == "text"
    assert found["t.renamed"] == "text; d varchar(3) GENERATED ALWAYS AS (b)"


def test_a_trigger_that_only_stamps_the_time_binds_its_own_column() -> None:
    script = """
        create function touch() returns trigger as $$ begin new.at = now(); return new; end $$ language plpgsql;
        create function other() returns trigger as $$ begin new.x = upper(new.x); return new; end $$ language plpgsql;
        create table t (x text, at timestamptz);
        create trigger a before insert or update on t for each row execute function touch();
        create trigger gone before delete on t for each row execute function other();
    """
    assert told(script, "postgres") == {"t.x": "text", "t.at": "datetime; TRIGGER a"}
    other = f"{script} create trigger b before insert on t for each row execute procedure other();"
    assert told(other, "postgres") == {"t.x": "text; TRIGGER b", "t.at": "datetime; TRIGGER a"}
    assert told(f"{other} drop trigger b on t;", "postgres") == {"t.x": "text", "t.at": "datetime; TRIGGER a"}


def test_a_copied_table_has_the_checks_and_keys_that_are_included() -> None:
    script = "create table a (x varchar(5) not null check (x <> '') unique);"
    plain = "text; not null; at most 5 characters"
    assert told(f"{script} create table b (like a)", "postgres")["b.x"] == plain
    assert told(f"{script} create table b (like a including constraints)", "postgres")["b.x"] == f'{plain}; not ""'
    assert told(f"{script} create table b (like a including all)", "postgres")["b.x"] == f'{plain}; not "" unique'
    assert told(f"{script} create table b (like a including all excluding all)", "postgres")["b.x"] == plain
    assert told(f"{script} create table b like a", "mysql")["b.x"].endswith("unique in any case")


def test_an_heir_changes_with_its_parent() -> None:
    script = """
        create table a (x text check (x <> '') unique);
        create table b (y int) inherits (a);
        alter table a add z int not null, alter x type varchar(5);
        alter table only a add w int;
    """
    found = told(script, "postgres")
    assert found["b.x"] == 'text; at most 5 characters; not ""'
    assert "not null" in found["b.z"]
    assert "b.w" not in found
    adopted = f"{script} create table c (x text); alter table c inherit a; alter table a add v int;"
    assert "c.v" in told(adopted, "postgres")
    assert "c.u" not in told(f"{adopted} alter table c no inherit a; alter table a add u int;", "postgres")


def test_what_goes_with_a_schema_or_a_parent_is_gone() -> None:
    script = """
        create schema a; create schema b;
        create table a.t (x int); create table b.t (x int); create table u (x int); create table v () inherits (u);
        alter schema a rename to c;
        drop schema b cascade;
    """
    assert set(told(script, "postgres")) == {"c_t.x", "u.x", "v.x"}
    assert set(told(f"{script} drop table u cascade", "postgres")) == {"c_t.x"}


def test_what_parts_of_a_table_demand_is_not_known_of_the_whole() -> None:
    script = """
        create table t (day date, x text) partition by range (day);
        create table t_1 partition of t for values from ('2024-01-01') to ('2025-01-01');
    """
    assert told(script, "postgres") == {"t.day": "date; PARTITION BY RANGE", "t.x": "text"}
    assert told(f"{script} create table t_0 partition of t default", "postgres") == {"t.day": "date", "t.x": "text"}
    altered = told(f"{script} alter table t_1 add check (x <> '')", "postgres")
    assert altered["t.x"] == "text; PARTITION t_1 add check (x <> '')"
    assert told(f"{script} alter table t_1 owner to me", "postgres")["t.x"] == "text"
    mysql = "create table t (d int) partition by range (d) (partition a values less than ({}))"
    assert "PARTITION BY RANGE" in told(mysql.format("5"), "mysql")["t.d"]
    assert "PARTITION BY RANGE" not in told(mysql.format("maxvalue"), "mysql")["t.d"]
    later = "create table t (d int); alter table t partition by list (d) (partition a values in (1, 2))"
    assert "PARTITION BY LIST" in told(later, "mysql")["t.d"]


def test_what_is_only_declared_is_told_and_not_demanded() -> None:
    def declared(script: str, dialect: EngineName) -> list[str]:
        return [f"{name}: {text}" for name, field in fields(script, dialect).items() for text in field.declared]

    assert declared("create table t (x varchar(5) primary key)", "redshift") == ["t.x: PRIMARY KEY (x)"]
    assert declared("create table t (x varchar(5), y int)", "sqlite") == ["t.x: varchar(5)"]
    assert declared("create table t (x varchar(5))", "duckdb") == ["t.x: varchar(5)"]
    for dialect in ("mysql", "postgres"):
        script = "create table t (x int, y int check (y > 2), check (x > 1) not enforced)"
        assert declared(script, dialect) == ["t.x: CHECK (x > 1)"]
        unchecked = fields("create table t (x int)", dialect)["t.x"]
        assert sentences(fields(script, dialect)["t.x"]) == sentences(unchecked)
    assert declared("create table t (x int, y int, check (x > y) not enforced)", "mysql") == [
        "t.x: CHECK (x > y)",
        "t.y: CHECK (x > y)",
    ]
    assert declared("create table t (x number(5), constraint c check (x > 1) disable)", "oracle") == [
        "t.x: CHECK (x > 1)"
    ]
    assert (
        declared(
            "create table t (x varchar(5) check (x <> '')); alter table t add check (x <> 'a') not valid", "postgres"
        )
        == []
    )


@pytest.mark.parametrize(
    ("dialect", "script", "problem"),
    [
        ("postgres", "create table t (x int chekc (x > 1))", '1:23: "chekc" is not known here'),
        ("postgres", "create table t (x text default 'a", "1:32: the quote that begins here never ends"),
        ("postgres", "select 1;\n/* create table t (x int)", "2:1: the comment that begins here never ends"),
        ("postgres", "create table t (x", "1:18: the statement ends too early"),
        (
            "postgres",
            "create table t (x int);\naltre table t add y int",
            '2:1: "altre" begins no statement that is known here',
        ),
        ("postgres", "create tabel t (x int)", '1:8: "tabel" is not known here'),
        ("mysql", "create table t (x int);\nalter table t modifiy x text", '2:15: "modifiy" is not known here'),
        ("sqlserver", "set nocount on alter table t add x int", "1:16: another statement begins here"),
        ("postgres", "create table t (x int) alter table t add y int", "1:24: another statement begins here"),
        ("postgres", "\\i other.sql\nselect 1;", '1:1: the script that "\\i other.sql" runs is not read from here'),
        ("oracle", "@@other.sql\nselect 1 from dual;", '1:1: the script that "@@other.sql" runs is not read from here'),
        ("mysql", "source other.sql\n", '1:1: the script that "source other.sql" runs is not read from here'),
        ("sqlite", ".read other.sql\n", '1:1: the script that ".read other.sql" runs is not read from here'),
    ],
)
def test_what_no_engine_takes_is_a_problem(dialect: EngineName, script: str, problem: str) -> None:
    _, problems = read(script, dialect)
    assert problems == [f"script.sql:{problem}"]


def test_all_problems_are_told_together_and_the_rest_is_read() -> None:
    found, problems = read("crate x;\ncreate table t (x int, y int chekc (y > 1), z text);\naltre y;", "postgres")
    assert [line.partition(":")[2].partition(":")[0] for line in problems] == ["1", "2", "3"]
    assert set(found) == {"t.x", "t.z"}


def test_the_unfinished_script_never_raises() -> None:
    """Every beginning of a script is read, or said to be wrong."""
    script = """create table t (x varchar(20) not null default 'a' check (x in ('a', 'b')), primary key (x));
        alter table t add constraint c unique (x), alter column x type numeric(5, 2) using x::numeric;
        create unique index i on t (lower(x)) where x <> $$b$$; /* end */ drop table t;"""
    for dialect in ("postgres", "mysql", "sqlite", "duckdb", "oracle", "sqlserver", "redshift"):
        for end in range(len(script)):
            read(script[:end], dialect)


def test_of_a_long_text_it_is_not_known_whether_an_index_holds_it() -> None:
    """PostgreSQL 15: of random letters 2,692 fit into an entry, of one letter that repeats, any number."""
    found = fields(
        "create table t (x text unique, y varchar(600) unique, z varchar(700) primary key, u text, v text, unique (u, v))",
        "postgres",
    )
    doubts = {
        name: [c.sentence for c in field.constraints if c.doubt and c.name != "opaque"] for name, field in found.items()
    }
    assert doubts == {
        "t.x": ["at most 2692 bytes in utf-8"],
        "t.y": [],
        "t.z": ["at most 2692 bytes in utf-8"],
        "t.u": ["at most 1330 bytes in utf-8"],
        "t.v": ["at most 1330 bytes in utf-8"],
    }


@pytest.mark.parametrize("dialect", ["postgres", "mysql", "sqlite"])
def test_a_number_that_would_take_an_exabyte_to_write_out_is_not_carried_over(dialect: EngineName) -> None:
    vast = "1e999999999999999999"
    script = (
        f"create table t (a numeric(9,2) default {vast}, check (a < {vast} and a > -{vast}), check (a in (0, {vast})))"
    )
    constraints = fields(script, engine(dialect))["t.a"].constraints
    assert any(vast in constraint.sentence for constraint in constraints if constraint.name == "opaque")


def test_types_with_types_inside_stand_beside_other_columns() -> None:
    script = """
        CREATE TABLE t (m MAP<STRING,INT>, n CHAR(3), s STRUCT<a: INT, b: ARRAY<MAP<INT,STRING>>> NOT NULL COMMENT 'x',
          k INT CHECK (k < 5), l INT) USING parquet
    """
    assert told(script, "spark") | {"t.k": ""} == {
        "t.m": "text; MAP<STRING,INT>",
        "t.n": "text; at most 3 characters",
        "t.s": "text; not null; STRUCT<a: INT, b: ARRAY<MAP<INT,STRING>>>",
        "t.k": "",
        "t.l": told("CREATE TABLE t (l INT) USING parquet", "spark")["t.l"],
    }
    described = "CREATE TABLE t (n STRING(3) OPTIONS(description = 'a, b') NOT NULL, s STRUCT<a INT64, b STRING>)"
    assert told(described, "bigquery") == {
        "t.n": "text; not null; at most 3 characters",
        "t.s": "text; STRUCT<a INT64, b STRING>",
    }


@pytest.mark.parametrize(
    ("of", "script"),
    [
        ("postgres", 'create table a.t (n varchar(40)); create table "a.t" (n varchar(5));'),
        ("oracle", 'create table t (n varchar2(40)); create table "t" (n varchar2(5));'),
    ],
)
def test_tables_that_are_written_alike_are_both_read(of: str, script: str) -> None:
    found = fields(script, of)
    assert len(found) == 2
    assert [name.partition(".")[0].endswith("_2") for name in found] == [False, True]

"""PostgreSQL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from .. import ecma
from ..catalogue import NotReadHere, first_column
from ..charsets import python_codec
from ..patterns import Flavour, LikeRules
from ..sqltype import FIXED_TEXTS
from .engine import HEX, LONGEST_FITTED, Engine, EngineName, StoredSchema
from .postgres_functions import FUNCTIONS
from .syntax import ScriptSyntax, StatementSyntax

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..catalogue import Ask
    from ..sqltype import SqlType, TypedColumn

_CODECS = {
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

_DETERMINISTIC = re.compile(
    r"default|C|POSIX|ucs_basic|unicode|C\.(?:UTF-8|utf8)|[a-z]{2}_[A-Z]{2}(?:\.[\w-]+)?|.+-x-icu"
)
"""Its own collations: they order texts, and take none for equal that are not. One made by CREATE COLLATION may."""


class Postgres(Engine):
    """PostgreSQL. Lengths are characters."""

    name: ClassVar[EngineName] = "postgres"
    liquibase_word = "postgresql"
    grammar = "postgres"
    script = ScriptSyntax(
        commands=(
            # Data between a COPY and its end; then psql's own commands.
            re.compile(r"(?ims)^[ \t]*COPY\b[^;]*\bFROM\s+stdin\b[^;]*;\n(.*?)^\\\.$"),
            re.compile(r"(?ms)\A(?:(?!^\\if\b).)*?^(\\q(?:uit)?[ \t]*$.*)"),
            re.compile(r"(?m)^\\(?!ir?\b|include).*$"),
        ),
        inclusions=re.compile(r"(?m)^\\(?:ir?|include|include_relative)\b.*$"),
        nested_comments=True,
        escape_strings=True,
    )
    query_functions: ClassVar[frozenset[str] | None] = FUNCTIONS
    catalogue = frozenset(
        ("pg_attribute", "pg_attrdef", "pg_class", "pg_constraint", "pg_enum", "pg_trigger", "pg_type")
    )
    statements = StatementSyntax(
        like_element=True,
        parts_apart=True,
        trigger_functions=True,
        programs_in_texts=True,
        select_into=True,
        quoted_types=True,
        quoted_char=True,
        transactional=True,
        schema_words=frozenset(("SET SEARCH_PATH", "SET SCHEMA", "RESET SEARCH_PATH")),
    )

    integers: ClassVar[Mapping[str, int]] = {
        **dict.fromkeys(("SMALLINT", "INT2", "SMALLSERIAL", "SERIAL2"), 16),
        **dict.fromkeys(("INTEGER", "INT", "INT4", "SERIAL", "SERIAL4"), 32),
        **dict.fromkeys(("BIGINT", "INT8", "BIGSERIAL", "SERIAL8"), 64),
    }
    # PostgreSQL 15, 8.12: braces around, a hyphen after any group of four digits.
    uuid: ClassVar[str | None] = rf"(?:{HEX}{{4}}-?){{7}}{HEX}{{4}}|\{{(?:{HEX}{{4}}-?){{7}}{HEX}{{4}}\}}"
    # PostgreSQL 15: an entry of a B-tree has at most 2,704 bytes, 12 of which are its own for one text. Longer texts fit
    # as far as they can be compressed, which hangs on their content.
    index_bytes = 2_692
    folds_names = True
    counting: ClassVar[Mapping[str, str]] = {"octet_length": "bytes"}
    escape_literals = True
    like = LikeRules(escape="\\", escapes_all=True)
    has_starts_with = True
    # PostgreSQL 15, 9.7.3: advanced regular expressions. Digits are ASCII's in the libc and C locales; letters and
    # spaces hang on the locale.
    regex: ClassVar[Flavour | None] = Flavour("[^]", {"d": "0-9"}, {"digit": "0-9"})
    # PostgreSQL 15, 9.7.2.
    whole_patterns: ClassVar[Mapping[str, Flavour]] = {
        "SimilarTo": Flavour("[^]", {}, {"digit": "0-9"}, similar=True),
    }

    def is_text(self, made: SqlType) -> bool:
        return made.name == "CITEXT" or super().is_text(made)

    def apply_text(self, column: TypedColumn) -> None:
        """More trailing spaces than fit are dropped, not rejected; a CHAR is filled up with them (PostgreSQL 15, 8.3)."""
        made, rules = column.type, column.rules
        length = made.number() if made.args else 1 if made.name in FIXED_TEXTS - {"BPCHAR"} else None
        if length is not None:
            rules.bound("max_length", length, made.at)
            if length <= LONGEST_FITTED:
                rules.stored["fitted"] = made.at
            if made.name in FIXED_TEXTS:
                rules.stored["padded"] = made.at
        elif made.args:
            rules.add_opaque(made.written, made.at)
        rules.case_blind = made.name == "CITEXT"
        charset = self.codec(column.charset)
        if charset is None:
            rules.add_opaque(f"encodable in {column.charset}", made.at)
        elif charset != "utf-8":
            rules.held_by(charset, made.at)
        self._reject_nul(column)

    def _reject_nul(self, column: TypedColumn) -> None:
        if self.nul:
            column.rules.no_nul = column.type.at

    def codec(self, charset: str | None) -> str | None:
        if charset is None:
            return None
        return _CODECS.get(charset.lower().replace("-", "")) or python_codec(charset)

    def apply_own_type(self, column: TypedColumn) -> bool:
        made = column.type
        if made.name not in {"BIT", "BIT VARYING", "VARBIT"}:
            return False
        length = made.number() if made.args else 1 if made.name == "BIT" else None
        least = length or 0 if made.name == "BIT" else 0
        column.rules.matches(ecma.repeated_unit(least, length, "[01]"), made.at)
        column.rules.actions["pattern"] = "unknown"  # b101 and x5 are read, too, and come back as 101 and 0101
        return True

    def compares_exactly(self, collation: str | None) -> bool:
        return collation is None or _DETERMINISTIC.fullmatch(collation) is not None

    def lowers_ascii(self, collation: str | None) -> bool:
        return collation in {"C", "POSIX"}

    def fold(self, name: str, *, quoted: bool) -> str:
        return name if quoted else name.lower()

    @classmethod
    def stored_schema(cls, ask: Ask) -> StoredSchema:
        version = first_column(ask("select version()"))[0]
        if "Redshift" in version or not version.startswith("PostgreSQL"):
            raise NotReadHere(version.split(" ", 1)[0] if "Redshift" not in version else "Redshift")
        charset = first_column(ask("show server_encoding"))[0]
        statements = [text for query in _CATALOGUE for text in first_column(ask(query))]
        return StoredSchema("postgres", statements, charset=charset)

    @classmethod
    def views_query(cls) -> str:
        """PostgreSQL 15, 54.30 "pg_views", 54.12 "pg_matviews": a table of a schema on the path stands without it there."""
        return (
            "SELECT CASE WHEN schemaname <> ALL (current_schemas(false)) THEN schemaname END, viewname, definition FROM ("
            "SELECT schemaname, viewname, definition FROM pg_catalog.pg_views "
            "WHERE schemaname NOT IN ('pg_catalog', 'information_schema') UNION ALL "
            "SELECT schemaname, matviewname, definition FROM pg_catalog.pg_matviews) AS shown ORDER BY 1, 2"
        )

    @classmethod
    def columns_query(cls, table: str, schema: str | None = None) -> str:
        """A table is looked up as in any query; a type without a size has no brackets."""
        from sqlglot import exp

        path = [exp.to_identifier(part, quoted=True).sql(cls.grammar) for part in (schema, table) if part is not None]
        quoted = exp.Literal.string(".".join(path)).sql(cls.grammar)
        return (
            "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute "
            f"WHERE attrelid = to_regclass({quoted}) AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
        )


_OURS = "n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(temp|toast)'"
_TABLES = f"c.relkind in ('r', 'p') and not c.relispartition and {_OURS}"
_CATALOGUE = (
    f"""
    select format('CREATE TYPE %I.%I AS ENUM (%s)', n.nspname, t.typname,
                  string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder))
    from pg_type t join pg_enum e on e.enumtypid = t.oid join pg_namespace n on n.oid = t.typnamespace
    where {_OURS} group by n.nspname, t.typname order by n.nspname, t.typname
    """,
    f"""
    select format('CREATE DOMAIN %I.%I AS %s%s%s%s %s', n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod),
                  (select format(' COLLATE %I', l.collname) from pg_collation l
                   where l.oid = t.typcollation and l.collname <> 'default'),
                  ' DEFAULT ' || t.typdefault,
                  case when t.typnotnull then ' NOT NULL' end,
                  (select string_agg(format('CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid)), ' '
                                     order by k.conname)
                   from pg_constraint k where k.contypid = t.oid and k.contype = 'c'))
    from pg_type t join pg_namespace n on n.oid = t.typnamespace
    where t.typtype = 'd' and {_OURS} order by n.nspname, t.typname
    """,
    f"""
    select format('CREATE TABLE %I.%I (%s)', n.nspname, c.relname,
        string_agg(format('%I %s%s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
            (select format(' COLLATE %I', l.collname) from pg_collation l
             where l.oid = a.attcollation and l.collname <> 'default'),
            case when a.attnotnull then ' NOT NULL' end,
            case a.attidentity when 'a' then ' GENERATED ALWAYS AS IDENTITY'
                               when 'd' then ' GENERATED BY DEFAULT AS IDENTITY' end,
            (select format(case when a.attgenerated = 's' then ' GENERATED ALWAYS AS (%s) STORED' else ' DEFAULT %s' end,
                           pg_get_expr(d.adbin, d.adrelid))
             from pg_attrdef d where d.adrelid = a.attrelid and d.adnum = a.attnum)),
            ', ' order by a.attnum))
        || case when c.relkind = 'p' then ' PARTITION BY ' || pg_get_partkeydef(c.oid) else '' end
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
         join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where {_TABLES} group by n.nspname, c.relname, c.relkind, c.oid order by n.nspname, c.relname
    """,
    f"""
    select format('CREATE TABLE %I.%I PARTITION OF %s %s', n.nspname, c.relname, i.inhparent::regclass,
                  pg_get_expr(c.relpartbound, c.oid))
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_inherits i on i.inhrelid = c.oid
    where c.relispartition and {_OURS} order by n.nspname, c.relname
    """,
    f"""
    select format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid))
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
    where k.contype = 'c' and k.coninhcount = 0 and c.relispartition and {_OURS}
    order by n.nspname, c.relname, k.conname
    """,
    f"""
    select format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid))
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
    where k.contype in ('c', 'u', 'p', 'x', 'f') and k.conparentid = 0 and {_TABLES}
    order by n.nspname, c.relname, k.conname
    """,
    f"""
    select pg_get_indexdef(i.indexrelid)
    from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
    where i.indisunique and {_TABLES} and not exists
          (select 1 from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('u', 'p', 'x'))
    order by 1
    """,
    f"""
    select distinct pg_get_functiondef(g.tgfoid)
    from pg_trigger g join pg_class c on c.oid = g.tgrelid join pg_namespace n on n.oid = c.relnamespace
         join pg_proc p on p.oid = g.tgfoid join pg_language l on l.oid = p.prolang
    where not g.tgisinternal and g.tgenabled in ('O', 'A') and l.lanname = 'plpgsql' and {_TABLES} order by 1
    """,
    f"""
    select pg_get_triggerdef(g.oid)
    from pg_trigger g join pg_class c on c.oid = g.tgrelid join pg_namespace n on n.oid = c.relnamespace
    where not g.tgisinternal and g.tgenabled in ('O', 'A') and {_TABLES} order by 1
    """,
    f"""
    select format('CREATE POLICY %I ON %I.%I', p.polname, n.nspname, c.relname)
           || case p.polcmd when 'r' then ' FOR SELECT' when 'd' then ' FOR DELETE' else '' end
           || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
           || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')
    from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
    where c.relrowsecurity and {_TABLES} order by 1
    """,
    f"""
    select rtrim(pg_get_ruledef(r.oid), ';')
    from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
    where r.rulename <> '_RETURN' and {_TABLES} order by 1
    """,
)
"""PostgreSQL 15, chapter 53: each query gives statements."""

"""Where the grammar of definitions differs from engine to engine, as data."""

from __future__ import annotations

import re
from dataclasses import dataclass

DOLLAR_QUOTES = re.compile(r"""--|/\*|['"]|\$(?:[^\W\d]\w*)?\$""")
"""Comments and quotes of the standard, with PostgreSQL's `$body$`."""

CREATE_PROGRAM = r"CREATE\s+(?:OR\s+(?:REPLACE|ALTER)\s+)?(?:(?:NON)?EDITIONABLE\s+|TEMP\s+|TEMPORARY\s+)?"
"""The head of a statement that makes a trigger, a function or a procedure."""


@dataclass(frozen=True, slots=True)
class ScriptSyntax:
    """How a script is divided into statements, and which parts of it are no SQL."""

    quotes: re.Pattern[str] = DOLLAR_QUOTES
    """The marks that begin a comment or a quote."""
    commands: tuple[re.Pattern[str], ...] = ()
    """Commands of the engine's shell, and data; where a pattern has a group, only the group."""
    inclusions: re.Pattern[str] | None = None
    """Commands of the engine's shell that run another script."""
    programs: tuple[re.Pattern[str], ...] = ()
    """Bodies of triggers and procedures: their semicolons end no statement."""
    batch_end: re.Pattern[str] | None = None
    """A line that ends a batch of statements, as a semicolon would."""
    delimiters: bool = False
    """Whether `DELIMITER //` changes the mark that ends a statement."""
    versions_run: tuple[range, ...] = ()
    """The versions of which text in `/*!80016 … */` is run; none: all comments are comments."""
    own_comments: bool = False
    """Whether text in `/*M! … */` is run."""
    nested_comments: bool = False
    """Whether a comment may hold another."""
    backslash_escapes: bool = False
    """Whether a backslash escapes inside quotes."""
    escape_strings: bool = False
    """Whether it does so inside `E'…'`."""
    quoted_paths: bool = False
    """Whether one pair of quotes holds a whole path (`shop.sales.customer`), and a name without quotes may have dashes."""
    bare_statements: bool = False
    """Whether statements follow one another without semicolons."""


@dataclass(frozen=True, slots=True)
class StatementSyntax:
    """How single statements differ."""

    index_words: frozenset[str] = frozenset()
    """The words that begin an index among the columns of a table."""
    like_element: bool = False
    """Whether `LIKE other` may stand among the columns of a table."""
    like_table: bool = False
    """Whether `CREATE TABLE t (LIKE other)` makes a copy, with the charset of the table."""
    untyped_computed: bool = False
    """Whether a computed column has no type: `total AS (a + b)`."""
    bare_key: bool = False
    """Whether `KEY` after a column's type makes the primary key."""
    required_types: frozenset[str] = frozenset()
    """Types whose columns are NOT NULL by themselves."""
    computed_types: frozenset[str] = frozenset()
    """Types in whose columns the engine alone writes."""
    counted_types: frozenset[str] = frozenset()
    """Types in whose columns null becomes the next number."""
    programs_in_texts: bool = False
    """Whether DO runs a program that stands in a text: `DO $$ BEGIN … END $$`."""
    adds_keys: bool = True
    """Whether ALTER TABLE adds keys; an engine that refuses that has them where the table is created alone."""
    strict_tables: bool = False
    """Whether a table may be STRICT."""
    charsets: bool = False
    """Whether tables and databases have a charset and a collation of their own."""
    trigger_functions: bool = False
    """Whether triggers call functions that stand apart."""
    trigger_table_first: bool = False
    """Whether a trigger names its table before its events."""
    transact: bool = False
    """Whether ALTER TABLE is Transact-SQL's: WITH CHECK, named defaults, `DROP name` for a constraint, `ALTER COLUMN`
    with the whole type."""
    alters_checks: bool = False
    """Whether `ALTER CHECK` changes the enforcement of a constraint."""
    partial_modify: bool = False
    """Whether MODIFY changes the named attributes alone; elsewhere it gives the whole definition anew."""
    inline_checks_replaced: bool = False
    """Whether a new definition of a column replaces the checks inside the old one."""
    renames_tables: bool = False
    """Whether RENAME renames tables: `RENAME TABLE a TO b, c TO d`."""
    renames_objects: bool = False
    """Whether RENAME renames an object: `RENAME a TO b`."""
    executes_procedures: bool = False
    """Whether EXEC calls procedures, which may change tables."""
    anonymous_blocks: bool = False
    """Whether BEGIN and DECLARE begin a program."""
    select_into: bool = False
    """Whether SELECT INTO makes a table."""
    queries_keep_required: bool = False
    """Whether `CREATE TABLE … AS SELECT` keeps NOT NULL."""
    parts_apart: bool = False
    """Whether the parts of a table are tables of their own."""
    partitions_reject: bool = True
    """Whether a table rejects a row that fits into none of its partitions; False where they only lay rows out."""
    free_types: bool = False
    """Whether any number of words is a type, none included."""
    quoted_types: bool = False
    """Whether the name of a type keeps its case in quotes."""
    distinct_types: bool = False
    """Whether `CREATE TYPE name AS DECIMAL(9, 2)` makes a type with the values of another."""
    declares_tables: bool = False
    """Whether `DECLARE name TABLE (…)` describes a table, in a program."""
    ccsids: bool = False
    """Whether a table has a CCSID of its own."""
    counted_identity: bool = False
    """Whether `IDENTITY` after a column's type gives a number only where none is sent."""
    modify_alters: bool = False
    """Whether `MODIFY COLUMN` is another word for `ALTER COLUMN`."""
    actions_in_a_row: bool = False
    """Whether actions of ALTER TABLE follow one another without commas."""
    scripting: bool = False
    """Whether blocks (BEGIN … END, IF … END IF, LOOP …) may stand among the statements of a script."""
    keeps_global_temporary: bool = False
    """Whether the definition of a GLOBAL TEMPORARY table stays: each session fills it anew."""
    transactional: bool = False
    """Whether a transaction that is taken back takes definitions back, too."""
    schema_words: frozenset[str] = frozenset()
    """The words before the schema in which names without one stand: `USE`, `SET SEARCH_PATH`."""
    quoted_char: bool = False
    """Whether `"char"` is a type of its own, of one byte."""

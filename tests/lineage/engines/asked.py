"""The answers of real engines: what `upper`, `lower` and `trim` make of every character, and what a pad does.

Each function here asks one engine. `generate.py` writes what they say into `lineage/engine_tables.py`, and the tests hold
that module to them.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import unicodedata
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ...mariadb import server as mariadb
from ...postgres import server as postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

POINTS = [point for point in range(1, 0x110000) if not 0xD800 <= point <= 0xDFFF]
"""Every character but U+0000, which some engines do not hold."""
SIGMA = "A\u03a3"
"""A capital sigma at the end of a word: where the context counts, its lower case is the final form."""


@dataclass(frozen=True)
class Answers:
    """What one engine, under one of its providers or collations, says."""

    version: str
    upper: Mapping[int, str]
    """Of every character that is not its own upper case."""
    lower: Mapping[int, str]
    """Of every character that is not its own lower case, alone."""
    final_sigma: bool
    """Whether the lower case of a capital sigma at the end of a word is the final form."""
    trimmed: frozenset[int]
    """The characters that `trim` drops at the ends."""
    pad: str | None
    """What a left pad to 5 with zeros makes of 123456; None: there is no such function."""
    words: frozenset[int] | None = None
    """The characters after which `initcap` writes small letters; None: it is not asked, or goes by more than the one."""


def _changed(pairs: Iterable[tuple[int, str]]) -> dict[int, str]:
    return {point: text for point, text in pairs if text != chr(point)}


def of_python() -> Answers:
    """The Python that runs the tests."""
    return Answers(
        f"Unicode {unicodedata.unidata_version}",
        _changed((point, chr(point).upper()) for point in POINTS),
        _changed((point, chr(point).lower()) for point in POINTS),
        SIGMA.lower().endswith("\u03c2"),
        frozenset(point for point in POINTS if not chr(point).strip()),
        "123456".rjust(5, "0"),
    )


_NODE = """
const points = [];
for (let p = 1; p < 0x110000; p++) if (p < 0xd800 || p > 0xdfff) points.push(p);
const changed = f => points.map(p => [p, f(String.fromCodePoint(p))]).filter(([p, t]) => t !== String.fromCodePoint(p));
console.log(JSON.stringify({
  version: "Node.js " + process.versions.node.split(".")[0] + ", Unicode " + process.versions.unicode,
  upper: changed(t => t.toUpperCase()), lower: changed(t => t.toLowerCase()), sigma: "A\\u03a3".toLowerCase(),
  trimmed: points.filter(p => String.fromCodePoint(p).trim() === ""), pad: "123456".padStart(5, "0")}));
"""


def of_node() -> Answers:
    """JavaScript: toUpperCase, toLowerCase, trim, padStart."""
    return _of_json(subprocess.run(["node", "-e", _NODE], capture_output=True, check=True, text=True).stdout)


_JAVA = """
import java.util.*;
public class Asked {
  public static void main(String[] a) throws Exception {
    String version = System.getProperty("java.specification.version");
    StringBuilder out = new StringBuilder("{\\"version\\": \\"Java " + version + "\\"");
    for (String name : new String[] {"upper", "lower", "trimmed"}) {
      out.append(", \\"" + name + "\\": [");
      String between = "";
      for (int p = 1; p < 0x110000; p++) {
        if (p >= 0xd800 && p <= 0xdfff) continue;
        String t = new String(Character.toChars(p));
        if (name.equals("trimmed")) {
          if (t.strip().isEmpty()) { out.append(between + p); between = ","; }
          continue;
        }
        String u = name.equals("upper") ? t.toUpperCase(Locale.ROOT) : t.toLowerCase(Locale.ROOT);
        if (u.equals(t)) continue;
        out.append(between + "[" + p + ",\\""); between = ",";
        for (int i = 0; i < u.length(); i++) out.append(String.format("\\\\u%04x", (int) u.charAt(i)));
        out.append("\\"]");
      }
      out.append("]");
    }
    String sigma = "A\\u03a3".toLowerCase(Locale.ROOT);
    out.append(String.format(", \\"sigma\\": \\"a\\\\u%04x\\", \\"pad\\": null}", (int) sigma.charAt(1)));
    System.out.write(out.toString().getBytes("ASCII"));
    System.out.flush();
  }
}
"""


def of_java() -> Answers:
    """Java: toUpperCase and toLowerCase of the root locale, strip; it pads nothing itself."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "Asked.java"
        file.write_text(_JAVA, encoding="utf-8")
        return _of_json(subprocess.run(["java", str(file)], capture_output=True, check=True, text=True).stdout)


def _of_json(text: str) -> Answers:
    said = json.loads(text)
    return Answers(
        said["version"],
        dict(said["upper"]),
        dict(said["lower"]),
        said["sigma"].endswith("\u03c2"),
        frozenset(said["trimmed"]),
        said["pad"],
    )


def of_sqlite() -> Answers:
    """SQLite without the ICU extension; it has no pad."""
    connection = sqlite3.connect(":memory:")
    connection.execute("create table t (p integer primary key)")
    connection.executemany("insert into t values (?)", ((point,) for point in POINTS))

    def rows(query: str) -> list[tuple[int, str]]:
        return connection.execute(query).fetchall()

    return Answers(
        f"SQLite {sqlite3.sqlite_version}",
        _changed(rows("select p, upper(char(p)) from t")),
        _changed(rows("select p, lower(char(p)) from t")),
        connection.execute("select lower(?)", (SIGMA,)).fetchone()[0].endswith("\u03c2"),
        frozenset(point for point, text in rows("select p, trim(char(p)) from t") if text == ""),
        None,
    )


def of_duckdb() -> Answers:
    """DuckDB."""
    import duckdb

    connection = duckdb.connect()

    def rows(query: str) -> list[tuple[int, str]]:
        points = "(select range::integer as p from range(1, 1114112) where range not between 55296 and 57343)"
        return connection.execute(query.replace("t()", points)).fetchall()

    return Answers(
        f"DuckDB {duckdb.__version__.rsplit('.', 1)[0]}",
        _changed(rows("select p, upper(chr(p)) from t()")),
        _changed(rows("select p, lower(chr(p)) from t()")),
        rows(f"select 1, lower('{SIGMA}')")[0][1].endswith("\u03c2"),
        frozenset(point for point, text in rows("select p, trim(chr(p)) from t()") if text == ""),
        rows("select 1, lpad('123456', 5, '0')")[0][1],
    )


POSTGRES_COLLATIONS = {"C": "C", "libc": "C.utf8", "icu": "und-x-icu"}
"""Per provider of PostgreSQL, a collation of it. Every UTF-8 locale of glibc has the same case, Turkish ones aside."""


def of_postgres() -> Iterator[tuple[str, Answers]]:
    """PostgreSQL, per provider."""
    import psycopg

    with postgres.running() as socket, psycopg.connect(host=socket, user="tester", dbname="postgres") as connection:

        def rows(query: str) -> list[tuple[int, str]]:
            points = "(select p from generate_series(1, 1114111) p where p not between 55296 and 57343) t"
            return connection.execute(query.replace("t()", points)).fetchall()  # type: ignore[arg-type]

        version = f"PostgreSQL {connection.info.server_version // 10_000}"
        trimmed = frozenset(point for point, text in rows("select p, trim(chr(p)) from t()") if text == "")
        pad = rows("select 1, lpad('123456', 5, '0')")[0][1]
        for name, collation in POSTGRES_COLLATIONS.items():
            yield (
                name,
                Answers(
                    version,
                    _changed(rows(f'select p, upper(chr(p) collate "{collation}") from t()')),
                    _changed(rows(f'select p, lower(chr(p) collate "{collation}") from t()')),
                    rows(f"select 1, lower('{SIGMA}' collate \"{collation}\")")[0][1].endswith("\u03c2"),
                    trimmed,
                    pad,
                    None
                    if name == "icu"
                    else frozenset(
                        point
                        for point, text in rows(
                            f"select p, initcap('a' || chr(p) || 'b' collate \"{collation}\") from t()"
                        )
                        if text.endswith("b")
                    ),
                ),
            )


MARIADB_COLLATIONS = {"utf8mb4": "utf8mb4_general_ci", "uca1400": "uca1400_ai_ci"}
"""Per family of MariaDB's collations, one of it: all of a family have the same case (a test asks three of the first)."""


_MARIADB_POINTS = "(select seq p from seq_1_to_1114111 where seq not between 55296 and 57343) t"
_MARIADB_CHARACTER = "convert(char(p using utf32) using utf8mb4)"


@contextmanager
def asking_mariadb() -> Iterator[Callable[[str], list[list[str]]]]:
    """A MariaDB server of its own: gives the rows of a query, each a list of texts."""
    with mariadb.running() as socket:
        client = ["mariadb", "--no-defaults", f"--socket={socket}", "--user=root", "--batch", "--skip-column-names"]
        subprocess.run([*client, "-e", "create database if not exists test"], check=True)

        def ask(query: str) -> list[list[str]]:
            written = f"set names utf8mb4; {query};".encode()
            options = ["--default-character-set=utf8mb4", "test"]
            done = subprocess.run([*client, *options], input=written, capture_output=True, check=True)
            return [line.split("\t") for line in done.stdout.decode().splitlines()]

        yield ask


MARIADB_WEIGHED = {
    "general_ci": "utf8mb4_general_ci",
    "unicode_ci": "utf8mb4_unicode_ci",
    "uca1400_ai_ci": "uca1400_ai_ci",
}
"""The collations whose weights are asked for, by the names that `collation_tables.py` has for them."""


def weights_of_mariadb() -> Iterator[tuple[str, dict[int, str]]]:
    """Per collation, what every character is compared by: its weights, in hexadecimal digits, four each."""
    with asking_mariadb() as ask:
        for name, collation in MARIADB_WEIGHED.items():
            weight = f"hex(weight_string({_MARIADB_CHARACTER} collate {collation}))"
            yield name, {int(row[0]): row[1] for row in ask(f"select p, {weight} from {_MARIADB_POINTS}")}


def of_mariadb(collations: Mapping[str, str] = MARIADB_COLLATIONS) -> Iterator[tuple[str, Answers]]:
    """MariaDB, per family of collations."""
    with asking_mariadb() as ask:

        def rows(query: str) -> list[tuple[int, str]]:
            return [(int(point), bytes.fromhex(image).decode()) for point, image in ask(query)]

        points, character = _MARIADB_POINTS, _MARIADB_CHARACTER
        trimmed = frozenset(p for p, text in rows(f"select p, hex(trim({character})) from {points}") if text == "")
        version = "MariaDB 10.11"
        pad = rows("select 1, hex(lpad('123456', 5, '0'))")[0][1]
        for name, collation in collations.items():
            here = f"{character} collate {collation}"
            yield (
                name,
                Answers(
                    version,
                    _changed(rows(f"select p, hex(upper({here})) from {points}")),
                    _changed(rows(f"select p, hex(lower({here})) from {points}")),
                    rows(f"select 1, hex(lower(_utf8mb4'{SIGMA}' collate {collation}))")[0][1].endswith("\u03c2"),
                    trimmed,
                    pad,
                ),
            )


def of_spark() -> Answers:
    """Apache Spark with its own settings."""
    from fieldline.rows.engines.spark import spark_session

    with spark_session() as session:
        kept = "id between 1 and 1114111 and id not between 55296 and 57343"
        said = session.sql(
            "select p, upper(c) u, lower(c) l, trim(c) t from (select id p, substring(decode(unhex(concat('00000078', "
            f"lpad(hex(id), 8, '0'))), 'UTF-32'), 2) c from range(1, 1114112) where {kept})"  # x: FEFF alone is no text
        ).collect()
        sigma, pad = session.sql(f"select lower('{SIGMA}'), lpad('123456', 5, '0')").collect()[0]
        return Answers(
            f"Spark {session.version.rsplit('.', 1)[0]}",
            _changed((row.p, row.u) for row in said),
            _changed((row.p, row.l) for row in said),
            sigma.endswith("\u03c2"),
            frozenset(row.p for row in said if row.t == ""),
            pad,
        )

"""Mutants of estates and of foreign sources: bytes, lines, words and nodes of their files are changed at random.

What is put in are the words of all files, and values at which readers break: numbers out of all bounds, deep nests, names
with dots and NULs, patterns, statements that end in the middle.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from fieldline.reports.starter_estate import starter_files

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
_FLOWS = """flows:
  - {from: web.form.name, to: shop.person.name, via: [trim, {truncate: {length: 12}}, upper], lag: PT1H, by: job}
  - {from: web.form.born, to: shop.person.born, via: [{cast: {to: date, format: "%d.%m.%Y"}}]}
  - from: [web.form.name, web.form.more]
    to: api.addPerson.name
    via: [{concat: {separator: " "}}]
    when: "web.form.kind <> ''"
  - {from: web.form.kind, to: shop.person.kind, via: [{map: {values: {a: A, b: B}, otherwise: keep}}], accept_loss: true}
  - {from: web.form.age, to: shop.person.age, via: [{default: "7"}]}
  - from: web.form.more
    to: model.person.name
    via: [{replace: {find: "a", with: "bb"}}, {pad: {length: 5, with: "0", side: left}}]
  - {from: web.form.name, to: [schema.person.name, odcs.person.name], via: [{split: {delimiter: "-"}}]}
"""
_WEB = """system: web
title: The form
owner: {team: Web, contact: web@shop.example}
repair: {by: [web], typically: P1D, channel: "#web"}
entities:
  form:
    kind: entry
    key: name
    unique: [[name, more]]
    fields:
      name: {type: text, required: true, max_length: 20, pattern: "[\\\\p{L} '-]+"}
      more: {type: text, required: {when: "kind = 'a'"}, max_bytes: {limit: 9, encoding: cp037, on_violation: truncate}}
      born: {type: text, pattern: "[0-9]{2}\\\\.[0-9]{2}\\\\.[0-9]{4}"}
      kind: {type: text, one_of: [a, b, c], default: a}
      age: {type: integer, min: 0, max: 150}
      made: {type: date, min: {today: -P120Y}, max: today}
"""
_SQL = """create type mood as enum ('sad', 'ok');
create domain short as varchar(9) check (value <> '' and length(value) < 8);
create table person (
  id bigint generated always as identity primary key,
  name varchar(12) not null check (name ~ '^[A-Z ]*$' or name like 'A%'),
  kind char(1) default 'A', age smallint check (age between 0 and 150), born date, feeling mood, nick short,
  total decimal(8, 2) check (total > 0), full_name text generated always as (name || kind) stored,
  constraint one unique (name, kind), foreign key (nick) references other (nick));
alter table person add check (age + 1 < 200), alter column born set not null;
create unique index low on person (lower(name)) where kind is not null;
create trigger look before insert on person for each row execute function look();
comment on table person is 'it''s -- one'; /* the end */
"""
_DBT = {
    "metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json", "adapter_type": "postgres"},
    "nodes": {
        "model.shop.person": {
            "name": "person",
            "resource_type": "model",
            "constraints": [{"type": "unique", "columns": ["name"]}],
            "contract": {"enforced": True},
            "config": {"materialized": "table"},
            "columns": {"name": {"name": "name", "data_type": "varchar(20)", "constraints": [{"type": "not_null"}]}},
        }
    },
}
_SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "person",
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"$ref": "#/$defs/name"},
        "age": {"type": "integer", "minimum": 0, "multipleOf": 1},
        "kind": {"anyOf": [{"const": "a"}, {"enum": ["b", None]}], "not": {"minLength": 3}},
        "born": {"type": "string", "format": "date"},
    },
    "$defs": {"name": {"type": "string", "maxLength": 20, "pattern": "^[a-z]+(?:-[a-z]{1,3})*$"}},
}
_API = """openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /people:
    post:
      operationId: addPerson
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Person"}}}}
components:
  schemas:
    Person:
      type: object
      required: [name]
      properties:
        name: {type: [string, "null"], maxLength: 20, pattern: "^\\\\S+$"}
        n: {type: number, exclusiveMaximum: 10}
"""
_ODCS = """apiVersion: v3.1.0
kind: DataContract
id: x
version: 1.0.0
status: active
schema:
  - name: person
    properties:
      - {name: name, logicalType: string, required: true, logicalTypeOptions: {maxLength: 20, pattern: "^[a-z]*$"}}
      - {name: n, logicalType: integer, unique: true, logicalTypeOptions: {minimum: 1, maximum: 9}}
"""
_EVENT = {
    "eventType": "COMPLETE",
    "job": {"namespace": "jobs", "name": "nightly"},
    "inputs": [],
    "outputs": [
        {
            "namespace": "shop",
            "name": "person",
            "facets": {
                "columnLineage": {
                    "fields": {
                        "nick": {
                            "inputFields": [
                                {
                                    "namespace": "web",
                                    "name": "form",
                                    "field": "name",
                                    "transformations": [{"type": "DIRECT", "subtype": "TRANSFORMATION"}],
                                }
                            ]
                        }
                    }
                }
            },
        }
    ],
}
SOURCES: Mapping[str, str] = {
    "fieldline.yaml": "estate: mutants\nengine: postgres\nrules: {loss: warning}\nfail_on: warning\nenv: [NO_DB]\n",
    "contracts/web.yaml": _WEB,
    "contracts/shop.yaml": "system: shop\nfrom: {sql: {files: sources/shop.sql, dialect: postgres}}\n",
    "contracts/schema.yaml": "system: schema\nfrom: {json_schema: sources/person.schema.json}\n",
    "contracts/api.yaml": "system: api\nfrom: {openapi: {files: sources/api.yaml, kind: table}}\n",
    "contracts/odcs.yaml": "system: odcs\nfrom: {odcs: sources/shop.odcs.yaml}\n",
    "contracts/model.yaml": "system: model\nfrom: {dbt: sources/manifest.json}\n",
    "lineage/flows.yaml": _FLOWS,
    "lineage/events.yaml": "from: {openlineage: sources/event.json}\nflows: []\n",
    "sources/shop.sql": _SQL,
    "sources/manifest.json": json.dumps(_DBT, indent=1),
    "sources/person.schema.json": json.dumps(_SCHEMA, indent=1),
    "sources/api.yaml": _API,
    "sources/shop.odcs.yaml": _ODCS,
    "sources/event.json": json.dumps(_EVENT, indent=1),
}
"""An estate that reads every format."""


def _files(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in sorted(folder.rglob("*.yaml"))}


ESTATES: Mapping[str, Mapping[str, str]] = {
    "sources": SOURCES,
    "starter": starter_files(),
    **{name: _files(EXAMPLES / name) for name in ("identity", "nordbank", "cbsa")},
}
_WORD = re.compile(r"[\w.%-]+|\S")
_WORDS = sorted({word for files in ESTATES.values() for text in files.values() for word in _WORD.findall(text)})
_ODD = (
    *("1e999999999", "-1e-999999999", "9" * 400, "0.1", "-0", "NaN", ".inf", "1_000", "0x1f", "1:30:00", "2024-02-30"),
    *(
        "null",
        "~",
        "true",
        "NO",
        '""',
        "''",
        "a.b.c.d",
        ".",
        "..",
        "../..",
        "/etc/passwd",
        "\\",
        "%s",
        "{",
        "}",
        "[",
        "]",
    ),
    *("((((", "(a*)*b", "(?<=a)", "[^]", "\\p{Zz}", "[z-a]", "a{99999}", "(a|b)*a(a|b){20}", "\\x00", "\\ud800", "*"),
    *(
        "&a",
        "*a",
        "!!int",
        "!!python/name:os.system",
        "<<: {}",
        "--- ",
        "%YAML 9.9",
        "\t",
        "\ufeff",
        "\u2028",
        "\u202e",
    ),
    *(
        "'",
        '"',
        "`",
        "$$",
        "/*",
        "*/",
        "--",
        ";",
        "0000-00-00",
        "P99999999Y",
        "PT",
        "€",
        "😀",
        "e\u0301" * 9,
        "x" * 3_000,
    ),
    *("select", "NOT NULL", "check (1/0 = 1)", "::text", "cast(x as", "[[[[[[[[", "{" * 90, "[" * 90, "- - - - - - -"),
    *("$ref", "#/$defs/name", "http://127.0.0.1/x", "allOf", "not", "file:///etc/passwd", "today", "env", "database"),
)
_DEEPEST = 200


def mutant(files: Mapping[str, str], chance: random.Random) -> tuple[str, bytes]:
    """The name of a file, and its new content."""
    name = chance.choice(list(files))
    content = files[name].encode()
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        content = chance.choice(_MUTATIONS)(content, chance)
    return name, content


def _bytes(content: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(content) + 1)
    end = min(len(content), start + chance.choice((0, 1, 1, 2, 9, 80)))
    put = chance.choice((b"", content[start:end] * 2, bytes([chance.randrange(256)]), b"\x00", b"\xff\xfe", b"\r"))
    return content[:start] + put + content[end:]


def _words(content: bytes, chance: random.Random) -> bytes:
    text = content.decode("utf-8", "replace")
    found = list(_WORD.finditer(text))
    if not found:
        return content
    word = chance.choice(found)
    put = chance.choice(
        (chance.choice(_ODD), chance.choice(_WORDS), "", f"{word[0]} {word[0]}", chance.choice(found)[0])
    )
    return (text[: word.start()] + put + text[word.end() :]).encode()


def _lines(content: bytes, chance: random.Random) -> bytes:
    lines = content.split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(5):
        case 0:
            del lines[one]
        case 1:
            lines.insert(other, lines[one])
        case 2:
            lines[one], lines[other] = lines[other], lines[one]
        case 3:
            lines[one] = b"  " + lines[one]
        case _:
            lines = lines[: one + 1]
    return b"\n".join(lines)


class _Plain(yaml.SafeDumper):
    """Writes what stands in two places twice: an anchor would be refused before anything else is looked at."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - of whatever data
        return True


def _nodes(content: bytes, chance: random.Random) -> bytes:
    """One node of YAML or JSON is left out, put elsewhere, wrapped or changed; a key is renamed."""
    try:
        tree = yaml.load(content, yaml.CSafeLoader)
        places = list(_places(tree))
    except (yaml.YAMLError, ValueError, RecursionError, TypeError, AttributeError, LookupError):  # PyYAML's own
        return _words(content, chance)
    if not places:
        return _lines(content, chance)
    holder, key = chance.choice(places)
    other_holder, other_key = chance.choice(places)
    match chance.randrange(7):
        case 0:
            del holder[key]
        case 1:
            holder[key] = chance.choice(_ODD)
        case 2:
            holder[key] = other_holder[other_key]
        case 3:
            holder[key] = [holder[key]] if chance.random() < 0.5 else {str(key): holder[key]}
        case 4 if isinstance(holder, dict):
            holder[chance.choice((*_WORDS, *_ODD))] = holder.pop(key)
        case 5:
            for _ in range(chance.choice((3, 70, _DEEPEST))):
                holder[key] = [holder[key]]
        case _:
            holder[key] = chance.choice((None, True, -1, 10**40, 1.5, [], {}, "", "a\x00b", chance.choice(_WORDS)))
    try:
        is_json = content.lstrip()[:1] == b"{"
        written = (
            json.dumps(tree, default=str)
            if is_json
            else yaml.dump(tree, Dumper=_Plain, sort_keys=False, allow_unicode=True)
        )
        return written.encode("utf-8", "replace")
    except (RecursionError, ValueError, TypeError, yaml.YAMLError):
        return _words(content, chance)


def _places(tree: object) -> list[tuple[Any, Any]]:
    """Every node below a tree, by what holds it and its key or index there."""
    places: list[tuple[Any, Any]] = []
    waiting: list[Any] = [tree]
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen or not isinstance(node, dict | list):
            continue
        seen.add(id(node))
        keys = list(node) if isinstance(node, dict) else range(len(node))
        places += [(node, key) for key in keys]
        waiting += [node[key] for key in keys]
    return places


_MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (_bytes, _words, _words, _lines, _nodes, _nodes)

"""Connectors of Kafka Connect: their transforms as the steps of flows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from fieldline.documents.problem import EstateError
from fieldline.estate.load import load_estate

if TYPE_CHECKING:
    from pathlib import Path

FIELDS = (
    "{id: {type: integer, min: 0, max: 9}, big: {type: integer}, name: {type: text}, mail: {type: text}, "
    "ok: {type: boolean}}"
)
SHOP = f"system: shop\nentities: {{customer: {{fields: {FIELDS}}}}}\n"
NAMES = ("id", "big", "name", "mail", "ok", "title", "number")
TEXTS = ", ".join(f"{name}: {{type: text}}" for name in NAMES)
BUS = f"system: bus\nentities: {{customer: {{kind: message, fields: {{{TEXTS}}}}}}}\n"


def flows(
    folder: Path, config: dict[str, str], options: str = "reads: shop.customer, writes: bus.customer"
) -> list[str]:
    files = {
        "fieldline.yaml": "estate: test\n",
        "contracts/shop.yaml": SHOP,
        "contracts/bus.yaml": BUS,
        "lineage/f.yaml": f"from: {{kafka_connect: {{files: c.json, {options}}}}}\n",
        "c.json": json.dumps({"name": "orders", "config": config}),
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return [
        f"{flow.sources[0].field.field} -> {flow.target.field}{''.join(f' [{step.sentence}]' for step in flow.via)}"
        for flow in load_estate(folder).flows
    ]


def smt(**transforms: dict[str, str]) -> dict[str, str]:
    config = {"transforms": ",".join(transforms)}
    for alias, options in transforms.items():
        kind = options.pop("type")
        config[f"transforms.{alias}.type"] = f"org.apache.kafka.connect.transforms.{kind}"
        config |= {f"transforms.{alias}.{key}": value for key, value in options.items()}
    return config


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, ["id -> id", "big -> big", "name -> name", "mail -> mail", "ok -> ok"]),
        (
            smt(rename={"type": "ReplaceField$Value", "renames": "name:title,id:number", "exclude": "mail,big"}),
            ["id -> number", "name -> title", "ok -> ok"],
        ),
        (smt(keep={"type": "ReplaceField$Value", "include": "name"}), ["name -> name"]),
        (
            smt(
                a={"type": "ReplaceField$Value", "include": "id,big,name,ok"},
                b={"type": "Cast$Value", "spec": "id:string,big:int32,name:string,ok:string"},
            ),
            [
                "id -> id [as text]",
                "big -> big [cast from integer to int32 by Kafka Connect]",  # too large a number comes out as another one
                "name -> name",
                "ok -> ok [cast from boolean to string by Kafka Connect]",
            ],
        ),
        (
            smt(a={"type": "ReplaceField$Value", "include": "id"}, b={"type": "Cast$Value", "spec": "id:int8"}),
            ["id -> id"],
        ),
        (
            smt(
                a={"type": "ReplaceField$Value", "include": "name,id"},
                b={"type": "MaskField$Value", "fields": "name,id"},
            ),
            ["id -> id [masked by b]", 'name -> name [always ""]'],
        ),
        (
            smt(
                unwrap={"type": "ExtractNewRecordState"},
                own={"type": "Ours$Value"},
                k={"type": "ReplaceField$Key", "exclude": "id"},
            ),
            [f"{name} -> {name} [the transform own (Ours)]" for name in ("id", "big", "name", "mail", "ok")],
        ),
        (
            {
                "column.exclude.list": "public.customer.big, public.customer.ok,public.customer.id",
                "column.truncate.to.5.chars": "public\\.customer\\.name",
                "column.mask.with.3.chars": "public.customer.mail",
            },
            ["name -> name [cut to 5 UTF-16 units]", 'mail -> mail [always "***"]'],
        ),
    ],
)
def test_transforms_are_steps_in_their_order(tmp_path: Path, config: dict[str, str], expected: list[str]) -> None:
    assert flows(tmp_path, config) == expected


def test_a_digest_of_debezium_is_opaque(tmp_path: Path) -> None:
    config = {"column.include.list": "p.c.mail", "column.mask.hash.SHA-256.with.salt.x": "p.c.mail"}
    (only,) = flows(tmp_path, config)
    assert "as Debezium digests it" in only


def test_an_entity_that_no_contract_has_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(EstateError, match=r'"shop.custome" is no entity of a contract'):
        flows(tmp_path, {}, "reads: shop.custome, writes: bus.customer")


KEPT = [f"{name} -> {name}" for name in ("id", "big", "ok")]


def test_a_transform_with_a_predicate_is_of_some_records_alone(tmp_path: Path) -> None:
    config = smt(
        a={"type": "ReplaceField$Value", "exclude": "mail", "renames": "name:title", "predicate": "P"},
        b={"type": "Cast$Value", "spec": "id:string", "predicate": "P"},
    )
    assert sorted(flows(tmp_path, config)) == [
        "big -> big",
        "id -> id [as text] [the transform b, of some records alone]",
        "mail -> mail [the transform a, of some records alone]",
        "name -> name [the transform a, of some records alone]",
        "name -> title [the transform a, of some records alone]",
        "ok -> ok",
    ]


def test_a_filter_of_records_is_told_once(tmp_path: Path) -> None:
    config = smt(a={"type": "Filter", "predicate": "P"})
    assert flows(tmp_path, config) == [*KEPT[:2], "name -> name", "mail -> mail", KEPT[2]]
    assert {flow.filter for flow in load_estate(tmp_path).flows} == {"the transform a (Filter) leaves out some records"}


def test_a_field_that_is_inserted_takes_the_place_of_another(tmp_path: Path) -> None:
    config = smt(
        a={"type": "InsertField$Value", "static.field": "mail", "static.value": "x", "timestamp.field": "number!"},
    )
    assert flows(tmp_path, config) == [
        *KEPT[:2],
        "name -> name",
        KEPT[2],
        'id -> mail [always "x"]',
        "id -> number [the timestamp of the record in Kafka]",
    ]


@pytest.mark.parametrize(
    ("listed", "is_cut"),
    [
        ("public.orders.name", True),  # the settings do not say which table the entity is
        ("public.orders.name, public.customer.mail", False),
        (".*[.]customer[.]na.*", True),
        ("public.customer.(mail|name)", True),
        ("(a+)+b", False),
    ],
)
def test_a_column_of_another_table_is_not_cut(tmp_path: Path, listed: str, is_cut: bool) -> None:
    found = flows(tmp_path, {"column.truncate.to.5.chars": listed})
    assert ("name -> name" not in found) == is_cut


JDBC = {
    "connector.class": "io.confluent.connect.jdbc.JdbcSourceConnector",
    "connection.url": "jdbc:postgresql://db/shop",
}
SINK = {"connector.class": "io.confluent.connect.jdbc.JdbcSinkConnector"}
MONGO = {"connector.class": "io.debezium.connector.mongodb.MongoDbConnector"}
ALL = ("id", "big", "name", "mail", "ok")


def all_opaque(words: str) -> list[str]:
    """Every field that is written, from the first one of those that are read."""
    return [f"id -> {name} [{words}]" for name in NAMES]


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (
            JDBC | {"query": "SELECT id, upper(name) AS name, mail AS Title, mail || name AS number FROM customer"},
            [
                "id -> id",
                "name -> name [UPPER(name)]",
                "mail -> title",
                "mail -> number [mail || name]",
                "name -> number [mail || name]",
            ],
        ),
        (JDBC | {"query": "SELECT c.* FROM shop.customer c ORDER BY 1"}, [f"{name} -> {name}" for name in ALL]),
        (
            JDBC | {"query": "SELECT max(id) AS id FROM customer GROUP BY name"},
            all_opaque('"SELECT max(id) AS id FROM customer GROUP BY name"'),
        ),
        (
            JDBC | {"query": "SELECT c.id FROM customer c JOIN old o USING (id)"},
            all_opaque('"SELECT c.id FROM customer c JOIN old o USING (id)"'),
        ),
        (JDBC | {"query": "CALL everything("}, all_opaque('"CALL everything("')),
        (
            JDBC
            | {"query": "SELECT name FROM customer"}
            | smt(a={"type": "ReplaceField$Value", "renames": "name:title"}),
            ["name -> title"],
        ),
        (SINK | {"fields.whitelist": "id, name"}, ["id -> id", "name -> name"]),
        (SINK | {"fields.whitelist": "name", "pk.fields": "id"}, ["id -> id", "name -> name"]),
        (
            SINK | {"fields.whitelist": "title"} | smt(a={"type": "ReplaceField$Value", "renames": "name:title"}),
            ["name -> title"],
        ),
        (SINK | {"field.exclude.list": "orders:big,ok,mail,id"}, ["name -> name"]),
        (
            MONGO
            | {"field.exclude.list": "db.c.big,db.c.ok,db.c.mail,db.c.id"}
            | smt(a={"type": "ReplaceField$Value", "renames": "name:mail"}),
            ["name -> mail"],
        ),
        (MONGO | {"field.renames": "db.c.name:title"}, all_opaque("field.renames = db.c.name:title")),
        (
            {"connect.jdbc.kcql": "INSERT INTO c SELECT name AS title FROM t"},
            all_opaque("connect.jdbc.kcql = INSERT INTO c SELECT name AS title FROM t"),
        ),
        (smt(a={"type": "DropHeaders", "headers": "x"}), [f"{name} -> {name}" for name in ALL]),
    ],
)
def test_what_a_connector_reads_and_writes_by_its_settings(
    tmp_path: Path, config: dict[str, str], expected: list[str]
) -> None:
    """Confluent, "JDBC Source Connector", query; "JDBC Sink Connector", fields.whitelist: pk.fields is apart from it."""
    assert flows(tmp_path, config) == expected


def test_the_condition_of_a_query_leaves_out_records(tmp_path: Path) -> None:
    flows(tmp_path, JDBC | {"query": "SELECT * FROM customer WHERE ok"})
    assert {flow.filter for flow in load_estate(tmp_path).flows} == {
        'the query "SELECT * FROM customer WHERE ok" leaves out some records'
    }


SNAPSHOT = "snapshot.select.statement.overrides"


@pytest.mark.parametrize(
    ("query", "steps", "filters"),
    [
        ("SELECT * FROM public.customer", set(), {None}),
        ("SELECT * FROM public.customer WHERE ok", set(), {"at first, the query"}),
        ("SELECT id, lower(name) AS name FROM public.customer", {"at first,"}, {None}),
    ],
)
def test_a_snapshot_may_be_a_query(tmp_path: Path, query: str, steps: set[str], filters: set[str | None]) -> None:
    """Debezium 3.2, "snapshot.select.statement.overrides": what is read at first, while later changes are whole records."""
    flows(tmp_path, {SNAPSHOT: "public.customer", f"{SNAPSHOT}.public.customer": query})
    told = load_estate(tmp_path).flows
    assert {step.sentence.split(' "')[0] for flow in told for step in flow.via} == steps
    assert {flow.filter and flow.filter.split(' "')[0] for flow in told} == filters


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (
            "title",
            [
                *(f"{name} -> {name}" for name in ALL),
                'id -> title [always "S"] [the transform a, of some records alone]',
            ],
        ),
        (
            "name",
            [
                *(f"{name} -> {name}" for name in ALL if name != "name"),
                'id -> name [always "S"] [the transform a, of some records alone]',
                "name -> name [the transform a, of some records alone]",
            ],
        ),
    ],
)
def test_a_field_that_is_inserted_in_some_records_is_not_the_key(
    tmp_path: Path, field: str, expected: list[str]
) -> None:
    config = smt(a={"type": "InsertField$Value", "static.field": field, "static.value": "S", "predicate": "P"})
    assert sorted(flows(tmp_path, config)) == sorted(expected)

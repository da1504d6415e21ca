"""ODCS: what a contract of the standard says of fields; round trips stand in tests/reports."""

from __future__ import annotations

from fieldline.documents.names import EntityName

from .reading import Loaded, load

HEAD = "apiVersion: v3.1.0\nkind: DataContract\nid: x\nversion: 1.0.0\nstatus: active\n"


def odcs(properties: str, *, head: str = HEAD, more: str = "") -> Loaded:
    """The contract of one object, `t`, with these properties, a line each."""
    lines = "".join(f"      - {line}\n" for line in properties.splitlines())
    text = (
        f"{head}schema:\n  - name: t\n    physicalType: view\n    businessName: A table\n{more}    properties:\n{lines}"
    )
    return load("system: s\nfrom: {odcs: c.odcs.yaml}\n", {"c.odcs.yaml": text})


def told(properties: str, **more: str) -> dict[str, str]:
    return odcs(properties, **more).told()


def test_types_options_and_keys_are_demands() -> None:
    loaded = odcs(
        "{name: b, logicalType: string, primaryKey: true, primaryKeyPosition: 2}\n"
        "{name: a, logicalType: string, primaryKey: true, primaryKeyPosition: 1, required: true, unique: true}\n"
        "{name: code, businessName: Code, logicalType: string, "
        "logicalTypeOptions: {minLength: 1, maxLength: 5, pattern: '^[A-Z]+$'}}\n"
        "{name: n, logicalType: integer, logicalTypeOptions: {minimum: 1, exclusiveMaximum: 9}}\n"
        "{name: small, logicalType: integer, logicalTypeOptions: {format: u8}}\n"
        "{name: price, logicalType: number, logicalTypeOptions: {multipleOf: 0.01}}\n"
        "{name: born, logicalType: date, logicalTypeOptions: {minimum: 1900-01-01, format: yyyy-MM-dd}}\n"
        "{name: sent, logicalType: timestamp}"
    )
    assert loaded.told() == {
        "t.b": "text; not null",
        "t.a": "text; not null",
        "t.code": "text; at least 1 character; at most 5 characters; matches [A-Z]+ (ecma)",
        "t.n": "integer; at least 1; less than 9",
        "t.small": "integer; at least 0; at most 255",
        "t.price": "decimal; at most 2 decimals",
        "t.born": "date; 1900-01-01 or later",
        "t.sent": "datetime",
    }
    assert loaded.estate is not None
    entity = loaded.estate.contracts.entities[EntityName("s", "t")]
    assert (entity.kind, str(entity.title), entity.key) == ("view", "A table", ("a", "b"))
    assert loaded.field("s.t.a").unique is not None
    assert str(loaded.field("s.t.code").title) == "Code"


def test_what_the_standard_leaves_open_is_a_rule_in_words() -> None:
    assert told(
        "{name: a, logicalType: string, logicalTypeOptions: {pattern: '[A-Z]'}}\n"
        "{name: b, logicalType: string, logicalTypeOptions: {format: email}}\n"
        "{name: c, logicalType: number, logicalTypeOptions: {multipleOf: 5}}\n"
        "{name: d, logicalType: string, physicalType: varchar(18)}\n"
        "{name: e, logicalType: timestamp, logicalTypeOptions: {minimum: '2020-01-01 00:00:00', timezone: false}}\n"
        "{name: f, physicalType: frob}\n"
        "{name: g, logicalType: integer, physicalType: INT}"
    ) == {
        "t.a": "text; pattern: [A-Z]",
        "t.b": "text; format: email",
        "t.c": "decimal; multipleOf: 5",
        "t.d": "text; physicalType: varchar(18)",
        "t.e": "datetime; minimum: 2020-01-01 00:00:00; timezone: false",
        "t.f": "text; no logicalType is given (physicalType: frob)",
        "t.g": "integer; physicalType: INT",
    }


def test_a_physical_type_is_read_as_the_contracts_own_database_means_it() -> None:
    head = f"{HEAD}servers:\n  - {{server: a, type: mysql, host: h, port: 1, database: d}}\n"
    assert told(
        "{name: d, logicalType: string, physicalType: varchar(18)}\n{name: g, logicalType: integer, physicalType: INT}",
        head=head,
    ) == {
        "t.d": "text; at most 18 characters; encodable in ascii",
        "t.g": "integer; at least -2147483648; at most 2147483647",
    }


def test_checks_that_nothing_may_be_wrong_are_demands_and_others_are_rules() -> None:
    found = odcs(
        "{name: a, logicalType: string, quality: [{metric: nullValues, mustBe: 0}, {metric: duplicateValues, mustBe: 0}]}\n"
        "{name: b, logicalType: string, quality: [{metric: invalidValues, mustBe: 0, arguments: {validValues: [x, y]}}]}\n"
        "{name: c, logicalType: string, quality: [{metric: nullValues, mustBeLessThan: 5, unit: percent}]}\n"
        "{name: d, logicalType: string, quality: [{type: text, description: the bank exists}]}"
    )
    assert found.told() == {
        "t.a": "text; not null",
        "t.b": "text; one of x, y",
        "t.c": "text; quality: metric nullValues, mustBeLessThan 5",
        "t.d": "text; the bank exists",
    }
    assert found.field("s.t.a").unique is not None


def test_a_check_of_an_object_stands_at_the_properties_it_names() -> None:
    sql = "{type: sql, query: 'SELECT count(*) FROM t WHERE a > b', mustBe: 0}"
    check = f"    quality: [{sql}, {{metric: rowCount, mustBe: 9}}]\n"
    rule = "quality: query SELECT count(*) FROM t WHERE a > b, mustBe 0"
    properties = "{name: a, logicalType: string}\n{name: b, logicalType: string}\n{name: c, logicalType: string}"
    assert told(properties, more=check) == {"t.a": f"text; {rule}", "t.b": f"text; {rule}", "t.c": "text"}


def test_objects_and_lists_are_fields_by_their_paths() -> None:
    assert told(
        "{name: o, logicalType: object, properties: [{name: x, logicalType: string}]}\n"
        "{name: l, logicalType: array, items: {logicalType: object, properties: [{name: y, logicalType: integer}]}}\n"
        "{name: m, logicalType: array, items: {logicalType: string, logicalTypeOptions: {maxLength: 3}}}"
    ) == {"t.o_x": "text", "t.l_y": "integer", "t.m": "text; at most 3 characters"}


def test_a_misspelt_key_is_a_problem_where_it_stands() -> None:
    assert odcs(
        "{name: a, logicalType: string, requird: true}\n{name: b, logicalType: string, logicalTypeOptions: {maxLenght: 3}}"
    ).problems == [
        'c.odcs.yaml:11:40: unknown key "requird": the standard has none of this name here | required?',
        'c.odcs.yaml:12:61: unknown key "maxLenght": the standard has none of this name here | maxLength?',
    ]
    assert (
        odcs("{name: a, logicalType: text}")
        .problems[0]
        .startswith("c.odcs.yaml:11:32: the standard rejects schema.0.properties.0.logicalType: ")
    )


def test_an_older_contract_is_held_to_what_speaks_of_its_fields() -> None:
    old = HEAD.replace("v3.1.0", "v3.0.0") + "servers:\n  - {server: a, type: local, frmat: x}\n"
    check = "{name: a, logicalType: string, quality: [{rule: nullValues, mustBe: 0}]}"
    assert told(check, head=old) == {"t.a": "text; not null"}
    assert odcs("{name: a, requird: true}", head=old).problems[0].endswith("| required?")
    newest = HEAD.replace("v3.1.0", "v3.2.0") + "servers:\n  - {server: a, type: local, frmat: x}\n"
    assert any("frmat" in problem for problem in odcs("{name: a, logicalType: string}", head=newest).problems)
    assert odcs("{name: a}", head=HEAD.replace("v3.1.0", "v2.2.2")).problems == [
        (
            'c.odcs.yaml:1:13: this is no ODCS contract that can be read: the apiVersion "v2.2.2" is not read'
            " | apiVersion: v3.0.0 to v3.2.0"
        )
    ]


def test_what_the_system_fills_in_itself_is_said_by_the_physical_type_or_a_custom_property() -> None:
    custom = "customProperties: [{{property: {}, value: {}}}]"
    loaded = odcs(
        "{name: a, logicalType: integer, physicalType: bigserial}\n"
        "{name: b, logicalType: integer, physicalType: 'int identity(1,1)'}\n"
        "{name: c, logicalType: integer, physicalType: integer generated always as identity}\n"
        f"{{name: d, logicalType: string, {custom.format('default', 'FI')}}}\n"
        f"{{name: e, logicalType: timestamp, {custom.format('default', 'now()')}}}\n"
        f"{{name: f, logicalType: string, {custom.format('generated', 'lower(d)')}}}\n"
        "{name: g, logicalType: string, physicalType: text}"
    )
    fills = {name: loaded.field(f"s.t.{name}").fill for name in "abcdefg"}
    assert {name: fill and (fill.by, fill.value, fill.expression, fill.sent) for name, fill in fills.items()} == {
        "a": ("identity", None, None, "accepted"),
        "b": ("identity", None, None, "rejected"),
        "c": ("identity", None, None, "rejected"),
        "d": ("default", "FI", None, "accepted"),
        "e": ("default", None, "now()", "accepted"),
        "f": ("generated", None, "lower(d)", "rejected"),
        "g": None,
    }

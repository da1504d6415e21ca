"""Contracts: what a file says becomes systems, entities and fields; what makes no sense is said where it stands."""

from datetime import timedelta

import pytest

from fieldline.contracts.model import Contracts, Owner, Repair, Unique
from fieldline.contracts.read import read_contracts
from fieldline.documents.location import Location
from fieldline.documents.names import EntityName, FieldName
from fieldline.documents.problem import Problems
from fieldline.documents.readings import Readings
from fieldline.documents.yaml_events import read
from fieldline.formats.sources import CONTRACT

BILLING = """\
system: billing
title: Billing (mainframe)
owner: {team: Core billing, contact: core-billing@bank.example}
repair: {by: [billing-dba, billing-ops], typically: P3D, channel: "#billing-support"}
customer_text: "We are correcting your billing record."
entities:
  customer:
    kind: api
    title: Customers
    key: [customer_no, branch]
    fields:
      customer_no: {type: text, required: true, pattern: "C-[0-9]{8}", unique: true}
      branch: {type: integer, owner: {team: Branches}}
      username:
        title: User name
        max_bytes: {limit: 12, encoding: cp037}
        type: text
        unique: {case: insensitive}
        on_violation: truncate
  ledger:
    owner: {team: Ledger}
    repair: {by: clerk}
    fields:
      amount: {type: decimal, repair: {typically: PT2H}}
"""


def loaded(*sources: str) -> tuple[Contracts, list[str]]:
    problems = Problems()
    trees = [read(source, f"contracts/{i}.yaml", problems) for i, source in enumerate(sources)]
    contracts = read_contracts([tree for tree in trees if tree is not None], CONTRACT, problems, Readings())
    lines = []
    for problem in problems.all():
        line = f"{problem.location}: {problem.message}"
        line += f" | {problem.expected}" if problem.expected else ""
        lines.append(line + (f" | {problem.suggestion}?" if problem.suggestion else ""))
    return contracts, lines


def test_a_contract_is_read_with_every_place() -> None:
    contracts, problems = loaded(BILLING)
    assert problems == []
    system = contracts.systems["billing"]
    core = Owner("Core billing", "core-billing@bank.example")
    dba = Repair(("billing-dba", "billing-ops"), timedelta(days=3), "#billing-support")
    assert (system.name, str(system.title), system.owner, system.repair) == (
        "billing",
        "Billing (mainframe)",
        core,
        dba,
    )
    assert str(system.customer_text) == "We are correcting your billing record."
    assert system.location == Location("contracts/0.yaml", 1, 9)
    customer = system.entities["customer"]
    assert (str(customer.full_name), customer.system, customer.kind) == ("billing.customer", "billing", "api")
    assert (str(customer.title), customer.key) == ("Customers", ("customer_no", "branch"))
    assert str(customer.location) == "contracts/0.yaml:7:3"
    username = customer.fields["username"]
    assert (str(username.full_name), username.system, username.entity) == (
        "billing.customer.username",
        "billing",
        "customer",
    )
    assert (username.type, str(username.title), username.on_violation) == ("text", "User name", "truncate")
    assert [(found.name, str(found.location)) for found in username.constraints] == [
        ("max_bytes", "contracts/0.yaml:16:9"),
        ("type", "contracts/0.yaml:17:9"),
    ]
    assert username.unique == Unique(("username",), Location("contracts/0.yaml", 18, 9), compared=("lower",))
    assert str(username.location) == "contracts/0.yaml:14:7"
    number = customer.fields["customer_no"]
    assert number.unique == Unique(("customer_no",), Location("contracts/0.yaml", 12, 72))
    assert (number.required, number.on_violation, number.title) == (True, "reject", None)


def test_the_owner_and_the_repair_that_stand_further_in_count() -> None:
    contracts, _ = loaded(BILLING)
    fields = contracts.fields
    assert fields[FieldName.read("billing.customer.username")].owner == Owner(
        "Core billing", "core-billing@bank.example"
    )
    assert fields[FieldName.read("billing.customer.branch")].owner == Owner("Branches", None)
    assert fields[FieldName.read("billing.ledger.amount")].owner == Owner("Ledger", None)
    assert fields[FieldName.read("billing.ledger.amount")].repair == Repair((), timedelta(hours=2), None)
    assert contracts.entities[EntityName("billing", "ledger")].repair == Repair(("clerk",), None, None)


def test_what_is_left_out_has_its_default() -> None:
    contracts, problems = loaded("system: s\nentities: {e: {fields: {f: {type: text}}}}\n")
    assert problems == []
    system = contracts.systems["s"]
    assert (system.title, system.owner, system.repair, system.customer_text) == (None, None, None, None)
    entity = system.entities["e"]
    assert (entity.kind, entity.title, entity.key, entity.owner) == ("table", None, (), None)
    field = entity.fields["f"]
    assert (field.unique, field.on_violation, field.required, field.owner, field.repair) == (
        None,
        "reject",
        False,
        None,
        None,
    )


def test_fields_and_entities_are_found_by_full_name_and_misspelt_ones_suggested() -> None:
    contracts, _ = loaded(BILLING, "system: crm\nentities: {person: {fields: {login: {type: text}}}}\n")
    assert list(contracts.systems) == ["billing", "crm"]
    assert (
        contracts.field(FieldName.read("crm.person.login"))
        is contracts.systems["crm"].entities["person"].fields["login"]
    )
    assert contracts.entity(EntityName("crm", "person")) is contracts.systems["crm"].entities["person"]
    assert (contracts.field(FieldName.read("crm.person.logn")), contracts.entity(EntityName("crm", ""))) == (None, None)
    assert contracts.suggest(FieldName.read("crm.person.logn")) == FieldName.read("crm.person.login")
    assert contracts.suggest(FieldName.read("crm.persons.login")) == FieldName.read("crm.person.login")
    assert contracts.suggest(FieldName.read("biling.custommer.user_name")) == FieldName.read(
        "billing.customer.username"
    )
    assert contracts.suggest(FieldName.read("billing.customer.amount")) == FieldName.read("billing.ledger.amount")
    assert contracts.suggest(FieldName.read("warehouse.customer.username")) is None
    assert contracts.suggest(FieldName.read("crm.person.zzz")) is None


def test_money_names_fields_of_its_system_and_currencies() -> None:
    head = "system: s\nimpact: {text: x, money: "
    tail = "}\nentities: {e: {fields: {due: {type: decimal}}}}\n"
    assert loaded(f"{head}{{due: EUR}}{tail}")[1] == []
    (problem,) = loaded(f"{head}{{duty: EUR}}{tail}")[1]
    assert 'money names "duty", which is no field of this system' in problem
    (problem,) = loaded(f"{head}{{due: euros}}{tail}")[1]
    assert '"euros" is no currency' in problem


def test_two_files_for_one_system_are_a_problem() -> None:
    source = "system: s\nentities: {e: {fields: {f: {type: text}}}}\n"
    assert loaded(source, source)[1] == [
        'contracts/1.yaml:1:9: the system "s" has two contracts | one file a system; the first is contracts/0.yaml'
    ]


TYPES = "one of text, integer, decimal, boolean, date, time, datetime"
CONTRACT_KEYS = (
    "system, title, domain, owner, repair, impact, customer_text, external, engine, collation, defaults, from, entities"
)
ENCODINGS = "a character encoding: utf-8, utf-16-le, latin-1, cp1252, cp037, …"
ORDERED = "type: integer or decimal or date or time or datetime"
VALUES = "a mapping with the keys values, file, column, on_violation"
LIMITS = "one of max_length, max_bytes, max_utf16 beside it"
DURATIONS = "an ISO 8601 duration: P3D, PT24H, P1W, PT90M; months and years have no fixed length"
FIELD_KEYS = (
    "is, title, type, required, min_length, max_length, min_bytes, max_bytes, min_utf16, max_utf16, encodable, "
    "check_digits, pattern, one_of, not_one_of, min, max, exclusive_min, exclusive_max, precision, scale, "
    "significant_digits, opaque, declared, unique, on_violation, stored, default, generated, identity, filled_by, same, "
    "same_as, source, "
    "owner, repair, impact"
)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{type: text, max_lenght: 5}", [f'14: unknown key "max_lenght" | one of {FIELD_KEYS} | max_length?']),
        ("{title: x}", [f'1: the key "type" is missing | type: {TYPES}']),
        ("{type: string}", [f'8: "string" is not known here | {TYPES} | text?']),
        ("{type: text, required: yes}", ['24: "yes" is not true or false | true or false | true?']),
        (
            "{type: integer, max: 012}",
            ['22: 012 is ambiguous: some read it as octal | a whole number | 12, or "012" in quotes?'],
        ),
        ("{type: integer, max: 1.5}", ['22: "1.5" is not a whole number | a whole number | 1.5?']),
        ("{type: date, max: 2024-02-30}", ["19: 2024-02-30 is not in the calendar | a date: 2024-12-31"]),
        ("{type: text, max_length: -1}", ["26: -1 is out of range | a whole number from 0 up to 2147483647"]),
        (
            "{type: text, max_length: many}",
            ['26: "many" is not a whole number | a whole number from 0 up to 2147483647'],
        ),
        ("{type: date, max_length: 5}", ["14: max_length does not apply to a field of type date | type: text"]),
        ("{type: boolean, min: 0}", [f"17: min does not apply to a field of type boolean | {ORDERED}"]),
        (
            "{type: integer, scale: 2}",
            ["17: scale does not apply to a field of type integer | type: decimal or datetime"],
        ),
        (
            "{type: text, min_length: 5, max_length: 3}",
            ["29: max_length (at most 3 characters) contradicts min_length (at least 5 characters)"],
        ),
        ("{type: decimal, max: 1, min: 2}", ["25: min (at least 2) contradicts max (at most 1)"]),
        ("{type: integer, exclusive_min: 2, max: 1}", ["35: max (at most 1) contradicts exclusive_min (more than 2)"]),
        (
            "{type: text, min_bytes: {limit: 3, encoding: ascii}, max_bytes: {limit: 2, encoding: ascii}}",
            ["54: max_bytes (at most 2 bytes in ascii) contradicts min_bytes (at least 3 bytes in ascii)"],
        ),
        (
            "{type: text, max_bytes: {limit: 3, encoding: cp307}}",
            [f'46: "cp307": no such encoding | {ENCODINGS} | cp037?'],
        ),
        (
            "{type: text, max_bytes: 3}",
            ['25: "3" cannot stand here | a mapping with the keys limit, encoding, on_violation'],
        ),
        ("{type: text, max_bytes: {limit: 3}}", [f'25: the key "encoding" is missing | encoding: {ENCODINGS}']),
        ('{type: text, pattern: "ab(c"}', ["26: the pattern cannot be read: this group is not closed | add a )?"]),
        ("{type: text, pattern: ab(c}", ["25: the pattern cannot be read: this group is not closed | add a )?"]),
        ('{type: text, pattern: "a\\tb(c"}', ["23: the pattern cannot be read: this group is not closed | add a )?"]),
        (
            "{type: text, pattern: {regex: a, flags: q}}",
            ["41: the pattern cannot be read: ECMAScript has no flag q | its flags are d g i m s u y?"],
        ),
        (
            "{type: text, pattern: {regex: a, dialect: pcre}}",
            ['43: "pcre" is not known here | one of ecma, python, re2, posix, sql_like'],
        ),
        ("{type: text, one_of: []}", ["22: an empty list | a list, each item a single value; at least 1"]),
        (
            "{type: text, one_of: A}",
            [f'22: "A" cannot stand here | a list, each item a single value, or {VALUES}'],
        ),
        (
            "{type: text, min_length: {limit: 1, on_violation: truncate}}",
            ['51: "truncate" is not known here | one of reject, empty, accept, unknown'],
        ),
        (
            "{type: text, stored: padded}",
            ["22: stored is padded, but no key gives the length | one of max_length, max_bytes, max_utf16 beside it"],
        ),
        (
            "{type: integer, stored: uuid}",
            ["25: stored is uuid, but a value of type integer is no text | type: text"],
        ),
        ("{type: text, one_of: [A, B, A]}", ['29: "A" stands twice in the list | remove it?']),
        ("{type: decimal, one_of: [1, 1.0]}", ['29: "1.0" stands twice in the list | remove it?']),
        (
            "{type: integer, one_of: [1, x, 2, y]}",
            ['29: "x" is not a whole number | a whole number', '35: "y" is not a whole number | a whole number'],
        ),
        (
            "{type: date, unique: {case: insensitive}}",
            ["23: a value of type date has no upper and lower case | unique: true?"],
        ),
        (
            "{type: text, on_violation: truncate}",
            [f"28: on_violation is truncate, but no key gives the length | {LIMITS}"],
        ),
        (
            "{type: integer, on_violation: replace}",
            ["31: on_violation is replace, but of type integer nothing can be replaced | reject or accept"],
        ),
        ("{type: text, owner: Core}", ['21: "Core" cannot stand here | a mapping with the keys team, contact']),
        ("{type: text, owner: {contact: x}}", ['21: the key "team" is missing | team: text']),
        ("text", [f'1: "text" cannot stand here | a mapping with the keys {FIELD_KEYS}']),
    ],
)
def test_what_makes_no_sense_in_a_field(written: str, expected: list[str]) -> None:
    _, problems = loaded(f"system: s\nentities: {{e: {{fields: {{f:\n{written}}}}}}}\n")
    assert problems == [f"contracts/0.yaml:3:{line}" for line in expected]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "entities: {}",
            ['1:1: the key "system" is missing | system: a name: letters, digits, _ and -, first a letter or _'],
        ),
        (
            "system: s",
            ["1:1: one of the keys from, entities is missing | a mapping with the keys " + CONTRACT_KEYS],
        ),
        ("system: s\nentities:\n", ["2:10: nothing stands here | a mapping with entity names as keys"]),
        ("system: s\nentities: [e]", ["2:11: a list cannot stand here | a mapping with entity names as keys"]),
        (
            "systen: s\nentities: {}",
            [
                '1:1: the key "system" is missing | system: a name: letters, digits, _ and -, first a letter or _',
                f'1:1: unknown key "systen" | one of {CONTRACT_KEYS} | system?',
            ],
        ),
        (
            "system: s\nentities: {e: {kind: entri, fields: {}}}",
            ['2:22: "entri" is not known here | one of entry, table, message, file, api, view | entry?'],
        ),
        (
            "system: s\nentities: {e: {key: [a, b], fields: {a: {type: text}, c: {}}}}",
            [
                '2:25: the key names "b", which is no field of this entity',
                f'2:58: the key "type" is missing | type: {TYPES}',
            ],
        ),
        (
            "system: s\nentities: {e: {key: usernam, fields: {username: {type: text}}}}",
            ['2:21: the key names "usernam", which is no field of this entity | username?'],
        ),
        (
            "system: s\nrepair: {by: [], typically: 3 days}\nentities: {e.x: {fields: {}}}",
            [
                "2:14: an empty list | text, or a list of such; at least 1",
                f'2:29: "3 days" is not an ISO 8601 duration | {DURATIONS} | P3D?',
                '3:12: "e.x" is not a name | a name: letters, digits, _ and -, first a letter or _ | e_x?',
            ],
        ),
        ("- system: s", ["1:1: a list cannot stand here | a mapping with the keys " + CONTRACT_KEYS]),
    ],
)
def test_what_makes_no_sense_in_a_contract(source: str, expected: list[str]) -> None:
    assert loaded(source)[1] == [f"contracts/0.yaml:{line}" for line in expected]


def test_problems_of_several_fields_and_files_come_together() -> None:
    first = "system: a\nentities:\n  e:\n    fields:\n      f: {type: txt}\n      g: {type: text, max_length: -1}\n"
    second = "system: b\nentities: {e: {fields: {f: {type: text, pattern: '('}}}}\n"
    assert [line.split(":")[:3] for line in loaded(first, second)[1]] == [
        ["contracts/0.yaml", "5", "17"],
        ["contracts/0.yaml", "6", "35"],
        ["contracts/1.yaml", "2", "51"],
    ]


@pytest.mark.parametrize(
    "pattern", ["(a{1000}){1000}", "((a{0,100}){0,100}){0,100}", "(" * 5000 + ")" * 5000, "a" * 50_000]
)
def test_a_pattern_that_would_explode_is_a_problem_at_once(pattern: str) -> None:
    (problem,) = loaded(f"system: s\nentities: {{e: {{fields: {{f: {{type: text, pattern: '{pattern}'}}}}}}}}")[1]
    assert problem.startswith("contracts/0.yaml:2:")
    assert "the pattern cannot be read: " in problem


def test_a_name_that_cannot_be_read_among_those_that_are_unique_together_is_one_problem() -> None:
    for listed in ("[[{a: b}, x], [y, x]]", "[{fields: [[x], y]}]", "[[y, {a: b}]]"):
        text = f"system: a\nentities: {{e: {{unique: {listed}, fields: {{x: {{type: text}}, y: {{type: text}}}}}}}}\n"
        _, problems = loaded(text)
        assert len(problems) == 1, problems

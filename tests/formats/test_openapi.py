"""OpenAPI: operations as entities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fieldline.documents.names import EntityName

from .reading import Loaded, load

if TYPE_CHECKING:
    from pathlib import Path

THREE = """\
openapi: 3.0.3
info: {title: Shop, version: "1"}
paths:
  /orders/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: integer, minimum: 1}}
    put:
      operationId: changeOrder
      summary: Change an order
      parameters:
        - $ref: "#/components/parameters/lang"
      requestBody:
        content:
          text/csv: {schema: {type: string}}
          application/json: {schema: {$ref: "#/components/schemas/Order"}}
    get: {responses: {}}
  /ping:
    get: {operationId: ping}
components:
  parameters:
    lang: {name: lang, in: query, schema: {type: string, enum: [fi, sv]}}
  schemas:
    Order:
      required: [email, id]
      properties:
        id: {type: string, readOnly: true}
        email: {type: string, maxLength: 50, nullable: true}
        phone: {type: string, minimum: 3, exclusiveMinimum: true}
        country: {type: string, enum: [NO, SE]}
"""

TWO = """\
swagger: "2.0"
paths:
  /customers:
    post:
      consumes: [application/json]
      parameters:
        - {in: header, name: key, type: string, required: true, maxLength: 8}
        - {in: body, name: body, schema: {$ref: "#/definitions/Customer"}}
definitions:
  Customer: {type: object, properties: {key: {type: string}, name: {type: string, pattern: "^[A-Z]"}}}
"""


def openapi(text: str, options: str = "") -> Loaded:
    return load(f"system: s\nfrom: {{openapi: {{files: api.yaml{options}}}}}\n", {"api.yaml": text})


def test_an_operation_is_an_entity_of_its_parameters_and_its_body() -> None:
    loaded = openapi(THREE)
    assert loaded.told() == {
        "changeOrder.id": "integer; at least 1; not null",
        "changeOrder.lang": "text; one of fi, sv",
        "changeOrder.email": "text; at most 50 characters",
        "changeOrder.phone": "text",
        "changeOrder.country": "text; one of NO, SE",
        "get_orders_id.id": "integer; at least 1; not null",
    }
    assert loaded.estate is not None
    entity = loaded.estate.contracts.entities[EntityName("s", "changeOrder")]
    assert (entity.kind, str(entity.title), str(entity.location)) == ("api", "Change an order", "api.yaml:8:20")
    assert str(loaded.field("s.changeOrder.email").location) == "api.yaml:27:9"
    assert loaded.field("s.get_orders_id.id").entity == "get_orders_id"


def test_version_2_names_its_body_among_the_parameters() -> None:
    assert openapi(TWO).told() == {
        "post_customers.key": "text; at most 8 characters; not null",
        "post_customers.body_key": "text",
        "post_customers.name": "text; matches (?:[A-Z])[\\s\\S]* (ecma)",
    }


def test_version_3_1_reads_what_stands_beside_a_reference() -> None:
    text = THREE.replace("3.0.3", "3.1.0").replace(
        'schema: {$ref: "#/components/schemas/Order"}',
        'schema: {$ref: "#/components/schemas/Order", required: [phone]}',
    )
    assert openapi(text).told()["changeOrder.phone"] == "text; not null"
    assert openapi(text.replace("3.1.0", "3.0.3")).told()["changeOrder.phone"] == "text"


def test_schemas_can_be_read_in_place_of_operations() -> None:
    loaded = openapi(THREE, ", at: '#/components/schemas/Order', as: {Order: order}, kind: entry")
    assert list(loaded.told()) == ["order.email", "order.phone", "order.country"]
    assert (
        openapi(THREE, ", at: '#/components/schemas/Ordr'")
        .problems[0]
        .startswith('contracts/it.yaml:2:35: nothing stands at "#/components/schemas/Ordr" in api.yaml')
    )


def test_what_is_no_openapi_document_is_said_to_be_none() -> None:
    assert openapi("a: b\n").problems == [
        "api.yaml:1:1: this is no OpenAPI document | openapi: 3.0, 3.1 or 3.2, or swagger: 2.0"
    ]
    assert (
        openapi(THREE.replace("3.0.3", "4.0.0"))
        .problems[0]
        .startswith('api.yaml:1:1: this is no OpenAPI document of version "4.0.0"')
    )


def test_a_property_and_a_parameter_of_one_name_are_two_fields_whichever_comes_first() -> None:
    found = openapi("""
        swagger: '2.0'
        info: {title: s, version: '1'}
        paths:
          /d:
            delete:
              operationId: c
              parameters:
                - {name: body, in: body, schema: {type: object, properties: {grace: {type: string, maxLength: 23}}}}
                - {name: grace, in: query, type: string, maxLength: 17}
    """)
    assert found.told() == {"c.grace": "text; at most 17 characters", "c.body_grace": "text; at most 23 characters"}


def test_names_that_differ_in_signs_alone_are_numbered() -> None:
    found = openapi("""
        openapi: 3.0.3
        info: {title: s, version: '1'}
        paths:
          /d:
            get:
              operationId: c
              parameters:
                - {name: 'Start', in: query, schema: {type: string, maxLength: 11}}
                - {name: 'Start<', in: query, schema: {type: string, maxLength: 13}}
                - {name: 'Start>', in: query, schema: {type: string, maxLength: 17}}
    """)
    assert found.told() == {
        "c.Start": "text; at most 11 characters",
        "c.Start_2": "text; at most 13 characters",
        "c.Start_3": "text; at most 17 characters",
    }
    assert str(found.field("s.c.Start_2").title) == "Start<"


@pytest.mark.needs_estates
def test_the_published_ups_definitions_load(shared: Path) -> None:
    folder = shared / "estates" / "address"
    pickup = openapi((folder / "ups_Pickup.yaml").read_text(encoding="utf-8"))
    assert len(pickup.told()) == 210
    address = openapi((folder / "ups_AddressValidation.yaml").read_text(encoding="utf-8")).told()
    assert len(address) == 28
    assert address["AddressValidation.XAVRequest_AddressKeyFormat_CountryCode"] == (
        "text; at least 2 characters; at most 2 characters; not null"
    )


SENT = """\
openapi: 3.1.0
paths:
  /orders:
    post:
      operationId: createOrder
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
      responses:
        "201": {$ref: "#/components/responses/made"}
        "204": {description: nothing}
        "400": {content: {application/json: {schema: {properties: {reason: {type: string}}}}}}
      callbacks:
        shipped:
          "{$request.body#/url}":
            post: {requestBody: {content: {application/json: {schema: {properties: {at: {type: string, maxLength: 5}}}}}}}
webhooks:
  cancelled:
    post: {requestBody: {content: {application/json: {schema: {properties: {why: {type: string, maxLength: 6}}}}}}}
components:
  responses:
    made: {content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
  schemas:
    Order:
      properties:
        id: {type: string, readOnly: true, maxLength: 9}
        secret: {type: string, writeOnly: true}
        tags: {type: array, items: {type: string, maxLength: 4}}
"""


def test_what_an_api_sends_are_entities_where_that_is_wanted() -> None:
    contract = "system: s\nfrom: {openapi: {files: a.yaml, returns: true}}\n"
    told = load(contract, {"a.yaml": SENT}).told()
    assert {name: words.removeprefix("text; ") for name, words in told.items()} == {
        "createOrder.secret": "text",
        "createOrder.tags": "at most 4 characters",
        "createOrder_201.id": "at most 9 characters",
        "createOrder_201.tags": "at most 4 characters",
        "createOrder_shipped.at": "at most 5 characters",
        "cancelled.why": "at most 6 characters",
    }
    assert {
        name.partition(".")[0] for name in load(contract.replace(", returns: true", ""), {"a.yaml": SENT}).told()
    } == {"createOrder"}


def test_responses_of_the_older_standard_are_read() -> None:
    two = TWO.replace(
        "      parameters:", '      responses: {default: {schema: {$ref: "#/definitions/Customer"}}}\n      parameters:'
    )
    told = load("system: s\nfrom: {openapi: {files: a.yaml, returns: true}}\n", {"a.yaml": two}).told()
    assert {"post_customers_default.key", "post_customers_default.name"} < set(told)


OTHERS = """\
openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /a: {post: {$ref: "https://elsewhere.example/a.yaml"}}
  /b:
    post:
      parameters: [{$ref: "https://elsewhere.example/p.yaml#/lang"}]
      requestBody: {$ref: "https://elsewhere.example/b.yaml"}
  /c: {$ref: "https://elsewhere.example/c.yaml"}
  /d:
    $ref: d.yaml
    parameters: [{name: q, in: query, schema: {type: string, maxLength: 3}}]
  /e: {post: {operationId: twice, requestBody: {content: {application/json: {schema: {properties: {e: {maxLength: 4}}}}}}}}
  /f: {post: {operationId: twice, requestBody: {content: {application/json: {schema: {properties: {f: {maxLength: 5}}}}}}}}
  /g:
    post:
      requestBody:
        content: {application/json: {schema: {properties: {a.b: {maxLength: 6}, a: {properties: {b: {maxLength: 7}}}}}}}
"""
D_FILE = "post: {requestBody: {content: {application/json: {schema: {properties: {p: {maxLength: 9}}}}}}}"


def test_what_stands_elsewhere_is_there_and_not_known() -> None:
    told = load("system: s\nfrom: {openapi: {files: api.yaml}}", {"api.yaml": OTHERS, "d.yaml": D_FILE}).told()
    for name in ("post_a.body", "post_b.body", "post_b.lang", "c.body"):
        assert "$ref: https://elsewhere.example/" in told[name]
    assert "at most 3 characters" in told["post_d.q"]  # what stands beside a reference, too
    assert "at most 9 characters" in told["post_d.p"]
    assert "at most 4 characters" in told["twice.e"]
    assert "at most 5 characters" in told["post_f.f"]  # a second operation of that name
    assert ("at most 6 characters" in told["post_g.a_b"], "at most 7 characters" in told["post_g.a_b_2"]) == (
        True,
        True,
    )


def test_the_paths_may_stand_in_a_file_of_their_own() -> None:
    files = {"api.yaml": "openapi: 3.0.3\npaths: {$ref: paths.yaml}\n", "paths.yaml": f"/d: {{{D_FILE}}}\n"}
    assert "at most 9 characters" in load("system: s\nfrom: {openapi: {files: api.yaml}}", files).told()["post_d.p"]


def test_aliases_and_merge_keys_of_yaml_are_read() -> None:
    written = """
openapi: 3.1.0
info: {title: t, version: '1'}
x-common: &common {type: string, maxLength: 5}
paths:
  /t:
    post:
      operationId: t
      requestBody: {content: {application/json: {schema: {properties: {a: *common, b: {<<: *common, maxLength: 3}}}}}}
      responses: &id001 {'200': {description: ok}}
  /u:
    get: {operationId: u, parameters: [{name: q, in: query, schema: *common}], responses: *id001}
"""
    told = load("system: s\nfrom: {openapi: {files: api.yaml}}\n", {"api.yaml": written}).told()
    assert told == {
        "t.a": "text; at most 5 characters",
        "t.b": "text; at most 3 characters",
        "u.q": "text; at most 5 characters",
    }


def test_what_is_new_in_version_3_2_is_read() -> None:
    written = """
openapi: 3.2.0
$self: https://x.example/api.yaml
info: {title: t, version: '1'}
components:
  schemas: {short: {$id: https://x.example/short, type: string, maxLength: 5}}
  mediaTypes: {m: {schema: {type: object, properties: {a: {$ref: 'https://x.example/short'}}}}}
paths:
  /t:
    query:
      operationId: search
      requestBody: {content: {application/json: {$ref: '#/components/mediaTypes/m'}}}
    additionalOperations:
      COPY:
        operationId: copy
        parameters:
          - {name: q, in: querystring, content: {application/x-www-form-urlencoded: {schema: {properties: {b:
              {$ref: 'https://x.example/api.yaml#/components/schemas/short'}}}}}}
    post:
      operationId: stream
      requestBody: {content: {application/jsonl: {itemSchema: {type: object, properties: {c: {type: string}}}}}}
"""
    told = load("system: s\nfrom: {openapi: {files: api.yaml}}\n", {"api.yaml": written}).told()
    assert told == {
        "search.a": "text; at most 5 characters",
        "copy.q_b": "text; at most 5 characters",
        "stream.body_c": "text",
    }
    (problem,) = load("system: s\nfrom: {openapi: api.yaml}\n", {"api.yaml": "openapi: 3.20.0"}).problems
    assert "this is no OpenAPI document of version" in problem

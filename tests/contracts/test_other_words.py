"""Words of other tools are answered with ours; a slip of the pen still gets the key that was meant."""

import pytest

from fieldline.contracts.layout import ENTITY, FIELD
from fieldline.documents.problem import Problems, probably
from fieldline.documents.yaml_events import read
from fieldline.lineage.other_words import FLOW_WORDS, TRANSFORM_WORDS
from fieldline.lineage.transforms import TRANSFORMS


def suggestions(shape: object, source: str) -> list[str | None]:
    problems = Problems()
    node = read(source, "f.yaml", problems)
    assert node is not None
    shape.read(node, problems)  # type: ignore[attr-defined]
    return [problem.suggestion for problem in problems.all()]


@pytest.mark.parametrize(
    ("field", "meant"),
    [
        ("{type: text, length: 20}", "max_length"),
        ("{type: text, size: 20}", "max_length"),
        ("{type: text, maxLength: 20}", "max_length"),
        ("{type: text, minlength: 2}", "min_length"),
        ("{type: text, regex: a}", "pattern"),
        ("{type: text, enum: [a]}", "one_of"),
        ("{type: text, mandatory: true}", "required: true"),
        ("{type: text, not_null: true}", "required: true"),
        ("{type: text, nullable: false}", "required: false, or leave it out"),
        ("{type: integer, minimum: 1}", "min"),
        ("{type: decimal, decimals: 2}", "scale"),
        ("{type: string}", "text"),
        ("{type: VARCHAR(20)}", "text"),
        ("{type: int}", "integer"),
        ("{type: bigint}", "integer"),
        ("{type: float}", "decimal"),
        ("{type: number}", "decimal"),
        ("{type: bool}", "boolean"),
        ("{type: timestamp}", "datetime"),
        ("{type: enum}", "text, with one_of"),
        ("{type: text, max_lenght: 20}", "max_length"),
        ("{type: tekst}", "text"),
        ("{type: text, zzz: 20}", None),
    ],
)
def test_a_word_for_a_field_is_answered_with_ours(field: str, meant: str | None) -> None:
    assert suggestions(FIELD, field) == [meant]


@pytest.mark.parametrize(
    ("kind", "meant"),
    [
        ("screen", "entry"),
        ("form", "entry"),
        ("topic", "message"),
        ("queue", "message"),
        ("csv", "file"),
        ("tabel", "table"),
    ],
)
def test_a_word_for_a_kind_is_answered_with_ours(kind: str, meant: str) -> None:
    assert suggestions(ENTITY, f"{{kind: {kind}, fields: {{}}}}") == [meant]


def test_a_word_for_a_step_or_a_key_of_a_flow_is_answered_with_ours() -> None:
    steps = tuple(TRANSFORMS)
    assert probably("uppercase", steps, TRANSFORM_WORDS) == "upper"
    assert probably("to_upper", steps, TRANSFORM_WORDS) == "upper"
    assert probably("LPAD", steps, TRANSFORM_WORDS) == "pad, with side: left"
    assert probably("uper", steps, TRANSFORM_WORDS) == "upper"
    assert probably("condition", ("when",), FLOW_WORDS) == "when"


def test_every_step_that_is_suggested_exists() -> None:
    assert {meant.partition(",")[0] for meant in TRANSFORM_WORDS.values()} <= TRANSFORMS.keys()

"""Full names: read once, written once, in between in parts."""

from __future__ import annotations

import ast
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.documents.names import EntityName, FieldName

PRODUCT = Path(__file__).parent.parent.parent
PARTS = st.text(st.sampled_from("ab-_é1"), min_size=1, max_size=3)
NAMES = st.builds(FieldName, PARTS, PARTS, PARTS)


@given(NAMES)
def test_a_name_that_is_written_is_read_as_itself(name: FieldName) -> None:
    assert FieldName.read(str(name)) == name
    assert f"{name}" == f"{name.entity_name}.{name.field}" == f"{name.system}.{name.entity}.{name.field}"
    assert name.entity_name.of(name.field) == name
    assert hash(name.entity_name.of(name.field)) == hash(name)
    assert pickle.loads(pickle.dumps(name)) == name  # noqa: S301 - dumped just now


@given(st.lists(NAMES, min_size=1))
def test_names_are_in_the_order_of_their_texts(names: list[FieldName]) -> None:
    texts, entities = [*map(str, names)], [name.entity_name for name in names]
    assert [*map(str, sorted(names))] == sorted(texts)
    assert (str(min(names)), str(max(names))) == (min(texts), max(texts))
    assert [*map(str, sorted(entities))] == sorted(map(str, entities))
    assert str(max(entities)) == max(map(str, entities))


@pytest.mark.parametrize("text", ["", ".", "a", "a.b", "a..c", ".b.c", "a.b.c.d"])
def test_a_text_of_another_form_is_no_field_s_name(text: str) -> None:
    read = FieldName.read(text)
    assert not all(part and "." not in part for part in read)


def test_an_entity_is_no_field_and_no_text() -> None:
    entity = EntityName("a", "b")
    assert entity != FieldName("a", "b", "")
    assert {entity: 1}.get(FieldName("a", "b", "c").entity_name) == 1
    assert str(entity) == "a.b"


# ------------------------------------------------------------------------------------------ and in no other place

SPLITTING = {"split", "rsplit", "partition", "rpartition"}
OTHER_DOTS = {
    "application/error_fields.py": "names of tables and columns as databases have them",
    "contracts/store_keys.py": "the place of a record in JSON",
    "rows/stores/service.py": "members of JSON inside of others",
    "documents/names.py": "names are read here",
    "contracts/supposed.py": "the constraint behind the name of a field",
    "lineage/queries/hooks.py": "names of macros of dbt, and of tables as databases have them",
    "lineage/queries/models.py": "identities of nodes of dbt",
    "formats": "names of tables, paths and files of other standards",
    "values/error.py": "the package of a module",
    "values/numerals.py": "the point in a number",
}


def splits(source: str) -> list[int]:
    """The lines at which a text is taken apart at its dots."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in SPLITTING
        and any(isinstance(argument, ast.Constant) and argument.value == "." for argument in node.args)
    ]


def test_a_line_that_takes_a_name_apart_is_seen() -> None:
    assert splits("a = name.split('.')\nb = name.split(',')\nc = f'{x.rpartition(\".\", )[0]}'\n") == [1, 3]


def test_no_module_takes_a_name_apart_but_the_one_of_names() -> None:
    skipped = {"tests", "benchmarks", "build", "docs", "examples", "handbook", *OTHER_DOTS}
    found = [
        f"{path.relative_to(PRODUCT).as_posix()}:{line}"
        for path in sorted(PRODUCT.rglob("*.py"))
        if (file := path.relative_to(PRODUCT)).parts[0] not in skipped
        and file.as_posix() not in OTHER_DOTS
        and not file.parts[0].startswith(".")
        for line in splits(path.read_text(encoding="utf-8"))
    ]
    assert found == []
    assert splits((PRODUCT / "documents" / "names.py").read_text(encoding="utf-8"))


def test_no_template_takes_a_name_apart() -> None:
    templates = [*PRODUCT.glob("reports/**/*.html"), *PRODUCT.glob("web/*.html")]
    assert templates
    assert [path.name for path in templates for word in SPLITTING if f'.{word}(".")' in path.read_text("utf-8")] == []

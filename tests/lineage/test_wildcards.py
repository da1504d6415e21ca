"""`from: a.b.*, to: c.d.*`: a flow for every field that both entities have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fieldline.documents.problem import EstateError
from fieldline.estate.load import load_estate

if TYPE_CHECKING:
    from pathlib import Path

    from fieldline.estate.load import Estate

ORDER = (
    "system: app\nentities: {order: {kind: entry, fields: {no: {type: text}, note: {type: text}, own: {type: text}}}}\n"
)
LOG = "system: log\nentities: {order: {fields: {note: {type: text}, no: {type: text}, at: {type: text}}}}\n"


def load(folder: Path, flows: str) -> Estate:
    files = {
        "fieldline.yaml": "estate: test\n",
        "contracts/app.yaml": ORDER,
        "contracts/log.yaml": LOG,
        "lineage/f.yaml": f"flows:\n  - {flows}\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return load_estate(folder)


def test_each_field_that_both_have_gets_the_flow(tmp_path: Path) -> None:
    flows = load(tmp_path, "{from: app.order.*, to: log.order.*, via: [trim], when: \"no <> ''\", by: nightly}").flows
    assert [(str(flow.sources[0].field), str(flow.target)) for flow in flows] == [
        ("app.order.no", "log.order.no"),
        ("app.order.note", "log.order.note"),
    ]
    assert {(flow.via[0].name, flow.by, flow.when is not None) for flow in flows} == {("trim", "nightly", True)}
    assert {flow.location.line for flow in flows} == {2}


def test_some_are_left_out(tmp_path: Path) -> None:
    (flow,) = load(tmp_path, "{from: app.order.*, to: log.order.*, except: [note, own]}").flows
    assert str(flow.target) == "log.order.no"


@pytest.mark.parametrize(
    ("flow", "problem"),
    [
        ("{from: app.order.*, to: log.order.no}", "2:29: .* stands on one side only"),
        (
            "{from: app.odrer.*, to: log.order.*}",
            '2:12: "app.odrer" is an entity of no contract; did you mean "app.order.*"',
        ),
        (
            "{from: app.order.*, to: log.order.*, except: [not]}",
            '2:51: "not" is a field of neither app.order nor log.order',
        ),
        ("{from: app.order.*, to: log.order.*, except: [no, note]}", "2:5: no field of app.order has the name of one"),
        ("{from: app.order.no, to: log.order.no, except: [no]}", "2:44: except leaves out nothing here"),
        ("{from: [app.order.*, app.order.no], to: log.order.no}", "2:13: "),
    ],
)
def test_what_makes_no_sense_is_a_problem_at_its_place(tmp_path: Path, flow: str, problem: str) -> None:
    with pytest.raises(EstateError) as rejected:
        load(tmp_path, flow)
    first = rejected.value.problems[0]
    assert first.location is not None
    where, said = f"{first.location.line}:{first.location.column}", problem.split("; did", maxsplit=1)[0]
    assert f"{where}: {first.message}".startswith(said)
    assert "did you mean" not in problem or first.suggestion == "app.order.*"

"""Lines between cards: behind no card, with an arrowhead at the end, and plain to see where one leads back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldline.checker.verdict.overview import overview_of
from fieldline.estate.load import load_estate
from fieldline.reports.graph.svg import graph_svg
from fieldline.reports.page.layout import CHIP_HEIGHT, CHIP_WIDTH, layered, plan
from fieldline.reports.page.ways import CardBox, Ways

from ...properties.strategies import tries
from .conftest import go

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .conftest import Opened

SVG = "{http://www.w3.org/2000/svg}"
Point = tuple[float, float]


def points(path: str) -> Iterator[Point]:
    """Points of a path of M, C and H, close to one another."""
    x = y = 0.0
    for command, written in re.findall(r"([MCH])([^MCH]*)", path):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", written)]
        if command == "M":
            x, y = numbers
        elif command == "H":
            yield from ((x + (numbers[0] - x) * i / 40, y) for i in range(41))
            x = numbers[0]
        else:
            x1, y1, x2, y2, x3, y3 = numbers
            for i in range(41):
                t = i / 40
                a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
                yield a * x + b * x1 + c * x2 + d * x3, a * y + b * y1 + c * y2 + d * y3
            x, y = x3, y3


def inside(point: Point, box: CardBox) -> bool:
    return box.x + 0.5 < point[0] < box.x + box.width - 0.5 and box.y + 0.5 < point[1] < box.y + box.height - 0.5


@tries(150)
@given(st.integers(2, 24), st.data())
def test_no_line_passes_behind_a_card(count: int, data: st.DataObject) -> None:
    nodes = [f"n{i}" for i in range(count)]
    ends = st.tuples(st.sampled_from(nodes), st.sampled_from(nodes)).filter(lambda edge: edge[0] != edge[1])
    edges = data.draw(st.lists(ends, min_size=1, max_size=3 * count, unique=True))
    places = plan(layered(nodes, edges, nodes[:2], {}), {}, "apart").places
    boxes = {name: CardBox(x, y, CHIP_WIDTH, CHIP_HEIGHT) for name, (x, y) in places.items()}
    ways = Ways(boxes.values())
    for source, target in edges:
        way = ways.way(boxes[source], boxes[target])
        crossed = [name for name, box in boxes.items() if any(inside(point, box) for point in points(way.path))]
        assert crossed == []
        first, last = next(points(way.path)), list(points(way.path))[-1]
        assert first == (boxes[source].x + CHIP_WIDTH, boxes[source].y + CHIP_HEIGHT / 2)
        assert last == (boxes[target].x, boxes[target].y + CHIP_HEIGHT / 2)
        assert way.back == (boxes[target].x < first[0])


def test_lines_that_share_a_passage_keep_apart() -> None:
    boxes = [CardBox(x, y, 100, 40) for x in (0, 200, 400) for y in (0, 60)]
    ways = Ways(boxes)
    first, second = ways.way(boxes[0], boxes[5]), ways.way(boxes[1], boxes[4])
    middle = [{point for point in points(way.path) if 200 < point[0] < 300} for way in (first, second)]
    assert {y for _, y in middle[0]}.isdisjoint({y for _, y in middle[1]})


LOOP = {
    "fieldline.yaml": "estate: loops\n",
    **{
        f"contracts/{name}.yaml": f"system: {name}\nowner: {{team: T}}\nentities:\n"
        f"  e: {{kind: {kind}, fields: {{a: {{type: text}}, b: {{type: text}}}}}}\n"
        for name, kind in (("web", "entry"), ("crm", "table"), ("erp", "table"), ("dwh", "table"))
    },
    "lineage/l.yaml": """\
flows:
  - {from: web.e.a, to: crm.e.a, by: sign-up API, lag: PT1M, note: "</title> & so on"}
  - {from: crm.e.a, to: erp.e.a, when: "crm.e.b = 'x'", lag: PT24H, by: nightly job}
  - {from: erp.e.a, to: dwh.e.a}
  - {from: dwh.e.a, to: crm.e.a, by: two-way sync}
  - {from: web.e.b, to: dwh.e.b}
""",
}


@pytest.fixture
def loops(tmp_path: Path) -> Path:
    for name, text in LOOP.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def read(picture: str) -> ET.Element:
    return ET.fromstring(picture)  # noqa: S314 - our own document


@pytest.mark.parametrize("name", ["nordbank", "cbsa", "loops"])
def test_the_picture_has_a_line_with_its_head_for_each_connection_and_none_behind_a_chip(
    name: str, loops: Path, examples: Path
) -> None:
    overview = overview_of(load_estate(loops if name == "loops" else examples / name))
    picture = read(graph_svg(overview))
    ways = [g for g in picture.iter(f"{SVG}g") if (g.get("class") or "").startswith("way")]
    assert len(ways) == sum(len(each.feeds) for each in overview.systems)
    chips = []
    for group in picture.iter(f"{SVG}g"):
        at = re.fullmatch(r"translate\((-?\d+) (-?\d+)\)", group.get("transform") or "")
        if at:
            chips.append(CardBox(int(at[1]), int(at[2]), CHIP_WIDTH, CHIP_HEIGHT))
    assert len(chips) == len(overview.systems)
    for way in ways:
        line, head = way.findall(f"{SVG}path")
        assert (line.get("class"), head.get("class")) == ("edge", "head")
        end = list(points(line.get("d") or ""))[-1]
        assert (head.get("d") or "").startswith(f"M{end[0]:g} {end[1]:g}l")
        assert not any(inside(point, chip) for point in points(line.get("d") or "") for chip in chips)


def test_a_line_says_when_and_how_its_flows_travel(loops: Path) -> None:
    picture = read(graph_svg(overview_of(load_estate(loops))))
    titles = [title.text or "" for title in picture.iter(f"{SVG}title")]
    assert "web.e.a → crm.e.a; about 1 minute later; by sign-up API; note: </title> & so on" in titles
    assert "crm.e.a → erp.e.a; when crm.e.b = 'x'; about 1 day later; by nightly job" in titles
    back = [g for g in picture.iter(f"{SVG}g") if g.get("class") == "way back"]
    assert [g.findtext(f"{SVG}title") for g in back] == ["dwh.e.a → crm.e.a; by two-way sync"]


_CROSSINGS = """() => {
  const canvas = document.querySelector('#canvas svg'), of = (selector) => [...canvas.querySelectorAll(selector)];
  const boxes = of('.chip .body, .card > .body').map((body) => body.getBoundingClientRect());
  const begun = (path) => (path.getAttribute('d').match(/M/g) ?? []).length;
  const within = (p, box) => p.x > box.left + 1 && p.x < box.right - 1 && p.y > box.top + 1 && p.y < box.bottom - 1;
  const lines = of('.edges path:not(.head)');
  let crossed = 0;
  for (const path of lines) {
    for (let at = 0; at <= path.getTotalLength(); at += 2) {
      const point = path.getPointAtLength(at).matrixTransform(path.getScreenCTM());
      if (boxes.some((box) => within(point, box))) crossed++;
    }
  }
  return {
    boxes: boxes.length,
    crossed,
    lines: lines.reduce((sum, path) => sum + begun(path), 0),
    heads: of('.edges path.head').reduce((sum, path) => sum + begun(path), 0),
    back: of('.edges path.back:not(.head)').length,
  };
}"""


@pytest.mark.needs_browser
@pytest.mark.parametrize("name", ["nordbank", "cbsa", "loops"])
def test_on_the_page_no_line_passes_behind_a_card_either(
    name: str, opened: Opened, loops: Path, examples: Path
) -> None:
    from fieldline.reports.page.page import lineage_page

    estate = load_estate(loops if name == "loops" else examples / name)
    file = loops / "page.html"
    file.write_text(lineage_page(overview_of(estate)), encoding="utf-8")
    page = opened(file)
    entry = next(iter(overview_of(estate).entries))
    for view in ("", *(f"field/{field.full_name}" for field in entry.fields.values())):
        if view:
            go(page, view)
        seen = page.evaluate(_CROSSINGS)
        assert seen["boxes"] > 0
        assert (seen["crossed"], seen["heads"]) == (0, seen["lines"])
        if name == "loops" and view in {"", "field/web.e.a"}:
            assert seen["back"] == 1


@pytest.mark.needs_browser
def test_a_field_says_when_and_by_what_its_values_arrive(opened: Opened, loops: Path) -> None:
    from fieldline.reports.page.page import lineage_page

    file = loops / "page.html"
    file.write_text(lineage_page(overview_of(load_estate(loops))), encoding="utf-8")
    panel = opened(file, "field/crm.e.a").inner_text("#panel")
    assert "about 1 minute later; by sign-up API; note: </title> & so on" in panel
    assert "by two-way sync" in panel

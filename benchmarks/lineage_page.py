"""The lineage page in Chromium: how large, how soon drawn, how soon focused, how smooth while it is moved.

    python benchmarks/lineage_page.py [--quick] [NODE_MODULES]

Two generated estates: 50 systems of 30 fields with 2,000 flows, and 1,700 of 30 with 40,000 (--quick: the smaller, once).
Beside each, a bare page of the same fields and flows as a list: the least a browser can do. With a folder that has
cytoscape, react@18, react-dom@18 and @xyflow/react installed (npm install), pages of the smaller estate that draw all its
fields with Cytoscape and React Flow are measured beside it, at the same positions, so without the time of a layout.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import shutil
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from generated_estate import generate
from playwright.sync_api import sync_playwright

from fieldline.checker.verdict.overview import Overview, overview_unjudged
from fieldline.estate.load import load_estate
from fieldline.reports.page.page import lineage_page
from fieldline.reports.page.payload import estate_plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

RUNS = 5
DRAWN = "window.drawn"
OURS = "document.documentElement.dataset.ready"
FOCUS = """async () => {
  const begun = performance.now();
  const changed = new Promise(done => addEventListener("hashchange", done, { once: true }));
  location.hash = "#/entity/s000.record";
  await changed;
  await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - begun;
}"""
COUNT = """() => {
  window.frames_seen = [];
  const tick = now => { window.frames_seen.push(now); requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
}"""
RATE = "() => { const f = window.frames_seen; return 1000 * (f.length - 1) / (f[f.length - 1] - f[0]); }"


def main() -> None:
    """Generate, open, print."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--quick", action="store_true", help="the smaller estate, opened once")
    asked.add_argument("modules", type=Path, nargs="?", metavar="NODE_MODULES", help="draw with the peers there, too")
    given = asked.parse_args()
    runs = 1 if given.quick else RUNS
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=options)
        small = overview(folder / "small", 50, 30, 2_000)
        for what, shown in sizes(small, folder, quick=given.quick):
            ours = measure(browser, what, written(folder / "small.html", lineage_page(shown)), OURS, FOCUS, runs)
            least = measure(browser, "  a bare page", written(folder / "bare.html", bare(shown)), DRAWN, None, runs)
            print(f"  ours is {ours / least:.1f}x", flush=True)
        if given.modules:
            ours = measure(
                browser, "ours again", written(folder / "small.html", lineage_page(small)), OURS, FOCUS, runs
            )
            for peer, page in peers(small, given.modules).items():
                theirs = measure(browser, f"{peer}, 50 x 30", written(folder / f"{peer}.html", page), DRAWN, None, runs)
                print(f"  ours is {ours / theirs:.2f}x", flush=True)
        browser.close()


def overview(folder: Path, systems: int, fields: int, flows: int) -> Overview:
    """A generated estate, not judged: that is another benchmark's subject."""
    generate(folder, systems, fields, flows)
    return overview_unjudged(load_estate(folder))


def written(file: Path, page: str) -> Path:
    """The page on a disk."""
    file.write_text(page, encoding="utf-8")
    return file


def sizes(small: Overview, folder: Path, *, quick: bool) -> Iterator[tuple[str, Overview]]:
    """The estates, the larger made when it is its turn."""
    yield "50 systems x 30 fields", small
    if not quick:
        yield "1,700 systems, 51,000 fields", overview(folder / "large", 1_700, 30, 40_000)


def bare(shown: Overview) -> str:
    """The least page of the same estate: its fields and flows as a list."""
    flows = [f"{link.sources[0].full_name} to {link.target.full_name}" for link in shown.links]
    items = "".join(f"<li>{html.escape(text)}</li>" for text in (*shown.estate.contracts.fields, *flows))
    done = "<script>requestAnimationFrame(() => { window.drawn = performance.now(); });</script>"
    return f"<!doctype html><meta charset=utf-8><title>bare</title><ul>{items}</ul>{done}"


def measure(browser: Browser, what: str, file: Path, ready: str, focus: str | None, runs: int) -> float:
    """Open it several times, the last time also move it about; print medians, give that until it was drawn."""
    drawn, focused, rate = [], [], 0.0
    for run in range(runs):
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(file.as_uri())
        page.wait_for_function(ready, timeout=120_000)
        drawn.append(float(page.evaluate(ready)))
        if run == runs - 1:
            rate = frames_while_moved(page)
        if focus:
            focused.append(page.evaluate(focus))
        page.close()
    told = f"{file.stat().st_size / 1024:7.0f} KiB   drawn after {statistics.median(drawn):6.0f} ms"
    told += f"   {rate:3.0f} frames a second while moved"
    if focused:
        told += f"   focus {statistics.median(focused):4.0f} ms"
    print(f"{what:30} {told}", flush=True)
    return statistics.median(drawn)


def frames_while_moved(page: Page) -> float:
    """Frames a second while the drawing is dragged about for some two seconds."""
    page.mouse.move(600, 760 if page.url.endswith("small.html") else 450)
    page.mouse.down()
    page.evaluate(COUNT)
    for step in range(120):
        page.mouse.move(600 + 3 * (step % 40), 450 + 2 * (step % 40))
        page.wait_for_timeout(10)
    rate = page.evaluate(RATE)
    page.mouse.up()
    return float(rate)


def peers(estate: Overview, modules: Path) -> dict[str, str]:
    """Pages of the same estate by others: every field drawn, since that is what they draw."""
    places = estate_plan(estate).places
    systems = {
        name: {"x": x * 2, "y": y * 9, "fields": [str(field.full_name) for field in entity.fields.values()]}
        for name, (x, y) in places.items()
        for entity in estate.estate.contracts.systems[name].entities.values()
    }
    flows = [(str(link.sources[0].full_name), str(link.target.full_name)) for link in estate.links]
    data = f"const systems = {json.dumps(systems)}, flows = {json.dumps(flows)};"

    def page(style: str, *scripts: str) -> str:
        inline = "".join(f"<script>{text.replace('</script', '<' + chr(92) + '/script')}</script>" for text in scripts)
        sizes = "html, body, #app { height: 100%; margin: 0 }"
        return f"<!doctype html><meta charset=utf-8><style>{sizes}{style}</style><div id=app></div>{inline}"

    def part(name: str) -> str:
        return (modules / name).read_text(encoding="utf-8")

    react = [part("react/umd/react.production.min.js"), part("react-dom/umd/react-dom.production.min.js")]
    flow = part("@xyflow/react/dist/umd/index.js")
    return {
        "Cytoscape": page("", part("cytoscape/dist/cytoscape.min.js"), data + _CYTOSCAPE),
        "React Flow": page(part("@xyflow/react/dist/style.css"), *react, _JSX_RUNTIME, flow, data + _REACT_FLOW),
    }


_CYTOSCAPE = """
const elements = [];
for (const [name, { x, y, fields }] of Object.entries(systems)) {
  elements.push({ data: { id: name } });
  fields.forEach((field, i) => elements.push({ data: { id: field, parent: name }, position: { x, y: y + 24 * i } }));
}
for (const [source, target] of flows) elements.push({ data: { source, target } });
const cy = cytoscape({ container: document.getElementById("app"), elements, layout: { name: "preset" },
  style: [{ selector: "node", style: { label: "data(id)", shape: "rectangle", width: 180, height: 20, "font-size": 10 } },
          { selector: "edge", style: { "curve-style": "bezier", width: 1 } }] });
cy.one("render", () => requestAnimationFrame(() => { window.drawn = performance.now(); }));
"""
_JSX_RUNTIME = """window.jsxRuntime = (() => {
  const jsx = (type, { children, ...props }, key) =>
    React.createElement(type, { ...props, key }, ...(children === undefined ? [] : [].concat(children)));
  return { jsx, jsxs: jsx, Fragment: React.Fragment };
})();"""
_REACT_FLOW = """
const { ReactFlow: Flow, Handle, Position } = window.ReactFlow;
const h = React.createElement;
const box = { width: 180, background: "#fff", border: "1px solid #999" };
const System = ({ data }) => h("div", { style: box }, data.fields.map(field =>
  h("div", { key: field, style: { position: "relative", height: 24, fontSize: 10 } },
    h(Handle, { type: "target", position: Position.Left, id: field }), field,
    h(Handle, { type: "source", position: Position.Right, id: field }))));
const nodes = Object.entries(systems).map(([id, { x, y, fields }]) =>
  ({ id, type: "system", position: { x, y }, data: { fields } }));
const edges = flows.map(([source, target], i) => ({ id: String(i), sourceHandle: source, targetHandle: target,
  source: source.split(".")[0], target: target.split(".")[0] }));
const types = { system: System };
ReactDOM.createRoot(document.getElementById("app")).render(
  h(Flow, { defaultNodes: nodes, defaultEdges: edges, nodeTypes: types, fitView: true, minZoom: 0.05 }));
const seen = setInterval(() => {
  if (document.querySelectorAll(".react-flow__edge").length >= flows.length) {
    clearInterval(seen);
    requestAnimationFrame(() => { window.drawn = performance.now(); });
  }
}, 5);
"""


if __name__ == "__main__":
    main()

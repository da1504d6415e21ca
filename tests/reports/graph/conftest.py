"""Surveyed estates: the bundled bank, and one of which every text is an attack."""

from pathlib import Path

import pytest

from fieldline.checker.verdict.overview import Overview, overview_of
from fieldline.estate.load import load_estate

SCRIPT = '</script><script>alert(1)</script>"`]]>--> %% end\n|x| #quot; {{7*7}} & \\N \\' + "\u202e\x1b[31m"


@pytest.fixture(scope="session")
def bank(examples: Path) -> Overview:
    return overview_of(load_estate(examples / "nordbank"))


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Overview:
    quoted = '"' + "".join(f"\\U{ord(c):08x}" for c in SCRIPT) + '"'
    about = f"title: {quoted}\ndomain: {quoted}\nowner: {{team: {quoted}, contact: {quoted}}}\n"
    fields = f"a: {{type: text, title: {quoted}, one_of: [{quoted}, ok]}}, end: {{type: text}}"
    folder = tmp_path_factory.mktemp("hostile")
    files = {
        "fieldline.yaml": f"estate: hostile\ntitle: {quoted}\n",
        "contracts/web.yaml": f"system: web\n{about}"
        f"entities: {{e: {{kind: entry, title: {quoted}, fields: {{{fields}}}}}}}\n",
        "contracts/end.yaml": f"system: end\n{about}entities: {{e: {{fields: {{a: {{type: text, one_of: [ok]}}}}}}}}\n",
        "lineage/f.yaml": f"flows: [{{from: web.e.a, to: end.e.a, by: {quoted}, "
        f"via: [{{remove: {{characters: {quoted}}}}}]}}]\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return overview_of(load_estate(folder))

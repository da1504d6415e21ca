"""The verdicts of the example estates as data: what an implementation must report of each entry field, and no sentence.

python tests/conformance/verdicts.py      (writes examples/*.yaml anew; review what git shows)
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from fieldline.checker.verdict.check import check
from fieldline.estate.load import load_estate

if TYPE_CHECKING:
    from fieldline.checker.finding import Finding

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
ESTATES = ("nordbank", "cbsa", "identity")


def verdicts(name: str) -> dict[str, Any]:
    """What a check of an example reports: per entry field its relation and findings; then what concerns no entry."""
    report = check(load_estate(ROOT / "examples" / name))
    by_field: dict[str, list[dict[str, Any]]] = {}
    others: list[dict[str, Any]] = []
    for finding in report.findings:
        places = [by_field.setdefault(field, []) for field in finding.fields] if finding.entry else [others]
        for place in places:
            place.append(_stated(finding))
    fields = {
        str(entry.field): {"relation": entry.relation, "findings": _in_order(by_field.pop(entry.field, []))}
        for entry in report.summary.entries
    }
    beside = {str(field): {"findings": _in_order(found)} for field, found in sorted(by_field.items())}
    return {"estate": f"examples/{name}", "fields": {**fields, **beside}, "others": _in_order(others)}


def _stated(finding: Finding) -> dict[str, Any]:
    stated: dict[str, Any] = {"rule": finding.rule, "verdict": finding.verdict}
    if finding.binding is not None:
        stated |= {"binding": str(finding.binding.field), "constraint": finding.binding.constraint}
    return stated if len(finding.fields) == 1 and finding.entry else {**stated, "fields": [*map(str, finding.fields)]}


def _in_order(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    keys = ("rule", "binding", "constraint", "fields")
    return sorted(findings, key=lambda stated: [str(stated.get(key, "")) for key in keys])


def main() -> None:
    """Write the files."""
    for name in ESTATES:
        text = yaml.safe_dump(verdicts(name), sort_keys=False, default_flow_style=None, width=140, allow_unicode=True)
        (HERE / "examples" / f"{name}.yaml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

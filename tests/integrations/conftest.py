"""What is published for others to use, read as its runners read it."""

import re
from pathlib import Path
from typing import Any

import yaml


def component(root: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The inputs, and the jobs with every input at its default; what has none is a wheel."""
    spec, _, body = (root / "templates" / "fieldline.yml").read_text().partition("\n---\n")
    inputs = yaml.safe_load(spec)["spec"]["inputs"]
    given = {name: str(each.get("default", "./fieldline.whl")) for name, each in inputs.items()}
    return inputs, yaml.safe_load(re.sub(r"\$\[\[ inputs\.([\w-]+) \]\]", lambda m: given[m[1]], body))

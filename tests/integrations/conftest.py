"""What is published for others to use, read as its runners read it."""

import re
from pathlib import Path
from typing import Any

import yaml


def component(root: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The inputs, and the jobs with every input at its default."""
    spec, _, body = (root / "templates" / "fieldline.yml").read_text().partition("\n---\n")
    inputs = yaml.safe_load(spec)["spec"]["inputs"]
    return inputs, yaml.safe_load(re.sub(r"\$\[\[ inputs\.([\w-]+) \]\]", lambda m: str(inputs[m[1]]["default"]), body))

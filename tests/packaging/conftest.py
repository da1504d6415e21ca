"""What is built from this checkout, and fresh environments with it and with no more than it asks for."""

import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Iterable
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

MADE_HERE = shutil.ignore_patterns(
    ".git", ".types", ".venv", ".*_cache", ".hypothesis", "__pycache__", "*.egg-info", "build", "dist"
)


@pytest.fixture(scope="session")
def built(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel built from that sdist."""
    folder = tmp_path_factory.mktemp("dist")
    shutil.copytree(
        root, folder / "source", ignore=MADE_HERE
    )  # a build writes beside its sources, and others build too
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, folder / "source")
    return folder


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    return next(built.glob("fieldline-*.whl"))


@pytest.fixture(scope="session")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Makes a fresh venv with the wheel and with the packages that it, or an extra of it, requires; gives its `bin`.

    Which those are is read in the metadata; their files are linked from this environment: no package index is asked.
    """

    def make(extra: str) -> Path:
        folder = tmp_path_factory.mktemp(f"with-{extra or 'nothing'}")
        venv.create(folder, with_pip=False, symlinks=True)
        run(
            sys.executable,
            "-m",
            "pip",
            "--python",
            folder / "bin" / "python",
            "install",
            "--no-deps",
            "--no-index",
            wheel,
        )
        site = site_packages(folder)
        (fieldline,) = distributions(path=[str(site)])
        for each in required(fieldline, extra):
            link(each, site)
        return folder / "bin"

    return make


def required(wanted: Distribution, extra: str) -> Iterable[Distribution]:
    """The distributions of this environment that one requires with an extra of its own ("": with none)."""
    named: dict[str, Distribution] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(wanted, extra), (wanted, "")]
    while waiting:
        dist, chosen = waiting.pop()
        name = normal(dist.name)
        if (name, chosen) in seen:
            continue
        seen.add((name, chosen))
        named[name] = dist
        for requirement in map(Requirement, dist.requires or ()):
            if requirement.marker is None or requirement.marker.evaluate({"extra": chosen}):
                other = named.get(normal(requirement.name)) or distribution(requirement.name)
                waiting += [(other, each) for each in ("", *requirement.extras)]
    del named[normal(wanted.name)]
    return named.values()


def link(dist: Distribution, site: Path) -> None:
    """A distribution's files, but commands and what was compiled, as links into this environment."""
    for file in dist.files or ():
        if ".." not in file.parts and file.suffix != ".pyc":
            target = site / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(Path(str(file.locate())))


def site_packages(folder: Path) -> Path:
    """Where a venv keeps packages."""
    (site,) = folder.glob("lib/python*/site-packages")
    return site


def normal(name: str) -> str:
    """A distribution's name as it is compared: PyPA's specification of names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def run(*command: str | Path, cwd: Path | None = None) -> str:
    """What a command prints; it has to succeed."""
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, cwd=cwd)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout

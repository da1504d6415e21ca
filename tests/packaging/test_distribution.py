"""What is installed is what is in the repository, and it works beside a user's own `contracts/` and `cli.py`."""

import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from .conftest import run, site_packages

PACKAGES_AT_ROOT = (
    "application",
    "cases",
    "checker",
    "commands",
    "contracts",
    "documents",
    "estate",
    "formats",
    "lineage",
    "reports",
    "rows",
    "sentences",
    "validators",
    "values",
    "web",
)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of a fresh venv that has the wheel, and this environment's packages in place of the network."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel)
    here = sysconfig.get_paths()
    # A line of a .pth is a path, and the .pth files found there are not read: no editable install leaks in.
    (site_packages(folder) / "dependencies.pth").write_text("\n".join({here["purelib"], here["platlib"]}))
    return folder / "bin"


@pytest.fixture
def crowded(tmp_path: Path) -> Path:
    """A user's folder whose own modules bear our names, and break whoever imports them."""
    for name in PACKAGES_AT_ROOT:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('imported the user\\'s own package')\n")
    (tmp_path / "cli.py").write_text("raise SystemExit('imported the user\\'s own cli.py')\n")
    return tmp_path


def test_the_packages_listed_are_the_packages_on_disk(root: Path) -> None:
    listed = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    assert sorted(listed) == ["fieldline", *sorted(_packages_on_disk(root))]


def test_every_folder_with_modules_is_a_package(root: Path) -> None:
    folders = {module.parent for name in PACKAGES_AT_ROOT for module in (root / name).rglob("*.py")}
    assert sorted(str(folder) for folder in folders if not (folder / "__init__.py").exists()) == []


def test_the_wheel_holds_every_file_of_the_packages_and_nothing_else(root: Path, wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name.removeprefix("fieldline/") for name in archive.namelist() if name.startswith("fieldline/")}
    assert sorted(packed) == sorted(_files_of_the_package(root))


def test_the_sdist_holds_the_tests_and_the_examples(root: Path, built: Path) -> None:
    with tarfile.open(next(built.glob("fieldline-*.tar.gz"))) as archive:
        packed = {str(PurePosixPath(*PurePosixPath(name).parts[1:])) for name in archive.getnames()}
    made = root / "examples" / "nordbank_desk" / "data"  # by make demo-desk
    wanted = {
        str(path.relative_to(root))
        for name in ("examples", "tests")
        for path in (root / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.is_relative_to(made)
    }
    assert sorted(wanted - packed) == []


def test_the_installed_command_runs_in_a_folder_with_its_own_contracts_and_cli(installed: Path, crowded: Path) -> None:
    assert "check" in run(installed / "fieldline", "--help", cwd=crowded)
    assert "check" in run(installed / "python", "-m", "fieldline", "--help", cwd=crowded)


def test_the_installed_command_is_the_wheel_and_not_this_checkout(installed: Path, crowded: Path) -> None:
    where = run(installed / "python", "-c", "import fieldline; print(fieldline.__file__)", cwd=crowded)
    assert Path(where.strip()).is_relative_to(installed.parent)


def _packages_on_disk(root: Path) -> list[str]:
    return [
        ".".join(("fieldline", *marker.parent.relative_to(root).parts))
        for name in PACKAGES_AT_ROOT
        for marker in (root / name).rglob("__init__.py")
    ]


def _files_of_the_package(root: Path) -> list[str]:
    files = [*root.glob("*.py"), root / "py.typed"]
    for name in PACKAGES_AT_ROOT:
        files += (path for path in (root / name).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return [path.relative_to(root).as_posix() for path in files]

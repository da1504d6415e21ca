"""What `import fieldline` gives: every exported name exists, is documented, and costs nothing before it is used."""

import importlib
import inspect
import json
import os
import pkgutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import fieldline
from fieldline.application.library import LoadedEstate

HEAVY = {"networkx", "polars", "sqlalchemy", "sqlglot", "typer"}
EXPORTS = [name for name in fieldline.__all__ if name != "__version__"]


@pytest.mark.parametrize("name", EXPORTS)
def test_an_exported_name_exists_and_has_a_docstring_of_its_own(name: str) -> None:
    exported = getattr(fieldline, name)
    assert exported.__module__.startswith("fieldline.")
    assert exported.__name__ == name
    assert exported.__doc__
    assert not exported.__doc__.startswith(f"{name}(")  # what a dataclass without a docstring is given


def test_exports_are_sorted_and_are_all_that_is_listed() -> None:
    assert sorted(fieldline.__all__) == fieldline.__all__ == dir(fieldline)


def test_every_exported_name_stands_in_the_handbook(root: Path) -> None:
    page = (root / "docs" / "reference" / "library.md").read_text(encoding="utf-8")
    assert [name for name in fieldline.__all__ if f"`{name}`" not in page] == []


def test_a_name_that_is_not_exported_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="'fieldline' has no attribute 'Loaded'"):
        _ = fieldline.Loaded  # type: ignore[attr-defined]


def test_importing_fieldline_imports_no_library() -> None:
    assert not HEAVY & imported("import fieldline")


def test_loading_an_estate_imports_neither_rows_nor_a_terminal(examples: Path) -> None:
    loaded = imported(f"import fieldline; fieldline.load({str(examples / 'nordbank')!r}).entry('web.signup')")
    assert not (HEAVY | {"rich"}) & loaded - {"networkx", "sqlglot"}


def test_load_returns_the_exported_type(examples: Path) -> None:
    assert isinstance(fieldline.load(examples / "nordbank"), LoadedEstate)
    assert fieldline.LoadedEstate is LoadedEstate


def test_every_public_exception_is_a_fieldline_error() -> None:
    """All modules are imported, so this holds of every exception that the package defines; what no handler of errors is to
    catch, as the watchdog of the command line, is no `Exception`."""
    public = [
        error
        for module in modules()
        for name, error in inspect.getmembers(module, inspect.isclass)
        if issubclass(error, Exception) and error.__module__ == module.__name__ and not name.startswith("_")
    ]
    assert {"EstateError", "BudgetExceeded", "UnknownEntry", "PatternError"} <= {error.__name__ for error in public}
    assert [error for error in public if not issubclass(error, fieldline.FieldlineError)] == []


def test_exceptions_stay_what_python_calls_them(examples: Path) -> None:
    with pytest.raises(LookupError):
        fieldline.load(examples / "nordbank").entry("nowhere")
    assert issubclass(fieldline.UnknownFields, LookupError)
    assert issubclass(fieldline.MissingExtra, ImportError)


def test_a_missing_extra_is_an_exception_of_ours(tmp_path: Path, examples: Path) -> None:
    """In an application, too, the exception names the extra; there as for commands."""
    (tmp_path / "pandera.py").write_text("raise ModuleNotFoundError('gone', name='pandera')\n")
    code = (
        "import fieldline\n"
        f"entry = fieldline.load({str(examples / 'nordbank')!r}).entry('web.signup')\n"
        "try:\n"
        "    fieldline.pandera_schema(entry)\n"
        "except fieldline.FieldlineError as error:\n"
        "    print(type(error).__name__, error.name, error.extra, error, sep='|')\n"
    )
    done = run(code, tmp_path)
    assert done.stdout == (
        'MissingExtra|pandera|pandera|pandera_schema needs pandera, which comes with the extra "pandera": '
        "from a checkout, pip install '.[pandera]'\n"
    )


def modules() -> list[ModuleType]:
    """Every module of the package, imported."""
    outside = {"benchmarks", "build", "docs", "examples", "handbook", "tests"}
    names = [
        name
        for _, name, _ in pkgutil.walk_packages(fieldline.__path__, "fieldline.")
        if name.split(".")[1] not in outside
        and name not in {"fieldline.__main__", "fieldline.cases.migrations.env"}  # Alembic alone runs that one
    ]
    return [importlib.import_module(name) for name in names]


def imported(code: str) -> set[str]:
    """The top-level modules that a new process has after running some code."""
    done = run(f"{code}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))")
    return {name.partition(".")[0] for name in json.loads(done.stdout)}


def run(code: str, *paths: Path) -> subprocess.CompletedProcess[str]:
    """Run code in a new process that looks for modules in some folders first."""
    given = [*map(str, paths), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(given)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done

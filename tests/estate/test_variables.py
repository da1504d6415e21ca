"""The environment variables that are read: those that somebody named for the run; in a comparison, before the change."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import fieldline
from fieldline.documents.problem import EstateError
from fieldline.documents.variables import VariableError, Variables
from fieldline.estate.load import load_estate
from fieldline.estate.versions import Version, load_versions

from .written import write

FROM = "system: shop\nfrom: {database: %s}\n"


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two variables with the URL of the same database."""
    with closing(sqlite3.connect(tmp_path / "shop.db")) as connection:
        connection.execute("create table t (x text)")
    for name in ("ONE_DB", "OTHER_DB"):
        monkeypatch.setenv(name, f"sqlite:///{tmp_path / 'shop.db'}")


def estate(folder: Path, variable: str, env: str = "") -> Path:
    return write(folder, {"fieldline.yaml": f"estate: e\nlineage: []\n{env}", "contracts/shop.yaml": FROM % variable})


def refused(variable: str) -> str:
    return f'the environment variable "{variable}" is not one that may be read'


@pytest.mark.usefixtures("url")
def test_a_variable_is_read_where_the_estate_or_the_caller_names_it(tmp_path: Path) -> None:
    bare = estate(tmp_path / "bare", "ONE_DB")
    with pytest.raises(EstateError, match=refused("ONE_DB")):
        load_estate(bare)
    assert load_estate(bare, variables=Variables(frozenset({"ONE_DB"}))).contracts.entities
    assert fieldline.load(bare, allow_env=["ONE_DB"]).estate.contracts.entities
    assert load_estate(estate(tmp_path / "named", "ONE_DB", "env: [ONE_DB]\n")).contracts.entities


@pytest.mark.usefixtures("url")
def test_a_change_cannot_name_a_variable_for_itself(tmp_path: Path) -> None:
    before = Version("before", estate(tmp_path / "before", "ONE_DB", "env: [ONE_DB]\n"), None)
    after = Version("after", estate(tmp_path / "after", "OTHER_DB", "env: [ONE_DB, OTHER_DB]\n"), None)
    with pytest.raises(EstateError) as raised:
        load_versions(before, after)
    (problem,) = raised.value.problems
    assert problem.message == refused("OTHER_DB")
    assert problem.suggestion == "--allow-env OTHER_DB"
    assert load_versions(before, after, variables=Variables(frozenset({"OTHER_DB"}))).after.contracts.entities


@pytest.mark.usefixtures("url")
def test_where_the_version_before_cannot_be_read_the_change_reads_no_variable(tmp_path: Path) -> None:
    after = Version("after", estate(tmp_path / "after", "OTHER_DB", "env: [OTHER_DB]\n"), None)
    with pytest.raises(EstateError) as raised:
        load_versions(Version("gone", tmp_path / "gone", None), after)
    assert refused("OTHER_DB") in {problem.message for problem in raised.value.problems}


def test_a_variable_that_nobody_named_is_not_even_said_to_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    said = []
    for value in ("x", None):
        monkeypatch.delenv("SECRET", raising=False)
        if value is not None:
            monkeypatch.setenv("SECRET", value)
        with pytest.raises(VariableError) as raised:
            Variables().value("SECRET")
        said.append(raised.value.message)
    assert said[0] == said[1]

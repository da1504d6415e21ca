"""Each extra, alone beside the core, brings all that its commands import."""

import os
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

SCHEMA = "import fieldline, sys; fieldline.pandera_schema(fieldline.load(sys.argv[1]).entry('web.signup'))"
ATTEMPTS = (
    "import os, fieldline; from cryptography.fernet import Fernet; "
    "os.environ['FIELDLINE_ATTEMPTS_KEY'] = Fernet.generate_key().decode(); fieldline.AttemptStore('attempts.sqlite')"
)
DESK = (
    "import fieldline.web.desk.assembled, fieldline.web.record_sheet, fieldline.web.desk.settings as s, pathlib; "
    "s.read_desk_settings(pathlib.Path('desk.yaml'))"
)
RUN = "import sys, fieldline.cli; sys.argv[0] = 'fieldline'; fieldline.cli.main()"
USES = {
    "attempts": [f"{ATTEMPTS}; {RUN}", "attempts", "4711", "--in", "attempts.sqlite"],
    "rows": [RUN, "validate", "rows.csv", "--entry", "web.signup", "--estate", "{nordbank}"],
    "pandera": [SCHEMA, "{nordbank}"],
    "database": [RUN, "drift", "crm", "{nordbank}", "--database", "SHOP", "--allow-env", "SHOP"],
    "commercial": ["import oracledb, pymssql, ibm_db_sa, fieldline.rows.stores.table"],
    "audit": [RUN, "audit", "crm", "{nordbank}", "--data", "person=rows.csv"],
    "spark": ["import pyspark.sql, fieldline.rows.engines.spark, fieldline.rows.engines.registry"],
    "language": [RUN, "trace", "{nordbank}", "--at", "web.signup.username", "--value", "Åsa", "--language", "fi"],
    "odcs": ["import fieldline.formats.odcs as odcs; odcs._standard()"],
    "desk": [DESK],
    "web": [
        "import fieldline.web.server as s, pathlib, sys; s.web_app(pathlib.Path(sys.argv[1]), s.Limits(), is_local=True)",
        "{nordbank}",
    ],
}


@pytest.mark.parametrize("extra", USES)
def test_an_extra_brings_what_its_commands_import(
    environment: Callable[[str], Path], examples: Path, tmp_path: Path, extra: str
) -> None:
    (tmp_path / "rows.csv").write_text("username,login\nabc,abc\n")
    (tmp_path / "desk.yaml").write_text("cases: cases.sqlite\nzone: Europe/Helsinki\nsign_in: {link: [agent]}\n")
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("create table person (login text)")
    code, *words = USES[extra]
    done = subprocess.run(
        [environment(extra) / "python", "-c", code, *(word.format(nordbank=examples / "nordbank") for word in words)],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "SHOP": "sqlite:///shop.db", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    assert "Traceback" not in done.stderr

"""`fieldline attempts`, and what `serve --attempts` refuses to start with."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from fieldline.application.attempts import RefusedAttempt
from fieldline.rows.attempts.store import AttemptStore

from .conftest import Run, write
from .test_hostile import NASTY, assert_harmless

WHEN = datetime.now(UTC) - timedelta(hours=1)  # what is kept for long enough is there at any time
TYPED = "Maximilian1234"


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> str:
    made = Fernet.generate_key().decode()
    monkeypatch.setenv("FIELDLINE_ATTEMPTS_KEY", made)
    return made


@pytest.fixture
def kept(tmp_path: Path, key: str) -> Path:
    assert key
    file = tmp_path / "attempts.sqlite"
    AttemptStore(file).keep(
        [
            RefusedAttempt(WHEN, "web.signup", subject, ("username",), obligation, "billing", {"username": value})
            for subject, obligation, value in (
                ("4711", "User name: at most 12 characters.", TYPED),
                ("4712", NASTY.replace("\x00", ""), NASTY),
            )
        ]
    )
    return file


def test_a_subjects_attempts_are_masked_until_they_are_opened(fieldline: Run, kept: Path, key: str) -> None:
    done = fieldline("attempts", "4711", "--in", kept)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        '1 refusal of "4711", by web.signup.\n\n'
        f"  {WHEN:%Y-%m-%d %H:%M} UTC  web.signup: username = ••••\n"
        "    User name: at most 12 characters. (billing)\n\n"
        "  What was typed is masked. To see it: --open REASON, which is written down.\n"
    )
    done = fieldline("attempts", "4711", "--in", kept, "--open", "she called", FIELDLINE_ATTEMPTS_KEY=key)
    assert f'username = "{TYPED}"' in done.stdout
    done = fieldline("attempts", "nobody", "--in", kept)
    assert (done.returncode, done.stdout) == (0, 'Nothing is kept that was refused of "nobody".\n')


def test_the_estate_says_where_they_are(fieldline: Run, kept: Path, key: str, tmp_path: Path) -> None:
    files = {"fieldline.yaml": "estate: e\nlineage: []\nattempts: {database: KEPT, key: THE_KEY}\n"}
    estate = write(tmp_path / "estate", {**files, "contracts/a.yaml": "system: a\nentities: {}\n"})
    words = ["attempts", "4711", "--estate", estate]
    variables = {"KEPT": f"sqlite:///{kept}", "THE_KEY": key}
    assert "What was typed is masked" in fieldline(*words, **variables).stdout
    assert f'username = "{TYPED}"' in fieldline(*words, "--open", "she called", **variables).stdout
    (estate / "fieldline.yaml").write_text("estate: e\nlineage: []\nattempts: KEPT\nenv: [KEPT]\n", encoding="utf-8")
    done = fieldline(*words, **variables)
    assert (done.returncode, "fieldline.yaml:3:11" in done.stdout) == (2, True)
    assert "its database is read and never written" in done.stdout
    (estate / "fieldline.yaml").write_text("estate: e\nlineage: []\n", encoding="utf-8")
    assert fieldline(*words).returncode == 2


def test_as_json_what_is_masked_is_null(fieldline: Run, kept: Path, key: str) -> None:
    for words, value in ([], None), (["--open", "she called"], TYPED):
        done = fieldline(
            "attempts", "4711", "--in", kept, *words, "--output-format", "json", FIELDLINE_ATTEMPTS_KEY=key
        )
        answer = json.loads(done.stdout)
        assert (answer["subject"], answer["opened"]) == ("4711", bool(words))
        assert answer["attempts"][0]["fields"] == [{"name": "username", "value": value}]


def test_what_was_typed_does_nothing_to_whoever_reads_it(fieldline: Run, kept: Path, key: str) -> None:
    done = fieldline("attempts", "4712", "--in", kept, "--open", NASTY.replace("\x00", ""), FIELDLINE_ATTEMPTS_KEY=key)
    assert done.returncode == 0
    assert_harmless(done.stdout)
    assert_harmless(fieldline("attempts", NASTY.replace("\x00", ""), "--in", kept).stdout)


def test_a_wrong_key_or_place_is_a_problem(fieldline: Run, kept: Path, examples: Path, tmp_path: Path) -> None:
    other = Fernet.generate_key().decode()
    serve = ["serve", str(examples / "nordbank"), "--port", "0", "--attempts"]
    for words, key, told in (
        (["attempts", "4711", "--in", str(kept), "--open", "r"], other, "does not open what was kept with another one"),
        ([*serve, str(kept)], other, "does not open what was kept with another one"),
        ([*serve, str(tmp_path / "new.sqlite")], "a secret", "FIELDLINE_ATTEMPTS_KEY holds no key"),
        (["attempts", "4711", "--in", str(tmp_path / "none.sqlite")], other, "there is no file none.sqlite"),
        (["attempts", "4711", "--in", "env:NOT_SET"], other, 'the environment variable "NOT_SET" is not set'),
    ):
        done = fieldline(*words, FIELDLINE_ATTEMPTS_KEY=key)
        assert done.returncode == 2
        assert told in done.stdout
        assert key not in done.stdout + done.stderr
    done = fieldline(*serve, examples / "nordbank" / "a.sqlite", FIELDLINE_ATTEMPTS_KEY=other)
    assert done.returncode == 2
    assert "outside of the estate's folder" in done.stderr
    assert fieldline("attempts", "4711", "--in", kept, "--open", " ").returncode == 2


CHANNEL = """
  - system: {name}
    title: {title}
    entities:
      signup:
        kind: entry
        fields:
          username: {{type: text, title: User name, required: true, max_length: {longest}, same: user name}}
"""


def test_story_5_the_same_information_in_every_channel(fieldline: Run, kept: Path, tmp_path: Path) -> None:
    """The web lets in what the branch rejects: which values, whose, and what one customer tried before she called."""
    channels = [("web", "Web sign-up", 20), ("branch", "Branch", 12)]
    words = "".join(CHANNEL.format(name=name, title=title, longest=longest) for name, title, longest in channels)
    fields = "{no: {type: text}, login: {type: text, same: user name}}"
    person = f"key: no\n    store: {{file: data/person.csv}}\n    fields: {fields}"
    estate = write(
        tmp_path / "estate",
        {
            "fieldline.yaml": "estate: e\n",
            "contracts/entries.yaml": f"systems:{words}",
            "contracts/crm.yaml": f"system: crm\ntitle: Customers\nentities:\n  person:\n    {person}\n",
            "lineage/f.yaml": "flows:\n"
            + "".join(f"  - {{from: {name}.signup.username, to: crm.person.login}}\n" for name, _, _ in channels),
            "rules/channels.yaml": "rules: [{channels: [web.signup, branch.signup], agree: true}]\n",
            "data/person.csv": "no,login\n4711,maximilian\n4712,maximilian123456\n",
        },
    )
    told = fieldline("check", estate).stdout
    assert "channels-differ" in told
    assert "branch.signup.username rejects it" in " ".join(told.split())
    done = fieldline("audit", "--across", estate, "--output-format", "json")
    broken = {rule["rule"]: rule["counts"] for rule in json.loads(done.stdout)["rules"] if rule["broken"]}
    (deviation,) = broken["branch.signup.username accepts what came through web.signup.username"]
    assert (deviation["records"], deviation["example"]) == (1, "4712")
    done = fieldline("attempts", "4711", "--in", kept)
    assert "web.signup: username = ••••\n    User name: at most 12 characters." in done.stdout

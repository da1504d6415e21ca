"""Of a database only the scheme and the variable's name are shown: 30 secrets in every part of a URL, in every format.

All bytes of all outputs, and all that is logged, are searched for every four characters in a row of each secret.
"""

import logging
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import quote

import pytest

from fieldline.cli import _run
from fieldline.commands.options import FindingsFormat
from fieldline.documents.problem import EstateError
from fieldline.estate.load import load_estate

from .conftest import Run, write

if TYPE_CHECKING:
    from collections.abc import Callable

Shown: TypeAlias = "Callable[..., tuple[int, bytes]]"
VARIABLE = "SHOP_DB"
ESTATE = {
    "fieldline.yaml": "estate: shop\nlineage: []\nenv: [SHOP_DB]\n",
    "contracts/shop.yaml": "system: shop\nfrom: {database: SHOP_DB}\n",
    "contracts/web.yaml": "system: web\nentities: {form: {kind: entry, fields: {a: {type: text}}}}\n",
}
FORMATS = [each.value for each in FindingsFormat]
SHAPES = (
    *("{a}@{b}", "{a}@{b}@{c}", "{a}:{b}", "{a}/{b}", "{a}//{b}", "{a}?{b}", "{a}#{b}", "{a}%{b}", "{a}%40{b}"),
    *("{a}%zz{b}", "{a}'{b}", '{a}"{b}', "{a}`{b}", "{a}\\{b}", "{a}\n{b}", "{a}\r\n{b}", "{a} {b}", "{a}\t{b}"),
    *("{a}$HOME{b}", "{a}${{PATH}}{b}", "{a}é漢😀{b}", "{a}[{b}]", "{a}<{b}>", "{a}&{b}", "{a}={b}", "{a};{b}"),
    *("@{a}", "{a}@", "{a}\x1b[31m{b}", "{a}" * 300),
)
"""The odd shapes of secrets; the letters are random."""


def letters(chance: random.Random) -> str:
    """Letters and digits, in a row that no text has."""
    return "".join(chance.choice("QXZJqxzj") + chance.choice("0123456789") for _ in range(4))


def secrets() -> list[str]:
    chance = random.Random(13)  # noqa: S311 - the same secrets in every run
    return [shape.format(a=letters(chance), b=letters(chance), c=letters(chance)) for shape in SHAPES]


def urls(secret: str) -> Iterator[str]:
    """The secret in every part of a URL, as it is and as it should be written."""
    for written in dict.fromkeys((secret, quote(secret, safe=""))):
        yield f"postgresql://reader:{written}@127.0.0.1:1/shop"
        yield f"mysql://reader:{written}@127.0.0.1:1/shop"
        yield f"postgresql://{written}@127.0.0.1:1/shop"
        yield f"postgresql+psycopg://127.0.0.1:1/shop?password={written}"
        yield f"postgresql://127.0.0.1:1/shop?passfile=/none/{written}&sslmode=verify-full&sslrootcert=/none/{written}"
        yield f"mysql://127.0.0.1:1/shop?passwd={written}&{written}=1"
        yield f"postgresql://reader:{written}@[::1]:1/{written}"
        yield f"postgresql://reader:x@[{written}]:1/shop"
        yield f"postgresql://reader:x@127.0.0.1:{written}/shop"
        yield f"sqlite:////none/{written}.db"
        yield f"duckdb:////none/{written}.duckdb"
        yield f"postgresql+{written}://reader@127.0.0.1/shop"
        yield f"{written}://reader@127.0.0.1/shop"
        yield f"oracle://reader:{written}@127.0.0.1/shop"
        yield f"https://hooks.example/services/{written}"
        yield written


def pieces(secret: str) -> set[bytes]:
    """Every four characters in a row, as they are and as they are written in URLs and JSON."""
    rows = {secret[place : place + 4] for place in range(max(1, len(secret) - 3))}
    told = [row for row in rows if any(character in "QXZJqxzj" for character in row)]
    return {row.encode() for row in told} | {quote(row, safe="").encode() for row in told}


@pytest.fixture
def shown(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes], caplog: pytest.LogCaptureFixture
) -> Iterator[Shown]:
    """Runs a command here, and gives its exit code with all that it showed and logged."""

    def run(*words: str) -> tuple[int, bytes]:
        caplog.clear()
        monkeypatch.setattr(sys, "argv", ["fieldline", "--debug", *words])
        code = _run()
        out, err = capsysbinary.readouterr()
        return code, out + err + caplog.text.encode("utf-8", "backslashreplace")

    with caplog.at_level(logging.WARNING):
        yield run


@pytest.mark.slow
@pytest.mark.parametrize("secret", secrets(), ids=range(len(SHAPES)))
def test_no_part_of_a_secret_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shown: Shown, secret: str
) -> None:
    folder = write(tmp_path, ESTATE)
    commands = [
        ("import", "database", VARIABLE, "--system", "shop", "--allow-env", VARIABLE),
        ("validate", f"env:{VARIABLE}/form", "--entry", "web", "--estate", str(folder / "web")),
        ("drift", "web", str(folder / "web"), "--database", VARIABLE),
        ("diff", str(folder / "web"), str(folder / "narrow"), "--data", f"web.form=env:{VARIABLE}"),
    ]
    write(folder / "web", {name: text for name, text in ESTATE.items() if "shop.yaml" not in name})
    narrow = ESTATE["contracts/web.yaml"].replace("type: text", "type: text, max_length: 3")
    write(folder / "narrow", {"fieldline.yaml": ESTATE["fieldline.yaml"], "contracts/web.yaml": narrow})
    forbidden = pieces(secret)
    for number, url in enumerate(urls(secret)):
        monkeypatch.setenv(VARIABLE, url)
        forms = FORMATS if number in (0, 14) else [FORMATS[number % len(FORMATS)]]
        for words in (*(("check", str(folder), "--output-format", form) for form in forms), commands[number % 4]):
            code, output = shown(*words)
            assert code == 2, (words, url, output)
            found = [piece for piece in forbidden if piece in output]
            assert not found, (words, url, output)
        with pytest.raises(EstateError) as raised:
            load_estate(folder)
        assert not [piece for piece in forbidden if piece.decode() in f"{raised.value}{raised.value.problems!r}"]


def test_a_url_in_a_contract_or_on_the_command_line_is_not_repeated(tmp_path: Path, shown: Shown) -> None:
    secret = letters(random.Random(7))  # noqa: S311 - the same in every run
    url = f"postgresql://reader:{secret} it's@{secret}@db.example/shop"
    folder = write(tmp_path / "e", ESTATE | {"contracts/shop.yaml": f'system: shop\nfrom: {{database: "{url}"}}\n'})
    write(folder / "also", ESTATE | {"contracts/shop.yaml": f'system: shop\nfrom: {{sql: "{url}"}}\n'})
    write(folder / "web", {name: text for name, text in ESTATE.items() if "shop.yaml" not in name})
    web = str(folder / "web")
    for words in (
        *(("check", str(at), "--output-format", form) for at in (folder, folder / "also") for form in FORMATS),
        ("import", "database", url, "--system", "shop", "--allow-env", url),
        ("import", "sql", url, "--system", "shop"),
        ("drift", "web", web, "--database", url),
        ("audit", "web", web, "--database", url),
        ("validate", f"env:{url}/form", "--entry", "web", "--estate", web),
        ("validate", url, "--entry", "web", "--estate", web),
        ("diff", url, web),
        ("diff", web, web, "--data", f"web.form=env:{url}"),
        ("diff", web, web, "--data", f"web.form={url}"),
        ("check", url),
        ("check", web, "--output-file", url),
        ("screen", url, web),
    ):
        code, output = shown(*words)
        assert (code, output) != (3, b"")
        assert code != 3, words
        assert not [piece for piece in pieces(secret) if piece in output], (words, output)


@pytest.mark.needs_postgres
@pytest.mark.slow
def test_neither_an_audit_nor_its_data_docs_hold_a_part_of_the_password(
    postgres: str, fieldline: Run, tmp_path: Path
) -> None:
    import psycopg

    secret = "@{0}:/?#%$'\"{0}é ${{PATH}}".format(letters(random.Random(5)))  # noqa: S311 - the same in every run
    access = Path(postgres) / "data" / "pg_hba.conf"
    with psycopg.connect(host=postgres, user="tester", dbname="postgres", autocommit=True) as connection:
        connection.execute("drop table if exists audited; drop role if exists auditor")
        connection.execute("create table audited (a varchar(9)); insert into audited values ('x')")
        connection.execute("create role auditor login superuser")
        written = secret.replace("'", "''")
        connection.execute(f"alter role auditor password '{written}'")  # type: ignore[arg-type]
        access.write_text("local all auditor scram-sha-256\n" + access.read_text())
        connection.execute("select pg_reload_conf()")
    contract = "system: shop\nentities: {audited: {fields: {a: {type: text, max_length: 3}}}}\n"
    folder = write(tmp_path / "e", {"fieldline.yaml": ESTATE["fieldline.yaml"], "contracts/shop.yaml": contract})
    for password, code in ((secret, 0), (f"wrong{secret}", 2)):
        url = f"postgresql://auditor:{quote(password, safe='')}@/postgres?host={postgres}"
        words = ("--debug", "audit", "shop", folder, "--database", VARIABLE, "--data-docs", tmp_path / f"docs{code}")
        done = fieldline(*words, **{VARIABLE: url})
        assert done.returncode == code, done.stdout + done.stderr
        shown = [(done.stdout + done.stderr).encode()]
        shown += [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
        assert len(shown) > 4
        assert not [piece for piece in pieces(secret) for text in shown if piece in text]
        assert "wrong" not in done.stdout + done.stderr

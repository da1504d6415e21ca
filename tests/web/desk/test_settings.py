"""The desk's settings: every mistake is said at its place, all at once."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from fieldline.documents.problem import EstateError
from fieldline.web.desk.settings import LinkSignIn, OidcSignIn, ProxySignIn, read_desk_settings

OIDC = "sign_in: {oidc: {issuer: 'https://login.example', client: desk, secret: DESK_SECRET}}"
PROXY = "sign_in: {proxy: {from: [10.0.0.1], user: X-User, groups: X-Groups}}"
LINK = "sign_in: {link: [agent]}"
REST = "cases: cases.sqlite\naddress: https://desk.bank.example\nzone: Europe/Helsinki\n"


def written(folder: Path, text: str) -> Path:
    file = folder / "desk.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_settings_are_read(tmp_path: Path) -> None:
    settings = read_desk_settings(written(tmp_path, f"{REST}language: sv\n{OIDC}"))
    assert settings.cases == str(tmp_path / "cases.sqlite")
    assert (settings.host, settings.is_secure, settings.language, settings.customers) == (
        "desk.bank.example",
        True,
        "sv",
        "sv",
    )
    assert settings.sign_in == OidcSignIn("https://login.example", "desk", "DESK_SECRET", "roles", "groups")
    settings = read_desk_settings(written(tmp_path, f"{REST.replace('cases.sqlite', 'env:CASES_DB')}{PROXY}"))
    assert settings.cases == "env:CASES_DB"
    assert settings.sign_in == ProxySignIn(("10.0.0.1",), "X-User", "X-User", "X-Groups")
    settings = read_desk_settings(written(tmp_path, f"cases: a\nzone: UTC\n{LINK}"))
    assert (settings.address, settings.sign_in) == ("", LinkSignIn(("agent",)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"zone: Europe/Helsinki\naddress: https://a.example\n{OIDC}", "cases"),
        (f"{REST}sign_in: {{}}", "link"),
        (f"{REST}sign_in: {{link: [agent], proxy: {{from: [a], user: b, groups: c}}}}", "link"),
        (f"{REST}sign_in: {{link: [boss]}}", '4:18: "boss" is not known here'),
        (f"{REST}{LINK}", "2:10: a link signs people in on this machine alone"),
        (f"{REST.replace('https', 'http')}{OIDC}", "2:10: whoever is between could read along"),
        (f"{REST.replace('https://', '')}{OIDC}", "2:10: "),
        (f"{REST.replace('Helsinki', 'Helsinky')}{OIDC}", '3:7: "Europe/Helsinky" is no time zone'),
        (f"{REST}{PROXY.replace('10.0.0.1', 'proxy')}", '"proxy" is no address of a machine'),
        (f"cases: a\nzone: UTC\n{OIDC}", "an address is missing"),
        (f"{REST}{OIDC}\nsing_in: 1", "sing_in"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(EstateError) as error:
        read_desk_settings(written(tmp_path, text))
    told = [f"{problem.location}: {problem.message} {problem.expected}" for problem in error.value.problems]
    assert any(said in line for line in told), told


def test_an_estate_with_stores_is_not_served_to_whoever_comes(root: Path, tmp_path: Path) -> None:
    for words, said in (
        ([], "this estate has stores: nobody is served who is not signed in"),
        (["--desk", str(written(tmp_path, f"{REST}{OIDC}"))], 'the environment variable "DESK_SECRET" is not set'),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "fieldline", "serve", str(root / "examples" / "nordbank_desk"), *words],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 2
        assert said in re.sub(r"\s+", " ", done.stdout + done.stderr)

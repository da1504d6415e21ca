"""The desk's settings: a file that whoever runs the server writes, and nobody who changes a contract.

cases: cases.sqlite                  # relative to this file; or env:VARIABLE, the URL of a PostgreSQL
address: https://desk.bank.example   # as people type it
zone: Europe/Helsinki                # of the clock on the pages
language: fi                         # of the pages, until somebody chooses another
sign_in:
  oidc: {issuer: "https://login.bank.example", client: desk, secret: DESK_SECRET, roles: roles, teams: groups}
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast, get_args
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from ...cases.sessions import DESK_ROLES, DeskRole, desk_roles
from ...documents.folder import Folder
from ...documents.local_text import SpokenLanguage
from ...documents.problem import EstateError, Problems, nearest, shorten
from ...documents.shape import DURATION, TEXT, Choice, Key, Keyed, ListOf, Named
from ..gate import names_loopback

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ...documents.shape import ShapedRecord

SHORTEST_TOKEN = 32
"""Characters of the token of a robot."""

_CASES = Key(
    "cases", TEXT, "Where cases are kept: a file, or env:VARIABLE with the URL of a PostgreSQL.", required=True
)
_ADDRESS = Key(
    "address", TEXT, "Where people reach the desk: https://desk.bank.example. Only a trial may leave it out."
)
_ZONE = Key("zone", TEXT, "The time zone of the clock on its pages: Europe/Helsinki.", required=True)
_LANGUAGE = Key("language", Choice(*get_args(SpokenLanguage)), "The language of its pages, until somebody chooses one.")
_CUSTOMERS = Key("customers", Choice(*get_args(SpokenLanguage)), "The customers' language, until somebody chooses one.")
_LINK = Key(
    "link", ListOf(Choice(*DESK_ROLES), least=1), "A trial on this machine: whoever opens the link has these roles."
)
_ISSUER = Key("issuer", TEXT, "The address of the provider, as its discovery document names it.", required=True)
_CLIENT = Key("client", TEXT, "The identifier of the desk there.", required=True)
_SECRET = Key("secret", TEXT, "The environment variable that holds the client's secret.", required=True)
_ROLES = Key("roles", TEXT, "The claim with the roles: reader, agent, steward, admin; roles when left out.")
_TEAMS = Key("teams", TEXT, "The claim with the teams, by the names that contracts give; groups when left out.")
_OIDC = Key("oidc", Keyed("oidc", "OpenID Connect.", (_ISSUER, _CLIENT, _SECRET, _ROLES, _TEAMS)), "OpenID Connect.")
_FROM = Key("from", ListOf(TEXT, least=1), "The addresses of the proxy: nobody else's headers are read.", required=True)
_USER = Key("user", TEXT, "The header with who it is: X-Forwarded-User.", required=True)
_NAME = Key("name", TEXT, "The header with their name; that with who it is when left out.")
_GROUPS = Key(
    "groups",
    TEXT,
    "The header with their groups, commas between: fieldline-agent is a role, others are teams.",
    required=True,
)
_PROXY = Key(
    "proxy",
    Keyed("proxy", "A proxy that has signed people in.", (_FROM, _USER, _NAME, _GROUPS)),
    "A proxy that has signed people in.",
)
_SIGN_IN = Key(
    "sign_in",
    Keyed("sign_in", "How people sign in.", (_LINK, _OIDC, _PROXY), exactly_one=(("link", "oidc", "proxy"),)),
    "How people sign in.",
    required=True,
)
_ROBOTS = Key(
    "robots",
    ListOf(TEXT),
    "Environment variables, each with a token of at least 32 characters: whoever sends one may ask gates, and validate "
    "records.",
)
_KEEP = Key("keep", DURATION, "How long closed cases, look-ups and names of records are kept; a year when left out.")
_URL = Key("url", TEXT, "The environment variable that holds the address.", required=True)
_TOKEN = Key("token", TEXT, "The environment variable that holds the token it is sent with; none when left out.")
_EVENTS = Key(
    "events",
    Keyed("events", "Another system that hears of every case, by CloudEvents over HTTP.", (_URL, _TOKEN)),
    "Another system that hears of every case.",
)
_TEAMS_OPEN = Key(
    "teams",
    Named(ListOf(TEXT), "team", TEXT),
    "The systems whose values people of a team may see: {loan-desk: [loans, crm]}. Whoever is in no team that stands here "
    "sees none; all people see all when left out.",
)
_DESK = Keyed(
    "desk",
    "The desk's settings.",
    (_CASES, _ADDRESS, _ZONE, _LANGUAGE, _CUSTOMERS, _SIGN_IN, _ROBOTS, _KEEP, _EVENTS, _TEAMS_OPEN),
)


@dataclass(frozen=True, slots=True)
class LinkSignIn:
    """A trial on this machine."""

    roles: tuple[DeskRole, ...]


@dataclass(frozen=True, slots=True)
class OidcSignIn:
    """A provider of OpenID Connect."""

    issuer: str
    client: str
    secret: str
    """The environment variable that holds it."""
    roles: str
    """The claim."""
    teams: str


@dataclass(frozen=True, slots=True)
class ProxySignIn:
    """A proxy that has signed people in, and says so in headers."""

    senders: tuple[str, ...]
    """Its addresses."""
    user: str
    name: str
    groups: str


SignIn: TypeAlias = LinkSignIn | OidcSignIn | ProxySignIn


@dataclass(frozen=True, slots=True)
class EventReceiver:
    """Another system that hears of every case."""

    url: str
    """The environment variable with its address."""
    token: str | None
    """The environment variable with the token that it is sent with; None: without one."""


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """How the desk is run."""

    cases: str
    address: str
    """Scheme and host, without a path; empty: that at which a trial listens."""
    zone: str
    language: SpokenLanguage
    customers: SpokenLanguage
    sign_in: SignIn
    robots: tuple[str, ...] = ()
    """Environment variables, each with a token of a program that asks gates."""
    keep: timedelta = timedelta(days=365)
    """How long is kept what is over."""
    events: EventReceiver | None = None
    teams: Mapping[str, tuple[str, ...]] | None = None
    """The systems whose values people of a team may see; None: everybody may see all."""

    def opened_by(self, teams: Sequence[str]) -> tuple[str, ...] | None:
        """The systems whose values somebody of these teams may see; None: all."""
        if self.teams is None:
            return None
        return tuple(sorted({system for team in teams for system in self.teams.get(team, ())}))

    @property
    def way_in(self) -> Literal["link", "oidc", "proxy"]:
        """Who says who somebody is."""
        match self.sign_in:
            case LinkSignIn():
                return "link"
            case OidcSignIn():
                return "oidc"
            case ProxySignIn():
                return "proxy"

    @property
    def is_secure(self) -> bool:
        """Whether it is reached over HTTPS."""
        return self.address.startswith("https:")

    @property
    def host(self) -> str:
        """The header Host of a request that is meant for it."""
        return urlsplit(self.address).netloc


def read_desk_settings(path: Path) -> DeskSettings:
    """The settings in a file. Raises EstateError with all problems of it."""
    problems = Problems()
    tree = Folder(path.parent, problems).read(path)
    record = None if tree is None else _DESK.read(tree, problems)
    settings = None if record is None else _settings(record, path, problems)
    if settings is None or problems:
        raise EstateError(problems.all())
    return settings


def _settings(record: ShapedRecord, path: Path, problems: Problems) -> DeskSettings | None:
    address, zone, cases, written = record.get(_ADDRESS), record.get(_ZONE), record.get(_CASES), record.get(_SIGN_IN)
    sign_in = None if written is None else _sign_in(written, problems)
    if zone is None or cases is None or sign_in is None:
        return None
    parts = urlsplit(address or "")
    if address is None:
        if not isinstance(sign_in, LinkSignIn):
            problems.add(record.location, "an address is missing", expected="address: https://desk.bank.example")
    elif parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"} or parts.query:
        _add(record, _ADDRESS, f"{shorten(address)} is no address of a desk", "https://desk.bank.example", problems)
    elif isinstance(sign_in, LinkSignIn) and not names_loopback(parts.netloc):
        _add(record, _ADDRESS, "a link signs people in on this machine alone", "http://localhost:8000", problems)
    elif parts.scheme == "http" and not names_loopback(parts.netloc):
        _add(record, _ADDRESS, "whoever is between could read along", "https://, or http://localhost", problems)
    if zone not in available_timezones():
        known = nearest(zone, tuple(available_timezones()))
        _add(record, _ZONE, f"{shorten(zone)} is no time zone", "such as Europe/Helsinki", problems, known)
    place = cases if cases.startswith("env:") else str(path.parent / cases)
    language = cast("SpokenLanguage", record.get(_LANGUAGE) or "en")
    customers = cast("SpokenLanguage", record.get(_CUSTOMERS) or language)
    keep, robots, events = record.get(_KEEP), record.get(_ROBOTS) or (), record.get(_EVENTS)
    teams = record.get(_TEAMS_OPEN)
    url = None if events is None else events.get(_URL)
    return DeskSettings(
        place,
        (address or "").rstrip("/"),
        zone,
        language,
        customers,
        sign_in,
        robots,
        keep or timedelta(days=365),
        None if events is None or url is None else EventReceiver(url, events.get(_TOKEN)),
        None if teams is None else {node.value: systems for node, systems in teams},
    )


def _sign_in(written: ShapedRecord, problems: Problems) -> SignIn | None:
    link, oidc, proxy = written.get(_LINK), written.get(_OIDC), written.get(_PROXY)
    if link is not None:
        return LinkSignIn(desk_roles(link))
    if oidc is not None and oidc.sound:
        issuer, client, secret = oidc.get(_ISSUER), oidc.get(_CLIENT), oidc.get(_SECRET)
        roles, teams = oidc.get(_ROLES) or "roles", oidc.get(_TEAMS) or "groups"
        return OidcSignIn(str(issuer), str(client), str(secret), roles, teams)
    if proxy is not None and proxy.sound:
        senders, user = proxy.get(_FROM) or (), str(proxy.get(_USER))
        for sender in senders:
            try:
                ip_address(sender)
            except ValueError:
                _add(proxy, _FROM, f"{shorten(sender)} is no address of a machine", "such as 127.0.0.1", problems)
        return ProxySignIn(senders, user, proxy.get(_NAME) or user, str(proxy.get(_GROUPS)))
    return None


def _add(
    record: ShapedRecord, key: Key[Any], message: str, expected: str, problems: Problems, suggestion: str | None = None
) -> None:
    node = record.nodes[key.name][1]
    problems.add(node.location, message, expected=expected, suggestion=suggestion)

"""Tables of the transforms and of the engines that run them. The transforms themselves work out every outcome."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from fieldline.documents.problem import Problems
from fieldline.documents.yaml_events import read
from fieldline.lineage.collations import collations
from fieldline.lineage.engine_tables import VERSIONS
from fieldline.lineage.engines import ANY_ENGINE, KNOWN_ENGINES, NOT_ASKED, TITLES, Runner
from fieldline.lineage.read import read_flows
from fieldline.lineage.transform import KnownInPart, NoValue, OneSided, Varying, distinct, ways
from fieldline.lineage.transforms import TRANSFORMS
from fieldline.values.show import show
from fieldline.values.valueset import ValueSet

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fieldline.contracts.model import KnownEngine
    from fieldline.lineage.transform import Transform
    from fieldline.values.valueset import Value

_EXAMPLES: dict[str, tuple[str, Value]] = {
    "identity": ("identity", "Zoe"),
    "trim": ("trim", "  Zoe "),
    "collapse_spaces": ("collapse_spaces", "Zoe   Berg"),
    "upper": ("upper", "Zoe"),
    "lower": ("lower", "Zoe"),
    "casefold": ("casefold", "Straße"),
    "title": ("title", "zoe van der berg"),
    "normalize": ("{normalize: NFKC}", "ﬁn № 5"),
    "transliterate": ("{transliterate: icao}", "Åström"),
    "prefix": ("{prefix: C-}", "17"),
    "suffix": ("{suffix: .fi}", "bank"),
    "replace": ('{replace: {find: "-", with: " "}}', "Anna-Maria"),
    "remove": ('{remove: {characters: " -"}}', "040-123 45"),
    "keep": ('{keep: {class: "[0-9]"}}', "040-123 45"),
    "truncate": ("{truncate: 4}", "Helsinki"),
    "substring": ("{substring: {start: 3, length: 4}}", "Helsinki"),
    "before": ('{before: "@"}', "zoe@bank.fi"),
    "after": ('{after: "@"}', "zoe@bank.fi"),
    "split": ('{split: {delimiter: " ", part: 2}}', "Zoe Berg"),
    "last_part": ('{last_part: "/"}', "in/2026/zoe.csv"),
    "lines": ("{lines: {width: 12, line: 2}}", "Helsinki Street 12 B 34"),
    "hash": ("{hash: md5}", "Zoe"),
    "encode": ("{encode: html}", "Zoe & Co"),
    "pad": ('{pad: {length: 6, with: "0", side: left}}', "17"),
    "default": ("{default: unknown}", None),
    "null_if": ('{null_if: "-"}', "-"),
    "constant": ("{constant: FI}", "SE"),
    "or_null": ("{or_null: an outer join}", "Zoe"),
    "map": ('{map: {values: {M: "1", F: "2"}}}', "F"),
    "cast": ("{cast: integer}", "007"),
    "reformat": ('{reformat: {from: "%d.%m.%Y", to: "%Y-%m-%d"}}', "31.12.2026"),
    "start_of": ("{start_of: month}", date(2026, 1, 31)),
    "end_of": ("{end_of: month}", date(2026, 2, 3)),
    "add": ("{add: 5}", 17),
    "multiply": ("{multiply: 100}", Decimal("17.5")),
    "divide": ("{divide: 100}", 1750),
    "remainder": ("{remainder: 100}", 1750),
    "round": ("{round: 1}", Decimal("17.55")),
    "within": ("{within: {min: 0, max: 99}}", 100),
    "shift": ("{shift: P1M}", date(2026, 1, 31)),
    "opaque": ("{opaque: the name routine}", "Zoe"),
}
"""A use of each transform, with a value; `concat` joins several."""

RUNNERS: tuple[tuple[KnownEngine, str | None, str], ...] = (
    ("postgres", "C", "C"),
    ("postgres", "fi_FI", "libc"),
    ("postgres", "und-x-icu", "ICU"),
    ("mariadb", "utf8mb4_general_ci", "general_ci"),
    ("mariadb", "utf8mb4_uca1400_ai_ci", "uca1400"),
    *((engine, None, "") for engine in KNOWN_ENGINES if engine not in {"postgres", "mariadb"}),
)
"""Every engine, with each of its kinds of collation that change case in their own way."""


def ledger() -> str:
    """Every transform: a use of it with its outcome, and how exactly it is known."""
    lines = [
        "| step | a value, and the outcome | null becomes | backward | engines | this use loses |",
        "|---|---|---|---|---|---|",
    ]
    for name, spec in TRANSFORMS.items():
        if name == "concat":
            lines.append(
                '| [`concat`](#concat) | `{concat: {separator: " "}}`: `"Zoe"`, `"Berg"` → `"Zoe Berg"` '
                "| see `nulls` | exact | differ | see [`loss`](rules/loss.md) |"
            )
            continue
        written, value = _EXAMPLES[name]
        step = transform(written)
        lines.append(
            f"| [`{spec.shape.name}`](#{name}) | `{written}`: {_code(value)} → {_outcomes(written, value, ANY_ENGINE)} "
            f"| {_outcomes(written, None, ANY_ENGINE)} | {_backward(step)} "
            f"| {'differ' if isinstance(step, Varying) and name != 'or_null' else 'alike'} | {_loss(step)} |"
        )
    return "\n".join(lines)


def _backward(step: Transform) -> str:
    if isinstance(step, KnownInPart):
        return "exact of described texts, of others unknown"
    if isinstance(step, OneSided):
        return "of all outcomes, or of none, exact; of others by trying"
    return "exact" if step.exact else "**unknown**"


def transform(written: str) -> Transform:
    """A step, as a lineage file has it."""
    problems = Problems()
    tree = read(f"flows:\n- {{from: a.b.c, to: a.b.d, via: [{written}]}}\n", "lineage.yaml", problems)
    assert tree is not None, written
    (flow,) = read_flows([tree], problems)
    (step,) = flow.via
    return step  # type: ignore[return-value]  # one source: no concat


def texts_by_engine(columns: Sequence[tuple[str, str, Value]]) -> str:
    """What each engine makes of some values: columns are a title, a step and the value."""
    engines: dict[tuple[str, ...], list[str]] = {}
    for engine, collation, kind in RUNNERS:
        title = f"{TITLES[engine]} ({kind})" if kind else TITLES[engine]
        outcomes = tuple(_outcomes(step, value, (Runner(engine, collation),)) for _, step, value in columns)
        engines.setdefault(outcomes, []).append(title)
    rows = [[", ".join(titles), *outcomes] for outcomes, titles in engines.items()]
    return _table(["engine", *(title for title, *_ in columns)], rows)


def equality_by_engine() -> str:
    """Which texts each collation takes for equal."""
    pairs = (("fi", "FI"), ("Åke", "Ake"), ("FI", "FI "))
    words = {True: "equal", False: "different", None: "not known"}
    rows: dict[tuple[str, ...], list[str]] = {}
    for engine in KNOWN_ENGINES:
        for name, collation in collations(engine, None).items():
            answers = (TITLES[engine], *(words[collation.equal(*pair)] for pair in pairs))
            rows.setdefault(answers, []).append(f"`{name}`" if name else "default")
    head = ["engine", "collation", *(f"`'{first}'` and `'{second}'`" for first, second in pairs)]
    return _table(head, [[engine, ", ".join(names), *said] for (engine, *said), names in rows.items()])


def asked_engines() -> str:
    """The versions of the engines whose answers the tables hold, and those that were read about."""
    asked = {TITLES[cast("KnownEngine", name.partition("/")[0])]: version for name, version in VERSIONS.items()}
    versions = [version if version.startswith(title) else f"{title} ({version})" for title, version in asked.items()]
    manuals = [TITLES[engine] for engine in KNOWN_ENGINES if engine in NOT_ASKED]
    return f"- Asked: {', '.join(versions)}.\n- Read about in their manuals: {', '.join(manuals)}."


def _outcomes(written: str, value: Value, runners: Sequence[Runner]) -> str:
    step = transform(written)
    if isinstance(step, Varying):
        step = step.run_by(runners)
    return _any_of(distinct(way.apply(value) for way in ways(step)))


def _any_of(outcomes: Iterable[Value | NoValue]) -> str:
    return " or ".join(dict.fromkeys(map(_code, outcomes)))


def _code(value: Value | NoValue) -> str:
    match value:
        case NoValue.REJECTED:
            return "rejected"
        case NoValue.UNKNOWN:
            return "unknown"
        case None:
            return "null"
        case _:
            return f"`{show(value)}`"


def _loss(step: Transform) -> str:
    if not step.exact:
        return "unknown"
    return "nothing" if (ValueSet.everything() - step.unaltered).is_empty() else "see [`loss`](rules/loss.md)"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join(lines)

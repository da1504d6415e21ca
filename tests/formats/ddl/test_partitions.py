"""Whether a row fits into a part of its table: PostgreSQL 15 and MariaDB 10.11, run."""

import pytest

from fieldline.formats.ddl.engines.engine import EngineName

from .tables import fields, sentences


def bound(script: str, of: EngineName) -> set[str]:
    """The columns of the table `t` of which it is not known whether each value fits into a part."""
    found = fields(script, of)
    words = ("PARTITION BY", "attach partition")
    return {name for name, field in found.items() if any(each.startswith(words) for each in sentences(field))}


_HASH = "create table t (c int, d int) partition by hash (c);"
_LIST = "create table t (c int, d int) partition by list (c);"
_HALF = "create table {} partition of t for values with (modulus 2, remainder {});"
_QUARTER = "create table {} partition of t for values with (modulus 4, remainder {});"
_REST = "create table a partition of t default"


@pytest.mark.parametrize(
    ("script", "undecided"),
    [
        (_HASH, {"t.c"}),
        (_HASH + _HALF.format("a", 0), {"t.c"}),
        (_HASH + _HALF.format("a", 0) + _HALF.format("b", 1), set()),
        (_HASH + _HALF.format("a", 0) + _QUARTER.format("b", 1), {"t.c"}),
        (_HASH + _HALF.format("a", 0) + _QUARTER.format("b", 1) + _QUARTER.format("e", 3), set()),
        (_HASH + _HALF.format("a", 0) + _HALF.format("b", 1) + "drop table b;", {"t.c"}),
        (f"{_LIST} {_REST};", set()),
        (f"{_LIST} {_REST}; drop table a;", {"t.c"}),
        (f"{_LIST} {_REST}; alter table t detach partition a;", {"t.c"}),
        (f"{_LIST} {_REST} partition by list (d); create table b partition of a for values in (1);", {"t.d"}),
        (f"{_LIST} {_REST} partition by list (d); create table b partition of a default;", set()),
        (f"{_LIST} create table a (c int, d int); alter table t attach partition a default;", set()),
        (
            f"{_LIST} create table a (c int, d int) partition by hash (d); alter table t attach partition a default;",
            {"t.d"},
        ),
    ],
)
def test_postgres(script: str, undecided: set[str]) -> None:
    assert {name for name in bound(script, "postgres") if name.startswith("t.")} == undecided


_RANGE = (
    "create table t (c int, d int) partition by range (c) (partition a values less than (5), "
    "partition b values less than maxvalue);"
)
_REST_OF = "partition f values less than maxvalue"


@pytest.mark.parametrize("of", ["mysql", "mariadb"])
@pytest.mark.parametrize(
    ("script", "undecided"),
    [
        ("create table t (c int, d int) partition by hash (c) partitions 4", set()),
        (_RANGE, set()),
        (f"{_RANGE} alter table t drop partition a", set()),
        (f"{_RANGE} alter table t drop partition b", {"t.c"}),
        (f"{_RANGE} alter table t drop partition b; alter table t remove partitioning", set()),
        (f"{_RANGE} alter table t drop partition b; alter table t add partition ({_REST_OF})", set()),
        (f"{_RANGE} alter table t reorganize partition b into (partition e values less than (9), {_REST_OF})", set()),
    ],
)
def test_mysql(of: EngineName, script: str, undecided: set[str]) -> None:
    assert bound(script, of) == undecided


_T = "create table t (c varchar(3));"
_OK = "create function ok(text) returns boolean language sql immutable as $$ select {} $$; "
_F = "create function f() returns trigger language plpgsql as $$ begin {} return new; end $$; "
_W = "create trigger w before insert on t for each row execute function f();"
_CUTS = "create trigger w before insert on t for each row set new.c = left(new.c, {})"
_P = "create table t (c int) partition by range (c); create table a partition of t for values from (0) to ({}); "
_R = "create table t (c int) partition by list (c) (partition a values in (0, {}))"
_A = (
    "create table t (c int) partition by list (c); create table a (c int, check (c <> {})); "
    "alter table t attach partition a default"
)


@pytest.mark.parametrize(
    ("of", "script", "one", "other"),
    [
        ("postgres", _P, "10", "5"),
        ("postgres", _A, "1", "2"),
        ("postgres", _P.format(10) + "{}", "", "drop table a"),
        ("mariadb", _R, "1", "2"),
        ("postgres", _OK + "create table t (c varchar(3) check (ok(c)))", "true", "$1 <> 'a'"),
        ("postgres", _OK + "create domain m text check (ok(value)); create table t (c m)", "true", "$1 <> 'a'"),
        (
            "postgres",
            _OK
            + "create function p(text) returns boolean language sql as 'select ok($1)'; "
            + "create table t (c text check (p(c)))",
            "true",
            "false",
        ),
        ("postgres", _OK + "create table t (c text); create unique index i on t (c) where ok(c)", "true", "false"),
        ("postgres", _T + _F + _W, "if new.c = 'a' then raise exception 'x'; end if;", "raise exception 'x';"),
        ("postgres", _T + "create policy w on t with check (c <> '{}')", "a", "b"),
        ("postgres", _T + "create rule w as on insert to t where new.c = '{}' do instead nothing", "a", "b"),
        ("mariadb", _T + _CUTS, "2", "1"),
    ],
)
def test_a_rule_that_keeps_its_words_is_another_where_what_it_hangs_on_is(
    of: EngineName, script: str, one: str, other: str
) -> None:
    def rules(inner: str) -> list[object]:
        constraints = fields(script.replace("{}", inner), of)["t.c"].constraints
        return [each.restriction for each in constraints if each.name == "opaque"]

    assert rules(one) != rules(other)
    assert rules(one) == rules(f"{one} -- as before\n" if "$$" in script else one)
    assert all(
        "[text" not in each
        for inner in (one, other)
        for each in sentences(fields(script.replace("{}", inner), of)["t.c"])
    )

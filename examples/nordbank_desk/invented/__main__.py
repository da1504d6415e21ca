"""The bank on the command line."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from .service import LoginService
from .stores import build


def main() -> None:
    """Build the bank; with `--serve`, print what to try, and answer as the login service until Ctrl-C."""
    words = argparse.ArgumentParser(description="Fill the stores of a bank, with faults planted in them.")
    words.add_argument("--customers", type=int, default=100_000)
    words.add_argument("--planted", type=int, default=3, help="faults of each kind")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--port", type=int, default=0, help="of the login service; any that is free when left out")
    words.add_argument("--serve", action="store_true")
    given = words.parse_args()
    here = Path(__file__).resolve().parents[1]
    built = build(here / "data", given.customers, given.planted, given.seed, datetime.now(UTC))
    variables, first = built.variables, built.first
    if not given.serve:
        return
    with LoginService(here / "data" / "iam.db", given.port) as service:
        variables["IAM_API"] = service.address
        lines = "".join(f"export {name}='{value}'\n" for name, value in variables.items())
        (here / "data" / "environment").write_text(lines, encoding="utf-8")
        order = f"W{int(first['not in the list']):09}"
        print(f"{given.customers:,} customers. The login service answers until Ctrl-C. In another terminal:\n")
        print(f"  . {here / 'data' / 'environment'}")
        for asked in (
            f"--find {first['stale address']}",
            f"--record crm.person/{first['long user name']} --stores",
            f"--find {order}",
        ):
            print(f"  {here.parents[1] / '.venv' / 'bin' / 'fieldline'} trace {asked} {here}")
        print(f"  {here.parents[1] / '.venv' / 'bin' / 'fieldline'} serve {here} --desk {here / 'desk.yaml'}")
        print(flush=True)
        try:
            service.serve_forever()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()

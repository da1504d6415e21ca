"""The desk under fifty agents, a page each in five seconds, beside the plainest answer of the same server in the same run.

python benchmarks/desk_load.py [--quick] [--requests 20000] [--alone 1000]

`--requests`: as fast as the agents get answers, so many of them, to see whether memory grows. `--alone`: one agent after
another page, and the time of processors that the server and its workers take for each: what else runs does not change it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from random import Random
from shutil import copy, copytree

import httpx

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "nordbank_desk"
AGENTS, PAUSE = 50, 5.0
_WITHOUT_PAUSE = 6
"""Agents who do not wait: more of them would wait for each other alone."""
_TOLD = 1_000
"""Pages between two looks at the memory."""
_SHORT = httpx.Limits(keepalive_expiry=3)
"""The server closes a connection after five seconds: no request is sent while it does."""
SETTINGS = """cases: {cases}
address: http://127.0.0.1:{port}
zone: Europe/Helsinki
sign_in: {{proxy: {{from: [127.0.0.1], user: X-User, groups: X-Groups}}}}
"""


def main() -> None:
    """Print milliseconds and megabytes."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--quick", action="store_true", help="100 customers, one round")
    asked.add_argument("--requests", type=int, default=0)
    asked.add_argument("--alone", type=int, default=0)
    asked.add_argument("--seconds", type=int, default=60)
    words = asked.parse_args()
    customers, seconds = (100, 5) if words.quick else (100_000, words.seconds)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for part in ("contracts", "lineage", "rules"):
            copytree(EXAMPLE / part, root / "estate" / part)
        copy(EXAMPLE / "fieldline.yaml", root / "estate")
        sys.path.append(str(EXAMPLE))
        from invented.service import LoginService  # type: ignore[import-not-found]  # the example's
        from invented.stores import build  # type: ignore[import-not-found]  # as above

        variables = build(root / "estate" / "data", customers, 1 if words.quick else 20, 7, datetime.now(UTC)).variables
        with LoginService(root / "estate" / "data" / "iam.db") as service:
            apart = get_context("fork").Process(target=service.serve_forever)  # the agents take no time of it
            apart.start()
            environment = {**os.environ, **variables, "IAM_API": service.address}
            try:
                run(root, environment, customers, seconds, words.requests or words.alone, is_alone=bool(words.alone))
            finally:
                apart.kill()


def run(
    root: Path, environment: dict[str, str], customers: int, seconds: int, requests: int, *, is_alone: bool
) -> None:
    """A desk of its own, and its agents."""
    port = 8731
    (root / "desk.yaml").write_text(SETTINGS.format(cases=root / "cases.sqlite", port=port), encoding="utf-8")
    command = [sys.executable, "-m", "fieldline", "serve", str(root / "estate"), "--port", str(port)]
    with subprocess.Popen([*command, "--desk", str(root / "desk.yaml")], env=environment) as process:
        try:
            agents = Agents(f"http://127.0.0.1:{port}", root, customers, process.pid, is_alone=is_alone)
            asyncio.run(agents.work(seconds, requests))
        finally:
            process.terminate()


class Agents:
    """Fifty people at one desk."""

    def __init__(self, address: str, root: Path, customers: int, process: int, *, is_alone: bool) -> None:
        self._address, self._process, self._is_alone = address, process, is_alone
        truth = json.loads((root / "estate" / "data" / "truth.json").read_text(encoding="utf-8"))
        self._numbers = [f"{24_000_000 + place * 7}" for place in range(customers)]
        self._faulty = list(truth)
        self._times: dict[str, list[float]] = {}
        self._left = 0

    async def work(self, seconds: int, requests: int) -> None:
        """The pace of people for so many seconds; or so many requests, as fast as they are answered."""
        async with httpx.AsyncClient() as client:
            while True:
                try:
                    if (await client.get(f"{self._address}/readyz")).status_code == 200:
                        break
                except httpx.HTTPError:
                    pass
                await asyncio.sleep(0.2)
            for _ in range(50):
                await self._timed("plain: /healthz", client.get(f"{self._address}/healthz"))
        self._left, before, spent = requests, self._megabytes(), self._seconds()
        end = time.monotonic() + seconds
        agents = 1 if self._is_alone else AGENTS if not requests else _WITHOUT_PAUSE
        if self._is_alone:  # the first pages of the estate are judged meanwhile
            await asyncio.sleep(20)
        await asyncio.gather(*(self._agent(place, end, by_pace=not requests) for place in range(agents)))
        for name, times in sorted(self._times.items()):
            ordered = sorted(times)
            middle, late = statistics.median(ordered), ordered[int(len(ordered) * 0.99)]
            of = "of processors " if self._is_alone else ""
            print(f"{name:28} {len(times):6} answers, {of}median {middle:6.0f} ms, 99th percentile {late:6.0f} ms")
        pages = len(self._times["all pages"])
        print(f"time of processors: {(self._seconds() - spent) / pages * 1000:.0f} ms a page")
        print(f"memory of the server and its workers: {before:.0f} MB before, {self._megabytes():.0f} MB after")

    async def _agent(self, place: int, end: float, *, by_pace: bool) -> None:
        random = Random(place)
        who = {"X-User": f"agent{place}", "X-Groups": "fieldline-agent, billing-dba"}
        async with httpx.AsyncClient(headers=who, base_url=self._address, timeout=60, limits=_SHORT) as client:
            if by_pace:
                await asyncio.sleep(PAUSE * place / AGENTS)
            key, record = "", ""
            while (time.monotonic() < end) if by_pace else self._left > 0:
                self._left -= 1
                begun = time.monotonic()
                match random.choice(("home", "find", "record", "record", "faults")):
                    case "home":
                        key = await self._home(client)
                    case "find":
                        key = key or await self._home(client)
                        calling = random.choice(self._numbers if random.random() < 0.6 else self._faulty)
                        form = {"text": calling, "form_key": key}
                        answer = await self._timed("find", client.post("/desk/find", data=form))
                        record = answer.headers.get("location", record)
                    case "record" if record:
                        await self._timed("record", client.get(record))
                    case _:
                        await self._timed("faults", client.get("/desk/faults"))
                if by_pace:
                    await asyncio.sleep(max(0.0, PAUSE - (time.monotonic() - begun)))

    async def _home(self, client: httpx.AsyncClient) -> str:
        answer = await self._timed("home", client.get("/desk"))
        found = re.search(r'name="form_key" value="([^"]+)"', answer.text)
        return found[1] if found else ""

    async def _timed(self, name: str, asked: object) -> httpx.Response:
        clock = self._nanoseconds if self._is_alone else time.perf_counter_ns
        begun = clock()
        answer: httpx.Response = await asked  # type: ignore[misc]  # a request
        taken = (clock() - begun) / 1e6
        if answer.status_code != 429:  # searches of one person are counted, and this one searches all day
            assert answer.status_code < 400, (name, answer.status_code)
            self._times.setdefault(name, []).append(taken)
            if not name.startswith("plain"):
                pages = self._times.setdefault("all pages", [])
                pages.append(taken)
                if len(pages) % _TOLD == 0:
                    print(f"after {len(pages)} pages: {self._megabytes():.0f} MB", flush=True)
        return answer

    def _megabytes(self) -> float:
        """Resident memory of the server, and of the processes that it has started."""
        return sum(int(each[21]) for each in self._processes()) * os.sysconf("SC_PAGE_SIZE") / 2**20

    def _seconds(self) -> float:
        """Time of processors that they have taken; of workers that have ended, none."""
        return sum(int(each[11]) + int(each[12]) for each in self._processes()) / os.sysconf("SC_CLK_TCK")

    def _nanoseconds(self) -> int:
        """Time of processors that all their threads have taken."""
        spent = 0
        for each in self._processes():
            for file in Path(f"/proc/{each[-1]}/task").glob("*/schedstat"):
                try:
                    spent += int(file.read_text().split()[0])
                except OSError:  # it has just ended
                    continue
        return spent

    def _processes(self) -> list[list[str]]:
        """What proc(5) tells of them: the fields of `stat` behind the name, and the number of the process."""
        found = []
        for place in Path("/proc").glob("[0-9]*"):
            try:
                fields = (place / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it has just ended
                continue
            if str(self._process) in {place.name, fields[1]}:
                found.append([*fields, place.name])
        return found


if __name__ == "__main__":
    main()

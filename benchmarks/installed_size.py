"""What an installation weighs: the core, and with each extra, in fresh environments; needs a package index.

    python benchmarks/installed_size.py [EXTRA ...]      (the core, then every extra but dev and bench, when left out)

Megabytes (10^6 bytes) of the files of site-packages, with bytecode and without an installer. Then the core by package.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
import venv
from compileall import compile_dir
from pathlib import Path

ROOT = Path(__file__).parent.parent
NO_USERS = {"bench", "dev"}
HEAVIEST = 12


def main() -> None:
    """Install, weigh, print."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = sys.argv[1:] or [name for name in project["optional-dependencies"] if name not in NO_USERS]
    core = weights("")
    print(f"{'the core':12} {sum(core.values()):8.1f} MB", flush=True)
    for extra in extras:
        whole = sum(weights(extra).values())
        print(f"{extra:12} {whole:8.1f} MB   {whole - sum(core.values()):+8.1f} MB", flush=True)
    print("\nthe core, by package")
    for name, weight in sorted(core.items(), key=lambda item: -item[1])[:HEAVIEST]:
        print(f"{name:26} {weight:8.1f} MB")


def weights(extra: str) -> dict[str, float]:
    """By package (a folder or file of site-packages), the megabytes that an installation with the extra takes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        venv.create(folder, with_pip=False, symlinks=True)
        install(folder, f"{ROOT}[{extra}]" if extra else str(ROOT))
        (site,) = folder.glob("lib/python*/site-packages")
        compile_dir(site, quiet=2)
        found: dict[str, float] = {}
        for file in site.rglob("*"):
            if file.is_file():
                package = file.relative_to(site).parts[0].partition("-")[0]
                found[package] = found.get(package, 0.0) + file.stat().st_size / 1e6
        return found


def install(folder: Path, requirement: str) -> None:
    """With uv where it is installed beside this Python; it takes a tenth of pip's time."""
    uv, python = Path(sys.executable).with_name("uv"), str(folder / "bin" / "python")
    by_uv = [str(uv), "pip", "install", "--quiet", "--python", python, requirement]
    by_pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", requirement]
    subprocess.run(by_uv if uv.exists() else by_pip, check=True)


if __name__ == "__main__":
    main()

"""Repositories of git, made for a test: far from anybody's settings, and found at addresses that lead to a folder."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ADDRESS = "https://git.example"
"""Where the repositories of a test are, for whoever has its settings."""

WHO = {
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@b.example",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@b.example",
    "GIT_AUTHOR_DATE": "2024-01-01T00:00:00Z",
    "GIT_COMMITTER_DATE": "2024-01-01T00:00:00Z",
}


def settings(folder: Path, origins: Path) -> dict[str, str]:
    """An environment in which git finds in a folder what is at `ADDRESS`, and nobody else's settings."""
    config = folder / "gitconfig"
    config.write_text(f'[url "file://{origins}/"]\n  insteadOf = {ADDRESS}/\n[init]\n  defaultBranch = main\n')
    return {**WHO, "GIT_CONFIG_GLOBAL": str(config), "GIT_CONFIG_SYSTEM": os.devnull}


class Made:
    """A repository with one branch, `main`."""

    def __init__(
        self, root: Path, files: Mapping[str, str] | None, environment: Mapping[str, str] | None = None
    ) -> None:
        """`files`: those of its first commit; None: it is there already."""
        self.root = root
        self._environment = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, **(environment or WHO)}
        if files is not None:
            root.mkdir(parents=True, exist_ok=True)
            self.git("init", "--quiet", "--initial-branch=main")
            self.commit(files)

    def git(self, *arguments: str, check: bool = True) -> str:
        done = subprocess.run(
            ["git", "-c", "commit.gpgsign=false", "-c", "protocol.file.allow=always", *arguments],
            cwd=self.root,
            env={"PATH": os.environ["PATH"], **self._environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0 or not check, done.stderr
        return done.stdout.strip()

    def write(self, files: Mapping[str, str]) -> None:
        """Put files into the working tree."""
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())

    def replace(self, name: str, old: str, new: str) -> None:
        """Change a file of the working tree."""
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text, (name, old)
        self.write({name: text.replace(old, new)})

    def commit(self, files: Mapping[str, str] | None = None) -> str:
        """Commit all that is in the working tree, and these files."""
        self.write(files or {})
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message=x")
        return self.git("rev-parse", "HEAD")

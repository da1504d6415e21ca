"""Exit codes."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit code of a command."""

    CLEAN = 0
    """No finding, or a question was answered."""
    FINDINGS = 1
    """Findings at or above --fail-on; rejected rows; a document that leaves out part of a contract."""
    UNUSABLE = 2
    """Bad usage, or something that could not be read or written, or a package that is not installed: no verdict."""
    BUG = 3
    """An internal error."""
    ABORTED = 130
    """Interrupted at the keyboard."""

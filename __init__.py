"""Fieldline: from what every system demands and how values travel, which values survive the whole journey.

Nothing is imported here: the repository's root is this package, and a command pays only for what it uses.
"""

__version__ = "0.1.0"

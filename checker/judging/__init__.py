"""Verdicts on whether an entry meets an obligation, and records run forward. Imports `checker.preconditions`."""

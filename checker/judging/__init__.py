"""Whether an entry meets an obligation, and what becomes of a record run forward. Imports `checker.preconditions`."""

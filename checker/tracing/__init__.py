"""A value at a field, followed upstream to its root and downstream to its end.

Imports `checker.judging` and `checker.preconditions`.
"""

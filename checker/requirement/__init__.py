"""The requirement of an entry: composed, compiled, repaired, shown.

Imports `checker.judging` and `checker.preconditions`.
"""

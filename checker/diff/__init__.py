"""The effects of a change to an estate.

Imports `checker.judging`, `checker.preconditions` and the rule that its own rules extend.
"""

"""What a change of an estate does.

Imports `checker.judging`, `checker.preconditions` and the rule that its own rules extend.
"""

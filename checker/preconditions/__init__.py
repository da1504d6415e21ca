"""Weakest preconditions: constraints carried upstream, from every field to the entries.

Imports `estate` and the rooms below it.
"""

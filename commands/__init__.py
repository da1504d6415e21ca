"""The commands, one a file: each reads its options, calls one use case, and writes one report.

Imports every other room but `cli`; all but `typer` when a command runs, because `fieldline --help` imports these modules.
"""

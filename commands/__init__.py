"""The commands, one a file: each reads its options, calls one use case, and writes one report.

A command imports everything but `typer` when it runs: `fieldline --help` imports all of these modules.
"""

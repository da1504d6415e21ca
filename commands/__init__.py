"""The commands, one a file: each reads its words, asks one use case, and writes one report.

What a command needs beyond `typer` it imports when it runs: `fieldline --help` imports all of these modules.
"""

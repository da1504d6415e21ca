"""Decision procedures for languages: emptiness, inclusion, witnesses, minimal automata.

Imports its siblings in `values` below it, and nothing else.
"""

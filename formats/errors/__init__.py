"""Error messages of databases and validators, read to what they say: what kind of failure, where, of which value.

One engine a module, each a table of patterns; `read` asks all of them. No engine is imported.
"""

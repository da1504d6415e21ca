"""The columns of SQL: the types, lengths and checks of each engine, as constraints of ours.

Imports `documents`, `contracts`, `values` and sqlglot.

    text -> statements -> schema (replayed) -> rules per column -> the tree of a contract file

One grammar of definitions serves all dialects; an engine (`engines/`) gives the meanings of its words. sqlglot cuts the
text into tokens and parses expressions. It does not get whole statements: of the ALTERs of these dialects it hands back
a good third unread, and it may misread one in silence.

A constraint is stated where a value outside it is rejected or arrives altered (cut, rounded, replaced). A rule that an
engine writes down and does not enforce is `declared`, never a constraint.
"""

"""What SQL says of columns: the types, lengths and checks of each engine, as demands in our own words.

    text -> statements -> schema (replayed) -> rules per column -> the tree of a contract file

One grammar of definitions serves all dialects; what a word means is looked up in the dialect. sqlglot cuts the text into
tokens and parses expressions. It is not given whole statements: of the ALTERs of these dialects it hands back a good
third unread, and it may misread one in silence.

A demand is stated where a value outside it is refused or arrives altered (cut, rounded, replaced). What an engine only
writes down and does not enforce is `declared`, never a demand.
"""

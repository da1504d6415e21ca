"""An estate as a graph, in the formats other tools read: one format a file.

Imports `reports.json`, `reports.page`, `reports.text` and the rooms below `reports`.
"""

"""Answers as JSON, each with its JSON Schema.

Imports `reports.text` and the rooms below `reports`.
"""

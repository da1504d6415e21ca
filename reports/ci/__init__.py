"""Findings in the formats of CI systems and code hosts.

Imports `reports.json`, `reports.text` and the rooms below `reports`.
"""

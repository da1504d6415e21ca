"""Answers as text for a terminal.

Imports the rooms below `reports`.
"""

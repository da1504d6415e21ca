"""Contracts and flows as other formats state them, as trees of our own files: one format a file.

Imports `contracts`, `documents`, `values`.
"""

"""Sentences for people, in their language: facts of the rooms below in plain words.

What experts read (patterns, bytes, names of constraints) is said elsewhere, in English.
"""

"""Validators made from the requirement of an entry, one target a file. Imports `application` and the rooms below it."""

"""Validators made from the requirement of an entry, one target a file. Imports `application` and what is below it."""

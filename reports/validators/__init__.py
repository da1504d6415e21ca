"""Validators made from an entry's requirement, for the engines that entry screens run on: one a file."""

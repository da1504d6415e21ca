"""The rules: one module each, its docstring is the published explanation."""

"""What `import fieldline` gives, and the use cases that commands and web share.

Imports `checker` and what is below it.
"""

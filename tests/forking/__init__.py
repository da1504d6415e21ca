"""`fieldline` in a process of its own, without the half second that a new interpreter takes to read its modules.

A server that has read them is forked for every run: arguments, environment, folder and the three standard streams are
those of whoever asks, and so is the exit code. What an interpreter settles before it reads a module (the variables
PYTHON… and the locale) cannot be asked for.
"""

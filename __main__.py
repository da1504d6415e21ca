"""`python -m fieldline`: the same as the command `fieldline`."""

from .cli import main

if __name__ == "__main__":
    main()

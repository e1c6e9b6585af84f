"""`python -m foyer` is the command `foyer`."""

from foyer.cli import main

if __name__ == "__main__":
    main()

"""`python -m federate` is the command `federate`."""

from federate.cli import main

if __name__ == "__main__":
    main()

"""python -m larmcentral."""

from larmcentral.cli import main

if __name__ == "__main__":
    main()

"""`python -m nnhs_tui` is the command `nnhs-tui`."""

import sys

from nnhs_tui.cli import main

if __name__ == "__main__":
    sys.exit(main(None))

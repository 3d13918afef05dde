"""`python -m dodo_licenses.contract`, for where the command line's extra is not installed."""

import sys

from dodo_licenses.contract.command import contract

if __name__ == "__main__":
    sys.exit(contract.main(prog_name="python -m dodo_licenses.contract", standalone_mode=False) or 0)

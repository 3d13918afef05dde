"""The command line's entry: `dodo-licenses` and `python -m dodo_licenses`."""

import sys


def main() -> int:
    """Run the command line, or say which extra it needs."""
    try:
        from dodo_licenses._cli import run  # noqa: PLC0415 - the extra may be missing
    except ModuleNotFoundError as error:
        if error.name not in ("click", "rich"):
            raise
        print('dodo-licenses: the command line needs: pip install "dodo-licenses[cli]"', file=sys.stderr)  # noqa: T201
        return 2
    return run()


if __name__ == "__main__":
    sys.exit(main())

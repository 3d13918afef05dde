"""The mock as a program: `python -m dodo_licenses.mock`."""

import sys


def main() -> None:
    """Serve until Ctrl-C or SIGTERM; exit status 1 where that is not possible, 2 for wrong use."""
    try:
        from dodo_licenses.mock.command import mock  # noqa: PLC0415 - the extra may be missing
    except ModuleNotFoundError as error:
        if error.name != "click":
            raise
        print('dodo-licenses-mock: this needs: pip install "dodo-licenses[mock]"', file=sys.stderr)  # noqa: T201
        sys.exit(2)
    mock(prog_name="dodo-licenses-mock")


if __name__ == "__main__":
    main()

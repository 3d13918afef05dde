"""The mock as a program: `python -m dodo_licenses.mock`."""

import sys

_EXTRAS = {**dict.fromkeys(("click", "starlette", "uvicorn"), "mock"), "standardwebhooks": "webhooks"}


def main() -> None:
    """Serve until Ctrl-C or SIGTERM; exit status 1 where that is not possible, 2 for wrong use."""
    try:
        from dodo_licenses.mock.command import mock  # noqa: PLC0415 - the extra may be missing

        mock(prog_name="dodo-licenses-mock")
    except ModuleNotFoundError as error:
        if error.name not in _EXTRAS:
            raise
        needed = f"dodo-licenses[{_EXTRAS[error.name]}]"
        print(f'dodo-licenses-mock: this needs: pip install "{needed}"', file=sys.stderr)  # noqa: T201
        sys.exit(2)


if __name__ == "__main__":
    main()

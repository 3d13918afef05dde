"""Serve the mock in the foreground: `python -m dodo_licenses.mock`."""

from __future__ import annotations

import argparse
import contextlib
import signal
import sqlite3
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from dodo_licenses.mock.server import MockServer

_WRONG_USE, _CANNOT_SERVE = 2, 1
_EXTRAS = {"starlette": "mock", "uvicorn": "mock", "standardwebhooks": "webhooks"}


class _Parser(argparse.ArgumentParser):
    """Complains in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(_WRONG_USE, f"{self.prog}: {message} (see --help)\n")


def _number(low: int, high: int) -> type[int]:
    def read(value: str) -> int:
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            raise argparse.ArgumentTypeError(f"must be a whole number from {low} to {high}, not {value!r}")
        return int(value)

    return read  # type: ignore[return-value]


def _arguments(arguments: list[str] | None, program: str) -> argparse.Namespace:
    parser = _Parser(
        prog=program,
        description="A stand-in for the Dodo Payments license key API, for tests in any language.",
        epilog=f"example: {program} --port 4010 --keys 250 --api-key sk_test_mock",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=_number(0, 65_535), default=4010, help="0 for a free one (default: %(default)s)"
    )
    parser.add_argument(
        "--keys",
        type=_number(0, 10_000_000),
        default=250,
        metavar="N",
        help="license keys to make up, the same ones each time (default: %(default)s)",
    )
    parser.add_argument(
        "--seed",
        type=_number(0, 2**31 - 1),
        default=0,
        metavar="N",
        help="make up others (default: %(default)s)",
    )
    parser.add_argument(
        "--api-key", default="sk_test_mock", metavar="KEY", help="API key to accept (default: %(default)s)"
    )
    parser.add_argument("--read-only-api-key", metavar="KEY", help="one more, that may only read")
    parser.add_argument(
        "--rate-limit", action="store_true", help="refuse more than 100 requests a minute or 10 a second"
    )
    parser.add_argument(
        "--latency",
        type=_number(0, 600_000),
        default=0,
        metavar="MS",
        help="milliseconds that each answer takes longer (default: %(default)s)",
    )
    parser.add_argument(
        "--load", metavar="FILE", help="begin with this state instead: JSON, as /_mock/dump gives it"
    )
    parser.add_argument(
        "--db", metavar="FILE", help="keep the state in this SQLite file, and begin with what it holds"
    )
    parser.add_argument(
        "--webhook-url", metavar="URL", help="send license_key.created there when a key is imported"
    )
    parser.add_argument(
        "--webhook-secret",
        metavar="SECRET",
        help="what webhooks are signed with: base64, or whsec_ and base64",
    )
    parser.add_argument(
        "--control-from-anywhere", action="store_true", help="let other machines use /_mock/, too"
    )
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None, program: str = "dodo-licenses-mock") -> int:
    """Serve until Ctrl-C or SIGTERM; exit status 1 where that is not possible, 2 for wrong use.

    Args:
        arguments: The options; the process's own where there are none.
        program: What it is called in what it says.
    """
    settings = vars(_arguments(arguments, program))
    try:
        from dodo_licenses.mock.limits import Limiter  # noqa: PLC0415 - the extra may be missing
        from dodo_licenses.mock.server import MockServer  # noqa: PLC0415 - the extra may be missing

        settings["limiter"] = Limiter() if settings.pop("rate_limit") else None
        settings["latency"] /= 1000
        server = MockServer(**settings)
    except ModuleNotFoundError as error:
        if error.name not in _EXTRAS:
            raise
        return _complain(f'this needs: pip install "dodo-licenses[{_EXTRAS[error.name]}]"', _WRONG_USE)
    except sqlite3.Error as error:
        return _complain(f"{settings['db']} cannot be used as a database: {error}", _WRONG_USE)
    except ValueError as error:
        return _complain(str(error), _WRONG_USE)
    except OSError as error:
        if error.filename is not None:
            return _complain(f"cannot read {error.filename}: {error.strerror}", _WRONG_USE)
        where = f"{settings['host']}:{settings['port']}"
        return _complain(f"cannot listen on {where} ({error.strerror}): try another --port", _CANNOT_SERVE)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl-C
    with contextlib.suppress(KeyboardInterrupt):
        _tell(server)
        server.run()
    return 0


def _tell(server: MockServer) -> None:
    url = server.base_url
    print(  # noqa: T201 - for whoever started it
        f"serving {server.count_license_keys()} license keys at {url}, Ctrl-C to stop\n\n"
        f'  curl -H "Authorization: Bearer {server.api_key}" "{url}/license_keys?page_size=2"\n'
        f"  curl {url}/_mock/  (clock, faults, requests, snapshots: see docs/mock.md)\n",
        file=sys.stderr,
        flush=True,
    )


def _complain(sentence: str, status: int) -> int:
    print(f"dodo-licenses-mock: {sentence}", file=sys.stderr)  # noqa: T201
    return status


if __name__ == "__main__":
    sys.exit(main())

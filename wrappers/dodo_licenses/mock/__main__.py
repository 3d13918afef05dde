"""Serve the mock in the foreground: `python -m dodo_licenses.mock`."""

from __future__ import annotations

import argparse
import contextlib
import signal
import sqlite3
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NoReturn

from dodo_licenses.mock import DEFAULT_API_KEY

_WRONG_USE, _CANNOT_SERVE = 2, 1
_EXTRAS = {"starlette": "mock", "uvicorn": "mock", "standardwebhooks": "webhooks"}


class _Parser(argparse.ArgumentParser):
    """Complains in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(_WRONG_USE, f"{self.prog}: {message} (see --help)\n")


def _number(low: int, high: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            raise argparse.ArgumentTypeError(f"must be a whole number from {low} to {high}, not {value!r}")
        return int(value)

    return read


def _day(value: str) -> date:
    try:
        return date.today() if value == "today" else date.fromisoformat(value)  # noqa: DTZ011 - the user's day
    except ValueError:
        raise argparse.ArgumentTypeError("must be a day such as 2026-01-31, or today") from None


def _secret(value: str) -> str:
    """A secret, or what the first line of a file holds: arguments can be seen by others on the machine."""
    if not value.startswith("@"):
        return value
    try:
        found = Path(value[1:]).read_text().partition("\n")[0].strip()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise argparse.ArgumentTypeError(f"cannot read {value[1:]}: {reason}") from None
    if not found:
        raise argparse.ArgumentTypeError(f"the first line of {value[1:]} is empty")
    return found


def _parser(program: str) -> argparse.ArgumentParser:
    parser = _Parser(
        prog=program,
        description="A stand-in for the Dodo Payments license key API, for tests in any language.",
        epilog=f"A KEY or SECRET may be @FILE: what the first line of a file holds."
        f" Example: {program} --port 4010 --keys 250 --api-key {DEFAULT_API_KEY}",
    )
    add, default = parser.add_argument, "(default: %(default)s)"
    add("--host", default="127.0.0.1", metavar="ADDRESS", help=f"address to listen on {default}")
    add("--port", type=_number(0, 65_535), default=4010, metavar="N", help=f"0 for a free one {default}")
    number = _number(0, 10_000_000)
    add("--keys", type=number, default=250, metavar="N", help=f"license keys to make up {default}")
    add("--seed", type=_number(0, 2**31 - 1), default=0, metavar="N", help=f"make up others {default}")
    add("--until", type=_day, metavar="DAY", help="the day on which made-up data ends, or today")
    add("--load", metavar="FILE", help="begin with this state instead: JSON, as /_mock/dump gives it")
    add("--db", metavar="FILE", help="keep the state in this SQLite file, and begin with what it holds")
    add("--api-key", type=_secret, default=DEFAULT_API_KEY, metavar="KEY", help=f"what to accept {default}")
    add("--read-only-api-key", type=_secret, metavar="KEY", help="one more, that may only read")
    limit = "refuse more than 100 requests a minute or 10 a second"
    add("--rate-limit", action="store_true", help=limit)
    latency = _number(0, 600_000)
    add("--latency", type=latency, default=0, metavar="MS", help=f"milliseconds added to answers {default}")
    add("--webhook-url", metavar="URL", help="send events there: of license keys, and of grants")
    signed = "what webhooks are signed with: base64 of 24 bytes or more, or whsec_ and that"
    add("--webhook-secret", type=_secret, metavar="SECRET", help=signed)
    add("--control-from-anywhere", action="store_true", help="let other machines use /_mock/, too")
    return parser


def main(arguments: list[str] | None = None, program: str = "dodo-licenses-mock") -> int:
    """Serve until Ctrl-C or SIGTERM; exit status 1 where that is not possible, 2 for wrong use.

    Args:
        arguments: The options; the process's own where there are none.
        program: What it is called in what it says.
    """
    given = _parser(program).parse_args(arguments)
    settings = {name: value for name, value in vars(given).items() if value is not None}
    try:
        from dodo_licenses.mock.limits import Limiter  # noqa: PLC0415 - the extra may be missing
        from dodo_licenses.mock.server import MockServer  # noqa: PLC0415 - the extra may be missing

        settings["limiter"] = Limiter() if settings.pop("rate_limit") else None
        settings["latency"] /= 1000
        server = MockServer(**settings)
    except ModuleNotFoundError as error:
        if error.name not in _EXTRAS:
            raise
        wrong, status = f'this needs: pip install "dodo-licenses[{_EXTRAS[error.name]}]"', _WRONG_USE
    except sqlite3.Error as error:
        wrong, status = f"{given.db} cannot be used as a database: {error}", _WRONG_USE
    except ValueError as error:
        wrong, status = str(error), _WRONG_USE
    except OSError as error:
        wrong, status = f"cannot read {error.filename}: {error.strerror}", _WRONG_USE
        if error.filename is None:
            where = f"{given.host}:{given.port}"
            wrong, status = f"cannot listen on {where} ({error.strerror}): try another --port", _CANNOT_SERVE
    else:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl-C
        key = server.api_key if server.api_key == DEFAULT_API_KEY else "$API_KEY"
        _say(
            f"serving {server.count_license_keys()} license keys at {server.base_url}, Ctrl-C to stop\n\n"
            f'  curl -H "Authorization: Bearer {key}" "{server.base_url}/license_keys?page_size=2"\n'
            f"  curl {server.base_url}/_mock/  (clock, faults, requests, snapshots: see docs/mock.md)\n"
        )
        with contextlib.suppress(KeyboardInterrupt):
            server.run()
        return 0
    _say(f"{program}: {wrong}")
    return status


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201 - for whoever started it


if __name__ == "__main__":
    sys.exit(main())

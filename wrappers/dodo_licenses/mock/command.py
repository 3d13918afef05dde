"""The command that serves the mock in the foreground."""

from __future__ import annotations

import contextlib
import shlex
import signal
import sys
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import click

from dodo_licenses.mock import DEFAULT_API_KEY

_EXTRAS = {"starlette": "mock", "uvicorn": "mock", "standardwebhooks": "webhooks"}


def _day(value: str) -> date:
    try:
        return date.today() if value == "today" else date.fromisoformat(value)  # noqa: DTZ011 - the user's day
    except ValueError:
        raise click.UsageError("--until must be a day such as 2026-01-31, or today.") from None


def _secret(value: str) -> str:
    """A secret, or what the first line of a file holds: arguments can be seen by others on the machine."""
    if not value.startswith("@"):
        return value
    try:
        found = Path(value[1:]).read_text().partition("\n")[0].strip()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise click.UsageError(f"Cannot read {value[1:]}: {reason}.") from None
    if not found:
        raise click.UsageError(f"The first line of {value[1:]} is empty.")
    return found


def _authorization(api_key: str) -> str:
    """The header as a shell takes it. A terminal shows what works there; a log shows no secret."""
    if api_key.startswith("@"):
        return f'"Authorization: Bearer $(head -n 1 {shlex.quote(str(Path(api_key[1:]).resolve()))})"'
    is_shown = api_key == DEFAULT_API_KEY or sys.stderr.isatty()
    return shlex.quote(f"Authorization: Bearer {api_key if is_shown else '<the API key>'}")


_FILE = click.Path(exists=True, dir_okay=False)
_option = partial(click.option, show_default=True)


@click.command(epilog="Example: dodo-licenses-mock --port 4010 --keys 250 --api-key sk_test_mock")
@_option("--host", default="127.0.0.1", metavar="ADDRESS", help="Address to listen on.")
@_option("--port", type=click.IntRange(0, 65_535), default=4010, metavar="N", help="0 for a free one.")
@_option("--keys", type=click.IntRange(0, 10**7), default=250, metavar="N", help="License keys to make up.")
@_option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, metavar="N", help="Make up others.")
@_option("--until", type=_day, metavar="DAY", help="The day on which made-up data ends, or today.")
@_option("--load", type=_FILE, metavar="FILE", help="Begin with this state instead, as /_mock/dump gives it.")
@_option("--db", metavar="FILE", help="Keep the state in this SQLite file, and begin with what it holds.")
@_option("--api-key", default=DEFAULT_API_KEY, metavar="KEY", help="What to accept.")
@_option("--read-only-api-key", type=_secret, metavar="KEY", help="One more, that may only read.")
@_option("--rate-limit", is_flag=True, help="Refuse more than 100 requests a minute or 10 a second.")
@_option("--latency", type=click.IntRange(0, 600_000), default=0, metavar="MS", help="Added to answers.")
@_option("--webhook-url", metavar="URL", help="Send events there: of license keys, and of grants.")
@_option("--webhook-secret", type=_secret, metavar="SECRET", help="What to sign them with.")
@_option("--control-from-anywhere", is_flag=True, help="Let other machines use /_mock/, too.")
def mock(**given: Any) -> None:
    """Serve a mock of the API, for tests in any language.

    A KEY or SECRET may be @FILE: what the first line of a file holds. A secret for webhooks is base64 of 24
    bytes or more, or whsec_ and that.
    """
    settings = {name: value for name, value in given.items() if value is not None}
    settings |= {"api_key": _secret(given["api_key"]), "latency": given["latency"] / 1000}
    try:
        from dodo_licenses.mock.limits import Limiter  # noqa: PLC0415 - help does without
        from dodo_licenses.mock.server import MockServer  # noqa: PLC0415 - the extra may be missing

        settings["limiter"] = Limiter() if settings.pop("rate_limit") else None
        server = MockServer(**settings)
    except ModuleNotFoundError as error:
        if error.name not in _EXTRAS:
            raise
        raise click.UsageError(f'This needs: pip install "dodo-licenses[{_EXTRAS[error.name]}]".') from None
    except ValueError as error:
        shown = (c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(error))
        raise click.UsageError(f"{''.join(shown)}.") from None
    except OSError as error:
        why = f"Cannot listen on {given['host']}: {error.strerror}; try another --port."
        raise click.ClickException(why) from None
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl-C
    click.echo(
        f"serving {server.count_license_keys()} license keys at {server.base_url}, Ctrl-C to stop\n\n"
        f'  curl -H {_authorization(given["api_key"])} "{server.base_url}/license_keys?page_size=2"\n'
        f"  curl {server.base_url}/_mock/\n\nClock, faults, requests, snapshots: see docs/mock.md\n",
        err=True,
    )
    with contextlib.suppress(KeyboardInterrupt):
        server.run()

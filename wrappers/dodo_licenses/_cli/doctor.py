"""The command doctor: which account this is, and what could be wrong with it."""

from __future__ import annotations

import os
import platform
import secrets
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.request import getproxies

import click

from dodo_licenses._cli.account import NO_KEY, account
from dodo_licenses._cli.options import command
from dodo_licenses._cli.output import Output, shown
from dodo_licenses._errors import APIConnectionError, DodoPaymentsError, NotFoundError, PermissionDeniedError
from dodo_licenses._settings import API_KEY_VARIABLE
from dodo_licenses._version import __version__
from dodo_licenses_api.operations import SERVERS

if TYPE_CHECKING:
    from dodo_licenses import DodoPayments


@command()
@shown()
@account(needs_key=False)
def doctor(client: DodoPayments, /, out: Output) -> int:
    """Say which account this is, and whether it can be used.

    Sends two requests, which change nothing: a page of one license key, and a change of one that does not
    exist, which an API key that may only read is refused. Exit status 1 where commands cannot work.

    \b
    Example:
      dodo-licenses doctor --demo
    """
    is_demo = click.get_current_context().params["demo"]
    names = {address: name for name, address in SERVERS.items()}
    is_set = is_demo or bool(os.environ.get(API_KEY_VARIABLE, "").strip())
    facts = {
        "environment": "the demo" if is_demo else names.get(client.base_url, "another server"),
        "host": client.base_url,
        "api_key": "set" if is_set else "not set",
        **dict.fromkeys(("works", "may_write", "clock", "rate_limit"), "unknown"),
        "proxy": ", ".join(sorted(set(getproxies()) - {"no"})) or "none",
        "versions": f"{__version__}, Python {platform.python_version()}, {platform.system()}",
    }
    out.known(list(facts))  # before the account is asked
    try:
        headers = client.license_keys.with_raw_response.list(page_size=1).headers
        facts |= {"works": "yes", "may_write": _may_write(client)}
    except DodoPaymentsError as error:
        works = "unknown" if isinstance(error, APIConnectionError) else "no"
        facts["works"] = f"{works}: {error if is_set else NO_KEY}"
        headers = getattr(getattr(error, "response", None), "headers", {})
    limit = [f"{name} {headers[name]}" for name in headers if "ratelimit" in name.lower()]
    facts["clock"] = _clock(headers.get("date"))
    facts["rate_limit"] = ", ".join(limit) or "the server says nothing of it"
    out.one(facts)
    return 0 if facts["works"] == "yes" else 1


def _may_write(client: DodoPayments) -> str:
    """Whether the API key may write, by asking for a change of what nobody has: nothing can be changed."""
    try:
        client.license_keys.update(f"lic_{secrets.token_hex(16)}", disabled=True)
    except NotFoundError:
        return "yes"
    except PermissionDeniedError:
        return "no, it may only read"
    except DodoPaymentsError as error:
        return f"unknown: {error}"
    return "unknown"


def _clock(date: str | None) -> str:
    """How this machine's clock compares with the server's, which webhooks and expiry go by."""
    try:
        ahead = datetime.now(UTC) - parsedate_to_datetime(date or "")
    except (TypeError, ValueError):
        return "unknown: the server says no time"
    if abs(ahead) < timedelta(minutes=1):
        return "agrees with the server's within a minute"
    way = "ahead of" if ahead > timedelta() else "behind"
    return f"{abs(ahead).total_seconds():,.0f} s {way} the server's"

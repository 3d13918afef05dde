"""Where a command works: the account that the environment names, or the demo."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from dodo_licenses._cli.progress import PER_MINUTE, note
from dodo_licenses._errors import DodoPaymentsError
from dodo_licenses._settings import API_KEY_VARIABLE

if TYPE_CHECKING:
    from dodo_licenses import DodoPayments

NO_KEY = f"Set {API_KEY_VARIABLE} to a key from the dashboard (Developer > API Keys), or try it with --demo."
_NOW = "dodo_licenses.now"
# What the examples speak of, and how long ago its devices were activated.
_EXAMPLE = {"id": "lic_123", "key": "DEMO-0001-0002-0003", "customer_id": "cus_123", "product_id": "pdt_123"}
_DEVICES = (("lki_122", "Ada's desktop", 400), ("lki_123", "Ada's laptop", 20))


def account(*, needs_key: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command the options that say where it works, and a client as its first argument."""
    about = "Where to ask; default: live_mode, or DODO_PAYMENTS_BASE_URL where that is set."
    rate: dict[str, Any] = {"envvar": "DODO_PAYMENTS_RATE_LIMIT", "show_envvar": True, "show_default": True}

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @click.option("--demo", is_flag=True, help="Work on a mock with 250 made-up license keys.")
        @click.option("--environment", type=click.Choice(["live_mode", "test_mode"]), help=about)
        @click.option("--rate-limit", type=click.IntRange(1), default=100, help="Requests a minute.", **rate)
        @functools.wraps(command)
        def opened(*args: Any, demo: bool, environment: Any, rate_limit: int, **given: Any) -> Any:  # noqa: ANN401
            if demo and environment is not None:
                raise click.UsageError("Give --demo or --environment, not both.")
            if needs_key and not demo and not os.environ.get(API_KEY_VARIABLE, "").strip():
                raise click.UsageError(NO_KEY)
            from dodo_licenses import DodoPayments, RateLimit  # noqa: PLC0415 - help does without

            limit = RateLimit(per_minute=rate_limit, per_second=max(1, rate_limit // 10))
            click.get_current_context().meta[PER_MINUTE] = None if demo else rate_limit
            with _demo() if demo else DodoPayments(environment=environment, rate_limit=limit) as client:
                where = "the demo, made-up license keys on this machine" if demo else client.base_url
                if sys.stderr.isatty():
                    note(f"asking {where}")
                try:
                    return command(client, *args, **given)
                except DodoPaymentsError as error:
                    error.add_note(where)
                    raise

        return opened

    return decorate


def now() -> datetime:
    """The time where the command works: the demo has its own."""
    moment: datetime | None = click.get_current_context().meta.get(_NOW)
    return datetime.now(UTC) if moment is None else moment


@contextmanager
def _demo() -> Generator[DodoPayments]:
    """A mock with made-up keys and the one of the examples."""
    from dodo_licenses import DodoPayments  # noqa: PLC0415 - help does without

    try:
        from dodo_licenses.mock import MockServer  # noqa: PLC0415 - an extra of its own
    except ModuleNotFoundError as error:
        if error.name not in ("starlette", "uvicorn"):
            raise
        raise click.UsageError('--demo needs: pip install "dodo-licenses[mock]"') from None
    # The documentation's screens are drawn for one day, in the way that builds are repeated.
    told = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = datetime.fromtimestamp(int(told), UTC) if told.isdigit() else datetime.now(UTC)
    click.get_current_context().meta[_NOW] = moment

    def ago(days: int) -> str:
        return (moment - timedelta(days=days)).isoformat()

    with MockServer(keys=249, until=moment.date()) as mock:
        state = mock.dump()
        state["license_keys"].append({**_EXAMPLE, "activations_limit": 5, "created_at": ago(500)})
        state["license_key_instances"] += [
            {"id": name, "name": device, "license_key_id": _EXAMPLE["id"], "created_at": ago(days)}
            for name, device, days in _DEVICES
        ]
        state["entitlements"].append({"id": "ent_123", "name": "Example"})
        state["grants"].append({"id": "entg_123", "entitlement_id": "ent_123", "status": "Pending"})
        mock.load(state)
        mock.freeze(moment)
        with DodoPayments(base_url=mock.base_url, bearer_token=mock.api_key, rate_limit=None) as client:
            yield client

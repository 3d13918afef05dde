"""Where a command works: the account that the environment names, or an embedded mock."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from dodo_licenses import DodoPayments
    from dodo_licenses._settings import Environment

R = TypeVar("R")


def account(command: Callable[..., R]) -> Callable[..., R]:
    """Give a command the options `--demo` and `--environment`, and a client as its first argument."""

    @click.option("--demo", is_flag=True, help="Work on a mock with 250 made-up license keys.")
    @click.option(
        "--environment",
        type=click.Choice(["live_mode", "test_mode"]),
        help="Where to ask; default: live_mode, or DODO_PAYMENTS_BASE_URL where that is set.",
    )
    @functools.wraps(command)
    def opened(*args: Any, demo: bool, environment: Environment | None, **kwargs: Any) -> R:  # noqa: ANN401
        with _client(demo=demo, environment=environment) as client:
            if sys.stderr.isatty() or kwargs.get("form") == "table":  # where people read
                click.echo(f"asking {client.base_url}", err=True)
            return command(client, *args, **kwargs)

    return opened


@contextmanager
def _client(*, demo: bool, environment: Environment | None) -> Generator[DodoPayments]:
    from dodo_licenses import DodoPayments  # noqa: PLC0415 - help does without

    if not demo:
        with DodoPayments(environment=environment) as client:
            yield client
        return
    with _mock() as server, DodoPayments(base_url=server.base_url, bearer_token=server.api_key) as client:
        yield client


def _mock() -> Any:  # noqa: ANN401 - its class is imported here only
    try:
        from dodo_licenses.mock.server import MockServer  # noqa: PLC0415 - an extra of its own
    except ModuleNotFoundError as error:
        if error.name not in ("starlette", "uvicorn"):
            raise
        raise click.UsageError('--demo needs: pip install "dodo-licenses[mock]"') from None
    return MockServer()

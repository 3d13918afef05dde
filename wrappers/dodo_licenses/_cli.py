"""The command line: one command for each public method, and `--demo` to try them without an account.

Data goes to stdout, everything else to stderr. Exit status: 0 done, 1 the API refused, 2 wrong use,
3 not reachable, 130 interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from dodo_licenses import (
    APIConnectionError,
    DodoPayments,
    DodoPaymentsError,
    InvalidArgumentError,
    LicenseKey,
    LicenseKeySource,
    LicenseKeyStatus,
)
from dodo_licenses._settings import Environment

_REFUSED, _WRONG_USE, _NOT_REACHABLE, _INTERRUPTED = 1, 2, 3, 130
_WIDE = 140


def run() -> int:
    """Run the command line with the process's arguments and give its exit status back."""
    try:
        status = cli.main(prog_name="dodo-licenses", standalone_mode=False)
    except click.ClickException as error:
        return _complain(f"{error.format_message()} (see --help)", _WRONG_USE)
    except InvalidArgumentError as error:
        return _complain(str(error), _WRONG_USE)
    except APIConnectionError as error:
        return _complain(str(error), _NOT_REACHABLE)
    except DodoPaymentsError as error:
        return _complain(str(error), _REFUSED)
    except (click.Abort, KeyboardInterrupt):
        return _complain("interrupted", _INTERRUPTED)
    return status if isinstance(status, int) else 0


def _complain(sentence: str, status: int) -> int:
    click.echo(f"dodo-licenses: {sentence}", err=True)
    return status


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="dodo-licenses")
@click.option("--demo", is_flag=True, help="Use an embedded mock with 250 made-up license keys.")
@click.option(
    "--environment",
    type=click.Choice(["live_mode", "test_mode"]),
    help="Where to ask; default: live_mode, or DODO_PAYMENTS_BASE_URL where that is set.",
)
@click.pass_context
def cli(context: click.Context, *, demo: bool, environment: Environment | None) -> None:
    r"""License keys of Dodo Payments.

    The API key is taken from the environment variable DODO_PAYMENTS_API_KEY.

    \b
    Examples:
      dodo-licenses --demo list
      dodo-licenses list --status active --limit 20
    """
    context.obj = context.with_resource(_client(demo=demo, environment=environment))


@contextmanager
def _client(*, demo: bool, environment: Environment | None) -> Generator[DodoPayments]:
    if not demo:
        with DodoPayments(environment=environment) as client:
            yield client
        return
    from dodo_licenses.mock import MockServer  # noqa: PLC0415 - an extra of its own

    with MockServer() as mock, DodoPayments(base_url=mock.base_url, bearer_token=mock.api_key) as client:
        yield client


@cli.command("list")
@click.option("--status", type=click.Choice([str(s) for s in LicenseKeyStatus]))
@click.option("--source", type=click.Choice([str(s) for s in LicenseKeySource]))
@click.option("--customer-id", metavar="ID", help="Only this customer's keys, cus_….")
@click.option("--product-id", metavar="ID", help="Only this product's keys, pdt_….")
@click.option("--limit", type=click.IntRange(0), metavar="N", help="Stop after so many keys.")
@click.option(
    "--page-size",
    type=click.IntRange(1, 100),
    default=100,
    show_default=True,
    metavar="N",
    help="Keys asked for at once, 1 to 100.",
)
@click.pass_obj
def list_(client: DodoPayments, /, **filters: Any) -> None:  # noqa: ANN401 - click checked them
    r"""List license keys, newest first.

    \b
    Example:
      dodo-licenses list --status active --customer-id cus_123
    """
    _say_where(client)
    _show(client.license_keys.list(**filters))


@cli.command()
@click.argument("id")
@click.pass_obj
def get(client: DodoPayments, id: str) -> None:  # noqa: A002 - as everywhere
    r"""Show one license key.

    \b
    Example:
      dodo-licenses get lic_123
    """
    _say_where(client)
    _show([client.license_keys.retrieve(id)])


def _say_where(client: DodoPayments) -> None:
    click.echo(f"asking {client.base_url}", err=True)


def _show(license_keys: Iterable[LicenseKey]) -> None:
    console = Console(width=None if sys.stdout.isatty() else _WIDE)
    wide = console.width >= _WIDE
    table = Table("id", "key", "status", "activations", "created", "expires", box=None, pad_edge=False)
    if wide:
        table.add_column("customer")
        table.add_column("product")
    count = 0
    for count, key in enumerate(license_keys, start=1):  # noqa: B007 - counted for the last line
        table.add_row(*_cells(key), *((key.customer_id, key.product_id) if wide else ()))
    console.print(table)
    console.print(f"{count} license key{'' if count == 1 else 's'}", highlight=False)


def _cells(key: LicenseKey) -> tuple[str, ...]:
    limit = "∞" if key.activations_limit is None else key.activations_limit
    return (
        key.id,
        _masked(key.key),
        str(key.status),
        f"{key.instances_count} of {limit}",
        _day(key.created_at),
        "never" if key.expires_at is None else _day(key.expires_at),
    )


def _masked(secret: str) -> str:
    """The end of a key string, enough to tell it from others on a screen."""
    return f"…{secret[-4:]}" if len(secret) > 8 else "…"  # noqa: PLR2004


def _day(moment: datetime) -> str:
    return moment.date().isoformat()

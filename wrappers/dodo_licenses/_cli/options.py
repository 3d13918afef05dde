"""What several commands are told, and how it is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

STATUSES = ("active", "expired", "disabled")
SOURCES = ("auto", "import", "manual")
NONE = "none"  # what takes a limit or an expiry away
INT32_MAX = 2**31 - 1
FORMATS = ("table", "json", "ndjson", "csv")


def date(value: str) -> datetime:
    """A day, which begins at midnight UTC, or a date-time with its offset."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(
            f"{value!r} is not a date such as 2027-01-31 or 2027-01-31T12:00:00Z."
        ) from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def limit(value: str) -> int | str:
    """A whole number from 0, or the word `none`."""
    if value == NONE:
        return value
    if not value.isascii() or not value.isdigit() or int(value) > INT32_MAX:
        raise click.BadParameter(f"{value!r} is neither a whole number from 0 to {INT32_MAX} nor none.")
    return int(value)


def expiry(value: str) -> datetime | str:
    """A date, or the word `none`."""
    return value if value == NONE else date(value)


def given(value: T | str | None) -> T | None:
    """What an option that may be `none` stands for; None is also what was not given."""
    return None if isinstance(value, str) else value


def filters(command: F) -> F:
    """The filters of a listing of license keys."""
    for option in reversed(
        (
            click.option("--status", type=click.Choice(STATUSES), help="Only the keys in this state."),
            click.option("--source", type=click.Choice(SOURCES), help="Only the keys that came from there."),
            click.option("--customer-id", metavar="ID", help="Only this customer's keys, cus_…."),
            click.option("--product-id", metavar="ID", help="Only this product's keys, pdt_…."),
            click.option(
                "--created-at-gte", type=date, metavar="DATE", help="Only those created then or later."
            ),
            click.option(
                "--created-at-lte", type=date, metavar="DATE", help="Only those created then or earlier."
            ),
        )
    ):
        command = option(command)
    return command


def limits(command: F) -> F:
    """How far a license key may be used."""
    command = click.option(
        "--expires", "expires_at", type=expiry, metavar="DATE|none", help="When it stops working."
    )(command)
    return click.option(
        "--limit",
        "activations_limit",
        type=limit,
        metavar="N|none",
        help="How many activations it may have at once.",
    )(command)


def formatted(command: F) -> F:
    """In which format records are shown."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        help="Default: table on a terminal, ndjson elsewhere.",
    )(command)


def shown(command: F) -> F:
    """How license keys are shown."""
    return formatted(
        click.option(
            "--show-keys", is_flag=True, help="Show key strings whole in tables, not their end alone."
        )(command)
    )

"""What several commands are told, and how it is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

STATUSES = ("active", "expired", "disabled")
SOURCES = ("auto", "import", "manual")
NONE = "none"  # what takes a limit or an expiry away
INT32_MAX = 2**31 - 1
FORMATS = ("table", "json", "ndjson", "csv")


def beginning(value: str) -> datetime:
    """The beginning of a day in UTC, or a time of day with its offset."""
    return _moment(value, time.min)


def end(value: str) -> datetime:
    """The end of a day in UTC, or a time of day with its offset."""
    return _moment(value, time.max)


def _moment(value: str, of_a_day: time) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(value), of_a_day, UTC)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(
            f"{value!r} is not a date such as 2027-01-31 or 2027-01-31T12:00:00Z."
        ) from None
    if moment.tzinfo is None:
        raise click.BadParameter(f"{value!r} has no time zone: write {value}Z for UTC, or its offset.")
    return moment


def limit(value: str) -> int | str:
    """A whole number from 0, or the word `none`."""
    if value == NONE:
        return value
    if not value.isascii() or not value.isdigit() or int(value) > INT32_MAX:
        raise click.BadParameter(f"{value!r} is neither a whole number from 0 to {INT32_MAX} nor none.")
    return int(value)


def expiry(value: str) -> datetime | str:
    """A date, or the word `none`."""
    return value if value == NONE else beginning(value)


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
                "--created-at-gte",
                type=beginning,
                metavar="DATE",
                help="Only those created on that day (UTC) or later.",
            ),
            click.option(
                "--created-at-lte",
                type=end,
                metavar="DATE",
                help="Only those created on that day (UTC) or earlier.",
            ),
        )
    ):
        command = option(command)
    return command


def limits(command: F) -> F:
    """How far a license key may be used."""
    command = click.option(
        "--expires",
        "expires_at",
        type=expiry,
        metavar="DATE|none",
        help="When it stops working; a day begins at 0:00 UTC.",
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

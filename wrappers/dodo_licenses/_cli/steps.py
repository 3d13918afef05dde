"""Changes, one after the other under one rate limit, and what became of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import click

from dodo_licenses._cli.progress import note, progress
from dodo_licenses._errors import (
    APIConnectionError,
    AuthenticationError,
    DodoPaymentsError,
    PermissionDeniedError,
    RateLimitError,
)
from dodo_licenses._text import visible

# What the next change would meet, too.
_FATAL = (APIConnectionError, AuthenticationError, PermissionDeniedError, RateLimitError)


class Step(NamedTuple):
    """A change: what it is about, and what makes it and says what became of it, both safe to show."""

    about: str
    make: Callable[[], str]


def work(steps: Sequence[Step], title: str, go_on: Callable[[int], str], failed: dict[int, str]) -> int:
    """Make changes, each with a line on stdout, and return the exit status.

    Whoever interrupts them at one sees how to continue from its number; `failed` takes the numbers of those
    that fail, with the reason. An error that those to come would meet, too, is raised.
    """
    number = 0
    try:
        with progress(title, len(steps)) as tick:
            for number, step in enumerate(steps):
                try:
                    became = step.make()
                except _FATAL:
                    raise
                except DodoPaymentsError as error:
                    failed[number] = str(error)
                    became = f"failed: {visible(str(error))}"
                click.echo(f"{became}\t{step.about}")
                tick(title)
    except BaseException:
        note(f"{title}: broke off after {number:,}; {go_on(number)}")
        raise
    note(f"{title}: done" + (f", but {len(failed):,} failed" if failed else ""))
    return 1 if failed else 0

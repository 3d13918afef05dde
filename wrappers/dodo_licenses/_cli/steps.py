"""Changes, one after the other under one rate limit, and what became of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import click

from dodo_licenses._cli.progress import note, plural, progress
from dodo_licenses._cli.text import visible
from dodo_licenses._errors import (
    APIConnectionError,
    AuthenticationError,
    DodoPaymentsError,
    PermissionDeniedError,
    RateLimitError,
)

# What the next change would meet, too.
_FATAL = (APIConnectionError, AuthenticationError, PermissionDeniedError, RateLimitError)


class Step(NamedTuple):
    """A change: what it is about, and what makes it and says what became of it, both safe to show."""

    about: str
    make: Callable[[], str]


class Work:
    """Changes to be made.

    Args:
        steps: The changes.
        doing: What they do, such as "disable".
        unit: What they are done to.
        go_on: What to say to whoever interrupts it at a step.

    Attributes:
        failed: The numbers of the steps that failed, with the reason.
    """

    def __init__(self, steps: Sequence[Step], doing: str, unit: str, go_on: Callable[[int], str]) -> None:
        self.steps = steps
        self.title = f"{doing} {plural(len(steps), unit)}"
        self.failed: dict[int, str] = {}
        self._go_on = go_on

    def make(self) -> int:
        """Make them, each with a line on stdout, and return the exit status.

        Raises:
            DodoPaymentsError: Nor would those to come go through.
        """
        number = 0
        try:
            with progress(self.title, len(self.steps)) as tick:
                for number, step in enumerate(self.steps):
                    click.echo(f"{self._outcome(number, step)}\t{step.about}")
                    tick(self.title)
        except BaseException:
            note(f"{self.title}: broke off after {number:,}; {self._go_on(number)}")
            raise
        note(f"{self.title}: done" + (f", but {len(self.failed):,} failed" if self.failed else ""))
        return 1 if self.failed else 0

    def _outcome(self, number: int, step: Step) -> str:
        try:
            return step.make()
        except _FATAL:
            raise
        except DodoPaymentsError as error:
            self.failed[number] = str(error)
            return f"failed: {visible(str(error))}"

"""How far a command is, on stderr: notes, and on a terminal progress; and changes one after the other."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import click

from dodo_licenses._errors import (
    APIConnectionError,
    AuthenticationError,
    DodoPaymentsError,
    PermissionDeniedError,
    RateLimitError,
)
from dodo_licenses._text import visible

if TYPE_CHECKING:
    from dodo_licenses import Listing

T = TypeVar("T")

PER_MINUTE = "dodo_licenses.requests_per_minute"
# What the next change would meet, too.
_FATAL = (APIConnectionError, AuthenticationError, PermissionDeniedError, RateLimitError)


def note(sentence: str) -> None:
    """Say something beside the data. Where nobody can hear it, the work counts all the same."""
    with suppress(OSError):
        click.echo(visible(sentence), err=True)


def plural(count: int, unit: str) -> str:
    """A number and what it counts."""
    return f"{count:,} {unit}{'' if count == 1 else 's'}"


@contextmanager
def progress(doing: str, total: int | None = None) -> Generator[Callable[[str], None]]:
    """A line on a terminal while it lasts, of a total with the time left; called at each step with what."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda _: None
        return
    from rich import progress as parts  # noqa: PLC0415 - drawn on a terminal only
    from rich.console import Console  # noqa: PLC0415 - the same
    from rich.text import Text  # noqa: PLC0415 - the same

    per_minute = click.get_current_context().meta.get(PER_MINUTE)
    at_best = 0.0 if total is None or per_minute is None else (total - 1) // per_minute * 60.0

    class Line(parts.ProgressColumn):
        """What matters first, since a narrow terminal shows no more."""

        def render(self, task: parts.Task) -> Text:
            said, done, passed = task.description, int(task.completed), task.elapsed or 0.0
            if total is not None:
                left = max(at_best - passed, (total - done) * passed / max(done, 1))
                said = f"{timedelta(seconds=int(left))} left, {done:,} done: {said}"
            return Text(said, no_wrap=True, overflow="ellipsis")

    with parts.Progress(
        parts.SpinnerColumn(),
        Line(),
        console=Console(stderr=True, no_color=True),  # rich's own cannot be read on each background
        redirect_stdout=sys.stdout.isatty(),  # else it would draw there what goes into a file
        transient=True,
    ) as drawn:
        task = drawn.add_task(doing, total=total)
        yield lambda said: drawn.update(task, advance=1, description=visible(said))


def read(listing: Listing[T], unit: str) -> Iterator[T]:
    """The items of a listing, while it says how many pages were read."""
    count = 0
    with progress(f"reading {unit}s") as step, closing(listing.pages()) as pages:
        for number, page in enumerate(pages, 1):
            count += len(page.items)
            step(f"{plural(number, 'page')} read, {plural(count, unit)}")
            yield from page.items


class Step(NamedTuple):
    """A change: what it is about, what makes it, and what to say then unless that does; safe to show."""

    about: str
    make: Callable[[], object]
    done: str = ""


def work(steps: Sequence[Step], title: str, go_on: Callable[[int], str], failed: dict[int, str]) -> int:
    """Make changes, each with a line on stdout, and return the exit status.

    Interrupted, it says by `go_on` how to continue; `failed` takes the numbers of those that fail, and why.
    """
    number = 0
    try:
        with progress(title, len(steps)) as tick:
            for number, step in enumerate(steps):
                try:
                    said = step.make()
                    became = said if isinstance(said, str) else step.done
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

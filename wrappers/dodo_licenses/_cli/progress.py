"""How far a command is, on stderr: notes, and on a terminal progress; and changes one after the other."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
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
    """A line on a terminal while it lasts, a spinner or with a total a bar; called at each step with what."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda _: None
        return
    from rich import progress as parts  # noqa: PLC0415 - drawn on a terminal only
    from rich.console import Console  # noqa: PLC0415 - the same

    sizes: list[parts.ProgressColumn] = [parts.TimeElapsedColumn()]
    if total is not None:
        left = parts.TimeRemainingColumn(elapsed_when_finished=True)
        sizes = [parts.BarColumn(20), parts.MofNCompleteColumn(), left]
    with parts.Progress(
        parts.SpinnerColumn(),
        parts.TextColumn("{task.description}", markup=False),
        *sizes,
        console=Console(stderr=True),
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

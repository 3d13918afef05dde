"""What goes to stderr while a command works, none of it data: notes, and on a terminal how far it is."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

import click

from dodo_licenses._text import visible

if TYPE_CHECKING:
    from dodo_licenses import Listing

T = TypeVar("T")


def note(sentence: str) -> None:
    """Say something beside the data. Where nobody can hear it, the work counts all the same."""
    with suppress(OSError):
        click.echo(visible(sentence), err=True)


def plural(count: int, unit: str) -> str:
    """A number and what it counts."""
    return f"{count:,} {unit}{'' if count == 1 else 's'}"


@contextmanager
def progress(doing: str, total: int | None = None) -> Generator[Callable[[str], None]]:
    """A line on a terminal's stderr that is gone at the end: a spinner, or with a total a bar and an ETA.

    What it yields is called at each step, with what is being done.
    """
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda _: None
        return
    from rich import progress as parts  # noqa: PLC0415 - drawn on a terminal only
    from rich.console import Console  # noqa: PLC0415 - the same

    sizes: tuple[parts.ProgressColumn, ...] = (parts.TimeElapsedColumn(),)
    if total is not None:
        sizes = (
            parts.BarColumn(20),
            parts.MofNCompleteColumn(),
            parts.TimeRemainingColumn(elapsed_when_finished=True),
        )
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

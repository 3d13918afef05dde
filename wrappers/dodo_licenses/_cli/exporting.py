"""The command export: all license keys into a file, in spite of whatever interrupts it."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dodo_licenses._cli.account import account
from dodo_licenses._cli.files import writer_for
from dodo_licenses._cli.options import filters
from dodo_licenses._cli.staging import Stage

if TYPE_CHECKING:
    from dodo_licenses import DodoPayments

_PAGE_SIZE = 100
_PREFETCH = 8


@click.command()
@click.option(
    "--to",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file: .csv, .ndjson, .sqlite or .parquet.",
)
@click.option("--resume", is_flag=True, help="Go on where an export to this file broke off, if one did.")
@filters
@account
def export(client: DodoPayments, /, *, to: Path, resume: bool, **wanted: Any) -> None:  # noqa: ANN401
    """Export license keys to a file.

    The file appears when it is whole. What breaks off, by Ctrl-C or a network that is gone, leaves a .part
    file beside it: --resume goes on from there, with nothing lost or repeated. A .sqlite file that is there
    is brought up to date: rows with the same id are replaced, others stay.

    \b
    Examples:
      dodo-licenses export --to keys.csv
      dodo-licenses export --to keys.csv --resume
      dodo-licenses export --to keys.sqlite --resume --status active
    """
    writer = writer_for(to)
    stage = _stage(to, wanted, resume=resume)
    try:
        with _progress(stage) as tell:
            _fetch(client, stage, wanted, tell)
        writer(to, stage)
    except BaseException:
        stage.close()
        again = shlex.join(["dodo-licenses", *sys.argv[1:], *(() if resume else ("--resume",))])
        click.echo(f"{stage.count:,} license keys are in {stage.path}; go on with: {again}", err=True)
        raise
    stage.delete()
    click.echo(f"{stage.count:,} license key{'' if stage.count == 1 else 's'} in {to}", err=True)


def _stage(to: Path, wanted: dict[str, Any], *, resume: bool) -> Stage:
    if not to.parent.is_dir():
        raise click.UsageError(f"There is no directory {to.parent}.")
    if not resume and to.with_name(f"{to.name}.part").exists():
        raise click.UsageError(
            f"{to}.part is there, of an export that broke off: add --resume, or delete it."
        )
    try:
        return Stage(to, {name: None if value is None else str(value) for name, value in wanted.items()})
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _fetch(client: DodoPayments, stage: Stage, wanted: dict[str, Any], tell: Callable[[], None]) -> None:
    """Bring the stage to the end of the listing."""
    if stage.ids:
        _catch_up(client, stage, wanted)
    start = _page_to_go_on_with(client, stage, wanted)
    listing = client.license_keys.list(**wanted, page_number=start, page_size=_PAGE_SIZE, prefetch=_PREFETCH)
    for page in listing.pages():
        stage.add([key.to_dict() for key in page.items if key.id not in stage.ids], page.number)
        tell()


def _catch_up(client: DodoPayments, stage: Stage, wanted: dict[str, Any]) -> None:
    """Add what was created since it broke off: the listing begins with the newest."""
    newer = []
    for key in client.license_keys.list(**wanted):
        if key.id in stage.ids:
            break
        newer.append(key)
    stage.add([key.to_dict() for key in newer], None)
    stage.ids.update(key.id for key in newer)


def _page_to_go_on_with(client: DodoPayments, stage: Stage, wanted: dict[str, Any]) -> int:
    """A page that holds a key that is there already, so that none between is missed.

    Keys that have left the filter meanwhile have pulled later ones onto pages already read.
    """
    number, step = stage.next_page, 1
    while number > 0:
        number = max(0, number - step)
        one_page = client.license_keys.list(**wanted, page_number=number, limit=_PAGE_SIZE)
        if any(key.id in stage.ids for key in one_page):
            break
        step *= 2
    return number


@contextmanager
def _progress(stage: Stage) -> Generator[Callable[[], None]]:
    """A line on a terminal's stderr that says how far it is."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console  # noqa: PLC0415 - drawn on a terminal only
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (
        SpinnerColumn(),
        TextColumn("{task.completed:,} keys"),
        TextColumn("{task.fields[rate]:,.0f}/s", style="dim"),
        TimeElapsedColumn(),
        TextColumn("(the API gives no total)", style="dim"),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("keys", total=None, completed=stage.count, rate=0.0)

        def tell() -> None:
            rate = progress.tasks[0].finished_speed or progress.tasks[0].speed or 0.0
            progress.update(task, completed=stage.count, rate=rate)

        yield tell

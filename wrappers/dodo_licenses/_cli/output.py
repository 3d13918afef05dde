"""Records on stdout: a table for people, JSON, NDJSON or CSV for programs, each as it comes."""

from __future__ import annotations

import csv
import itertools
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from dodo_licenses import LicenseKey, LicenseKeyInstance

Record = dict[str, Any]

_WIDE = 140
_WITHOUT_TERMINAL = 200
_AT_ONCE = 100
_COLOURS = {"active": "green", "expired": "yellow", "disabled": "red"}


class Column(NamedTuple):
    """A column of a table.

    Attributes:
        width: Of most of its cells, so that the pieces of a long table line up.
        only_wide: Whether it is left out on a narrow terminal.
    """

    title: str
    width: int
    only_wide: bool = False


KEY_COLUMNS = (
    Column("id", 25),
    Column("key", 5),
    Column("status", 8),
    Column("in use", 7),
    Column("created", 10),
    Column("expires", 10),
    Column("source", 6, only_wide=True),
    Column("customer", 25, only_wide=True),
    Column("product", 25, only_wide=True),
)
INSTANCE_COLUMNS = (Column("id", 25), Column("license key", 25), Column("created", 10), Column("name", 16))


def key_cells(key: LicenseKey, *, whole: bool) -> list[RenderableType]:
    """A license key's cells, in the order of KEY_COLUMNS."""
    from rich.text import Text  # noqa: PLC0415 - imported when a table is drawn

    limit = "∞" if key.activations_limit is None else key.activations_limit
    return [
        key.id,
        key.key if whole else masked(key.key),
        Text(str(key.status), style=_COLOURS.get(str(key.status), "")),
        f"{key.instances_count} of {limit}",
        key.created_at.date().isoformat(),
        "never" if key.expires_at is None else key.expires_at.date().isoformat(),
        str(key.source or ""),
        key.customer_id,
        key.product_id,
    ]


def instance_cells(instance: LicenseKeyInstance) -> list[RenderableType]:
    """An activation's cells, in the order of INSTANCE_COLUMNS."""
    return [instance.id, instance.license_key_id, instance.created_at.date().isoformat(), instance.name]


def masked(secret: str) -> str:
    """The end of a key string, enough to tell it from others on a screen."""
    return f"…{secret[-4:]}" if len(secret) > 8 else "…"  # noqa: PLR2004


def show_keys(keys: Iterable[LicenseKey], form: str | None, *, whole: bool) -> None:
    """Show license keys, and say how many there were."""
    if (form or _default()) != "table":
        count = write((key.to_dict() for key in keys), form)
    else:
        count = _draw((key_cells(key, whole=whole) for key in keys), KEY_COLUMNS)
    _tell(count, "license key", form)


def show_instances(instances: Iterable[LicenseKeyInstance], form: str | None) -> None:
    """Show activations, and say how many there were."""
    if (form or _default()) != "table":
        count = write((instance.to_dict() for instance in instances), form)
    else:
        count = _draw(map(instance_cells, instances), INSTANCE_COLUMNS)
    _tell(count, "activation", form)


def _tell(count: int, what: str, form: str | None) -> None:
    """A table ends with its sum; beside data it goes to stderr."""
    is_data = (form or _default()) != "table"
    click.echo(f"{count:,} {what}{'' if count == 1 else 's'}", err=is_data)


def show_fields(record: Record, form: str | None, *, whole: bool) -> None:
    """Show one record, a field on each line."""
    if (form or _default()) != "table":
        write([record], form)
        return
    from rich.table import Table  # noqa: PLC0415 - imported when a table is drawn
    from rich.text import Text  # noqa: PLC0415 - the same

    table = Table(show_header=False, box=None, pad_edge=False)
    for name, value in record.items():
        shown = masked(value) if name == "key" and not whole else "" if value is None else str(value)
        style = _COLOURS.get(shown, "") if name == "status" else ""
        table.add_row(Text(name, style="dim"), Text(shown, style=style))
    console().print(table)


def _default() -> str:
    return "table" if sys.stdout.isatty() else "ndjson"


def console() -> Console:
    """Stdout for tables; as wide as they get where no terminal says how wide."""
    from rich.console import Console  # noqa: PLC0415 - imported when a table is drawn

    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else _WITHOUT_TERMINAL
    return Console(width=width, highlight=False, soft_wrap=False)


def _draw(rows: Iterable[Sequence[RenderableType]], columns: Sequence[Column]) -> int:
    """Draw a table in pieces, so that the first rows are there while the others come."""
    from rich.table import Table  # noqa: PLC0415 - imported when a table is drawn
    from rich.text import Text  # noqa: PLC0415 - the same; what is in brackets is no markup

    screen = console()
    kept = [n for n, column in enumerate(columns) if screen.width >= _WIDE or not column.only_wide]
    count, rows = 0, iter(rows)
    while piece := list(itertools.islice(rows, _AT_ONCE)):
        table = Table(
            box=None, pad_edge=False, show_header=count == 0, header_style="bold", padding=(0, 1, 0, 0)
        )
        for n in kept:
            table.add_column(columns[n].title, min_width=columns[n].width, overflow="fold")
        for row in piece:
            table.add_row(
                *(Text(cell) if isinstance(cell, str) else cell for cell in map(row.__getitem__, kept))
            )
        screen.print(table)
        count += len(piece)
    return count


def write(records: Iterable[Record], form: str | None) -> int:
    """Write records for programs; gives back how many there were."""
    counted = _Counted(records)
    if form == "csv":
        _write_csv(counted)
    elif form == "json":
        _write_json(counted)
    else:
        for record in counted:
            click.echo(json.dumps(record, ensure_ascii=False))
    return counted.count


class _Counted:
    def __init__(self, records: Iterable[Record]) -> None:
        self._records = records
        self.count = 0

    def __iter__(self) -> Iterator[Record]:
        for record in self._records:
            self.count += 1
            yield record


def _write_json(records: Iterable[Record]) -> None:
    opening = "["
    for record in records:
        click.echo(f"{opening}\n  {json.dumps(record, ensure_ascii=False)}", nl=False)
        opening = ","
    click.echo("[]" if opening == "[" else "\n]")


def _write_csv(records: Iterable[Record]) -> None:
    writer = None
    for record in records:
        if writer is None:
            writer = csv.DictWriter(sys.stdout, list(record), extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
        writer.writerow(record)

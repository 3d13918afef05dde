"""Records on stdout or in a file: a table for people, JSON, NDJSON or CSV for programs, each as it comes."""

from __future__ import annotations

import csv
import functools
import itertools
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from dodo_licenses._cli.files import private_file
from dodo_licenses._cli.progress import note, plural
from dodo_licenses._cli.text import for_spreadsheet, masked, to_json, visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

Record = dict[str, Any]
F = TypeVar("F", bound=Callable[..., Any])

_SUFFIXES = {".json": "json", ".ndjson": "ndjson", ".jsonl": "ndjson", ".csv": "csv"}
_NO_TERMINAL = 1_000
_AT_ONCE = 100
# Words for what isn't there, and colours that can be read on light and on dark.
ABSENT = {"activations_limit": "∞", "expires_at": "never"}
COLOURS = {"active": "green", "expired": "magenta", "disabled": "red"}


class Column(NamedTuple):
    """A column of a table.

    Attributes:
        name: The field of a record.
        title: What stands above it.
        width: Of most of its cells, so that the pieces of a long table line up.
    """

    name: str
    title: str
    width: int


# The most telling first: those that are too many for a terminal are left out.
KEYS = (
    Column("id", "id", 25),
    Column("key", "key", 5),
    Column("status", "status", 8),
    Column("seats", "seats", 7),
    Column("expires_at", "expires", 10),
    Column("created_at", "created", 10),
    Column("product_id", "product", 25),
    Column("customer_id", "customer", 25),
    Column("source", "source", 6),
)
INSTANCES = (
    Column("id", "id", 25),
    Column("name", "name", 14),
    Column("created_at", "since", 10),
    Column("license_key_id", "license key", 25),
)


@dataclass(frozen=True, kw_only=True)
class Output:
    """How a command shows records.

    Attributes:
        form: `table`, `json`, `ndjson` or `csv`.
        columns: The fields to show; all, or what fits on the terminal, where none are given.
        raw_csv: Whether CSV holds each value as it is.
        whole: Whether tables show key strings whole.
        to: The file to write, in place of stdout.
    """

    form: str
    columns: tuple[str, ...]
    raw_csv: bool
    whole: bool
    to: Path | None

    def many(self, records: Iterable[Record], model: type, columns: Sequence[Column], unit: str) -> int:
        """Show records as they come, say how many there were, and return that.

        Args:
            records: The records.
            model: Where they come from; its fields are the columns that may be asked for.
            columns: What a table shows of them.
            unit: What one of them is called.
        """
        import attrs  # noqa: PLC0415 - help does without

        fields = self.columns or [field.name for field in attrs.fields(model) if field.init]
        if unknown := [name for name in self.columns if name not in attrs.fields_dict(model)]:
            known = ", ".join(field.name for field in attrs.fields(model) if field.init)
            raise click.UsageError(f"--columns has {', '.join(unknown)}; there are {known}.")
        count = 0

        def counted() -> Iterator[Record]:
            nonlocal count
            for count, record in enumerate(records, 1):  # noqa: B007 - said at the end
                yield record

        if self.to is not None:
            with private_file(self.to) as file:
                file.writelines(self._lines(counted(), fields))
        elif self.form == "table":
            draw_table(
                counted(),
                [Column(name, name, 1) for name in self.columns] or _that_fit(columns),
                whole=self.whole,
            )
        else:
            for line in self._lines(counted(), fields):
                click.echo(line, nl=False)
        told = plural(count, unit) if self.to is None else f"{plural(count, unit)} in {self.to}"
        (click.echo if self.form == "table" else note)(told)
        return count

    def one(self, record: Record) -> None:
        """Show a record, in a table with a field on each line."""
        names = self.columns or tuple(record)
        if self.form == "table":
            draw_fields(record, names, whole=self.whole)
        else:
            click.echo("".join(self._lines([record], names)), nl=False)

    def _lines(self, records: Iterable[Record], fields: Sequence[str]) -> Iterator[str]:
        """Records as text, a piece for each."""
        if self.columns:
            records = ({name: record.get(name) for name in fields} for record in records)
        if self.form == "csv":
            yield from self._csv(records, fields)
        elif self.form == "json":
            opening = "[\n  "
            for record in records:
                yield opening + to_json(record)
                opening = ",\n  "
            yield "[]\n" if opening.startswith("[") else "\n]\n"
        else:
            yield from (to_json(record) + "\n" for record in records)

    def _csv(self, records: Iterable[Record], fields: Sequence[str]) -> Iterator[str]:
        writer: Any = csv.writer(_Echo(), lineterminator="\n")  # it returns what _Echo does
        is_read = self.to is None and sys.stdout.isatty()
        yield writer.writerow(fields)
        for record in records:
            cells = [_flat(record.get(name)) for name in fields]
            if not self.raw_csv:
                cells = [for_spreadsheet(value) for value in cells]
            yield writer.writerow(
                [visible(value) if is_read and isinstance(value, str) else value for value in cells]
            )


class _Echo:
    def write(self, text: str) -> str:
        return text


def shown(*, many: bool = False) -> Callable[[F], Callable[..., Any]]:
    """Give a command the options about its output, and an Output as `out`.

    Args:
        many: Whether it may be a file, too.
    """
    form = click.Choice(["table", "json", "ndjson", "csv"])
    path = click.Path(dir_okay=False, path_type=Path)
    options = [
        click.option("--format", "form", type=form, help="Default: table on a terminal, ndjson elsewhere."),
        click.option(
            "--columns", metavar="NAMES", default="", help="Only these fields, such as id,expires_at."
        ),
        click.option("--raw-csv", is_flag=True, help="No ' in CSV before what a spreadsheet would compute."),
        click.option("--show-keys", "whole", is_flag=True, help="Key strings whole in tables, too."),
    ]
    if many:
        about = "A .csv, .json or .ndjson file in place of stdout."
        options.append(click.option("-o", "--output", "to", type=path, metavar="FILE", help=about))

    def decorate(command: F) -> Callable[..., Any]:
        @functools.wraps(command)
        def looked(*args: Any, form: str | None, columns: str, to: Path | None = None, **given: Any) -> Any:  # noqa: ANN401
            raw_csv, whole = given.pop("raw_csv"), given.pop("whole")
            if form is None:
                form = "table" if sys.stdout.isatty() else "ndjson"
                if to is not None and (form := _SUFFIXES.get(to.suffix)) is None:
                    raise click.UsageError(
                        f"--output ends in none of {', '.join(_SUFFIXES)}: say which --format."
                    )
            names = tuple(name.strip() for name in columns.split(",") if name.strip())
            if len(set(names)) < len(names):
                raise click.UsageError("--columns has a name twice.")
            if raw_csv and form != "csv":
                raise click.UsageError("--raw-csv goes with --format csv.")
            if to is not None and form == "table":
                raise click.UsageError("A table is for terminals: choose another --format for a file.")
            return command(
                *args, out=Output(form=form, columns=names, raw_csv=raw_csv, whole=whole, to=to), **given
            )

        for option in reversed(options):
            looked = option(looked)
        return looked

    return decorate


def _flat(value: Any) -> Any:  # noqa: ANN401 - of any JSON
    return to_json(value) if isinstance(value, dict | list) else value


def cell(record: Record, name: str, *, whole: bool, short: bool = False) -> Text:
    """What a record has in a field, for people.

    Args:
        record: The record.
        name: The field.
        whole: Whether to show a key string whole.
        short: Whether the day of a time is enough.
    """
    from rich.text import Text  # noqa: PLC0415 - imported when something is drawn

    value = record.get(name)
    if name == "seats":
        limit = record.get("activations_limit")
        return Text(f"{record['instances_count']} of {'∞' if limit is None else limit}")
    if value is None:
        return Text(ABSENT.get(name, "-"))
    said = masked(str(value)) if name == "key" and not whole else visible(str(_flat(value)))
    style = COLOURS.get(said.lower(), "") if name == "status" else ""
    return Text(said[:10] if short and name.endswith("_at") else said, style=style)


def _console() -> Console:
    """Stdout for tables; as wide as they get where no terminal says how wide."""
    from rich.console import Console  # noqa: PLC0415 - imported when something is drawn

    is_known = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(width=None if is_known else _NO_TERMINAL, highlight=False)


def _that_fit(columns: Sequence[Column]) -> list[Column]:
    """The first columns, as many as the terminal has room for, and one in any case."""
    ends = itertools.accumulate(column.width + 1 for column in columns)
    room = _console().width
    return [column for column, end in zip(columns, ends, strict=True) if end <= room + 1] or [columns[0]]


def draw_fields(record: Record, names: Iterable[str], *, whole: bool, short: bool = False) -> None:
    """Draw fields of a record, one on each line; short is how people speak of them."""
    from rich.table import Table  # noqa: PLC0415 - imported when something is drawn
    from rich.text import Text  # noqa: PLC0415 - the same

    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name in names:
        title = visible(name.removesuffix("_id").removesuffix("_at") if short else name)
        table.add_row(Text(title, style="dim"), cell(record, name, whole=whole, short=short))
    _console().print(table)


def draw_table(records: Iterable[Record], columns: Sequence[Column], *, whole: bool) -> None:
    """Draw a table in pieces, so that the first rows are there while the others come."""
    from rich.table import Table  # noqa: PLC0415 - imported when something is drawn

    screen, records = _console(), iter(records)
    is_first = True
    while piece := list(itertools.islice(records, _AT_ONCE)):
        table = Table(
            box=None, pad_edge=False, show_header=is_first, header_style="bold", padding=(0, 1, 0, 0)
        )
        is_first = False
        for column in columns:
            width, is_whole = min(column.width, screen.width), whole and column.name == "key"
            way: Any = "fold" if is_whole else "ellipsis"
            table.add_column(column.title, min_width=width, no_wrap=not is_whole, overflow=way)
        for record in piece:
            table.add_row(*(cell(record, column.name, whole=whole, short=True) for column in columns))
        screen.print(table)

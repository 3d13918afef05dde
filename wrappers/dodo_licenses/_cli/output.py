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
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeVar

import click

from dodo_licenses._cli.files import private_file
from dodo_licenses._cli.progress import note, plural
from dodo_licenses._cli.text import for_spreadsheet, masked, to_json
from dodo_licenses._text import visible

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
COLOURS = {
    **dict.fromkeys(("active", "delivered"), "green"),
    **dict.fromkeys(("expired", "pending"), "magenta"),
    **dict.fromkeys(("disabled", "failed", "revoked"), "red"),
}

# The most telling first: those that are too many for a terminal are left out.
KEYS = ("id", "key", "status", "seats", "expires_at", "created_at", "product_id", "customer_id", "source")
INSTANCES = ("id", "name", "created_at", "license_key_id")
# How wide most cells are, so that the pieces of a long table line up; ids have 25 characters.
_WIDTHS = {"key": 5, "status": 8, "seats": 7, "source": 6, "name": 14, "expires_at": 10, "created_at": 10}


@dataclass(frozen=True, kw_only=True)
class Output:
    """How a command shows records: the format, the fields if only some, and the file if not on stdout."""

    form: str
    columns: tuple[str, ...]
    raw_csv: bool
    whole: bool
    to: Path | None

    def many(self, records: Iterable[Record], model: type, columns: Sequence[str], unit: str) -> int:
        """Show records of a model as they come, and say how many there were; a table has these columns."""
        fields = self.chosen(model)
        count = itertools.count()
        records = (record for record, _ in zip(records, count, strict=False))  # in this order, it counts
        if self.to is not None:
            with private_file(self.to) as file:
                file.writelines(self._lines(records, fields))
        elif self.form == "table":
            draw_table(records, self.columns or _that_fit(columns), whole=self.whole)
        else:
            for line in self._lines(records, fields):
                click.echo(line, nl=False)
        found = next(count)
        told = plural(found, unit) + ("" if self.to is None else f" in {self.to}")
        (click.echo if self.form == "table" else note)(told)
        return found

    def one(self, record: Record, columns: Sequence[str] = ()) -> None:
        """Show a record; a table has these of its fields, or all, each on a line."""
        fields = self.known(list(record))
        if self.form == "table":
            draw_fields(record, self.columns or columns or fields, whole=self.whole)
        else:
            click.echo("".join(self._lines([record], fields)), nl=False)

    def chosen(self, model: type, *more: str) -> Sequence[str]:
        """The same of a model, and more beside."""
        import attrs  # noqa: PLC0415 - help does without

        return self.known([*(field.name for field in attrs.fields(model) if field.init), *more])

    def known(self, known: Sequence[str]) -> Sequence[str]:
        """The fields to show of those that are known; an error where --columns names others."""
        if unknown := [name for name in self.columns if name not in known]:
            raise click.UsageError(f"--columns has {', '.join(unknown)}; there are {', '.join(known)}.")
        return self.columns or known

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
        writer: Any = csv.writer(SimpleNamespace(write=str), lineterminator="\n")  # a row is what is returned
        is_read = self.to is None and sys.stdout.isatty()
        yield writer.writerow(fields)
        for record in records:
            cells = [_flat(record.get(name)) for name in fields]
            cells = cells if self.raw_csv else [for_spreadsheet(value) for value in cells]
            yield writer.writerow([visible(c) if is_read and isinstance(c, str) else c for c in cells])


def shown(*, many: bool = False) -> Callable[[F], Callable[..., Any]]:
    """Give a command the options about its output, which may be a file if many, and an Output as `out`."""
    form = click.Choice(["table", "json", "ndjson", "csv"])
    path = click.Path(dir_okay=False, path_type=Path)
    options = [
        click.option("--format", "form", type=form, help="Default: table on a terminal, ndjson elsewhere."),
        click.option("--columns", metavar="NAMES", default="", help="Only these, as in id,expires_at."),
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
                    raise click.UsageError(f"--output ends in {', '.join(_SUFFIXES)}, or give --format.")
            names = tuple(name.strip() for name in columns.split(",") if name.strip())
            if len(set(names)) < len(names):
                raise click.UsageError("--columns has a name twice.")
            if raw_csv and form != "csv":
                raise click.UsageError("--raw-csv goes with --format csv.")
            if to is not None and form == "table":
                raise click.UsageError("A table is for terminals: choose another --format for a file.")
            out = Output(form=form, columns=names, raw_csv=raw_csv, whole=whole, to=to)
            return command(*args, out=out, **given)

        for option in reversed(options):
            looked = option(looked)
        return looked

    return decorate


def _flat(value: Any) -> Any:  # noqa: ANN401 - of any JSON
    return to_json(value) if isinstance(value, dict | list) else value


def cell(record: Record, name: str, *, whole: bool) -> Text:
    """What a record has in a field, for people; of a time its day."""
    from rich.text import Text  # noqa: PLC0415 - imported when something is drawn

    value = record.get(name)
    if name == "seats":
        limit = record.get("activations_limit")
        return Text(f"{record['instances_count']} of {'∞' if limit is None else limit}")
    if value is None:
        return Text(ABSENT.get(name, "-"))
    said = masked(str(value)) if name == "key" and not whole else visible(str(_flat(value)))
    style = COLOURS.get(said.lower(), "") if name == "status" else ""
    return Text(said[:10] if name.endswith("_at") else said, style=style)


def _console() -> Console:
    """Stdout for tables; as wide as they get where no terminal says how wide."""
    from rich.console import Console  # noqa: PLC0415 - imported when something is drawn

    is_known = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(width=None if is_known else _NO_TERMINAL, highlight=False)


def _title(name: str) -> str:
    return visible(name).removesuffix("_id").removesuffix("_at").replace("_", " ")


def _that_fit(names: Sequence[str]) -> Sequence[str]:
    """The first columns, as many as the terminal has room for, and one in any case."""
    ends = itertools.accumulate(_WIDTHS.get(name, 25) + 1 for name in names)
    room = _console().width
    return names[: max(1, sum(end <= room + 1 for end in ends))]


def draw_fields(record: Record, names: Iterable[str], *, whole: bool) -> None:
    """Draw fields of a record, one on each line."""
    from rich.table import Table  # noqa: PLC0415 - imported when something is drawn

    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for name in names:
        table.add_row(_title(name), cell(record, name, whole=whole))
    _console().print(table)


def draw_table(records: Iterable[Record], names: Sequence[str], *, whole: bool) -> None:
    """Draw a table in pieces, so that the first rows are there while the others come."""
    from rich.table import Table  # noqa: PLC0415 - imported when something is drawn

    screen, records, widths = _console(), iter(records), list[int]()
    while piece := list(itertools.islice(records, _AT_ONCE)):
        rows = [[cell(record, name, whole=whole) for name in names] for record in piece]
        table = Table(
            box=None, show_header=not widths, header_style="bold", pad_edge=False, collapse_padding=True
        )
        widths = widths or _widths(rows, names, screen.width)
        for name, width in zip(names, widths, strict=True):
            way: Any = "fold" if whole and name == "key" else "ellipsis"
            table.add_column(_title(name), width=width, no_wrap=way == "ellipsis", overflow=way)
        for row in rows:
            table.add_row(*row)
        screen.print(table)


def _widths(rows: Sequence[Sequence[Text]], names: Sequence[str], room: int) -> list[int]:
    """How wide columns are: as usual, wider where there is room, narrower where there is none."""
    usual = [_WIDTHS.get(name, 25) for name in names]
    widths = [max(width, *(row[at].cell_len for row in rows)) for at, width in enumerate(usual)]
    while sum(widths) > max(room - len(widths) + 1, len(widths)):
        too_wide = max(range(len(widths)), key=lambda at: (max(widths[at] - usual[at], 0), widths[at]))
        widths[too_wide] -= 1
    return widths

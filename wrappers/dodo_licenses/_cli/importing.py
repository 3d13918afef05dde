"""The command import: one license key, or a CSV file of them."""

from __future__ import annotations

import csv
import itertools
import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from dodo_licenses._cli.account import account
from dodo_licenses._cli.files import private_file
from dodo_licenses._cli.options import changes, command, limits, read_key
from dodo_licenses._cli.progress import Step, note, plural, work
from dodo_licenses._cli.text import for_spreadsheet, from_spreadsheet, masked, quoted
from dodo_licenses._errors import ConflictError, InvalidArgumentError
from dodo_licenses._text import visible

if TYPE_CHECKING:
    from dodo_licenses import DodoPayments

_NEEDED = ("key", "customer_id", "product_id")
_OPTIONAL = ("activations_limit", "expires_at")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
# The column of the file of the failed that says why.
_REASON = "error"


class Row(NamedTuple):
    """A row of the file: its line, its cells as written, and as arguments, or what is wrong with them."""

    number: int
    cells: dict[str, str]
    fields: dict[str, Any]
    problem: str = ""


@command("import")
@click.argument("key", required=False)
@click.option("--customer-id", metavar="ID", help="The customer who is to own the key, cus_….")
@click.option("--product-id", metavar="ID", help="The product that it unlocks, pdt_….")
@limits
@click.option("--file", type=_FILE, help=f"CSV with the columns {', '.join((*_NEEDED, *_OPTIONAL))}.")
@click.option("--dry-run", is_flag=True, help="Check what can be checked without a request.")
@click.option("--skip-existing", is_flag=True, help="Take a key that is there already for done.")
@click.option("--from-line", type=click.IntRange(2), metavar="N", help="Leave out the rows before that line.")
@click.option("--raw-csv", is_flag=True, help="Take a ' at the beginning of a cell as part of it.")
@account()
def import_(client: DodoPayments, /, key: str | None, file: Path | None, **asked: Any) -> int:  # noqa: ANN401
    """Import a license key, or a CSV file of them.

    A line for each row says what became of it; those that failed go to a file of their own, with the reason.
    The options fill cells that are empty and columns that aren't there. Interrupted, it says how to go on.

    \b
    Examples:
      dodo-licenses import DEMO-0004 --customer-id cus_123 --product-id pdt_123 --demo
      dodo-licenses import --file keys.csv --product-id pdt_123 --skip-existing
    """
    is_dry, from_line, raw, skip = map(asked.pop, ("dry_run", "from_line", "raw_csv", "skip_existing"))
    owner = {name: asked.pop(name) for name in ("customer_id", "product_id")}
    defaults = {**owner, **changes(asked)}
    if file is not None and key is None:
        rows = [row for row in _rows(file, defaults, raw=raw) if row.number >= (from_line or 0)]
    elif file is not None or not (key := read_key(key)):
        raise click.UsageError("Give either a KEY or --file.")
    elif from_line is not None or raw:
        raise click.UsageError("--from-line and --raw-csv go with --file.")
    elif None in owner.values():
        hint = f" The file {key} is imported with --file {key}." if Path(key).is_file() else ""
        raise click.UsageError(f"A key needs --customer-id and --product-id.{hint}")
    else:
        rows = [_row(1, {"key": key}, defaults, raw=True)]
    if is_dry:
        return _check(rows)
    steps = [_step(client, row, skip_existing=skip) for row in rows]
    if file is None:
        click.echo(f"{steps[0].make()}\t{masked(rows[0].cells['key'])}")
        return 0
    became: dict[int, str] = {}
    title = f"import {plural(len(steps), 'row')}"
    try:
        return work(steps, title, lambda number: f"go on with: {_command(rows[number].number)}", became)
    finally:
        if became:
            _keep([(rows[number], problem) for number, problem in became.items()], file)


def _rows(file: Path, defaults: dict[str, Any], *, raw: bool) -> Iterator[Row]:
    with file.open(newline="", encoding="utf-8-sig") as opened:
        reader = csv.DictReader(opened, restkey="more", restval="", strict=True)
        try:
            reader.fieldnames = [name.strip() for name in reader.fieldnames or ()]
            _check_head(file, list(reader.fieldnames), defaults)
            seen: dict[str, int] = {}
            for cells in reader:
                row = _row(reader.line_num, cells, defaults, raw=raw)
                key = row.cells.get("key", "").strip()
                if key in seen and not row.problem:
                    row = row._replace(problem=f"the same key as in line {seen[key]}")
                seen.setdefault(key, row.number)
                yield row
        except csv.Error as error:
            raise click.UsageError(f"{file} cannot be read as CSV: {error}.") from None
        except UnicodeDecodeError:
            raise click.UsageError(f"{file} is not UTF-8: save it as CSV in UTF-8.") from None


def _check_head(file: Path, head: list[str], defaults: dict[str, Any]) -> None:
    """Refuse a head that lacks a column or has one twice, and tell which columns nobody reads."""
    if missing := [name for name in _NEEDED if name not in head and defaults.get(name) is None]:
        said = f"its head is {quoted(', '.join(head))}" if head else "it is empty"
        raise click.UsageError(f"{file} has no column {', '.join(missing)}; {said}.")
    if twice := [name for name in dict.fromkeys(head) if head.count(name) > 1]:
        raise click.UsageError(f"{file} has the column {quoted(', '.join(twice))} more than once.")
    if unread := [name for name in head if name not in (*_NEEDED, *_OPTIONAL, _REASON)]:
        note(f"not imported are the columns {', '.join(unread)}")


def _row(number: int, cells: dict[str, Any], defaults: dict[str, Any], *, raw: bool) -> Row:
    """Check a row as the client would, without a request."""
    from dodo_licenses._messages import Request  # noqa: PLC0415 - help does without
    from dodo_licenses_api.operations import CREATE_LICENSE_KEY  # noqa: PLC0415 - the same

    more = cells.pop("more", None)
    written = {name: (cells.get(name) or "").strip() for name in (*_NEEDED, *_OPTIONAL)}
    given = {name: cell if raw else from_spreadsheet(cell) for name, cell in written.items() if cell}
    fields = {"key": "", **defaults}
    try:
        read = changes({name: given.pop(name) for name in _OPTIONAL if name in given})
        fields |= {**given, **read}
        Request.of(CREATE_LICENSE_KEY, fields)
    except InvalidArgumentError as error:
        return Row(number, cells, fields, str(error))
    return Row(number, cells, fields, "" if more is None else "more cells than the head has")


def _check(rows: list[Row]) -> int:
    """Say what is wrong, without a request."""
    wrong = [row for row in rows if row.problem]
    for row in wrong:
        click.echo(f"wrong: {visible(row.problem)}\tline {row.number}")
    note(f"{len(rows) - len(wrong):,} of {plural(len(rows), 'row')} could be imported")
    return 1 if wrong else 0


def _step(client: DodoPayments, row: Row, *, skip_existing: bool) -> Step:
    def create() -> str:
        if row.problem:
            raise InvalidArgumentError(row.problem)
        try:
            return f"imported\t{visible(client.license_keys.create(**row.fields).id)}"
        except ConflictError:
            if not skip_existing:
                raise
            return "skipped\tit is there already"

    return Step(f"line {row.number}\t{masked(row.cells.get('key', ''))}", create)


def _command(number: int) -> str:
    """This command from another line on. The row at which it broke off may be there."""
    words, kept = iter(sys.argv[1:]), []
    for word in words:
        if word == "--from-line":
            next(words)
        elif word != "--skip-existing" and not word.startswith("--from-line="):
            kept.append(word)
    return shlex.join(["dodo-licenses", *kept, "--from-line", str(number), "--skip-existing"])


def _keep(failed: list[tuple[Row, str]], file: Path) -> None:
    """Write those that failed beside the file, under a name that nothing has yet."""
    names = (file.with_suffix(f".failed{number or ''}.csv") for number in itertools.count())
    target = next(name for name in names if not os.path.lexists(name))
    columns = list(dict.fromkeys(name for row, _ in failed for name in row.cells if name != _REASON))
    with private_file(target) as opened:
        writer = csv.DictWriter(opened, [*columns, _REASON], lineterminator="\n")
        writer.writeheader()
        writer.writerows({**row.cells, _REASON: for_spreadsheet(problem)} for row, problem in failed)
    note(f"those that failed are in {target}, with the reason")

"""The command import: one license key, or a CSV file of them."""

from __future__ import annotations

import csv
import itertools
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from dodo_licenses._cli.account import account
from dodo_licenses._cli.options import expiry, given, limit, limits, shown
from dodo_licenses._cli.output import masked, show_fields
from dodo_licenses._errors import (
    APIConnectionError,
    AuthenticationError,
    DodoPaymentsError,
    PermissionDeniedError,
    RateLimitError,
)

if TYPE_CHECKING:
    from dodo_licenses import DodoPayments

_NEEDED = ("key", "customer_id", "product_id")
_OPTIONAL = ("activations_limit", "expires_at")
_READERS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(_NEEDED, str),
    "activations_limit": lambda written: given(limit(written)),
    "expires_at": lambda written: given(expiry(written)),
}
# The column of the file of the failed that says why.
_REASON = "error"
_FAILED = 1


class Row(NamedTuple):
    """A row of the file.

    Attributes:
        number: Its line, the head being 1.
        cells: What it says, as it is written.
        fields: The same as arguments; None where they can't be right.
        problem: What is wrong with it, or nothing.
    """

    number: int
    cells: dict[str, str]
    fields: dict[str, Any] | None
    problem: str = ""


@click.command("import")
@click.argument("key", required=False)
@click.option("--customer-id", metavar="ID", help="The customer who is to own the key, cus_….")
@click.option("--product-id", metavar="ID", help="The product that it unlocks, pdt_….")
@limits
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV with the columns key, customer_id, product_id, activations_limit, expires_at.",
)
@click.option("--dry-run", is_flag=True, help="Check the file, and import nothing.")
@click.option(
    "--failed",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the rows that failed go; default: beside the file, as .failed.csv.",
)
@shown
@account
def import_(
    client: DodoPayments,
    /,
    *,
    key: str | None,
    file: Path | None,
    dry_run: bool,
    failed: Path | None,
    form: str | None,
    show_keys: bool,
    **one: Any,  # noqa: ANN401 - click checked them
) -> int:
    """Import a license key, or a CSV file of them.

    Of a file, each row gets a line that says what became of it, and those that failed go to a file of their
    own, with the reason: mend them there, and import that. --customer-id, --product-id, --limit and --expires
    stand for cells that are empty or columns that aren't there.

    \b
    Examples:
      dodo-licenses import DEMO-0001-0002-0003 --customer-id cus_123 --product-id pdt_123
      dodo-licenses import --file keys.csv --dry-run
      dodo-licenses import --file keys.csv --product-id pdt_123
    """
    if (key is None) == (file is None):
        raise click.UsageError("Give either a KEY or --file.")
    defaults = {
        "customer_id": one["customer_id"],
        "product_id": one["product_id"],
        "activations_limit": given(one["activations_limit"]),
        "expires_at": given(one["expires_at"]),
    }
    if file is not None:
        rows = list(_rows(file, defaults))
        target = failed if failed is not None else file.with_suffix(".failed.csv")
        if target.resolve() == file.resolve():
            raise click.UsageError("--failed would replace the file itself: name another one.")
        return _check(rows) if dry_run else _import_all(client, rows, target, whole=show_keys)
    if dry_run or failed is not None:
        raise click.UsageError("--dry-run and --failed go with --file.")
    for name in ("customer_id", "product_id"):
        if defaults[name] is None:
            hint = f" The file {key} is imported with --file {key}." if Path(str(key)).is_file() else ""
            raise click.UsageError(f"A key needs --{name.replace('_', '-')}.{hint}")
    made = client.license_keys.create(key=str(key), **defaults)
    show_fields(made.to_dict(), form, whole=show_keys)
    return 0


def _rows(file: Path, defaults: dict[str, Any]) -> Iterator[Row]:
    with file.open(newline="", encoding="utf-8-sig") as opened:
        reader = csv.DictReader(opened, restkey="more", restval="", strict=True)
        try:
            reader.fieldnames = [name.strip() for name in reader.fieldnames or ()]
            _check_head(file, list(reader.fieldnames), defaults)
            seen: dict[str, int] = {}
            for cells in reader:
                row = _row(reader.line_num, cells, defaults)
                key = row.cells.get("key", "").strip()
                if row.fields is not None and key in seen:
                    row = row._replace(fields=None, problem=f"the same key as in line {seen[key]}")
                seen.setdefault(key, row.number)
                yield row
        except csv.Error as error:
            raise click.UsageError(f"{file} cannot be read as CSV: {error}.") from None
        except UnicodeDecodeError:
            raise click.UsageError(f"{file} is not UTF-8: save it as CSV in UTF-8.") from None


def _check_head(file: Path, head: list[str], defaults: dict[str, Any]) -> None:
    """Refuse a head that lacks a column or has one twice, and tell which columns nobody reads."""
    if missing := [name for name in _NEEDED if name not in head and defaults.get(name) is None]:
        said = f"its head is {', '.join(head)}" if head else "it is empty"
        raise click.UsageError(f"{file} has no column {', '.join(missing)}; {said}.")
    if twice := [name for name in dict.fromkeys(head) if head.count(name) > 1]:
        raise click.UsageError(f"{file} has the column {', '.join(twice)} more than once.")
    if unread := [name for name in head if name not in (*_NEEDED, *_OPTIONAL, _REASON)]:
        click.echo(f"not imported are the columns {', '.join(unread)}", err=True)


def _row(number: int, cells: dict[str, Any], defaults: dict[str, Any]) -> Row:
    if more := cells.pop("more", None):
        return Row(number, cells, None, f"more cells than the head has: {', '.join(more)}")
    fields: dict[str, Any] = dict(defaults)
    for name in (*_NEEDED, *_OPTIONAL):
        written = (cells.get(name) or "").strip()
        if written:
            try:
                fields[name] = _READERS[name](written)
            except click.BadParameter as error:
                return Row(number, cells, None, f"{name}: {error.message}")
        elif name in _NEEDED and defaults.get(name) is None:
            return Row(number, cells, None, f"{name} is empty")
    return Row(number, cells, fields)


def _check(rows: list[Row]) -> int:
    """Say what is wrong, without a request."""
    wrong = [row for row in rows if row.problem]
    for row in wrong:
        click.echo(f"line {row.number}\twrong\t{row.problem}")
    click.echo(f"{len(rows) - len(wrong):,} of {len(rows):,} rows could be imported", err=True)
    return _FAILED if wrong else 0


def _import_all(client: DodoPayments, rows: list[Row], target: Path, *, whole: bool) -> int:
    """Import one after the other; what isn't imported is in the file of the failed, whatever happens."""
    failed: list[tuple[Row, str]] = []
    waiting = deque(rows)
    try:
        while waiting:
            row = waiting[0]
            shown = row.cells.get("key", "") if whole else masked(row.cells.get("key", ""))
            imported, problem = _import(client, row)
            waiting.popleft()
            if imported is None:
                failed.append((row, problem))
                click.echo(f"line {row.number}\tfailed\t{shown}\t{problem}")
            else:
                click.echo(f"line {row.number}\timported\t{shown}\t{imported}")
    except BaseException as error:
        reasons = itertools.chain([str(error) or "interrupted"], itertools.repeat("not tried"))
        failed.extend(zip(waiting, reasons, strict=False))
        raise
    finally:
        _keep(failed, target)
        click.echo(f"{len(rows) - len(failed):,} of {len(rows):,} rows imported", err=True)
    return _FAILED if failed else 0


def _import(client: DodoPayments, row: Row) -> tuple[str | None, str]:
    """The new license key's id, or what is wrong with this row.

    Raises:
        DodoPaymentsError: Nor would the next rows go through.
    """
    if row.fields is None:
        return None, row.problem
    try:
        return client.license_keys.create(**row.fields).id, ""
    except (APIConnectionError, AuthenticationError, PermissionDeniedError, RateLimitError):
        raise
    except DodoPaymentsError as error:
        return None, str(error)


def _keep(failed: list[tuple[Row, str]], target: Path) -> None:
    if not failed:
        return
    columns = list(dict.fromkeys(name for row, _ in failed for name in row.cells if name != _REASON))
    with target.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*columns, _REASON], lineterminator="\n")
        writer.writeheader()
        writer.writerows({**row.cells, _REASON: error} for row, error in failed)
    click.echo(f"those that failed are in {target}, with the reason", err=True)

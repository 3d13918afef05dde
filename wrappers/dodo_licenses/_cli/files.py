"""The files of an export: CSV, NDJSON, SQLite, Parquet. Each appears when it is whole."""

from __future__ import annotations

import csv
import errno
import importlib
import itertools
import json
import os
import sqlite3
from collections.abc import Callable, Generator, Iterable
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import click

Record = dict[str, Any]
Writer = Callable[[Path, Iterable[Record]], None]

TABLE = "license_keys"
_WHOLE_NUMBERS = {"instances_count", "activations_limit"}
_MOMENTS = {"created_at", "expires_at"}
_ROWS_AT_ONCE = 10_000


@contextmanager
def _whole(target: Path) -> Generator[Path]:
    """A file that takes another's place when it is whole."""
    unfinished = target.with_name(f"{target.name}.unfinished")
    try:
        yield unfinished
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.replace(target)
    finally:
        with suppress(OSError):
            unfinished.unlink()


def _columns(records: Iterable[Record]) -> list[str]:
    """The names of all fields, also of those that the API has added since."""
    return list(dict.fromkeys(itertools.chain.from_iterable(records)))


def _flat(value: Any) -> Any:  # noqa: ANN401 - of any JSON
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _flat_records(records: Iterable[Record]) -> Iterable[Record]:
    return ({name: _flat(value) for name, value in record.items()} for record in records)


def write_csv(target: Path, records: Iterable[Record]) -> None:
    """CSV with a head; what isn't there is empty."""
    columns = _columns(records)
    with _whole(target) as path, path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(_flat_records(records))


def write_ndjson(target: Path, records: Iterable[Record]) -> None:
    """A JSON object on each line."""
    with _whole(target) as path, path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def write_sqlite(target: Path, records: Iterable[Record]) -> None:
    """The table `license_keys`; in a file that is there, rows with the same id are brought up to date."""
    from sqlite_utils import Database  # noqa: PLC0415 - a seventh of a second

    def upsert(path: Path) -> None:
        with _told(target), closing(Database(path)) as db, db.atomic():
            db.table(TABLE).upsert_all(_flat_records(records), pk="id", alter=True)

    if target.exists():
        upsert(target)
        return
    with _whole(target) as path:
        upsert(path)


@contextmanager
def _told(target: Path) -> Generator[None]:
    """Say of a database's error which file it is about."""
    try:
        yield
    except sqlite3.Error as error:
        raise OSError(errno.EIO, f"cannot be brought up to date: {error}", str(target)) from None


def write_parquet(target: Path, records: Iterable[Record]) -> None:
    """Typed columns: whole numbers, timestamps in UTC, and text."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    from pyarrow import parquet  # noqa: PLC0415 - the same

    def kind(name: str) -> pa.DataType:
        if name in _MOMENTS:
            return pa.timestamp("us", tz="UTC")
        return pa.int64() if name in _WHOLE_NUMBERS else pa.string()

    columns = _columns(records)
    schema = pa.schema([(name, kind(name)) for name in columns])
    typed = ({name: _typed(name, record.get(name)) for name in columns} for record in records)
    with _whole(target) as path, parquet.ParquetWriter(path, schema) as writer:
        while rows := list(itertools.islice(typed, _ROWS_AT_ONCE)):
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))


def _typed(name: str, value: Any) -> Any:  # noqa: ANN401 - of any JSON
    if value is None or name in _WHOLE_NUMBERS:
        return value
    if name in _MOMENTS:
        return datetime.fromisoformat(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


_WRITERS: dict[str, Writer] = {
    ".csv": write_csv,
    ".ndjson": write_ndjson,
    ".jsonl": write_ndjson,
    ".sqlite": write_sqlite,
    ".db": write_sqlite,
    ".parquet": write_parquet,
}


def writer_for(target: Path) -> Writer:
    """Who writes a file, by its ending. What would fail at the end fails here, before keys are fetched.

    Raises:
        click.UsageError: No one does, or an extra is missing.
        OSError: The file is there, and cannot be brought up to date.
    """
    writer = _WRITERS.get(target.suffix)
    if writer is None:
        raise click.UsageError(f"--to must end in one of {', '.join(_WRITERS)}, not {target.suffix!r}.")
    if writer is write_parquet:
        try:
            importlib.import_module("pyarrow")
        except ModuleNotFoundError:
            raise click.UsageError('Parquet needs: pip install "dodo-licenses[parquet]"') from None
    if writer is write_sqlite and target.exists():
        with _told(target), closing(sqlite3.connect(target)) as db:
            db.execute("pragma schema_version")
    return writer

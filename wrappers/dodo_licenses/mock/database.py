"""The mock's state: one SQLite database, in memory or in a file, and one clock for every decision."""

from __future__ import annotations

import os
import secrets
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from dodo_licenses.mock import wire
from dodo_licenses.mock.resource import NEWEST_FIRST, Intake, Record, Resource, Row, stored
from dodo_licenses.mock.resources import RESOURCES
from dodo_licenses.mock.validation import anything, list_of, record
from dodo_licenses.mock.wire import not_found

Event = tuple[str, Resource, str]  # a webhook's type, and the row that it is about
_PAGE = {"page_size": 10, "page_number": 0}
_EVERYTHING = {"page_size": -1}  # a page without end, as SQLite has it
_MOST_ENDS = 100_000
# NORMAL survives a process that is killed, which is what a mock has to; and is many times as fast as FULL.
_SETTINGS = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"


class Database:
    """The rows of all resources, by one connection, which one thread at a time uses.

    Raises:
        ValueError: The file is no database, or what another version of the mock left.
    """

    def __init__(self, clock: Callable[[], datetime], path: str | os.PathLike[str] | None = None) -> None:
        self.clock = clock
        self.random = secrets.SystemRandom()  # new ids and keys
        try:
            if path and path != ":memory:":
                Path(path).touch(0o600)  # what SQLite puts beside it gets the same mode
            self._db = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
            with ExitStack() as opened:  # closed where the rest fails
                opened.callback(self.close)
                self._create(path)
                opened.pop_all()
        except (OSError, sqlite3.Error) as error:
            raise ValueError(f"{path} cannot be used as a database: {error}") from None
        self._db.row_factory = sqlite3.Row
        self._ends: dict[tuple[Any, ...], Row] = {}  # the last rows of pages, by listing and place
        self._changes = 0

    def _create(self, path: object) -> None:
        """Make the tables, or make sure that they are those of this version."""
        schema = [its.table for its in RESOURCES]
        schema += [f"CREATE {sql}" for its in RESOURCES for sql in its.indexes.values()]
        version = zlib.crc32("\n".join(schema).encode()) & 0x7FFFFFFF
        if self._db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None:
            self._db.executescript(_SETTINGS)
            with self.transaction():
                for sql in (*schema, f"PRAGMA user_version = {version}"):
                    self._db.execute(sql)
        elif self._db.execute("PRAGMA user_version").fetchone()[0] != version:
            raise ValueError(
                f"{path} was not written by this version of the mock: name another file, or serve it"
                " with the version that wrote it, and --load here what its /_mock/dump gives"
            )

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[list[Event]]:
        """Do all of it, or nothing where an exception leaves the block; gives what is announced within."""
        self._events: list[Event] = []
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            yield self._events

    def announce(self, event: str, resource: Resource, key: str) -> None:
        """Have webhooks tell of a row, once the transaction is done."""
        self._events.append((event, resource, key))

    def count(self, resource: Resource) -> int:
        """How many there are."""
        return int(self._db.execute(f"SELECT count(*) FROM {resource.name}").fetchone()[0])

    def every(self, resource: Resource) -> Iterator[Row]:
        """All rows as they are stored, the oldest first."""
        yield from self._db.execute(f"SELECT * FROM {resource.name} ORDER BY seq")

    def find(self, resource: Resource, value: str, column: str | None = None) -> Row | None:
        """The row with a key, or with a value in another column."""
        sql = f"SELECT * FROM {resource.rows} WHERE {column or resource.key} = :value"
        values = {"value": value, "now": wire.micros(self.clock())}
        row: Row | None = self._db.execute(sql, values).fetchone()
        return row

    def get(self, resource: Resource, key: str) -> Row:
        """The row with a key; a refusal with 404 where there is none."""
        row = self.find(resource, key)
        if row is None:
            raise not_found(resource.singular, resource.key)
        return row

    def show(self, resource: Resource, row: Row) -> Record:
        """A row as the API sends it."""
        return resource.wire(row) | resource.expand(self.get, row)

    def retrieve(self, resource: Resource, key: str) -> Record:
        """The row with a key as the API sends it; a refusal with 404 where there is none."""
        return self.show(resource, self.get(resource, key))

    def page(self, resource: Resource, query: Mapping[str, Any]) -> list[Record]:
        """One page of those that satisfy every filter: `page_size`, `page_number` and the filters.

        SQLite counts its way to an offset. So the last row of a page is remembered until something changes:
        the next page begins there, and those far in are about as quick as the first.
        """
        if self._changes != self._db.total_changes or len(self._ends) > _MOST_ENDS:
            self._ends.clear()
            self._changes = self._db.total_changes
        filters = sorted(query.keys() & resource.filters.keys())
        values = {name: stored(value) for name, value in {**_PAGE, **query, "now": self.clock()}.items()}
        conditions = [resource.filters[name][1] for name in filters]
        skip = values["skip"] = values["page_number"] * values["page_size"]
        listing = (resource.name, *((name, values[name]) for name in filters))
        if end := self._ends.get((*listing, skip)):
            conditions.append("(created_at, seq) < (:created_at, :seq)")
            values |= {"skip": 0, "created_at": end["created_at"], "seq": end["seq"]}
        sql = f"SELECT * FROM {resource.rows} WHERE {' AND '.join(conditions) or '1'}"
        sql += f" ORDER BY {resource.order} LIMIT :page_size OFFSET :skip"
        page: list[Row] = self._db.execute(sql, values).fetchall()
        # What is computed may change with the time, without a write.
        if page and resource.order == NEWEST_FIRST and not resource.computed.keys() & set(filters):
            self._ends[(*listing, skip + len(page))] = page[-1]
        return [self.show(resource, row) for row in page]

    def add(self, resource: Resource, **given: Any) -> Row:
        """Take in one record, and what it speaks of; ValueError says what is wrong, or there already."""
        intake = Intake(self.clock(), self.random, self.find)
        key = intake.take(resource, given, resource.singular)[resource.key]
        try:
            for table, rows in intake.rows.items():
                self._insert(table, rows.values())
        except sqlite3.IntegrityError:
            raise ValueError(f"there is a {resource.singular} with this id or this string") from None
        return self.get(resource, key)

    def _insert(self, table: str, rows: Iterable[Row]) -> None:
        columns = [field.name for its in RESOURCES if its.name == table for field in its.columns]
        values = ", ".join(f":{name}" for name in columns)
        self._db.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values})", rows)

    def update(self, resource: Resource, key: str, **changes: Any) -> None:
        """Change some columns of a row."""
        for name, value in changes.items():
            sql = f"UPDATE {resource.name} SET {name} = ? WHERE {resource.key} = ?"
            self._db.execute(sql, (stored(value), key))

    def delete(self, resource: Resource, key: str) -> None:
        """Remove a row."""
        self._db.execute(f"DELETE FROM {resource.name} WHERE {resource.key} = ?", (key,))

    def load(self, state: Any) -> None:
        """Replace everything by a state such as `dump` gives; ValueError says what is wrong and where."""
        lists = record("state", state, {its.name: list_of(anything) for its in RESOURCES})
        intake = Intake(self.clock(), self.random)
        for its in RESOURCES:
            for index, given in enumerate(lists.get(its.name, [])):
                intake.take(its, given, f"{its.name}[{index}]")
        # Of two created at the same moment the later one is listed first, so the last goes in first.
        self.replace({name: reversed(list(rows.values())) for name, rows in intake.rows.items()})

    def dump(self) -> dict[str, list[Record]]:
        """Everything, each resource in the order of its listings, as `load` reads it."""
        return {its.name: self.page(its, _EVERYTHING) for its in RESOURCES}

    def replace(self, rows: Mapping[str, Iterable[Row]]) -> None:
        """Replace everything by rows as they are; ValueError, and nothing changes, where two are the same."""
        indexes = {name: sql for its in RESOURCES for name, sql in its.indexes.items()}
        try:
            with self.transaction():
                for name in indexes:  # a million rows go in twice as fast without
                    self._db.execute(f"DROP INDEX {name}")
                for its in RESOURCES:
                    self._db.execute(f"DELETE FROM {its.name}")
                for table, some in rows.items():
                    self._insert(table, some)
                for sql in indexes.values():
                    self._db.execute(f"CREATE {sql}")
        except sqlite3.IntegrityError as error:
            raise ValueError(f"records don't fit together: {error}") from None

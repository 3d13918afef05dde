"""Pages of a listing, those far in about as quick as the first."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dodo_licenses.mock.resource import NEWEST_FIRST, Resource, Row, stored

_DEFAULTS = {"page_size": 10, "page_number": 0}
_MOST = 100_000  # pages whose ends are remembered


class Pages:
    """Reads pages.

    SQLite counts its way to an offset. So the last row of each page is remembered until something changes:
    the next page begins there.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._ends: dict[tuple[Any, ...], Row] = {}
        self._changes = 0

    def read(self, resource: Resource, query: Mapping[str, Any], now: datetime) -> list[Row]:
        """One page of the rows that satisfy every filter; `now` decides what has expired."""
        if self._changes != self._db.total_changes or len(self._ends) > _MOST:
            self._ends.clear()
            self._changes = self._db.total_changes
        filters = sorted(query.keys() & resource.filters.keys())
        values = {name: stored(value) for name, value in {**_DEFAULTS, **query, "now": now}.items()}
        conditions = [resource.filters[name][1] for name in filters]
        skip = values["skip"] = values["page_number"] * values["page_size"]
        listing = (resource.name, *((name, values[name]) for name in filters))
        if end := self._ends.get((*listing, skip)):
            conditions.append("(created_at, seq) < (:created_at, :seq)")
            values |= {"skip": 0, "created_at": end["created_at"], "seq": end["seq"]}
        page: list[Row] = self._db.execute(
            f"SELECT * FROM {resource.rows} WHERE {' AND '.join(conditions) or '1'}"
            f" ORDER BY {resource.order} LIMIT :page_size OFFSET :skip",
            values,
        ).fetchall()
        # What is computed may change with the time, without a write.
        if page and resource.order == NEWEST_FIRST and not resource.computed.keys() & set(filters):
            self._ends[(*listing, skip + len(page))] = page[-1]
        return page

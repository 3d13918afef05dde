"""Pages of a listing, those far in about as quick as the first."""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections.abc import Mapping
from datetime import datetime
from operator import itemgetter
from typing import Any

from dodo_licenses.mock.resource import NEWEST_FIRST, Resource, Row, stored

_MOST = 100_000  # ends remembered at a time

Place = tuple[int, int, int]  # how many rows were passed, and the last one's created_at and seq
_START: Place = (0, 2**63 - 1, 0)


class Pages:
    """Reads pages.

    SQLite counts its way to an offset. So the ends of the pages that were read are remembered until the table
    changes, and a page is counted from the nearest one before it.

    Args:
        db: The database.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._ends: dict[tuple[Any, ...], list[Place]] = {}
        self._remembered = 0

    def forget(self, table: str | None = None) -> None:
        """Forget the ends of pages of a table, or of all of them."""
        self._ends = {of: ends for of, ends in self._ends.items() if table and of[0] != table}
        self._remembered = sum(map(len, self._ends.values()))

    def read(self, resource: Resource, query: Mapping[str, Any], now: datetime) -> list[Row]:
        """One page of the rows that satisfy every filter.

        Args:
            resource: Which rows.
            query: The filters, `page_size` and `page_number`.
            now: Decides what has expired.
        """
        filters = sorted(query.keys() & resource.filters.keys())
        values = {name: stored(value) for name, value in query.items()} | {"now": stored(now)}
        conditions = [resource.filters[name][1] for name in filters]
        skip = query["page_number"] * query["page_size"]
        listing = (resource.name, *((name, values[name]) for name in filters))
        ends = self._ends.get(listing, [_START])
        passed, values["after"], values["seq"] = ends[bisect_right(ends, skip, key=itemgetter(0)) - 1]
        if passed:
            conditions.append("(created_at, seq) < (:after, :seq)")
        values["skip"] = skip - passed
        page: list[Row] = self._db.execute(
            f"SELECT * FROM {resource.rows} WHERE {' AND '.join(conditions) or '1'}"
            f" ORDER BY {resource.order} LIMIT :page_size OFFSET :skip",
            values,
        ).fetchall()
        # What is computed may change with the time, without a write.
        is_still = resource.order == NEWEST_FIRST and not resource.computed.keys() & set(filters)
        if is_still and page and query["page_size"] > 0:
            self._remember(listing, (skip + len(page), page[-1]["created_at"], page[-1]["seq"]))
        return page

    def _remember(self, listing: tuple[Any, ...], end: Place) -> None:
        if self._remembered >= _MOST:
            self.forget()
        ends = self._ends.setdefault(listing, [_START])
        at = bisect_right(ends, end)
        if ends[at - 1] != end:
            ends.insert(at, end)
            self._remembered += 1

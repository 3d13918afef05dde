"""Pages of a listing, those far in about as quick as the first."""

from __future__ import annotations

import sqlite3
from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from operator import itemgetter
from typing import Any

from dodo_licenses.mock.resource import NEWEST_FIRST, Resource, Row, stored
from dodo_licenses.mock.validation import PAGE_DEFAULTS

_START = (0, 2**63 - 1, 0)  # how many rows were passed, and the last one's created_at and seq
_MOST = 10_000  # listings whose pages are remembered


class Pages:
    """Reads pages.

    SQLite counts its way to an offset. So the ends of the pages that were read are remembered until something
    changes, and a page is counted from the nearest one before it.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._ends = defaultdict[tuple[Any, ...], list[tuple[int, int, int]]](lambda: [_START])
        self._changes = 0

    def read(self, resource: Resource, query: Mapping[str, Any], now: datetime) -> list[Row]:
        """One page of the rows that satisfy every filter; `now` decides what has expired."""
        if self._changes != self._db.total_changes or len(self._ends) > _MOST:
            self._ends.clear()
            self._changes = self._db.total_changes
        filters = sorted(query.keys() & resource.filters.keys())
        values = {name: stored(value) for name, value in {**PAGE_DEFAULTS, **query}.items()}
        conditions = [resource.filters[name][1] for name in filters]
        ends = self._ends[resource.name, *((name, values[name]) for name in filters)]
        skip = values["page_number"] * values["page_size"]
        # What is computed may change with the time, without a write.
        is_still = resource.order == NEWEST_FIRST and not resource.computed.keys() & set(filters)
        passed, values["after"], values["seq"] = ends[bisect_right(ends, skip, key=itemgetter(0)) - 1]
        if passed:
            conditions.append("(created_at, seq) < (:after, :seq)")
        page: list[Row] = self._db.execute(
            f"SELECT * FROM {resource.rows} WHERE {' AND '.join(conditions) or '1'}"
            f" ORDER BY {resource.order} LIMIT :page_size OFFSET :skip",
            {**values, "now": stored(now), "skip": skip - passed},
        ).fetchall()
        if is_still and page:
            end = (skip + len(page), page[-1]["created_at"], page[-1]["seq"])
            if ends[bisect_right(ends, end) - 1] != end:
                insort(ends, end)
        return page

"""Pages of a listing, those far in about as quick as the first."""

from __future__ import annotations

import sqlite3
from bisect import bisect_right, insort
from collections.abc import Mapping
from datetime import datetime
from operator import itemgetter
from typing import Any

from dodo_licenses.mock.resource import NEWEST_FIRST, Resource, Row, stored

_STEP = 500
_MOST_LISTINGS = 1_000  # remembered at a time

Place = tuple[int, int, int]  # how many rows were passed, and the last one's created_at and seq
_START: Place = (0, 2**63 - 1, 0)


class Pages:
    """Reads pages.

    SQLite counts its way to an offset. So places on the way, every 500 rows, are remembered until the table
    gets or loses a row.

    Args:
        db: The database.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._places: dict[tuple[Any, ...], list[Place]] = {}

    def forget(self, *tables: str) -> None:
        """Forget the places in tables whose rows have moved; in all of them where none is named."""
        self._places = {
            listing: places for listing, places in self._places.items() if tables and listing[0] not in tables
        }

    def read(self, resource: Resource, query: Mapping[str, Any], now: datetime) -> list[Row]:
        """One page of the rows that satisfy every filter.

        Args:
            resource: Which rows.
            query: The filters, `page_size` and `page_number`.
            now: Decides what has expired.
        """
        filters = {name: its for name, its in resource.filters.items() if name in query}
        conditions = [its.sql for its in filters.values()]
        values = {name: stored(value) for name, value in query.items()} | {"now": stored(now)}
        skip = query["page_number"] * query["page_size"]
        if resource.order != NEWEST_FIRST:
            return self._slice(resource, conditions, values, skip)
        conditions.append("(created_at, seq) < (:created_at, :seq)")
        places: list[Place] = [_START]
        if not resource.moving & {its.column for its in filters.values()}:  # others change without a write
            if len(self._places) > _MOST_LISTINGS:
                self.forget()
            listing = (resource.name, *sorted((name, values[name]) for name in filters))
            places = self._places.setdefault(listing, places)
        return self._from_place(resource, conditions, values, skip, places)

    def _from_place(
        self,
        resource: Resource,
        conditions: list[str],
        values: dict[str, Any],
        skip: int,
        places: list[Place],
    ) -> list[Row]:
        where = " AND ".join(conditions)
        step = (
            f"SELECT created_at, seq FROM {resource.rows} WHERE {where}"
            f" ORDER BY {resource.order} LIMIT 1 OFFSET {_STEP - 1}"
        )
        passed, created_at, seq = places[bisect_right(places, skip, key=itemgetter(0)) - 1]
        while skip - passed > _STEP:
            row = self._db.execute(step, {**values, "created_at": created_at, "seq": seq}).fetchone()
            if row is None:
                return []
            passed += _STEP
            created_at, seq = row
            insort(places, (passed, created_at, seq))
        return self._slice(
            resource, conditions, {**values, "created_at": created_at, "seq": seq}, skip - passed
        )

    def _slice(
        self, resource: Resource, conditions: list[str], values: dict[str, Any], skip: int
    ) -> list[Row]:
        where = " AND ".join(conditions) or "1"
        sql = (
            f"SELECT * FROM {resource.rows} WHERE {where}"
            f" ORDER BY {resource.order} LIMIT :page_size OFFSET :skip"
        )
        return self._db.execute(sql, {**values, "skip": skip}).fetchall()

"""Pages of a listing, those far in about as quick as the first."""

from __future__ import annotations

import sqlite3
from bisect import bisect_right, insort
from datetime import datetime
from operator import itemgetter
from typing import Any

from dodo_licenses.mock.rows import micros

_STATUS = {
    "disabled": "disabled = 1",
    "expired": "disabled = 0 AND expires_at <= :now",
    "active": "disabled = 0 AND (expires_at IS NULL OR expires_at > :now)",
}
_FILTERS = {
    "customer_id": "customer_id = :customer_id",
    "product_id": "product_id = :product_id",
    "source": "source = :source",
    "license_key_id": "license_key_id = :license_key_id",
    "created_at_gte": "created_at >= :created_at_gte",
    "created_at_lte": "created_at <= :created_at_lte",
    "grant_id": "0",  # the mock has no entitlement grants, so nothing belongs to one
}
_STEP = 500
_MOST_LISTINGS = 1_000  # remembered at a time

Place = tuple[int, int, int]  # how many rows were passed, and the last one's created_at and seq
_START: Place = (0, 2**63 - 1, 0)


class Pages:
    """Reads pages: newest first, and the later one first where two were created at the same moment.

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

    def read(self, table: str, query: dict[str, Any], now: datetime) -> list[sqlite3.Row]:
        """One page of the rows that satisfy every filter.

        Args:
            table: Which rows.
            query: The filters, `page_size` and `page_number`.
            now: Decides what has expired.
        """
        conditions = [_FILTERS[name] for name in query if name in _FILTERS]
        values = {name: micros(v) if isinstance(v, datetime) else v for name, v in query.items()}
        listing = (table, *sorted((name, values[name]) for name in query if name in _FILTERS))
        values["now"] = micros(now)
        if "status" in query:
            conditions.append(_STATUS[query["status"]])
            places: list[Place] = [_START]  # not remembered: it changes with the time, without a write
        else:
            if len(self._places) > _MOST_LISTINGS:
                self.forget()
            places = self._places.setdefault(listing, [_START])
        conditions.append("(created_at, seq) < (:created_at, :seq)")
        rows = f"FROM {table} WHERE {' AND '.join(conditions)} ORDER BY created_at DESC, seq DESC"
        return self._read(rows, values, places, query["page_number"] * query["page_size"])

    def _read(self, rows: str, values: dict[str, Any], places: list[Place], skip: int) -> list[sqlite3.Row]:
        passed, created_at, seq = places[bisect_right(places, skip, key=itemgetter(0)) - 1]
        while skip - passed > _STEP:
            step = f"SELECT created_at, seq {rows} LIMIT 1 OFFSET {_STEP - 1}"
            row = self._db.execute(step, {**values, "created_at": created_at, "seq": seq}).fetchone()
            if row is None:
                return []
            passed += _STEP
            created_at, seq = row
            insort(places, (passed, created_at, seq))
        page = f"SELECT * {rows} LIMIT :page_size OFFSET :skip"
        values |= {"created_at": created_at, "seq": seq, "skip": skip - passed}
        return self._db.execute(page, values).fetchall()

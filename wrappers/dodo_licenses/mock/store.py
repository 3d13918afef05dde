"""The mock's state: one SQLite database, in memory or in a file, and one clock for every decision."""

from __future__ import annotations

import json
import secrets
import sqlite3
import string
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from dodo_licenses.mock import rules
from dodo_licenses.mock.rules import KeyState, Refusal

Clock = Callable[[], datetime]
Row = Mapping[str, Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_BASE62 = string.digits + string.ascii_letters
_SCHEMA = """
CREATE TABLE IF NOT EXISTS customers (
    customer_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone_number TEXT,
    metadata TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS products (product_id TEXT PRIMARY KEY, name TEXT);
CREATE TABLE IF NOT EXISTS license_keys (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    key TEXT NOT NULL UNIQUE,
    business_id TEXT NOT NULL,
    brand_id TEXT NOT NULL,
    customer_id TEXT NOT NULL REFERENCES customers,
    product_id TEXT NOT NULL REFERENCES products,
    payment_id TEXT,
    subscription_id TEXT,
    source TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    activations_limit INTEGER,
    disabled INTEGER NOT NULL,
    instances_count INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS newest_keys ON license_keys (created_at DESC, seq DESC);
CREATE INDEX IF NOT EXISTS keys_of_customer ON license_keys (customer_id, created_at DESC, seq DESC);
CREATE INDEX IF NOT EXISTS keys_of_product ON license_keys (product_id, created_at DESC, seq DESC);
CREATE TABLE IF NOT EXISTS instances (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    license_key_id TEXT NOT NULL REFERENCES license_keys (id),
    business_id TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS newest_instances ON instances (created_at DESC, seq DESC);
CREATE INDEX IF NOT EXISTS instances_of_key ON instances (license_key_id, created_at DESC, seq DESC);
"""
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


def micros(moment: datetime) -> int:
    """A moment as the database keeps it: whole microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(value: int) -> datetime:
    """A moment as the database kept it."""
    return _EPOCH + value * _MICROSECOND


def wire_moment(value: int | None) -> str | None:
    """A moment as the API sends it: UTC, with a fraction only where there is one."""
    return None if value is None else moment(value).isoformat().replace("+00:00", "Z")


def new_id(prefix: str, random: Random | secrets.SystemRandom) -> str:
    """An id as the vendor makes them: a prefix and 21 characters of base 62."""
    return prefix + "".join(random.choices(_BASE62, k=21))


def system_clock() -> datetime:
    """The time now."""
    return datetime.now(UTC)


class Store:
    """Customers, products, license keys and their instances.

    One connection, used by one thread at a time: each method is one transaction, so an activation can't go
    beyond a limit.

    Args:
        path: The database file; in memory where there is none.
        clock: Tells the time for every timestamp and every expiry.
        random: Where new ids come from.
    """

    def __init__(
        self,
        path: str | None = None,
        *,
        clock: Clock = system_clock,
        random: Random | None = None,
        business_id: str = "bus_DemoBusiness000000000",
    ) -> None:
        self._db = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.executescript("PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON;" + _SCHEMA)
        self._clock = clock
        self._random = random if random is not None else secrets.SystemRandom()
        self._business_id = business_id

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _now(self) -> int:
        return micros(self._clock())

    def is_empty(self) -> bool:
        """Whether there is no license key yet."""
        return self._db.execute("SELECT 1 FROM license_keys LIMIT 1").fetchone() is None

    def count_license_keys(self) -> int:
        """How many license keys there are."""
        return int(self._db.execute("SELECT count(*) FROM license_keys").fetchone()[0])

    def load(
        self,
        *,
        customers: Iterable[Row] = (),
        products: Iterable[Row] = (),
        license_keys: Iterable[Row] = (),
        instances: Iterable[Row] = (),
    ) -> None:
        """Take in whole records, in the columns of the tables; keys' counts follow from the instances."""
        with self._transaction():
            for table, rows in (
                ("customers", customers),
                ("products", products),
                ("license_keys", license_keys),
                ("instances", instances),
            ):
                self._insert(table, rows)
            self._db.execute(
                "UPDATE license_keys SET instances_count = n FROM"
                " (SELECT license_key_id, count(*) AS n FROM instances GROUP BY license_key_id) AS counted"
                " WHERE license_keys.id = counted.license_key_id"
            )

    def _insert(self, table: str, rows: Iterable[Row]) -> None:
        rows = iter(rows)
        first = next(rows, None)
        if first is None:
            return
        columns, values = ", ".join(first), ", ".join(f":{name}" for name in first)
        statement = f"INSERT INTO {table} ({columns}) VALUES ({values})"  # noqa: S608 - names are ours
        self._db.execute(statement, first)
        self._db.executemany(statement, rows)

    def _page(self, table: str, query: dict[str, Any]) -> list[sqlite3.Row]:
        """Newest first, and the later one first where two were created at the same moment."""
        conditions = [_FILTERS[name] for name in query if name in _FILTERS]
        if "status" in query:
            conditions.append(_STATUS[query["status"]])
        values = {name: micros(v) if isinstance(v, datetime) else v for name, v in query.items()}
        values |= {"now": self._now(), "skip": query["page_number"] * query["page_size"]}
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        return self._db.execute(
            f"SELECT * FROM {table} {where}"  # noqa: S608 - conditions are ours, values are bound
            " ORDER BY created_at DESC, seq DESC LIMIT :page_size OFFSET :skip",
            values,
        ).fetchall()

    def list_license_keys(self, query: dict[str, Any]) -> list[dict[str, Any]]:
        """One page of the license keys that satisfy every filter."""
        now = self._clock()
        return [_license_key(row, now) for row in self._page("license_keys", query)]

    def list_instances(self, query: dict[str, Any]) -> list[dict[str, Any]]:
        """One page of the instances that satisfy every filter."""
        return [_instance(row) for row in self._page("instances", query)]

    def _key_row(self, column: str, value: str) -> sqlite3.Row | None:
        statement = f"SELECT * FROM license_keys WHERE {column} = ?"  # noqa: S608 - columns are ours
        found: sqlite3.Row | None = self._db.execute(statement, (value,)).fetchone()
        return found

    def _existing_key(self, id: str) -> sqlite3.Row:
        row = self._key_row("id", id)
        if row is None:
            raise Refusal(404, "NOT_FOUND", "There is no license key with this id.")
        return row

    def _known_key(self, license_key: str) -> sqlite3.Row:
        row = self._key_row("key", license_key)
        if row is None:
            raise Refusal(404, "LICENSE_KEY_NOT_FOUND", "There is no such license key.")
        return row

    def _existing_instance(self, id: str) -> sqlite3.Row:
        row: sqlite3.Row | None = self._db.execute("SELECT * FROM instances WHERE id = ?", (id,)).fetchone()
        if row is None:
            raise Refusal(404, "NOT_FOUND", "There is no license key instance with this id.")
        return row

    def retrieve_license_key(self, id: str) -> dict[str, Any]:
        """One license key."""
        return _license_key(self._existing_key(id), self._clock())

    def retrieve_instance(self, id: str) -> dict[str, Any]:
        """One instance."""
        return _instance(self._existing_instance(id))

    def create_license_key(self, body: dict[str, Any]) -> dict[str, Any]:
        """Import a key for a customer and a product that exist, unless its string is already there."""
        with self._transaction():
            for name, table in (("customer_id", "customers"), ("product_id", "products")):
                statement = f"SELECT 1 FROM {table} WHERE {name} = ?"  # noqa: S608 - names are ours
                if self._db.execute(statement, (body[name],)).fetchone() is None:
                    raise Refusal(422, "INVALID_REQUEST_BODY", f"There is no such {name}.")
            if self._key_row("key", body["key"]) is not None:
                raise Refusal(409, "LICENSE_KEY_ALREADY_EXISTS", "There is a license key with this string.")
            expires_at = body.get("expires_at")
            key = {
                "id": new_id("lic_", self._random),
                "key": body["key"],
                "business_id": self._business_id,
                "brand_id": "bnd_DemoBrand000000000000",
                "customer_id": body["customer_id"],
                "product_id": body["product_id"],
                "source": "import",
                "created_at": self._now(),
                "expires_at": None if expires_at is None else micros(expires_at),
                "activations_limit": body.get("activations_limit"),
                "disabled": 0,
            }
            self._insert("license_keys", [key])
        return self.retrieve_license_key(str(key["id"]))

    def update_license_key(self, id: str, body: dict[str, Any]) -> dict[str, Any]:
        """Change what is given, all of it or nothing."""
        with self._transaction():
            state = _state(self._existing_key(id))
            changes: dict[str, Any] = {}
            if "activations_limit" in body:
                rules.check_limit(state, body["activations_limit"])
                changes["activations_limit"] = body["activations_limit"]
            if "expires_at" in body:
                rules.check_expiry(state, body["expires_at"])
                expires_at = body["expires_at"]
                changes["expires_at"] = None if expires_at is None else micros(expires_at)
            if "disabled" in body:
                changes["disabled"] = body["disabled"]
            for name, value in changes.items():
                statement = f"UPDATE license_keys SET {name} = ? WHERE id = ?"  # noqa: S608 - names are ours
                self._db.execute(statement, (value, id))
        return self.retrieve_license_key(id)

    def update_instance(self, id: str, body: dict[str, Any]) -> dict[str, Any]:
        """Rename an instance."""
        with self._transaction():
            self._existing_instance(id)
            self._db.execute("UPDATE instances SET name = ? WHERE id = ?", (body["name"], id))
        return self.retrieve_instance(id)

    def activate(self, body: dict[str, Any]) -> dict[str, Any]:
        """Take one of a key's activations."""
        with self._transaction():
            key = self._known_key(body["license_key"])
            rules.check_activation(_state(key), self._clock())
            instance = {
                "id": new_id("lki_", self._random),
                "license_key_id": key["id"],
                "business_id": key["business_id"],
                "name": body["name"],
                "created_at": self._now(),
            }
            self._insert("instances", [instance])
            self._count(key["id"], +1)
        return {
            **_instance(instance),
            "customer": self._customer(key["customer_id"]),
            "product": self._product(key["product_id"]),
        }

    def validate(self, body: dict[str, Any]) -> bool:
        """With an instance id, that activation has to exist and to belong to the key, too."""
        key = self._key_row("key", body["license_key"])
        if key is None or not rules.is_valid(_state(key), self._clock()):
            return False
        instance_id = body.get("license_key_instance_id")
        return instance_id is None or self._belongs(instance_id, key["id"])

    def deactivate(self, body: dict[str, Any]) -> None:
        """Give one of a key's activations back."""
        with self._transaction():
            key = self._known_key(body["license_key"])
            instance_id = body["license_key_instance_id"]
            if not self._belongs(instance_id, key["id"]):
                raise Refusal(403, "LICENSE_KEY_INSTANCE_NOT_FOUND", "The license key has no such instance.")
            self._db.execute("DELETE FROM instances WHERE id = ?", (instance_id,))
            self._count(key["id"], -1)

    def _belongs(self, instance_id: str, key_id: str) -> bool:
        statement = "SELECT 1 FROM instances WHERE id = ? AND license_key_id = ?"
        return self._db.execute(statement, (instance_id, key_id)).fetchone() is not None

    def _count(self, key_id: str, change: int) -> None:
        statement = "UPDATE license_keys SET instances_count = instances_count + ? WHERE id = ?"
        self._db.execute(statement, (change, key_id))

    def _customer(self, id: str) -> dict[str, Any]:
        row = self._db.execute("SELECT * FROM customers WHERE customer_id = ?", (id,)).fetchone()
        return {**dict(row), "metadata": json.loads(row["metadata"])}

    def _product(self, id: str) -> dict[str, Any]:
        return dict(self._db.execute("SELECT * FROM products WHERE product_id = ?", (id,)).fetchone())


def _state(row: sqlite3.Row) -> KeyState:
    expires_at = row["expires_at"]
    return KeyState(
        disabled=bool(row["disabled"]),
        expires_at=None if expires_at is None else moment(expires_at),
        activations_limit=row["activations_limit"],
        instances_count=row["instances_count"],
        subscription_id=row["subscription_id"],
    )


def _license_key(row: sqlite3.Row, now: datetime) -> dict[str, Any]:
    """A license key as the newest generation of the API serves it."""
    state = _state(row)
    return {
        "id": row["id"],
        "business_id": row["business_id"],
        "brand_id": row["brand_id"],
        "created_at": wire_moment(row["created_at"]),
        "customer_id": row["customer_id"],
        "instances_count": row["instances_count"],
        "key": row["key"],
        "payment_id": row["payment_id"],
        "product_id": row["product_id"],
        "source": row["source"],
        "status": rules.status(disabled=state.disabled, expires_at=state.expires_at, now=now),
        "activations_limit": row["activations_limit"],
        "expires_at": wire_moment(row["expires_at"]),
        "subscription_id": row["subscription_id"],
    }


def _instance(row: sqlite3.Row | Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "business_id": row["business_id"],
        "created_at": wire_moment(row["created_at"]),
        "license_key_id": row["license_key_id"],
        "name": row["name"],
    }

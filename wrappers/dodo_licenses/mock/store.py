"""The mock's state: one SQLite database, in memory or in a file, and one clock for every decision."""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from random import Random
from typing import Any

from dodo_licenses.mock import rules
from dodo_licenses.mock.clock import system_clock
from dodo_licenses.mock.pages import Pages
from dodo_licenses.mock.rows import (
    BRAND_ID,
    BUSINESS_ID,
    Row,
    instance,
    key_state,
    license_key,
    micros,
    new_id,
)
from dodo_licenses.mock.rules import Refusal

Clock = Callable[[], datetime]
EVERYTHING = {"page_size": -1, "page_number": 0}  # a page without end, as SQLite has it

# NORMAL survives a process that is killed, which is what a mock has to; and is many times as fast as FULL.
_SETTINGS = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;"
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
    id TEXT NOT NULL,
    key TEXT NOT NULL,
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
CREATE TABLE IF NOT EXISTS instances (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    license_key_id TEXT NOT NULL,
    business_id TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL
);
"""
_INDEXES = {
    "UNIQUE INDEX IF NOT EXISTS key_ids": "license_keys (id)",
    "UNIQUE INDEX IF NOT EXISTS key_strings": "license_keys (key)",
    "INDEX IF NOT EXISTS newest_keys": "license_keys (created_at DESC, seq DESC)",
    "INDEX IF NOT EXISTS keys_of_customer": "license_keys (customer_id, created_at DESC, seq DESC)",
    "INDEX IF NOT EXISTS keys_of_product": "license_keys (product_id, created_at DESC, seq DESC)",
    "UNIQUE INDEX IF NOT EXISTS instance_ids": "instances (id)",
    "INDEX IF NOT EXISTS newest_instances": "instances (created_at DESC, seq DESC)",
    "INDEX IF NOT EXISTS instances_of_key": "instances (license_key_id, created_at DESC, seq DESC)",
}


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
        path: str | os.PathLike[str] | None = None,
        *,
        clock: Clock = system_clock,
        random: Random | None = None,
    ) -> None:
        self._db = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.executescript(_SETTINGS + _SCHEMA)
        self._create_indexes()
        self._snapshots: dict[str, sqlite3.Connection] = {}
        self._pages = Pages(self._db)
        self._clock = clock
        self._random = random if random is not None else secrets.SystemRandom()

    def close(self) -> None:
        """Close the database."""
        for connection in (self._db, *self._snapshots.values()):
            connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _create_indexes(self) -> None:
        for name, columns in _INDEXES.items():
            self._db.execute(f"CREATE {name} ON {columns}")

    def _now(self) -> int:
        return micros(self._clock())

    def is_empty(self) -> bool:
        """Whether there is no license key yet."""
        return self._db.execute("SELECT 1 FROM license_keys LIMIT 1").fetchone() is None

    def count_license_keys(self) -> int:
        """How many license keys there are."""
        return int(self._db.execute("SELECT count(*) FROM license_keys").fetchone()[0])

    def replace(
        self,
        *,
        customers: Iterable[Row] = (),
        products: Iterable[Row] = (),
        license_keys: Iterable[Row] = (),
        instances: Iterable[Row] = (),
    ) -> None:
        """Take in whole records, in the columns of the tables, for all there was.

        Keys' counts follow from the instances.

        Raises:
            ValueError: Two records have the same id, or two keys the same string. Nothing was changed.
        """
        try:
            with self._transaction():
                for index in _INDEXES:  # a million rows go in twice as fast without
                    self._db.execute(f"DROP INDEX {index.split()[-1]}")
                for table in ("instances", "license_keys", "products", "customers"):
                    self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - names are ours
                self._pages.forget()
                self._insert("customers", customers)
                self._insert("products", products)
                self._insert("license_keys", license_keys)
                self._insert("instances", instances)
                self._create_indexes()
                self._db.execute(
                    "UPDATE license_keys SET instances_count = n FROM"
                    " (SELECT license_key_id, count(*) AS n FROM instances GROUP BY license_key_id)"
                    " AS counted WHERE license_keys.id = counted.license_key_id"
                )
        except sqlite3.IntegrityError as error:
            raise ValueError(f"records don't fit together: {error}") from None

    def add(self, customer: Row, product: Row, license_key: Row) -> dict[str, Any]:
        """Take in one more license key, and its customer and its product where they are not there yet.

        Raises:
            ValueError: There is a key with the same id or string.
        """
        try:
            with self._transaction():
                self._insert("customers", [customer], "OR IGNORE")
                self._insert("products", [product], "OR IGNORE")
                self._insert("license_keys", [license_key])
        except sqlite3.IntegrityError:
            raise ValueError("there is a license key with this id or this string") from None
        return self.retrieve_license_key(license_key["id"])

    def save(self, name: str) -> None:
        """Keep the state as it is now under a name."""
        snapshot = sqlite3.connect(":memory:", check_same_thread=False)
        self._db.backup(snapshot)
        replaced = self._snapshots.get(name)
        self._snapshots[name] = snapshot
        if replaced is not None:
            replaced.close()

    def restore(self, name: str) -> None:
        """Go back to a state that was kept.

        Raises:
            KeyError: There is none with that name.
        """
        self._snapshots[name].backup(self._db)
        self._pages.forget()

    @property
    def snapshots(self) -> list[str]:
        """The names of the states that were kept."""
        return sorted(self._snapshots)

    def all_customers(self) -> list[dict[str, Any]]:
        """Every customer."""
        rows = self._db.execute("SELECT * FROM customers ORDER BY customer_id")
        return [{**dict(row), "metadata": json.loads(row["metadata"])} for row in rows]

    def all_products(self) -> list[dict[str, Any]]:
        """Every product."""
        return [dict(row) for row in self._db.execute("SELECT * FROM products ORDER BY product_id")]

    def _insert(self, table: str, rows: Iterable[Row], conflict: str = "") -> None:
        self._pages.forget(table)
        rows = iter(rows)
        first = next(rows, None)
        if first is None:
            return
        columns, values = ", ".join(first), ", ".join(f":{name}" for name in first)
        statement = f"INSERT {conflict} INTO {table} ({columns}) VALUES ({values})"  # noqa: S608 - names are ours
        self._db.execute(statement, first)
        self._db.executemany(statement, rows)

    def walk(self) -> None:
        """Go once to the end of the license keys, so that even the first page far in is found fast."""
        self.list_license_keys({"page_size": 1, "page_number": self.count_license_keys()})

    def list_license_keys(self, query: dict[str, Any]) -> list[dict[str, Any]]:
        """One page of the license keys that satisfy every filter."""
        now = self._clock()
        return [license_key(row, now) for row in self._pages.read("license_keys", query, now)]

    def list_instances(self, query: dict[str, Any]) -> list[dict[str, Any]]:
        """One page of the instances that satisfy every filter."""
        return [instance(row) for row in self._pages.read("instances", query, self._clock())]

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
        return license_key(self._existing_key(id), self._clock())

    def retrieve_instance(self, id: str) -> dict[str, Any]:
        """One instance."""
        return instance(self._existing_instance(id))

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
                "business_id": BUSINESS_ID,
                "brand_id": BRAND_ID,
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
            state = key_state(self._existing_key(id))
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
            rules.check_activation(key_state(key), self._clock())
            made = {
                "id": new_id("lki_", self._random),
                "license_key_id": key["id"],
                "business_id": key["business_id"],
                "name": body["name"],
                "created_at": self._now(),
            }
            self._insert("instances", [made])
            self._count(key["id"], +1)
        return {
            **instance(made),
            "customer": self._customer(key["customer_id"]),
            "product": self._product(key["product_id"]),
        }

    def validate(self, body: dict[str, Any]) -> bool:
        """With an instance id, that activation has to exist and to belong to the key, too."""
        key = self._key_row("key", body["license_key"])
        if key is None or not rules.is_valid(key_state(key), self._clock()):
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
            self._pages.forget("instances")
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

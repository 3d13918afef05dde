"""Made-up data: believable in its mix, plainly fictitious, and the same on every start."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from dodo_licenses.mock.database import Database
from dodo_licenses.mock.resource import Row, stored
from dodo_licenses.mock.resources import (
    customers,
    entitlements,
    grants,
    license_key_instances,
    license_keys,
    products,
)

# A fixed day, whatever today is.
UNTIL = date(2025, 12, 31)
_SPAN = timedelta(days=730)
_KEYS_OF_A_CUSTOMER = 5
_KEYS_FOR_ANOTHER_GRANT = 20
# What else was granted, beside keys that were delivered.
_OTHERS = (
    ("license_key", "Pending"),
    ("discord", "Failed"),
    ("feature_flag", "Delivered"),
    ("github", "Pending"),
    ("digital_files", "Delivered"),
    ("telegram", "Revoked"),
    ("framer", "Delivered"),
    ("notion", "Pending"),
    ("figma", "Delivered"),
)


def fill(db: Database, keys: int, seed: int = 0, until: date = UNTIL) -> None:
    """Replace everything by made-up data.

    Args:
        db: Where to.
        keys: How many license keys, 0 or more; each fifth brings a customer, and 0 brings nothing at all.
        seed: Another number gives other keys; the same gives the same.
        until: The day on which it ends; it spans the two years before.
    """
    db.replace({} if keys == 0 else _Made(db, keys, seed, until).tables())


class _Made:
    """What is made up. Keys are read back from the database: a million are too many to hold."""

    def __init__(self, db: Database, keys: int, seed: int, until: date) -> None:
        self._db, self._keys = db, keys
        self._until = datetime(until.year, until.month, until.day, tzinfo=UTC)
        self._random = random = Random(seed)  # noqa: S311 - made-up data, meant to be repeatable
        # Apart, so that what grants are made up of changes no key.
        self._random_of_grants = grants_random = Random(f"grants {seed}")  # noqa: S311 - the same
        began = self._until - _SPAN
        names = [name or "Demo" for name in products.NAMES]
        self._of_keys = [
            entitlements.made_up(grants_random, f"{n} license", "license_key", began) for n in names
        ]
        self._by_hand = entitlements.made_up(
            grants_random, "Site license", "license_key", began, fulfillment_mode="manual"
        )
        self._others = {
            kind: entitlements.made_up(grants_random, f"Demo {kind}", kind, began)
            for kind in entitlements.INTEGRATION_TYPES[1:]
        }
        self._products = [
            products.made_up(random, name, [entitlement, *list(self._others.values())[number :: len(names)]])
            for number, (name, entitlement) in enumerate(zip(products.NAMES, self._of_keys, strict=True))
        ]
        self._customers = list(customers.made_up(random, max(1, keys // _KEYS_OF_A_CUSTOMER)))

    def tables(self) -> dict[str, Any]:
        """The rows, made as they are asked for."""
        return {
            "customers": self._customers,
            "entitlements": [*self._of_keys, self._by_hand, *self._others.values()],
            "products": [
                *self._products,
                products.made_up(self._random_of_grants, "Demo Site", [self._by_hand]),
            ],
            "license_keys": self._license_keys(),
            "license_key_instances": self._instances(),
            "grants": self._grants(),
        }

    def _license_keys(self) -> Iterator[Row]:
        random, step = self._random, _SPAN / self._keys
        for number in range(self._keys):
            # In the order of their numbers, with now and then two at the same moment.
            created_at = self._until - _SPAN + step * (number - (number % 40 == 1))
            yield license_keys.made_up(random, self._customers, self._products, created_at)

    def _instances(self) -> Iterator[Row]:
        for key in self._db.every(license_keys.LICENSE_KEYS):
            yield from license_key_instances.made_up(self._random, key, stored(self._until))

    def _grants(self) -> Iterator[Row]:
        random = self._random_of_grants
        by_product = {
            product["product_id"]: entitlement
            for product, entitlement in zip(self._products, self._of_keys, strict=True)
        }
        for number, key in enumerate(self._db.every(license_keys.LICENSE_KEYS)):
            if key["source"] == "auto":
                yield grants.made_up(random, by_product[key["product_id"]], key)
            if number % _KEYS_FOR_ANOTHER_GRANT == 0:
                kind, status = _OTHERS[number // _KEYS_FOR_ANOTHER_GRANT % len(_OTHERS)]
                entitlement = self._others.get(kind, self._by_hand)
                customer = random.choice(self._customers)
                yield grants.made_up_without_key(random, entitlement, customer, key["created_at"], status)

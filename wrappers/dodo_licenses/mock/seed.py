"""Made-up data: believable in its mix, plainly fictitious, and the same on every start."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from random import Random

from dodo_licenses.mock.database import Database
from dodo_licenses.mock.resource import Row, stored
from dodo_licenses.mock.resources import (
    LICENSE_KEYS,
    customers,
    entitlements,
    grants,
    license_key_instances,
    license_keys,
    products,
)

UNTIL = date(2025, 12, 31)  # a fixed day, whatever today is
_SPAN = timedelta(days=730)
_KEYS_OF_A_CUSTOMER = 5
_KEYS_FOR_ANOTHER_GRANT = 20
_BY_HAND = {"license_key": {"fulfillment_mode": "manual"}}
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
    """Replace everything by made-up data, of the two years before a day; no keys, and there is nothing."""
    db.replace({} if keys == 0 else _made_up(db, keys, seed, until))


def _made_up(db: Database, keys: int, seed: int, until: date) -> Mapping[str, Iterable[Row]]:
    random = Random(seed)  # noqa: S311 - made-up data, meant to be repeatable
    of_grants = Random(f"grants {seed}")  # noqa: S311 - apart, so that grants change no key
    end = datetime(until.year, until.month, until.day, tzinfo=UTC)
    began = stored(end - _SPAN)
    others = {
        kind: entitlements.made_up(of_grants, f"Demo {kind}", kind, began, **_BY_HAND.get(kind, {}))
        for kind in dict.fromkeys(kind for kind, _ in _OTHERS)
    }
    terms = Random(f"terms {seed}")  # noqa: S311 - the same
    limited = [
        entitlements.made_up(
            terms, f"Demo {unit}", "license_key", began, duration_count=1, duration_interval=unit
        )
        for unit in ("Day", "Week", "Month", "Year")
    ]
    names = {name: f"{name or 'Demo'} license" for name in products.NAMES}
    auto = [entitlements.made_up(of_grants, name, "license_key", began) for name in names.values()]
    sold = [
        products.made_up(random, name, [own, *list(others.values())[number + 1 :: len(names)]])
        for number, (name, own) in enumerate(zip(names, auto, strict=True))
    ]
    people = list(customers.made_up(random, max(1, keys // _KEYS_OF_A_CUSTOMER)))

    def keys_of_all() -> Iterator[Row]:
        for number in range(keys):
            # In the order of their numbers, with now and then two at the same moment.
            created_at = end - _SPAN + _SPAN / keys * (number - (number % 40 == 1))
            yield license_keys.made_up(random, people, sold, created_at)

    # Keys are read back from the database, since a million are too many to hold.
    def instances() -> Iterator[Row]:
        for key in db.every(LICENSE_KEYS):
            yield from license_key_instances.made_up(random, key, stored(end))

    def granted() -> Iterator[Row]:
        entitlement_of = {its["product_id"]: own for its, own in zip(sold, auto, strict=True)}
        for number, key in enumerate(db.every(LICENSE_KEYS)):
            at = key["created_at"]
            if key["source"] == "auto":
                yield grants.made_up(of_grants, entitlement_of[key["product_id"]], at, key, key=key)
            if number % _KEYS_FOR_ANOTHER_GRANT == 0:
                kind, status = _OTHERS[number // _KEYS_FOR_ANOTHER_GRANT % len(_OTHERS)]
                yield grants.made_up(of_grants, others[kind], at, of_grants.choice(people), status=status)

    return {
        "customers": people,
        "entitlements": [*auto, *others.values(), *limited],
        "products": [*sold, products.made_up(of_grants, "Demo Site", [others["license_key"]])],
        "license_keys": keys_of_all(),
        "license_key_instances": instances(),
        "grants": granted(),
    }

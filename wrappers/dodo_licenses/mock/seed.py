"""Made-up license keys: believable in their mix, plainly fictitious, and the same on every start."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from dodo_licenses.mock.rows import BRAND_ID, BUSINESS_ID, Row, micros, new_id, new_key
from dodo_licenses.mock.store import Store

# Fixed days, whatever today is: keys are years old, and those that don't last ran out before the others were.
_FIRST_DAY = datetime(2024, 1, 1, tzinfo=UTC)
_DAYS = 730
_RAN_OUT = datetime(2026, 1, 1, tzinfo=UTC)
_FAR_OFF = datetime(2040, 1, 1, tzinfo=UTC)
_PRODUCTS = ("Demo Editor", "Demo Editor Pro", "Demo Player", "Demo Backup", None)
_FIRST_NAMES = ("Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gia", "Hugo", "Ida", "Jon")
_LAST_NAMES = ("Example", "Sample", "Placeholder", "Demo", "Specimen")
_DEVICES = ("laptop", "workstation", "build server", "tablet")
_KEYS_OF_A_CUSTOMER = 5

_Sold = tuple[str, int, int | None]  # an id, the moment, the limit


def fill(store: Store, keys: int, seed: int = 0) -> None:
    """Fill an empty store.

    Args:
        store: Where to.
        keys: How many license keys, 0 or more; each fifth brings a customer.
        seed: Another number gives other keys; the same gives the same.
    """
    random = Random(seed)  # noqa: S311 - made-up data, meant to be repeatable
    products = [{"product_id": new_id("pdt_", random), "name": name} for name in _PRODUCTS]
    customers = [_customer(random, n) for n in range(max(1, keys // _KEYS_OF_A_CUSTOMER))]
    sold: list[_Sold] = []  # of a million keys only what their instances need

    def license_keys() -> Iterator[Row]:
        for number in range(keys):
            made = _license_key(random, number, keys, customers, products)
            sold.append((made["id"], made["created_at"], made["activations_limit"]))
            yield made

    store.replace(
        customers=customers,
        products=products,
        license_keys=license_keys(),
        instances=_instances(random, sold),
    )


def _customer(random: Random, number: int) -> dict[str, Any]:
    first, last = random.choice(_FIRST_NAMES), random.choice(_LAST_NAMES)
    return {
        "customer_id": new_id("cus_", random),
        "name": f"{first} {last}",
        "email": f"{first}.{last}.{number}@example.com".lower(),
        "phone_number": None,
        "metadata": json.dumps({"plan": "team"} if number % 4 == 0 else {}),
    }


def _license_key(
    random: Random,
    number: int,
    of: int,
    customers: list[dict[str, Any]],
    products: list[dict[str, Any]],
) -> dict[str, Any]:
    # In the order of their numbers, with now and then two at the same moment.
    step = timedelta(days=_DAYS) / max(of, 1)
    created_at = _FIRST_DAY + step * (number - (number % 40 == 1))
    source = random.choices(("auto", "import", "manual"), (70, 20, 10))[0]
    subscribed = source == "auto" and random.random() < 0.3  # noqa: PLR2004
    ends = random.choices((None, _RAN_OUT, _FAR_OFF), (55, 15, 30))[0]
    return {
        "id": new_id("lic_", random),
        "key": new_key(random),
        "business_id": BUSINESS_ID,
        "brand_id": BRAND_ID,
        "customer_id": random.choice(customers)["customer_id"],
        "product_id": random.choice(products)["product_id"],
        "payment_id": new_id("pay_", random) if source == "auto" else None,
        "subscription_id": new_id("sub_", random) if subscribed else None,
        "source": source,
        "created_at": micros(created_at),
        "expires_at": None if ends is None or subscribed else micros(ends - timedelta(hours=number % 200)),
        "activations_limit": random.choice((None, 1, 3, 5, 10)),
        "disabled": int(random.random() < 0.1),  # noqa: PLR2004
    }


def _instances(random: Random, sold: Iterable[_Sold]) -> Iterator[Row]:
    for key_id, created_at, limit in sold:
        for number in range(random.randint(0, 3 if limit is None else min(3, limit))):
            yield {
                "id": new_id("lki_", random),
                "license_key_id": key_id,
                "business_id": BUSINESS_ID,
                "name": f"{random.choice(_DEVICES)} {number + 1}",
                "created_at": created_at + (number + 1) * 3_600_000_000,
            }

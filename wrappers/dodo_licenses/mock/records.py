"""State in the API's own shape, as `--load` and `/_mock/dump` have it, from and to the rows of the store.

A key needs no more than its string; what is left out is made up, and so are customers and products that only
keys speak of.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypedDict

from dodo_licenses.mock import bodies
from dodo_licenses.mock.rows import BRAND_ID, BUSINESS_ID, Row, micros, new_id, new_key
from dodo_licenses.mock.store import EVERYTHING, Store

PARTS = ("customers", "products", "license_keys", "license_key_instances")
_SYSTEM_RANDOM = secrets.SystemRandom()
_LIMIT = bodies.or_null(bodies.whole_number(0, bodies.INT32_MAX))
_CHECKS: Mapping[str, Mapping[str, bodies.Check]] = {
    "customers": {
        "customer_id": bodies.filled_text,
        "name": bodies.text,
        "email": bodies.text,
        "phone_number": bodies.or_null(bodies.text),
    },
    "products": {"product_id": bodies.filled_text, "name": bodies.or_null(bodies.text)},
    "license_keys": {
        **dict.fromkeys(("id", "key", "business_id", "brand_id"), bodies.filled_text),
        **dict.fromkeys(("customer_id", "product_id"), bodies.filled_text),
        **{name: bodies.or_null(bodies.text) for name in ("payment_id", "subscription_id")},
        "source": bodies.one_of("auto", "import", "manual"),
        "status": bodies.one_of("active", "expired", "disabled"),
        "created_at": bodies.moment,
        "expires_at": bodies.or_null(bodies.moment),
        "activations_limit": _LIMIT,
    },
    "license_key_instances": {
        **dict.fromkeys(("id", "license_key_id", "business_id"), bodies.filled_text),
        "name": bodies.text,
        "created_at": bodies.moment,
    },
}
_NEEDED = {
    "customers": ("customer_id",),
    "products": ("product_id",),
    "license_keys": ("key",),
    "license_key_instances": ("license_key_id",),
}


class LicenseKeyFields(TypedDict, total=False):
    """What a license key may be given, in the API's own names."""

    id: str
    business_id: str
    brand_id: str
    customer_id: str
    product_id: str
    payment_id: str | None
    subscription_id: str | None
    source: str
    status: str
    created_at: datetime | str
    expires_at: datetime | str | None
    activations_limit: int | None


def add(store: Store, key: str | None, fields: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Add one license key, and its customer and its product where they are not there yet.

    Args:
        store: Where to.
        key: Its string; one is made up where there is none.
        fields: Those of LicenseKeyFields.
        now: When it was created, if they don't say.

    Raises:
        ValueError: A field is wrong, or there is a key with this id or string.
    """
    unknown = sorted(set(fields) - LicenseKeyFields.__optional_keys__)
    if unknown:
        known = ", ".join(sorted(LicenseKeyFields.__optional_keys__))
        raise ValueError(f"a license key has no {', '.join(unknown)}; it may have {known}")
    given = {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in fields.items()
    }
    given["key"] = new_key(_SYSTEM_RANDOM) if key is None else key
    row = _license_key(_checked_record("license_keys", "license key", given), micros(now))
    return store.add(
        _customer({"customer_id": row["customer_id"]}), _product({"product_id": row["product_id"]}), row
    )


def load(store: Store, state: Any, now: datetime) -> None:
    """Replace all of a store's state.

    Args:
        store: Where to.
        state: An object with any of `customers`, `products`, `license_keys` and `license_key_instances`, each
            a list.
        now: When what doesn't say was created.

    Raises:
        ValueError: A sentence that names what is wrong and where. Nothing was changed.
    """
    parts = _checked(state)
    made_up = micros(now)
    customers = {record["customer_id"]: _customer(record) for record in parts["customers"]}
    products = {record["product_id"]: _product(record) for record in parts["products"]}
    keys = [_license_key(record, made_up) for record in parts["license_keys"]]
    for key in keys:
        customers.setdefault(key["customer_id"], _customer({"customer_id": key["customer_id"]}))
        products.setdefault(key["product_id"], _product({"product_id": key["product_id"]}))
    known = {key["id"]: key for key in keys}
    instances = [_instance(record, known, made_up) for record in parts["license_key_instances"]]
    # The later one of two that were created at the same moment is listed first, so the last goes in first.
    store.replace(
        customers=customers.values(),
        products=products.values(),
        license_keys=reversed(keys),
        instances=reversed(instances),
    )


def _checked(state: Any) -> dict[str, list[dict[str, Any]]]:
    if not isinstance(state, dict) or not state.keys() <= set(PARTS):
        raise ValueError(f"state must be an object with some of {', '.join(PARTS)}")
    checked: dict[str, list[dict[str, Any]]] = {}
    for part in PARTS:
        records = state.get(part, [])
        if not isinstance(records, list):
            raise ValueError(f"{part} must be a list")  # noqa: TRY004 - the same
        checked[part] = [
            _checked_record(part, f"{part}[{index}]", record) for index, record in enumerate(records)
        ]
    return checked


def _checked_record(part: str, where: str, record: Any) -> dict[str, Any]:
    if not isinstance(record, dict):
        raise ValueError(f"{where} must be an object")  # noqa: TRY004 - the same
    for name in _NEEDED[part]:
        if name not in record:
            raise ValueError(f"{where}.{name} is missing")
    checks: Mapping[str, Callable[[str, Any], Any]] = _CHECKS[part]
    return {
        name: checks[name](f"{where}.{name}", value) if name in checks else value
        for name, value in record.items()
    }


def _customer(record: Mapping[str, Any]) -> Row:
    return {
        "customer_id": record["customer_id"],
        "name": record.get("name", "Customer"),
        "email": record.get("email", "customer@example.com"),
        "phone_number": record.get("phone_number"),
        "metadata": json.dumps(record.get("metadata", {})),
    }


def _product(record: Mapping[str, Any]) -> Row:
    return {"product_id": record["product_id"], "name": record.get("name")}


def _license_key(record: Mapping[str, Any], made_up: int) -> Row:
    expires_at = record.get("expires_at")
    if record.get("status") == "expired" and expires_at is None:
        expires_at = record.get("created_at")
    ends = None if expires_at is None else micros(expires_at)
    return {
        "id": record.get("id") or new_id("lic_", _SYSTEM_RANDOM),
        "key": record["key"],
        "business_id": record.get("business_id", BUSINESS_ID),
        "brand_id": record.get("brand_id", BRAND_ID),
        "customer_id": record.get("customer_id", "cus_DemoCustomer00000000"),
        "product_id": record.get("product_id", "pdt_DemoProduct000000000"),
        "payment_id": record.get("payment_id"),
        "subscription_id": record.get("subscription_id"),
        "source": record.get("source", "import"),
        "created_at": micros(record["created_at"]) if "created_at" in record else made_up,
        "expires_at": made_up if ends is None and record.get("status") == "expired" else ends,
        "activations_limit": record.get("activations_limit"),
        "disabled": int(record.get("status") == "disabled"),
    }


def _instance(record: Mapping[str, Any], keys: Mapping[str, Row], made_up: int) -> Row:
    key = keys.get(record["license_key_id"])
    if key is None:
        raise ValueError(f"license_key_instances: there is no license key {record['license_key_id']!r}")
    return {
        "id": record.get("id") or new_id("lki_", _SYSTEM_RANDOM),
        "license_key_id": record["license_key_id"],
        "business_id": record.get("business_id", key["business_id"]),
        "name": record.get("name", "installation"),
        "created_at": micros(record["created_at"]) if "created_at" in record else made_up,
    }


def dump(store: Store) -> dict[str, list[dict[str, Any]]]:
    """All of a store's state, newest first, as `load` reads it."""
    return {
        "customers": store.all_customers(),
        "products": store.all_products(),
        "license_keys": store.list_license_keys(EVERYTHING),
        "license_key_instances": store.list_instances(EVERYTHING),
    }

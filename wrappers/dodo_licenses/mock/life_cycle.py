"""How grants and their license keys come about and end, as the documentation of entitlements tells it."""

from __future__ import annotations

import calendar
import json
from datetime import datetime, timedelta
from typing import Any

from dodo_licenses.mock import resources
from dodo_licenses.mock.database import Database
from dodo_licenses.mock.resource import Record, Row
from dodo_licenses.mock.resources import AT_ONCE, ENTITLEMENTS, GRANTS, LICENSE_KEYS, PRODUCTS
from dodo_licenses.mock.validation import whole_number
from dodo_licenses.mock.wire import new_id, new_key

_QUANTITY = whole_number(1, 1_000)
_DAYS, _MONTHS = {"Day": 1, "Week": 7}, {"Month": 1, "Year": 12}


def add_entitlement(db: Database, product_id: str, record: Record) -> Record:
    """Add an entitlement to a product, which is made up where it is not there yet."""
    entitlement = db.add(ENTITLEMENTS, **record)
    product = db.find(PRODUCTS, product_id) or db.add(PRODUCTS, product_id=product_id)
    carried = [*json.loads(product["entitlements"]), entitlement["id"]]
    db.update(PRODUCTS, product_id, entitlements=carried)
    return db.show(ENTITLEMENTS, entitlement)


def purchase(
    db: Database,
    customer_id: str = resources.DEFAULT_CUSTOMER,
    product_id: str = resources.DEFAULT_PRODUCT,
    quantity: int = 1,
    *,
    subscription: bool = False,
) -> Record:
    """Sell a product: grant each of its entitlements, that to a license key once for each unit or seat."""
    units = _QUANTITY("quantity", quantity)
    product = db.find(PRODUCTS, product_id)
    if product is None:
        raise ValueError(f"there is no product {product_id!r} to sell")
    subscription_id = new_id("sub_", db.random) if subscription else None
    ids = {"payment_id": new_id("pay_", db.random), "subscription_id": subscription_id}
    granted = []
    for entitlement in (db.retrieve(ENTITLEMENTS, its) for its in json.loads(product["entitlements"])):
        integration, metadata = entitlement["integration_type"], entitlement["metadata"]
        mode = entitlement["integration_config"].get("fulfillment_mode")
        given = {"entitlement_id": entitlement["id"], "customer_id": customer_id, "metadata": metadata, **ids}
        for _ in range(units if integration == "license_key" else 1):
            grant = db.add(GRANTS, **given)
            db.announce("entitlement_grant.created", GRANTS, grant["id"])
            if integration == "license_key" and mode != "manual":
                fulfill(db, grant, key=new_key(db.random), source="auto", product_id=product_id)
            elif integration in AT_ONCE:
                _deliver(db, grant)
            granted.append(grant["id"])
    return {**ids, "grants": [db.retrieve(GRANTS, its) for its in granted]}


def fulfill(db: Database, grant: Row, **given: Any) -> None:
    """Deliver a license key by a grant; what is not given is the grant's or its entitlement's."""
    config = db.retrieve(ENTITLEMENTS, grant["entitlement_id"])["integration_config"]
    shared = ("business_id", "brand_id", "customer_id", "payment_id", "subscription_id")
    record = {name: grant[name] for name in shared}
    record["activations_limit"] = config.get("activations_limit")
    if config.get("duration_count") and grant["subscription_id"] is None:
        interval = config.get("duration_interval")
        interval = "Day" if interval is None else interval
        record["expires_at"] = after(db.clock(), config["duration_count"], interval)
    for product in db.every(PRODUCTS):
        if grant["entitlement_id"] in json.loads(product["entitlements"]):
            record["product_id"] = product["product_id"]
    record |= {name: value for name, value in given.items() if value is not None}
    key = db.add(LICENSE_KEYS, **record)
    db.update(GRANTS, grant["id"], license_key_id=key["id"])
    db.announce("license_key.created", LICENSE_KEYS, key["id"])
    _deliver(db, grant)


def _deliver(db: Database, grant: Row) -> None:
    now = db.clock()
    db.update(GRANTS, grant["id"], status="Delivered", delivered_at=now, updated_at=now)
    db.announce("entitlement_grant.delivered", GRANTS, grant["id"])


def revoke_grant(db: Database, grant: Row, reason: str) -> None:
    """Withdraw what was granted, and disable its key; what was withdrawn before stays as it is."""
    if grant["status"] == "Revoked":
        return
    now = db.clock()
    changes = {"status": "Revoked", "revoked_at": now, "revocation_reason": reason, "updated_at": now}
    db.update(GRANTS, grant["id"], **changes)
    if grant["license_key_id"] is not None:
        db.update(LICENSE_KEYS, grant["license_key_id"], halted="disabled")
    db.announce("entitlement_grant.revoked", GRANTS, grant["id"])


def restore_grant(db: Database, grant: Row) -> None:
    """Give back what was withdrawn, under the same id; a key becomes active again."""
    back = {"status": "Pending", "revoked_at": None, "revocation_reason": None, "updated_at": db.clock()}
    db.update(GRANTS, grant["id"], **back)
    if grant["license_key_id"] is not None:
        db.update(LICENSE_KEYS, grant["license_key_id"], halted=None)
    if grant["delivered_at"] is not None:
        _deliver(db, grant)


def after(moment: datetime, count: int, interval: str) -> datetime:
    """A duration later; the last day of a month where a month is too short."""
    if interval in _DAYS:
        return moment + timedelta(days=count * _DAYS[interval])
    year, month = divmod(moment.year * 12 + moment.month - 1 + count * _MONTHS[interval], 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)

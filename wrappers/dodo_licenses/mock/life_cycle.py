"""How grants and their license keys come about and end, as the documentation of entitlements tells it."""

from __future__ import annotations

import calendar
import json
from datetime import datetime, timedelta
from typing import Any

from dodo_licenses.mock.database import Database
from dodo_licenses.mock.resource import Record, Row
from dodo_licenses.mock.resources import ENTITLEMENTS, GRANTS, LICENSE_KEYS, PRODUCTS
from dodo_licenses.mock.wire import new_id, new_key

# What happens to a subscription or a payment, and why that revokes its grants; None restores them.
EVENTS = {
    "subscription.active": None,
    "subscription.unpaused": None,
    "subscription.on_hold": "subscription_on_hold",
    "subscription.paused": "SubscriptionPaused",
    "subscription.cancelled": "subscription_cancelled",
    "subscription.expired": "subscription_expired",
    "refund.succeeded": "refund",
}
_ENDED = {reason for event, reason in EVENTS.items() if reason and event.startswith("subscription")}
_AT_ONCE = ("feature_flag", "digital_files", "telegram", "framer")  # the others wait for the customer
_DAYS, _MONTHS = {"Day": 1, "Week": 7}, {"Month": 1, "Year": 12}


def add_entitlement(db: Database, product_id: str, record: Record) -> Record:
    """Add an entitlement to a product, which is made up where it is not there yet."""
    entitlement = db.add(ENTITLEMENTS, **record)
    product = db.find(PRODUCTS, product_id) or db.add(PRODUCTS, product_id=product_id)
    carried = [*json.loads(product["entitlements"]), entitlement["id"]]
    db.update(PRODUCTS, product_id, entitlements=carried)
    return db.show(ENTITLEMENTS, entitlement)


def purchase(
    db: Database, customer_id: str, product_id: str, quantity: int = 1, *, subscription: bool = False
) -> Record:
    """Sell a product: grant each of its entitlements, that to a license key once for each unit or seat."""
    product = db.find(PRODUCTS, product_id)
    if product is None or quantity < 1:
        raise ValueError(f"quantity must be 1 or more, and there must be a product {product_id!r}")
    subscription_id = new_id("sub_", db.random) if subscription else None
    ids = {"payment_id": new_id("pay_", db.random), "subscription_id": subscription_id}
    granted = []
    for entitlement in (db.get(ENTITLEMENTS, its) for its in json.loads(product["entitlements"])):
        integration = entitlement["integration_type"]
        mode = json.loads(entitlement["integration_config"]).get("fulfillment_mode")
        metadata = json.loads(entitlement["metadata"])
        given = {"entitlement_id": entitlement["id"], "customer_id": customer_id, "metadata": metadata, **ids}
        for _ in range(quantity if integration == "license_key" else 1):
            grant = db.add(GRANTS, **given)
            db.announce("entitlement_grant.created", GRANTS, grant["id"])
            if integration == "license_key" and mode != "manual":
                fulfill(db, grant, key=new_key(db.random), source="auto", product_id=product_id)
            elif integration in _AT_ONCE:
                _deliver(db, grant)
            granted.append(grant["id"])
    return {**ids, "grants": [db.retrieve(GRANTS, its) for its in granted]}


def fulfill(db: Database, grant: Row, **given: Any) -> None:
    """Deliver a license key by a grant; what is not given is the grant's or its entitlement's."""
    config = json.loads(db.get(ENTITLEMENTS, grant["entitlement_id"])["integration_config"])
    shared = ("business_id", "brand_id", "customer_id", "payment_id", "subscription_id")
    record = {name: grant[name] for name in shared}
    record["activations_limit"] = config.get("activations_limit")
    if config.get("duration_count") and grant["subscription_id"] is None:
        interval = config.get("duration_interval", "Day")
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
        halted = "expired" if reason == "subscription_expired" else "disabled"
        db.update(LICENSE_KEYS, grant["license_key_id"], halted=halted)
    db.announce("entitlement_grant.revoked", GRANTS, grant["id"])


def restore_grant(db: Database, grant: Row) -> None:
    """Give back what was withdrawn, under the same id; a key becomes active again."""
    back = {"status": "Pending", "revoked_at": None, "revocation_reason": None, "updated_at": db.clock()}
    db.update(GRANTS, grant["id"], **back)
    if grant["license_key_id"] is not None:
        db.update(LICENSE_KEYS, grant["license_key_id"], halted=None)
    if grant["delivered_at"] is not None:
        _deliver(db, grant)


def happen(
    db: Database, type: str, subscription_id: str | None = None, payment_id: str | None = None
) -> list[Record]:
    """Have one of EVENTS happen to a subscription or a payment; gives the grants that it concerns."""
    if type not in EVENTS:
        raise ValueError(f"type must be one of {', '.join(EVENTS)}, not {type!r}")
    is_refund = type.startswith("refund")
    column, of = ("payment_id", payment_id) if is_refund else ("subscription_id", subscription_id)
    if of is None:
        raise ValueError(f"{type} needs the {column}")
    grants, reason = db.select(GRANTS, of, column), EVENTS[type]
    for grant in grants:
        if reason is not None and grant["status"] in ("Pending", "Delivered"):
            revoke_grant(db, grant, reason)
        elif reason is None and grant["revocation_reason"] in _ENDED:
            restore_grant(db, grant)
    return [db.retrieve(GRANTS, grant["id"]) for grant in grants]


def after(moment: datetime, count: int, interval: str) -> datetime:
    """A duration later; the last day of a month where a month is too short."""
    if interval in _DAYS:
        return moment + timedelta(days=count * _DAYS[interval])
    year, month = divmod(moment.year * 12 + moment.month - 1 + count * _MONTHS[interval], 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)

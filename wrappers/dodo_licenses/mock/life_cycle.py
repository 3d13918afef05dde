"""How grants and their license keys come about and end, as the documentation of entitlements tells it."""

from __future__ import annotations

import calendar
import json
from datetime import datetime, timedelta
from typing import Any

from dodo_licenses.mock.operation import Call
from dodo_licenses.mock.resource import Row
from dodo_licenses.mock.resources import ENTITLEMENTS, GRANTS, LICENSE_KEYS, PRODUCTS
from dodo_licenses.mock.wire import new_id, new_key

# What happens to a subscription or a payment, and why that revokes its grants; None restores them.
REASONS = {
    "subscription.active": None,
    "subscription.unpaused": None,
    "subscription.on_hold": "subscription_on_hold",
    "subscription.paused": "SubscriptionPaused",
    "subscription.cancelled": "subscription_cancelled",
    "subscription.expired": "subscription_expired",
    "refund.succeeded": "refund",
}
_AT_ONCE = ("feature_flag", "digital_files", "telegram", "framer")  # the others wait for the customer
_MONTHS = {"Month": 1, "Year": 12}
_DAYS = {"Day": 1, "Week": 7}


def purchase(
    call: Call, product_id: str, customer_id: str, quantity: int, *, is_subscription: bool
) -> dict[str, Any]:
    """Sell a product: grant each of its entitlements, that to a license key once for each unit.

    Args:
        call: Tells the webhooks.
        product_id: One that exists.
        customer_id: Who buys; made up where there is no such customer.
        quantity: Units, or seats of a subscription.
        is_subscription: Whether it goes on until it is ended.

    Returns:
        The ids of the payment and of the subscription, and the grants.
    """
    product = call.db.get(PRODUCTS, product_id)
    ids = {
        "payment_id": new_id("pay_", call.db.random),
        "subscription_id": new_id("sub_", call.db.random) if is_subscription else None,
    }
    granted = []
    for entitlement_id in json.loads(product["entitlements"]):
        entitlement = call.db.get(ENTITLEMENTS, entitlement_id)
        is_key = entitlement["integration_type"] == "license_key"
        for _ in range(quantity if is_key else 1):
            grant = call.db.add(
                GRANTS,
                entitlement_id=entitlement_id,
                customer_id=customer_id,
                metadata=json.loads(entitlement["metadata"]),
                **ids,
            )
            call.announce("entitlement_grant.created", GRANTS, grant["id"])
            if is_key and json.loads(entitlement["integration_config"]).get("fulfillment_mode") != "manual":
                key = new_key(call.db.random)
                fulfill(call, grant, key=key, source="auto", product_id=product_id)
            elif entitlement["integration_type"] in _AT_ONCE:
                _deliver(call, grant)
            granted.append(grant["id"])
    return {**ids, "grants": [call.db.retrieve(GRANTS, grant_id) for grant_id in granted]}


def fulfill(call: Call, grant: Row, **fields: Any) -> None:
    """Deliver a license key by a grant.

    Args:
        call: Tells the webhooks.
        grant: One that waits for its key.
        **fields: Those of the key; what is missing follows from the grant and its entitlement.
    """
    config = json.loads(call.db.get(ENTITLEMENTS, grant["entitlement_id"])["integration_config"])
    ends = None
    if config.get("duration_count") and grant["subscription_id"] is None:
        ends = after(call.db.clock(), config["duration_count"], config.get("duration_interval", "Day"))
    defaults = {"activations_limit": config.get("activations_limit"), "expires_at": ends}
    if "product_id" not in fields:
        fields["product_id"] = next(
            (
                product["product_id"]
                for product in call.db.every(PRODUCTS)
                if grant["entitlement_id"] in json.loads(product["entitlements"])
            ),
            None,
        )
    given = {name: value for name, value in fields.items() if value is not None}
    shared = ("business_id", "brand_id", "customer_id", "payment_id", "subscription_id")
    key = call.db.add(LICENSE_KEYS, **{name: grant[name] for name in shared}, **defaults | given)
    call.db.update(GRANTS, grant["id"], license_key_id=key["id"])
    call.announce("license_key.created", LICENSE_KEYS, key["id"])
    _deliver(call, grant)


def _deliver(call: Call, grant: Row) -> None:
    now = call.db.clock()
    call.db.update(GRANTS, grant["id"], status="Delivered", delivered_at=now, updated_at=now)
    call.announce("entitlement_grant.delivered", GRANTS, grant["id"])


def settle(call: Call, grant: Row, status: str, error_code: str, error_message: str) -> None:
    """Have the delivery of a grant that waits for a customer or an integration succeed or fail.

    Raises:
        ValueError: It is not pending, or waits for a license key.
    """
    if grant["status"] != "Pending":
        raise ValueError(f"the grant is {grant['status']}, not Pending")
    if status == "Delivered":
        if grant["integration_type"] == "license_key":
            raise ValueError("the grant waits for a license key: POST /grants/{grant_id}/license-key")
        _deliver(call, grant)
        return
    why = {"error_code": error_code, "error_message": error_message}
    call.db.update(GRANTS, grant["id"], status=status, updated_at=call.db.clock(), **why)
    call.announce("entitlement_grant.failed", GRANTS, grant["id"])


def revoke_grant(call: Call, grant: Row, reason: str) -> None:
    """Withdraw what was granted, and disable its key; what was withdrawn before stays as it is."""
    if grant["status"] == "Revoked":
        return
    now = call.db.clock()
    call.db.update(
        GRANTS, grant["id"], status="Revoked", revoked_at=now, revocation_reason=reason, updated_at=now
    )
    if grant["license_key_id"] is not None:
        halted = "expired" if reason == "subscription_expired" else "disabled"
        call.db.update(LICENSE_KEYS, grant["license_key_id"], halted=halted)
    call.announce("entitlement_grant.revoked", GRANTS, grant["id"])


def restore_grant(call: Call, grant: Row) -> None:
    """Give back what was withdrawn, under the same id; a key becomes active again."""
    now = call.db.clock()
    is_delivered = grant["delivered_at"] is not None
    call.db.update(
        GRANTS,
        grant["id"],
        status="Delivered" if is_delivered else "Pending",
        revoked_at=None,
        revocation_reason=None,
        updated_at=now,
    )
    if grant["license_key_id"] is not None:
        call.db.update(LICENSE_KEYS, grant["license_key_id"], halted=None)
    if is_delivered:
        call.announce("entitlement_grant.delivered", GRANTS, grant["id"])


def happen(call: Call, event: str, of: str) -> list[dict[str, Any]]:
    """What something that happens to a subscription or a payment does to its grants.

    Args:
        call: Tells the webhooks.
        event: One of REASONS.
        of: The id of the subscription, or of the payment.

    Returns:
        The grants that it concerns.
    """
    column = "payment_id" if event.startswith("refund") else "subscription_id"
    grants, reason = call.db.select(GRANTS, of, column), REASONS[event]
    ended = {its for name, its in REASONS.items() if name.startswith("subscription") and its is not None}
    for grant in grants:
        if reason is not None and grant["status"] in ("Pending", "Delivered"):
            revoke_grant(call, grant, reason)
        elif reason is None and grant["revocation_reason"] in ended:
            restore_grant(call, grant)
    return [call.db.retrieve(GRANTS, grant["id"]) for grant in grants]


def after(moment: datetime, count: int, interval: str) -> datetime:
    """A duration later; the last day of a month where a month is too short."""
    if interval in _DAYS:
        return moment + timedelta(days=count * _DAYS[interval])
    months = moment.year * 12 + moment.month - 1 + count * _MONTHS[interval]
    year, month = divmod(months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)

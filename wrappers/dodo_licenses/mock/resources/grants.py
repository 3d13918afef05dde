"""Grants: an entitlement as delivered to a customer, a license key among them."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from dodo_licenses.mock import resource
from dodo_licenses.mock.resource import Field, Find, Intake, Record, Resource, Row
from dodo_licenses.mock.resources.customers import CUSTOMER
from dodo_licenses.mock.resources.entitlements import CONFIGURATIONS, ENTITLEMENTS
from dodo_licenses.mock.resources.license_keys import LICENSE_KEYS
from dodo_licenses.mock.validation import an_object, anything, filled_text, one_of, or_null
from dodo_licenses.mock.wire import BRAND_ID, BUSINESS_ID, new_id

STATUSES = ("Pending", "Delivered", "Failed", "Revoked")
_INTEGRATION = "(SELECT integration_type FROM entitlements WHERE id = grants.entitlement_id)"
_REASONS = {"disabled": "license_key_disabled", "expired": "subscription_expired"}


def _key_id(name: str, value: Any) -> str:
    """The id of the license key that a grant shows."""
    return filled_text(f"{name}.id", an_object(name, value).get("id"))


def _prepare(record: Record, intake: Intake) -> Record:
    key_id, at = record.pop("license_key", None), record.get("created_at", intake.now)
    made = {"license_key_id": key_id, "status": "Pending" if key_id is None else "Delivered", **record}
    if made["status"] == "Delivered":
        return {"delivered_at": at, **made}
    if made["status"] == "Revoked":
        return {"revoked_at": at, "revocation_reason": "manual", **made}
    return made


def _expand(find: Find, row: Row) -> Record:
    """What an integration delivers: a key, a feature, files."""
    if row["license_key_id"] is not None and (key := find(LICENSE_KEYS, row["license_key_id"])) is not None:
        shown = LICENSE_KEYS.wire(key)
        names = ("id", "key", "status", "activations_limit", "expires_at")
        used = {"activations_used": shown["instances_count"]}
        return {"license_key": {name: shown[name] for name in names} | used}
    if row["integration_type"] in ("feature_flag", "digital_files"):
        entitlement = find(ENTITLEMENTS, row["entitlement_id"])
        config = json.loads(entitlement["integration_config"]) if entitlement is not None else {}
        if row["integration_type"] == "feature_flag":
            return {"feature": config}
        if row["status"] == "Delivered":
            return {"digital_product_delivery": config.get("digital_files")}
    return {}


GRANTS = Resource(
    "grants",
    "grant",
    (
        resource.identifier("entg_"),
        resource.BUSINESS,
        resource.BRAND,
        resource.CREATED,
        resource.UPDATED,
        CUSTOMER,
        Field("entitlement_id", filled_text, resource.NEEDED, of=ENTITLEMENTS),
        Field("integration_type", anything, sql=_INTEGRATION),
        Field("status", one_of(*STATUSES, ignoring_case=True)),
        resource.METADATA,
        *map(resource.moment, ("delivered_at", "revoked_at", "oauth_expires_at")),
        *map(resource.maybe, ("revocation_reason", "error_code", "error_message", "oauth_url")),
        *map(resource.maybe, ("payment_id", "subscription_id")),
        Field("license_key", or_null(_key_id), sql="NULL"),
        Field("feature", anything, sql="NULL"),
        Field("digital_product_delivery", anything, sql="NULL"),
        Field("license_key_id", of=LICENSE_KEYS, is_unique=True, is_sent=False),
    ),
    filters={
        **resource.exactly("entitlement_id", "customer_id"),
        **resource.any_of("integration_type", CONFIGURATIONS),
        **resource.any_of("status", STATUSES, ignoring_case=True),
    },
    indexed=("entitlement_id", "customer_id"),
    prepare=_prepare,
    expand=_expand,
)


def made_up(
    random: Random, entitlement: Row, at: int, of: Row, *, status: str = "Delivered", key: Row | None = None
) -> Record:
    """The row of a grant to the customer of a row; that of a key is revoked where the key was halted."""
    reason = _REASONS.get(key["halted"]) if key is not None else None
    if reason is not None:
        status = "Revoked"
    made = {
        **dict.fromkeys(field.name for field in GRANTS.columns),
        "id": new_id("entg_", random),
        "business_id": BUSINESS_ID,
        "brand_id": BRAND_ID,
        "created_at": at,
        "updated_at": at,
        "customer_id": of["customer_id"],
        "entitlement_id": entitlement["id"],
        "status": status,
        "metadata": "{}",
        "delivered_at": at if status in ("Delivered", "Revoked") else None,
        "revoked_at": at if status == "Revoked" else None,
        "revocation_reason": (reason or "refund") if status == "Revoked" else None,
        "payment_id": new_id("pay_", random),
    }
    if status == "Failed":
        made |= {"error_code": "permission_denied", "error_message": "The integration refused."}
    if key is not None:
        made["license_key_id"] = key["id"]
        made |= {name: key[name] for name in ("payment_id", "subscription_id")}
    return made

"""Grants: an entitlement as delivered to a customer, a license key among them."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

from dodo_licenses.mock.resource import (
    JSON,
    MOMENT,
    NEEDED,
    Field,
    Record,
    Resource,
    Row,
    business,
    created,
    exactly,
    identifier,
)
from dodo_licenses.mock.resources import customers
from dodo_licenses.mock.resources.entitlements import ENTITLEMENTS, INTEGRATION_TYPES
from dodo_licenses.mock.resources.license_keys import LICENSE_KEYS, expiry
from dodo_licenses.mock.validation import anything, filled_text, metadata, one_of, or_null, text
from dodo_licenses.mock.wire import BRAND_ID, BUSINESS_ID, new_id

if TYPE_CHECKING:
    from dodo_licenses.mock.database import Database
    from dodo_licenses.mock.intake import Intake

STATUSES = ("Pending", "Delivered", "Failed", "Revoked")


def _key_id(name: str, value: Any) -> str:
    """The id of the license key that a grant shows."""
    if not isinstance(value, dict) or not isinstance(value.get("id"), str):
        raise ValueError(f"{name} must be an object with the id of a license key")  # noqa: TRY004
    return str(value["id"])


def _prepare(record: Record, intake: Intake) -> Record:
    key_id = record.pop("license_key", None)
    at = record.get("created_at", intake.now)
    made = {"license_key_id": key_id, "status": "Pending" if key_id is None else "Delivered", **record}
    if made["status"] == "Delivered":
        return {"delivered_at": at, **made}
    if made["status"] == "Revoked":
        return {"revoked_at": at, "revocation_reason": "manual", **made}
    return made


def _expand(db: Database, row: Row) -> Record:
    """What an integration delivers: a key, a feature, files."""
    delivered: Record = {}
    if row["license_key_id"] is not None:
        key = LICENSE_KEYS.wire(db.get(LICENSE_KEYS, row["license_key_id"]))
        delivered["license_key"] = {
            name: key[name] for name in ("id", "key", "status", "activations_limit", "expires_at")
        } | {"activations_used": key["instances_count"]}
    if row["integration_type"] in ("feature_flag", "digital_files"):
        config = json.loads(db.get(ENTITLEMENTS, row["entitlement_id"])["integration_config"])
        if row["integration_type"] == "feature_flag":
            delivered["feature"] = config
        elif row["status"] == "Delivered":
            delivered["digital_product_delivery"] = config.get("digital_files")
    return delivered


GRANTS = Resource(
    name="grants",
    singular="grant",
    prepare=_prepare,
    expand=_expand,
    fields=(
        identifier("entg_"),
        business(),
        Field("brand_id", check=filled_text, default=BRAND_ID),
        created(),
        created("updated_at"),
        Field("customer_id", check=filled_text, default=customers.DEFAULT_ID, of=customers.CUSTOMERS),
        Field("entitlement_id", check=filled_text, default=NEEDED, of=ENTITLEMENTS),
        Field(
            "integration_type",
            check=anything,
            sql="(SELECT integration_type FROM entitlements WHERE id = grants.entitlement_id)",
        ),
        Field("status", check=one_of(*STATUSES, ignoring_case=True)),
        Field("metadata", JSON, metadata, {}),
        Field("delivered_at", MOMENT, expiry),
        Field("revoked_at", MOMENT, expiry),
        Field("revocation_reason", check=or_null(text)),
        Field("error_code", check=or_null(text)),
        Field("error_message", check=or_null(text)),
        Field("oauth_url", check=or_null(text)),
        Field("oauth_expires_at", MOMENT, expiry),
        Field("payment_id", check=or_null(text)),
        Field("subscription_id", check=or_null(text)),
        Field("license_key", check=or_null(_key_id), sql="NULL"),
        Field("feature", check=anything, sql="NULL"),
        Field("digital_product_delivery", check=anything, sql="NULL"),
        Field("license_key_id", of=LICENSE_KEYS, is_unique=True, is_sent=False),
    ),
    filters={
        "entitlement_id": exactly("entitlement_id", is_indexed=True),
        "customer_id": exactly("customer_id", is_indexed=True),
        "integration_type": exactly("integration_type", one_of(*INTEGRATION_TYPES)),
        "status": exactly("status", one_of(*STATUSES, ignoring_case=True)),
    },
)


def made_up(random: Random, entitlement: Row, key: Row) -> dict[str, Any]:
    """The row of a grant that delivered a key; revoked if the key is no longer good for a reason."""
    reason = {None: None, "disabled": "license_key_disabled", "expired": "subscription_expired"}[
        key["halted"]
    ]
    return _row(
        random,
        entitlement,
        key["customer_id"],
        key["created_at"],
        "Delivered" if reason is None else "Revoked",
        revocation_reason=reason,
        payment_id=key["payment_id"],
        subscription_id=key["subscription_id"],
        license_key_id=key["id"],
    )


def made_up_without_key(
    random: Random, entitlement: Row, customer: Row, at: int, status: str
) -> dict[str, Any]:
    """The row of a grant of another integration, or of a key that is still to be fulfilled."""
    failed = {"error_code": "permission_denied", "error_message": "The integration refused."}
    return _row(
        random,
        entitlement,
        customer["customer_id"],
        at,
        status,
        payment_id=new_id("pay_", random),
        revocation_reason="refund" if status == "Revoked" else None,
        **(failed if status == "Failed" else {}),
    )


def _row(
    random: Random, entitlement: Row, customer_id: str, at: int, status: str, **more: Any
) -> dict[str, Any]:
    return {
        **dict.fromkeys(field.name for field in GRANTS.columns),
        "id": new_id("entg_", random),
        "business_id": BUSINESS_ID,
        "brand_id": BRAND_ID,
        "created_at": at,
        "updated_at": at,
        "customer_id": customer_id,
        "entitlement_id": entitlement["id"],
        "status": status,
        "metadata": "{}",
        "delivered_at": at if status in ("Delivered", "Revoked") else None,
        "revoked_at": at if status == "Revoked" else None,
        **more,
    }

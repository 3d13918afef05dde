"""The resources: their fields, filters and order, what is checked of a load, and what they show of others."""

from __future__ import annotations

import json
from typing import Any

from dodo_licenses.mock import resource, validation
from dodo_licenses.mock.resource import NEEDED, Field, Get, Intake, Record, Resource, Row
from dodo_licenses.mock.validation import an_object, anything, filled_text, limit, one_of, or_null, text

DEFAULT_CUSTOMER, DEFAULT_PRODUCT = "cus_DemoCustomer00000000", "pdt_DemoProduct000000000"
KEY_STATUSES = ("active", "expired", "disabled")
SOURCES = ("auto", "import", "manual")
GRANT_STATUSES = ("Pending", "Delivered", "Failed", "Revoked")
AT_ONCE = ("feature_flag", "digital_files", "telegram", "framer")  # the others wait for the customer
INTEGRATIONS = ("license_key", *AT_ONCE, "discord", "github", "notion", "figma")
INTERVALS = ("Day", "Week", "Month", "Year")
_MOST_INTERVALS = 1_000

# No operation shows customers by themselves; activations and filters name them.
CUSTOMERS = Resource(
    "customers",
    "customer",
    (
        Field("customer_id", filled_text, NEEDED, is_unique=True),
        Field("name", default="Customer"),
        Field("email", default="customer@example.com"),
        resource.maybe("phone_number"),
        resource.METADATA,
    ),
    key="customer_id",
    order="customer_id",
    is_made_up=True,
)
_CUSTOMER = Field("customer_id", filled_text, DEFAULT_CUSTOMER, of=CUSTOMERS)


_OF_LICENSE_KEYS = {
    "activations_limit": limit,
    "duration_count": or_null(validation.whole_number(0, _MOST_INTERVALS)),
    "duration_interval": or_null(one_of(*INTERVALS)),
    "fulfillment_mode": or_null(one_of("auto", "manual")),
}


def _config(name: str, value: Any) -> Record:
    """The configuration of an integration; what it says of license keys is checked."""
    checks = {**dict.fromkeys(an_object(name, value), anything), **_OF_LICENSE_KEYS}
    return validation.record(name, value, checks)


ENTITLEMENTS = Resource(
    "entitlements",
    "entitlement",
    (
        resource.identifier("ent_"),
        resource.BUSINESS,
        resource.CREATED,
        resource.UPDATED,
        Field("name", default="Entitlement"),
        resource.maybe("description"),
        Field("integration_type", one_of(*INTEGRATIONS), "license_key"),
        Field("integration_config", _config, {}, json.loads),
        Field("is_active", anything, None, bool, sql="1"),
        resource.METADATA,
    ),
    ("integration_type",),
    path="/entitlements",
    examples=tuple(
        {"name": f"Demo {its}", "integration_config": {"duration_count": 1, "duration_interval": its}}
        for its in INTERVALS
    ),
)


def _with_entitlements(record: Record, intake: Intake) -> Record:
    for entitlement_id in record.get("entitlements", []):
        intake.require(ENTITLEMENTS, entitlement_id, f"product {record['product_id']}")
    return record


PRODUCTS = Resource(
    "products",
    "product",
    (
        Field("product_id", filled_text, NEEDED, is_unique=True),
        resource.maybe("name"),
        Field("entitlements", validation.list_of(filled_text), [], json.loads),
    ),
    key="product_id",
    order="product_id",
    is_made_up=True,
    prepare=_with_entitlements,
)


def _halted(record: Record, intake: Intake) -> Record:
    """A status that no date explains is kept in `halted`, which counts for more than a date."""
    if record.get("status") == "disabled":
        return {**record, "halted": "disabled"}
    if record.get("status") == "expired" and record.get("expires_at") is None:
        if record.get("subscription_id") is not None:  # it expires with the subscription, and has no date
            return {**record, "halted": "expired"}
        return {**record, "expires_at": record.get("created_at", intake.now)}
    return record


LICENSE_KEYS = Resource(
    "license_keys",
    "license key",
    (
        resource.identifier("lic_"),
        resource.BUSINESS,
        resource.CREATED,
        resource.BRAND,
        _CUSTOMER,
        Field(
            "instances_count",
            anything,
            sql="(SELECT count(*) FROM license_key_instances WHERE license_key_id = license_keys.id)",
        ),
        Field("key", filled_text, NEEDED, is_unique=True),
        resource.maybe("payment_id"),
        Field("product_id", filled_text, DEFAULT_PRODUCT, of=PRODUCTS),
        Field("source", one_of(*SOURCES), "import"),
        Field(
            "status",
            one_of(*KEY_STATUSES),
            sql="coalesce(halted, CASE WHEN expires_at <= :now THEN 'expired' ELSE 'active' END)",
        ),
        Field("activations_limit", limit),
        resource.moment("expires_at"),
        resource.maybe("subscription_id"),
        Field("halted", is_sent=False),
    ),
    ("customer_id", "product_id", "status", "source"),
    {
        "created_at_gte": (validation.moment, "created_at >= :created_at_gte"),
        "created_at_lte": (validation.moment, "created_at <= :created_at_lte"),
    },
    path="/license_keys",
    indexed=("customer_id", "product_id"),
    prepare=_halted,
)


LICENSE_KEY_INSTANCES = Resource(
    "license_key_instances",
    "license key instance",
    (
        resource.identifier("lki_"),
        Field("business_id", sql="(SELECT business_id FROM license_keys WHERE id = license_key_id)"),
        resource.CREATED,
        Field("license_key_id", filled_text, NEEDED, of=LICENSE_KEYS),
        Field("name", default="installation"),
    ),
    ("license_key_id",),
    {"grant_id": (text, "license_key_id IN (SELECT license_key_id FROM grants WHERE id = :grant_id)")},
    path="/license_key_instances",
    indexed=("license_key_id",),
)


def _key_id(name: str, value: Any) -> Any:
    """The id of the license key that a grant shows."""
    return filled_text(f"{name}.id", an_object(name, value).get("id"))


def _as_its_status_says(record: Record, intake: Intake) -> Record:
    key_id, at = record.pop("license_key", None), record.get("created_at", intake.now)
    made = {"license_key_id": key_id, "status": "Pending" if key_id is None else "Delivered", **record}
    if made["status"] == "Delivered":
        return {"delivered_at": at, **made}
    if made["status"] == "Revoked":
        return {"revoked_at": at, "revocation_reason": "manual", **made}
    return made


def _delivered(get: Get, row: Row) -> Record:
    """What an integration delivers: a key, a feature, files."""
    if row["license_key_id"] is not None:
        shown = LICENSE_KEYS.wire(get(LICENSE_KEYS, row["license_key_id"]))
        names = ("id", "key", "status", "activations_limit", "expires_at")
        used = {"activations_used": shown["instances_count"]}
        return {"license_key": {name: shown[name] for name in names} | used}
    config = json.loads(get(ENTITLEMENTS, row["entitlement_id"])["integration_config"])
    if row["integration_type"] == "feature_flag":
        return {"feature": config}
    if row["integration_type"] == "digital_files" and row["status"] == "Delivered":
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
        _CUSTOMER,
        Field("entitlement_id", filled_text, NEEDED, of=ENTITLEMENTS),
        Field(
            "integration_type",
            one_of(*INTEGRATIONS),
            sql="(SELECT integration_type FROM entitlements WHERE id = grants.entitlement_id)",
        ),
        Field("status", one_of(*GRANT_STATUSES, ignoring_case=True)),
        resource.METADATA,
        *map(resource.moment, ("delivered_at", "revoked_at", "oauth_expires_at")),
        *map(resource.maybe, ("revocation_reason", "error_code", "error_message", "oauth_url")),
        *map(resource.maybe, ("payment_id", "subscription_id")),
        Field("license_key", or_null(_key_id), sql="NULL"),
        *(Field(name, anything, sql="NULL") for name in ("feature", "digital_product_delivery")),
        Field("license_key_id", of=LICENSE_KEYS, is_unique=True, is_sent=False),
    ),
    ("entitlement_id", "customer_id", "integration_type", "status"),
    indexed=("entitlement_id", "customer_id"),
    prepare=_as_its_status_says,
    expand=_delivered,
)

# Those that others name come first.
RESOURCES = (CUSTOMERS, ENTITLEMENTS, PRODUCTS, LICENSE_KEYS, LICENSE_KEY_INSTANCES, GRANTS)

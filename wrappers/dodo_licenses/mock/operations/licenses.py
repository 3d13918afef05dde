"""The public operations, which an application calls on a customer's machine."""

from __future__ import annotations

from typing import Any

from dodo_licenses.mock.operation import Call, operation
from dodo_licenses.mock.refusal import Refusal
from dodo_licenses.mock.resource import Row
from dodo_licenses.mock.resources import CUSTOMERS, LICENSE_KEY_INSTANCES, LICENSE_KEYS, PRODUCTS
from dodo_licenses.mock.validation import or_null, text


def _known_key(call: Call) -> Row:
    key = call.db.find(LICENSE_KEYS, call.body["license_key"], "key")
    if key is None:
        raise Refusal(404, "LICENSE_KEY_NOT_FOUND", "There is no such license key.")
    return key


def _has(call: Call, key: Row, instance_id: str) -> bool:
    instance = call.db.find(LICENSE_KEY_INSTANCES, instance_id)
    return instance is not None and instance["license_key_id"] == key["id"]


@operation(
    "POST",
    "/licenses/activate",
    status=201,
    is_public=True,
    required={"license_key": text, "name": text},
)
def activate_license(call: Call) -> Any:
    """Use one of a key's activations, if it is active and has one left; a null limit means unlimited."""
    key = _known_key(call)
    if key["status"] != "active":
        raise Refusal(403, "INACTIVE_LICENSE_KEY", "The license key is not active.")
    if key["activations_limit"] is not None and key["instances_count"] >= key["activations_limit"]:
        raise Refusal(422, "LICENSE_KEY_LIMIT_REACHED", "All activations of the license key are in use.")
    made = call.db.add(LICENSE_KEY_INSTANCES, license_key_id=key["id"], name=call.body["name"])
    product = call.db.get(PRODUCTS, key["product_id"])
    return call.db.show(LICENSE_KEY_INSTANCES, made) | {
        "customer": call.db.retrieve(CUSTOMERS, key["customer_id"]),
        "product": {"product_id": product["product_id"], "name": product["name"]},
    }


@operation(
    "POST",
    "/licenses/validate",
    is_public=True,
    required={"license_key": text},
    optional={"license_key_instance_id": or_null(text)},
)
def validate_license(call: Call) -> Any:
    """The key is active; with an instance id, that activation exists and belongs to the key, too."""
    key = call.db.find(LICENSE_KEYS, call.body["license_key"], "key")
    instance_id = call.body.get("license_key_instance_id")
    if key is None or key["status"] != "active":
        return {"valid": False}
    return {"valid": instance_id is None or _has(call, key, instance_id)}


@operation(
    "POST",
    "/licenses/deactivate",
    is_public=True,
    required={"license_key": text, "license_key_instance_id": text},
)
def deactivate_license(call: Call) -> Any:
    """Release one of a key's activations."""
    key = _known_key(call)
    if not _has(call, key, call.body["license_key_instance_id"]):
        raise Refusal(403, "LICENSE_KEY_NOT_FOUND", "The license key has no such instance.")
    call.db.delete(LICENSE_KEY_INSTANCES, call.body["license_key_instance_id"])

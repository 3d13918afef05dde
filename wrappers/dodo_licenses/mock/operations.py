"""The operations of the API, one function each: app.py serves them, and faults go by their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dodo_licenses.mock import validation
from dodo_licenses.mock.database import Database
from dodo_licenses.mock.life_cycle import fulfill, restore_grant, revoke_grant
from dodo_licenses.mock.refusal import Refusal, not_found
from dodo_licenses.mock.resource import Record, Resource, Row
from dodo_licenses.mock.resources import (
    CUSTOMERS,
    ENTITLEMENTS,
    GRANTS,
    LICENSE_KEY_INSTANCES,
    LICENSE_KEYS,
    PRODUCTS,
    RESOURCES,
)
from dodo_licenses.mock.validation import Check, filled_text, limit, moment, or_null, text, true_or_false


@dataclass(frozen=True, slots=True)
class Call:
    """A request to an operation: the state, and its parameters and its body, checked."""

    db: Database
    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: Record


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation: where it is, what it does, and what its query and its body may say."""

    method: str
    path: str
    handle: Callable[[Call], Any]
    status: int = 200
    is_public: bool = False
    query: Mapping[str, Check] = field(default_factory=dict)
    required: Mapping[str, Check] = field(default_factory=dict)
    optional: Mapping[str, Check] = field(default_factory=dict)


OPERATIONS: dict[str, Operation] = {}
Handler = Callable[[Call], Any]


def operation_of(method: str, path: str) -> str | None:
    """The name of the operation that a request asks for, or None."""
    for name, its in OPERATIONS.items():
        if its.method == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", its.path), path):
            return name
    return None


def operation(method: str, path: str, **more: Any) -> Callable[[Handler], Handler]:
    """Make a function the operation of its name; the arguments are those of Operation."""

    def register(handle: Handler) -> Handler:
        OPERATIONS[handle.__name__] = Operation(method, path, handle, **more)
        return handle

    return register


def _list(
    name: str, path: str, resource: Resource, filters: Iterable[str], *, of: Resource | None = None
) -> None:
    """List a resource, with some of its filters, within one of another that the path names."""
    checks = {name: resource.filters[name][0] for name in filters}

    def handle(call: Call) -> Any:
        if of is not None:
            call.db.get(of, *call.path.values())
        return {"items": call.db.page(resource, {**call.query, **call.path})}

    OPERATIONS[name] = Operation("GET", path, handle, query={**validation.PAGE, **checks})


def _list_and_retrieve(its: Resource, path: str) -> None:
    _list(f"list_{its.name}", path, its, its.filters)
    name = f"retrieve_{its.singular.replace(' ', '_')}"
    OPERATIONS[name] = Operation("GET", f"{path}/{{id}}", lambda call: call.db.retrieve(its, call.path["id"]))


for _its in RESOURCES:
    if _its.path is not None:
        _list_and_retrieve(_its, _its.path)
_OF_ENTITLEMENT, _OF_CUSTOMER = (
    "/entitlements/{entitlement_id}/grants",
    "/customers/{customer_id}/entitlement-grants",
)
_list("list_entitlement_grants", _OF_ENTITLEMENT, GRANTS, ("customer_id", "status"), of=ENTITLEMENTS)
_list("list_customer_entitlement_grants", _OF_CUSTOMER, GRANTS, ("integration_type", "status"), of=CUSTOMERS)


@operation("GET", "/products", query=validation.PAGE)
def list_products(call: Call) -> Any:
    """All of them, with the entitlements that each carries."""
    items = call.db.page(PRODUCTS, call.query)
    for product in items:
        carried = product["entitlements"]
        product["entitlements"] = [call.db.retrieve(ENTITLEMENTS, its) for its in carried]
    return {"items": items}


@operation(
    "POST",
    "/license_keys",
    status=201,
    required={"customer_id": text, "key": filled_text, "product_id": text},
    optional={"activations_limit": limit, "expires_at": or_null(moment)},
)
def create_license_key(call: Call) -> Any:
    """Import a key for a customer and a product that exist, unless its string is already there."""
    call.db.get(CUSTOMERS, call.body["customer_id"])
    call.db.get(PRODUCTS, call.body["product_id"])
    _refuse_known(call, call.body["key"])
    key = call.db.add(LICENSE_KEYS, **call.body)
    call.db.announce("license_key.created", LICENSE_KEYS, key["id"])
    return call.db.show(LICENSE_KEYS, key)


def _refuse_known(call: Call, key: str) -> None:
    if call.db.find(LICENSE_KEYS, key, "key") is not None:
        raise Refusal(409, "LICENSE_KEY_ALREADY_EXISTS", "There is a license key with this string.")


@operation(
    "PATCH",
    "/license_keys/{id}",
    optional={"activations_limit": limit, "disabled": or_null(true_or_false), "expires_at": or_null(moment)},
)
def update_license_key(call: Call) -> Any:
    """Change what is given, all of it or nothing. Null removes a limit or an expiry, and is no `disabled`."""
    key = call.db.get(LICENSE_KEYS, call.path["id"])
    changes = dict(call.body)
    is_disabled = changes.pop("disabled", None)
    most, used = changes.get("activations_limit"), key["instances_count"]
    if most is not None and most < used:
        why = f"{used} activations are in use."
        raise Refusal(422, "ACTIVATION_LIMIT_LESS_THAN_CURRENT_AMOUNT", why)
    if changes.get("expires_at") is not None and key["subscription_id"] is not None:
        why = "The key expires with its subscription."
        raise Refusal(400, "NO_EXPIRY_ON_SUBSCRIPTION_LICENSE_KEYS", why)
    grant = call.db.find(GRANTS, key["id"], "license_key_id")
    if is_disabled:
        changes["halted"] = "disabled"
        if grant is not None:
            revoke_grant(call.db, grant, "license_key_disabled")
    elif is_disabled is False and key["halted"] == "disabled":
        changes["halted"] = None
        if grant is not None and grant["revocation_reason"] == "license_key_disabled":
            restore_grant(call.db, grant)
    call.db.update(LICENSE_KEYS, key["id"], **changes)
    return call.db.retrieve(LICENSE_KEYS, key["id"])


@operation("PATCH", "/license_key_instances/{id}", required={"name": text})
def update_license_key_instance(call: Call) -> Any:
    """Rename an instance."""
    instance = call.db.get(LICENSE_KEY_INSTANCES, call.path["id"])
    call.db.update(LICENSE_KEY_INSTANCES, instance["id"], name=call.body["name"])
    return call.db.retrieve(LICENSE_KEY_INSTANCES, instance["id"])


def _known_key(call: Call) -> Row:
    key = call.db.find(LICENSE_KEYS, call.body["license_key"], "key")
    if key is None:
        raise Refusal(404, "LICENSE_KEY_NOT_FOUND", "There is no such license key.")
    return key


def _has(call: Call, key: Row, instance_id: str) -> bool:
    instance = call.db.find(LICENSE_KEY_INSTANCES, instance_id)
    return instance is not None and instance["license_key_id"] == key["id"]


@operation(
    "POST", "/licenses/activate", status=201, is_public=True, required={"license_key": text, "name": text}
)
def activate_license(call: Call) -> Any:
    """Use one of a key's activations, if it is active and has one left; a null limit means unlimited."""
    key = _known_key(call)
    if key["status"] != "active":
        raise Refusal(403, "INACTIVE_LICENSE_KEY", "The license key is not active.")
    if key["activations_limit"] is not None and key["instances_count"] >= key["activations_limit"]:
        raise Refusal(422, "LICENSE_KEY_LIMIT_REACHED", "All activations of the license key are in use.")
    instance = call.db.add(LICENSE_KEY_INSTANCES, license_key_id=key["id"], name=call.body["name"])
    product = call.db.get(PRODUCTS, key["product_id"])
    return call.db.show(LICENSE_KEY_INSTANCES, instance) | {
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
    if key is None or key["status"] != "active":
        return {"valid": False}
    instance_id = call.body.get("license_key_instance_id")
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


@operation("DELETE", "/entitlements/{id}/grants/{grant_id}")
def revoke_entitlement_grant(call: Call) -> Any:
    """Revoke a grant, and disable its key; a grant that was revoked before stays as it is."""
    grant = call.db.get(GRANTS, call.path["grant_id"])
    if grant["entitlement_id"] != call.path["id"]:
        raise not_found(GRANTS.singular)
    revoke_grant(call.db, grant, "manual")
    return call.db.retrieve(GRANTS, grant["id"])


@operation(
    "POST",
    "/grants/{grant_id}/license-key",
    required={"key": text},
    optional={"activations_limit": limit, "expires_at": or_null(moment)},
)
def fulfill_license_key_grant(call: Call) -> Any:
    """Give a pending grant its key; limit and expiry are the entitlement's where they are not given."""
    grant = call.db.get(GRANTS, call.path["grant_id"])
    key = call.body["key"].strip()
    if grant["integration_type"] != "license_key":
        raise Refusal(400, "INVALID_REQUEST_PARAMETERS", "The grant is not for a license key.")
    if not key:
        raise Refusal(400, "INVALID_REQUEST_BODY", "key must not be blank")
    if grant["status"] != "Pending":
        raise Refusal(409, "GRANT_ALREADY_FULFILLED", f"The grant is {grant['status']}, not Pending.")
    _refuse_known(call, key)
    fulfill(call.db, grant, **{**call.body, "key": key, "source": "manual"})
    return call.db.retrieve(GRANTS, grant["id"])

"""The operations of the API, one function each: app.py serves them, and faults go by their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from dodo_licenses.mock import validation
from dodo_licenses.mock.database import Database
from dodo_licenses.mock.life_cycle import fulfill, restore_grant, revoke_grant
from dodo_licenses.mock.resource import Resource, Row
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
from dodo_licenses.mock.wire import Refusal, not_found

Handler = Callable[..., Any]  # gets the database, and what path, query and body say by name, checked


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation: where it is, what it does, and what its query and its body may say."""

    method: str
    path: str
    handle: Handler
    status: int = 200
    is_public: bool = False
    query: Mapping[str, Check] = field(default_factory=dict)
    required: Mapping[str, Check] = field(default_factory=dict)
    optional: Mapping[str, Check] = field(default_factory=dict)


OPERATIONS: dict[str, Operation] = {}
_NEW_KEY = {"customer_id": text, "key": filled_text, "product_id": text}
_LIMITS = {"activations_limit": limit, "expires_at": or_null(moment)}


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


_public = partial(operation, "POST", is_public=True)


def _query(its: Resource, *filters: str) -> Mapping[str, Check]:
    """What the query of a listing may say: its page, and some of the resource's filters."""
    return {**validation.PAGE, **{name: its.filters[name][0] for name in filters}}


def _list_and_retrieve(its: Resource, path: str) -> None:
    def list_all(db: Database, **query: Any) -> Any:
        return {"items": db.page(its, query)}

    OPERATIONS[f"list_{its.name}"] = Operation("GET", path, list_all, query=_query(its, *its.filters))
    name = f"retrieve_{its.singular.replace(' ', '_')}"
    OPERATIONS[name] = Operation("GET", f"{path}/{{id}}", lambda db, **of: db.retrieve(its, of["id"]))


for _its in RESOURCES:
    if _its.path is not None:
        _list_and_retrieve(_its, _its.path)


@operation("GET", "/entitlements/{entitlement_id}/grants", query=_query(GRANTS, "customer_id", "status"))
def list_entitlement_grants(db: Database, **query: Any) -> Any:
    """Those of an entitlement that there is."""
    db.get(ENTITLEMENTS, query["entitlement_id"])
    return {"items": db.page(GRANTS, query)}


@operation(
    "GET", "/customers/{customer_id}/entitlement-grants", query=_query(GRANTS, "integration_type", "status")
)
def list_customer_entitlement_grants(db: Database, **query: Any) -> Any:
    """Those of a customer whom there is."""
    db.get(CUSTOMERS, query["customer_id"])
    return {"items": db.page(GRANTS, query)}


@operation("GET", "/products", query=validation.PAGE)
def list_products(db: Database, **query: int) -> Any:
    """All of them, with the entitlements that each carries."""
    items = db.page(PRODUCTS, query)
    for product in items:
        product["entitlements"] = [db.retrieve(ENTITLEMENTS, its) for its in product["entitlements"]]
    return {"items": items}


@operation("POST", "/license_keys", status=201, required=_NEW_KEY, optional=_LIMITS)
def create_license_key(db: Database, **fields: Any) -> Any:
    """Import a key for a customer and a product that exist, unless its string is already there."""
    db.get(CUSTOMERS, fields["customer_id"])
    db.get(PRODUCTS, fields["product_id"])
    _refuse_known(db, fields["key"])
    key = db.add(LICENSE_KEYS, **fields)
    db.announce("license_key.created", LICENSE_KEYS, key["id"])
    return db.show(LICENSE_KEYS, key)


def _refuse_known(db: Database, key: str) -> None:
    if db.find(LICENSE_KEYS, key, "key") is not None:
        raise Refusal(409, "LICENSE_KEY_ALREADY_EXISTS", "There is a license key with this string.")


@operation("PATCH", "/license_keys/{id}", optional={**_LIMITS, "disabled": or_null(true_or_false)})
def update_license_key(db: Database, id: str, *, disabled: bool | None = None, **changes: Any) -> Any:
    """Change what is given, all of it or nothing. Null removes a limit or an expiry, and is no `disabled`."""
    key = db.get(LICENSE_KEYS, id)
    most, used = changes.get("activations_limit"), key["instances_count"]
    if most is not None and most < used:
        why = f"{used} activations are in use."
        raise Refusal(422, "ACTIVATION_LIMIT_LESS_THAN_CURRENT_AMOUNT", why)
    if changes.get("expires_at") is not None and key["subscription_id"] is not None:
        why = "The key expires with its subscription."
        raise Refusal(400, "NO_EXPIRY_ON_SUBSCRIPTION_LICENSE_KEYS", why)
    grant = db.find(GRANTS, id, "license_key_id")
    if disabled:
        changes["halted"] = "disabled"
        if grant is not None:
            revoke_grant(db, grant, "license_key_disabled")
    elif disabled is False and key["halted"] == "disabled":
        changes["halted"] = None
        if grant is not None and grant["revocation_reason"] == "license_key_disabled":
            restore_grant(db, grant)
    db.update(LICENSE_KEYS, id, **changes)
    return db.retrieve(LICENSE_KEYS, id)


@operation("PATCH", "/license_key_instances/{id}", required={"name": text})
def update_license_key_instance(db: Database, id: str, name: str) -> Any:
    """Rename an instance."""
    db.get(LICENSE_KEY_INSTANCES, id)
    db.update(LICENSE_KEY_INSTANCES, id, name=name)
    return db.retrieve(LICENSE_KEY_INSTANCES, id)


def _known_key(db: Database, license_key: str) -> Row:
    key = db.find(LICENSE_KEYS, license_key, "key")
    if key is None:
        raise Refusal(404, "LICENSE_KEY_NOT_FOUND", "There is no such license key.")
    return key


def _has(db: Database, key: Row, instance_id: str) -> bool:
    instance = db.find(LICENSE_KEY_INSTANCES, instance_id)
    return instance is not None and instance["license_key_id"] == key["id"]


@_public("/licenses/activate", status=201, required={"license_key": text, "name": text})
def activate_license(db: Database, license_key: str, name: str) -> Any:
    """Use one of a key's activations, if it is active and has one left; a null limit means unlimited."""
    key = _known_key(db, license_key)
    if key["status"] != "active":
        raise Refusal(403, "INACTIVE_LICENSE_KEY", "The license key is not active.")
    if key["activations_limit"] is not None and key["instances_count"] >= key["activations_limit"]:
        raise Refusal(422, "LICENSE_KEY_LIMIT_REACHED", "All activations of the license key are in use.")
    instance = db.add(LICENSE_KEY_INSTANCES, license_key_id=key["id"], name=name)
    product = db.get(PRODUCTS, key["product_id"])
    return db.show(LICENSE_KEY_INSTANCES, instance) | {
        "customer": db.retrieve(CUSTOMERS, key["customer_id"]),
        "product": {"product_id": product["product_id"], "name": product["name"]},
    }


@_public(
    "/licenses/validate",
    required={"license_key": text},
    optional={"license_key_instance_id": or_null(text)},
)
def validate_license(db: Database, license_key: str, license_key_instance_id: str | None = None) -> Any:
    """The key is active; with an instance id, that activation exists and belongs to the key, too."""
    key = db.find(LICENSE_KEYS, license_key, "key")
    if key is None or key["status"] != "active":
        return {"valid": False}
    return {"valid": license_key_instance_id is None or _has(db, key, license_key_instance_id)}


@_public("/licenses/deactivate", required={"license_key": text, "license_key_instance_id": text})
def deactivate_license(db: Database, license_key: str, license_key_instance_id: str) -> None:
    """Release one of a key's activations."""
    if not _has(db, _known_key(db, license_key), license_key_instance_id):
        raise Refusal(403, "LICENSE_KEY_NOT_FOUND", "The license key has no such instance.")
    db.delete(LICENSE_KEY_INSTANCES, license_key_instance_id)


@operation("DELETE", "/entitlements/{id}/grants/{grant_id}")
def revoke_entitlement_grant(db: Database, id: str, grant_id: str) -> Any:
    """Revoke a grant, and disable its key; a grant that was revoked before stays as it is."""
    grant = db.get(GRANTS, grant_id)
    if grant["entitlement_id"] != id:
        raise not_found(GRANTS.singular)
    revoke_grant(db, grant, "manual")
    return db.retrieve(GRANTS, grant_id)


@operation("POST", "/grants/{grant_id}/license-key", required={"key": text}, optional=_LIMITS)
def fulfill_license_key_grant(db: Database, grant_id: str, key: str, **fields: Any) -> Any:
    """Give a pending grant its key; limit and expiry are the entitlement's where they are not given."""
    grant, key = db.get(GRANTS, grant_id), key.strip()
    if grant["integration_type"] != "license_key":
        raise Refusal(400, "INVALID_REQUEST_PARAMETERS", "The grant is not for a license key.")
    if not key:
        raise Refusal(400, "INVALID_REQUEST_BODY", "key must not be blank")
    if grant["status"] != "Pending":
        raise Refusal(409, "GRANT_ALREADY_FULFILLED", f"The grant is {grant['status']}, not Pending.")
    _refuse_known(db, key)
    fulfill(db, grant, key=key, source="manual", **fields)
    return db.retrieve(GRANTS, grant_id)

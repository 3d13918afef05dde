"""Entitlements, and what was granted of them."""

from __future__ import annotations

from typing import Any

from dodo_licenses.mock.life_cycle import fulfill, revoke_grant
from dodo_licenses.mock.operation import Call, listing, operation
from dodo_licenses.mock.operations.license_keys import refuse_known_key
from dodo_licenses.mock.refusal import Refusal, not_found
from dodo_licenses.mock.resources import CUSTOMERS, ENTITLEMENTS, GRANTS
from dodo_licenses.mock.resources.license_keys import expiry, limit
from dodo_licenses.mock.validation import text


@listing("/entitlements", ENTITLEMENTS)
def list_entitlements(call: Call) -> Any:
    """Those of an integration, or all."""
    return {"items": call.db.page(ENTITLEMENTS, call.query)}


@operation("GET", "/entitlements/{id}")
def retrieve_entitlement(call: Call) -> Any:
    """One entitlement."""
    return call.db.retrieve(ENTITLEMENTS, call.path["id"])


@listing("/entitlements/{id}/grants", GRANTS, ("customer_id", "status"))
def list_entitlement_grants(call: Call) -> Any:
    """What was granted of an entitlement that exists."""
    entitlement = call.db.get(ENTITLEMENTS, call.path["id"])
    return {"items": call.db.page(GRANTS, {**call.query, "entitlement_id": entitlement["id"]})}


@listing("/customers/{customer_id}/entitlement-grants", GRANTS, ("integration_type", "status"))
def list_customer_entitlement_grants(call: Call) -> Any:
    """What was granted to a customer that exists."""
    customer = call.db.get(CUSTOMERS, call.path["customer_id"])
    return {"items": call.db.page(GRANTS, {**call.query, "customer_id": customer["customer_id"]})}


@operation("DELETE", "/entitlements/{id}/grants/{grant_id}")
def revoke_entitlement_grant(call: Call) -> Any:
    """Revoke a grant, and disable its key; a grant that was revoked before stays as it is."""
    grant = call.db.get(GRANTS, call.path["grant_id"])
    if grant["entitlement_id"] != call.path["id"]:
        raise not_found(GRANTS.singular)
    revoke_grant(call, grant, "manual")
    return call.db.retrieve(GRANTS, grant["id"])


@operation(
    "POST",
    "/grants/{grant_id}/license-key",
    required={"key": text},
    optional={"activations_limit": limit, "expires_at": expiry},
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
        raise Refusal(409, "GRANT_ALREADY_FULFILLED", f"The grant is {grant['status']}.")
    refuse_known_key(call, key)
    fulfill(call, grant, key=key, source="manual", **{n: v for n, v in call.body.items() if n != "key"})
    return call.db.retrieve(GRANTS, grant["id"])

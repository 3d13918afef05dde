"""The keys a merchant has sold or imported."""

from __future__ import annotations

from typing import Any

from dodo_licenses.mock.life_cycle import restore_grant, revoke_grant
from dodo_licenses.mock.operation import Call, listing, operation
from dodo_licenses.mock.refusal import Refusal
from dodo_licenses.mock.resources import CUSTOMERS, GRANTS, LICENSE_KEYS, PRODUCTS
from dodo_licenses.mock.resources.license_keys import expiry, limit
from dodo_licenses.mock.validation import filled_text, or_null, text, true_or_false


@listing("/license_keys", LICENSE_KEYS)
def list_license_keys(call: Call) -> Any:
    """Those that satisfy every filter, the newest first."""
    return {"items": call.db.page(LICENSE_KEYS, call.query)}


@operation(
    "POST",
    "/license_keys",
    status=201,
    required={"customer_id": text, "key": filled_text, "product_id": text},
    optional={"activations_limit": limit, "expires_at": expiry},
)
def create_license_key(call: Call) -> Any:
    """Import a key for a customer and a product that exist, unless its string is already there."""
    call.db.get(CUSTOMERS, call.body["customer_id"])
    call.db.get(PRODUCTS, call.body["product_id"])
    refuse_known_key(call, call.body["key"])
    made = call.db.add(LICENSE_KEYS, **call.body)
    call.announce("license_key.created", LICENSE_KEYS, made["id"])
    return call.db.show(LICENSE_KEYS, made)


def refuse_known_key(call: Call, key: str) -> None:
    """409 where there is a key with the same string."""
    if call.db.find(LICENSE_KEYS, key, "key") is not None:
        raise Refusal(409, "LICENSE_KEY_ALREADY_EXISTS", "There is a license key with this string.")


@operation("GET", "/license_keys/{id}")
def retrieve_license_key(call: Call) -> Any:
    """One key."""
    return call.db.retrieve(LICENSE_KEYS, call.path["id"])


@operation(
    "PATCH",
    "/license_keys/{id}",
    optional={"activations_limit": limit, "disabled": or_null(true_or_false), "expires_at": expiry},
)
def update_license_key(call: Call) -> Any:
    """Change what is given, all of it or nothing. Null removes a limit or an expiry, and is no `disabled`."""
    key = call.db.get(LICENSE_KEYS, call.path["id"])
    changes = dict(call.body)
    is_disabled = changes.pop("disabled", None)
    new_limit = changes.get("activations_limit")
    if new_limit is not None and new_limit < key["instances_count"]:
        raise Refusal(
            422,
            "ACTIVATION_LIMIT_LESS_THAN_CURRENT_AMOUNT",
            f"The license key has {key['instances_count']} activations, more than {new_limit}.",
        )
    if changes.get("expires_at") is not None and key["subscription_id"] is not None:
        raise Refusal(
            400,
            "NO_EXPIRY_ON_SUBSCRIPTION_LICENSE_KEYS",
            "The license key belongs to a subscription and expires with it.",
        )
    grant = call.db.find(GRANTS, key["id"], "license_key_id")
    if is_disabled:
        changes["halted"] = "disabled"
        if grant is not None:
            revoke_grant(call, grant, "license_key_disabled")
    elif is_disabled is False and key["halted"] == "disabled":
        changes["halted"] = None
        if grant is not None and grant["revocation_reason"] == "license_key_disabled":
            restore_grant(call, grant)
    call.db.update(LICENSE_KEYS, key["id"], **changes)
    return call.db.retrieve(LICENSE_KEYS, key["id"])

"""The activations of a license key."""

from __future__ import annotations

from typing import Any

from dodo_licenses.mock.operation import Call, listing, operation
from dodo_licenses.mock.resources import LICENSE_KEY_INSTANCES
from dodo_licenses.mock.validation import text


@listing("/license_key_instances", LICENSE_KEY_INSTANCES)
def list_license_key_instances(call: Call) -> Any:
    """Those that satisfy every filter, the newest first."""
    return {"items": call.db.page(LICENSE_KEY_INSTANCES, call.query)}


@operation("GET", "/license_key_instances/{id}")
def retrieve_license_key_instance(call: Call) -> Any:
    """One instance."""
    return call.db.retrieve(LICENSE_KEY_INSTANCES, call.path["id"])


@operation("PATCH", "/license_key_instances/{id}", required={"name": text})
def update_license_key_instance(call: Call) -> Any:
    """Rename an instance."""
    call.db.get(LICENSE_KEY_INSTANCES, call.path["id"])
    call.db.update(LICENSE_KEY_INSTANCES, call.path["id"], name=call.body["name"])
    return call.db.retrieve(LICENSE_KEY_INSTANCES, call.path["id"])

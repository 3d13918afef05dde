"""One thing seen from several sides: listed, retrieved, counted, validated."""

from __future__ import annotations

from typing import Any

import pytest

from dodo_licenses.contract.license_keys import Key
from dodo_licenses.contract.server import LARGEST_PAGE, Item, Server
from dodo_licenses.contract.values import LISTINGS, NO_KEY, NOWHERE, has_passed, unlike
from dodo_licenses_api import operations as api
from dodo_licenses_api.operations import OPERATIONS, Operation

BOTH = [
    (listing, one)
    for listing in LISTINGS
    for one in OPERATIONS.values()
    if (one.method, one.path) == ("GET", f"{listing.path}/{{id}}")
]


def state_of(key: Item) -> str:
    """What a license key is, whatever its status lags behind."""
    if key["status"] == "active":
        return "expired" if has_passed(key) else "activated" if key["instances_count"] else "active"
    return str(key["status"])


@pytest.mark.parametrize(("listing", "retrieve"), BOTH, ids=lambda operation: operation.id)
def test_retrieved_is_listed(server: Server, listing: Operation[Any], retrieve: Operation[Any]) -> None:
    """What retrieve gives is what the list shows, asked for once or twice."""
    for item in server.sample(server.items(listing), 5) * 2:
        reply = server.ask(retrieve, item[listing.id_field], expect=200, why="it is listed")
        lags = {"status"} if has_passed(item) else set()
        reply.shows("retrieve and list show the same", {n: v for n, v in item.items() if n not in lags})


@pytest.mark.parametrize("state", ["active", "activated", "expired", "disabled"])
def test_valid_by_state_and_instance(server: Server, state: str) -> None:
    """Valid is what is active and unexpired, and with an instance id one that still exists and belongs to the key, too."""
    keys = [key for key in server.items(api.LIST_LICENSE_KEYS) if key["instances_count"] <= LARGEST_PAGE]
    some = server.sample([key for key in keys if state_of(key) == state], 3)
    for item in some or pytest.skip(f"no {state} license key"):
        key = Key.listed(server, item)
        key.check()
        mine = list(key.instances)[:1]
        others = [
            i["id"] for i in server.items(api.LIST_LICENSE_KEY_INSTANCES) if i["license_key_id"] != key.id
        ]
        like = [name for one in mine for name in unlike(one, case=False)]
        for instance in ("", NOWHERE, *others[:1], *like, *mine):
            key.validate(instance)
        body = {"license_key": key.text, "license_key_instance_id": None}
        reply = server.ask(api.VALIDATE_LICENSE, json=body, expect=200)
        reply.must(reply["valid"] is (key.status == "active"), "null names no instance")


def test_unknown_keys_are_not_valid(server: Server) -> None:
    """An unknown key is no error: 200 `{"valid": false}`, however much it looks like a known one."""
    known = {key["key"]: state_of(key) for key in server.items(api.LIST_LICENSE_KEYS)}
    valid = [text for text, state in known.items() if state in ("active", "activated")]
    like = {other for text in valid[:2] for other in unlike(text, case=False)}
    for text in (NO_KEY, *sorted(like - known.keys())):
        for more, key in (({}, None), ({"license_key_instance_id": NOWHERE}, "wrong")):
            body = {"license_key": text, **more}
            reply = server.ask(api.VALIDATE_LICENSE, json=body, key=key, expect=200)
            reply.must(reply["valid"] is False, "valid is False: license keys match as a whole")

"""One thing seen from several sides: listed, retrieved, counted, validated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dodo_licenses.contract.derived import INSTANCES, LICENSE_KEYS, Listing, has_passed, listings
from dodo_licenses.contract.license_keys import NOWHERE
from dodo_licenses.contract.server import LARGEST_PAGE, MALFORMED, Item, Server
from dodo_licenses_api import operations as api

NO_LICENSE_KEY = "CONTRACT-NO-SUCH-KEY"
STATES: dict[str, Callable[[Item], bool]] = {
    "active": lambda key: bool(key["status"] == "active") and not has_passed(key),
    "expired": lambda key: bool(key["status"] == "expired") or has_passed(key),
    "disabled": lambda key: bool(key["status"] == "disabled"),
}


def some_keys(server: Server, says: str, of: Callable[[Item], bool], count: int = 3) -> list[Item]:
    """A few license keys of a kind."""
    found = [key for key in server.items(LICENSE_KEYS) if of(key)]
    if not found:
        pytest.skip(f"no {says} license key")
    return server.sample(found, count)


def validates(server: Server, key: str, holds: bool, why: str, **more: str | None) -> None:
    """Validate, and it is as it should be."""
    reply = server.ask(api.VALIDATE_LICENSE, json={"license_key": key, **more}, expect=200)
    reply.must(reply["valid"] is holds, f"valid is {holds}: {why}")


@pytest.mark.parametrize("listing", [one for one in listings() if one.retrieve], ids=str)
def test_retrieved_is_listed(server: Server, listing: Listing) -> None:
    """What retrieve gives is what the list shows, asked for once or twice."""
    operation: Any = listing.retrieve
    for item in server.sample(server.items(listing), 5) * 2:
        reply = server.ask(operation, listing.id_of(item), expect=200, why="it is listed")
        lags = {"status"} if has_passed(item) else set()
        wanted = {name: value for name, value in item.items() if name not in lags}
        reply.shows("retrieve and list show the same", wanted)


def test_counted_instances_are_there(server: Server) -> None:
    """`instances_count` is the live number of activations."""
    used = some_keys(server, "used", lambda key: key["instances_count"] > 0)
    for key in used + server.sample(server.items(LICENSE_KEYS), 2):
        page = server.page(INSTANCES, {"license_key_id": key["id"], "page_size": LARGEST_PAGE})
        counted = min(LARGEST_PAGE, key["instances_count"])
        page.must(len(page.items) == counted, "as many instances are listed as are counted")


@pytest.mark.parametrize("state", STATES)
def test_validation_follows_the_state(server: Server, state: str) -> None:
    """Validate without an instance id: the key is active and unexpired; asked once or twice, null names no instance."""
    for key in some_keys(server, state, STATES[state]):
        for more in ({}, {"license_key_instance_id": None}, {}):
            validates(server, key["key"], state == "active", f"the key is {state}", **more)


def test_validation_follows_instances(server: Server) -> None:
    """With an instance id: that activation still exists and belongs to the key, too; none has an empty id."""
    keys = {key["id"]: key for key in server.items(LICENSE_KEYS) if STATES["active"](key)}
    known = server.items(INSTANCES)
    live = [one for one in known if one["license_key_id"] in keys]
    if not live:
        pytest.skip("no instance of an active license key")
    for one in server.sample(live, 3):
        key: Item = keys[one["license_key_id"]]
        theirs = [other["id"] for other in known if other["license_key_id"] != key["id"]][:1]
        for name in (one["id"], NOWHERE, one["id"][:-1] + "_", *theirs, one["id"]):
            own = name == one["id"]
            why = "the activation is the key's own" if own else "the activation is not the key's"
            validates(server, key["key"], own, why, license_key_instance_id=name)
        body = {"license_key": key["key"], "license_key_instance_id": ""}
        reply = server.ask(api.VALIDATE_LICENSE, json=body)
        refused = reply.status in MALFORMED or reply["valid"] is False
        reply.must(refused, "valid is False: no activation has an empty id")


def test_unknown_keys_are_not_valid(server: Server) -> None:
    """An unknown key is no error: 200 `{"valid": false}`, however much it looks like a known one."""
    validates(server, NO_LICENSE_KEY, False, "there is no such key", license_key_instance_id=NOWHERE)
    validates(server, NO_LICENSE_KEY, False, "there is no such key")
    known = {key["key"] for key in server.items(LICENSE_KEYS)}
    for key in some_keys(server, "active", STATES["active"], 2):
        text = key["key"]
        for like in {
            f"{text}x",
            text[:-1],
            f"{text[:-1]}_",
            f"{text[:-1]}%",
            "%",
            f"{text}' OR '1'='1",
        } - known:
            validates(server, like, False, "license keys match as a whole")

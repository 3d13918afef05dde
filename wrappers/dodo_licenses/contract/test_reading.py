"""One thing seen from several sides: listed, retrieved, counted, validated."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dodo_licenses.contract.derived import Listing, listings
from dodo_licenses.contract.findings import NoDataError
from dodo_licenses.contract.imports import NOWHERE, same
from dodo_licenses.contract.server import INSTANCES, NO_LICENSE_KEY, Item, Server, is_over
from dodo_licenses_api import operations as api

MARGIN = timedelta(minutes=5)  # between the server's clock and ours


@pytest.mark.parametrize(
    "listing", [listing for listing in listings() if listing.retrieve], ids=lambda listing: listing.id
)
def test_retrieved_is_listed(server: Server, listing: Listing) -> None:
    """What retrieve gives is what the list shows, asked for once or twice."""
    assert listing.retrieve is not None  # noqa: S101 - by the parameters above
    for item in server.sample(server.items(listing)[0], 5) * 2:
        reply = server.ask(
            listing.retrieve, listing.id_of(item), expect=200, says="what is listed is retrieved"
        )
        for name, value in item.items():
            may_lag = name == "status" and is_over(item)
            says = f"retrieve and list show the same: {name}"
            reply.must(may_lag or same(name, reply.body.get(name), value), says)


def test_counted_instances_are_there(server: Server) -> None:
    """`instances_count` is the live number of activations."""
    for key in server.some_keys("used", lambda key: key["instances_count"] > 0) + server.sample(
        server.keys, 2
    ):
        page = server.page(INSTANCES, {"license_key_id": key["id"], "page_size": 100})
        page.must(
            len(page.items) == min(100, key["instances_count"]), "as many instances are listed as are counted"
        )


def test_keys_of_instances_are_there(server: Server) -> None:
    """An activation belongs to a license key that is there, and to its merchant."""
    for instance in server.sample(server.items(INSTANCES)[0], 3):
        reply = server.ask(api.RETRIEVE_LICENSE_KEY, instance["license_key_id"], expect=200)
        reply.must(reply["business_id"] == instance["business_id"], "key and instance are of one merchant")


def test_states_make_sense(server: Server) -> None:
    """An expired key has an expiry that has passed; no key has more activations than its limit."""
    for key in server.keys:
        ends, limit = key.get("expires_at"), key.get("activations_limit")
        wrong = None
        ended = key.get("subscription_id") is not None  # a subscription's key expires with it
        if key["status"] == "expired" and not ended and (ends is None or not is_over(key, -MARGIN)):
            wrong = "an expired key has an expiry, and it has passed"
        if limit is not None and key["instances_count"] > limit:
            wrong = "a key has no more activations than its limit"
        if wrong:
            server.ask(api.RETRIEVE_LICENSE_KEY, key["id"], expect=200).must(False, wrong)


def _is_active(key: Item) -> bool:
    return bool(key["status"] == "active") and not is_over(key, -MARGIN)


STATES = {
    "active": _is_active,
    "expired": lambda key: key["status"] == "expired" or is_over(key, MARGIN),
    "disabled": lambda key: key["status"] == "disabled",
}


@pytest.mark.parametrize("state", STATES)
def test_validation_follows_the_state(server: Server, state: str) -> None:
    """Validate without an instance id: the key is active and unexpired; asked once or twice, null names no instance."""
    for key in server.some_keys(state, STATES[state]):
        for more in ({}, {"license_key_instance_id": None}, {}):
            reply = server.ask(api.VALIDATE_LICENSE, json={"license_key": key["key"], **more}, expect=200)
            reply.must(
                reply["valid"] is (state == "active"), f"valid is {state == 'active'}: the key is {state}"
            )


def test_validation_follows_instances(server: Server) -> None:
    """With an instance id: that activation still exists and belongs to the key, too."""
    keys = {key["id"]: key for key in server.keys}
    known = [one for one in server.items(INSTANCES)[0] if one["license_key_id"] in keys]
    live = [one for one in known if _is_active(keys[one["license_key_id"]])]
    if not live:
        raise NoDataError("no instance of an active license key")
    for one in server.sample(live, 3):
        key = keys[one["license_key_id"]]
        strange = [other["id"] for other in known if other["license_key_id"] != key["id"]][:1]
        for name, holds, why in (
            (one["id"], True, "the activation is the key's own"),
            *((other, False, "the activation is another key's") for other in strange),
            (NOWHERE, False, "there is no such activation"),
            (one["id"][:-1] + "_", False, "there is no such activation"),
            (one["id"], True, "the activation is the key's own"),
        ):
            body = {"license_key": key["key"], "license_key_instance_id": name}
            reply = server.ask(api.VALIDATE_LICENSE, json=body, expect=200)
            reply.must(reply["valid"] is holds, f"valid is {holds}: {why}")


def test_no_activation_has_an_empty_id(server: Server) -> None:
    """An empty instance id names no activation that exists."""
    for key in server.some_keys("active", _is_active, 2):
        reply = server.ask(
            api.VALIDATE_LICENSE, json={"license_key": key["key"], "license_key_instance_id": ""}
        )
        reply.must(
            reply.status in (400, 422) or reply["valid"] is False,
            "valid is False: no activation has an empty id",
        )


def test_keys_like_it_are_not_valid(server: Server) -> None:
    """An unknown key is no error: 200 `{"valid": false}`, however much it looks like a known one."""
    for key in server.some_keys("active", _is_active, 2):
        text = key["key"]
        known = {other["key"] for other in server.keys}
        for like in {
            f"{text}x",
            text[:-1],
            f"{text[:-1]}_",
            f"{text[:-1]}%",
            "%",
            f"{text}' OR '1'='1",
        } - known:
            reply = server.ask(api.VALIDATE_LICENSE, json={"license_key": like}, expect=200)
            reply.must(reply["valid"] is False, "an unknown key is not valid: license keys match as a whole")


@pytest.mark.parametrize(
    "more", [{}, {"license_key_instance_id": NOWHERE}], ids=["alone", "with an instance"]
)
def test_unknown_key_is_not_valid(server: Server, more: dict[str, str]) -> None:
    """An unknown key is no error: 200 `{"valid": false}`."""
    reply = server.ask(api.VALIDATE_LICENSE, json={"license_key": NO_LICENSE_KEY, **more}, expect=200)
    reply.must(reply["valid"] is False, "an unknown key is not valid")

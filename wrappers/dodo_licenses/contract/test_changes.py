"""What changes a license key: disabling, expiry, limits; in any combination, once or twice, and for it alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dodo_licenses.contract.examples import examples
from dodo_licenses.contract.findings import NoDataError
from dodo_licenses.contract.imports import Account, far_off, same
from dodo_licenses.contract.server import LICENSE_KEYS, Server, moment
from dodo_licenses.contract.test_filters import EAST
from dodo_licenses.contract.test_life_cycle import (
    FULL,
    INACTIVE,
    MALFORMED,
    NO_EXPIRY,
    TOO_LOW,
    expiries,
    is_as_given,
    limits,
)
from dodo_licenses_api import operations as api

pytestmark = pytest.mark.writes


def test_disabling_and_enabling(account: Account) -> None:
    """`disabled`: true disables, false enables, once or twice; 403 `INACTIVE_LICENSE_KEY`."""
    key = account.import_key(activations_limit=3)
    instance = account.activated(key)["id"]
    for _ in range(2):
        with account.unchanged(key, "status"):
            for _ in range(2):
                is_as_given(account.update(key, disabled=True), status="disabled")
                is_as_given(account.retrieve(key), status="disabled")
                account.validates(key, False, "a disabled key is not valid")
                account.validates(key, False, "a disabled key is not valid", instance)
                account.activate(key).fails(403, INACTIVE, why="the key is disabled")
        with account.unchanged(key, "status"):
            for _ in range(2):
                is_as_given(account.update(key, disabled=False), status="active")
                account.validates(key, True, "an enabled key is valid", instance)
    account.activated(key)


@pytest.mark.parametrize("seconds", [-400 * 86_400, -86_400, -3600, -60, -1])
def test_expired(account: Account, seconds: int) -> None:
    """The key is active and unexpired: from its expiry on it is neither valid nor activated, disabled and enabled or not."""
    key = account.import_key(activations_limit=None)
    instance = account.activated(key)["id"]
    past = (moment(key["created_at"]) + timedelta(seconds=seconds)).isoformat()
    reply = account.refused(key, expires_at=past)
    if reply.status in MALFORMED:
        raise NoDataError("an expiry in the past is refused, which is not documented")
    is_as_given(reply, expires_at=past)
    for _ in range(2):
        # `status` may lag behind: it can't be disabled, and no more is said.
        shown = account.retrieve(key)
        shown.must(shown["status"] in ("expired", "active"), "a key whose expiry has passed is expired")
        for name in (None, instance):
            account.validates(key, False, "an expired key is not valid", name)
        account.activate(key).fails(403, INACTIVE, why="the key is expired")
        account.update(key, disabled=True)
        account.update(key, disabled=False)
    account.counts(key, 1)
    later = far_off(zone=EAST)
    is_as_given(account.update(key, expires_at=later), expires_at=later, status="active")
    account.validates(key, True, "the expiry lies ahead again", instance)
    is_as_given(account.update(key, expires_at=None), expires_at=None, status="active")
    account.activated(key)
    late = account.import_key(expires_at=past)
    account.validates(late, False, "a key imported after its expiry is not valid")


@pytest.mark.parametrize("zone", [UTC, EAST], ids=["UTC", "+05:30"])
def test_not_yet_expired(account: Account, zone: object) -> None:
    """A key is valid until its expiry, to the last moment."""
    for margin in (10, 60, 600):
        began = datetime.now(UTC)
        key = account.import_key()
        ends = moment(key["created_at"]) + timedelta(seconds=margin)
        soon = ends.astimezone(zone if zone is EAST else UTC).isoformat()
        reply = account.update(key, expires_at=soon)
        other = account.import_key(expires_at=soon)
        replies = [account.valid(key), account.valid(other), account.activate(key)]
        if datetime.now(UTC) - began > timedelta(seconds=margin / 2):
            continue  # the machine is slow: once more, with more time
        is_as_given(reply, expires_at=soon, status="active")
        for shown in replies[:2]:
            shown.must(shown["valid"] is True, "a key is valid until its expiry, to the last moment")
        replies[2].fails(201, why="a key is activated until its expiry, to the last moment")
        return
    raise NoDataError("no time: replies take minutes")


# --- changes -----------------------------------------------------------------------------------------


@examples(10)
@given(
    changes=st.lists(
        st.fixed_dictionaries(
            {}, optional={"activations_limit": limits, "disabled": st.booleans(), "expires_at": expiries}
        ),
        min_size=1,
        max_size=4,
    )
)
@example(changes=[{"activations_limit": 2}, {"activations_limit": None}, {"expires_at": None}])
@example(
    changes=[{"disabled": True}, {"activations_limit": 5}, {"expires_at": far_off()}, {"disabled": False}]
)
@example(changes=[{"disabled": True, "expires_at": far_off(5), "activations_limit": 2**31 - 1}])
def test_changes(account: Account, changes: list[dict[str, object]]) -> None:
    """Any of `activations_limit`, `disabled`, `expires_at`, in any combination, once or twice; omitted means unchanged."""
    key = account.import_key(activations_limit=4, expires_at=far_off())
    held: dict[str, object] = {"activations_limit": 4, "expires_at": key["expires_at"], "status": "active"}
    for change in changes:
        held |= {name: value for name, value in change.items() if name != "disabled"}
        if "disabled" in change:
            held["status"] = "disabled" if change["disabled"] else "active"
        for _ in range(2):
            reply = account.refused(key, **change)
            if not change and not reply.ok:
                reply.fails((400, 422), why="an empty change may be refused")
            else:
                reply.fails(200, why="a change is made, once or twice")
                is_as_given(reply, **held)
            is_as_given(
                account.retrieve(key), **held, key=key["key"], instances_count=0, created_at=key["created_at"]
            )


@pytest.mark.parametrize(
    "more", [{}, {"disabled": True}, {"expires_at": far_off(5)}, {"disabled": True, "expires_at": None}]
)
def test_refused_changes_nothing(account: Account, more: dict[str, object]) -> None:
    """422 limit below the current instances: all or nothing, whatever else was asked for."""
    key = account.import_key(activations_limit=5, expires_at=far_off())
    for _ in range(3):
        account.activated(key)
    with account.unchanged(key):
        for limit in (0, 2):
            account.refused(key, activations_limit=limit, **more).fails(
                422, TOO_LOW, why="the limit is below what is in use"
            )
    is_as_given(account.update(key, activations_limit=3), activations_limit=3)
    account.activate(key).fails(422, FULL, why="the limit is reached")
    account.update(key, activations_limit=4)
    account.activated(key)
    account.update(key, activations_limit=None)
    account.activated(key)
    account.counts(key, 5)


@pytest.mark.parametrize(
    "wrong", [{"expires_at": "tomorrow"}, {"activations_limit": True}, {"disabled": "yes"}], ids=str
)
def test_malformed_changes_nothing(account: Account, wrong: dict[str, object]) -> None:
    """A change of which one field can't be read is not made in part."""
    key = account.import_key(activations_limit=5)
    good = {"disabled": True, "activations_limit": 7, "expires_at": far_off()}
    with account.unchanged(key):
        account.refused(key, **{**good, **wrong}).fails((400, 422), why="a field can't be read")


def test_changes_stay_with_their_key(account: Account) -> None:
    """A change of one key is none of another, of the same customer or of another."""
    key, twin = account.import_key(activations_limit=2), account.import_key(activations_limit=2)
    others = [twin]
    if len(account.owners) > 1:
        others.append(account.import_key(owner=account.owners[1], activations_limit=2))
    held = [account.activated(other)["id"] for other in others]
    before = [account.retrieve(other).body for other in others]
    account.update(key, disabled=True, activations_limit=9, expires_at=far_off())
    account.update(key, disabled=False)
    account.deactivate(key, account.activated(key)["id"])
    for other, known, instance in zip(others, before, held, strict=True):
        reply = account.retrieve(other)
        reply.must(reply.body == known, "a change of one key is none of another")
        account.validates(other, True, "a change of one key is none of another", instance)


def test_changes_are_listed(server: Server, account: Account) -> None:
    """What retrieve gives is what the list shows, after each change as well; filters follow."""
    key = account.import_key(activations_limit=2, expires_at=far_off())
    since = {"customer_id": key["customer_id"], "created_at_gte": key["created_at"]}
    instance = account.activated(key)["id"]
    for change in (
        {"activations_limit": 7, "expires_at": far_off(500)},
        {"disabled": True},
        {"disabled": False},
        {"expires_at": None},
        None,
    ):
        if change is None:
            account.deactivate(key, instance)
        else:
            account.update(key, **change)
        seen = account.retrieve(key)
        items, whole = server.read_all(LICENSE_KEYS, since)
        listed = next((item for item in items if item["id"] == key["id"]), None)
        if listed is None and not whole:
            return
        page = server.page(LICENSE_KEYS, {**since, "page_size": 100})
        page.must(listed is not None, "a changed key is listed")
        for name, value in seen.body.items():
            page.must(same(name, (listed or {}).get(name), value), f"the list shows changes: {name}")
        for status in ("active", "disabled", "expired"):
            page = server.page(LICENSE_KEYS, {**since, "status": status, "page_size": 100})
            is_there = key["id"] in {item["id"] for item in page.items}
            page.must(is_there is (status == seen["status"]), "the filter by status follows changes")


def test_subscriptions_have_no_expiry(server: Server, account: Account) -> None:
    """400 expiry on a subscription's key, `NO_EXPIRY_ON_SUBSCRIPTION_LICENSE_KEYS`; nothing else of the change is made."""
    name = server.settings.subscription_key
    if not name:
        raise NoDataError("no subscription's license key that may be changed: --subscription-key")
    key = server.ask(api.RETRIEVE_LICENSE_KEY, name, expect=200)
    disabled = key["status"] == "disabled"
    with account.unchanged(key):
        for more in ({}, {"disabled": not disabled}, {"activations_limit": 77}):
            account.refused(key, expires_at=far_off(), **more).fails(
                400, NO_EXPIRY, why="a subscription's key has no expiry"
            )

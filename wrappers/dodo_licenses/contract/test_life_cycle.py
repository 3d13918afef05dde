"""What of the life of a license key happens at its edges; test_state_machine.py has all the rest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import pytest

from dodo_licenses.contract.license_keys import NO_EXPIRY, Account, Key
from dodo_licenses.contract.server import MALFORMED, Server
from dodo_licenses.contract.values import EAST, NAME, NOWHERE, ODD_NAME, far_off, moment, nobody, unlike
from dodo_licenses_api import operations as api

pytestmark = pytest.mark.writes
UNKNOWN_OWNERS = {"customer_id": nobody("cus_")}, {"product_id": nobody("pdt_")}


@pytest.mark.parametrize("wrong", [*UNKNOWN_OWNERS, {"key": ""}], ids=str)
def test_refused_imports(account: Account, wrong: dict[str, str]) -> None:
    """404 (no such customer or product), or another refusal; `key` is required, and an empty one is none."""
    body = {**account.owners[0], "key": account.new_key(), **wrong}
    account.server.ask(api.CREATE_LICENSE_KEY, json=body, expect=tuple(range(400, 500)))


@pytest.mark.parametrize("zone", [UTC, EAST], ids=["UTC", "+05:30"])
def test_not_yet_expired(server: Server, account: Account, zone: tzinfo) -> None:
    """A key is valid and activated until its expiry, to the last moment."""
    key, began = account.imported(), datetime.now(UTC)
    soon = (moment(key.created_at) + timedelta(minutes=1)).astimezone(zone).isoformat()
    server.ask(api.UPDATE_LICENSE_KEY, key.id, json={"expires_at": soon}, expect=200)
    told = server.ask(api.VALIDATE_LICENSE, json={"license_key": key.text})
    made = server.ask(api.ACTIVATE_LICENSE, json={"license_key": key.text, "name": NAME})
    if datetime.now(UTC) - began > timedelta(seconds=30):
        pytest.skip("no time: replies take too long")
    told.must(told["valid"] is True, "a key is valid until its expiry, to the last moment")
    made.answers(201, why="a key is activated until its expiry, to the last moment")


def test_activations(account: Account) -> None:
    """Deactivation gives back what it released; 403 for what is not the key's; 422 limit reached, however often one tries."""
    key, other = account.imported(activations_limit=2), account.imported()
    mine, theirs = key.activated(), other.activated()
    for instance in (NOWHERE, theirs, unlike(mine)[2], mine, mine):
        key.release(instance)
    for limit in (0, 2):  # below what it had, not what it has
        key.change(activations_limit=limit)
    for _ in range(4):
        key.activate()
    other.check()


def test_names(account: Account) -> None:
    """A name is what it was given as, by activate and by update, once or twice, and for that activation alone."""
    key = account.imported()
    instance = key.activated()
    key.activate(ODD_NAME)
    for name in ("third", ODD_NAME, ODD_NAME, "x" * 200, ""):
        key.rename(instance, name)
    key.release(key.activated())


def test_long_keys(server: Server, account: Account) -> None:
    """License keys match as a whole, however much their beginnings are alike; long ones may be refused."""
    begins = account.new_key() + "X" * 90
    reply = server.ask(api.CREATE_LICENSE_KEY, json={**account.owners[0], "key": f"{begins}1"})
    if reply.status in MALFORMED:
        return
    reply.answers((200, 201), why="a key is imported")
    key, other = Key(server, reply, None, None), account.imported(key=f"{begins}2")
    key.activate()
    key.change(disabled=True)
    other.activate()
    key.check()
    for text in (begins, begins[:64], f"{begins}22"):
        unknown = server.ask(api.VALIDATE_LICENSE, json={"license_key": text}, expect=200)
        unknown.must(unknown["valid"] is False, "valid is False: license keys match as a whole")


def test_changes(account: Account) -> None:
    """Omitted means unchanged, null unlimited or never, once or twice; what is refused changes nothing; expired is expired."""
    key, newer = account.imported(activations_limit=0), account.imported()
    key.activate()
    changes: tuple[dict[str, Any], ...] = (
        {"activations_limit": 4, "expires_at": far_off()},
        {"activations_limit": 2**31 - 1},
        {"activations_limit": 2},
        {"activations_limit": 1, "disabled": True},
        {"activations_limit": 0, "expires_at": None},
        {"disabled": True},
        {"expires_at": far_off(3)},
        {"activations_limit": None},
        {"disabled": False},
        {"expires_at": None},
        *({"expires_at": far_off(-days)} for days in (400, 1, 1 / 24, 1 / 1440)),
        {"disabled": True},
        {"disabled": False},
        {"expires_at": far_off(zone=EAST)},
        {"activations_limit": 50, "disabled": True, "expires_at": far_off(5)},
    )
    for change in changes:
        for _ in range(2):
            key.change(**change)
        if "disabled" in change:  # what was listed before isn't remembered
            key.check_listed()
        key.activate()
    newer.check()


def test_subscriptions_have_no_expiry(server: Server) -> None:
    """400 expiry on a subscription's key; nothing else of the change is made."""
    name = server.settings.subscription_key
    if not name:
        pytest.skip("no subscription's license key that may be changed: --subscription-key")
    before = server.ask(api.RETRIEVE_LICENSE_KEY, name, expect=200)
    for more in ({}, {"disabled": before["status"] != "disabled"}, {"activations_limit": 77}):
        reply = server.ask(api.UPDATE_LICENSE_KEY, name, json={"expires_at": far_off(), **more})
        reply.answers(400, NO_EXPIRY, why="a subscription's key has no expiry")
    after = server.ask(api.RETRIEVE_LICENSE_KEY, name, expect=200)
    after.must(after.body == before.body, "what is refused changes nothing")

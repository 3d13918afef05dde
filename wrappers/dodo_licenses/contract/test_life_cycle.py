"""The life of a license key: imported, activated, validated, released, changed. Each rule has keys of its own.

What is seen of a key after each step is checked by `Key`.
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dodo_licenses.contract.derived import moment
from dodo_licenses.contract.examples import examples
from dodo_licenses.contract.license_keys import EAST, NAME, NO_EXPIRY, NOWHERE, Account, Key, far_off, nobody
from dodo_licenses.contract.server import MALFORMED, Server
from dodo_licenses_api import operations as api

pytestmark = pytest.mark.writes
limits = st.none() | st.integers(0, 2**31 - 1)
expiries = st.none() | st.integers(1, 3000).map(far_off) | st.just(far_off(40, EAST))
# Blanks around a name and ways to compose a letter are left out: nothing says that they are kept.
names = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S"), exclude_characters="\x00"),
    min_size=1,
    max_size=40,
).map(lambda text: unicodedata.normalize("NFC", text))


# --- importing ---------------------------------------------------------------------------------------


@examples(6)
@given(limit=limits, expires_at=expiries, tail=st.sampled_from(["", "-%", "-_x", "-ü", "-a b", "-"]))
@example(limit=0, expires_at=None, tail="aB")
@example(limit=3, expires_at=far_off(zone=EAST), tail="")
def test_imported_as_given(account: Account, limit: int | None, expires_at: str | None, tail: str) -> None:
    """`POST /license_keys` (import a key): the key as it was given, without a payment; retrieved and listed alike."""
    told = {"activations_limit": limit, "expires_at": expires_at, "key": account.new_key() + tail}
    reply = account.ask_for(**told)
    if reply.status in MALFORMED and tail not in ("", "aB"):
        return  # which characters a license key may have is not documented
    reply.answers((200, 201), why="a key is imported")
    made = {"status": "active", "instances_count": 0, "payment_id": None, **account.owners[0], **told}
    reply.shows("an imported key is as it was given", made)
    reply.must(reply.body.get("source") in (None, "import"), "an imported key has the source import")
    age = abs(datetime.now(UTC) - moment(reply["created_at"]))
    reply.must(age < timedelta(minutes=20), "created_at is now, in UTC")
    key = Key(account.server, reply, limit, expires_at)
    key.check().shows("retrieve gives what create gave", reply.body)
    key.check_listed()


@pytest.mark.parametrize("whose", ["its owner", "another"])
def test_imported_once(account: Account, whose: str) -> None:
    """409 (key already there): one string is one key, however often and for whom it is imported."""
    owner = account.owners[0] if whose == "its owner" else account.other_owner
    key = account.imported(activations_limit=1)
    for _ in range(2):
        account.ask_for(**owner, key=key.text, activations_limit=9).answers(409, why="the key is there")
    key.check()


@pytest.mark.parametrize(
    "wrong", [{"customer_id": nobody("cus_")}, {"product_id": nobody("pdt_")}, {"key": ""}], ids=str
)
def test_refused_imports(account: Account, wrong: dict[str, str]) -> None:
    """404 (no such customer or product), or another refusal; `key` is required, and an empty one is none."""
    body = {**account.owners[0], "key": account.new_key(), **wrong}
    account.server.ask(api.CREATE_LICENSE_KEY, json=body, expect=tuple(range(400, 500)))


# --- activations -------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [0, 1, 3, None])
def test_activations_end_at_the_limit(account: Account, limit: int | None) -> None:
    """422 limit reached, however often one tries, for this key and no other; null: unlimited, more than a page."""
    key, other = account.imported(activations_limit=limit), account.imported(activations_limit=1)
    for _ in range(12 if limit is None else limit + 2):
        key.activate()
    other.activate()


def test_release_frees(account: Account) -> None:
    """Deactivation lowers `instances_count`, and what it released can be used again; 403 for what is not the key's."""
    key, other = account.imported(activations_limit=2), account.imported()
    theirs = other.activated()
    for _ in range(2):
        first, second = key.activated("first"), key.activated("second")
        key.activate()
        for strange in (NOWHERE, theirs, first[:-1] + "_"):
            key.release(strange)
        for mine in (first, first, second):
            key.release(mine)
    other.check()


@examples(12)
@given(name=names)
@example(name='Žofie\'s ノート %_\\ "2" 🖥️')
@example(name="x" * 200)
@example(name="")
def test_names_are_kept(account: Account, name: str) -> None:
    """A name is what it was given as: by activate, by update (once or twice), and for that activation alone."""
    key = account.imported()
    instance = key.activated()
    if name:
        key.activate(name)
    for new in ("third", name, name):
        key.rename(instance, new)


# --- changes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [-400 * 86_400, -86_400, -3600, -60, -1])
def test_expired(account: Account, seconds: int) -> None:
    """The key is active and unexpired: from its expiry on it is neither valid nor activated, whatever else is changed."""
    key = account.imported()
    key.activate()
    past = (moment(key.created_at) + timedelta(seconds=seconds)).isoformat()
    key.change(expires_at=past)
    if not key.is_over:
        pytest.skip("an expiry in the past is refused, which is not documented")
    for disabled in (True, False, False):
        key.activate()
        key.change(disabled=disabled)
    for later in (far_off(zone=EAST), None):
        key.change(expires_at=later)
        key.activate()
    account.imported(expires_at=past).check()


@pytest.mark.parametrize("zone", [UTC, EAST], ids=["UTC", "+05:30"])
def test_not_yet_expired(server: Server, account: Account, zone: tzinfo) -> None:
    """A key is valid and activated until its expiry, to the last moment."""
    for margin in (10, 60, 600):
        key, began = account.imported(), datetime.now(UTC)
        soon = (moment(key.created_at) + timedelta(seconds=margin)).astimezone(zone).isoformat()
        server.ask(api.UPDATE_LICENSE_KEY, key.id, json={"expires_at": soon}, expect=200)
        told = server.ask(api.VALIDATE_LICENSE, json={"license_key": key.text})
        made = server.ask(api.ACTIVATE_LICENSE, json={"license_key": key.text, "name": NAME})
        if datetime.now(UTC) - began < timedelta(seconds=margin / 2):
            told.must(told["valid"] is True, "a key is valid until its expiry, to the last moment")
            made.answers(201, why="a key is activated until its expiry, to the last moment")
            return
    pytest.skip("no time: replies take minutes")


@pytest.mark.parametrize(
    "changes",
    [
        [{"disabled": True}, {"disabled": False}, {"activations_limit": None}, {"expires_at": None}, {}],
        [{"disabled": True}, {"activations_limit": 5}, {"expires_at": far_off(zone=EAST)}],
        [{"disabled": True, "expires_at": far_off(5), "activations_limit": 2**31 - 1}],
        [{"activations_limit": 0, "disabled": True}, {"activations_limit": 2, "expires_at": far_off(5)}],
        [{"activations_limit": 1}, {"activations_limit": 3}, {"activations_limit": 4}],
    ],
    ids=["alone", "disabled", "together", "refused together", "limits"],
)
def test_changes(account: Account, changes: list[dict[str, Any]]) -> None:
    """Any of the three, together, once or twice: omitted means unchanged; 422 limit below the current instances."""
    key = account.imported(activations_limit=4, expires_at=far_off())
    for _ in range(3):
        key.activate()
    for change in changes:
        for _ in range(2):
            key.change(**change)
        key.activate()


def test_changes_stay_with_their_key(account: Account) -> None:
    """A change of one key is none of another, of the same customer or of another, and the list shows it."""
    key = account.imported(activations_limit=2)
    others = [account.imported(owner, activations_limit=2) for owner in account.owners]
    for other in others:
        other.activate()
    instance = key.activated()
    limits = {"activations_limit": 9, "expires_at": far_off()}
    for change in (limits, {"disabled": True}, {"disabled": False}):
        key.change(**change)
        key.check_listed()
    key.release(instance)
    for one in (key, *others):
        one.check_listed()


def test_subscriptions_have_no_expiry(server: Server) -> None:
    """400 expiry on a subscription's key; nothing else of the change is made."""
    name = server.settings.subscription_key
    if not name:
        pytest.skip("no subscription's license key that may be changed: --subscription-key")
    before = server.ask(api.RETRIEVE_LICENSE_KEY, name, expect=200)
    for more in ({}, {"disabled": before["status"] != "disabled"}, {"activations_limit": 77}):
        body = {"expires_at": far_off(), **more}
        reply = server.ask(api.UPDATE_LICENSE_KEY, name, json=body)
        reply.answers(400, NO_EXPIRY, why="a subscription's key has no expiry")
    after = server.ask(api.RETRIEVE_LICENSE_KEY, name, expect=200)
    after.must(after.body == before.body, "what is refused changes nothing")

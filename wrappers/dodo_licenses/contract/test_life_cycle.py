"""The life of a license key: imported, activated, validated, deactivated, changed. Each rule uses keys of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dodo_licenses.contract.examples import examples
from dodo_licenses.contract.imports import NAME, NOWHERE, Account, far_off, same
from dodo_licenses.contract.server import INSTANCES, LICENSE_KEYS, NO_LICENSE_KEY, Reply, Server, moment
from dodo_licenses.contract.test_filters import EAST
from dodo_licenses_api import operations as api

pytestmark = pytest.mark.writes

INACTIVE, FULL = "INACTIVE_LICENSE_KEY", "LICENSE_KEY_LIMIT_REACHED"
TOO_LOW, NO_EXPIRY = "ACTIVATION_LIMIT_LESS_THAN_CURRENT_AMOUNT", "NO_EXPIRY_ON_SUBSCRIPTION_LICENSE_KEYS"
MALFORMED = (400, 422)
limits = st.none() | st.integers(0, 2**31 - 1)
expiries = st.none() | st.integers(1, 3000).map(far_off) | st.just(far_off(40, EAST))
# Blanks around a name and ways to compose a letter are left out: nothing says that they are kept.
names = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S"), exclude_characters="\x00"),
    min_size=1,
    max_size=40,
).filter(lambda text: text == __import__("unicodedata").normalize("NFC", text))


def is_as_given(reply: Reply, **fields: object) -> None:
    """A reply holds what was sent."""
    for name, value in fields.items():
        reply.must(same(name, reply.body.get(name), value), f"`{name}` is as it was given")


# --- importing ---------------------------------------------------------------------------------------


@examples(6)
@given(limit=limits, expires_at=expiries, tail=st.sampled_from(["", "-ab", "-%", "-_x", "-ü", "-a b", "-"]))
@example(limit=0, expires_at=None, tail="-aB")
@example(limit=3, expires_at=far_off(zone=EAST), tail="")
def test_imported_as_given(
    server: Server, account: Account, limit: int | None, expires_at: str | None, tail: str
) -> None:
    """`POST /license_keys` (import a key): the key as it was given, without a payment; retrieved and listed alike."""
    key = account.new_key() + tail
    customer_id, product_id = account.owners[0]
    owner = {"customer_id": customer_id, "product_id": product_id}
    body = {**owner, "key": key, "activations_limit": limit, "expires_at": expires_at}
    reply = server.ask(api.CREATE_LICENSE_KEY, json=body)
    if reply.status in MALFORMED and tail.strip("-aBb"):
        return  # which characters a license key may have is not documented
    reply.fails((200, 201), why="a key is imported")
    is_as_given(
        reply,
        key=key,
        customer_id=customer_id,
        product_id=product_id,
        activations_limit=limit,
        expires_at=expires_at,
        status="active",
        instances_count=0,
        payment_id=None,
    )
    reply.must(reply.body.get("source") in (None, "import"), "an imported key has the source import")
    age = abs(datetime.now(UTC) - moment(reply["created_at"]))
    reply.must(age < timedelta(minutes=20), "created_at is now, in UTC")
    again = account.retrieve(reply)
    for name, value in reply.body.items():
        again.must(same(name, again.body.get(name), value), f"retrieve gives what create gave: {name}")
    page = server.page(
        LICENSE_KEYS, {"customer_id": customer_id, "created_at_gte": reply["created_at"], "page_size": 100}
    )
    page.must(reply["id"] in {item["id"] for item in page.items}, "an imported key is listed")
    account.validates(reply, True, "an imported key is valid")


def test_imported_once(server: Server, account: Account) -> None:
    """409 (key already there): however often, and for another customer as well."""
    key = account.import_key(activations_limit=1)
    body = dict(zip(("customer_id", "product_id"), account.owners[0], strict=True))
    with account.unchanged(key):
        for owner in (body, body):
            reply = server.ask(
                api.CREATE_LICENSE_KEY, json={**owner, "key": key["key"], "activations_limit": 9}
            )
            reply.fails(409, why="the key is already there")


def test_imported_once_for_two_owners(server: Server, account: Account) -> None:
    """409 (key already there): one string is one key, whoever it is for."""
    key = account.import_key()
    customer_id, product_id = account.other_owner()
    body = {"customer_id": customer_id, "product_id": product_id, "key": key["key"]}
    with account.unchanged(key):
        server.ask(api.CREATE_LICENSE_KEY, json=body).fails(409, why="the key is another customer's")


def test_import_for_nobody(server: Server, account: Account) -> None:
    """404 (no such customer or product), or another refusal."""
    customer_id, product_id = account.owners[0]
    for owner in (
        {"customer_id": "cus_0000000000000000000000", "product_id": product_id},
        {"customer_id": customer_id, "product_id": "pdt_0000000000000000000000"},
    ):
        reply = server.ask(api.CREATE_LICENSE_KEY, json={**owner, "key": account.new_key()})
        reply.must(400 <= reply.status < 500, "a key of nobody is refused")  # noqa: PLR2004


def test_no_product_takes_an_empty_key(server: Server, account: Account) -> None:
    """`key` is required: an empty one is none."""
    body = dict(zip(("customer_id", "product_id"), account.owners[0], strict=True))
    reply = server.ask(api.CREATE_LICENSE_KEY, json={**body, "key": ""}, wrong=True)
    reply.must(400 <= reply.status < 500, "an empty license key is refused")  # noqa: PLR2004


# --- activations -------------------------------------------------------------------------------------


def test_activation_tells_whose_it_is(server: Server, account: Account) -> None:
    """201: id, business_id, created_at, license_key_id, name, customer, product. Activating twice uses two activations."""
    key = account.import_key()
    first, second = account.activated(key), account.activated(key)
    first.must(first["id"] != second["id"], "activating twice uses two activations")
    for reply in (first, second):
        is_as_given(reply, name=NAME, license_key_id=key["id"], business_id=key["business_id"])
        reply.must(
            reply["customer"]["customer_id"] == key["customer_id"], "the activation names the key's customer"
        )
        reply.must(
            reply["product"]["product_id"] == key["product_id"], "the activation names the key's product"
        )
        seen = server.ask(api.RETRIEVE_LICENSE_KEY_INSTANCE, reply["id"], expect=200)
        for name in ("id", "business_id", "created_at", "license_key_id", "name"):
            seen.must(same(name, seen[name], reply[name]), f"retrieve gives what activate gave: {name}")
    listed = {item["id"] for item in account.instances(key)}
    first.must(listed == {first["id"], second["id"]}, "activations are listed under their key")


@pytest.mark.parametrize("limit", [0, 1, 3])
def test_activations_end_at_the_limit(account: Account, limit: int) -> None:
    """422 limit reached, `LICENSE_KEY_LIMIT_REACHED`: as often as one tries, for this key and no other."""
    key, other = account.import_key(activations_limit=limit), account.import_key(activations_limit=1)
    for number in range(limit):
        account.activated(key)
        account.counts(key, number + 1)
    for _ in range(2):
        account.activate(key).fails(422, FULL, why="the limit is reached")
    account.validates(key, True, "the key is active, whatever is left of its limit")
    account.counts(key, limit)
    account.counts(other, 0)
    account.activated(other)


def test_no_limit_is_none(account: Account) -> None:
    """`activations_limit`, null: unlimited; a key may have more instances than a page."""
    key = account.import_key(activations_limit=None)
    for _ in range(12):
        account.activated(key)
    account.counts(key, 12)


def test_deactivation_frees(server: Server, account: Account) -> None:
    """Deactivation lowers `instances_count`, answers with an empty body, and what it released can be used again."""
    key = account.import_key(activations_limit=2)
    for _ in range(2):
        first, second = account.activated(key, "first"), account.activated(key, "second")
        account.activate(key).fails(422, FULL, why="the limit is reached")
        for held, rest in ((first, 1), (second, 0)):
            reply = account.deactivate(key, held["id"])
            reply.fails(200, why="an activation is released")
            reply.must(not reply.text, "the body is empty")
            account.counts(key, rest)
            account.validates(key, False, "an activation that is gone is not valid", held["id"])
            server.ask(api.RETRIEVE_LICENSE_KEY_INSTANCE, held["id"]).fails(404, why="the activation is gone")
            account.validates(key, bool(rest), "the other activation stays", second["id"])
            account.deactivate(key, held["id"]).fails(403, why="the activation is gone")
        account.validates(key, True, "the key itself stays valid")


def test_deactivation_of_what_is_not_there(server: Server, account: Account) -> None:
    """403 instance unknown or of another key, 404 unknown key; nothing is changed."""
    key, other = account.import_key(), account.import_key()
    mine, theirs = account.activated(key), account.activated(other)
    for name in (NOWHERE, theirs["id"], mine["id"][:-1] + "_", "%"):
        account.deactivate(key, name).fails(
            (403, 422) if "_" not in name[:4] else 403, why="it is not the key's activation"
        )
    body = {"license_key": NO_LICENSE_KEY, "license_key_instance_id": mine["id"]}
    server.ask(api.DEACTIVATE_LICENSE, json=body).fails(404, why="there is no such key")
    account.counts(key, 1)
    account.counts(other, 1)


@examples(12)
@given(name=names)
@example(name='Žofie\'s ノート %_\\ "2" 🖥️')
@example(name="x" * 200)
def test_names_are_kept(server: Server, account: Account, name: str) -> None:
    """A name is what it was given as: by activate, by update (once or twice), and however it is looked at."""
    key = account.import_key()
    second, first = account.activated(key), account.activate(key, name)
    if first.status in MALFORMED:
        return  # which names are refused is not documented; none is changed
    first.fails(201, why="an active key with an activation left is activated")
    is_as_given(first, name=name)
    for _ in range(2):
        reply = server.ask(api.UPDATE_LICENSE_KEY_INSTANCE, second["id"], json={"name": name}, expect=200)
        is_as_given(
            reply, name=name, id=second["id"], created_at=second["created_at"], license_key_id=key["id"]
        )
    for instance in (first, second):
        is_as_given(server.ask(api.RETRIEVE_LICENSE_KEY_INSTANCE, instance["id"], expect=200), name=name)
    page = server.page(INSTANCES, {"license_key_id": key["id"]})
    page.must({item["name"] for item in page.items} == {name}, "the list shows names as they were given")
    account.validates(key, True, "an activation holds under another name", second["id"])


def test_a_name_stays_with_its_instance(server: Server, account: Account) -> None:
    """Renaming one activation renames no other, and a name that was refused changes nothing."""
    key = account.import_key()
    first, second = account.activated(key, "first"), account.activated(key, "second")
    server.ask(api.UPDATE_LICENSE_KEY_INSTANCE, first["id"], json={"name": "third"}, expect=200)
    for name in ("", "fourth"):
        reply = server.ask(api.UPDATE_LICENSE_KEY_INSTANCE, first["id"], json={"name": name})
        seen = server.ask(api.RETRIEVE_LICENSE_KEY_INSTANCE, first["id"], expect=200)
        seen.must(seen["name"] == (name if reply.ok else "third"), "a name is changed, or refused")
    is_as_given(server.ask(api.RETRIEVE_LICENSE_KEY_INSTANCE, second["id"], expect=200), name="second")

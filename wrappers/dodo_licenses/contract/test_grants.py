"""Entitlement grants: their license keys, seen from both sides, and what revoking and fulfilling do.

Pages and filters of grants are judged as those of every listing are.
"""

from __future__ import annotations

import pytest

from dodo_licenses.contract.derived import listings
from dodo_licenses.contract.findings import NoDataError
from dodo_licenses.contract.imports import Account, same
from dodo_licenses.contract.server import INSTANCES, Item, Reply, Server
from dodo_licenses_api import operations as api

GRANTS = next(listing for listing in listings() if listing.operation is api.LIST_ENTITLEMENT_GRANTS)
ENTITLEMENTS = next(listing for listing in listings() if listing.operation is api.LIST_ENTITLEMENTS)
OF_CUSTOMER = next(
    listing for listing in listings() if listing.operation is api.LIST_CUSTOMER_ENTITLEMENT_GRANTS
)


def grants(server: Server, only: tuple[str, ...] = ()) -> list[Item]:
    """Grants of every entitlement, or those with these ids."""
    found = []
    for entitlement in server.items(ENTITLEMENTS)[0][: 5 if server.settings.few else 30]:
        query = {"page_size": 100}
        page = server.ask(api.LIST_ENTITLEMENT_GRANTS, entitlement["id"], query=query, expect=200)
        found += [grant for grant in page.items if not only or grant["id"] in only]
    if not found:
        raise NoDataError("no entitlement grant" + (" with these ids: --grant" if only else ""))
    return found


def ours(server: Server, status: str) -> Item:
    """A grant that may be changed, in this state."""
    if not server.settings.grants:
        raise NoDataError("no entitlement grant that may be changed: --grant")
    found = [grant for grant in grants(server, server.settings.grants) if grant["status"].lower() == status]
    if not found:
        raise NoDataError(f"no {status} entitlement grant among those of --grant")
    return found[0]


def seen(server: Server, grant: Item) -> Item:
    """A grant as it is listed now."""
    return next(one for one in grants(server, (grant["id"],)))


def license_key(server: Server, grant: Item) -> Reply:
    """The license key of a grant, as it is retrieved."""
    held = grant.get("license_key") or {}
    if not held.get("id"):
        raise NoDataError("no entitlement grant that names its license key")
    return server.ask(
        api.RETRIEVE_LICENSE_KEY, held["id"], expect=200, says="the license key of a grant is there"
    )


def test_license_keys_of_grants(server: Server) -> None:
    """A grant's `license_key`: its id, key, limit, expiry and live count are those of the license key."""
    held = [grant for grant in grants(server) if (grant.get("license_key") or {}).get("id")]
    for grant in server.sample(held, 4):
        key, told = license_key(server, grant), grant["license_key"]
        names = {"activations_used": "instances_count"}
        for name in ("id", "key", "activations_limit", "expires_at", "activations_used"):
            other = names.get(name, name)
            key.must(
                same(other, told.get(name), key.body.get(other)),
                f"a grant shows its license key as it is: {name}",
            )
        key.must(
            grant["customer_id"] == key["customer_id"], "a grant and its license key are of one customer"
        )
        by_grant, by_key = (
            {item["id"] for item in server.read_all(INSTANCES, {name: value})[0]}
            for name, value in (("grant_id", grant["id"]), ("license_key_id", key["id"]))
        )
        key.must(by_grant == by_key, "grant_id lists the activations of the grant's license key")


def test_grants_of_customers(server: Server) -> None:
    """`GET /customers/{customer_id}/entitlement-grants`: those that the entitlements list for the customer."""
    for grant in server.sample(grants(server), 2):
        of_customer: list[str] = []
        for number in range(10):
            query = {"page_size": 100, "page_number": number}
            page = server.ask(
                api.LIST_CUSTOMER_ENTITLEMENT_GRANTS, grant["customer_id"], query=query, expect=200
            )
            of_customer += [item["id"] for item in page.items]
            if len(page.items) < 100:  # noqa: PLR2004
                page.must(grant["id"] in of_customer, "a customer's grants are listed under the customer")
                break


@pytest.mark.writes
def test_fulfilling(server: Server, account: Account) -> None:
    """`POST /grants/{grant_id}/license-key`: the key as it was given; 409 once it is fulfilled, and nothing is changed."""
    grant, key = ours(server, "pending"), account.new_key()
    body = {"key": key, "activations_limit": 3}
    reply = server.ask(
        api.FULFILL_LICENSE_KEY_GRANT, grant["id"], json=body, expect=200, says="a grant is fulfilled"
    )
    reply.must(reply["status"].lower() == "delivered", "a fulfilled grant is delivered")
    reply.must((reply["license_key"] or {}).get("key") == key, "the license key is as it was given")
    retrieved = license_key(server, seen(server, grant))
    retrieved.must(retrieved.body.get("activations_limit") == 3, "the limit is as it was given")  # noqa: PLR2004
    account.validates(retrieved, True, "a key that fulfils a grant is valid")
    before = seen(server, grant)
    for other in (key, account.new_key()):
        server.ask(api.FULFILL_LICENSE_KEY_GRANT, grant["id"], json={"key": other}).fails(
            409, why="it is fulfilled"
        )
    reply.must(seen(server, grant)["license_key"] == before["license_key"], "a grant is fulfilled once")


@pytest.mark.writes
def test_revoking(server: Server, account: Account) -> None:
    """`DELETE …/grants/{grant_id}` disables the license key, and is idempotent; other grants stay as they are."""
    grant = ours(server, "delivered")
    key = license_key(server, grant)
    account.validates(key, True, "the license key of a delivered grant is valid")
    others = {one["id"]: one["status"] for one in grants(server) if one["id"] != grant["id"]}
    path = {"id": grant["entitlement_id"], "grant_id": grant["id"]}
    first = server.ask(api.REVOKE_ENTITLEMENT_GRANT, path, expect=200, says="a grant is revoked")
    again = server.ask(
        api.REVOKE_ENTITLEMENT_GRANT, path, expect=200, says="a grant is revoked, once or twice"
    )
    for reply in (first, again):
        reply.must(reply["status"].lower() == "revoked", "a revoked grant is revoked")
        same_moment = same("revoked_at", reply.body.get("revoked_at"), first.body.get("revoked_at"))
        reply.must(same_moment, "revoking again changes nothing")
    account.retrieve(key).must(
        account.retrieve(key)["status"] == "disabled", "revoking disables the license key"
    )
    account.validates(key, False, "the license key of a revoked grant is not valid")
    stay = {one["id"]: one["status"] for one in grants(server) if one["id"] != grant["id"]}
    again.must(stay == others, "revoking one grant is none of another")

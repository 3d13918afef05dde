"""Entitlement grants: their license keys, seen from both sides, and what revoking and fulfilling do.

Pages and filters of grants are judged as those of every listing are.
"""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from dodo_licenses.contract.license_keys import Account, Key
from dodo_licenses.contract.server import LARGEST_PAGE, Item, Reply, Server
from dodo_licenses.contract.values import far_off, moment, nobody
from dodo_licenses_api import operations as api
from dodo_licenses_api.models import EntitlementGrantStatus

WHOLE = {"page_size": LARGEST_PAGE}
DAYS = {"Day": 1, "Week": 7, "Month": 30.4, "Year": 365.25}


def grants(server: Server) -> dict[str, Item]:
    """Grants of every entitlement, by their ids."""
    found: dict[str, Item] = {}
    for entitlement in server.items(api.LIST_ENTITLEMENTS)[: 5 if server.settings.few else 30]:
        page = server.ask(api.LIST_ENTITLEMENT_GRANTS, entitlement["id"], query=WHOLE, expect=200)
        found |= {grant["id"]: grant for grant in page.items}
    return found or pytest.skip("no entitlement grant")


def ours(server: Server, status: str) -> Item:
    """A grant that may be changed, in this state."""
    for name, grant in grants(server).items() if server.settings.grant else ():
        if name in server.settings.grant and grant["status"].lower() == status:
            return grant
    pytest.skip(f"no {status} entitlement grant that may be changed: --grant")


def see_both(server: Server, grant: Item) -> Reply:
    """The license key of a grant, as it is retrieved: the grant shows it as it is."""
    key, told = license_key(server, grant), grant["license_key"]
    wanted = {name: told.get(name) for name in ("id", "key", "activations_limit", "expires_at")}
    wanted |= {"instances_count": told["activations_used"], "customer_id": grant["customer_id"]}
    key.shows("a grant shows its license key as it is", wanted)
    return key


def check_listed(server: Server, grant: Item) -> None:
    """Both lists show a grant as it is, under the filter by its status and under no other."""
    lists = (
        (api.LIST_ENTITLEMENT_GRANTS, "entitlement_id"),
        (api.LIST_CUSTOMER_ENTITLEMENT_GRANTS, "customer_id"),
    )
    for (operation, of), status in itertools.product(lists, EntitlementGrantStatus):
        page = server.ask(operation, grant[of], query=WHOLE | {"status": str(status)}, expect=200)
        found = [one for one in page.items if one["id"] == grant["id"]]
        wanted = status.lower() == grant["status"].lower()
        page.must(
            bool(found) is wanted or len(page.items) == LARGEST_PAGE, "the filter by status follows changes"
        )
        for one in [one for one in found if one.get("license_key")]:
            see_both(server, one)


def license_key(server: Server, grant: Item) -> Reply:
    """The license key of a grant, as it is retrieved."""
    held = (grant.get("license_key") or {}).get("id") or pytest.skip("no grant that names its license key")
    return server.ask(api.RETRIEVE_LICENSE_KEY, held, expect=200, why="it is the key of a grant")


def test_license_keys_of_grants(server: Server) -> None:
    """A grant's `license_key`: its id, key, limit, expiry and live count are those of the license key."""
    for grant in server.sample([one for one in grants(server).values() if one.get("license_key")], 4):
        check_listed(server, grant)
        key = license_key(server, grant)
        own, other = {"license_key_id": key["id"]}, {"license_key_id": nobody("lic_")}
        mine = {item["id"] for item in server.read(api.LIST_LICENSE_KEY_INSTANCES, own, size=1).items}
        for more, wanted in (({}, mine), (own, mine), (other, set())):
            listed = server.read(api.LIST_LICENSE_KEY_INSTANCES, {"grant_id": grant["id"], **more}, size=1)
            is_right = {item["id"] for item in listed.items} == wanted
            names = " and ".join(["grant_id", *more])
            listed.pages[0].must(is_right, f"{names} lists the activations of the grant's license key")


def is_due(expires_at: str | None, grant: Item, config: Item) -> bool:
    """Whether a key just given to a grant expires as its entitlement says; from when that counts is open to a server."""
    if grant.get("subscription_id"):
        return True  # a subscription's key has no expiry of its own, whatever its entitlement says
    days = (config.get("duration_count") or 0) * DAYS.get(config.get("duration_interval") or "Day", 0)
    if not days or expires_at is None:
        return not days and expires_at is None
    lasts, slack = timedelta(days=days), timedelta(days=2 + days / 50)
    return moment(grant["created_at"]) - slack < moment(expires_at) - lasts < datetime.now(UTC) + slack


@pytest.mark.writes
def test_fulfilling(server: Server, account: Account) -> None:
    """`POST /grants/{grant_id}/license-key`: `key` trimmed, limit and expiry the entitlement's; 409 fulfilled, or the key exists."""
    grant = ours(server, "pending")
    name, text = grant["id"], account.new_key()
    (config,) = (
        of["integration_config"]
        for of in server.items(api.LIST_ENTITLEMENTS)
        if of["id"] == grant["entitlement_id"]
    )
    reply = server.ask(api.FULFILL_LICENSE_KEY_GRANT, name, json={"key": f" {text}\t"}, expect=200)
    before = grants(server)
    statuses = {reply["status"].lower(), before[name]["status"].lower()}
    reply.must(statuses == {"delivered"}, "a fulfilled grant is delivered")
    found = see_both(server, before[name])
    found.must(found["key"] == text, "the license key is as it was given, trimmed")
    found.must(is_due(found.body.get("expires_at"), grant, config), "expires_at is the entitlement's")
    key = Key(server, found, config.get("activations_limit"), found.body.get("expires_at"))
    key.activate()
    see_both(server, grants(server)[name])
    for instance in [*key.instances]:
        key.release(instance)
    key.change(activations_limit=7)
    before = grants(server)
    check_listed(server, before[name])
    pending = [n for n, one in before.items() if one["status"].lower() == "pending"]
    free = [n for n in pending if n in server.settings.grant]
    for which in (name, *free[:1]):
        for other in (text, f"{text} ", *[account.new_key()] * (which == name)):
            again = server.ask(api.FULFILL_LICENSE_KEY_GRANT, which, json={"key": other})
            again.answers(409, why="it is fulfilled, or the key exists")
    after = grants(server)
    again.must(
        all(after[n] == one for n, one in before.items() if n in after and n != name),
        "what is refused changes nothing",
    )
    again.must(after[name]["license_key"]["key"] == text, "a grant is fulfilled once")
    if len(free) > 1:  # other rules need one that stays
        text, ends = account.new_key(), far_off()
        body = {"key": text, "activations_limit": 2, "expires_at": ends}
        server.ask(api.FULFILL_LICENSE_KEY_GRANT, free[0], json=body, expect=200, why="it is still pending")
        Key(server, see_both(server, grants(server)[free[0]]), 2, ends).check()


@pytest.mark.writes
def test_revoking(server: Server) -> None:
    """`DELETE …/grants/{grant_id}` disables the license key, as disabling revokes; idempotent, and of no other grant."""
    grant = ours(server, "delivered")
    key = Key.listed(server, license_key(server, grant).body)
    server.gate.ours |= {key.id, key.text}  # which is disabled in any case
    for disabled, status in ((True, "revoked"), (False, "delivered")):
        key.change(disabled=disabled)
        before = grants(server)
        told = license_key(server, before[grant["id"]])
        is_right = before[grant["id"]]["status"].lower() == status
        told.must(is_right, "disabling a key revokes its grant, enabling restores it")
    path = {"id": grant["entitlement_id"], "grant_id": grant["id"]}
    first, again = (server.ask(api.REVOKE_ENTITLEMENT_GRANT, path, expect=200) for _ in range(2))
    first.must(first["status"].lower() == "revoked", "a revoked grant is revoked")
    again.shows("revoking again changes nothing", {name: first[name] for name in ("status", "revoked_at")})
    key.disabled = True
    key.activate()
    after = grants(server)
    changed = {
        name for name, was in before.items() if name in after and after[name]["status"] != was["status"]
    }
    again.must(changed == {grant["id"]}, "revoking one grant is none of another")

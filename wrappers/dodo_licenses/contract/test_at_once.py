"""Two at once: the last activation, one string imported twice, one activation released twice, two changes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from dodo_licenses.contract.license_keys import NAME, Account, Key, far_off
from dodo_licenses.contract.server import Reply, Server
from dodo_licenses_api import operations as api
from dodo_licenses_api.operations import Operation

pytestmark = pytest.mark.writes
CALLERS = 6


def at_once(server: Server, operation: Operation[Any], *bodies: Any, of: str | None = None) -> list[Reply]:
    """The replies to requests that are under way together."""
    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(lambda body: server.ask(operation, of, json=body), bodies))


def one_of(replies: list[Reply], says: str) -> Reply:
    """The one that succeeds; which of them isn't documented."""
    won = [reply for reply in replies if reply.ok]
    (won or replies)[-1].must(len(won) == 1, says)
    return won[0]


@pytest.mark.parametrize("taken", [0, 2])
def test_last_activation(server: Server, account: Account, taken: int) -> None:
    """422 limit reached: who wins the last activation is not documented, but one does."""
    key = account.imported(activations_limit=taken + 1)
    for _ in range(taken):
        key.activate()
    replies = at_once(server, api.ACTIVATE_LICENSE, *[{"license_key": key.text, "name": NAME}] * CALLERS)
    key.instances[one_of(replies, "the last activation is given once")["id"]] = NAME
    key.check()


def test_one_string(server: Server, account: Account) -> None:
    """409 (key already there): of several imports of one string at once, one succeeds."""
    body = {**account.owners[0], "key": account.new_key()}
    one = one_of(at_once(server, api.CREATE_LICENSE_KEY, *[body] * CALLERS), "one string is imported once")
    Key(server, one, None, None).check()


def test_one_activation(server: Server, account: Account) -> None:
    """403 instance unknown: of several that give one activation back at once, one does."""
    key = account.imported(activations_limit=3)
    instance = key.activated()
    key.activate()
    body = {"license_key": key.text, "license_key_instance_id": instance}
    one_of(at_once(server, api.DEACTIVATE_LICENSE, *[body] * CALLERS), "an activation is released once")
    del key.instances[instance]
    key.check()


def test_two_changes(server: Server, account: Account) -> None:
    """Omitted means unchanged: of two changes at once none undoes the other."""
    for limit in (3, 8):
        key = account.imported(activations_limit=1)
        key.limit, key.disabled, key.expires_at = limit, True, far_off(limit)
        changes = {"activations_limit": limit}, {"disabled": True}, {"expires_at": key.expires_at}
        at_once(server, api.UPDATE_LICENSE_KEY, *changes, of=key.id)
        key.check()

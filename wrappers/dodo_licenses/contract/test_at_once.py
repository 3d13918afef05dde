"""Two at once: the last activation, one string imported twice, one activation released twice, two changes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from dodo_licenses.contract.license_keys import Account, Key
from dodo_licenses.contract.server import Reply, Server
from dodo_licenses.contract.values import NAME, far_off
from dodo_licenses_api import operations as api
from dodo_licenses_api.operations import Operation

pytestmark = pytest.mark.writes
ONCE = (api.ACTIVATE_LICENSE, api.CREATE_LICENSE_KEY, api.DEACTIVATE_LICENSE)


def at_once(server: Server, operation: Operation[Any], *bodies: Any, of: str | None = None) -> list[Reply]:
    """The replies to requests that are under way together."""
    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(lambda body: server.ask(operation, of, json=body), bodies))


@pytest.mark.parametrize("taken", [1, 3])
@pytest.mark.parametrize("operation", ONCE, ids=lambda operation: operation.id)
def test_one_of_many(server: Server, account: Account, operation: Operation[Any], taken: int) -> None:
    """The last activation, an activation given back, and a string are there once; who wins is not documented."""
    key = account.imported(activations_limit=taken + (operation is api.ACTIVATE_LICENSE))
    instance, *_ = [key.activated() for _ in range(taken)]
    values = {"license_key": key.text, "license_key_instance_id": instance, "name": NAME}
    values |= {**account.owners[0], "key": account.new_key()}
    body = {p.name: values[p.name] for p in operation.parameters if p.name in values}
    replies = at_once(server, operation, *[body] * 6)
    won = [reply for reply in replies if reply.ok]
    (won or replies)[-1].must(len(won) == 1, "of several requests for one thing at once one succeeds")
    if operation is api.ACTIVATE_LICENSE:
        key.instances[won[0]["id"]] = NAME
    elif operation is api.DEACTIVATE_LICENSE:
        del key.instances[instance]
    else:
        Key(server, won[0], None, None).check()
    key.check()


def test_two_changes(server: Server, account: Account) -> None:
    """Omitted means unchanged: of two changes at once none undoes the other."""
    for limit in (3, 8):
        key = account.imported(activations_limit=1)
        key.limit, key.disabled, key.expires_at = limit, True, far_off(limit)
        changes = {"activations_limit": limit}, {"disabled": True}, {"expires_at": key.expires_at}
        at_once(server, api.UPDATE_LICENSE_KEY, *changes, of=key.id)
        key.check()

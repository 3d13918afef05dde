"""Two at once: the last activation, one string imported twice, one activation released twice, two changes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from dodo_licenses.contract.imports import Account, far_off
from dodo_licenses.contract.server import Reply, Server
from dodo_licenses_api import operations as api

pytestmark = pytest.mark.writes
CALLERS = 6


def at_once(*asked: Callable[[], Reply]) -> list[Reply]:
    """The replies to requests that are under way together."""
    with ThreadPoolExecutor(len(asked)) as pool:
        return [future.result() for future in [pool.submit(one) for one in asked]]


def one_succeeds(replies: list[Reply], says: str) -> Reply:
    """Just one of them succeeds; which one isn't documented."""
    won = [reply for reply in replies if reply.ok]
    replies[0].must(won, f"{says}, and came: nobody")
    won[-1].must(len(won) == 1, says)
    return won[0]


@pytest.mark.parametrize("taken", [0, 2])
def test_last_activation(account: Account, taken: int) -> None:
    """422 limit reached: who wins the last activation is not documented, but one does."""
    key = account.import_key(activations_limit=taken + 1)
    for _ in range(taken):
        account.activated(key)
    replies = at_once(*[lambda: account.activate(key)] * CALLERS)
    one_succeeds(replies, "the last activation is given once")
    account.counts(key, taken + 1)


def test_one_string(server: Server, account: Account) -> None:
    """409 (key already there): of several imports of one string at once, one succeeds."""
    body = dict(zip(("customer_id", "product_id"), account.owners[0], strict=True)) | {
        "key": account.new_key()
    }
    replies = at_once(*[lambda: server.ask(api.CREATE_LICENSE_KEY, json=body)] * CALLERS)
    one_succeeds(replies, "one string is imported once")


def test_one_activation(account: Account) -> None:
    """403 instance unknown: of several that give one activation back at once, one does."""
    key = account.import_key(activations_limit=3)
    instance = account.activated(key)["id"]
    account.activated(key)
    one_succeeds(
        at_once(*[lambda: account.deactivate(key, instance)] * CALLERS), "an activation is released once"
    )
    account.counts(key, 1)


def test_two_changes(account: Account) -> None:
    """Omitted means unchanged: of two changes at once none undoes the other."""
    for limit in (3, 8):
        key, ends = account.import_key(activations_limit=1), far_off(limit)
        replies = at_once(
            partial(account.update, key, activations_limit=limit),
            partial(account.update, key, disabled=True),
            partial(account.update, key, expires_at=ends),
        )
        seen = account.retrieve(replies[0])
        kept = (seen.body.get("activations_limit"), seen["status"]) == (limit, "disabled") and seen.body.get(
            "expires_at"
        )
        seen.must(kept, "of two changes at once none undoes the other")

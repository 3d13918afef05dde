"""Whatever happens in whatever order: a model of a few keys goes along with the server.

What the documentation leaves open (the status of a key that is both disabled and expired, whether an inactive one can
be deactivated) is not walked into.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from dodo_licenses.contract.examples import settings_of
from dodo_licenses.contract.imports import NOWHERE, Account, far_off, same
from dodo_licenses.contract.server import INSTANCES, LICENSE_KEYS, Reply, Server, moment
from dodo_licenses.contract.test_life_cycle import FULL, INACTIVE, MALFORMED, TOO_LOW
from dodo_licenses_api import operations as api


@dataclass
class Model:
    """What a key must be by now."""

    reply: Reply
    limit: int | None
    disabled: bool = False
    expires_at: str | None = None
    instances: dict[str, str] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)

    @property
    def over(self) -> bool:
        """Whether it expired."""
        return self.expires_at is not None and moment(self.expires_at) < moment(self.reply["created_at"])

    @property
    def status(self) -> str:
        """Its status."""
        return "disabled" if self.disabled else "expired" if self.over else "active"


class Life(RuleBasedStateMachine):
    """A few keys of one or two customers."""

    account: Account

    def __init__(self) -> None:
        super().__init__()
        owners = (self.account.owners * 2)[:2]
        self.keys = [
            Model(self.account.import_key(owner=owner, activations_limit=limit), limit)
            for owner, limit in zip(owners, (2, None), strict=True)
        ]
        self.touched = self.keys[0]

    @property
    def server(self) -> Server:
        """The server."""
        return self.account.server

    def _pick(self, number: int) -> tuple[Model, Model]:
        self.touched = self.keys[number]
        return self.keys[number], self.keys[1 - number]

    @rule(number=st.integers(0, 1), times=st.integers(1, 2))
    def activate(self, number: int, times: int) -> None:
        """Up to the limit."""
        key, _ = self._pick(number)
        for _ in range(times):
            reply = self.account.activate(key.reply, f"contract test {len(key.gone)}")
            if key.status != "active":
                reply.fails(403, INACTIVE, why=f"the key is {key.status}")
            elif key.limit is not None and len(key.instances) >= key.limit:
                reply.fails(422, FULL, why="the limit is reached")
            else:
                reply.fails(201, why="an active key with an activation left is activated")
                key.instances[reply["id"]] = f"contract test {len(key.gone)}"

    @rule(number=st.integers(0, 1), data=st.data())
    def deactivate(self, number: int, data: st.DataObject) -> None:
        """Its own instance, one that is gone, another key's or none at all."""
        key, other = self._pick(number)
        name = data.draw(st.sampled_from([*key.instances, *key.gone, *other.instances, NOWHERE]))
        if name in key.instances and key.status == "active":
            self.account.deactivate(key.reply, name).fails(200, why="an activation is released")
            key.instances.pop(name)
            key.gone.append(name)
        elif name not in key.instances:
            self.account.deactivate(key.reply, name).fails(403, why="it is not the key's activation")

    @rule(number=st.integers(0, 1), data=st.data())
    def validate(self, number: int, data: st.DataObject) -> None:
        """With any instance, and without."""
        key, other = self._pick(number)
        name = data.draw(st.sampled_from([None, *key.instances, *key.gone, *other.instances, NOWHERE]))
        holds = key.status == "active" and (name is None or name in key.instances)
        self.account.validates(key.reply, holds, f"valid is {holds}: the key is {key.status}", name)

    @precondition(lambda self: not all(key.over for key in self.keys))
    @rule(number=st.integers(0, 1), disabled=st.booleans())
    def disable(self, number: int, disabled: bool) -> None:
        """Or enable, whether it is or not."""
        key, _ = self._pick(number)
        if not key.over:
            key.disabled = disabled
            self.account.update(key.reply, disabled=disabled)

    @rule(number=st.integers(0, 1), limit=st.none() | st.integers(0, 4))
    def limit(self, number: int, limit: int | None) -> None:
        """Not below what is in use."""
        key, _ = self._pick(number)
        reply = self.account.refused(key.reply, activations_limit=limit)
        if limit is not None and limit < len(key.instances):
            reply.fails(422, TOO_LOW, why="the limit is below what is in use")
        else:
            key.limit = limit
            reply.fails(200, why="a limit is changed")

    @rule(number=st.integers(0, 1), days=st.sampled_from([None, -1, 400]))
    def expire(self, number: int, days: int | None) -> None:
        """Or not, or no more."""
        key, _ = self._pick(number)
        if not key.disabled:
            past = (moment(key.reply["created_at"]) - timedelta(days=1)).isoformat()
            expires_at = None if days is None else past if days < 0 else far_off(days)
            reply = self.account.refused(key.reply, expires_at=expires_at)
            if not (expires_at == past and reply.status in MALFORMED):
                reply.fails(200, why="an expiry is changed")
                key.expires_at = expires_at

    @rule(number=st.integers(0, 1), name=st.text("abc %_ü", min_size=3).map(lambda text: f"x{text}x"))
    def rename(self, number: int, name: str) -> None:
        """An instance."""
        key, _ = self._pick(number)
        for instance in list(key.instances)[:1]:
            reply = self.server.ask(api.UPDATE_LICENSE_KEY_INSTANCE, instance, json={"name": name})
            if reply.status not in MALFORMED:
                reply.fails(200, why="an activation is renamed")
                key.instances[instance] = name

    @invariant()
    def looks_as_it_must(self) -> None:
        """Everything that can be seen of a key is as the model has it."""
        key = self.touched
        reply = self.account.retrieve(key.reply)
        lags = key.over and not key.disabled and reply["status"] == "active"
        reply.must(lags or reply["status"] == key.status, "`status` follows what happened")
        for name, value in (("activations_limit", key.limit), ("expires_at", key.expires_at)):
            reply.must(same(name, reply.body.get(name), value), f"`{name}` follows what happened")
        reply.must(
            reply["instances_count"] == len(key.instances),
            "instances_count is the live number of activations",
        )
        page = self.server.page(INSTANCES, {"license_key_id": key.reply["id"], "page_size": 100})
        page.must(
            {i["id"]: i["name"] for i in page.items} == key.instances, "the live activations are listed"
        )
        for name in key.gone[-1:]:
            self.server.ask(api.RETRIEVE_LICENSE_KEY_INSTANCE, name).fails(404, why="the activation is gone")

    def teardown(self) -> None:
        """Each filter by status shows the keys that have it."""
        for key in self.keys:
            since = {"created_at_gte": key.reply["created_at"], "customer_id": key.reply["customer_id"]}
            for status in () if key.over else ("active", "disabled", "expired"):
                page = self.server.page(LICENSE_KEYS, {**since, "status": status, "page_size": 100})
                listed = key.reply["id"] in {item["id"] for item in page.items}
                full = len(page.items) == 100  # noqa: PLR2004 - there may be more
                page.must(
                    full or listed is (status == key.status), "the filter by status follows what happened"
                )


@pytest.mark.writes
def test_life(server: Server, account: Account) -> None:
    """Whatever happens in whatever order, a license key is what it made of it."""
    run_state_machine_as_test(type("Life", (Life,), {"account": account}), settings=settings_of(6, steps=20))

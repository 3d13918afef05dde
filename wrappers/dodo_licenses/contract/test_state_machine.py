"""Whatever happens in whatever order: a model of two keys goes along with the server.

What the documentation leaves open (the status of a key that is both disabled and expired, whether an inactive one can
be deactivated) is not walked into.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from dodo_licenses.contract.derived import has_passed
from dodo_licenses.contract.examples import examples
from dodo_licenses.contract.license_keys import NAME, NOWHERE, Account, far_off

which = st.integers(0, 1)
changes = st.fixed_dictionaries(
    {},
    optional={
        "activations_limit": st.none() | st.integers(0, 4),
        "disabled": st.booleans(),
        "expires_at": st.sampled_from([None, far_off(-1), far_off()]),
    },
)


class Life(RuleBasedStateMachine):
    """Two keys, of two customers if there are two; `Key` checks what is seen of them."""

    account: Account

    def __init__(self) -> None:
        super().__init__()
        owners = (self.account.owners * 2)[:2]
        self.keys = [
            self.account.imported(owner, activations_limit=limit)
            for owner, limit in zip(owners, (2, None), strict=True)
        ]

    @rule(number=which, times=st.integers(1, 2))
    def activate(self, number: int, times: int) -> None:
        """Up to the limit."""
        for _ in range(times):
            self.keys[number].activate()

    @rule(number=which, data=st.data())
    def release(self, number: int, data: st.DataObject) -> None:
        """Its own instance, one that is gone, another key's, or one that never was."""
        key, other = self.keys[number], self.keys[1 - number]
        names = [*key.instances, *key.gone, *other.instances, NOWHERE]
        instance = data.draw(st.sampled_from(names))
        if key.status == "active" or instance not in key.instances:
            key.release(instance)

    @rule(number=which, changes=changes)
    def change(self, number: int, changes: dict[str, Any]) -> None:
        """Any of what can be changed, in any combination."""
        key = self.keys[number]
        ends = {"expires_at": changes.get("expires_at", key.expires_at)}
        if not (changes.get("disabled", key.disabled) and has_passed(ends)):
            key.change(**changes)

    @rule(number=which, name=st.text("abc %_ü", min_size=1).map(lambda text: f"{NAME}{text}x"))
    def rename(self, number: int, name: str) -> None:
        """An instance."""
        for instance in list(self.keys[number].instances)[:1]:
            self.keys[number].rename(instance, name)

    def teardown(self) -> None:
        """Lists and filters show what became of each, and of the one that nobody touched last."""
        for key in self.keys:
            key.check_listed()


@pytest.mark.writes
def test_life(account: Account) -> None:
    """Whatever happens in whatever order, a license key is what it made of it."""
    run_state_machine_as_test(type("Life", (Life,), {"account": account}), settings=examples(6, steps=20))

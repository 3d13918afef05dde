"""Whatever happens in whatever order, once or twice: models of two keys go along with the server.

Whether an inactive key's activations can be released is not documented, so it isn't walked into.
"""

from __future__ import annotations

import itertools
import sys
import unicodedata
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from dodo_licenses.contract.license_keys import Account, Key, Owner
from dodo_licenses.contract.values import EAST, NAME, NOWHERE, ODD_NAME, examples, far_off, unlike
from dodo_licenses_api import operations as api

which = st.integers(0, 1)
twice = st.integers(1, 2)
later = st.sampled_from([None, far_off(1), far_off(zone=EAST)])
past = st.sampled_from([-400, -1, -1 / 24, -1 / 1440]).map(far_off)
limits = st.sampled_from([None, 0, 1, 2, 3, 4, 2**31 - 1])
imports = st.fixed_dictionaries({"activations_limit": limits, "expires_at": later})
changes = st.fixed_dictionaries(
    {}, optional={"activations_limit": limits, "disabled": st.booleans(), "expires_at": later | past}
)
# Blanks around a name and ways to compose a letter are left out: nothing says that they are kept.
letters = st.characters(codec="utf-8", categories=("L", "N", "P", "S"))
names = st.text(letters, min_size=1, max_size=40).map(lambda text: unicodedata.normalize("NFC", text))
names |= st.sampled_from([NAME, ODD_NAME])


class Life(RuleBasedStateMachine):
    """Two keys, of one owner or of two; `Key` checks what is seen of them."""

    account: Account
    owners: list[Owner]
    keys: Sequence[Key] = ()  # as long as they can't be imported

    @initialize(data=st.data())
    def import_keys(self, data: st.DataObject) -> None:
        """`POST /license_keys` (import a key): the key as it was given; 409 (key already there) for whomever."""
        self.keys = [self.account.imported(owner, **data.draw(imports)) for owner in self.owners]
        for owner, key in itertools.product(self.owners, self.keys):
            body = {**owner, "key": key.text, "activations_limit": 9}
            self.account.server.ask(api.CREATE_LICENSE_KEY, json=body, expect=409, why="the key is there")

    @rule(number=which, times=st.integers(1, 3), name=st.just(NAME) | names)
    def activate(self, number: int, times: int, name: str) -> None:
        """Up to the limit, and beyond; null: unlimited."""
        for _ in range(times):
            self.keys[number].activate(name)

    @rule(number=which, data=st.data(), times=twice)
    def release(self, number: int, data: st.DataObject, times: int) -> None:
        """Its own instance, one that is gone, another key's, or one that never was."""
        key, others = self.keys[number], list(self.keys[1 - number].instances)
        mine = [*key.instances, *key.gone]
        instance = data.draw(st.sampled_from([*mine, *others, NOWHERE, *[unlike(i)[2] for i in mine[:1]]]))
        for _ in range(times):
            if key.status == "active" or instance not in key.instances:
                key.release(instance)

    @rule(number=which, changes=changes, times=twice)
    def change(self, number: int, changes: dict[str, Any], times: int) -> None:
        """Any of what can be changed, in any combination; what is in it for another key is none of it."""
        for _ in range(times):
            self.keys[number].change(**changes)
        self.keys[number].activate()

    @rule(number=which, name=names, times=twice)
    def rename(self, number: int, name: str, times: int) -> None:
        """An instance."""
        for instance in list(self.keys[number].instances)[:1] * times:
            self.keys[number].rename(instance, name)

    def teardown(self) -> None:
        """Lists and filters show what became of each, and of the one that nobody touched last."""
        for key in self.keys if sys.exc_info()[1] is None else ():  # what went wrong first is told
            key.check_listed()


@pytest.mark.writes
@pytest.mark.parametrize("count", [1, 2])
def test_life(account: Account, count: int) -> None:
    """Whatever happens in whatever order, a license key is what it made of it; and so for two owners."""
    owners = account.owners[:count]
    if len(owners) < count:
        pytest.skip("no second customer: --customer twice")
    life = type("Life", (Life,), {"account": account, "owners": [*owners, account.same_owner][:2]})
    run_state_machine_as_test(life, settings=examples(4, steps=20))

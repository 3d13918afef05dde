"""Filters of every listing: alone, together, on every page, for one owner after another, and with odd values."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_licenses.contract.server import MALFORMED, Server
from dodo_licenses.contract.test_paging import judge
from dodo_licenses.contract.values import (
    EAST,
    FILTERS,
    LISTINGS,
    WEST,
    allows,
    examples,
    moment,
    nobody,
    noun,
    over,
    unlike,
)
from dodo_licenses_api import operations as api
from dodo_licenses_api.operations import Operation, Parameter

CASES = [(listing, one) for listing in LISTINGS for one in FILTERS[listing.id]]


def values(server: Server, listing: Operation[Any], one: Parameter) -> list[str]:
    """What a filter is asked for: all that the spec names, moments around one that an item has, or ids that items have."""
    items = server.items(listing)
    if one.enum is not None:
        return [str(value) for value in one.enum]
    if one.field is None:
        return [nobody("grant_")] if one.kind == "identifier" else []
    held = Counter(str(item[one.field]) for item in items if item.get(one.field) is not None)
    found = [value for value, _ in held.most_common()]
    if one.kind != "datetime" or not found:
        return found
    text = found[len(found) // 2]  # inclusive, in any time zone, down to what is shown of a second
    step = timedelta(milliseconds=1) if "." in text else timedelta(seconds=1)
    moments = (0 * step, WEST), (-step, EAST), (step, EAST)
    around = [(moment(text) + by).astimezone(zone).isoformat() for by, zone in moments]
    return [text, *around, moment(around[-1]).astimezone(UTC).isoformat()]


@pytest.mark.parametrize(("listing", "one"), CASES, ids=[f"{a.id}-{b.name}" for a, b in CASES])
def test_alone(server: Server, listing: Operation[Any], one: Parameter) -> None:
    """A filter gives what satisfies it, all of it and nothing else, on every page.

    Ids match as a whole and as they are written: no part, no other case, no wildcard.
    """
    found = values(server, listing, one)
    if not found:
        pytest.skip(f"no {noun(listing)} with {one.name}")
    for value in found[:1] + server.sample(found[1:], 4):
        judge(server, listing, {one.name: value})
    for other in unlike(found[0]) if one.kind == "identifier" else ():
        reply = server.page(listing, {one.name: other}, expect=None)
        if reply.status not in MALFORMED:
            reply.answers(200, why="an id that nothing has lists nothing")
            right = all(one.field is not None and allows(one, item, other) for item in reply.items)
            reply.must(right, f"{one.name} matches as a whole, and as it is written")


def test_one_owner_after_another(server: Server) -> None:
    """The same filter for one customer after another gives what is each one's own."""
    customers = dict.fromkeys(str(key["customer_id"]) for key in server.items(api.LIST_LICENSE_KEYS))
    for customer in server.sample(list(customers), 3):
        judge(server, api.LIST_LICENSE_KEYS, {"customer_id": customer, "status": "active"})


@over([one for one in LISTINGS if FILTERS[one.id]])
@examples(12)
@given(data=st.data())
def test_together(server: Server, listing: Operation[Any], data: st.DataObject) -> None:
    """Several filters give what satisfies them all: the item that they were taken from, or none."""
    item = data.draw(st.sampled_from(server.items(listing)))
    query = {}
    for one in data.draw(
        st.lists(st.sampled_from(FILTERS[listing.id]), min_size=1, unique_by=lambda f: f.name)
    ):
        held = item.get(one.field) if one.field is not None else None
        able = values(server, listing, one)
        if able and (held is None or data.draw(st.integers(0, 3)) == 0):
            query[one.name] = data.draw(st.sampled_from(able))
        elif able and (one.enum is None or str(held) in able):
            query[one.name] = str(held)
    judge(server, listing, query)

"""Filters of every listing: alone, together, on every page, for one owner after another, and with odd values."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_licenses.contract.derived import Filter, Listing, has_passed, listings, moment
from dodo_licenses.contract.examples import examples
from dodo_licenses.contract.license_keys import EAST, nobody
from dodo_licenses.contract.server import MALFORMED, Reply, Server
from dodo_licenses.contract.test_paging import judge

CASES = [(listing, one) for listing in listings() for one in listing.filters]
over_filters = pytest.mark.parametrize(("listing", "one"), CASES, ids=[f"{a}-{b.name}" for a, b in CASES])
over_listings = pytest.mark.parametrize("listing", [one for one in listings() if one.filters], ids=str)
WRONG = {
    "page_size": ("ten", "-1", "true", "1.5"),
    "page_number": ("-1", "0x1", "true", "2147483648"),
    "choice": ("no-such-value", "active,expired"),
    "datetime": ("yesterday", "2026-13-01T00:00:00Z"),
}


def values(server: Server, listing: Listing, one: Filter) -> list[str]:
    """What a filter can be asked for: all that the spec names, or what items hold, the most frequent first."""
    items = server.items(listing)
    if one.parameter.enum is not None:
        return [str(value) for value in one.parameter.enum]
    if one.field is None:
        return [nobody("grant_")] if one.parameter.kind == "identifier" else []
    held = Counter(str(item[one.field]) for item in items if item.get(one.field) is not None)
    return [value for value, _ in held.most_common()]


def ask(server: Server, listing: Listing, query: dict[str, str]) -> Reply:
    """A page, whatever the status."""
    return server.ask(listing.operation, server.path_of(listing), query=query)


@over_filters
def test_alone(server: Server, listing: Listing, one: Filter) -> None:
    """A filter gives what satisfies it, all of it and nothing else, on every page; for one owner after another."""
    found = values(server, listing, one)
    if not found:
        pytest.skip(f"no {listing.noun} with {one.name}")
    for value in found[:1] + server.sample(found[1:], 2):
        judge(server, listing, {one.name: value})


@over_listings
@examples(12)
@given(data=st.data())
def test_together(server: Server, listing: Listing, data: st.DataObject) -> None:
    """Several filters give what satisfies them all: the item that they were taken from, or none."""
    item = data.draw(st.sampled_from(server.items(listing)))
    query, own = {}, True
    for one in data.draw(st.lists(st.sampled_from(listing.filters), min_size=1, unique_by=lambda f: f.name)):
        held = item.get(one.field) if one.field is not None else None
        able = values(server, listing, one)
        if able and (held is None or data.draw(st.integers(0, 3)) == 0):
            query[one.name], own = data.draw(st.sampled_from(able)), False
        elif able:
            query[one.name] = str(held)
    found = {listing.id_of(each) for each in judge(server, listing, query)}
    if own and not ("status" in query and has_passed(item)):
        listed = listing.id_of(item) in found
        ask(server, listing, query).must(listed, "an item is listed by what it says of itself")


@over_filters
def test_nothing_like_it(server: Server, listing: Listing, one: Filter) -> None:
    """Ids match as a whole and as they are written: no part, no other case, no wildcard."""
    known = values(server, listing, one)
    if one.parameter.kind not in ("identifier", "text") or not known:
        return
    value = known[0]
    for other in (value[:-1], f"{value}x", value.swapcase(), f"{value[:-1]}%", f"{value[:-1]}_", "%"):
        reply = ask(server, listing, {one.name: other})
        if reply.status not in MALFORMED:
            reply.answers(200, why="an id that nothing has lists nothing")
            right = other in known or not reply.items
            reply.must(right, f"{one.name} matches as a whole, and as it is written")


@pytest.mark.parametrize("listing", [a for a, b in CASES if b.name.endswith("_gte")], ids=str)
@examples(5)
@given(data=st.data())
def test_moments(server: Server, listing: Listing, data: st.DataObject) -> None:
    """`created_at_gte`, `created_at_lte` (date-time, inclusive), in any time zone, down to what is shown of a second."""
    item = data.draw(st.sampled_from(server.items(listing)))
    text = str(item["created_at"])
    step = timedelta(milliseconds=1) if "." in text else timedelta(seconds=1)
    before, after = (moment(text) + by for by in (-step, step))
    customer = {name: str(item[name]) for name in ("customer_id",) if item.get(name)}
    for gte, lte, inside in (
        (text, None, True),
        (None, text, True),
        (text, text, True),
        (after.isoformat(), None, False),
        (None, before.isoformat(), False),
        (before.astimezone(EAST).isoformat(), after.astimezone(EAST).isoformat(), True),
        (after.astimezone(EAST).isoformat(), None, False),
    ):
        bounds = {"created_at_gte": gte, "created_at_lte": lte}
        query = {name: value for name, value in bounds.items() if value is not None}
        query |= customer if data.draw(st.booleans()) else {}
        listed = listing.id_of(item) in {listing.id_of(each) for each in judge(server, listing, query)}
        says = f"{' and '.join(sorted(query))} are inclusive, and moments are compared in time"
        if listed is not inside:
            ask(server, listing, query).must(False, says)


@over_listings
def test_wrong_values(server: Server, listing: Listing) -> None:
    """422 or 400 where a parameter of the query is not what it is to be."""
    server.items(listing)
    for parameter in listing.operation.parameters:
        known = WRONG.get(parameter.name, WRONG.get(parameter.kind, ()))
        for value in known if parameter.place == "query" else ():
            server.ask(
                listing.operation, server.path_of(listing), query={parameter.name: value}, expect=MALFORMED
            )

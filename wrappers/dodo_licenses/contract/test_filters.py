"""Filters of every listing: alone, in pairs, on every page, for one owner after another, and with odd values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_licenses.contract.derived import Filter, Listing, listings
from dodo_licenses.contract.examples import examples
from dodo_licenses.contract.findings import NoDataError
from dodo_licenses.contract.server import Item, Reply, Server, moment, nobody

OVER_FILTERS = [(listing, one) for listing in listings() for one in listing.filters]
over_filters = pytest.mark.parametrize(
    ("listing", "one"), OVER_FILTERS, ids=[f"{listing.id}-{one.name}" for listing, one in OVER_FILTERS]
)
over_listings = pytest.mark.parametrize(
    "listing", [listing for listing in listings() if listing.filters], ids=lambda listing: listing.id
)
EAST = timezone(timedelta(hours=5, minutes=30))
UNPROCESSABLE = (400, 422)


def values(server: Server, listing: Listing, one: Filter) -> list[str]:
    """What a filter can be asked for: what items hold, or all that the spec names."""
    items, _ = server.items(listing)
    if one.parameter.enum is not None:
        return [str(value) for value in one.parameter.enum]
    held = {
        str(item[one.field]) for item in items if one.field is not None and item.get(one.field) is not None
    }
    return sorted(held)


def holds(listing: Listing, item: Item, query: dict[str, str]) -> bool:
    """Whether an item satisfies every filter."""
    return all(one.allows(item, query[one.name]) for one in listing.filters if one.name in query)


def judge(server: Server, listing: Listing, query: dict[str, str]) -> list[Item]:
    """A filtered listing holds just those items that satisfy the filters, whatever their order."""
    names = " and ".join(sorted(query))
    found, complete = server.read_all(listing, query)
    page = server.page(listing, {**query, "page_size": 100})
    page.must(all(holds(listing, item, query) for item in found), f"every item satisfies {names}")
    page.must(len({listing.id_of(item) for item in found}) == len(found), f"no item comes twice with {names}")
    items, whole = server.items(listing)
    says = all(one.field is not None for one in listing.filters if one.name in query)
    if whole and complete and says:
        fields = {one.field for one in listing.filters if one.name in query}
        lost = [item for item in items if holds(listing, item, query) and fields <= item.keys()]
        sure = [item for item in lost if not ("status" in query and _lags(item))]
        missing = {listing.id_of(item) for item in sure} - {listing.id_of(item) for item in found}
        page.must(not missing, f"all that satisfy {names} are listed")
    return found


def _lags(item: Item) -> bool:
    """Whether a key's status may be one thing here and another there: it can lag behind an expiry that has passed."""
    ends = item.get("expires_at")
    return ends is not None and moment(ends) < moment(ends).now(moment(ends).tzinfo)


@over_filters
def test_alone(server: Server, listing: Listing, one: Filter) -> None:
    """A filter gives what satisfies it, all of it and nothing else; for one owner after another."""
    found = values(server, listing, one)
    if one.field is None:
        return
    if not found:
        raise NoDataError(f"no {listing.noun} with {one.field}")
    for value in server.sample(found, 3):
        judge(server, listing, {one.name: value})


@pytest.mark.parametrize(
    "listing", [listing for listing in listings() if len(listing.filters) > 1], ids=lambda listing: listing.id
)
@examples(8)
@given(data=st.data())
def test_pairs(server: Server, listing: Listing, data: st.DataObject) -> None:
    """Two filters give what satisfies both, whether any item does or none."""
    names = data.draw(
        st.lists(st.sampled_from(listing.filters), min_size=2, max_size=2, unique_by=lambda f: f.name)
    )
    query = {}
    for one in names:
        known = values(server, listing, one)
        query[one.name] = data.draw(st.sampled_from(known)) if known else nobody("grant_")
    both = {listing.id_of(item) for item in judge(server, listing, query)}
    for name, value in query.items():
        alone = {listing.id_of(item) for item in server.read_all(listing, {name: value})[0]}
        page = server.page(listing, query)
        page.must(
            both <= alone, f"a further filter takes away and adds nothing: {' and '.join(sorted(query))}"
        )


@over_listings
@examples(6)
@given(data=st.data())
def test_of_one_item(server: Server, listing: Listing, data: st.DataObject) -> None:
    """Filters that an item satisfies, any of them together, list it."""
    item = data.draw(st.sampled_from(server.items(listing)[0]))
    able = [one for one in listing.filters if one.field is not None and item.get(one.field) is not None]
    if not able:
        raise NoDataError(f"no {listing.noun} that filters tell apart")
    names = data.draw(st.lists(st.sampled_from(able), min_size=1, unique_by=lambda f: f.name))
    query = {one.name: str(item[one.field]) for one in names if one.field}
    found = judge(server, listing, query)
    if not ("status" in query and _lags(item)):
        page = server.page(listing, query)
        page.must(
            listing.id_of(item) in {listing.id_of(i) for i in found},
            "an item is listed by what it says of itself",
        )


@over_filters
def test_pages(server: Server, listing: Listing, one: Filter) -> None:
    """Filters hold on every page: pages of a filtered listing together are it."""
    found = values(server, listing, one)
    if one.name.endswith(("_gte", "_lte")):
        found = found[:1] if one.name.endswith("_gte") else found[-1:]
    items, _ = server.items(listing)
    if not found or one.field is None:
        return
    held = [str(item.get(str(one.field))) for item in items]
    value = max(found, key=held.count)
    whole, _ = server.read_all(listing, {one.name: value})
    size = max(1, min(100, len(whole) // 3))
    seen: list[str] = []
    for number in range(3):
        page = server.page(listing, {one.name: value, "page_size": size, "page_number": number})
        wanted = min(size, max(0, len(whole) - number * size))
        page.must(len(page.items) == wanted, f"pages with {one.name} are full but the last")
        seen += [listing.id_of(item) for item in page.items]
    page.must(len(set(seen)) == len(seen), f"no item is on two pages with {one.name}")
    page.must(set(seen) <= {listing.id_of(i) for i in whole}, f"pages with {one.name} hold what satisfies it")


@over_filters
def test_nothing_like_it(server: Server, listing: Listing, one: Filter) -> None:
    """Ids match as a whole and as they are written: no part, no other case, no wildcard."""
    if one.parameter.kind not in ("identifier", "text"):
        return
    server.items(listing)
    known = values(server, listing, one) or [nobody("grant_")]
    value = server.sample(known, 1)[0]
    for other in (
        value[:-1],
        f"{value}x",
        value.swapcase(),
        f"{value[:-1]}%",
        f"{value[:-1]}_",
        f"{value[:4]}*",
        "%",
    ):
        reply = ask(server, listing, {one.name: other})
        if reply.status in UNPROCESSABLE:
            continue
        reply.must(reply.status == 200, "an id that nothing has lists nothing")  # noqa: PLR2004
        matches = other in known and one.field is not None
        reply.must(matches or reply.items == [], f"{one.name} matches as a whole, and as it is written")


def ask(server: Server, listing: Listing, query: dict[str, Any], *, wrong: bool = False) -> Reply:
    """A page, whatever the status."""
    return server.ask(listing.operation, server.path_of(listing), query=query, wrong=wrong)


@pytest.mark.parametrize(
    ("listing", "field"),
    [(listing, one.field) for listing, one in OVER_FILTERS if one.name.endswith("_gte")],
    ids=lambda value: getattr(value, "id", value),
)
@examples(5)
@given(data=st.data())
def test_moments(server: Server, listing: Listing, field: str, data: st.DataObject) -> None:
    """`created_at_gte`, `created_at_lte` (date-time, inclusive), in any time zone, down to what is shown of a second."""
    item = data.draw(st.sampled_from(server.items(listing)[0]))
    text = str(item[field])
    at = moment(text)
    step = timedelta(milliseconds=1) if "." in text else timedelta(seconds=1)
    owner = {name: str(item[name]) for name in ("customer_id",) if item.get(name)}
    gte, lte = f"{field}_gte", f"{field}_lte"
    for query, inside in (
        ({gte: text}, True),
        ({lte: text}, True),
        ({gte: text, lte: text}, True),
        ({gte: (at + step).isoformat()}, False),
        ({lte: (at - step).isoformat()}, False),
        (
            {gte: (at - step).astimezone(EAST).isoformat(), lte: (at + step).astimezone(EAST).isoformat()},
            True,
        ),
        ({gte: (at + step).astimezone(EAST).isoformat()}, False),
    ):
        asked = {**query, **(owner if data.draw(st.booleans()) else {})}
        found = judge(server, listing, asked)
        listed = listing.id_of(item) in {listing.id_of(i) for i in found}
        page = server.page(listing, asked)
        page.must(
            listed is inside, f"{' and '.join(sorted(query))} are inclusive, and moments are compared in time"
        )


def wrong_values(one: Filter) -> Iterator[str]:
    """What a parameter of the query can't be."""
    if one.parameter.enum is not None:
        yield from ("no-such-value", "active,expired")
    if one.parameter.kind == "datetime":
        yield from ("yesterday", "2026-13-01T00:00:00Z")


@over_listings
def test_wrong_values(server: Server, listing: Listing) -> None:
    """422 or 400 where a parameter of the query is not what it is to be."""
    pages = [("page_size", v) for v in ("ten", "-1", "true", "1.5")]
    pages += [("page_number", v) for v in ("-1", "0x1", "true", "2147483648")]
    wrong = pages + [(one.name, value) for one in listing.filters for value in wrong_values(one)]
    server.items(listing)
    for name, value in wrong:
        ask(server, listing, {name: value}, wrong=True).fails(UNPROCESSABLE)

"""Pages of every listing: counted from 0, of the size asked for, and together the whole."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_licenses.contract.derived import Listing, listings
from dodo_licenses.contract.examples import examples
from dodo_licenses.contract.server import Item, Reply, Server

over_listings = pytest.mark.parametrize("listing", listings(), ids=lambda listing: listing.id)
LAST_LEGAL_PAGE = 2**31 - 1
DEFAULT_SIZE, LARGEST_SIZE = 10, 100


def ids(listing: Listing, items: list[Item]) -> list[str]:
    """The ids of items."""
    return [listing.id_of(item) for item in items]


def are_the_same(listing: Listing, reply: Reply, wanted: list[Item], says: str) -> None:
    """A reply holds these items in this order; what differs is said."""
    found, expected = ids(listing, reply.items), ids(listing, wanted)
    if found != expected:
        order = (
            "in another order"
            if Counter(found) == Counter(expected)
            else f"{len(found)}, not {len(expected)} items"
        )
        reply.must(False, f"{says}, and came with {order}" if "order" in order else says)


@over_listings
def test_defaults(server: Server, listing: Listing) -> None:
    """`page_size` default 10; `page_number` default 0: the first page is page 0."""
    server.items(listing)
    for query, meant in (
        ({}, {"page_size": DEFAULT_SIZE, "page_number": 0}),
        ({"page_size": 3}, {"page_size": 3, "page_number": 0}),
        ({"page_number": 1}, {"page_size": DEFAULT_SIZE, "page_number": 1}),
    ):
        said = server.page(listing, meant)
        are_the_same(listing, server.page(listing, query), said.items, f"without more, a page is {meant}")


@over_listings
def test_items_are_on_one_page_only(server: Server, listing: Listing) -> None:
    """A listing read page by page yields every item once."""
    items, _ = server.items(listing)
    page = server.page(listing, {"page_size": LARGEST_SIZE})
    page.must(len(set(ids(listing, items))) == len(items), "no item is on two pages")


@over_listings
@examples(6)
@given(size=st.integers(1, LARGEST_SIZE))
def test_any_size_gives_the_whole(server: Server, listing: Listing, size: int) -> None:
    """`page_size` int32, maximum 100: pages of any size together are the listing, each full but the last."""
    items, whole = server.items(listing)
    most = min(3 if server.settings.few else 12, -(-len(items) // size))
    seen: list[str] = []
    for number in range(most):
        page = server.page(listing, {"page_size": size, "page_number": number})
        wanted = min(size, len(items) - number * size) if whole else size
        page.must(len(page.items) == wanted, "each page but the last holds as many items as were asked for")
        seen += ids(listing, page.items)
        page.must(len(set(seen)) == len(seen), "no item is on two pages")
    if whole and most * size >= len(items):
        page.must(set(seen) == set(ids(listing, items)), "pages of any size together are the listing")


@over_listings
@examples(4)
@given(size=st.integers(1, LARGEST_SIZE), beyond=st.integers(0, 5))
def test_the_end(server: Server, listing: Listing, size: int, beyond: int) -> None:
    """The last page holds the rest, and a page past the end is empty: up to the last legal number, 2147483647."""
    items, whole = server.items(listing)
    if not whole:
        return
    last = (len(items) - 1) // size
    page = server.page(listing, {"page_size": size, "page_number": last})
    page.must(len(page.items) == len(items) - last * size, "the last page holds the rest")
    for number in (last + 1 + beyond, LAST_LEGAL_PAGE):
        page = server.page(listing, {"page_size": size, "page_number": number})
        page.must(page.items == [], "a page past the end is empty")


@over_listings
def test_repeated(server: Server, listing: Listing) -> None:
    """The same page asked for twice, with nothing changed between, is the same page."""
    server.items(listing)
    for query in ({}, {"page_size": 50}, {"page_size": 7, "page_number": 1}):
        first = server.page(listing, query)
        are_the_same(
            listing, server.page(listing, query), first.items, "a page asked for twice is the same page"
        )

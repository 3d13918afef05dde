"""Pages of every listing: counted from 0, of the size asked for, and together the whole."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dodo_licenses.contract.server import FIRST_PAGE, LARGEST_PAGE, Server
from dodo_licenses.contract.values import FILTERS, allows, examples, has_passed, nobody, over_listings
from dodo_licenses_api.operations import Operation

LAST_LEGAL_PAGE = 2**31 - 1


def judge(server: Server, listing: Operation[Any], query: dict[str, str], size: int = 0) -> None:
    """Pages of any size hold just those items that satisfy the filters, once each, in whatever order.

    Without a size three pages hold what is expected. An id that nothing has is satisfied by nothing.
    """
    items, whole, _ = server.pages(listing)
    filters = [one for one in FILTERS[listing.id] if one.name in query]
    fits = [i for i in items if all(allows(one, i, query[one.name]) for one in filters)]
    none = any(nobody(value) == value for value in query.values())
    most = 4 if server.settings.few else 12
    size = max(size or len(fits) // 3, len(fits) // (most - 1), 1)
    found = server.read(listing, query, min(size, LARGEST_PAGE), most)
    ids, names = [item[listing.id_field] for item in found.items], " and ".join(sorted(query)) or "no filter"
    for page in found.pages:
        right = all(allows(one, item, query[one.name]) for item in page.items for one in filters)
        page.must(not page.items or (right and not none), f"every item satisfies {names}")
    page.must(len(set(ids)) == len(ids), f"no item is on two pages with {names}")
    if whole and found.whole and not none:
        # Not those that don't say, nor those that are active until the server sees that they have expired.
        stays = [item for item in fits if not (query.get("status") == "active" and has_passed(item))]
        told = [item for item in stays if all(one.field in item for one in filters)]
        sure = {item[listing.id_field] for item in told}
        page.must(sure <= set(ids), f"pages with {names}, full but for the last, hold all that fits")


@over_listings
def test_defaults(server: Server, listing: Operation[Any]) -> None:
    """`page_size` default 10; `page_number` default 0: the first page is page 0. Asked for twice it is the same."""
    server.items(listing)
    first: dict[str, int] = {"page_size": FIRST_PAGE, "page_number": 0}
    for query in ({}, {"page_size": 3}, {"page_number": 1}, {"page_size": 50}):
        wanted = [item[listing.id_field] for item in server.page(listing, {**first, **query}).items]
        page = server.page(listing, query)
        found = [item[listing.id_field] for item in page.items]
        is_same = set(found) == set(wanted)
        page.must(
            is_same, f"without more, a page is {first}: {len(found)} items came, not the same {len(wanted)}"
        )
        page.must(found == wanted, "asked for twice a page has the same order")


@over_listings
@examples(6)
@given(size=st.integers(1, LARGEST_PAGE), beyond=st.integers(0, 5))
def test_any_size_gives_the_whole(server: Server, listing: Operation[Any], size: int, beyond: int) -> None:
    """`page_size` int32, maximum 100: pages of any size together are the listing, and none past the end holds more."""
    judge(server, listing, {}, size)
    items, whole, _ = server.pages(listing)
    last = (len(items) - 1) // size
    rest = len(items) - last * size
    for number, wanted in ((last, rest), (last + 1 + beyond, 0), (LAST_LEGAL_PAGE, 0)) if whole else ():
        page = server.page(listing, {"page_size": size, "page_number": number})
        page.must(len(page.items) == wanted, "the last page holds the rest, and pages past the end are empty")

"""Listings as users hold them, on both clients: one body for each test, the sync listing in async clothes."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import subprocess
import sys
import threading
from contextlib import aclosing, closing
from dataclasses import replace
from datetime import timedelta, timezone

import anyio
import anyio.lowlevel
import httpx
import pytest

from dodo_licenses import DodoPaymentsError, InvalidArgumentError, PaginationError
from dodo_licenses._listing import AsyncListing, Listing, Plan
from dodo_licenses_api.operations import LIST_LICENSE_KEYS

PATIENCE = 60  # seconds until a test that waits for what must happen gives up
OPERATION = replace(LIST_LICENSE_KEYS, id="list_numbers", parameters=(), moment_field=None)


class Numbered(Plan):
    """A plan that asks for a page by its number alone, and is answered with its items alone."""

    def request(self, number):
        return number

    def items(self, reply):
        return reply


class Number(int):
    """What is listed."""

    id = property(int.__repr__)


class Sync:
    """A sync listing with the surface of an async one."""

    def __init__(self, listing):
        self.listing = listing

    def __repr__(self):
        return repr(self.listing)

    def __getattr__(self, name):
        return getattr(self.listing, name)

    def __await__(self):
        return self
        yield

    async def __aiter__(self):
        with closing(iter(self.listing)) as items:
            for item in items:
                yield item

    async def pages(self):
        with closing(self.listing.pages()) as pages:
            for page in pages:
                yield page

    async def get_next_page(self):
        return Sync(self.listing.get_next_page())

    async def iter_pages(self):
        for page in self.listing.iter_pages():
            yield Sync(page)


class Shelf:
    """A server made of a list, which notes what was asked for and holds the pages from `holds` on back."""

    def __init__(self, keys, *, fails_at=None, holds=10**9, serves=10**9):
        self.items, self.serves = [Number(key) for key in range(keys)], serves
        self.fails_at, self.holds = fails_at, holds
        self.asked, self.cancels, self.closed = [], [], []
        self.released = threading.Event()

    def page(self, number, size):
        if number == self.fails_at:
            raise DodoPaymentsError(f"page {number}")
        size = min(size, self.serves)
        return self.items[number * size : (number + 1) * size]

    def listing(self, way, *, page_size=10, page_number=0, limit=None, prefetch=0, exhaustive=False):
        plan = Numbered(OPERATION, {}, page_size, page_number, limit, prefetch, exhaustive)

        def fetch(number, cancel):
            self.asked.append(number)
            self.cancels.append(cancel)
            if number >= self.holds:
                assert self.released.wait(PATIENCE)
            return self.page(number, page_size)

        async def fetch_async(number):
            self.asked.append(number)
            try:
                if number >= self.holds:
                    await until(self.released.is_set)
                return self.page(number, page_size)
            finally:
                with anyio.CancelScope(shield=True):
                    await anyio.lowlevel.checkpoint()  # as closing a connection takes
                self.closed.append(number)

        return Sync(Listing(plan, fetch)) if way == "sync" else AsyncListing(plan, fetch_async)


@pytest.fixture(params=["sync", "async"])
def way(request):
    return request.param


@pytest.fixture(params=[0, 3], ids=["one by one", "ahead"])
def prefetch(request):
    return request.param


pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend(request):
    return getattr(request, "param", "asyncio")


async def collected(iterator, found=None):
    found = [] if found is None else found
    async for item in iterator:
        found.append(item)
    return found


async def until(happened):
    while not happened():  # noqa: ASYNC110 - it may happen in a thread
        await asyncio.sleep(0.001)


# --- the drivers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("exhaustive", [False, True])
@pytest.mark.parametrize("keys", [0, 9, 10, 95, 1_001])
async def test_every_driver_yields_everything_once_and_in_order(way, prefetch, keys, exhaustive):
    listing = Shelf(keys).listing(way, prefetch=prefetch, exhaustive=exhaustive)
    assert await collected(listing) == list(range(keys))
    assert await collected(listing) == list(range(keys)), "each iteration starts anew"


async def test_a_limit_holds_whatever_is_in_flight(way, prefetch):
    shelf = Shelf(500)
    assert await collected(shelf.listing(way, limit=25, prefetch=prefetch)) == list(range(25))
    assert sorted(shelf.asked) == [0, 1, 2]
    assert await collected(shelf.listing(way, limit=0, prefetch=prefetch)) == []


async def test_an_error_comes_after_the_items_of_all_pages_before_it(way, prefetch):
    found = []
    with pytest.raises(DodoPaymentsError, match="page 4"):
        await collected(Shelf(200, fails_at=4).listing(way, prefetch=prefetch), found)
    assert found == list(range(40))


async def test_pages_tell_their_number_and_size(way, prefetch):
    pages = await collected(Shelf(45).listing(way, page_number=2, prefetch=prefetch).pages())
    assert [(page.number, page.page_size) for page in pages] == [(2, 10), (3, 10), (4, 10)]
    assert [item for page in pages for item in page.items] == list(range(20, 45))
    assert repr(pages[2]) == "Page(number=4, page_size=10)"


async def test_nothing_is_asked_for_before_it_is_wanted(way, prefetch):
    shelf = Shelf(25)
    listing = shelf.listing(way, prefetch=prefetch)
    assert repr(listing).endswith("Listing of numbers>")
    assert shelf.asked == []
    await listing
    assert listing.items == list(range(10))
    assert repr(listing).endswith("Listing of numbers, on page 0>")
    assert await collected(listing) == list(range(25))
    assert shelf.asked.count(0) == 1, "the page that a listing stands on is not asked for again"


async def test_pages_ahead_are_in_flight_together_and_no_more_than_told(way):
    shelf = Shelf(200, holds=1)
    async with aclosing(aiter(shelf.listing(way, prefetch=4))) as items:
        assert await anext(items) == 0
        await until(lambda: len(shelf.asked) == 5)
        shelf.released.set()
        async for item in items:
            assert max(shelf.asked) - item // 10 <= 4
    assert item == 199


# --- leaving early -------------------------------------------------------------------------------------


@pytest.mark.parametrize("leave", [None, KeyboardInterrupt])
async def test_leaving_waits_for_none_of_the_pages_ahead(way, leave):
    shelf, before = Shelf(10_000, holds=1), asyncio.all_tasks()
    try:
        async with aclosing(aiter(shelf.listing(way, prefetch=4))) as items:
            async for item in items:
                if item == 5 and leave is not None:
                    raise leave
                if item == 5:
                    break
    except KeyboardInterrupt:
        pass
    assert all(cancel.is_set for cancel in shelf.cancels)
    assert asyncio.all_tasks() == before
    shelf.released.set()
    assert max(shelf.asked, default=0) <= 4


async def test_a_listing_that_is_dropped_is_left(way):
    shelf, before = Shelf(10_000, holds=1), asyncio.all_tasks()
    async for item in shelf.listing(way, prefetch=4):
        if item == 5:
            break
    gc.collect()
    for _ in range(10):  # an event loop closes what is not referred to any more, in a task of its own
        await asyncio.sleep(0)
    assert all(cancel.is_set for cancel in shelf.cancels)
    assert asyncio.all_tasks() == before
    shelf.released.set()


@pytest.mark.parametrize("by_scope", [False, True], ids=["task", "scope"])
async def test_a_cancelled_consumer_leaves_nothing_behind(by_scope):
    """A scope of anyio's cancels again and again, which mustn't keep a page from closing its connection."""
    shelf, before, scope = Shelf(10_000, holds=1), asyncio.all_tasks(), anyio.CancelScope()

    async def consume():
        with scope:
            await collected(shelf.listing("async", prefetch=4))

    task = asyncio.create_task(consume())
    await until(lambda: len(shelf.asked) == 5)
    (scope if by_scope else task).cancel()
    await asyncio.wait([task])
    assert sorted(shelf.closed) == shelf.asked
    assert asyncio.all_tasks() == before


@pytest.mark.parametrize("anyio_backend", ["trio"])
async def test_on_trio_it_goes_on_page_by_page(prefetch):
    shelf = Shelf(95)
    async with aclosing(aiter(shelf.listing("async", prefetch=prefetch))) as items:
        assert [await anext(items) for _ in range(15)] == list(range(15))
        assert shelf.asked == [0, 1]
        assert await collected(items) == list(range(15, 95))
    page = await shelf.listing("async", prefetch=prefetch)
    assert (await page.get_next_page()).items == list(range(10, 20))


# --- threads -------------------------------------------------------------------------------------------


def test_context_variables_are_carried_into_the_pages_ahead():
    request_id = contextvars.ContextVar("request_id", default=None)
    seen = []

    class Traced(Shelf):
        def page(self, number, size):
            seen.append(request_id.get())
            return super().page(number, size)

    request_id.set("r-1")
    assert len(list(Traced(95).listing("sync", prefetch=3).listing)) == 95
    assert set(seen) == {"r-1"}


def test_where_no_thread_can_be_started_it_goes_on_page_by_page(monkeypatch):
    def start(_):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    shelf = Shelf(95)
    assert list(shelf.listing("sync", prefetch=3).listing) == list(range(95))


# --- the vendor SDK's page surface -----------------------------------------------------------------------


async def by_hand(listing):
    """As those who move over have written it."""
    page = await listing
    found = [page.items]
    while page.has_next_page():
        page = await page.get_next_page()
        found.append(page.items)
    with pytest.raises(PaginationError, match="has_next_page"):
        await page.get_next_page()
    return found


@pytest.mark.parametrize(
    ("keys", "serves", "sizes", "requests"),
    [
        (0, 10, [0], 1),
        (3, 10, [3], 2),
        (10, 10, [10, 0], 2),
        (95, 10, [10] * 9 + [5], 10),
        (23, 5, [5, 5, 5, 5, 3], 5),  # smaller pages than asked for, which one look ahead tells
    ],
)
async def test_page_after_page_by_hand_is_whole(way, keys, serves, sizes, requests):
    shelf = Shelf(keys, serves=serves)
    assert [len(items) for items in await by_hand(shelf.listing(way))] == sizes
    assert len(shelf.asked) == requests
    pages = await collected(Shelf(keys, serves=serves).listing(way).iter_pages())
    assert [len(page.items) for page in pages] == [size for size in sizes if size] or [0]


async def test_what_is_asked_of_a_page_twice_is_the_same_twice(way):
    listing = await Shelf(500).listing(way, page_size=100, limit=250)
    for _ in range(2):
        pages = await collected(listing.iter_pages())
        assert [len(page.items) for page in pages] == [100, 100, 50]
        following = await listing.get_next_page()
        assert following.items == list(range(100, 200))
        assert await collected(following) == list(range(100, 250))
        assert await collected(listing) == list(range(250))
        following.items.clear()
        async for page in following.pages():
            page.items.clear()


async def test_in_a_page_that_moved_two_branches_miss_nothing(way):
    shelf = Shelf(30)
    first = await shelf.listing(way)
    await first.get_next_page()
    shelf.items.insert(0, -1)
    following = await first.get_next_page()
    assert [*first.items, *(await collected(following))] == list(range(30))


# --- mistakes ------------------------------------------------------------------------------------------


async def test_the_wrong_loop_says_which_client_has_it():
    awaited = Shelf(5).listing("async")
    with pytest.raises(TypeError, match="AsyncDodoPayments has `async for`"):
        await collected(Shelf(5).listing("sync").listing)
    with pytest.raises(TypeError, match="DodoPayments has `for`"):
        list(awaited)
    with pytest.raises(DodoPaymentsError, match="await the listing first"):
        awaited.items  # noqa: B018 - asking is what fails


@pytest.mark.parametrize(
    ("name", "values", "allowed"),
    [
        ("page_size", [0, 101, 10.0, "ten", True, None], "from 1 to 100"),
        ("page_number", [-1, 2**31, None], "from 0"),
        ("limit", [-1, 1.5], "from 0"),
        ("prefetch", [-1, 101, None], "from 0 to 100"),
        ("exhaustive", ["yes", 1, None], "True or False"),
    ],
)
def test_how_to_list_is_checked_at_once(face, name, values, allowed):
    with face.client(base_url="http://127.0.0.1:9", bearer_token="sk_test") as client:
        for value in values:
            with pytest.raises(InvalidArgumentError, match=f"{name} .*{allowed}"):
                client.license_key_instances.list(**{name: value})


# --- with the client -----------------------------------------------------------------------------------


@pytest.fixture
def options(mock):
    return {"base_url": mock.base_url, "bearer_token": mock.api_key, "rate_limit": None}


@pytest.fixture
def client(face, options):
    with face.client(**options) as client:
        yield client


def test_every_filter_gives_every_key_that_satisfies_it(client):
    keys = list(client.license_keys.list())
    assert len(keys) == 250
    new, old = keys[40], keys[180]
    east = timezone(timedelta(hours=5, minutes=30))
    for filters, satisfied in (
        ({"status": "disabled"}, lambda key: key.status == "disabled"),
        ({"source": "import"}, lambda key: key.source == "import"),
        ({"customer_id": new.customer_id}, lambda key: key.customer_id == new.customer_id),
        ({"product_id": new.product_id}, lambda key: key.product_id == new.product_id),
        (
            {
                "created_at_gte": old.created_at,
                "created_at_lte": new.created_at.astimezone(east),
                "status": "active",
            },
            lambda key: old.created_at <= key.created_at <= new.created_at and key.status == "active",
        ),
    ):
        wanted = [key for key in keys if satisfied(key)]
        assert wanted
        assert list(client.license_keys.list(page_size=7, prefetch=3, **filters)) == wanted


def test_instances_are_listed_whole_too(client):
    everything = list(client.license_key_instances.list())
    assert len(everything) > 100
    assert list(client.license_key_instances.list(page_size=9, prefetch=4)) == everything
    mine = [one for one in everything if one.license_key_id == everything[0].license_key_id]
    assert list(client.license_key_instances.list(license_key_id=mine[0].license_key_id)) == mine


def test_find_gives_the_one_key_with_that_string_and_stops_there(client, mock):
    keys = list(client.license_keys.list())
    for number in (0, 100, 249):
        key, asked = keys[number], len(mock.requests)
        assert client.license_keys.find(key=f" {key.key}\n", product_id=key.product_id) == key
        assert client.license_keys.find(key=key.key) == key
        assert len(mock.requests) <= asked + 1 + number // 100 + 1
    assert client.license_keys.find(key=keys[7].key, customer_id="cus_other") is None
    assert client.license_keys.find(key=keys[7].key.lower()) is None


# --- in a process of its own -----------------------------------------------------------------------------

LISTING = """
import atexit, os, sys, threading
from dodo_licenses import DodoPayments
client = DodoPayments(base_url=sys.argv[1], bearer_token=sys.argv[2], rate_limit=None, timeout=600)
keys = client.license_keys.list(page_size=20, prefetch=4)
"""
LEAVING = {
    "an uncaught exception": "for key in keys: raise ValueError('mine')",
    "a suspended iterator": "iterator = iter(keys); next(iterator); raise ValueError('mine')",
    "another thread's": """
threading.Thread(target=list, args=[keys], daemon=True).start()
raise ValueError('mine')
""",
}
LASTING = {
    "after the main thread": "threading.Thread(target=lambda: print(len(list(keys)))).start()",
    "in atexit": "atexit.register(lambda: print(len(list(keys))))",
    "in a fork": """
iterator = iter(keys); next(iterator)
if child := os.fork(): os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
print(1 + sum(1 for _ in iterator), flush=True)
""",
}


def ran(mock, code):
    command = [sys.executable, "-W", "ignore", "-c", LISTING + code, mock.base_url, mock.api_key]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)


@pytest.mark.parametrize("how", LEAVING)
def test_the_end_of_a_process_waits_for_no_page(mock, how):
    page = httpx.get(
        f"{mock.base_url}/license_keys?page_size=20", headers={"Authorization": f"Bearer {mock.api_key}"}
    ).json()
    mock.fault("answer", status=200, body=page)
    mock.fault("hang", times=None)  # and the client would wait for 600 s
    done = ran(mock, LEAVING[how])
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, "ValueError: mine")


@pytest.mark.parametrize("when", LASTING)
def test_a_listing_goes_on_where_threads_are_hard_to_come_by(mock, when):
    done = ran(mock, LASTING[when])
    assert (done.stdout, done.stderr) == ("250\n", "")

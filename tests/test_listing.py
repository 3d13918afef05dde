"""Listings as users hold them, on both clients."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import select
import subprocess
import sys
import threading
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import anyio
import httpx
import misbehaving as m
import pytest
from anyio.from_thread import start_blocking_portal
from conftest import AsyncClients

from dodo_licenses import (
    APIStatusError,
    AsyncDodoPayments,
    DodoPayments,
    DodoPaymentsError,
    InvalidArgumentError,
    PaginationError,
)

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
SETTINGS = {"bearer_token": m.API_KEY, "rate_limit": None, "max_retries": 0, "timeout": 600}


class Shelf(m.MisbehavingServer):
    """Serves keys that are numbers, notes which pages are asked for, and holds those from `holds` on back."""

    def __init__(self, keys, *, fails_at=None, holds=10**9, serves=100):
        super().__init__(otherwise=self.page)
        self.items, self.serves, self.fails_at, self.holds = [*range(keys)], serves, fails_at, holds
        self.asked, self.left = [], []
        self.released = threading.Event()

    def page(self, target):
        query = parse_qs(urlsplit(target).query)
        number, size = int(query["page_number"][0]), min(int(query["page_size"][0]), self.serves)
        self.asked.append(number)

        def answered(connection):
            while number >= self.holds and not self.released.is_set():
                if select.select([connection], [], [], 0.01)[0]:  # the client went away
                    self.left.append(number)
                    return False
            if number == self.fails_at:
                return m.failure(404)(connection)
            items = [
                m.KEY | {"id": f"{key}", "created_at": f"{EPOCH - timedelta(minutes=key)}"}
                for key in self.items[number * size : (number + 1) * size]
            ]
            return m.answer(200, {"items": items})(connection)

        return answered


@pytest.fixture
def shelve(face):
    """Starts a shelf; what lists it, with a client of either kind."""
    with ExitStack() as stack:

        def start(keys, **how):
            shelf = stack.enter_context(Shelf(keys, **how))
            client = stack.enter_context(face.client(base_url=shelf.base_url, **SETTINGS))
            return shelf, lambda page_size=10, **more: client.license_keys.list(page_size=page_size, **more)

        yield start


@pytest.fixture(params=[0, 3], ids=["one by one", "ahead"])
def prefetch(request):
    return request.param


def numbers(keys):
    return [int(key.id) for key in keys]


# --- the drivers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("exhaustive", [False, True])
@pytest.mark.parametrize("keys", [0, 9, 10, 95])
def test_every_driver_yields_everything_once_and_in_order(shelve, prefetch, keys, exhaustive):
    _, list_ = shelve(keys)
    listing = list_(prefetch=prefetch, exhaustive=exhaustive)
    for _ in range(2):  # each iteration starts anew
        assert numbers(listing) == list(range(keys))


def test_a_limit_holds_whatever_is_in_flight(shelve, prefetch):
    shelf, list_ = shelve(500)
    assert numbers(list_(limit=25, prefetch=prefetch)) == list(range(25))
    assert sorted(shelf.asked) == [0, 1, 2]
    assert numbers(list_(limit=0, prefetch=prefetch)) == []


def test_an_error_comes_after_the_items_of_all_pages_before_it(shelve, prefetch):
    _, list_ = shelve(200, fails_at=4)
    found = []
    with pytest.raises(APIStatusError):
        found.extend(int(key.id) for key in list_(prefetch=prefetch))
    assert found == list(range(40))


def test_pages_tell_their_number_and_size(shelve, prefetch):
    _, list_ = shelve(45)
    pages = list(list_(page_number=2, prefetch=prefetch).pages())
    assert [(page.number, page.page_size) for page in pages] == [(2, 10), (3, 10), (4, 10)]
    assert [numbers(page.items) for page in pages] == [[*range(n, min(n + 10, 45))] for n in (20, 30, 40)]
    assert repr(pages[2]) == "Page(number=4, page_size=10)"


def test_nothing_is_asked_for_before_it_is_wanted(shelve, prefetch):
    shelf, list_ = shelve(25)
    listing = list_(prefetch=prefetch)
    assert repr(listing).endswith("Listing of license keys>")
    assert shelf.asked == []
    assert numbers(listing.items) == list(range(10))
    assert repr(listing).endswith("Listing of license keys, on page 0>")
    assert numbers(listing) == list(range(25))
    assert shelf.asked.count(0) == 1, "the page that a listing stands on is not asked for again"


def test_pages_ahead_are_in_flight_together_and_no_more_than_told(shelve):
    shelf, list_ = shelve(200, holds=1)
    items = iter(list_(prefetch=4))
    assert next(items).id == "0"
    m.until(lambda: len(shelf.asked) == 5)
    shelf.released.set()
    for key in items:
        assert max(shelf.asked) - int(key.id) // 10 <= 4
    assert key.id == "199"


def test_who_leaves_waits_for_none_of_the_pages_ahead_and_their_connections_are_closed(shelve):
    """By `break`, in whatever way: what goes through a listing is not referred to any more."""
    shelf, list_ = shelve(1_000, holds=1)
    for key in list_(prefetch=4):
        if key.id == "5":
            m.until(lambda: len(shelf.asked) == 5)
            break
    gc.collect()
    m.until(lambda: sorted(shelf.left) == [1, 2, 3, 4])
    shelf.released.set()
    assert sorted(shelf.asked) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("by_scope", [False, True], ids=["task", "scope"])
def test_a_cancelled_consumer_leaves_nothing_behind(by_scope):
    """It is cancelled again and again, which mustn't keep a page from closing its connection."""

    async def go(shelf):
        before, scope = asyncio.all_tasks(), anyio.CancelScope()

        async def consume():
            with scope:
                async for _ in client.license_keys.list(page_size=10, prefetch=4):
                    pass

        async with AsyncDodoPayments(base_url=shelf.base_url, **SETTINGS) as client:
            task = asyncio.create_task(consume())
            while len(shelf.asked) < 5:  # noqa: ASYNC110 - it happens in a thread
                await asyncio.sleep(0.001)
            while not task.done():
                (scope if by_scope else task).cancel()
                await asyncio.sleep(0)
            assert not by_scope or asyncio.all_tasks() == before
            await asyncio.gather(*(asyncio.all_tasks() - before), return_exceptions=True)
            await asyncio.to_thread(m.until, lambda: sorted(shelf.left) == [1, 2, 3, 4])

    with Shelf(1_000, holds=1) as shelf:
        asyncio.run(go(shelf))


def test_on_trio_it_goes_on_page_by_page(prefetch):
    with Shelf(95) as shelf, start_blocking_portal("trio") as portal:
        with AsyncClients(portal).client(base_url=shelf.base_url, **SETTINGS) as client:
            listing = client.license_keys.list(page_size=10, prefetch=prefetch)
            items = iter(listing)
            assert numbers(next(items) for _ in range(15)) == list(range(15))
            assert shelf.asked == [0, 1]
            assert numbers(items) == list(range(15, 95))
            assert numbers(listing.get_next_page().items) == list(range(10, 20))


# --- threads -------------------------------------------------------------------------------------------


def test_context_variables_are_carried_into_the_pages_ahead():
    request_id = contextvars.ContextVar("request_id", default=None)
    seen = []

    def respond(_):
        seen.append(request_id.get())
        return httpx.Response(200, json={"items": [m.KEY] if len(seen) == 1 else []})

    request_id.set("r-1")
    with httpx.Client(transport=httpx.MockTransport(respond)) as http_client:
        listing = DodoPayments(http_client=http_client, **SETTINGS).license_keys.list(prefetch=3, page_size=1)
        assert len(list(listing)) == 1
    assert set(seen) == {"r-1"}


def test_where_no_thread_can_be_started_it_goes_on_page_by_page(mock, monkeypatch):
    def start(_):
        raise RuntimeError("can't start new thread")

    with DodoPayments(base_url=mock.base_url, bearer_token=mock.api_key) as client:
        monkeypatch.setattr(threading.Thread, "start", start)
        assert len(list(client.license_keys.list(prefetch=3))) == 250


# --- the vendor SDK's page surface -----------------------------------------------------------------------


def by_hand(page):
    """As those who move over have written it."""
    found = [page.items]
    while page.has_next_page():
        page = page.get_next_page()
        found.append(page.items)
    with pytest.raises(PaginationError, match="has_next_page"):
        page.get_next_page()
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
def test_page_after_page_by_hand_is_whole(shelve, keys, serves, sizes, requests):
    shelf, list_ = shelve(keys, serves=serves)
    assert [len(items) for items in by_hand(list_())] == sizes
    assert len(shelf.asked) == requests
    assert [len(page.items) for page in list_().iter_pages()] == [size for size in sizes if size] or [0]


def test_what_is_asked_of_a_page_twice_is_the_same_twice(shelve):
    listing = shelve(500)[1](page_size=100, limit=250)
    for _ in range(2):
        assert [len(page.items) for page in listing.iter_pages()] == [100, 100, 50]
        following = listing.get_next_page()
        assert numbers(following.items) == list(range(100, 200))
        assert numbers(following) == list(range(100, 250))
        assert numbers(listing) == list(range(250))
        following.items.clear()
        for page in [*listing.pages(), *following.pages()]:
            page.items.clear()


def test_in_a_page_that_moved_two_branches_miss_nothing(shelve):
    shelf, list_ = shelve(30)
    first = list_()
    first.get_next_page()
    shelf.items.insert(0, -1)
    assert numbers([*first.items, *first.get_next_page()]) == list(range(30))


# --- mistakes ------------------------------------------------------------------------------------------


def test_the_wrong_loop_says_which_client_has_it():
    waited, awaited = (kind(**SETTINGS).license_keys.list() for kind in (DodoPayments, AsyncDodoPayments))
    with pytest.raises(TypeError, match="AsyncDodoPayments has `async for`"):
        aiter(waited)
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


# --- with the mock ---------------------------------------------------------------------------------------


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
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=m.PATIENCE)


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

"""Listings as users hold them: four drivers, two faces, the vendor SDK's page surface."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dodo_licenses import (
    AsyncDodoPayments,
    DodoPayments,
    DodoPaymentsError,
    InvalidArgumentError,
    LicenseKeyStatus,
    PaginationError,
)
from dodo_licenses._flow import AsyncFace, Request, SyncFace
from dodo_licenses._license_keys import LicenseKeyOperations
from dodo_licenses._listing import AsyncListing, Listing, Plan

PREFETCHES = (0, 3)


class Shelf:
    """A server made of a list. It notes which pages were asked for, and how many at once."""

    def __init__(self, items, fails_at=None, pause=0.0):
        self.items = list(items)
        self.asked = []
        self.at_once = self.most_at_once = 0
        self._fails_at = fails_at
        self._pause = pause
        self._lock = threading.Lock()

    def _begin(self, number):
        with self._lock:
            self.asked.append(number)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)

    def _end(self, number, size):
        with self._lock:
            self.at_once -= 1
        if number == self._fails_at:
            raise DodoPaymentsError(f"page {number}")
        return self.items[number * size : (number + 1) * size]

    def send(self, request):
        self._begin(request.params["number"])
        time.sleep(self._pause)
        return self._end(**request.params)

    async def send_async(self, request):
        self._begin(request.params["number"])
        try:
            await asyncio.sleep(self._pause)
        except asyncio.CancelledError:
            self.at_once -= 1
            raise
        return self._end(**request.params)


def plan_of(**more):
    def page(number, size):
        params = {"number": number, "size": size}
        return (yield Request(operation="list", method="GET", path="/", params=params))

    defaults = {"page_size": 10, "page_number": 0, "limit": None, "prefetch": 0, "exhaustive": False}
    return Plan(title="numbers", page=page, name_of=str, **{**defaults, **more})


class Sync:
    """Consumes listings with `for`."""

    @staticmethod
    def listing(shelf, plan):
        return Listing(plan, SyncFace(shelf.send))

    @staticmethod
    def consume(listing, each):
        for item in listing:
            if each(item) == "break":
                break

    @staticmethod
    def pages(listing):
        return list(listing.pages())


class Async:
    """Consumes listings with `async for`, and leaves no task behind."""

    @staticmethod
    def listing(shelf, plan):
        return AsyncListing(plan, AsyncFace(shelf.send_async))

    @staticmethod
    def consume(listing, each):
        async def loop():
            items = aiter(listing)
            try:
                async for item in items:
                    if each(item) == "break":
                        break
            finally:
                await items.aclose()
                assert asyncio.all_tasks() == {asyncio.current_task()}

        asyncio.run(loop())

    @staticmethod
    def pages(listing):
        async def loop():
            return [page async for page in listing.pages()]

        return asyncio.run(loop())


@pytest.fixture(params=[Sync, Async], ids=["sync", "async"])
def way(request):
    return request.param


@pytest.fixture(params=PREFETCHES, ids=["one by one", "ahead"])
def prefetch(request):
    return request.param


def collected(way, listing):
    found = []
    way.consume(listing, found.append)
    return found


def own_threads():
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("dodo_licenses")]


# --- the four drivers ----------------------------------------------------------------------------------


@pytest.mark.parametrize("keys", [0, 1, 9, 10, 11, 95, 100, 1_001])
def test_all_four_drivers_yield_everything_once_and_in_order(way, prefetch, keys):
    shelf = Shelf(range(keys))
    assert collected(way, way.listing(shelf, plan_of(prefetch=prefetch))) == list(range(keys))
    assert len(shelf.asked) == len(set(shelf.asked))


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 400), st.integers(1, 100), st.sampled_from([Sync, Async]), st.integers(0, 6), st.booleans()
)
def test_any_number_of_items_in_pages_of_any_size(keys, page_size, way, prefetch, exhaustive):
    plan = plan_of(page_size=page_size, prefetch=prefetch, exhaustive=exhaustive)
    assert collected(way, way.listing(Shelf(range(keys)), plan)) == list(range(keys))


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 120),
    st.sampled_from([Sync, Async]),
    st.integers(0, 4),
    st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=150),
)
def test_a_consumer_that_removes_what_it_gets_while_others_create_loses_nothing(keys, way, prefetch, events):
    shelf, schedule, new = Shelf(range(keys)), iter(events), iter(range(keys, 10_000))
    found = []

    def each(item):
        found.append(item)
        created, removes = next(schedule, (0, True))
        if removes:
            shelf.items.remove(item)
        for _ in range(created):
            shelf.items.insert(0, next(new))

    way.consume(way.listing(shelf, plan_of(page_size=7, prefetch=prefetch, exhaustive=True)), each)
    assert len(found) == len(set(found))
    assert set(found) >= set(range(keys))


def test_a_limit_holds_whatever_is_in_flight(way, prefetch):
    shelf = Shelf(range(500))
    assert collected(way, way.listing(shelf, plan_of(limit=25, prefetch=prefetch))) == list(range(25))
    assert sorted(shelf.asked) == [0, 1, 2]
    assert collected(way, way.listing(shelf, plan_of(limit=0, prefetch=prefetch))) == []


def test_an_error_comes_after_the_items_of_all_pages_before_it(way, prefetch):
    shelf, found = Shelf(range(200), fails_at=4), []
    with pytest.raises(DodoPaymentsError, match="page 4"):
        way.consume(way.listing(shelf, plan_of(prefetch=prefetch)), found.append)
    assert found == list(range(40))
    assert own_threads() == []


def test_pages_tell_their_number_and_size(way, prefetch):
    pages = way.pages(way.listing(Shelf(range(45)), plan_of(page_number=2, prefetch=prefetch)))
    assert [(page.number, page.page_size) for page in pages] == [(2, 10), (3, 10), (4, 10)]
    assert [item for page in pages for item in page.items] == list(range(20, 45))


def test_each_iteration_starts_anew(way, prefetch):
    listing = way.listing(Shelf(range(25)), plan_of(prefetch=prefetch))
    assert collected(way, listing) == collected(way, listing) == list(range(25))


def test_a_listing_that_is_not_iterated_asks_nothing(way, prefetch):
    shelf = Shelf(range(25))
    assert repr(way.listing(shelf, plan_of(prefetch=prefetch))).endswith("Listing of numbers>")
    assert shelf.asked == []


# --- ahead ---------------------------------------------------------------------------------------------


def test_pages_are_in_flight_together_and_yielded_in_order(way):
    shelf = Shelf(range(200), pause=0.02)
    assert collected(way, way.listing(shelf, plan_of(prefetch=4))) == list(range(200))
    assert shelf.most_at_once == 4


def test_no_more_pages_are_asked_for_than_told_beyond_what_is_consumed(way):
    shelf, beyond = Shelf(range(300)), []

    def each(item):
        time.sleep(0.001 if item % 10 == 0 else 0)
        beyond.append(max(shelf.asked) - item // 10)

    way.consume(way.listing(shelf, plan_of(prefetch=3)), each)
    assert max(beyond) <= 3


@pytest.mark.parametrize("ending", ["break", "raise"])
def test_a_consumer_that_stops_leaves_nothing_behind(way, ending):
    shelf = Shelf(range(10_000), pause=0.005)

    def each(item):
        if item == 15:
            if ending == "raise":
                raise KeyboardInterrupt
            return "break"
        return None

    listing = way.listing(shelf, plan_of(prefetch=4))
    if ending == "raise":
        with pytest.raises(KeyboardInterrupt):
            way.consume(listing, each)
    else:
        way.consume(listing, each)
    assert shelf.at_once == 0
    assert own_threads() == []
    asked = len(shelf.asked)
    time.sleep(0.02)
    assert len(shelf.asked) == asked <= 6


def test_breaking_off_an_async_loop_without_closing_it_leaves_nothing_behind_either():
    shelf = Shelf(range(10_000), pause=0.005)

    async def main():
        async for item in AsyncListing(plan_of(prefetch=4), AsyncFace(shelf.send_async)):
            if item == 15:
                break
        for _ in range(5):  # the loop closes what is not referred to any more, in a task of its own
            await asyncio.sleep(0)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())
    assert shelf.at_once == 0


def test_a_cancelled_consumer_leaves_nothing_behind():
    shelf = Shelf(range(10_000), pause=0.01)

    async def loop():
        async for _ in AsyncListing(plan_of(prefetch=4), AsyncFace(shelf.send_async)):
            pass

    async def main():
        task = asyncio.create_task(loop())
        await asyncio.sleep(0.035)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())
    assert shelf.at_once == 0


# --- what the client hands out ---------------------------------------------------------------------------


@pytest.fixture
def client(face, mock):
    with face.client(base_url=mock.base_url, bearer_token=mock.api_key, rate_limit=None) as client:
        yield client


@pytest.fixture
def keys(client):
    return list(client.license_keys.list())


def test_every_filter_and_page_size_gives_every_key_that_satisfies_it(client, keys):
    assert len(keys) == 250
    some, other = keys[40], keys[180]
    east = timezone(timedelta(hours=5, minutes=30))
    for filters, satisfied in (
        ({"status": "disabled"}, lambda key: key.status == "disabled"),
        ({"status": LicenseKeyStatus.EXPIRED}, lambda key: key.status == "expired"),
        ({"source": "import"}, lambda key: key.source == "import"),
        ({"customer_id": some.customer_id}, lambda key: key.customer_id == some.customer_id),
        ({"product_id": some.product_id}, lambda key: key.product_id == some.product_id),
        ({"created_at_gte": some.created_at}, lambda key: key.created_at >= some.created_at),
        ({"created_at_lte": some.created_at.astimezone(east)}, lambda key: key.created_at <= some.created_at),
        (
            {"created_at_gte": other.created_at, "created_at_lte": some.created_at, "status": "active"},
            lambda key: other.created_at <= key.created_at <= some.created_at and key.status == "active",
        ),
    ):
        wanted = [key for key in keys if satisfied(key)]
        assert wanted
        for page_size in (1, 7, 100):
            assert list(client.license_keys.list(page_size=page_size, **filters)) == wanted


async def disabled_as_they_are_listed(settings, exhaustive):
    async with AsyncDodoPayments(**settings) as client:
        async for key in client.license_keys.list(status="active", page_size=20, exhaustive=exhaustive):
            await client.license_keys.update(key.id, disabled=True)
            yield key.id


@pytest.mark.parametrize("exhaustive", [True, False])
@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
def test_disabling_each_active_key_as_it_is_listed_is_what_exhaustive_is_for(mock, exhaustive, is_async):
    settings = {"base_url": mock.base_url, "bearer_token": mock.api_key, "rate_limit": None}

    async def gathered():
        return [name async for name in disabled_as_they_are_listed(settings, exhaustive)]

    with DodoPayments(**settings) as client:
        active = {key.id for key in client.license_keys.list(status="active")}
        listed = asyncio.run(gathered()) if is_async else []
        if not is_async:
            for key in client.license_keys.list(status="active", page_size=20, exhaustive=exhaustive):
                client.license_keys.update(key.id, disabled=True)
                listed.append(key.id)
        left = {key.id for key in client.license_keys.list(status="active")}
    assert len(listed) == len(set(listed))
    assert left == active - set(listed)
    assert (left == set()) is exhaustive


def test_instances_are_listed_whole_too(client):
    everything = list(client.license_key_instances.list())
    assert len(everything) > 100
    assert list(client.license_key_instances.list(page_size=3)) == everything
    key_id = everything[0].license_key_id
    mine = list(client.license_key_instances.list(license_key_id=key_id))
    assert mine == [instance for instance in everything if instance.license_key_id == key_id]
    assert list(client.license_key_instances.list(grant_id="grant_none")) == []


REFUSED = {
    "status": ("inactive", "'active', 'disabled', 'expired'"),
    "source": ("gift", "'auto', 'import', 'manual'"),
    "page_size": (0, "from 1 to 100"),
    "page_number": (-1, "from 0"),
    "limit": (-1, "from 0"),
    "prefetch": (101, "from 0 to 100"),
    "exhaustive": ("yes", "True or False"),
    "customer_id": ("a/b", "letters, digits"),
    "product_id": ("", "letters, digits"),
    "created_at_gte": (datetime(2026, 1, 1), "time zone"),  # noqa: DTZ001 - what is refused
    "created_at_lte": ("2026-01-01", "datetime"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_api_does_not_know_is_refused_at_once_with_what_is_allowed(face, name):
    value, allowed = REFUSED[name]
    with face.client(base_url="http://127.0.0.1:9", bearer_token="sk_test") as client:
        with pytest.raises(InvalidArgumentError, match=allowed) as caught:
            client.license_keys.list(**{name: value})
    assert name in str(caught.value)


@pytest.mark.parametrize("page_size", [101, 10.0, "ten", True, None])
def test_a_page_size_is_a_whole_number_from_1_to_100(face, page_size):
    with face.client(base_url="http://127.0.0.1:9", bearer_token="sk_test") as client:
        with pytest.raises(InvalidArgumentError, match="from 1 to 100"):
            client.license_key_instances.list(page_size=page_size)


# --- find ------------------------------------------------------------------------------------------------


def test_find_gives_the_one_key_with_that_string_from_any_page(client, keys):
    for key in (keys[0], keys[99], keys[100], keys[249]):
        assert client.license_keys.find(key=f" {key.key}\n") == key
        assert client.license_keys.find(key=key.key, customer_id=key.customer_id) == key
        assert client.license_keys.find(key=key.key, product_id=key.product_id) == key
    assert client.license_keys.find(key=keys[7].key, customer_id="cus_other") is None
    assert client.license_keys.find(key="DEMO-NONE") is None
    assert client.license_keys.find(key=keys[7].key.lower()) is None


def test_find_stops_at_the_first_hit(client, keys, caplog):
    caplog.set_level("DEBUG", logger="dodo_licenses")
    client.license_keys.find(key=keys[120].key)
    assert caplog.text.count("GET /license_keys") == 2
    with pytest.raises(InvalidArgumentError, match="not blank"):
        client.license_keys.find(key=" ")


# --- the vendor SDK's page surface -----------------------------------------------------------------------


def by_hand(client, **filters):
    """As those who move over have written it."""
    page = client.license_keys.list(**filters)
    found = list(page.items)
    while page.has_next_page():
        page = page.get_next_page()
        found += page.items
    with pytest.raises(PaginationError, match="has_next_page"):
        page.get_next_page()
    return found


def test_page_after_page_by_hand_is_complete(mock):
    settings = {"base_url": mock.base_url, "bearer_token": mock.api_key, "rate_limit": None}
    with DodoPayments(**settings) as client:
        everything = list(client.license_keys.list())
        for page_size in (100, 95, 50, 7):
            assert by_hand(client, page_size=page_size) == everything
            pages = list(client.license_keys.list(page_size=page_size).iter_pages())
            assert [key for page in pages for key in page.items] == everything
            assert len(pages) == -(-250 // page_size)


def test_page_after_page_by_hand_is_complete_in_async_code(mock):
    async def by_hand_async(client, **filters):
        page = await client.license_keys.list(**filters)
        found = list(page.items)
        while page.has_next_page():
            page = await page.get_next_page()
            found += page.items
        return found

    async def main():
        settings = {"base_url": mock.base_url, "bearer_token": mock.api_key, "rate_limit": None}
        async with AsyncDodoPayments(**settings) as client:
            everything = [key async for key in client.license_keys.list()]
            assert await by_hand_async(client, page_size=50) == everything
            pages = [page async for page in client.license_keys.list(page_size=95).iter_pages()]
            assert [key for page in pages for key in page.items] == everything
            with pytest.raises(DodoPaymentsError, match="await the listing first"):
                client.license_keys.list().items  # noqa: B018 - asking is what fails

    asyncio.run(main())
    assert len(asyncio.run(_ninety_five(mock))) == 95


async def _ninety_five(mock):
    """The lost page: 95 keys in pages of the vendor's default size."""
    settings = {"base_url": mock.base_url, "bearer_token": mock.api_key, "rate_limit": None}
    async with AsyncDodoPayments(**settings) as client:
        return {key.id async for key in client.license_keys.list(page_size=10, limit=95)}


def test_the_page_a_listing_stands_on_is_not_asked_for_again():
    shelf = Shelf(range(25))
    listing = Listing(plan_of(), SyncFace(shelf.send))
    assert listing.items == list(range(10))
    assert list(listing) == list(range(25))
    assert shelf.asked == [0, 1, 2]
    assert Listing(plan_of(), SyncFace(Shelf([]).send)).items == []


# --- the wrong face --------------------------------------------------------------------------------------


def test_the_wrong_loop_says_which_client_has_it(mock):
    settings = {"base_url": mock.base_url, "bearer_token": mock.api_key}

    async def wrong():
        with DodoPayments(**settings) as client:
            async for _ in client.license_keys.list():
                pass

    with pytest.raises(TypeError, match="AsyncDodoPayments has `async for`"):
        asyncio.run(wrong())
    with pytest.raises(TypeError, match="DodoPayments has `for`"):
        list(AsyncDodoPayments(**settings).license_keys.list())


def test_an_aware_datetime_goes_out_in_utc():
    moment = datetime(2026, 1, 1, 5, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    request = next(LicenseKeyOperations.list(created_at_gte=moment).fetch(0))
    assert request.params["created_at_gte"] == datetime(2026, 1, 1, tzinfo=UTC).isoformat()

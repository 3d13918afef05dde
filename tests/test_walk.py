"""What a listing decides, driven by hand against servers made of a list."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dodo_licenses import PaginationError
from dodo_licenses._walk import GENERATION, Walk

PAGE_SIZES = st.integers(1, 100)
COUNTS = st.one_of(
    st.integers(0, 350), st.integers(0, 10_001), st.sampled_from([0, 1, 99, 100, 101, 10_000, 10_001])
)


class Shelf:
    """A server made of a list, newest first, that may serve smaller pages than asked for."""

    def __init__(self, names, serves=100):
        self.names = list(names)
        self.serves = serves
        self.requests = 0

    def page(self, number, size):
        self.requests += 1
        size = min(size, self.serves)
        return self.names[number * size : (number + 1) * size]


def walk_of(page_size=100, **more):
    return Walk(str, page_size=page_size, **more)


def drained(walk, fetch, *, page_size=100, between=len):
    """Everything the walk hands on; `between` is told after each page."""
    found = []
    while (number := walk.take()) is not None:
        page = walk.accept(fetch(number, page_size))
        found += page.items
        between(page.items)
    assert walk.done
    return found


def requests_needed(keys, page_size):
    """⌈N / page size⌉; one more where the last page is full, or the only one short: is that the end?"""
    pages = -(-keys // page_size)
    return pages + (keys % page_size == 0 or keys < page_size)


# --- complete, and frugal -----------------------------------------------------------------------------


@settings(max_examples=300, deadline=None)
@given(COUNTS, PAGE_SIZES)
@example(10_001, 1)
@example(10_000, 100)
def test_every_item_comes_once_with_no_request_too_many(keys, page_size):
    shelf = Shelf(range(keys))
    assert drained(walk_of(page_size), shelf.page, page_size=page_size) == list(range(keys))
    assert shelf.requests == requests_needed(keys, page_size)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2_000), PAGE_SIZES, PAGE_SIZES)
def test_a_server_that_serves_smaller_pages_than_asked_for_loses_nothing(keys, page_size, serves):
    shelf = Shelf(range(keys), serves)
    assert drained(walk_of(page_size), shelf.page, page_size=page_size) == list(range(keys))
    assert shelf.requests <= requests_needed(keys, min(page_size, serves)) + 1


@given(st.integers(0, 400), PAGE_SIZES, st.integers(0, 500))
def test_a_limit_ends_it_after_so_many_items_and_asks_no_further(keys, page_size, limit):
    shelf = Shelf(range(keys))
    found = drained(walk_of(page_size, limit=limit), shelf.page, page_size=page_size)
    assert found == list(range(min(keys, limit)))
    enough = -(-limit // page_size) if limit <= keys else requests_needed(keys, page_size)
    assert shelf.requests <= enough


@given(st.integers(0, 400), PAGE_SIZES, st.integers(0, 6))
def test_a_walk_starts_at_the_page_it_is_told(keys, page_size, page_number):
    shelf = Shelf(range(keys))
    found = drained(walk_of(page_size, page_number=page_number), shelf.page, page_size=page_size)
    assert found == list(range(page_number * page_size, keys))


@given(st.integers(1, 400), PAGE_SIZES, st.data())
def test_what_broke_off_goes_on_at_the_page_after_the_last_one(keys, page_size, data):
    shelf, walk = Shelf(range(keys)), walk_of(page_size)
    found, page = [], None
    for _ in range(data.draw(st.integers(1, -(-keys // page_size)))):
        page = walk.accept(shelf.page(walk.take(), page_size))
        found += page.items
    rest = walk_of(page_size, page_number=page.number + 1)
    assert found + drained(rest, shelf.page, page_size=page_size) == list(range(keys))


# --- while it changes ----------------------------------------------------------------------------------

# What happens after each page: so many items are created, and those at these places leave.
EVENTS = st.lists(st.tuples(st.integers(0, 12), st.lists(st.integers(0, 10_000), max_size=8)), max_size=40)


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 300), st.integers(1, 20), st.lists(st.integers(0, 45), max_size=60))
def test_items_created_meanwhile_give_no_repeats_and_no_losses(keys, page_size, created):
    shelf = Shelf(range(keys))
    new, births = count(keys), iter(created)

    def create(_):
        for _ in range(next(births, 0)):
            shelf.names.insert(0, next(new))

    found = drained(walk_of(page_size), shelf.page, page_size=page_size, between=create)
    assert len(found) == len(set(found)), "repeated"
    assert not set(range(keys)) - set(found), "lost"


def after_events(shelf, events, keys):
    """Create and remove as the events say, and tell what never left."""
    new, schedule, left = count(keys), iter(events), set()

    def change(_):
        created, leaving = next(schedule, (0, []))
        for place in leaving:
            if shelf.names:
                left.add(shelf.names.pop(place % len(shelf.names)))
        for _ in range(created):
            shelf.names.insert(0, next(new))

    return change, left


@settings(max_examples=600, deadline=None)
@given(st.integers(0, 200), st.integers(1, 20), EVENTS)
def test_exhaustive_hands_on_whatever_matched_all_along_once(keys, page_size, events):
    shelf = Shelf(range(keys))
    change, left = after_events(shelf, events, keys)
    walk = walk_of(page_size, exhaustive=True)
    found = drained(walk, shelf.page, page_size=page_size, between=change)
    assert len(found) == len(set(found)), "repeated"
    assert not set(range(keys)) - left - set(found), "lost"


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 300), st.integers(1, 30), st.integers(0, 60))
def test_exhaustive_survives_a_consumer_that_removes_what_it_is_handed(keys, page_size, created):
    shelf = Shelf(range(keys))
    births = iter(range(keys, keys + created))

    def disable(fresh):
        for name in fresh:
            shelf.names.remove(name)
        if (name := next(births, None)) is not None:
            shelf.names.insert(0, name)

    walk = walk_of(page_size, exhaustive=True)
    found = drained(walk, shelf.page, page_size=page_size, between=disable)
    assert len(found) == len(set(found))
    assert set(found) >= set(range(keys))
    assert not set(shelf.names) & set(range(keys))


def test_without_exhaustive_such_a_consumer_does_lose_some():
    """What `exhaustive` is for: the same consumer without it, so that the tests above are known to bite."""
    shelf = Shelf(range(100))

    def disable(fresh):
        for name in fresh:
            shelf.names.remove(name)

    assert len(drained(walk_of(10), shelf.page, page_size=10, between=disable)) < 100


@given(st.integers(0, 1_000), PAGE_SIZES)
def test_exhaustive_costs_one_more_sweep_where_nothing_changes(keys, page_size):
    shelf = Shelf(range(keys))
    found = drained(walk_of(page_size, exhaustive=True), shelf.page, page_size=page_size)
    assert found == list(range(keys))
    assert shelf.requests <= 3 * requests_needed(keys, page_size)


def test_every_sweep_begins_at_the_page_it_is_told():
    shelf, asked = Shelf(range(95)), []

    def fetch(number, size):
        asked.append(number)
        return shelf.page(number, size)

    walk = walk_of(10, page_number=4, exhaustive=True)
    assert drained(walk, fetch, page_size=10) == list(range(40, 95))
    assert min(asked) == 4
    assert asked.count(4) >= 2


def test_an_exhaustive_listing_that_never_settles_is_an_error_and_not_a_loop():
    shelf = Shelf(range(30))

    def turn(_):
        shelf.names.append(shelf.names.pop(0))
        assert shelf.requests < 500, "endless"

    with pytest.raises(PaginationError, match="sweeps"):
        drained(walk_of(10, exhaustive=True), shelf.page, page_size=10, between=turn)


# --- never endless -------------------------------------------------------------------------------------

# What is on a page: from which item on, and how many more.
ENDLESS = {
    "ignores the page number": lambda number, size: (0 * number, size),
    "ignores the page number, and its one page is short": lambda number, size: (0 * number, size // 3),
    "repeats its last page": lambda number, size: (min(number, 3) * size, size),
    "goes round three pages": lambda number, size: (number % 3 * size, size),
    "goes round in overlapping pages": lambda number, size: (number % 7 * 5, size),
}


@pytest.mark.parametrize("page", ENDLESS.values(), ids=ENDLESS)
@pytest.mark.parametrize("page_size", [10, 100])
def test_a_server_that_never_comes_to_an_end_is_an_error(page, page_size):
    asked = []

    def fetch(number, size):
        asked.append(number)
        assert len(asked) < 60, "endless"
        return items(number, size)

    def items(number, size):
        first, more = page(number, size)
        return list(range(first, first + more))

    with pytest.raises(PaginationError, match="page_number") as caught:
        drained(walk_of(page_size), fetch, page_size=page_size)
    assert caught.value.pages == len(asked)
    assert caught.value.items == len({name for number in set(asked) for name in items(number, page_size)})
    assert f"{len(asked)} pages read" in str(caught.value)


@given(st.integers(0, 400), PAGE_SIZES)
def test_a_server_that_counts_pages_from_1_is_walked_completely(keys, page_size):
    shelf = Shelf(range(keys))

    def fetch(number, size):
        return shelf.page(max(number - 1, 0), size)

    assert drained(walk_of(page_size), fetch, page_size=page_size) == list(range(keys))


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 12), st.integers(60, 300))
def test_a_burst_of_new_items_is_not_taken_for_a_server_at_fault(page_size, burst):
    shelf = Shelf(range(page_size * 5))
    bursts = iter([burst])

    def create(_):
        for name in range(next(bursts, 0)):
            shelf.names.insert(0, -1 - name)

    found = drained(walk_of(page_size), shelf.page, page_size=page_size, between=create)
    assert set(found) >= set(range(page_size * 5))


# --- ahead ---------------------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 500), st.integers(1, 30), st.integers(1, 8), st.booleans())
def test_asking_ahead_changes_nothing_of_what_comes(keys, page_size, ahead, exhaustive):
    shelf, walk = Shelf(range(keys)), walk_of(page_size, exhaustive=exhaustive)
    found, flying = [], []
    while True:
        while len(flying) < ahead and (number := walk.take()) is not None:
            flying.append(shelf.page(number, page_size))
        if not flying or walk.done:
            break
        found += walk.accept(flying.pop(0)).items
    assert found == list(range(keys))
    sweeps = 3 if exhaustive else 1
    assert shelf.requests <= sweeps * (requests_needed(keys, page_size) + ahead)


def test_the_first_page_is_awaited_alone_as_it_tells_the_page_size():
    walk = walk_of(10)
    assert walk.take() == 0
    assert walk.take() is None
    walk.accept(list(range(10)))
    assert [walk.take(), walk.take()] == [1, 2]


# --- in bounded memory ---------------------------------------------------------------------------------


def test_two_generations_of_ids_are_remembered_and_no_more():
    walk, most = walk_of(100), 0
    for number in range(2_000):
        walk.take()
        walk.accept(range(number * 100, number * 100 + 100))
        memory = walk._sweep._memory
        most = max(most, len(memory._recent) + len(memory._older))
    assert GENERATION <= most <= 2 * GENERATION


def test_a_repeat_within_the_bound_is_known():
    walk = walk_of(100)
    for number in range(GENERATION // 100 + 1):
        walk.take()
        walk.accept(list(range(number * 100, number * 100 + 100)))
    walk.take()
    assert walk.accept([5, -1]).items == [-1]

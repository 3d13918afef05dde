"""What a listing decides, driven by hand against servers made of a list."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, count
from operator import attrgetter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dodo_licenses import PaginationError
from dodo_licenses._pagination import GENERATION, Walk

PAGE_SIZES = st.integers(1, 100)
COUNTS = st.one_of(
    st.integers(0, 350), st.integers(0, 10_001), st.sampled_from([0, 1, 99, 100, 101, 10_000, 10_001])
)


def dice_of(seed):
    return random.Random(seed)  # noqa: S311 - made-up schedules


class Shelf:
    """A server made of a list, newest first, that may serve smaller pages than asked for."""

    def __init__(self, names, serves=100):
        self.names = list(names)
        self.serves = serves
        self.asked = []

    def page(self, number, size):
        self.asked.append(number)
        assert len(self.asked) < 20_000, "endless"
        size = min(size, self.serves)
        return self.names[number * size : (number + 1) * size]


def drained(fetch, *, page_size=100, between=len, ahead=1, **more):
    """Everything a walk yields that keeps so many pages in flight; `between` is told of each page's items."""
    walk, found, flying = Walk(str, page_size=page_size, **more), [], []
    while not walk.done:
        while len(flying) < ahead and (number := walk.next_number()) is not None:
            flying.append(fetch(number, page_size))
        page = walk.receive(flying.pop(0))
        found += page.items
        between(page.items)
    assert walk.next_number() is None
    return found


# --- complete, and frugal -----------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(COUNTS, PAGE_SIZES)
@example(10_001, 1)
@example(10_000, 100)
def test_every_item_comes_once_with_no_request_too_many(keys, page_size):
    shelf = Shelf(range(keys))
    assert drained(shelf.page, page_size=page_size) == list(range(keys))
    # ⌈N / page size⌉; one more where the last page is full, or the only one short: is that the end?
    assert len(shelf.asked) == -(-keys // page_size) + (keys % page_size == 0 or keys < page_size)


@settings(max_examples=200, deadline=None)
@given(
    keys=st.integers(0, 1_500),
    page_size=PAGE_SIZES,
    serves=PAGE_SIZES,
    from_1=st.booleans(),
    start=st.integers(0, 3),
    limit=st.none() | st.integers(0, 2_000),
    ahead=st.integers(1, 8),
    exhaustive=st.booleans(),
)
def test_every_way_to_list_yields_the_same(
    *, keys, page_size, serves, from_1, start, limit, ahead, exhaustive
):
    """Of servers with smaller pages than asked for, or that count pages from 1, too."""
    shelf, size = Shelf(range(keys), serves), min(page_size, serves)
    found = drained(
        lambda number, size: shelf.page(max(number - from_1, 0), size),
        page_size=page_size,
        page_number=start,
        limit=limit,
        ahead=ahead,
        exhaustive=exhaustive,
    )
    assert found == list(range(max(start - from_1, 0) * size, keys))[:limit]
    sweep = -(-(len(found) + 1) // size) + 1 + from_1 + ahead
    assert len(shelf.asked) <= sweep * (2 if exhaustive else 1)


# --- while it changes, one page after the other -------------------------------------------------------


@pytest.mark.parametrize("exhaustive", [True, False])
@pytest.mark.parametrize("ahead", [1, 4])
def test_a_consumer_that_disables_what_it_is_given_reaches_all_with_exhaustive_only(exhaustive, ahead):
    shelf = Shelf(range(100))

    def disable(fresh):
        for name in fresh:
            shelf.names.remove(name)

    drained(shelf.page, page_size=10, between=disable, ahead=ahead, exhaustive=exhaustive)
    assert (shelf.names == []) is exhaustive


@pytest.mark.parametrize("exhaustive", [True, False])
def test_a_page_with_a_hidden_item_ends_a_listing_unless_it_is_exhaustive(exhaustive):
    shelf = Shelf(range(100))

    def hiding(number, size):
        return [name for name in shelf.page(number, size) if name != 25]

    found = drained(hiding, page_size=10, exhaustive=exhaustive)
    assert len(found) == (99 if exhaustive else 29)


def test_an_exhaustive_listing_that_never_settles_is_an_error_and_not_a_loop():
    shelf = Shelf(range(30))
    with pytest.raises(PaginationError, match="sweeps"):
        drained(
            shelf.page,
            page_size=10,
            between=lambda _: shelf.names.append(shelf.names.pop(0)),
            exhaustive=True,
        )
    assert len(shelf.asked) < 60


# --- while it changes, with pages in flight ------------------------------------------------------------

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Item:
    """What a simulated server lists."""

    id: str
    created_at: datetime


class Simulation:
    """A listing that moves while pages are in flight, which the server looks up in any order.

    Before and after each page that it looks up, items may be created (so many at a time) and may leave, but
    not for ever: so many `moves` are made.
    """

    page_size = 5

    def __init__(self, dice, items, *, created=(), chance=0.0, leave=False, moves=10**9):
        self.dice, self.created, self.chance, self.leave, self.moves = dice, created, chance, leave, moves
        self.items, self.stayed = list(items), set(items)
        self.asked, self.first_replies = [], {}
        self.new = count(1_000_000)

    def move(self):
        self.moves -= 1
        if self.moves < 0:
            return
        if self.created and self.dice.random() < self.chance:
            for _ in range(self.dice.choice(self.created)):
                self.items.insert(0, item(next(self.new)))
        if self.leave and self.items and self.dice.random() < self.chance:
            self.stayed.discard(self.items.pop(self.dice.randrange(len(self.items))))

    def look_up(self, number):
        self.move()
        reply = self.items[number * self.page_size :][: self.page_size]
        self.first_replies.setdefault(number, reply)
        self.move()
        return reply

    def pages(self, ahead, **more):
        """The pages that a walk yields."""
        walk = Walk(attrgetter("id"), page_size=self.page_size, **more)
        flying = []  # [number, reply or None]
        while not walk.done:
            while len(flying) < ahead and (number := walk.next_number()) is not None:
                flying.append([number, None])
                self.asked.append(number)
                assert len(self.asked) < 5_000, "endless"
            while flying[0][1] is None:
                request = self.dice.choice([request for request in flying if request[1] is None])
                request[1] = self.look_up(request[0])
            yield walk.receive(flying.pop(0)[1])


def item(number):
    return Item(str(number), EPOCH + timedelta(seconds=number))


def newest_first(keys):
    return [item(number) for number in range(keys, 0, -1)]


moment = attrgetter("created_at")
# How many are created at a time, and how likely: one by one, or by imports of whole pages, too.
ARRIVALS = {
    "one by one": {"created": (1,), "chance": 0.15},
    "imports": {"created": (1, 1, 1, 5, 10, 15, 35), "chance": 0.05},
}


@pytest.mark.parametrize("arrivals", ARRIVALS)
def test_3_000_schedules_lose_nothing_that_was_there_and_yield_nothing_twice(arrivals):
    dice = dice_of(11)
    would_lose = 0  # a listing that believes the first reply for each page
    for _ in range(3_000):
        simulation = Simulation(dice, newest_first(dice.randrange(60)), **ARRIVALS[arrivals])
        pages = list(simulation.pages(dice.choice([1, 2, 3, 4, 8]), moment_of=moment))
        found = [item for page in pages for item in page.items]
        assert len(found) == len(set(found)), "yielded twice"
        assert simulation.stayed <= set(found), "lost"
        would_lose += not simulation.stayed <= set(chain(*simulation.first_replies.values()))
    assert would_lose > 300


@pytest.mark.parametrize("arrivals", ARRIVALS)
def test_what_broke_off_with_pages_in_flight_goes_on_after_the_page_that_it_says(arrivals):
    dice = dice_of(12)
    for _ in range(1_000):
        simulation = Simulation(dice, newest_first(dice.randrange(5, 60)), **ARRIVALS[arrivals])
        found, number = set(), 0
        for page in simulation.pages(4, moment_of=moment):
            found.update(page.items)
            number = page.number
            if dice.random() < 0.2:
                break
        for page in simulation.pages(4, page_number=number + 1, moment_of=moment):
            found.update(page.items)
        assert simulation.stayed <= found, "lost"


@pytest.mark.parametrize("chance", [0.02, 0.3])
def test_exhaustive_loses_nothing_that_stayed_whatever_comes_and_leaves(chance):
    dice = dice_of(13)
    for _ in range(1_000):
        items, ahead = newest_first(dice.randrange(60)), dice.choice([1, 2, 4])
        simulation = Simulation(dice, items, created=(1, 5, 12), chance=chance, leave=True, moves=60)
        found = [item for page in simulation.pages(ahead, exhaustive=True) for item in page.items]
        assert len(found) == len(set(found)), "yielded twice"
        assert simulation.stayed <= set(found), "lost"


def test_what_comes_on_pages_that_are_discarded_is_yielded():
    """In flight beyond the end of a sweep, items that moved there and left before the next one."""
    walk = Walk(str, page_size=2, exhaustive=True)
    walk.next_number()
    walk.receive("ab")
    assert [walk.next_number() for _ in range(3)] == [1, 2, 3]
    assert walk.receive("").items == []
    assert walk.receive("cd").items == ["c", "d"]


ORDERS = {
    "newest first": newest_first(500),
    "oldest first": newest_first(500)[::-1],
    "oldest first, many at one moment": [
        Item(number, EPOCH + timedelta(hours=number // 7)) for number in range(500)
    ],
    "all at one moment": [Item(number, EPOCH) for number in range(500)],
    "in no order": dice_of(14).sample(newest_first(500), 500),
}


@pytest.mark.parametrize("order", ORDERS)
def test_no_order_is_taken_for_movement(order):
    simulation = Simulation(dice_of(15), ORDERS[order])
    assert sum(len(page.items) for page in simulation.pages(8, moment_of=moment)) == 500
    assert len(simulation.asked) == 101 + 7  # those in flight beyond the end
    # Where the first page is of one moment it may be newest first: some are asked for twice, to lose nothing.
    assert (simulation.asked == list(range(108))) is (order != "oldest first, many at one moment")


def test_movement_costs_the_pages_in_flight_once():
    for seed in range(20):
        simulation = Simulation(dice_of(seed), newest_first(500), created=(1,), chance=0.1)
        found = [item for page in simulation.pages(8, moment_of=moment) for item in page.items]
        assert simulation.stayed <= set(found)
        assert len(simulation.asked) <= 125


# --- never endless -------------------------------------------------------------------------------------

# What is on a page.
ENDLESS = {
    "ignores the page number": lambda _, size: range(size),
    "ignores the page number, and its one page is short": lambda _, size: range(size // 3),
    "ignores the page number and the page size": lambda *_: range(250),
    "repeats its last page": lambda number, size: range(min(number, 3) * size, min(number, 3) * size + size),
    "goes round three pages": lambda number, size: range(number % 3 * size, number % 3 * size + size),
    "goes round in overlapping pages": lambda number, size: range(number % 7 * 5, number % 7 * 5 + size),
    "goes round in more than is remembered": lambda number, size: range(
        number * size % 60_000, number * size % 60_000 + size
    ),
    "gives any items": lambda number, size: dice_of(number % 100).sample(range(1_000), size),
}


@pytest.mark.parametrize("exhaustive", [False, True])
@pytest.mark.parametrize("page", ENDLESS.values(), ids=ENDLESS)
def test_a_server_that_never_comes_to_an_end_is_an_error(page, exhaustive):
    asked, found = [], []

    def fetch(number, size):
        asked.append(number)
        assert len(asked) < 12_100, "endless"
        return list(page(number, size))

    with pytest.raises(PaginationError, match=r"page_number|more items than are remembered") as caught:
        drained(fetch, page_size=10, between=found.extend, exhaustive=exhaustive)
    assert len(found) == len(set(found)) == caught.value.items
    assert caught.value.pages == len(asked)
    assert f"{len(asked)} pages read" in str(caught.value)


# --- in bounded memory ---------------------------------------------------------------------------------


def test_ids_are_remembered_within_the_bound_and_forgotten_beyond_it():
    walk = Walk(str, page_size=100)

    def receive(names):
        walk.next_number()
        return walk.receive(names).items

    for first in range(0, 3 * GENERATION, 100):
        receive(range(first, first + 100))
    assert receive([2 * GENERATION, *range(100, 199)]) == list(range(100, 199))


def test_a_copy_goes_on_by_itself_and_knows_what_its_original_knew():
    walk, copies = Walk(str, page_size=10, limit=1_000), []
    for first in range(0, 1_000, 10):
        copies.append(walk.copy())
        walk = walk.copy()
        walk.next_number()
        walk.receive(range(first, first + 10))
    assert walk.done
    for number, copied in enumerate(copies):
        seen = list(range(number * 10))
        for news in (["a", "b"], ["b"]):
            twin = copied.copy()
            assert twin.next_number() == number
            assert twin.receive([*seen, *news]).items == news

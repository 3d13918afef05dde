"""What a listing decides: which page to ask for, what of it is new, and when it is done. No I/O.

The API counts pages from 0 and gives neither a total nor a marker for the next page, and what it lists may
change between two requests. `docs/listing.md` says what is guaranteed, within which bounds, and why.
"""

from __future__ import annotations

import hashlib
import itertools
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from dodo_licenses._errors import PaginationError

T = TypeVar("T")

# Ids in a generation; one to two generations are remembered, so that a listing of a million keys doesn't hold
# a million ids. For an item to be handed on twice, as many others would have to be created meanwhile.
GENERATION = 25_000
# A server that counts pages from 1 repeats one page; a second repetition in a row is suspicious.
_SUSPICIOUS = 2
# Repeated items in a row before a sweep gives up: more than are remembered can't be what new items displaced.
_PATIENCE = 2 * GENERATION
# Sweeps in a row that find nothing new, yet differ, before an exhaustive walk gives up.
_UNSETTLED_SWEEPS = 10


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a listing.

    Attributes:
        number: The page's number, counted from 0. A listing that broke off after this page goes on with
            `page_number=page.number + 1` and the same page size.
        items: What the page brought that the pages before it had not.
        page_size: How many items were asked for.
    """

    number: int
    items: list[T]
    page_size: int


class _Memory:
    """The ids seen lately, in bounded space."""

    def __init__(self) -> None:
        self._recent: set[str] = set()
        self._older: set[str] = set()

    def add_all(self, names: Sequence[str], page: frozenset[str]) -> list[bool]:
        """Remember a page's ids; true for each that was not known."""
        all_new = len(page) == len(names) and page.isdisjoint(self._recent) and page.isdisjoint(self._older)
        if not all_new or len(self._recent) + len(page) > GENERATION:
            return [self._add(name) for name in names]
        self._recent |= page  # at once, as is usual
        return [True] * len(names)

    def _add(self, name: str) -> bool:
        if name in self._recent or name in self._older:
            return False
        if len(self._recent) >= GENERATION:
            self._older, self._recent = self._recent, set()
        self._recent.add(name)
        return True


class _Sweep:
    """One pass over the pages: which comes next, and whether it gets anywhere.

    New items push old ones onto later pages, so a page without anything new is normal, and so are many in a
    row. A page that comes again and again is suspicious; only if the first page hasn't changed meanwhile is
    it the server's fault.
    """

    def __init__(self, start: int, *, is_compared: bool) -> None:
        self.pages = 0
        self.brought_new = False
        self.digest = hashlib.blake2b(digest_size=16)
        self._is_compared = is_compared
        self._start = start
        self._next = start
        self._memory = _Memory()
        self._first_page: frozenset[str] | None = None
        self._look_back = False
        self._begin_streak()

    def _begin_streak(self) -> None:
        self._streak: set[int] = set()
        self._repetitions = 0
        self._repeated_items = 0

    def take(self) -> int:
        """The next page's number, or the first one's again."""
        if self._look_back:
            self._look_back = False
            return self._start
        self._next += 1
        return self._next - 1

    def looked_back(self, number: int) -> bool:
        """Whether this is the first page for another time."""
        return number == self._start and self._first_page is not None

    def first_page_has_changed(self, names: Sequence[str]) -> bool:
        """Compare the first page with what it was; a change explains the repetitions."""
        before, self._first_page = self._first_page, frozenset(names)
        self._begin_streak()
        return before != self._first_page

    def accept(self, names: Sequence[str]) -> list[bool]:
        """Which of a page's ids are new to this sweep."""
        self.pages += 1
        if self._is_compared:
            self.digest.update("\n".join((*names, "")).encode())
        page = frozenset(names)
        if self._first_page is None:
            self._first_page = page
        new = self._memory.add_all(names, page)
        if any(new):
            self._begin_streak()
        else:
            self._repeated_items += len(names)
            self._repetitions += hash(page) in self._streak
            self._look_back = self._look_back or self._repetitions == _SUSPICIOUS
        self._streak.add(hash(page))
        return new

    def gets_nowhere(self) -> bool:
        """Whether everything remembered was repeated."""
        return self._repeated_items > _PATIENCE


class Walk(Generic[T]):
    """The state of one listing.

    A driver takes page numbers, fetches them as it likes, and has the pages accepted in the order in which
    it took their numbers, until the walk is done.

    Args:
        name_of: What tells one item from another: its id.
        page_size: How many items to ask for at once, 1 to 100.
        page_number: The page to start from, counted from 0.
        limit: How many items to hand on at most; None for all.
        exhaustive: Whether to sweep again until everything that matched all along was handed on.
    """

    def __init__(
        self,
        name_of: Callable[[T], str],
        *,
        page_size: int,
        page_number: int = 0,
        limit: int | None = None,
        exhaustive: bool = False,
    ) -> None:
        self.done = limit == 0
        self._name_of = name_of
        self._page_size = page_size
        self._start = page_number
        self._limit = limit
        # Only with every id at hand can a further sweep tell what is new: here the bound gives way.
        self._handed_on_ever: set[str] | None = set() if exhaustive else None
        self._handed_on = 0
        self._pages = 0
        self._largest = 0
        self._asked: deque[tuple[_Sweep, int]] = deque()
        self._sweep = _Sweep(page_number, is_compared=exhaustive)
        self._last_digest = b""
        self._unsettled = 0

    def take(self) -> int | None:
        """The next page worth asking for; None until one of those on their way has come."""
        if self.done:
            return None
        on_their_way = sum(sweep is self._sweep for sweep, _ in self._asked)
        if on_their_way and not self._worth_asking_ahead(on_their_way):
            return None
        number = self._sweep.take()
        self._asked.append((self._sweep, number))
        return number

    def _worth_asking_ahead(self, on_their_way: int) -> bool:
        page_size_is_known = self._largest >= self._page_size or self._pages > 1
        if not page_size_is_known:
            return False
        expected = self._handed_on + on_their_way * self._largest
        return self._limit is None or expected < self._limit

    def accept(self, items: Sequence[T]) -> Page[T]:
        """What is new on a page, the earliest taken of those not yet accepted.

        Raises:
            PaginationError: The listing cannot go on.
        """
        sweep, number = self._asked.popleft()
        self._pages += 1
        names = list(map(self._name_of, items))
        if sweep is not self._sweep:  # was on its way when its sweep turned out to be at the end
            return self._page(number, [])
        if sweep.looked_back(number):
            if not sweep.first_page_has_changed(names):
                raise self._stuck(number, "the server seems to ignore page_number")
            return self._page(number, [])
        new = sweep.accept(names)
        if sweep.gets_nowhere():
            raise self._stuck(number, f"{_PATIENCE} items in a row were nothing new")
        fresh = list(itertools.compress(items, new))
        page = self._page(number, self._hand_on(fresh))
        # A page shorter than another is the last. The first page alone can't tell an end from smaller pages.
        is_last = len(items) < max(self._largest, 1)
        self._largest = max(self._largest, len(items))
        if self._handed_on == self._limit:
            self.done = True
        elif is_last:
            self._end_sweep(number)
        return page

    def _hand_on(self, fresh: list[T]) -> list[T]:
        if self._handed_on_ever is not None:
            ever = self._handed_on_ever
            fresh = [item for item in fresh if self._name_of(item) not in ever]
            ever.update(map(self._name_of, fresh))
        if self._limit is not None:
            fresh = fresh[: self._limit - self._handed_on]
        self._handed_on += len(fresh)
        self._sweep.brought_new |= bool(fresh)
        return fresh

    def _end_sweep(self, number: int) -> None:
        """Decide whether another sweep could find more.

        A sweep of one page saw everything at one moment. Two sweeps that saw the same, page by page, saw
        what was there between them. Any other may have missed an item that moved to a page already read.
        """
        sweep, digest = self._sweep, self._sweep.digest.digest()
        settled = sweep.pages == 1 or digest == self._last_digest
        if self._handed_on_ever is None or settled:
            self.done = True
            return
        self._unsettled = 0 if sweep.brought_new else self._unsettled + 1
        if self._unsettled >= _UNSETTLED_SWEEPS:
            raise self._stuck(number, f"it changed during each of the last {_UNSETTLED_SWEEPS} sweeps")
        self._last_digest = digest
        self._sweep = _Sweep(self._start, is_compared=True)

    def _page(self, number: int, fresh: list[T]) -> Page[T]:
        return Page(number, fresh, self._page_size)

    def _stuck(self, number: int, reason: str) -> PaginationError:
        return PaginationError(
            f"the listing cannot go on at page {number}: {reason} "
            f"({self._pages} pages read, {self._handed_on} items handed on)",
            page_number=number,
            pages=self._pages,
            items=self._handed_on,
        )

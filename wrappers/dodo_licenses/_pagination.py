"""What a listing decides: which page to ask for, what of it is new, and when it is done. No I/O.

The API counts pages from 0 and gives neither a total nor a marker for the next page, and what it lists may
change between two requests. `docs/listing.md` says what is guaranteed, within which bounds, and why.
"""

from __future__ import annotations

import copy
import hashlib
import operator
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from dodo_licenses._errors import PaginationError

T = TypeVar("T")

# One to two generations of ids are remembered: a listing of a million keys doesn't hold a million ids. A set
# of 19,660 takes half a MB; a larger one two, and looking into it is slower.
GENERATION = 15_000
# Pages in a row without anything new, beyond what would repeat all that is remembered, before a listing gives
# up: a server that counts pages from 1 repeats one, and one that ignores the page number never ends.
_PATIENCE = 25
# Sweeps in a row that find nothing new, yet differ, before an exhaustive listing gives up.
_MOST_UNSETTLED = 10


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
    items: list[T] = field(repr=False)
    page_size: int


class _Memory:
    """The ids seen: all of them, or those seen lately."""

    def __init__(self, *, is_bounded: bool) -> None:
        self._is_bounded = is_bounded
        self._recent: set[str] = set()
        self._older: set[str] = set()  # never changed

    def __len__(self) -> int:
        return len(self._recent) + len(self._older)

    def known(self, ids: list[str]) -> set[str]:
        """Those of them that were seen."""
        recent = self._recent.intersection(ids)
        return recent | self._older.intersection(ids) if self._older else recent

    def add(self, ids: list[str]) -> int:
        """Remember them; returns how many weren't among the latest."""
        before = len(self._recent)
        self._recent.update(ids)  # of a list: much faster than of a set, for which it grows in small steps
        added = len(self._recent) - before
        if self._is_bounded and len(self._recent) >= GENERATION:
            self._older, self._recent = self._recent, set()
        return added

    def copy(self) -> _Memory:
        """The same ids, to be added to apart."""
        twin = copy.copy(self)
        vars(twin).update(_recent=self._recent.copy())
        return twin


class Walk(Generic[T]):
    """The state of one listing.

    A driver takes page numbers, fetches them as it likes, and has the walk receive the pages in the order in
    which it took their numbers, until the walk is done.

    Of pages asked for together, a later one may show an older state than the page before it, and an item
    that was pushed on meanwhile falls between the two. So once a page shows that the listing moves, whatever
    is in flight is *stale*: what it brings is yielded, but it is asked for again, and what it says of the
    end is not believed; and from then on one page is asked for after the other. `id_of` tells items apart;
    when one was made, `moment_of`, shows that whole pages of new ones were pushed in.
    """

    def __init__(
        self,
        id_of: Callable[[T], str],
        moment_of: Callable[[T], datetime] | None = None,
        *,
        page_size: int,
        page_number: int = 0,
        limit: int | None = None,
        exhaustive: bool = False,
    ) -> None:
        self.done = limit == 0
        self._id_of, self._moment_of = id_of, moment_of
        self._page_size, self._start = page_size, page_number
        self._limit, self._exhaustive = limit, exhaustive
        self._asked: deque[tuple[int, int]] = deque()  # number, and the era in which it was taken
        self._era, self._next, self._current = 0, page_number, page_number
        self._pages = self._yielded = self._largest = 0
        self._seen = _Memory(is_bounded=not exhaustive)
        self._first: frozenset[str] = frozenset()  # the ids of the first page
        self._newest: datetime | None = None  # when its first item was made, where it is newest first
        self._moves = False
        self._repeated = 0  # items since the last new one
        self._sweep, self._last_sweep = hashlib.blake2b(digest_size=16), b""
        self._found, self._unsettled = False, 0

    def copy(self) -> Walk[T]:
        """The same state, to go on from more than once. Nothing may be in flight."""
        twin = copy.copy(self)
        vars(twin).update(_asked=deque(), _seen=self._seen.copy(), _sweep=self._sweep.copy())
        return twin

    @property
    def may_be_over(self) -> bool:
        """Whether there is only a short page so far: is that the end, or are the server's pages smaller?"""
        return not self.done and self._pages == 1 and self._largest < self._page_size

    def next_number(self) -> int | None:
        """The next page worth asking for; None until one of those in flight was received."""
        in_flight = sum(era == self._era for _, era in self._asked)
        if self.done or (in_flight and not self._is_worth_asking_ahead(in_flight)):
            return None
        self._asked.append((self._next, self._era))
        self._next += 1
        return self._next - 1

    def _is_worth_asking_ahead(self, in_flight: int) -> bool:
        if self._moves or self._largest == 0 or self.may_be_over:
            return False
        return self._limit is None or self._yielded + in_flight * self._largest < self._limit

    def receive(self, items: Sequence[T]) -> Page[T]:
        """What is new on a page, the earliest taken of those not yet received; or PaginationError."""
        number, era = self._asked.popleft()
        self._pages += 1
        ids = list(map(self._id_of, items))
        known, fresh = self._seen.known(ids), list(items)
        if self._seen.add(ids) < len(ids) or known:
            fresh = [item for id_, item in dict(zip(ids, items, strict=True)).items() if id_ not in known]
        if era == self._era:
            self._current = number
            if self._pages == 1:
                self._first, self._newest = frozenset(ids), self._newest_of(items)
            else:
                self._check_progress(ids, known)
            self._note(ids, items, is_repeated=bool(known))
        if self._limit is not None:
            fresh = fresh[: self._limit - self._yielded]
        self._yielded += len(fresh)
        self._found |= bool(fresh)
        self.done |= self._yielded == self._limit
        return Page(self._current, fresh, self._page_size)

    def _check_progress(self, ids: list[str], known: set[str]) -> None:
        """Tell a server that never comes to an end from items that are pushed on to later pages."""
        if not known.issuperset(self._first.intersection(ids)):
            raise self._stuck("it begins again, after more items than are remembered")
        self._repeated = self._repeated + len(known) if known.issuperset(ids) else 0
        if self._repeated > len(self._seen) + _PATIENCE * self._largest:
            raise self._stuck("the server repeats itself; it may ignore page_number")

    def _note(self, ids: list[str], items: Sequence[T], *, is_repeated: bool) -> None:
        """What a page that isn't stale says: whether the listing ends here, and whether it moves."""
        # A page shorter than another is the last, unless the server hides items of a page.
        is_last = not items if self._exhaustive else len(items) < max(self._largest, 1)
        self._largest = max(self._largest, len(items))
        if self._exhaustive:
            self._sweep.update("\n".join((*ids, "")).encode(errors="surrogatepass"))
            if is_last:
                self._end_sweep()
        elif is_last:
            self.done = True
        elif self._asked and not self._moves and (is_repeated or self._is_newer(items)):
            self._moves = True
            self._begin(self._current + 1)

    def _is_newer(self, items: Sequence[T]) -> bool:
        """Whether a page begins with an item newer than all of the first: whole pages were pushed in."""
        newest = self._newest_of(items)
        return self._newest is not None and newest is not None and newest > self._newest

    def _newest_of(self, items: Sequence[T]) -> datetime | None:
        """When the first item was made, where the page is newest first; no order is documented."""
        moments = [] if self._moment_of is None else list(map(self._moment_of, items))
        return moments[0] if moments and all(map(operator.ge, moments, moments[1:])) else None

    def _begin(self, number: int) -> None:
        """Go on from a page, and count none of those in flight."""
        self._era += 1
        self._next = number

    def _end_sweep(self) -> None:
        """Be done where two sweeps saw the same, page by page: they saw what was there between them."""
        digest = self._sweep.digest()
        self.done = digest == self._last_sweep or self._largest == 0
        self._unsettled = 0 if self._found else self._unsettled + 1
        if self._unsettled >= _MOST_UNSETTLED and not self.done:
            raise self._stuck(f"it changed during each of the last {_MOST_UNSETTLED} sweeps")
        self._last_sweep, self._sweep, self._found = digest, hashlib.blake2b(digest_size=16), False
        self._repeated = 0
        self._begin(self._start)

    def _stuck(self, reason: str) -> PaginationError:
        return PaginationError(
            f"the listing cannot go on at page {self._current}: {reason} "
            f"({self._pages} pages read, {self._yielded} items yielded)",
            page_number=self._current,
            pages=self._pages,
            items=self._yielded,
        )

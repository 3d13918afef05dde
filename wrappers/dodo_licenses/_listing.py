"""Listings: every item of an operation that answers page by page, for the sync and the async client.

What to ask for and when to stop is decided in `_walk`; here are the four drivers that fetch (sync and async,
page by page and several pages ahead) and the two faces that users see.
"""

from __future__ import annotations

import asyncio
import functools
import threading
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import aclosing, closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Generic, NoReturn, ParamSpec, TypeVar, overload

from dodo_licenses._arguments import flag, whole_number
from dodo_licenses._errors import DodoPaymentsError, PaginationError
from dodo_licenses._flow import AsyncFace, Flow, SyncFace
from dodo_licenses._threads import obey
from dodo_licenses._walk import Page, Walk

if TYPE_CHECKING:
    from collections.abc import Awaitable

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Generic[T]):
    """What a listing lists and how, checked when it is made.

    Attributes:
        title: The listing in words, for reprs.
        page: The flow that fetches one page, given its number and size.
        name_of: What tells one item from another: its id.
        page_size: Items asked for at once, 1 to 100.
        page_number: The page to start from, counted from 0.
        limit: Items to hand on at most; None for all.
        prefetch: Pages to keep in flight ahead of the consumer; 0 for none.
        exhaustive: Whether to sweep again until nothing that matched all along is missing.
    """

    title: str
    page: Callable[[int, int], Flow[list[T]]] = field(repr=False)
    name_of: Callable[[T], str] = field(repr=False)
    page_size: int
    page_number: int
    limit: int | None
    prefetch: int
    exhaustive: bool

    def __post_init__(self) -> None:
        whole_number("page_size", self.page_size, 1, 100)
        whole_number("page_number", self.page_number, 0)
        whole_number("prefetch", self.prefetch, 0, 100)
        flag("exhaustive", self.exhaustive)
        if self.limit is not None:
            whole_number("limit", self.limit, 0)

    def walk(self) -> Walk[T]:
        """A new walk from the start."""
        return Walk(
            self.name_of,
            page_size=self.page_size,
            page_number=self.page_number,
            limit=self.limit,
            exhaustive=self.exhaustive,
        )

    def fetch(self, number: int) -> Flow[list[T]]:
        """The flow that fetches a page of this plan."""
        return self.page(number, self.page_size)

    def next_page(self, walk: Walk[T]) -> Flow[Page[T] | None]:
        """The flow that goes on to the next page with anything new on it; None where there is none."""
        while (number := walk.take()) is not None:
            page = walk.accept((yield from self.fetch(number)))
            if page.items:
                return page
        return None


def _one_by_one(walk: Walk[T], fetch: Callable[[int], list[T]]) -> Generator[Page[T]]:
    while (number := walk.take()) is not None:
        yield walk.accept(fetch(number))


async def _one_by_one_async(
    walk: Walk[T], fetch: Callable[[int], Awaitable[list[T]]]
) -> AsyncGenerator[Page[T]]:
    while (number := walk.take()) is not None:
        yield walk.accept(await fetch(number))


def _ahead(walk: Walk[T], fetch: Callable[[int], list[T]], ahead: int) -> Generator[Page[T]]:
    flying: deque[Future[list[T]]] = deque()
    stop = threading.Event()
    with ThreadPoolExecutor(ahead, "dodo_licenses", initializer=obey, initargs=(stop,)) as pool:

        def top_up() -> None:
            while len(flying) < ahead and (number := walk.take()) is not None:
                flying.append(pool.submit(fetch, number))

        try:
            top_up()
            while flying and not walk.done:
                page = walk.accept(flying.popleft().result())
                top_up()
                yield page
        finally:
            stop.set()


async def _ahead_async(
    walk: Walk[T], fetch: Callable[[int], Awaitable[list[T]]], ahead: int
) -> AsyncGenerator[Page[T]]:
    flying: deque[asyncio.Future[list[T]]] = deque()

    def top_up() -> None:
        while len(flying) < ahead and (number := walk.take()) is not None:
            flying.append(asyncio.ensure_future(fetch(number)))

    try:
        top_up()
        while flying and not walk.done:
            page = walk.accept(await flying.popleft())
            top_up()
            yield page
    finally:
        for page_to_come in flying:
            page_to_come.cancel()
        await asyncio.gather(*flying, return_exceptions=True)


class _Listing(Generic[T]):
    """What both faces share: all of the vendor SDK's page surface that needs no request.

    A listing that was asked for its items stands on a page, and owns the walk that goes on from there until
    somebody takes it over.
    """

    def __init__(self, plan: Plan[T]) -> None:
        self._plan = plan
        self._page: Page[T] | None = None
        self._walk: Walk[T] | None = None
        self._goes_on = True

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._plan.title}>"

    def _land(self, walk: Walk[T], page: Page[T] | None) -> Page[T]:
        """Stand on a page; where there is none, on an empty one."""
        plan = self._plan
        self._page = page if page is not None else Page(plan.page_number, [], plan.page_size)
        self._walk = walk
        self._goes_on = not walk.done
        return self._page

    def _take_over(self) -> tuple[Page[T] | None, Walk[T]]:
        """The page this listing stands on and the walk from there; at first, and again, a new walk."""
        walk, self._walk = self._walk, None
        return (None, self._plan.walk()) if walk is None else (self._page, walk)

    def _following(self, page: Page[T]) -> tuple[Plan[T], Walk[T]]:
        """The plan and the walk that go on after a page."""
        if not self._goes_on:
            raise PaginationError(
                f"there is no page after page {page.number}: ask has_next_page() first",
                page_number=page.number,
                pages=1,
                items=len(page.items),
            )
        plan = replace(self._plan, page_number=page.number + 1)
        walk, self._walk = self._walk, None
        return plan, plan.walk() if walk is None else walk


class Listing(_Listing[T]):
    """Every item of a listing, fetched page by page while one iterates.

    Iterate it for the items, or its `pages()`; each iteration starts anew. The vendor SDK's page surface
    (`items`, `has_next_page`, `get_next_page`, `iter_pages`) stands on the same walk.
    """

    def __init__(self, plan: Plan[T], face: SyncFace) -> None:
        super().__init__(plan)
        self._face = face
        self._run = face._run  # noqa: SLF001 - the two belong together

    def __iter__(self) -> Iterator[T]:
        with closing(self.pages()) as pages:
            for page in pages:
                yield from page.items

    def pages(self) -> Generator[Page[T]]:
        """Page by page: each with its number, what was new on it, and the page size asked for."""
        page, walk = self._take_over()
        if page is not None and page.items:
            yield page
        with closing(self._drive(walk)) as rest:
            yield from (page for page in rest if page.items)

    def _drive(self, walk: Walk[T]) -> Generator[Page[T]]:
        def fetch(number: int) -> list[T]:
            return self._run(self._plan.fetch(number))

        if self._plan.prefetch:
            return _ahead(walk, fetch, self._plan.prefetch)
        return _one_by_one(walk, fetch)

    def _stand(self) -> Page[T]:
        if self._page is not None:
            return self._page
        walk = self._plan.walk()
        return self._land(walk, self._run(self._plan.next_page(walk)))

    @property
    def items(self) -> list[T]:
        """The items of the page this listing stands on, at first the first one; fetched when asked for."""
        return self._stand().items

    def has_next_page(self) -> bool:
        """Whether there may be a page after this one. Where pages are full to the end, it may be empty."""
        self._stand()
        return self._goes_on

    def get_next_page(self) -> Listing[T]:
        """The listing that stands on the next page.

        Raises:
            PaginationError: There is none.
        """
        plan, walk = self._following(self._stand())
        following = Listing(plan, self._face)
        following._land(walk, self._run(plan.next_page(walk)))
        return following

    def iter_pages(self) -> Iterator[Listing[T]]:
        """This page, and each one after it that has items."""
        self._stand()
        page = self
        yield page
        while page.has_next_page():
            page = page.get_next_page()
            if page.items:
                yield page

    if not TYPE_CHECKING:  # a type checker says so by itself

        def __aiter__(self) -> NoReturn:
            raise TypeError(
                "a DodoPayments listing is iterated with `for`; AsyncDodoPayments has `async for`"
            )


class AsyncListing(_Listing[T]):
    """Every item of a listing, fetched page by page while one iterates with `async for`.

    Iterate it for the items, or its `pages()`; each iteration starts anew. Awaited, it stands on its first
    page and has the vendor SDK's page surface (`items`, `has_next_page`, `get_next_page`, `iter_pages`).
    """

    def __init__(self, plan: Plan[T], face: AsyncFace) -> None:
        super().__init__(plan)
        self._face = face
        self._run = face._run  # noqa: SLF001 - the two belong together

    async def __aiter__(self) -> AsyncIterator[T]:
        async with aclosing(self.pages()) as pages:
            async for page in pages:
                for item in page.items:
                    yield item

    async def pages(self) -> AsyncGenerator[Page[T]]:
        """Page by page: each with its number, what was new on it, and the page size asked for."""
        page, walk = self._take_over()
        if page is not None and page.items:
            yield page
        async with aclosing(self._drive(walk)) as rest:
            async for following in rest:
                if following.items:
                    yield following

    def _drive(self, walk: Walk[T]) -> AsyncGenerator[Page[T]]:
        async def fetch(number: int) -> list[T]:
            return await self._run(self._plan.fetch(number))

        if self._plan.prefetch:
            return _ahead_async(walk, fetch, self._plan.prefetch)
        return _one_by_one_async(walk, fetch)

    def __await__(self) -> Generator[Any, Any, AsyncListing[T]]:
        return self._load().__await__()

    async def _load(self) -> AsyncListing[T]:
        if self._page is None:
            walk = self._plan.walk()
            self._land(walk, await self._run(self._plan.next_page(walk)))
        return self

    def _stand(self) -> Page[T]:
        if self._page is None:
            raise DodoPaymentsError("await the listing first, or iterate it with `async for`")
        return self._page

    @property
    def items(self) -> list[T]:
        """The items of the page this listing stands on. Await the listing first."""
        return self._stand().items

    def has_next_page(self) -> bool:
        """Whether there may be a page after this one. Where pages are full to the end, it may be empty."""
        self._stand()
        return self._goes_on

    async def get_next_page(self) -> AsyncListing[T]:
        """The listing that stands on the next page.

        Raises:
            PaginationError: There is none.
        """
        plan, walk = self._following(self._stand())
        following = AsyncListing(plan, self._face)
        following._land(walk, await self._run(plan.next_page(walk)))
        return following

    async def iter_pages(self) -> AsyncIterator[AsyncListing[T]]:
        """This page, and each one after it that has items."""
        page = await self
        yield page
        while page.has_next_page():
            page = await page.get_next_page()
            if page.items:
                yield page

    if not TYPE_CHECKING:  # a type checker says so by itself

        def __iter__(self) -> NoReturn:
            raise TypeError(
                "an AsyncDodoPayments listing is iterated with `async for`; DodoPayments has `for`"
            )


class listing(Generic[P, T]):  # noqa: N801 - used as a decorator, like property
    """Make a static method that plans a listing a method of either face."""

    def __init__(self, plan: Callable[P, Plan[T]]) -> None:
        self._plan = plan
        self.__doc__ = plan.__doc__

    @overload
    def __get__(self, face: None, kind: type) -> Callable[P, Plan[T]]: ...
    @overload
    def __get__(self, face: SyncFace, kind: type) -> Callable[P, Listing[T]]: ...
    @overload
    def __get__(self, face: AsyncFace, kind: type) -> Callable[P, AsyncListing[T]]: ...
    def __get__(self, face: SyncFace | AsyncFace | None, kind: type) -> Any:
        if face is None:
            return self._plan

        @functools.wraps(self._plan)
        def method(*args: P.args, **kwargs: P.kwargs) -> Any:  # noqa: ANN401
            plan = self._plan(*args, **kwargs)
            return Listing(plan, face) if isinstance(face, SyncFace) else AsyncListing(plan, face)

        return method

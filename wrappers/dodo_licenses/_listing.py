"""Listings: every item of an operation that answers page by page, for the sync and the async client.

What to ask for and when to stop is decided in `_pagination`; here is what fetches, and what users see.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator, Iterator, Mapping
from contextlib import aclosing, closing
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeAlias, TypeVar

import anyio
import anyio.lowlevel

from dodo_licenses._arguments import flag, whole_number
from dodo_licenses._errors import DodoPaymentsError, PaginationError
from dodo_licenses._http.threads import Cancel, Task
from dodo_licenses._messages import Reply, Request, decode
from dodo_licenses._pagination import Page, Walk
from dodo_licenses._settings import CallOptions
from dodo_licenses_api.operations import Operation

T = TypeVar("T")
S = TypeVar("S")


@dataclass(frozen=True)
class Plan(Generic[T]):
    """What a listing lists and how, as the arguments of the method that makes it say; checked here."""

    operation: Operation[Any]
    arguments: Mapping[str, Any] = field(repr=False)
    page_size: int
    page_number: int
    limit: int | None
    prefetch: int
    exhaustive: bool
    options: CallOptions = field(default_factory=CallOptions, repr=False)

    def __post_init__(self) -> None:
        whole_number("page_size", self.page_size, 1, 100)  # none at all is no page, whatever the API says
        whole_number("page_number", self.page_number, 0)
        whole_number("prefetch", self.prefetch, 0, 100)
        flag("exhaustive", self.exhaustive)
        if self.limit is not None:
            whole_number("limit", self.limit, 0)
        self.request(self.page_number)

    @cached_property
    def _first(self) -> Request[Any]:
        paging = {"page_number": self.page_number, "page_size": self.page_size}
        return Request.of(self.operation, {**self.arguments, **paging}, self.options)

    def request(self, number: int) -> Request[Any]:
        """The request for one page: the first one's, whose arguments needn't be checked again."""
        first = self._first
        query = {**first.query, "page_number": str(number)}
        return Request(operation=first.operation, path=first.path, query=query, secrets=first.secrets)

    def items(self, reply: Reply[Any]) -> list[T]:
        """What a page holds."""
        items: list[T] = decode(reply).items
        return items

    def walk(self) -> Walk[T]:
        """A new walk from the start."""
        moment_field = self.operation.moment_field
        return Walk(
            attrgetter(self.operation.id_field),
            None if moment_field is None else attrgetter(moment_field),
            page_size=self.page_size,
            page_number=self.page_number,
            limit=self.limit,
            exhaustive=self.exhaustive,
        )


Send: TypeAlias = Callable[[Request[Any], Cancel], Reply[Any]]
AsyncSend: TypeAlias = Callable[[Request[Any]], Awaitable[Reply[Any]]]


@dataclass(frozen=True, slots=True)
class _Cursor(Generic[T]):
    """A current page, and the walk to copy and continue; neither ever changes."""

    page: Page[T]
    walk: Walk[T]
    following: _Cursor[T] | None = None  # where only asking could tell whether there is one


class _Listing(Generic[T, S]):
    """What both faces share. A listing that was asked for its items has a current page."""

    def __init__(self, plan: Plan[T], send: S, cursor: _Cursor[T] | None = None) -> None:
        self._plan, self._send, self._cursor = plan, send, cursor

    def __repr__(self) -> str:
        title = self._plan.operation.id.removeprefix("list_").replace("_", " ")
        place = "" if self._cursor is None else f", on page {self._cursor.page.number}"
        return f"<{type(self).__name__} of {title}{place}>"

    def _known(self) -> tuple[list[Page[T]], Walk[T]]:
        """The pages that needn't be asked for again, and a walk of one's own to go on with."""
        if (cursor := self._cursor) is None:
            return [], self._plan.walk()
        cursors = [cursor] if cursor.following is None else [cursor, cursor.following]
        pages = [replace(cursor.page, items=[*cursor.page.items]) for cursor in cursors if cursor.page.items]
        return pages, cursors[-1].walk.copy()

    def _no_page(self) -> Page[T]:
        return Page(self._plan.page_number, [], self._plan.page_size)

    def _at_page(self, *, look_ahead: bool = False) -> _Cursor[T]:
        raise NotImplementedError

    @property
    def items(self) -> list[T]:
        """The items of the current page, at first the first one."""
        return [*self._at_page().page.items]

    def has_next_page(self) -> bool:
        """Whether there is a page after this one. Only where all pages are full may the next one be empty."""
        cursor = self._at_page(look_ahead=True)
        return not cursor.walk.done if cursor.following is None else bool(cursor.following.page.items)

    def _after(self) -> tuple[_Cursor[T] | None, Walk[T]]:
        """The next page where it was asked for, and a walk to go on with; raises where there is none."""
        cursor = self._at_page(look_ahead=True)
        if not self.has_next_page():
            number, items = cursor.page.number, len(cursor.page.items)
            sentence = f"there is no page after page {number}: ask has_next_page() first"
            raise PaginationError(sentence, page_number=number, pages=1, items=items)
        return cursor.following, cursor.walk.copy()

    if not TYPE_CHECKING:  # a type checker says so by itself

        def __getitem__(self, index: object) -> NoReturn:
            raise TypeError("a listing is fetched while it is iterated; its first page has `items`")


class Listing(_Listing[T, Send]):
    """Every item of a listing, fetched page by page while one iterates.

    Iterate it for the items, or its `pages()`; each iteration starts anew. The vendor SDK's page surface
    (`items`, `has_next_page`, `get_next_page`, `iter_pages`) uses the same walk.
    """

    def __iter__(self) -> Iterator[T]:
        return chain.from_iterable(page.items for page in self.pages())

    def pages(self) -> Generator[Page[T]]:
        """Page by page: each with its number, what was new on it, and the page size asked for."""
        known, walk = self._known()
        yield from known
        with closing(self._pages(walk, self._plan.prefetch)) as pages:
            yield from (page for page in pages if page.items)

    def _pages(self, walk: Walk[T], prefetch: int) -> Generator[Page[T]]:
        in_flight: deque[Callable[[], list[T]]] = deque()
        cancel = Cancel()

        def fetch(number: int) -> list[T]:
            return self._plan.items(self._send(self._plan.request(number), cancel))

        def ask_ahead(most: int) -> None:
            while len(in_flight) < most and (number := walk.next_number()) is not None:
                call = partial(fetch, number)
                in_flight.append(Task(call).result if prefetch else call)

        try:
            while not walk.done:
                ask_ahead(max(prefetch, 1))
                page = walk.receive(in_flight.popleft()())
                ask_ahead(prefetch)
                yield page
        finally:
            cancel.is_set = True

    def _land(self, walk: Walk[T]) -> _Cursor[T]:
        page = next((page for page in self._pages(walk, 0) if page.items), self._no_page())
        return _Cursor(page, walk)

    def _at_page(self, *, look_ahead: bool = False) -> _Cursor[T]:
        cursor = self._land(self._plan.walk()) if self._cursor is None else self._cursor
        if look_ahead and cursor.walk.may_be_over and cursor.following is None:
            cursor = replace(cursor, following=self._land(cursor.walk.copy()))
        self._cursor = cursor
        return cursor

    def get_next_page(self) -> Listing[T]:
        """A listing whose current page is the next one, the same each time.

        Raises:
            PaginationError: There is none.
        """
        known, walk = self._after()
        return Listing(self._plan, self._send, self._land(walk) if known is None else known)

    def iter_pages(self) -> Iterator[Listing[T]]:
        """This page, and each after it that has items, one after the other: `prefetch` is for `pages()`."""
        yield (page := self)
        while page.has_next_page() and (page := page.get_next_page()).items:
            yield page

    if not TYPE_CHECKING:

        def __aiter__(self) -> NoReturn:
            raise TypeError(
                "a DodoPayments listing is iterated with `for`; AsyncDodoPayments has `async for`"
            )


class AsyncListing(_Listing[T, AsyncSend]):
    """Every item of a listing, fetched page by page while one iterates with `async for`.

    Iterate it for the items, or its `pages()`; each iteration starts anew. Awaited, it is at its first
    page and has the vendor SDK's page surface (`items`, `has_next_page`, `get_next_page`, `iter_pages`).
    """

    async def __aiter__(self) -> AsyncIterator[T]:
        async with aclosing(self.pages()) as pages:
            async for page in pages:
                for item in page.items:
                    yield item

    async def pages(self) -> AsyncGenerator[Page[T]]:
        """Page by page: each with its number, what was new on it, and the page size asked for."""
        known, walk = self._known()
        for page in known:
            yield page
        async with aclosing(self._pages(walk)) as pages:
            async for page in pages:
                if page.items:
                    yield page

    async def _pages(self, walk: Walk[T]) -> AsyncGenerator[Page[T]]:
        prefetch, loop = self._plan.prefetch, anyio.lowlevel.current_token().native_token
        # On trio, tasks need a nursery, which a generator can't hold open.
        if not prefetch or not hasattr(loop, "create_task"):
            while (number := walk.next_number()) is not None:
                yield walk.receive(await self._fetch(number))
            return
        import asyncio  # noqa: PLC0415 - a tenth of what a program imports that waits, and has no use for it

        in_flight: deque[asyncio.Future[list[T]]] = deque()

        def ask_ahead() -> None:
            while len(in_flight) < prefetch and (number := walk.next_number()) is not None:
                in_flight.append(asyncio.ensure_future(self._fetch(number)))

        try:
            ask_ahead()
            while not walk.done:
                items = await asyncio.shield(in_flight[0])
                in_flight.popleft()
                page = walk.receive(items)
                ask_ahead()
                yield page
        finally:
            for page_to_come in in_flight:  # once: cancelled again, httpx would lose what it is closing
                page_to_come.cancel()
            with anyio.CancelScope(shield=True):
                await asyncio.gather(*map(asyncio.shield, in_flight), return_exceptions=True)

    async def _fetch(self, number: int) -> list[T]:
        return self._plan.items(await self._send(self._plan.request(number)))

    async def _land(self, walk: Walk[T]) -> _Cursor[T]:
        page = self._no_page()
        while not page.items and (number := walk.next_number()) is not None:
            page = walk.receive(await self._fetch(number))
        return _Cursor(page, walk)

    def __await__(self) -> Generator[Any, Any, AsyncListing[T]]:
        return self._load().__await__()

    async def _load(self) -> AsyncListing[T]:
        if self._cursor is None:
            cursor = await self._land(self._plan.walk())
            if cursor.walk.may_be_over:
                cursor = replace(cursor, following=await self._land(cursor.walk.copy()))
            self._cursor = cursor
        return self

    def _at_page(self, *, look_ahead: bool = False) -> _Cursor[T]:  # noqa: ARG002 - awaiting it did
        if self._cursor is None:
            raise DodoPaymentsError("await the listing first, or iterate it with `async for`")
        return self._cursor

    async def get_next_page(self) -> AsyncListing[T]:
        """A listing whose current page is the next one, the same each time.

        Raises:
            PaginationError: There is none.
        """
        known, walk = self._after()
        return AsyncListing(self._plan, self._send, await self._land(walk) if known is None else known)

    async def iter_pages(self) -> AsyncIterator[AsyncListing[T]]:
        """This page, and each after it that has items, one after the other: `prefetch` is for `pages()`."""
        yield (page := await self)
        while page.has_next_page() and (page := await page.get_next_page()).items:
            yield page

    if not TYPE_CHECKING:

        def __iter__(self) -> NoReturn:
            raise TypeError(
                "an AsyncDodoPayments listing is iterated with `async for`; DodoPayments has `for`"
            )

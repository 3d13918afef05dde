"""What an operation is, apart from how it travels. No I/O.

An operation is a *flow*: a generator that yields each request it needs and is sent the reply. It is
written once; `@operation` makes it a method of the sync client and a coroutine method of the async one.
On the class itself it stays the bare flow, which a test can drive by hand.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Coroutine, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, ParamSpec, TypeAlias, TypeVar, overload

from dodo_licenses._errors import DodoPaymentsError

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request, as the generated client describes it.

    Query and body are kept out of the repr: they carry license keys and mail addresses.

    Attributes:
        operation: The operation's id in `openapi.yaml`.
        public: Whether it works without an API key; then none is sent.
        repeatable: Whether a second attempt does no harm where the first may have been carried out.
    """

    operation: str
    method: str
    path: str
    params: Mapping[str, Any] = field(default_factory=dict, repr=False)
    json: Mapping[str, Any] | None = field(default=None, repr=False)
    public: bool = False
    repeatable: bool = True

    @classmethod
    def of(
        cls, operation: str, kwargs: Mapping[str, Any], *, public: bool = False, repeatable: bool = True
    ) -> Request:
        """Take over what a generated module's `_get_kwargs` says."""
        return cls(
            operation=operation,
            method=kwargs["method"].upper(),
            path=kwargs["url"],
            params=kwargs.get("params", {}),
            json=kwargs.get("json"),
            public=public,
            repeatable=repeatable,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back.

    Attributes:
        server: Who answered: `live_mode`, `test_mode` or a base URL.
        may_have_been_done: Whether this attempt, or an earlier one, may have been carried out in spite of
            the status.
    """

    status_code: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)
    server: str
    may_have_been_done: bool = False


Flow: TypeAlias = Generator[Request, Reply, T]


class SyncFace:
    """Runs flows on a client that waits."""

    def __init__(self, send: Callable[[Request], Reply]) -> None:
        self._send = send

    def _run(self, flow: Flow[T]) -> T:
        try:
            request = next(flow)
            while True:
                try:
                    reply = self._send(request)
                except DodoPaymentsError as error:
                    request = flow.throw(error)
                else:
                    request = flow.send(reply)
        except StopIteration as done:
            return done.value  # type: ignore[no-any-return]


class AsyncFace:
    """Runs flows on a client that awaits."""

    def __init__(self, send: Callable[[Request], Awaitable[Reply]]) -> None:
        self._send = send

    async def _run(self, flow: Flow[T]) -> T:
        try:
            request = next(flow)
            while True:
                try:
                    reply = await self._send(request)
                except DodoPaymentsError as error:
                    request = flow.throw(error)
                else:
                    request = flow.send(reply)
        except StopIteration as done:
            return done.value  # type: ignore[no-any-return]


class operation(Generic[P, T]):  # noqa: N801 - used as a decorator, like property
    """Make a static method that is a flow a method of either face."""

    def __init__(self, flow: Callable[P, Flow[T]]) -> None:
        self._flow = flow
        self.__doc__ = flow.__doc__

    @overload
    def __get__(self, face: None, kind: type) -> Callable[P, Flow[T]]: ...
    @overload
    def __get__(self, face: SyncFace, kind: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, face: AsyncFace, kind: type) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, face: SyncFace | AsyncFace | None, kind: type) -> Any:
        if face is None:
            return self._flow

        @functools.wraps(self._flow)
        def method(*args: P.args, **kwargs: P.kwargs) -> Any:  # noqa: ANN401
            return face._run(self._flow(*args, **kwargs))  # noqa: SLF001 - faces are this module's

        return method

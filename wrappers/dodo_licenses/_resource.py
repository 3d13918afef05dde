"""The base of the generated methods: one call is three steps, in both clients."""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Mapping
from typing import Any, Generic, NoReturn, TypeVar

from dodo_licenses._by_name import teach
from dodo_licenses._http.aio import AsyncEngine
from dodo_licenses._http.sync import Engine
from dodo_licenses._listing import AsyncListing, Listing, Plan
from dodo_licenses._messages import Reply, Request, decode, other, refusal
from dodo_licenses._settings import CallOptions
from dodo_licenses_api.operations import Operation

__all__ = [
    "AsyncListing",
    "AsyncResource",
    "CallOptions",
    "Listing",
    "Plan",
    "RawResponse",
    "Resource",
    "decode",
    "other",
]

T = TypeVar("T")
Item = TypeVar("Item")
AnyEngine = TypeVar("AnyEngine", Engine, AsyncEngine)

_METHODS = (
    "dodo_licenses._by_name",
    "dodo_licenses._methods",
    "dodo_licenses._methods_async",
    "dodo_licenses._resource",
    "dodo_licenses_api.resources",
)
_warned: set[str] = set()


class RawResponse(Generic[T]):
    """A reply as it came: the server agreed.

    Attributes:
        status_code: The HTTP status.
        headers: The reply's headers, which may be asked for in upper or lower case.
        content: The reply's body.
        request_id: What the server calls this request, for the vendor's support.
    """

    def __init__(self, reply: Reply[T]) -> None:
        if not reply.is_success:
            raise refusal(reply)
        self.status_code, self.headers, self.content = reply.status_code, reply.headers, reply.content
        self.request_id = reply.headers.get("x-request-id")
        self._reply = reply

    def __repr__(self) -> str:
        return f"RawResponse(status_code={self.status_code})"

    @property
    def http_response(self) -> Any:  # noqa: ANN401 - httpx is imported elsewhere
        """The reply as an httpx.Response. Its `request` has neither headers nor a body."""
        return self._reply.as_httpx(self.headers, self.content)

    def json(self) -> Any:  # noqa: ANN401 - any JSON
        """The body as JSON, unchecked.

        Raises:
            ValueError: It is none.
        """
        return json.loads(self.content)

    def parse(self) -> T:
        """The reply as a model.

        Raises:
            ResponseValidationError: It breaks the contract.
        """
        return decode(self._reply)


def _request(operation: Operation[T], arguments: Mapping[str, Any], options: CallOptions) -> Request[T]:
    request = Request.of(operation, arguments, options)
    if operation.method == "PATCH" and not request.body:
        names = ", ".join(p.name for p in operation.parameters if p.place == "body")
        _warn(f"{operation.tag}.{operation.name} changes nothing: pass one of {names}", UserWarning)
    return request


def _warn(sentence: str, category: type[Warning]) -> None:
    """Warn as of the line that called one of the client's methods."""
    level, frame = 1, sys._getframe()  # noqa: SLF001 - what warnings count by, too
    while frame.f_back is not None and frame.f_globals.get("__name__") in _METHODS:
        level, frame = level + 1, frame.f_back
    warnings.warn(sentence, category, stacklevel=level)


class _Resource(Generic[AnyEngine]):
    def __init_subclass__(cls) -> None:
        teach(cls)

    def __init__(self, engine: AnyEngine) -> None:
        self._engine: AnyEngine = engine

    def _engine_for(self, operation: Operation[Any], options: CallOptions) -> AnyEngine:
        """What sends a request with those options; warns once of what the vendor advises against."""
        if operation.successor is not None and operation.id not in _warned:
            _warned.add(operation.id)
            name = f"{operation.tag}.{operation.name}"
            _warn(f"{name} is deprecated by the vendor: use {operation.successor}", DeprecationWarning)
        engine = self._engine
        return engine.with_settings(engine.settings.for_call(options)) if options else engine

    @property
    def with_streaming_response(self) -> NoReturn:
        """Not here."""
        raise AttributeError("there is no with_streaming_response: replies are small; use with_raw_response")


class Resource(_Resource[Engine]):
    """The methods of a resource, on a client that waits."""

    def _send(self, operation: Operation[T], arguments: Mapping[str, Any], options: CallOptions) -> Reply[T]:
        return self._engine_for(operation, options).send(_request(operation, arguments, options))

    def _list(self, plan: Plan[Item]) -> Listing[Item]:
        return Listing(plan, self._engine_for(plan.operation, plan.options).send)


class AsyncResource(_Resource[AsyncEngine]):
    """The methods of a resource, on a client that awaits."""

    async def _send(
        self, operation: Operation[T], arguments: Mapping[str, Any], options: CallOptions
    ) -> Reply[T]:
        return await self._engine_for(operation, options).send(_request(operation, arguments, options))

    def _list(self, plan: Plan[Item]) -> AsyncListing[Item]:
        return AsyncListing(plan, self._engine_for(plan.operation, plan.options).send)

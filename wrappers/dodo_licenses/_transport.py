"""How requests travel: time-outs, retries, pacing and secrets. The wrapper's only import of httpx.

From the outside in: httpx-retries, and above httpx's own transport a wire of ours, which for every attempt
waits for its turn, keeps the time and reads the reply to its end, so that what breaks in the middle of a body
can be retried as well. What is not about waiting is shared by the sync and the async wire.
"""

from __future__ import annotations

import asyncio
import copy
import logging
import platform
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlencode

import httpx
from httpx_retries import Retry, RetryTransport

from dodo_licenses._deadlines import DeadlineBackend
from dodo_licenses._errors import (
    APIConnectionError,
    APITimeoutError,
    DodoPaymentsError,
    InvalidArgumentError,
)
from dodo_licenses._flow import Reply, Request
from dodo_licenses._pacing import Pace
from dodo_licenses._settings import API_KEY_VARIABLE, Settings
from dodo_licenses._threads import sleep, thread
from dodo_licenses._version import __version__
from dodo_licenses._way import way_to

logger = logging.getLogger("dodo_licenses")

_TOO_MANY_REQUESTS = 429
# Statuses after which another attempt may succeed, and those of them that say nothing was carried out.
_WORTH_RETRYING = frozenset({408, 429, 500, 502, 503, 504})
_NOT_CARRIED_OUT = frozenset({429, 503})
_MAY_BE_CARRIED_OUT = frozenset({408, 500, 502, 504})
# What breaks before a request is sent.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_BROKEN = (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError, httpx.DecodingError)
# Seconds: back-off grows from the first to the longest; Retry-After counts up to its bound.
_FIRST_BACKOFF = 0.5
_LONGEST_BACKOFF = 8.0
_LONGEST_RETRY_AFTER = 60.0
# Requests of an async client on their way at once. For each that moves on, httpx's pool searches all that
# wait, which made a thousand at once take seven times as long.
_MOST_AT_ONCE = 64
# Seconds that one call waits for the rate limit in all: two of its windows.
_RATE_LIMIT_PATIENCE = 120.0


@dataclass(slots=True)
class _Call:
    """What is known of one call while it is attempted."""

    timeout: float
    connect_timeout: float
    deadline: float
    attempts: int = 0
    status: int | None = None
    asked_to_wait: float = 0.0
    rate_limited: float = 0.0
    may_have_been_done: bool = False

    def remaining(self) -> float:
        return self.deadline - time.monotonic()

    def answered(self, status: int, asked_to_wait: float) -> None:
        self.status = status
        self.asked_to_wait = asked_to_wait
        self.may_have_been_done |= status in _MAY_BE_CARRIED_OUT

    def broke(self, error: httpx.TransportError | httpx.DecodingError) -> None:
        self.status = None
        self.asked_to_wait = 0.0
        self.may_have_been_done |= not isinstance(error, _NEVER_SENT)


class _Policy(Retry):
    """When to try again: full jitter, never beyond the call's time, and a 429 on its own account."""

    call: _Call

    @classmethod
    def of(cls, request: Request, max_retries: int, call: _Call) -> Self:
        policy = cls(
            total=max_retries,
            allowed_methods=["GET", "PATCH", "POST"],
            status_forcelist=_WORTH_RETRYING if request.repeatable else _NOT_CARRIED_OUT,
            retry_on_exceptions=_BROKEN if request.repeatable else _NEVER_SENT,
            backoff_factor=_FIRST_BACKOFF / 2,  # the library doubles it before the first use
            backoff_jitter=1.0,
            max_backoff_wait=_LONGEST_RETRY_AFTER,
            respect_retry_after_header=True,
        )
        policy.call = call
        return policy

    def increment(self) -> Retry:
        again = copy.copy(self)
        again.attempts_made += int(self.call.status != _TOO_MANY_REQUESTS)
        return again

    def backoff_strategy(self) -> float:
        return min(super().backoff_strategy(), _LONGEST_BACKOFF)

    def is_exhausted(self) -> bool:
        call = self.call
        if call.status == _TOO_MANY_REQUESTS:
            return self.total == 0 or call.rate_limited >= _RATE_LIMIT_PATIENCE
        return super().is_exhausted() or call.remaining() <= call.asked_to_wait

    def sleep(self, response: httpx.Response | Exception) -> None:
        sleep(self._calculate_sleep(response.headers if isinstance(response, httpx.Response) else {}))


class _Line:
    """What the sync and the async wire share: turns, time, and a note of how each attempt went."""

    def __init__(self, settings: Settings) -> None:
        self.is_closed = False
        self._pace = Pace(settings.rate_limit)
        self._lock = threading.Lock()

    def waits(self, call: _Call) -> Iterator[float]:
        """Seconds to sleep, one after the other, until an attempt may be made; not on the call's time."""
        began = time.monotonic()
        while True:
            if self.is_closed:
                raise DodoPaymentsError("this client is closed: make another one")
            with self._lock:
                turn = self._pace.take_turn(time.monotonic())
            if (seconds := turn.at - time.monotonic()) > 0:
                yield seconds
            if self._pace.holds(turn):
                break
        call.deadline += time.monotonic() - began

    @contextmanager
    def attempt(self, request: httpx.Request, call: _Call) -> Generator[list[httpx.Response]]:
        """Make one attempt; the body puts its response into the list."""
        call.attempts += 1
        remaining = max(call.remaining(), 0.001)
        request.extensions["timeout"] = {
            "connect": min(call.connect_timeout, remaining),
            "read": remaining,
            "write": remaining,
            "pool": remaining,
        }
        began = time.monotonic()
        answers: list[httpx.Response] = []
        try:
            yield answers
        except (httpx.TransportError, httpx.DecodingError) as error:
            call.broke(error)
            _log(request, call, type(error).__name__, began)
            raise
        status = answers[0].status_code
        asked_to_wait = _retry_after(answers[0])
        call.answered(status, asked_to_wait or 0.0)
        with self._lock:
            if status == _TOO_MANY_REQUESTS:
                pause = self._pace.refused(time.monotonic(), asked_to_wait)
                call.rate_limited += pause
                call.deadline += pause
            else:
                self._pace.accepted()
        _log(request, call, status, began)


def _log(request: httpx.Request, call: _Call, outcome: int | str, began: float) -> None:
    milliseconds = (time.monotonic() - began) * 1000
    path, attempt = request.url.raw_path.partition(b"?")[0].decode("ascii"), call.attempts
    logger.debug("%s %s: %s in %.0f ms (attempt %d)", request.method, path, outcome, milliseconds, attempt)


def _retry_after(response: httpx.Response) -> float | None:
    """What the reply asks to wait, in seconds up to the bound; None where it doesn't, or not readably."""
    value = response.headers.get("Retry-After", "")
    try:
        return min(Retry().parse_retry_after(value), _LONGEST_RETRY_AFTER) if value else None
    except ValueError:
        return None


class _Wire(httpx.BaseTransport):
    """Makes one attempt after the other for the retries above it, waiting."""

    def __init__(self, line: _Line, inner: httpx.HTTPTransport) -> None:
        self._line = line
        self._inner = inner
        # httpx has no total time-out; below every read of a connection is the one place to keep it.
        inner._pool._network_backend = DeadlineBackend(inner._pool._network_backend)  # noqa: SLF001

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        call: _Call = request.extensions["dodo_licenses"]
        for seconds in self._line.waits(call):
            sleep(seconds)
        thread.deadline = call.deadline
        with self._line.attempt(request, call) as answers:
            response = self._inner.handle_request(request)
            try:
                response.read()
            finally:
                response.close()
            answers.append(response)
        return response

    def close(self) -> None:
        self._line.is_closed = True
        self._inner.close()


class _AsyncWire(httpx.AsyncBaseTransport):
    """Makes one attempt after the other for the retries above it, awaiting."""

    def __init__(self, line: _Line, inner: httpx.AsyncHTTPTransport) -> None:
        self._line = line
        self._inner = inner
        self._room = asyncio.Semaphore(_MOST_AT_ONCE)
        # Its connections can't leave the loop that made them.
        self._loop: asyncio.AbstractEventLoop | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        loop = asyncio.get_running_loop()
        if self._loop not in (None, loop):
            raise DodoPaymentsError("an AsyncDodoPayments serves one event loop: make one in each that runs")
        self._loop = loop
        began = time.monotonic()
        async with self._room:
            call: _Call = request.extensions["dodo_licenses"]
            call.deadline += time.monotonic() - began
            return await self._attempt(request, call)

    async def _attempt(self, request: httpx.Request, call: _Call) -> httpx.Response:
        for seconds in self._line.waits(call):
            await asyncio.sleep(seconds)
        with self._line.attempt(request, call) as answers:
            try:
                async with asyncio.timeout(call.remaining()):
                    response = await self._inner.handle_async_request(request)
                    try:
                        await response.aread()
                    finally:
                        await response.aclose()
            except TimeoutError:
                raise httpx.ReadTimeout("the time for the whole call is over") from None
            answers.append(response)
        return response

    async def aclose(self) -> None:
        self._line.is_closed = True
        await self._inner.aclose()


class _Target(httpx.URL):
    """A base URL with another path and query, both quoted already, which httpx would parse for every page."""

    def __init__(self, base: httpx.URL, target: str) -> None:
        super().__init__(base)
        self._target = target.encode("ascii")

    @property
    def raw_path(self) -> bytes:
        return self._target


class _Sender:
    """What the sync and the async transport share: how a request is put and how its outcome is told."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        headers = {
            "Accept": "application/json",
            "Accept-Encoding": "gzip, deflate",
            "User-Agent": f"dodo-licenses/{__version__} Python/{platform.python_version()}",
        }
        self._url = httpx.URL(settings.base_url)
        self._public_headers = httpx.Headers(headers)
        self._headers = httpx.Headers({**headers, "Authorization": f"Bearer {settings.bearer_token}"})

    def with_settings(self, settings: Settings) -> Self:
        """The same connections and the same pace, with other time-outs and retries."""
        twin = copy.copy(self)
        twin._settings = settings
        return twin

    def _begin(self) -> _Call:
        settings = self._settings
        seconds = min(settings.seconds or 1e6, 1e6)
        deadline = time.monotonic() + seconds
        return _Call(timeout=seconds, connect_timeout=settings.connect_seconds, deadline=deadline)

    def _request(self, request: Request, call: _Call) -> httpx.Request:
        """What is sent. A public operation never carries the API key.

        httpx's client is left out: it takes as long for a request as decoding a page does, and its cookies
        and redirects are not wanted.
        """
        settings = self._settings
        if settings.bearer_token is None and not request.public:
            raise InvalidArgumentError(
                f"{request.operation} needs an API key: set {API_KEY_VARIABLE}, or pass bearer_token in code"
            )
        target = self._url.path.rstrip("/") + request.path
        if request.params:
            target += f"?{urlencode(request.params)}"
        sent = httpx.Request(
            request.method,
            self._url,
            headers=self._public_headers if request.public else self._headers,
            json=request.json,
            extensions={"retry": _Policy.of(request, settings.max_retries, call), "dodo_licenses": call},
        )
        sent.url = _Target(self._url, target)
        return sent

    def _reply(self, response: httpx.Response, call: _Call) -> Reply:
        return Reply(
            status_code=response.status_code,
            headers=response.headers,
            content=response.content,
            server=self._settings.server,
            may_have_been_done=call.may_have_been_done,
        )

    def _failure(self, request: Request, call: _Call, error: httpx.HTTPError) -> DodoPaymentsError:
        """What broke in our own class, with nothing of the request but its method and path."""
        what = f"{request.method} {request.path}"
        base_url = self._settings.base_url
        tried = f" ({call.attempts} attempts)" if call.attempts > 1 else ""
        where: dict[str, Any] = {"method": request.method, "path": request.path}
        where["may_have_been_done"] = call.may_have_been_done
        if isinstance(error, httpx.TimeoutException):
            return APITimeoutError(f"{what}: {base_url} did not answer in {call.timeout:g} s{tried}", **where)
        if isinstance(error, httpx.ConnectError):
            return APIConnectionError(
                f"{what}: {base_url} cannot be reached ({error}){tried}: check the address and the network",
                **where,
            )
        broke = str(error) or type(error).__name__
        return APIConnectionError(f"{what}: the connection to {base_url} broke ({broke}){tried}", **where)


class Transport(_Sender):
    """Sends requests and waits for their replies."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        wire = _Wire(_Line(settings), httpx.HTTPTransport(**way_to(settings.base_url)))
        self._retrying = RetryTransport(transport=wire)

    def send(self, request: Request) -> Reply:
        """Send one request.

        Raises:
            InvalidArgumentError: It needs an API key, and there is none.
            APIConnectionError: No answer came.
        """
        call = self._begin()
        sent = self._request(request, call)
        try:
            return self._reply(self._retrying.handle_request(sent), call)
        except httpx.HTTPError as error:
            failure = self._failure(request, call, error)
        raise failure  # out here, so that it doesn't drag httpx's request, and the API key, along

    def close(self) -> None:
        """Close all connections."""
        self._retrying.close()


class AsyncTransport(_Sender):
    """Sends requests and awaits their replies."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        wire = _AsyncWire(_Line(settings), httpx.AsyncHTTPTransport(**way_to(settings.base_url)))
        self._retrying = RetryTransport(transport=wire)

    async def send(self, request: Request) -> Reply:
        """Send one request; see Transport.send."""
        call = self._begin()
        sent = self._request(request, call)
        try:
            return self._reply(await self._retrying.handle_async_request(sent), call)
        except httpx.HTTPError as error:
            failure = self._failure(request, call, error)
        raise failure

    async def aclose(self) -> None:
        """Close all connections."""
        await self._retrying.aclose()

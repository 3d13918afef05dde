"""Sends the requests of a client that awaits, on asyncio and, by anyio, on trio."""

from __future__ import annotations

import os
from collections.abc import AsyncIterable, Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, TypeAlias, cast

import anyio
import anyio.lowlevel
import httpx

from dodo_licenses._errors import DodoPaymentsError
from dodo_licenses._http.calls import BROKEN, Call, is_for_httpx
from dodo_licenses._http.pacing import Pace
from dodo_licenses._http.threads import now
from dodo_licenses._http.wire import GLANCE, Sender
from dodo_licenses._messages import Reply, Request, T

AsyncHTTPClient: TypeAlias = httpx.AsyncClient

# Requests on their way at once. For each that moves on, httpx's pool searches all that wait, which made a
# thousand at once take seven times as long.
_MOST_AT_ONCE = 64
# Seconds between the end of time-outs below, which know what they waited for, and the one above them all.
_LATER = 0.1


class _Line:
    """What all calls of a client share in one event loop: connections, pace, and who is next."""

    def __init__(self, engine: AsyncEngine, loop: Any, pace: Pace) -> None:  # noqa: ANN401 - asyncio's or trio's
        self.process, self.loop, self.pace = os.getpid(), loop, pace
        self.turnstile = anyio.Lock(fast_acquire=True)
        self.room = anyio.Semaphore(_MOST_AT_ONCE, fast_acquire=True)
        self.transport: httpx.AsyncHTTPTransport | None = None
        if engine.http_client is None:
            self.transport = httpx.AsyncHTTPTransport(**engine.way)
            self.exchange: Callable[[httpx.Request], Awaitable[httpx.Response]] = (
                self.transport.handle_async_request
            )
        else:
            self.exchange = partial(engine.http_client.send, stream=True, auth=None, follow_redirects=False)

    @property
    def is_over(self) -> bool:
        """Whether its loop ended, or runs in the process that this one was forked from."""
        asyncio_s = getattr(self.loop, "call_soon_threadsafe", None)
        try:
            (asyncio_s or self.loop.run_sync_soon)(lambda: None)
        except RuntimeError:
            return True
        return self.process != os.getpid()

    async def close_idle(self) -> None:
        """Use no connection again that waits: one of them died without a sign."""
        if self.transport is not None:
            for connection in self.transport._pool.connections:  # noqa: SLF001 - as in the sync engine
                if connection.is_idle():
                    await connection.aclose()


class AsyncEngine(Sender[httpx.AsyncClient, _Line]):
    """Sends requests and awaits their replies; see Engine."""

    _kind = httpx.AsyncClient

    def _line(self) -> _Line:
        """That of this loop; a fork has a pace of its own as well, another loop of this process hasn't."""
        loop, pace = anyio.lowlevel.current_token().native_token, None
        if loop in self._lines:
            return self._lines[loop]
        for line in self._lines.values():
            if not line.is_over:
                raise DodoPaymentsError("an AsyncDodoPayments serves one event loop at a time")
            if self.http_client is not None:
                raise DodoPaymentsError("an http_client of your own serves the one event loop it began in")
            pace = line.pace if line.process == os.getpid() else None
        self._lines.clear()
        pace = Pace(self.settings.rate_limit) if pace is None else pace
        return self._lines.setdefault(loop, _Line(self, loop, pace))

    async def send(self, request: Request[T]) -> Reply[T]:
        """Send one request; see Engine.send."""
        self.check()
        line = self._line()
        call = Call(self, request, line.pace)
        while (pause := call.pause()) is not None:
            if pause > 0:
                await anyio.sleep(pause)
                continue
            began = now()
            async with line.room:
                if await self._take_turn(line, call, began):
                    await self._attempt(line, call)
        return call.outcome()

    async def _take_turn(self, line: _Line, call: Call, began: float) -> bool:
        """Stand in line; see Engine."""
        while True:
            with anyio.move_on_after(GLANCE):
                await line.turnstile.acquire()
                break
            if not call.keeps_its_place():
                return False
        try:
            while (seconds := line.pace.delay(now())) > 0:
                if not call.keeps_its_place():
                    return False
                await anyio.sleep(min(seconds, GLANCE))
            call.begin(now() - began)
            return True
        finally:
            line.turnstile.release()

    async def _attempt(self, line: _Line, call: Call) -> None:
        request = call.outgoing()
        attempts = call.attempts

        async def trace(event: str, info: Mapping[str, Any]) -> None:
            call.note(event, info)
            scope.deadline = anyio.current_time() + attempts.until - now() + _LATER

        request.extensions["trace"] = trace
        try:
            with anyio.fail_after(attempts.until - now() + _LATER) as scope:
                response = await line.exchange(request)
                try:
                    as_it_comes = cast("AsyncIterable[bytes]", response.stream)  # much faster than aiter_raw
                    async for chunk in response.aiter_bytes() if is_for_httpx(response) else as_it_comes:
                        call.add(chunk, response)
                finally:  # by a task of its own: httpx loses a connection where one is cancelled meanwhile
                    async with anyio.create_task_group() as closing:
                        closing.start_soon(_close, response)
        except BROKEN as error:  # TimeoutError is an OSError
            if attempts.met_silence:
                await line.close_idle()
            call.broke(error)
        else:
            call.came(response)

    async def close(self) -> None:
        """Close all connections."""
        for line in self._lines.values():
            if line.transport is not None and not line.is_over:
                if line.loop is not anyio.lowlevel.current_token().native_token:
                    raise DodoPaymentsError("an AsyncDodoPayments is closed in the event loop that it serves")
                self._closed.set()
                await line.transport.aclose()
        self._closed.set()


async def _close(response: httpx.Response) -> None:
    with suppress(*BROKEN):  # as in the sync engine
        await response.aclose()

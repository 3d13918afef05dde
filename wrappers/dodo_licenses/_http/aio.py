"""Sends the requests of a client that awaits, on asyncio and, by anyio, on trio."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeAlias

import anyio
import anyio.lowlevel
import httpx

from dodo_licenses._errors import DodoPaymentsError
from dodo_licenses._http import wire
from dodo_licenses._http.attempts import Attempt, Deadline, Finish, Wait
from dodo_licenses._http.deadlines import AsyncDeadlineBackend, now
from dodo_licenses._http.pacing import Pace
from dodo_licenses._messages import Reply, Request
from dodo_licenses._settings import Settings

AsyncHTTPClient: TypeAlias = httpx.AsyncClient

# Requests on their way at once. For each that moves on, httpx's pool searches all that wait, which made a
# thousand at once take seven times as long.
_MOST_AT_ONCE = 64


class _Line:
    """What all calls of a client share in one event loop: connections, pace, and who is next."""

    def __init__(self, home: _Home, loop: Any, pace: Pace) -> None:  # noqa: ANN401 - of asyncio or trio
        self.process, self.loop, self.pace = os.getpid(), loop, pace
        self.turnstile = anyio.Lock(fast_acquire=True)
        self.room = anyio.Semaphore(_MOST_AT_ONCE, fast_acquire=True)
        self.transport: httpx.AsyncHTTPTransport | None = None
        if home.http_client is None:
            self.transport = transport = httpx.AsyncHTTPTransport(**home.way)
            # As in the sync engine.
            backend = AsyncDeadlineBackend(transport._pool._network_backend)  # noqa: SLF001
            transport._pool._network_backend = backend  # noqa: SLF001
            self.exchange: Callable[[httpx.Request], Awaitable[httpx.Response]] = (
                transport.handle_async_request
            )
        else:
            self.exchange = partial(home.http_client.send, stream=True, auth=None, follow_redirects=False)

    @property
    def is_over(self) -> bool:
        """Whether its loop ended, or runs in the process that this one was forked from."""
        if self.process != os.getpid():
            return True
        if isinstance(self.loop, asyncio.AbstractEventLoop):
            return self.loop.is_closed()
        try:
            self.loop.run_sync_soon(lambda: None)  # trio's way to ask
        except RuntimeError:
            return True
        return False


class _Home(wire.Home[httpx.AsyncClient]):
    kind = httpx.AsyncClient

    def __init__(self, settings: Settings, http_client: httpx.AsyncClient | None) -> None:
        super().__init__(settings, http_client)
        self._line: _Line | None = None

    def line(self) -> _Line:
        """That of this loop; a fork has a pace of its own as well, another loop of this process hasn't."""
        loop, line = anyio.lowlevel.current_token().native_token, self._line
        if line is not None and line.loop is loop and line.process == os.getpid():
            return line
        pace = None
        if line is not None:
            if not line.is_over:
                raise DodoPaymentsError("an AsyncDodoPayments serves one event loop at a time")
            if self.http_client is not None:
                raise DodoPaymentsError("an http_client of your own serves the one event loop it began in")
            pace = line.pace if line.process == os.getpid() else None
        self._line = _Line(self, loop, Pace(self.rate_limit) if pace is None else pace)
        return self._line

    async def close(self) -> None:
        line = self._line
        if line is not None and not line.is_over and line.transport is not None:
            if line.loop is not anyio.lowlevel.current_token().native_token:
                raise DodoPaymentsError("an AsyncDodoPayments is closed in the event loop that it serves")
            self.is_closed = True
            await line.transport.aclose()
        self.is_closed = True


class AsyncEngine(wire.Sender[httpx.AsyncClient]):
    """Sends requests and awaits their replies; see Engine."""

    _home_kind = _Home
    _home: _Home

    async def send(self, request: Request, *, patience: float | None = None) -> Reply:
        """Send one request; see Engine.send."""
        line = self._home.line()
        call = wire.Call(self, request, line.pace, patience)
        while True:
            match call.next_step():
                case Wait(seconds):
                    await self._sleep(seconds)
                case Attempt():
                    began = now()
                    async with line.room:
                        if (deadline := await self._take_turn(line, call, began)) is not None:
                            await self._attempt(line, call, deadline)
                case Finish():
                    return call.outcome()

    async def _take_turn(self, line: _Line, call: wire.Call, began: float) -> Deadline | None:
        """Stand in line: the first waits for the clock, all others for the first. None: it left the line."""
        while True:
            while (seconds := line.pace.pause(now())) > 0:  # out of the line: some wait longer than others
                if call.has_no_patience():
                    return None
                await self._sleep(min(seconds, wire.GLANCE))
            async with line.turnstile:
                self._home.check()
                while (seconds := line.pace.delay(now())) > 0 >= line.pace.pause(now()):
                    await self._sleep(min(seconds, wire.GLANCE))
                if seconds <= 0:
                    self._home.check()
                    return call.begin(now() - began)

    async def _attempt(self, line: _Line, call: wire.Call, deadline: Deadline) -> None:
        request = call.outgoing(deadline, call.trace_async)
        try:
            with anyio.fail_after(deadline.end - now()):
                response = await line.exchange(request)
                try:
                    body = wire.Body(call, response)
                    if body.is_readable:
                        async for chunk in response.aiter_bytes():
                            body.add(chunk)
                finally:
                    await response.aclose()
        except wire.BROKEN as error:  # TimeoutError is an OSError
            call.broke(error)
        else:
            call.came(response, bytes(body))

    async def _sleep(self, seconds: float) -> None:
        end = now() + seconds
        while (left := end - now()) > 0:
            self._home.check()
            await anyio.sleep(min(left, wire.GLANCE))

    async def close(self) -> None:
        """Close all connections."""
        await self._home.close()

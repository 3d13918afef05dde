"""Sends the requests of a client that waits."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TypeAlias

import httpx

from dodo_licenses._errors import DodoPaymentsError
from dodo_licenses._http import wire
from dodo_licenses._http.attempts import Attempt, Deadline, Finish, Wait
from dodo_licenses._http.deadlines import Cancel, DeadlineBackend, now
from dodo_licenses._http.pacing import Pace
from dodo_licenses._messages import Reply, Request
from dodo_licenses._settings import Settings

HTTPClient: TypeAlias = httpx.Client


class _Line:
    """What all calls of a client share in one process: connections, pace, and who is next."""

    def __init__(self, home: _Home) -> None:
        self.pace = Pace(home.rate_limit)
        self.turnstile = threading.Lock()
        self.transport: httpx.HTTPTransport | None = None
        if home.http_client is None:
            # httpx.Client above it is left out: it takes a sixth of all the time, for what is not wanted.
            self.transport = transport = httpx.HTTPTransport(**home.way)
            # There is no public way to put a total time-out below httpx's reads; a test holds this one.
            transport._pool._network_backend = DeadlineBackend(transport._pool._network_backend)  # noqa: SLF001
            self.exchange: Callable[[httpx.Request], httpx.Response] = transport.handle_request
        else:
            self.exchange = partial(home.http_client.send, stream=True, auth=None, follow_redirects=False)


class _Home(wire.Home[httpx.Client]):
    kind = httpx.Client

    def __init__(self, settings: Settings, http_client: httpx.Client | None) -> None:
        super().__init__(settings, http_client)
        self._lines: dict[int, _Line] = {}

    def line(self) -> _Line:
        """That of this process: a fork has connections, a pace and a lock of its own."""
        process = os.getpid()
        if process in self._lines:
            return self._lines[process]
        if self._lines and self.http_client is not None:
            raise DodoPaymentsError("an http_client of your own cannot be shared with a forked process")
        return self._lines.setdefault(process, _Line(self))  # of two threads, one makes it

    def close(self) -> None:
        self.is_closed = True
        line = self._lines.get(os.getpid())
        if line is not None and line.transport is not None:
            line.transport.close()


class Engine(wire.Sender[httpx.Client]):
    """Sends requests and waits for their replies.

    Args:
        settings: Where they go, and how.
        http_client: A client of the user's that carries them; it stays the user's to close.

    Raises:
        InvalidArgumentError: The environment names a proxy or certificates that cannot be used.
    """

    _home_kind = _Home
    _home: _Home

    def send(self, request: Request, cancel: Cancel | None = None, *, patience: float | None = None) -> Reply:
        """Send one request.

        Args:
            request: The request.
            cancel: Ends the call from another thread.
            patience: Seconds that it waits because the server says that the rate limit is used up; default:
                as many as the call may take.

        Raises:
            InvalidArgumentError: It needs an API key, and there is none.
            APIConnectionError: No answer came.
            CancelledError: `cancel` was set.
        """
        line = self._home.line()
        call = wire.Call(self, request, line.pace, patience)
        while True:
            match call.next_step():
                case Wait(seconds):
                    self._sleep(seconds, cancel)
                case Attempt():
                    if (deadline := self._take_turn(line, call, cancel)) is not None:
                        self._attempt(line, call, deadline, cancel)
                case Finish():
                    return call.outcome()

    def _take_turn(self, line: _Line, call: wire.Call, cancel: Cancel | None) -> Deadline | None:
        """Stand in line: the first waits for the clock, all others for the first. None: it left the line."""
        began = now()
        self._check(cancel)
        while not line.turnstile.acquire(timeout=wire.GLANCE):
            self._check(cancel)
            if call.has_no_patience():
                return None
        try:
            while (seconds := line.pace.delay(now())) > 0:
                if call.has_no_patience():
                    return None
                self._sleep(min(seconds, wire.GLANCE), cancel)
            self._check(cancel)
            return call.begin(now() - began)
        finally:
            line.turnstile.release()

    def _attempt(self, line: _Line, call: wire.Call, deadline: Deadline, cancel: Cancel | None) -> None:
        request = call.outgoing(deadline, call.trace, cancel)
        try:
            response = line.exchange(request)
            try:
                body = wire.Body(call, response)
                for chunk in response.iter_bytes() if body.is_readable else ():
                    body.add(chunk)
                    if now() > deadline.end:
                        raise httpx.ReadTimeout("the time for the whole call is over")
            finally:
                response.close()
        except wire.BROKEN as error:
            call.broke(error)
        except ValueError:  # what a TLS connection raises that another thread closed
            self._check(cancel)
            raise
        else:
            call.came(response, bytes(body))

    def _sleep(self, seconds: float, cancel: Cancel | None) -> None:
        end = now() + seconds
        while (left := end - now()) > 0:
            self._check(cancel)
            time.sleep(min(left, wire.GLANCE))

    def _check(self, cancel: Cancel | None) -> None:
        if cancel is not None:
            cancel.check()
        self._home.check()

    def close(self) -> None:
        """Close all connections."""
        self._home.close()

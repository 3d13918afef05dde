"""Sends the requests of a client that waits."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import TypeAlias, cast

import httpx

from dodo_licenses._errors import DodoPaymentsError
from dodo_licenses._http.calls import BROKEN, Call, is_for_httpx
from dodo_licenses._http.deadlines import DeadlineBackend
from dodo_licenses._http.pacing import Pace
from dodo_licenses._http.threads import Cancel, now
from dodo_licenses._http.wire import GLANCE, Sender
from dodo_licenses._messages import Reply, Request, T

HTTPClient: TypeAlias = httpx.Client
HTTPTimeout: TypeAlias = httpx.Timeout


class _Line:
    """What all calls of a client share in one process: connections, pace, and who is next."""

    def __init__(self, engine: Engine) -> None:
        self.pace = Pace(engine.settings.rate_limit)
        self.turnstile = threading.Lock()
        self.transport: httpx.HTTPTransport | None = None
        self.backend: DeadlineBackend | None = None
        if engine.http_client is None:
            # httpx.Client above it is left out: it takes a sixth of all the time, for what is not wanted.
            self.transport = httpx.HTTPTransport(**engine.way)
            # There is no public way to put a total time-out below httpx's reads; a test holds this one.
            self.backend = DeadlineBackend(self.transport._pool._network_backend)  # noqa: SLF001
            self.transport._pool._network_backend = self.backend  # noqa: SLF001
            self.exchange: Callable[[httpx.Request], httpx.Response] = self.transport.handle_request
        else:
            self.exchange = partial(engine.http_client.send, stream=True, auth=None, follow_redirects=False)


class Engine(Sender[httpx.Client, _Line]):
    """Sends requests and waits for their replies."""

    _kind = httpx.Client

    def _line(self) -> _Line:
        """That of this process: a fork has connections, a pace and a lock of its own."""
        process = os.getpid()
        if process in self._lines:
            return self._lines[process]
        if self._lines and self.http_client is not None:
            raise DodoPaymentsError("an http_client of your own cannot be shared with a forked process")
        return self._lines.setdefault(process, _Line(self))  # of two threads, one makes it

    def send(self, request: Request[T], cancel: Cancel | None = None) -> Reply[T]:
        """Send one request: APIConnectionError where no answer came, CancelledError where none is wanted."""
        self.check()
        line = self._line()
        call = Call(self, request, line.pace, cancel)
        while (pause := call.pause()) is not None:
            if pause > 0:
                time.sleep(pause)
            elif self._take_turn(line, call):
                self._attempt(line, call)
        return call.outcome()

    def _take_turn(self, line: _Line, call: Call) -> bool:
        """Stand in line: the first waits for the clock, all others for the first. False: it left the line."""
        began = now()
        while not line.turnstile.acquire(timeout=GLANCE):
            if not call.keeps_its_place():
                return False
        try:
            while (seconds := line.pace.delay(now())) > 0:
                if not call.keeps_its_place():
                    return False
                time.sleep(min(seconds, GLANCE))
            call.begin(now() - began)
            return True
        finally:
            line.turnstile.release()

    def _attempt(self, line: _Line, call: Call) -> None:
        request = call.outgoing()
        if line.backend is None:
            request.extensions["trace"] = call.note
        try:
            response = line.exchange(request)
            try:
                as_it_comes = cast("Iterable[bytes]", response.stream)  # much faster than iter_raw
                for chunk in response.iter_bytes() if is_for_httpx(response) else as_it_comes:
                    call.add(chunk, response)
            finally:
                with suppress(*BROKEN):  # what there was to read was read, or its error is on the way
                    response.close()
        except BROKEN as error:
            if call.attempts.met_silence and line.backend is not None:
                line.backend.trusted_since = now()
            call.broke(error)
        except ValueError:  # what a TLS connection raises that another thread closed
            call.check()
            raise
        else:
            call.came(response)

    def close(self) -> None:
        """Close all connections."""
        self._closed.set()
        line = self._lines.get(os.getpid())
        if line is not None and line.transport is not None:
            line.transport.close()

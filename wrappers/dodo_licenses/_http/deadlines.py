"""Keeps a moment where httpx knows only seconds for each read: below httpcore, on the connections themselves.

`Until` is a time-out like any other, a number of seconds, that also knows when it ends and whether anybody
still waits. httpx and httpcore hand it through as it is. Where connections are not ours, those of a user's
`http_client`, it counts as the seconds that it is.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from typing import Any, Self

import httpcore

_GLANCE = 0.1  # seconds between two looks whether the reply is still wanted
_LONGEST_LOOK_UP = 5.0  # seconds to find out whether a name is one of this machine


class _Clock:
    # In a class, since freezegun replaces what modules hold: who stops the calendar mustn't stop time-outs.
    read = staticmethod(time.monotonic)


def now() -> float:
    """Seconds on a clock that only goes forward."""
    return _Clock.read()


class CancelledError(Exception):
    """Nobody wants what this thread was doing. It ends the thread's work and reaches no user."""


class Cancel:
    """Tells the threads of a listing that nobody wants their pages any more."""

    is_set = False

    def check(self) -> None:
        """Raise CancelledError where it was set."""
        if self.is_set:
            raise CancelledError


class Until(float):
    """So many seconds, until a moment.

    Attributes:
        end: The moment.
        reused_end: An earlier one, until which a connection that was used before has to begin to answer.
        cancel: Says whether anybody still waits.
    """

    end: float
    reused_end: float
    cancel: Cancel | None

    @classmethod
    def moment(cls, end: float, reused_end: float | None = None, cancel: Cancel | None = None) -> Self:
        """The seconds from now to a moment."""
        until = cls(max(end - now(), 0.001))
        until.end = end
        until.reused_end = end if reused_end is None else reused_end
        until.cancel = cancel
        return until


def _left(timeout: float | None, over: type[Exception]) -> float | None:
    return _seconds_to(timeout.end, over) if isinstance(timeout, Until) else timeout


def _seconds_to(end: float, over: type[Exception]) -> float:
    if (left := end - now()) <= 0:
        raise over("the time for the whole call is over")
    return left


class Trust:
    """Since when a transport's connections are trusted: where one died silently, others may have, too."""

    since = float("-inf")


class _Stream:
    """A connection that knows whether it was used before: then it may have died while it waited."""

    def __init__(self, inner: Any, trust: Trust) -> None:  # noqa: ANN401 - a stream of either kind
        self._inner = inner
        self._trust = trust
        self._made = now()
        self._has_answered = self._may_be_dead = False

    def _wrote(self) -> None:
        self._may_be_dead = self._has_answered

    def _answered(self) -> None:
        self._has_answered, self._may_be_dead = True, False

    def _end_of_read(self, timeout: Until) -> float:
        return timeout.reused_end if self._may_be_dead else timeout.end

    def _distrust_if_over(self, timeout: Until) -> None:
        if self._may_be_dead and now() >= timeout.reused_end:
            self._trust.since = now()

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as httpcore has it
        # An idle connection with something to read is closed by httpcore: the server has ended it.
        if info == "is_readable" and self._made < self._trust.since:
            return True
        return self._inner.get_extra_info(info)


class _SyncStream(_Stream, httpcore.NetworkStream):
    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if not isinstance(timeout, Until):
            return bytes(self._inner.read(max_bytes, timeout))
        try:
            data = self._read(max_bytes, timeout)
        except httpcore.ReadTimeout:
            self._distrust_if_over(timeout)
            raise
        self._answered()
        return data

    def _read(self, max_bytes: int, timeout: Until) -> bytes:
        end = self._end_of_read(timeout)
        while timeout.cancel is not None:
            timeout.cancel.check()
            glance = min(_seconds_to(end, httpcore.ReadTimeout), _GLANCE)
            try:
                return bytes(self._inner.read(max_bytes, glance))
            except httpcore.ReadTimeout:
                _seconds_to(end, httpcore.ReadTimeout)
        return bytes(self._inner.read(max_bytes, _seconds_to(end, httpcore.ReadTimeout)))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._wrote()
        self._inner.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _SyncStream(self._inner.start_tls(ssl_context, server_hostname, left), self._trust)

    def close(self) -> None:
        self._inner.close()


class _AsyncStream(_Stream, httpcore.AsyncNetworkStream):
    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if not isinstance(timeout, Until):
            return bytes(await self._inner.read(max_bytes, timeout))
        try:
            left = _seconds_to(self._end_of_read(timeout), httpcore.ReadTimeout)
            data = bytes(await self._inner.read(max_bytes, left))
        except httpcore.ReadTimeout:
            self._distrust_if_over(timeout)
            raise
        self._answered()
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._wrote()
        await self._inner.write(buffer, timeout)

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        return _AsyncStream(await self._inner.start_tls(ssl_context, server_hostname, timeout), self._trust)

    async def aclose(self) -> None:
        await self._inner.aclose()


class DeadlineBackend(httpcore.NetworkBackend):
    """Makes connections of the sync client, whose every read and write ends when an `Until` does."""

    def __init__(self, inner: httpcore.NetworkBackend) -> None:
        self._inner = inner
        self._trust = Trust()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        error: Exception = httpcore.ConnectError(f"{host} has no address")
        found = addresses(host, port, _left(timeout, httpcore.ConnectTimeout))
        for still, address in zip(range(len(found), 0, -1), found, strict=True):
            left = _left(timeout, httpcore.ConnectTimeout)
            share = left if left is None else left / still  # a dead address leaves time for the next
            try:
                stream = self._inner.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                error = failed
            else:
                return _SyncStream(stream, self._trust)
        raise error


class AsyncDeadlineBackend(httpcore.AsyncNetworkBackend):
    """Makes connections of the async client; what ends them is a scope of anyio around the whole attempt."""

    def __init__(self, inner: httpcore.AsyncNetworkBackend) -> None:
        self._inner = inner
        self._trust = Trust()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        stream = await self._inner.connect_tcp(host, port, timeout, local_address, socket_options)
        return _AsyncStream(stream, self._trust)


def addresses(host: str, port: int, timeout: float | None) -> list[str]:
    """The addresses of a host.

    Looking a name up cannot be interrupted, so a thread does it that nobody waits for.
    """
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        pass
    found: list[list[str] | Exception] = []

    def look_up() -> None:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.append(list(dict.fromkeys(str(answer[4][0]) for answer in answers)))
        except (OSError, UnicodeError) as error:
            found.append(error)

    thread = threading.Thread(target=look_up, daemon=True)
    try:
        thread.start()
    except RuntimeError:  # no thread can be started any more, at the end of a program for example
        look_up()
    else:
        thread.join(timeout)
    if not found:
        raise httpcore.ConnectTimeout(f"the address of {host} was not found in time")
    if isinstance(answer := found[0], Exception):
        raise httpcore.ConnectError(str(answer)) from answer
    return answer


def is_loopback(host: str) -> bool:
    """Whether a host is this machine. A name below `localhost` is where it resolves to nothing else."""
    if host == "localhost":
        return True
    found = [host]
    if host.endswith(".localhost"):
        try:
            found = addresses(host, 0, _LONGEST_LOOK_UP)
        except (httpcore.ConnectError, httpcore.ConnectTimeout):
            return False
    try:
        return all(ipaddress.ip_address(address.partition("%")[0]).is_loopback for address in found)
    except ValueError:
        return False

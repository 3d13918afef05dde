"""Keeps a moment where httpx knows only seconds for each read: below httpcore, on the connections.

`Until` is a time-out like any other, a number of seconds, that also knows whose it is. httpx and httpcore
hand it through as it is, so connections know when the attempt ends, and note how far it came. Where they are
not ours, those of a user's `http_client`, it counts as the seconds that it is.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from typing import Any, Protocol, Self

import httpcore

from dodo_licenses._http.attempts import Attempts
from dodo_licenses._http.threads import Task, now

_GLANCE = 0.1  # seconds between two looks whether the reply is still wanted
_LONGEST_LOOK_UP = 5.0  # seconds to find out whether a name is one of this machine


class OnItsWay(Protocol):
    """A call: its attempts, and a check that raises where nobody waits for it any more."""

    attempts: Attempts

    def check(self) -> None: ...


class Until(float):
    """So many seconds from now, and not longer than a call's attempt may take."""

    end: float
    call: OnItsWay

    def __new__(cls, seconds: float, call: OnItsWay) -> Self:
        until = super().__new__(cls, max(seconds, 0.001))
        until.end, until.call = now() + seconds, call
        return until


def _left(timeout: float | None, over: type[Exception]) -> float | None:
    if not isinstance(timeout, Until):
        return timeout
    timeout.call.check()
    left = min(timeout.end, timeout.call.attempts.until) - now()
    if left <= 0:
        raise over("the time for the whole call is over")
    return left


class DeadlineBackend(httpcore.NetworkBackend):
    """Makes connections of which every read and write ends when an `Until` does.

    Attributes:
        trusted_since: Idle connections made before are not used again: one of them died without a sign.
    """

    def __init__(self, inner: httpcore.NetworkBackend) -> None:
        self.trusted_since = float("-inf")
        self._inner = inner

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        if isinstance(timeout, Until):
            timeout.call.attempts.is_fresh = True
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
                return _Stream(self, stream, timeout)
        raise error


class _Stream(httpcore.NetworkStream):
    def __init__(
        self, backend: DeadlineBackend, inner: httpcore.NetworkStream, connect: float | None
    ) -> None:
        self._backend, self._inner, self._connect, self._made = backend, inner, connect, now()

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        timeout = self._connect if timeout is None else timeout  # none is what a SOCKS proxy has
        while isinstance(timeout, Until):
            glance = min(_left(timeout, httpcore.ReadTimeout) or _GLANCE, _GLANCE)
            try:
                content = self._inner.read(max_bytes, glance)
            except httpcore.ReadTimeout:
                continue
            timeout.call.attempts.is_answered = True
            return content
        return self._inner.read(max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if buffer:  # two of three are empty
            if isinstance(timeout, Until) and not buffer.startswith(b"CONNECT "):  # for a proxy
                timeout.call.attempts.is_sent = True
            self._inner.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._backend, self._inner.start_tls(ssl_context, server_hostname, left), timeout)

    def close(self) -> None:
        self._inner.close()

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as httpcore has it
        # An idle connection with something to read is closed by httpcore: the server has ended it.
        if info == "is_readable" and self._made < self._backend.trusted_since:
            return True
        return self._inner.get_extra_info(info)


def addresses(host: str, port: int, timeout: float | None) -> list[str]:
    """The addresses of a host. A thread looks them up, since that cannot be interrupted."""
    with suppress(ValueError):
        return [str(ipaddress.ip_address(host))]
    try:
        found = Task(partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)).result(timeout)
    except TimeoutError:
        raise httpcore.ConnectTimeout(f"the address of {host} was not found in time") from None
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(str(error)) from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_loopback(host: str) -> bool:
    """Whether a host is this machine. A name below `localhost` is where it resolves to nothing else."""
    try:
        found = addresses(host, 0, _LONGEST_LOOK_UP) if host.endswith(".localhost") else [host]
        return host == "localhost" or all(ipaddress.ip_address(each).is_loopback for each in found)
    except (ValueError, httpcore.ConnectError, httpcore.ConnectTimeout):
        return False

"""Connections that keep the deadline of a call, for the sync client (asyncio can cancel, a thread can't).

httpx bounds each read, not their sum: a server that trickles a byte a second would hold a call for ever. The
connection itself is the one place that every read and write passes.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore

from dodo_licenses._threads import give_up_if_told, thread

# Seconds between two looks whether the reply that a thread waits for is still wanted.
_GLANCE = 0.1


def _until_deadline(timeout: float | None, over: type[Exception]) -> float:
    remaining = thread.deadline - time.monotonic()
    if remaining <= 0:
        raise over("the time for the whole call is over")
    return remaining if timeout is None else min(timeout, remaining)


class DeadlineBackend(httpcore.NetworkBackend):
    """Makes connections whose every read and write keeps the deadline that its thread has."""

    def __init__(self, inner: httpcore.NetworkBackend) -> None:
        self._inner = inner

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        timeout = _until_deadline(timeout, httpcore.ConnectTimeout)
        stream = self._inner.connect_tcp(host, port, timeout, local_address, socket_options)
        return _DeadlineStream(stream)


class _DeadlineStream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        end = time.monotonic() + _until_deadline(timeout, httpcore.ReadTimeout)
        while thread.stop is not None and end - time.monotonic() > _GLANCE:
            try:
                return self._inner.read(max_bytes, _GLANCE)
            except httpcore.ReadTimeout:
                give_up_if_told()
        return self._inner.read(max_bytes, _until_deadline(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _until_deadline(timeout, httpcore.WriteTimeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        timeout = _until_deadline(timeout, httpcore.ConnectTimeout)
        return _DeadlineStream(self._inner.start_tls(ssl_context, server_hostname, timeout))

    def close(self) -> None:
        self._inner.close()

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as httpcore has it
        return self._inner.get_extra_info(info)

"""Transports of httpx that have every reply looked at: for users' own tests, by way of `http_client`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import httpx

# Told method, path, status, media type and body of a reply; raises where something is wrong with it.
Check: TypeAlias = Callable[[str, str, int, str, bytes], None]


def _hand_over(check: Check, request: httpx.Request, response: httpx.Response) -> None:
    media_type = response.headers.get("Content-Type", "")
    check(request.method, request.url.path, response.status_code, media_type, response.content)


class CheckingTransport(httpx.BaseTransport):
    """Sends by another transport, and has what comes back checked."""

    def __init__(self, check: Check, inner: httpx.BaseTransport | None = None) -> None:
        self._check = check
        self._inner = httpx.HTTPTransport() if inner is None else inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        response = self._inner.handle_request(request)
        response.read()
        _hand_over(self._check, request, response)
        return response

    def close(self) -> None:
        """Close the other transport."""
        self._inner.close()


class AsyncCheckingTransport(httpx.AsyncBaseTransport):
    """The same, for async clients."""

    def __init__(self, check: Check, inner: httpx.AsyncBaseTransport | None = None) -> None:
        self._check = check
        self._inner = httpx.AsyncHTTPTransport() if inner is None else inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        response = await self._inner.handle_async_request(request)
        await response.aread()
        _hand_over(self._check, request, response)
        return response

    async def aclose(self) -> None:
        """Close the other transport."""
        await self._inner.aclose()

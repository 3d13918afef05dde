"""A transport of httpx that has every reply looked at: for users' own tests, by way of `http_client`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import httpx

# Given method, path, status, media type and body of a reply; raises where something is wrong with it.
Check: TypeAlias = Callable[[str, str, int, str, bytes], None]


class CheckingTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Sends as httpx does, for both of its clients, and has what comes back checked."""

    def __init__(self, check: Check) -> None:
        self._check = check
        self._sync, self._async = httpx.HTTPTransport(), httpx.AsyncHTTPTransport()

    def _checked(self, request: httpx.Request, response: httpx.Response) -> httpx.Response:
        media_type = response.headers.get("Content-Type", "")
        self._check(request.method, request.url.path, response.status_code, media_type, response.content)
        return response

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        response = self._sync.handle_request(request)
        response.read()
        return self._checked(request, response)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        response = await self._async.handle_async_request(request)
        await response.aread()
        return self._checked(request, response)

    def close(self) -> None:
        """Close its connections."""
        self._sync.close()

    async def aclose(self) -> None:
        """Close its connections."""
        await self._async.aclose()

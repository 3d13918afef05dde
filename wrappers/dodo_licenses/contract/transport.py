"""Transports that check every reply a client gets: for the integration tests of those who use this package."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx

from dodo_licenses._errors import ResponseValidationError
from dodo_licenses.contract.settings import spec_file
from dodo_licenses.contract.spec import Spec


class _Checks:
    def __init__(self, spec: str | Path | None) -> None:
        self._spec = Spec(Path(spec) if spec is not None else spec_file())

    def checked(self, request: httpx.Request, response: httpx.Response, content: bytes) -> httpx.Response:
        """A reply as it came, if the spec has nothing against it."""
        label = self._spec.label_of(request.method, request.url.path)
        reply = httpx.Response(
            response.status_code, headers=response.headers, content=content, extensions=response.extensions
        )
        for problem in self._problems(label, reply):
            raise ResponseValidationError(
                operation=self._spec.id_of(label or "") or request.url.path,
                field="$",
                problem=problem,
                status_code=reply.status_code,
                body=reply.content,
            )
        return reply

    def _problems(self, label: str | None, reply: httpx.Response) -> Iterator[str]:
        if label is None:
            yield "the spec has no such operation"
        elif reply.is_success or self._spec.has_status(label, reply.status_code):
            kind = reply.headers.get("Content-Type", "")
            yield from self._spec.reply_problems(label, reply.status_code, kind, reply.content)


class SpecTransport(httpx.BaseTransport):
    """Sends by another transport, and checks each reply against openapi.yaml. Needs the extra `[contract]`.

        with DodoPayments(http_client=httpx.Client(transport=SpecTransport())) as client:
            print(sum(1 for key in client.license_keys.list(status="active")))

    A refusal whose status the spec doesn't list, such as the 403 or 503 of a gateway, is handed on, and is the
    error that it would be without this transport.

    Args:
        transport: What sends; httpx's own if left out.
        spec: Another OpenAPI file than the package's.

    Raises:
        ResponseValidationError: A reply is not as the spec says; raised by the request.
    """

    def __init__(self, transport: httpx.BaseTransport | None = None, *, spec: str | Path | None = None) -> None:
        self._transport = transport if transport is not None else httpx.HTTPTransport()
        self._checks = _Checks(spec)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and check its reply."""
        response = self._transport.handle_request(request)
        try:
            content = b"".join(response.iter_raw())
        finally:
            response.close()
        return self._checks.checked(request, response, content)

    def close(self) -> None:
        """Close the other transport."""
        self._transport.close()


class AsyncSpecTransport(httpx.AsyncBaseTransport):
    """As SpecTransport, for AsyncDodoPayments and httpx.AsyncClient."""

    def __init__(
        self, transport: httpx.AsyncBaseTransport | None = None, *, spec: str | Path | None = None
    ) -> None:
        self._transport = transport if transport is not None else httpx.AsyncHTTPTransport()
        self._checks = _Checks(spec)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and check its reply."""
        response = await self._transport.handle_async_request(request)
        try:
            content = b"".join([part async for part in response.aiter_raw()])
        finally:
            await response.aclose()
        return self._checks.checked(request, response, content)

    async def aclose(self) -> None:
        """Close the other transport."""
        await self._transport.aclose()

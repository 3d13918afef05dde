"""A transport of httpx that checks every reply against openapi.yaml: for users' own tests, by `http_client`."""

from __future__ import annotations

import json

import httpx

from dodo_licenses import ResponseValidationError
from dodo_licenses._text import redacted, redacted_bytes
from dodo_licenses.contract.settings import OWN_SPEC
from dodo_licenses.contract.spec import Spec

_FIRST_REFUSAL = 300
_SECRETS = ("license_key", "key")  # fields of requests


class SpecTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Sends as httpx does, for both of its clients, and checks what comes back."""

    def __init__(self) -> None:
        self._spec = Spec(OWN_SPEC)
        self._sync, self._async = httpx.HTTPTransport(), httpx.AsyncHTTPTransport()

    def _checked(self, request: httpx.Request, response: httpx.Response) -> httpx.Response:
        method, status, kind = request.method, response.status_code, response.headers.get("Content-Type", "")
        label = self._spec.label_of(method, str(request.url)) or f"{method} {request.url.path}"
        problems = list(self._spec.problems(label, status, kind, response.content))
        is_other = status >= _FIRST_REFUSAL and any(problem.startswith("status ") for problem in problems)
        if not problems or is_other:  # a refusal that the spec doesn't list is for the client to tell
            return response
        secrets = _sent(request)
        raise ResponseValidationError(
            operation=label,
            problem=redacted("; ".join(problems), secrets),
            status_code=status,
            content=redacted_bytes(response.content, secrets),
        )

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


def _sent(request: httpx.Request) -> tuple[str, ...]:
    """What of a request must be shown nowhere."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    body = json.loads(request.content or "{}")
    return (token, *(str(body[name]) for name in _SECRETS if name in body))

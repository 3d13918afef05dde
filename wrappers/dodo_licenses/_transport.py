"""How requests travel: the wrapper's only import of httpx. Foreign errors are mapped to ours here."""

from __future__ import annotations

import platform
from collections.abc import Generator
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

import httpx

from dodo_licenses._errors import APIConnectionError, APITimeoutError, InvalidArgumentError
from dodo_licenses._flow import Reply, Request
from dodo_licenses._settings import API_KEY_VARIABLE, Settings


def _client_arguments(settings: Settings) -> dict[str, Any]:
    user_agent = f"dodo-licenses/{version('dodo-licenses')} Python/{platform.python_version()}"
    return {
        "base_url": settings.base_url,
        "headers": {"User-Agent": user_agent, "Accept": "application/json"},
        "timeout": httpx.Timeout(settings.timeout, connect=settings.connect_timeout),
        "follow_redirects": False,
    }


def _request_arguments(settings: Settings, request: Request) -> dict[str, Any]:
    """What httpx is asked to send. A public operation never carries the API key."""
    headers = {}
    if not request.public:
        if settings.bearer_token is None:
            raise InvalidArgumentError(
                f"{request.operation} needs an API key: set {API_KEY_VARIABLE} or pass bearer_token"
            )
        headers["Authorization"] = f"Bearer {settings.bearer_token}"
    return {
        "method": request.method,
        "url": request.path,
        "params": request.params,
        "json": request.json,
        "headers": headers,
    }


def _reply(settings: Settings, response: httpx.Response) -> Reply:
    return Reply(
        status_code=response.status_code,
        headers=response.headers,
        content=response.content,
        server=settings.server,
    )


@contextmanager
def _errors_as_ours(settings: Settings, request: Request) -> Generator[None]:
    """Say what broke in our own classes, with nothing of the request but its method and path."""
    where = {"method": request.method, "path": request.path}
    what = f"{request.method} {request.path}"
    try:
        yield
    except httpx.TimeoutException:
        raise APITimeoutError(
            f"{what}: {settings.server} did not answer within {settings.timeout:g} s", **where
        ) from None
    except httpx.ConnectError as error:
        raise APIConnectionError(
            f"{what}: {settings.base_url} cannot be reached ({error}): check the address and the network",
            **where,
        ) from None
    except httpx.RequestError as error:
        raise APIConnectionError(
            f"{what}: the connection to {settings.base_url} broke ({error or type(error).__name__})",
            **where,
        ) from None


class Transport:
    """Sends requests and waits for their replies."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client = httpx.Client(**_client_arguments(settings))

    def send(self, request: Request) -> Reply:
        """Send one request.

        Raises:
            InvalidArgumentError: It needs an API key, and there is none.
            APIConnectionError: No answer came.
        """
        arguments = _request_arguments(self._settings, request)
        with _errors_as_ours(self._settings, request):
            response = self._client.request(**arguments)
        return _reply(self._settings, response)

    def close(self) -> None:
        """Close all connections."""
        self._client.close()


class AsyncTransport:
    """Sends requests and awaits their replies."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client = httpx.AsyncClient(**_client_arguments(settings))

    async def send(self, request: Request) -> Reply:
        """Send one request; see Transport.send."""
        arguments = _request_arguments(self._settings, request)
        with _errors_as_ours(self._settings, request):
            response = await self._client.request(**arguments)
        return _reply(self._settings, response)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.aclose()

"""The two clients: settings, resources and life cycle."""

from __future__ import annotations

import copy
import os
from collections.abc import Mapping
from typing import Generic, Self, TypeVar, cast

from dodo_licenses._by_name import by_name
from dodo_licenses._http.aio import AsyncEngine, AsyncHTTPClient
from dodo_licenses._http.pacing import RateLimit
from dodo_licenses._http.sync import Engine, HTTPClient
from dodo_licenses._methods import Resources
from dodo_licenses._methods_async import AsyncResources
from dodo_licenses._resource import AsyncResource, Resource
from dodo_licenses._settings import Environment, Timeout, settings
from dodo_licenses._webhooks import Webhooks
from dodo_licenses_api.types import UNSET, Unset

AnyEngine = TypeVar("AnyEngine", Engine, AsyncEngine)
AnyHTTPClient = TypeVar("AnyHTTPClient", HTTPClient, AsyncHTTPClient)

_DOCUMENTED_RATE_LIMIT = RateLimit()


class _Client(Generic[AnyEngine, AnyHTTPClient]):
    """What both clients have."""

    _engine: AnyEngine
    _engine_kind: type[AnyEngine]

    @by_name
    def __init__(
        self,
        *,
        bearer_token: str | None = None,
        environment: Environment | None = None,
        base_url: str | None = None,
        timeout: Timeout = 60.0,
        max_retries: int = 2,
        rate_limit: RateLimit | None = _DOCUMENTED_RATE_LIMIT,
        allow_http: bool = False,
        default_headers: Mapping[str, str] | None = None,
        default_query: Mapping[str, object] | None = None,
        http_client: AnyHTTPClient | None = None,
        webhook_key: str | bytes | None = None,
    ) -> None:
        """Check the settings. No request is sent.

        Args:
            bearer_token: The merchant's secret API key; default: the environment variable
                DODO_PAYMENTS_API_KEY. `licenses` needs none and is never sent one.
            environment: `live_mode` or `test_mode`; default: live mode.
            base_url: Another server, such as a mock; default: the environment variable
                DODO_PAYMENTS_BASE_URL. Not together with `environment`.
            timeout: Seconds that a call may take, all attempts together, above 0; at most 5 of them for
                connecting. Waiting for the rate limit doesn't count. None for no time-out; of an
                `httpx.Timeout`, `read` is what a call may take.
            max_retries: How often a call that failed on its way is tried again, 0 to 100; each method says
                when. A 429 is waited for, as long as `timeout` and for a page of a listing two minutes,
                unless this is 0.
            rate_limit: How many requests may be sent; default: what the vendor documents, 100 a minute in
                bursts of up to 10 a second. None for any number.
            allow_http: Whether a base URL may be plain http, which shows the API key to the network.
                Loopback addresses always may.
            default_headers: Headers of every request beside the client's own.
            default_query: Query parameters of every request.
            http_client: A client of httpx that carries the requests, for proxies, certificates or tests. It
                stays yours to close.
            webhook_key: What `webhooks.unwrap` verifies by; default: the environment variable
                DODO_PAYMENTS_WEBHOOK_KEY.

        Raises:
            InvalidArgumentError: A setting cannot be right.

        From the API reference: Introduction.
        """
        checked = settings(
            bearer_token=bearer_token,
            environment=environment,
            base_url=base_url,
            timeout=timeout,
            max_retries=max_retries,
            rate_limit=rate_limit,
            allow_http=allow_http,
            default_headers=default_headers,
            default_query=default_query,
            webhook_key=webhook_key,
            variables=os.environ,
        )
        self._engine = self._engine_kind(checked, cast("None", http_client))  # which of the two, it checks

    def with_options(
        self,
        *,
        bearer_token: str | None = None,
        environment: Environment | None = None,
        base_url: str | None = None,
        timeout: Timeout | Unset = UNSET,
        max_retries: int | Unset = UNSET,
        default_headers: Mapping[str, str] | None = None,
        default_query: Mapping[str, object] | None = None,
        http_client: AnyHTTPClient | None = None,
        webhook_key: str | bytes | None = None,
    ) -> Self:
        """This client with other settings, for one call or a few. `copy` is the same.

        Connections and pace are shared; but not with another server or `http_client`: close that one, too.

        Args:
            bearer_token: Another API key.
            environment: Another environment.
            base_url: Another server.
            timeout: Seconds that a call may take, all attempts together, above 0; None for no time-out.
            max_retries: How often a call is tried again, 0 to 100.
            default_headers: More headers of every request.
            default_query: More query parameters of every request.
            http_client: Another client of httpx.
            webhook_key: Another secret for webhooks.

        Raises:
            InvalidArgumentError: A setting cannot be right.
        """
        ours = self._engine.settings
        stays = environment is None and base_url is None
        changed = settings(
            bearer_token=ours.bearer_token if bearer_token is None else bearer_token,
            environment=environment,
            base_url=ours.base_url if stays else base_url,
            timeout=ours.timeout if isinstance(timeout, Unset) else timeout,
            max_retries=ours.max_retries if isinstance(max_retries, Unset) else max_retries,
            rate_limit=ours.rate_limit,
            allow_http=stays,
            default_headers={**ours.headers, **({} if default_headers is None else default_headers)},
            default_query={**ours.query, **({} if default_query is None else default_query)},
            webhook_key=ours.webhook_key if webhook_key is None else webhook_key,
            variables={},
        )
        twin = copy.copy(self)
        for name, value in vars(self).items():
            if isinstance(value, Resource | AsyncResource):
                delattr(twin, name)  # it sends by the engine of this client
        twin._engine = self._engine.with_settings(changed, cast("None", http_client))
        return twin

    copy = with_options

    @property
    def webhooks(self) -> Webhooks:
        """What the vendor sends to the merchant's server. Both clients have the same: nothing is awaited."""
        return Webhooks(self._engine.settings.webhook_key)

    @property
    def bearer_token(self) -> str | None:
        """The API key, if there is one."""
        return self._engine.settings.bearer_token

    @property
    def timeout(self) -> Timeout:
        """Seconds that a call may take, as given."""
        return self._engine.settings.timeout

    @property
    def max_retries(self) -> int:
        """How often a call is tried again."""
        return self._engine.settings.max_retries

    @property
    def base_url(self) -> str:
        """Where this client's requests go."""
        return self._engine.settings.base_url

    def is_closed(self) -> bool:
        """Whether it sends nothing more."""
        return self._engine.is_closed

    def __repr__(self) -> str:
        return f"<{type(self).__name__} for {self._engine.settings.server}>"


class DodoPayments(_Client[Engine, HTTPClient], Resources):
    """Dodo Payments license keys, with calls that wait. One client serves any number of threads.

    Use it as a context manager, or close it.
    """

    _engine_kind = Engine

    def close(self) -> None:
        """Close all connections."""
        self._engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncDodoPayments(_Client[AsyncEngine, AsyncHTTPClient], AsyncResources):
    """Dodo Payments license keys, with calls to be awaited. One client serves any number of tasks of a loop.

    Use it as an async context manager, or close it.
    """

    _engine_kind = AsyncEngine

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

"""Made of _client_async.py by `make generate`, not to be edited."""

from __future__ import annotations

import copy
import functools
from collections.abc import Mapping
from typing import Any, Self

import attrs

from dodo_licenses._by_name import by_name
from dodo_licenses._http.pacing import RateLimit
from dodo_licenses._http.sync import Engine, HTTPClient
from dodo_licenses._methods import LicenseKeys, Licenses
from dodo_licenses._resource import Resource
from dodo_licenses._settings import (
    API_KEY_VARIABLE,
    BASE_URL_VARIABLE,
    WEBHOOK_KEY_VARIABLE,
    Settings,
    Timeout,
    server_address,
    set_up_logging,
    variable,
)
from dodo_licenses._webhooks import Webhooks
from dodo_licenses_api import resources
from dodo_licenses_api.operations import Environment
from dodo_licenses_api.types import UNSET, Unset

_DOCUMENTED_RATE_LIMIT = RateLimit()


class DodoPayments(resources.Resources):
    """Dodo Payments license keys.

    One client serves any number of threads or, where its calls are awaited, of tasks of an event loop.
    Use it as a context manager, or close it.
    """

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
        http_client: HTTPClient | None = None,
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
        set_up_logging()
        settings = Settings(
            base_url=server_address(environment, base_url, variable(BASE_URL_VARIABLE)),
            allow_http=allow_http,
            bearer_token=variable(API_KEY_VARIABLE) if bearer_token is None else bearer_token,
            timeout=timeout,
            max_retries=max_retries,
            rate_limit=rate_limit,
            headers=default_headers,
            query=default_query,
            webhook_key=variable(WEBHOOK_KEY_VARIABLE) if webhook_key is None else webhook_key,
        )
        super().__init__(Engine(settings, http_client))

    @functools.cached_property
    def license_keys(self) -> LicenseKeys:
        """The keys the merchant has sold or imported."""
        return LicenseKeys(self._engine)

    @functools.cached_property
    def licenses(self) -> Licenses:
        """What an application does with a license key, without an API key."""
        return Licenses(self._engine)

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
        http_client: HTTPClient | None = None,
        webhook_key: str | bytes | None = None,
    ) -> Self:
        """This client with other settings, for one call or a few. `copy` is the same.

        Takes what the client takes, and leaves the rest as it is; headers and query parameters are added to
        the client's. Connections and pace are shared; but not with another server or `http_client`: close
        that one, too.

        Raises:
            InvalidArgumentError: A setting cannot be right.
        """
        ours, stays = self._engine.settings, environment is None and base_url is None
        given = {
            "bearer_token": bearer_token,
            "base_url": None if stays else server_address(environment, base_url),
            "max_retries": max_retries,
            "headers": {**ours.headers, **(default_headers or {})},
            "query": {**ours.query, **(default_query or {})},
            "webhook_key": webhook_key,
        }
        changes: dict[str, Any] = {name: value for name, value in given.items() if value not in (None, UNSET)}
        if not isinstance(timeout, Unset):  # None is a value
            changes["timeout"] = timeout
        settings = attrs.evolve(ours, **changes)
        twin = copy.copy(self)
        for name, value in vars(self).items():
            if isinstance(value, Resource):
                delattr(twin, name)  # it sends by the engine of this client
        twin._engine = self._engine.with_settings(settings, http_client)
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

    def close(self) -> None:
        """Close all connections."""
        self._engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} for {self._engine.settings.server}>"

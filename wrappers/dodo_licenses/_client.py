"""The two clients: settings, resources and life cycle."""

from __future__ import annotations

import copy
import functools
import os
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Generic, Self, TypeVar

from dodo_licenses._arguments import flag
from dodo_licenses._flow import Reply, Request
from dodo_licenses._http.pacing import RateLimit
from dodo_licenses._license_key_instances import AsyncLicenseKeyInstances, LicenseKeyInstances
from dodo_licenses._license_keys import AsyncLicenseKeys, LicenseKeys
from dodo_licenses._licenses import AsyncLicenses, Licenses
from dodo_licenses._settings import Environment, checked_retries, checked_timeout, settings
from dodo_licenses._transport import AsyncTransport, Transport
from dodo_licenses._webhooks import Webhooks

AnyTransport = TypeVar("AnyTransport", Transport, AsyncTransport)

_DOCUMENTED_RATE_LIMIT = RateLimit()


class _Client(Generic[AnyTransport]):
    """What both clients are told."""

    _transport_kind: type[AnyTransport]

    def __init__(
        self,
        *,
        bearer_token: str | None = None,
        environment: Environment | None = None,
        base_url: str | None = None,
        timeout: float = 60.0,
        max_retries: int = 2,
        rate_limit: RateLimit | None = _DOCUMENTED_RATE_LIMIT,
        allow_http: bool = False,
        validate_against_spec: bool = False,
    ) -> None:
        """Check the settings. No request is sent.

        Args:
            bearer_token: The merchant's secret API key; default: the environment variable
                DODO_PAYMENTS_API_KEY. `licenses` needs none and is never sent one.
            environment: `live_mode` or `test_mode`; default: live mode.
            base_url: Another server, such as a mock; default: the environment variable
                DODO_PAYMENTS_BASE_URL. Not together with `environment`.
            timeout: Seconds that a call may take, all attempts together, above 0; at most 5 of them for
                connecting. Waiting for the rate limit doesn't count.
            max_retries: How often a call that failed on its way is tried again, 0 to 100; each method says
                when. A 429 is waited for, up to two minutes, unless this is 0.
            rate_limit: How many requests may be sent; default: what the vendor documents, 100 a minute in
                bursts of up to 10 a second. None for any number.
            allow_http: Whether a base URL may be plain http, which shows the API key to the network.
                Loopback addresses always may.
            validate_against_spec: Whether every reply, a refusal too, is held against openapi.yaml, for
                your integration tests: what disagrees raises ResponseValidationError. Needs the extra
                `[spec]`.

        Raises:
            InvalidArgumentError: A setting cannot be right, or the extra is not installed.

        From the API reference: Introduction.
        """
        self._settings = settings(
            bearer_token=bearer_token,
            environment=environment,
            base_url=base_url,
            timeout=timeout,
            max_retries=max_retries,
            rate_limit=rate_limit,
            allow_http=allow_http,
            variables=os.environ,
        )
        self._transport: AnyTransport = self._transport_kind(self._settings)
        self._validate_against_spec = flag("validate_against_spec", validate_against_spec)
        if self._validate_against_spec:
            from dodo_licenses import _spec  # noqa: F401, PLC0415 - an extra: say now where it is missing

    def with_options(self, *, timeout: float | None = None, max_retries: int | None = None) -> Self:
        """This client with other settings, for one call or a few; connections and pace are shared.

        Args:
            timeout: Seconds that a call may take, all attempts together, above 0; None for no change.
            max_retries: How often a call is tried again, 0 to 100; None for no change.

        Raises:
            InvalidArgumentError: A setting cannot be right.
        """
        twin = copy.copy(self)
        for resource in ("license_keys", "license_key_instances", "licenses"):
            vars(twin).pop(resource, None)  # they are bound to the old settings
        twin._settings = replace(
            self._settings,
            timeout=self._settings.timeout if timeout is None else checked_timeout(timeout),
            max_retries=self._settings.max_retries if max_retries is None else checked_retries(max_retries),
        )
        twin._transport = self._transport.with_settings(twin._settings)
        return twin

    @functools.cached_property
    def webhooks(self) -> Webhooks:
        """What the vendor sends to the merchant's server. Both clients have the same: nothing is awaited."""
        return Webhooks()

    @property
    def base_url(self) -> str:
        """Where this client's requests go."""
        return self._settings.base_url

    def __repr__(self) -> str:
        return f"<{type(self).__name__} for {self._settings.server}>"


class DodoPayments(_Client[Transport]):
    """Dodo Payments license keys, with calls that wait. One client serves any number of threads.

    Use it as a context manager, or close it.
    """

    _transport_kind = Transport

    @functools.cached_property
    def license_keys(self) -> LicenseKeys:
        """The keys the merchant has sold or imported."""
        return LicenseKeys(self._send)

    @functools.cached_property
    def license_key_instances(self) -> LicenseKeyInstances:
        """The activations of a license key."""
        return LicenseKeyInstances(self._send)

    @functools.cached_property
    def licenses(self) -> Licenses:
        """What an application does with a license key, without an API key."""
        return Licenses(self._send)

    @property
    def _send(self) -> Callable[[Request], Reply]:
        if not self._validate_against_spec:
            return self._transport.send
        from dodo_licenses._spec import held  # noqa: PLC0415 - an extra

        return held(self._transport.send)

    def close(self) -> None:
        """Close all connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncDodoPayments(_Client[AsyncTransport]):
    """Dodo Payments license keys, with calls to be awaited. One client serves any number of tasks of a loop.

    Use it as an async context manager, or close it.
    """

    _transport_kind = AsyncTransport

    @functools.cached_property
    def license_keys(self) -> AsyncLicenseKeys:
        """The keys the merchant has sold or imported."""
        return AsyncLicenseKeys(self._send)

    @functools.cached_property
    def license_key_instances(self) -> AsyncLicenseKeyInstances:
        """The activations of a license key."""
        return AsyncLicenseKeyInstances(self._send)

    @functools.cached_property
    def licenses(self) -> AsyncLicenses:
        """What an application does with a license key, without an API key."""
        return AsyncLicenses(self._send)

    @property
    def _send(self) -> Callable[[Request], Awaitable[Reply]]:
        if not self._validate_against_spec:
            return self._transport.send
        from dodo_licenses._spec import held_async  # noqa: PLC0415 - an extra

        return held_async(self._transport.send)

    async def close(self) -> None:
        """Close all connections."""
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

"""The two clients: settings, resources and life cycle."""

from __future__ import annotations

import functools
import os
from typing import Self

from dodo_licenses._license_key_instances import AsyncLicenseKeyInstances, LicenseKeyInstances
from dodo_licenses._license_keys import AsyncLicenseKeys, LicenseKeys
from dodo_licenses._licenses import AsyncLicenses, Licenses
from dodo_licenses._settings import Environment, settings
from dodo_licenses._transport import AsyncTransport, Transport


class _Client:
    """What both clients are told."""

    def __init__(
        self,
        *,
        bearer_token: str | None = None,
        environment: Environment | None = None,
        base_url: str | None = None,
        timeout: float = 60.0,
        allow_http: bool = False,
    ) -> None:
        """Check the settings. No request is sent.

        Args:
            bearer_token: The merchant's secret API key; default: the environment variable
                DODO_PAYMENTS_API_KEY. `licenses` needs none and is never sent one.
            environment: `live_mode` or `test_mode`; default: live mode.
            base_url: Another server, such as a mock; default: the environment variable
                DODO_PAYMENTS_BASE_URL. Not together with `environment`.
            timeout: Seconds to wait for the server, above 0; at most 5 of them for connecting.
            allow_http: Whether a base URL may be plain http, which shows the API key to the network.
                Loopback addresses always may.

        Raises:
            InvalidArgumentError: A setting cannot be right.

        From the API reference: Introduction.
        """
        self._settings = settings(
            bearer_token=bearer_token,
            environment=environment,
            base_url=base_url,
            timeout=timeout,
            allow_http=allow_http,
            variables=os.environ,
        )

    @property
    def base_url(self) -> str:
        """Where this client's requests go."""
        return self._settings.base_url

    def __repr__(self) -> str:
        return f"<{type(self).__name__} for {self._settings.server}>"


class DodoPayments(_Client):
    """Dodo Payments license keys, with calls that wait. One client serves any number of threads.

    Use it as a context manager, or close it.
    """

    @functools.cached_property
    def _transport(self) -> Transport:
        return Transport(self._settings)

    @functools.cached_property
    def license_keys(self) -> LicenseKeys:
        """The keys the merchant has sold or imported."""
        return LicenseKeys(self._transport.send)

    @functools.cached_property
    def license_key_instances(self) -> LicenseKeyInstances:
        """The activations of a license key."""
        return LicenseKeyInstances(self._transport.send)

    @functools.cached_property
    def licenses(self) -> Licenses:
        """What an application does with a license key, without an API key."""
        return Licenses(self._transport.send)

    def close(self) -> None:
        """Close all connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncDodoPayments(_Client):
    """Dodo Payments license keys, with calls to be awaited. One client serves any number of tasks of a loop.

    Use it as an async context manager, or close it.
    """

    @functools.cached_property
    def _transport(self) -> AsyncTransport:
        return AsyncTransport(self._settings)

    @functools.cached_property
    def license_keys(self) -> AsyncLicenseKeys:
        """The keys the merchant has sold or imported."""
        return AsyncLicenseKeys(self._transport.send)

    @functools.cached_property
    def license_key_instances(self) -> AsyncLicenseKeyInstances:
        """The activations of a license key."""
        return AsyncLicenseKeyInstances(self._transport.send)

    @functools.cached_property
    def licenses(self) -> AsyncLicenses:
        """What an application does with a license key, without an API key."""
        return AsyncLicenses(self._transport.send)

    async def close(self) -> None:
        """Close all connections."""
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

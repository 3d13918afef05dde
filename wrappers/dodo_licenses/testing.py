"""The mock and clients for it, for tests with or without pytest. Needs the extra `[mock]`."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import dodo_licenses
from dodo_licenses.mock.server import MockServer

if TYPE_CHECKING:
    from dodo_licenses import AsyncDodoPayments, DodoPayments

__all__ = ["DodoMock"]


class DodoMock(MockServer):
    """A mock of its own, and clients for it, while it is entered.

        with DodoMock() as mock:
            key = mock.add_license_key(activations_limit=1)
            mock.client().licenses.activate(license_key=key["key"], name="laptop")

    Takes what `dodo_licenses.mock.MockServer` takes; but it is empty unless `keys` or `load` say otherwise.
    In pytest it is the fixture `dodo_mock`.
    """

    def __init__(self, *, keys: int = 0, **settings: Any) -> None:  # noqa: ANN401 - see MockServer
        super().__init__(keys=keys, **settings)
        self._clients = ExitStack()

    def client(self, **settings: Any) -> DodoPayments:  # noqa: ANN401 - see DodoPayments
        """A client for this mock. It is closed with the mock, or by its next `reset`.

        Args:
            **settings: What DodoPayments takes. Unless they say otherwise, nothing is retried, so that a
                fault is seen at once.
        """
        return self._clients.enter_context(dodo_licenses.DodoPayments(**self._settings(settings)))

    def async_client(self, **settings: Any) -> AsyncDodoPayments:  # noqa: ANN401 - see DodoPayments
        """An async client for this mock; close it with `async with`, in the event loop that uses it.

        Args:
            **settings: What AsyncDodoPayments takes; see `client`.
        """
        return dodo_licenses.AsyncDodoPayments(**self._settings(settings))

    def _settings(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"base_url": self.base_url, "bearer_token": self.api_key, "max_retries": 0, **given}

    def reset(self) -> None:
        """As MockServer.reset; closes the clients, too."""
        self._clients.close()
        super().reset()

    def __exit__(self, *error: object) -> None:
        self._clients.close()
        super().__exit__(*error)

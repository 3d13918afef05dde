"""For tests with or without pytest: the mock and clients for it, and replies checked against openapi.yaml.

The mock needs the extra `[mock]`, the check `[contract]`.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import dodo_licenses
from dodo_licenses.mock.server import MockServer

if TYPE_CHECKING:
    from dodo_licenses import AsyncDodoPayments, DodoPayments
    from dodo_licenses.contract.transport import SpecTransport

__all__ = ["DodoMock", "spec_transport"]


def spec_transport() -> SpecTransport:
    """A transport for httpx.Client and AsyncClient that checks every reply against openapi.yaml.

        client = DodoPayments(http_client=httpx.Client(transport=spec_transport()))

    What disagrees raises ResponseValidationError, a documented refusal too. A refusal with a status that
    openapi.yaml doesn't list stays an APIStatusError. Needs the extra `[contract]`.

    Raises:
        InvalidArgumentError: The extra is not installed.
    """
    try:
        from dodo_licenses.contract.transport import SpecTransport  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise dodo_licenses.InvalidArgumentError(
            f'checking replies needs {error.name}: pip install "dodo-licenses[contract]"'
        ) from None
    return SpecTransport()


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
        """A client for this mock with settings of DodoPayments; closed with the mock, or by its next `reset`.

        Unless `max_retries` or `rate_limit` say otherwise, nothing is retried and nothing paced: a fault is
        seen at once, and no test waits for the vendor's rate limit.
        """
        return self._clients.enter_context(dodo_licenses.DodoPayments(**self._settings(settings)))

    def async_client(self, **settings: Any) -> AsyncDodoPayments:  # noqa: ANN401 - see DodoPayments
        """The same as an AsyncDodoPayments: close it with `async with`, in the event loop that uses it."""
        return dodo_licenses.AsyncDodoPayments(**self._settings(settings))

    def _settings(self, given: dict[str, Any]) -> dict[str, Any]:
        settings = {"base_url": self.base_url, "bearer_token": self.api_key, "max_retries": 0}
        return {**settings, "rate_limit": None, **given}

    def reset(self) -> None:
        """As MockServer.reset; closes the clients, too."""
        self._clients.close()
        super().reset()

    def __exit__(self, *error: object) -> None:
        self._clients.close()
        super().__exit__(*error)

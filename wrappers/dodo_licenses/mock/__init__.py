"""A stand-in for the vendor's server: stateful, offline, and usable from any language.

Written from the vendor's documentation alone. It knows neither `openapi.yaml` nor the client, so that their
agreement means something.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dodo_licenses.mock.server import MockServer

__all__ = ["MockServer"]

DEFAULT_API_KEY = "sk_test_mock"


def __getattr__(name: str) -> Any:
    if name == "MockServer":
        from dodo_licenses.mock.server import MockServer  # noqa: PLC0415

        return MockServer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

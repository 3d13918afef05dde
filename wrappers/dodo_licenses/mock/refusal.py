"""The API's no."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Refusal(Exception):  # noqa: N818 - the API's answer, not a fault
    """The API says no: a status, and a body of a code and a message."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] = NO_HEADERS) -> None:
        super().__init__(message)
        self.headers = headers
        self.status = status
        self.code = code
        self.message = message


def not_found(singular: str, name: str = "id") -> Refusal:
    """There is none with the id that was asked for."""
    return Refusal(404, "NOT_FOUND", f"There is no {singular} with this {name}.")

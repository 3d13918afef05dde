"""The API's no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(eq=False)
class Refusal(Exception):  # noqa: N818 - the API's answer, not a fault
    """The API says no: a status, and a body of a code and a message."""

    status: int
    code: str
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)


def not_found(singular: str, name: str = "id") -> Refusal:
    """There is none with the id that was asked for."""
    return Refusal(404, "NOT_FOUND", f"There is no {singular} with this {name}.")

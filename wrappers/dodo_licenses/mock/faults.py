"""Misbehaving on request: which of the next requests get what instead of their answer. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from random import Random
from typing import Any

from dodo_licenses.mock import validation
from dodo_licenses.mock.operations import OPERATIONS
from dodo_licenses.mock.validation import Check, one_of, or_null, that, whole_number


def _are_headers(value: Any) -> bool:
    texts = [*value, *value.values()] if isinstance(value, dict) else [None]
    return all(isinstance(text, str) and text.isascii() and text.isprintable() for text in texts)


CHECKS: Mapping[str, Check] = {
    "kind": one_of("answer", "hang", "reset", "truncate"),
    "operation": or_null(one_of(*OPERATIONS)),
    "times": or_null(whole_number(1, validation.INT32_MAX)),
    "probability": that(
        lambda its: validation.is_number(its) and 0 < its <= 1, "a number above 0, at most 1"
    ),
    "after": validation.true_or_false,
    "status": whole_number(200, 599),
    "body": validation.anything,
    "headers": that(_are_headers, "an object of names and printable texts"),
}


@dataclass
class Fault:
    """What to do to the next requests, as MockServer.fault says; ValueError where a field is wrong."""

    kind: str = "answer"
    operation: str | None = None
    times: int | None = 1
    probability: float = 1.0
    after: bool = False
    status: int = 500
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        validation.record("fault", asdict(self), CHECKS)


class Faults:
    """Those that are still to happen, the oldest first."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Behave again. The same faults will hit the same requests as before."""
        self.waiting: list[Fault] = []
        self._random = Random(0)  # noqa: S311 - repeatable

    def take(self, operation: str | None) -> Fault | None:
        """The fault that hits a request, if one does."""
        for fault in self.waiting:
            if fault.operation in (None, operation) and self._random.random() < fault.probability:
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times == 0:
                        self.waiting.remove(fault)
                return fault
        return None

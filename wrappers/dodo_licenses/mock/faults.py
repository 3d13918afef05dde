"""Misbehaving on request: which of the next requests get what instead of their answer. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from dodo_licenses.mock.operations import OPERATIONS

KINDS = ("answer", "hang", "reset", "truncate")
ANY_STATUS = range(200, 600)


@dataclass
class Fault:
    """What to do to the next requests.

    Attributes:
        kind: `answer` so instead; `hang` until the client goes away; `reset` the connection; `truncate`
            the real answer in the middle.
        operation: Which requests: an operation's id, such as `activate_license`, or None for any.
        times: How many requests; None for ever.
        probability: Of each of them being hit, above 0 to 1.
        after: Whether the request is carried out all the same, before it hangs or is reset.
        status: What to answer with.
        body: The answer's body; None for an error body that names the status.
        headers: The answer's headers.
    """

    kind: str = "answer"
    operation: str | None = None
    times: int | None = 1
    probability: float = 1.0
    after: bool = False
    status: int = 500
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {self.kind!r}")
        if self.operation is not None and self.operation not in OPERATIONS:
            raise ValueError(f"operation must be one of {', '.join(OPERATIONS)}, not {self.operation!r}")
        if self.times is not None and (not _is_whole(self.times) or self.times < 1):
            raise ValueError(f"times must be a whole number from 1, or null for ever, not {self.times!r}")
        if (
            not isinstance(self.probability, int | float)
            or isinstance(self.probability, bool)
            or not 0 < self.probability <= 1
        ):
            raise ValueError(f"probability must be above 0 and at most 1, not {self.probability!r}")
        if not isinstance(self.after, bool):
            raise ValueError(f"after must be true or false, not {self.after!r}")  # noqa: TRY004 - the same
        if not _is_whole(self.status) or self.status not in ANY_STATUS:
            raise ValueError(f"status must be from 200 to 599, not {self.status!r}")
        if not isinstance(self.headers, Mapping) or not all(map(_is_header, self.headers.items())):
            raise ValueError(f"headers must be an object of names and printable texts, not {self.headers!r}")


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_header(item: tuple[object, object]) -> bool:
    return all(isinstance(part, str) and part.isascii() and part.isprintable() for part in item)


class Faults:
    """Those that are still to happen, the oldest first."""

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self.clear()

    def clear(self) -> None:
        """Behave again. The same faults will hit the same requests as before."""
        self._waiting: list[Fault] = []
        self._random = Random(self._seed)  # noqa: S311 - repeatable

    def add(self, fault: Fault) -> None:
        """Misbehave from now on."""
        self._waiting.append(fault)

    def __iter__(self) -> Any:
        """Those still waiting."""
        return iter(self._waiting)

    def take(self, operation: str | None) -> Fault | None:
        """The fault that hits a request, if one does."""
        for fault in self._waiting:
            if fault.operation in (None, operation) and self._random.random() < fault.probability:
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times == 0:
                        self._waiting.remove(fault)
                return fault
        return None

"""Everything a mock has beside its routes: state, clock, faults, rate limit, and what was asked of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from dodo_licenses.mock.clock import MovableClock, system_clock
from dodo_licenses.mock.database import Database
from dodo_licenses.mock.faults import Faults
from dodo_licenses.mock.limits import Limiter
from dodo_licenses.mock.resource import Resource
from dodo_licenses.mock.resources import GRANTS, RESOURCES
from dodo_licenses.mock.webhooks import Webhooks
from dodo_licenses.mock.wire import sent_moment

T = TypeVar("T")
_MOST_REQUESTS = 10_000  # remembered, so that a long run doesn't fill the memory


@dataclass(eq=False)
class Mock:
    """One mock's parts."""

    db: Database
    clock: MovableClock  # which the database goes by, too
    begin: Callable[[Database], None]  # makes the records as they are at the start
    limiter: Limiter | None = None
    webhooks: Webhooks | None = None
    faults: Faults = field(default_factory=Faults)
    requests: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=_MOST_REQUESTS))
    snapshots: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._limiter_at_start = self.limiter

    def reset(self) -> None:
        """Be as at the start: the same records, the clock running, no faults, nothing remembered."""
        self.clock.move(system_clock(), frozen=False)
        self.begin(self.db)
        self.faults.clear()
        self.requests.clear()
        self.limiter = self._limiter_at_start
        if self.webhooks is not None:
            self.webhooks.forget()

    def change(self, do: Callable[[], T]) -> T:
        """Do all of something that writes, or nothing, and tell the webhooks."""
        with self.db.transaction() as events:
            done = do()
            for event in events:  # which are sent when this is over
                self.announce(*event)
        return done

    def announce(self, event: str, resource: Resource, key: str) -> None:
        """Send a webhook about a row, if there is somewhere to send it to."""
        if self.webhooks is not None:
            more = {"payload_type": "EntitlementGrant"} if resource is GRANTS else {}
            self.webhooks.send(event, lambda: self.db.retrieve(resource, key) | more)

    def time(self) -> dict[str, Any]:
        """What the clock says."""
        return {"now": sent_moment(self.clock()), "frozen": self.clock.is_frozen}

    def summary(self) -> dict[str, Any]:
        """How it stands."""
        return {
            **{resource.name: self.db.count(resource) for resource in RESOURCES},
            "clock": self.time(),
            "faults": len(self.faults.waiting),
            "requests": len(self.requests),
            "rate_limit": self.limiter is not None,
        }

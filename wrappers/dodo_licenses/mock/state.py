"""Everything a mock has beside its routes: state, clock, faults, rate limit, and what was asked of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from dodo_licenses.mock.clock import MovableClock
from dodo_licenses.mock.database import Database
from dodo_licenses.mock.faults import Faults
from dodo_licenses.mock.limits import Limiter
from dodo_licenses.mock.resource import Resource
from dodo_licenses.mock.resources import GRANTS, RESOURCES
from dodo_licenses.mock.webhooks import Webhooks
from dodo_licenses.mock.wire import sent_moment

T = TypeVar("T")
_MOST_REQUESTS = 10_000  # remembered, so that a long run doesn't fill the memory


class Mock:
    """One mock's parts.

    Args:
        db: Where its records are.
        clock: The clock that the database goes by.
        begin: Makes the records as they are at the start.
        limiter: Refuses what goes beyond the rate limit; None lets everything pass.
        webhooks: Where events go; None for nowhere.
    """

    def __init__(
        self,
        db: Database,
        clock: MovableClock,
        begin: Callable[[Database], None],
        *,
        limiter: Limiter | None = None,
        webhooks: Webhooks | None = None,
    ) -> None:
        self.db = db
        self.clock = clock
        self.limiter = limiter
        self.webhooks = webhooks
        self.faults = Faults()
        self.is_closing = False
        self.requests: deque[dict[str, Any]] = deque(maxlen=_MOST_REQUESTS)
        self._limiter_at_start = limiter
        self._begin = begin

    def reset(self) -> None:
        """Be as at the start: the same records, the clock running, no faults, nothing remembered."""
        self.clock.reset()
        self._begin(self.db)
        self.faults.clear()
        self.requests.clear()
        self.limiter = self._limiter_at_start
        if self.webhooks is not None:
            self.webhooks.forget()

    def change(self, do: Callable[[], T]) -> T:
        """Do all of something that writes, or nothing, and then tell the webhooks."""
        with self.db.transaction() as events:
            done = do()
        for event in events:
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

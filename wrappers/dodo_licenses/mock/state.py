"""Everything a mock has beside its routes: state, clock, faults, rate limit, and what was asked of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from dodo_licenses.mock import records
from dodo_licenses.mock.clock import MovableClock
from dodo_licenses.mock.faults import Faults
from dodo_licenses.mock.limits import Limiter
from dodo_licenses.mock.rows import wire_moment_of
from dodo_licenses.mock.store import Store
from dodo_licenses.mock.webhooks import Webhooks

_MOST_REQUESTS = 10_000  # remembered, so that a long run doesn't fill the memory


class Mock:
    """One mock's parts.

    Args:
        store: Where its records are.
        clock: The clock that the store goes by.
        begin: Makes the records as they are at the start.
        limiter: Refuses what goes beyond the rate limit; None lets everything pass.
        webhooks: Where events go; None for nowhere.
    """

    def __init__(
        self,
        store: Store,
        clock: MovableClock,
        begin: Callable[[Mock], None],
        *,
        limiter: Limiter | None = None,
        webhooks: Webhooks | None = None,
    ) -> None:
        self.store = store
        self.clock = clock
        self.limiter = limiter
        self.faults = Faults()
        self.is_closing = False
        self.requests: deque[dict[str, Any]] = deque(maxlen=_MOST_REQUESTS)
        self._limiter_at_start = limiter
        self._begin = begin
        self._webhooks = webhooks

    def reset(self) -> None:
        """Be as at the start: the same records, the clock running, no faults, nothing remembered."""
        self.clock.reset()
        self._begin(self)
        self.be_calm()

    def be_calm(self) -> None:
        """No faults, the rate limit as at the start, and nothing remembered; the records stay."""
        self.faults.clear()
        self.requests.clear()
        self.limiter = self._limiter_at_start
        if self._webhooks is not None:
            self._webhooks.forget()

    def load(self, state: Any) -> None:
        """Replace all records; see records.load."""
        records.load(self.store, state, self.clock())

    def add(self, key: str | None, fields: dict[str, Any]) -> dict[str, Any]:
        """Add one license key; see records.add."""
        return records.add(self.store, key, fields, self.clock())

    def dump(self) -> dict[str, Any]:
        """All records, as load reads them."""
        return records.dump(self.store)

    def time(self) -> dict[str, Any]:
        """What the clock says."""
        return {"now": wire_moment_of(self.clock()), "frozen": self.clock.is_frozen}

    def summary(self) -> dict[str, Any]:
        """How it stands."""
        return {
            "license_keys": self.store.count_license_keys(),
            "clock": self.time(),
            "faults": sum(1 for _ in self.faults),
            "requests": len(self.requests),
            "rate_limit": self.limiter is not None,
        }

    @property
    def has_webhooks(self) -> bool:
        """Whether there is somewhere to send webhooks to."""
        return self._webhooks is not None

    def announce(self, license_key: dict[str, Any]) -> None:
        """Send `license_key.created`, if there is somewhere to send it to."""
        if self._webhooks is not None:
            self._webhooks.send(license_key, self.clock())

    def deliveries(self) -> list[dict[str, Any]]:
        """The webhooks that were sent, and what became of them."""
        return [] if self._webhooks is None else self._webhooks.deliveries

    def close(self) -> None:
        """End what runs and close the database."""
        if self._webhooks is not None:
            self._webhooks.close()
        self.store.close()

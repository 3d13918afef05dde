"""The time that every timestamp and every expiry follows; it can be stopped and moved on."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta


def system_clock() -> datetime:
    """The time now."""
    return datetime.now(UTC)


class MovableClock:
    """Runs like the system's clock until it is set."""

    def __init__(self) -> None:
        self._ahead = timedelta()
        self._frozen: datetime | None = None
        self._moved = asyncio.Event()

    def __call__(self) -> datetime:
        """The mock's time now."""
        return self._frozen if self._frozen is not None else system_clock() + self._ahead

    @property
    def is_frozen(self) -> bool:
        """Whether time stands still."""
        return self._frozen is not None

    def move(
        self, at: datetime | None = None, by: timedelta = timedelta(), *, frozen: bool | None = None
    ) -> datetime:
        """Be at a time, or move on from now, and stop there, go on from it, or do as before."""
        now = (self() if at is None else at) + by
        is_frozen = self.is_frozen if frozen is None else frozen
        self._ahead, self._frozen = now - system_clock(), now if is_frozen else None
        self._moved.set()  # wakes whoever waits now,
        self._moved.clear()  # and nobody later
        return now

    async def reaches(self, moment: datetime) -> None:
        """Wait until it is that late, by running or by being moved."""
        while (left := (moment - self()).total_seconds()) > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), None if self.is_frozen else left)

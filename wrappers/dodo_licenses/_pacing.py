"""When a request may be sent, so that the server's rate limit is kept. Pure: the clock is the caller's."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from dodo_licenses._http.pacing import RateLimit

# Requests reach the server sooner or later than they were sent. Windows a little longer than the server's
# keep those that bunch up on their way within its count.
_SLACK = 0.1
_MOST_SLACK = 0.5
# After a 429 that doesn't say how long: twice as long each time, up to the length of the longest window.
_FIRST_PAUSE = 2.0
_LONGEST_PAUSE = 60.0


@dataclass(frozen=True, slots=True)
class Turn:
    """When a request may be sent, unless a pause comes between."""

    at: float
    _era: int


class Pace:
    """Gives every request of a client its turn. All times are readings of one clock, in seconds."""

    def __init__(self, limit: RateLimit | None) -> None:
        self._windows: list[tuple[int, float]] = []
        if limit is not None:
            windows = ((limit.per_minute, 60.0), (limit.per_second, 1.0))
            self._windows = [(count, length + min(_MOST_SLACK, length * _SLACK)) for count, length in windows]
        most = max((count for count, _ in self._windows), default=1)
        self._turns: deque[float] = deque(maxlen=most)
        self._paused_until = float("-inf")
        self._refusals = 0
        self._era = 0

    def take_turn(self, now: float) -> Turn:
        """The next free turn."""
        at = max(now, self._paused_until)
        for count, length in self._windows:
            if len(self._turns) >= count:
                at = max(at, self._turns[-count] + length)
        self._turns.append(at)
        return Turn(at, self._era)

    def holds(self, turn: Turn) -> bool:
        """Whether a turn may be used when its time has come; after a pause each needs a new one."""
        return turn._era == self._era  # noqa: SLF001 - this module's own

    def refused(self, now: float, retry_after: float | None) -> float:
        """Have every request wait because the server said 429; gives back for how many seconds."""
        pause = retry_after if retry_after is not None else _FIRST_PAUSE * 2**self._refusals
        pause = min(pause, _LONGEST_PAUSE)
        self._refusals += 1
        self._era += 1
        self._paused_until = max(self._paused_until, now + pause)
        while self._turns and self._turns[-1] > now:  # those will be taken anew
            self._turns.pop()
        return pause

    def accepted(self) -> None:
        """Note that the server let a request pass."""
        self._refusals = 0

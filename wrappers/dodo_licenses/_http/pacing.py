"""When the next request may be sent, so that the server's rate limit is kept. Pure, with the caller's clock.

A turnstile: nothing is handed out ahead. Whoever is first in line asks how long to wait, and what was sent is
noted. So whoever leaves the line has nothing to return, and a pause changes nothing but the answer.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from dodo_licenses._arguments import whole_number

# Requests reach the server sooner or later than they were sent. Windows a little longer than the server's
# keep those that bunch up on their way within its count.
_SLACK = 0.1
_MOST_SLACK = 0.5
# After a refusal: at least so many seconds, whatever it asks for, and twice as many each time in a row, up to
# the length of the longest window.
_PAUSE_UNSAID = 2.0
_PAUSE_SAID = 0.25
_LONGEST_PAUSE = 60.0
_MOST_DOUBLINGS = 10


@dataclass(frozen=True, slots=True)
class RateLimit:
    """How many requests a client may send.

    The vendor documents 100 a minute for an API key, in bursts of up to 10 a second, and has been seen to
    change it; the default is that.

    Attributes:
        per_minute: Requests in any 60 seconds, 1 or more.
        per_second: Requests in any second, 1 or more.
    """

    per_minute: int = 100
    per_second: int = 10

    def __post_init__(self) -> None:
        whole_number("per_minute", self.per_minute, 1)
        whole_number("per_second", self.per_second, 1)


class Pace:
    """What was sent lately, and whether the server said to pause. All times are readings of one clock.

    Attributes:
        paused_in_all: Seconds of all pauses, up to the end of the last.
    """

    def __init__(self, limit: RateLimit | None) -> None:
        windows = () if limit is None else ((limit.per_minute, 60.0), (limit.per_second, 1.0))
        self._windows = [(count, length + min(_MOST_SLACK, length * _SLACK)) for count, length in windows]
        self._sent: deque[float] = deque(maxlen=max((count for count, _ in windows), default=1))
        self._paused_until = float("-inf")
        self.paused_in_all = 0.0
        self._refused_at = float("-inf")
        self._refusals = 0

    def delay(self, now: float) -> float:
        """Seconds until a request may be sent; 0 or less means now."""
        at = self._paused_until
        for count, length in self._windows:
            if len(self._sent) >= count:
                at = max(at, self._sent[-count] + length)
        return at - now

    def sent(self, now: float) -> None:
        """Note that a request goes out."""
        self._sent.append(now)

    def refused(self, now: float, sent: float, asked_to_wait: float | None) -> None:
        """Have everybody wait, because the server said 429 to what was sent then.

        Many that were on their way together are refused together, which is one refusal.
        """
        if sent >= self._refused_at:
            self._refusals = min(self._refusals + 1, _MOST_DOUBLINGS)
            self._refused_at = now
        pause = (_PAUSE_UNSAID if asked_to_wait is None else _PAUSE_SAID) * 2.0 ** (self._refusals - 1)
        pause = min(pause if asked_to_wait is None else max(pause, asked_to_wait), _LONGEST_PAUSE)
        until = max(self._paused_until, now + pause)
        self.paused_in_all += until - max(self._paused_until, now)
        self._paused_until = until

    def accepted(self, sent: float) -> None:
        """Note that the server let a request pass that was sent then."""
        if sent >= self._refused_at:
            self._refusals = 0

    def paused_before(self, now: float) -> float:
        """Seconds of all pauses that are over by now."""
        return self.paused_in_all - max(self._paused_until - now, 0.0)

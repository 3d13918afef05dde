"""The documented rate limit: so many requests a minute for an API key, in bursts of so many a second."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable
from math import ceil

from dodo_licenses.mock.wire import Refusal

_MINUTE, _SECOND = 60.0, 1.0


class Limiter:
    """Counts requests in windows that slide.

    Args:
        per_minute: Requests in any 60 seconds, 1 or more.
        per_second: Requests in any second, 1 or more.
        clock: Seconds that only go up.
    """

    def __init__(
        self, per_minute: int = 100, per_second: int = 10, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.per_minute = per_minute
        self._windows = ((per_minute, _MINUTE), (per_second, _SECOND))
        self._clock = clock
        self._seen: defaultdict[str, deque[float]] = defaultdict(deque)

    def admit(self, who: str) -> int:
        """Count a request, and return how many are left this minute.

        Raises:
            Refusal: 429, with the seconds until there is room again.
        """
        now, seen = self._clock(), self._seen[who]
        while seen and seen[0] <= now - _MINUTE:
            seen.popleft()
        for count, length in self._windows:
            if len(seen) >= count and seen[-count] > now - length:
                wait = ceil(seen[-count] + length - now)
                raise Refusal(429, "TOO_MANY_REQUESTS", "Too many requests.", {"Retry-After": str(wait)})
        seen.append(now)
        return self._windows[0][0] - len(seen)

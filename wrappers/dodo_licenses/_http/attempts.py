"""All decisions of one call: wait, attempt, finish. Pure: the clock and the dice are the caller's."""

from __future__ import annotations

import random
from collections.abc import Callable

# Statuses after which another attempt may succeed. Whether the request was carried out, none of them says,
# but for the API's own 503.
_TEMPORARY = frozenset({408, 500, 502, 503, 504})
_UNAVAILABLE = 503
# Seconds: back-off doubles from the first to the longest, with full jitter.
_FIRST_BACKOFF = 0.5
_LONGEST_BACKOFF = 8.0
# What counts as no time-out, short enough for every clock and socket: eleven days.
_UNLIMITED = 1_000_000.0
# Seconds at most until a connection that was used before has to answer, where there may be another attempt.
_LONGEST_ON_REUSED = 30.0
# Seconds that a page of a listing waits because the rate limit is used up: two of its windows.
_PAGE_PATIENCE = 120.0


class Attempts:
    """The attempts of one call.

    Args:
        repeatable: Whether a second attempt does no harm where the first may have been carried out.
        timeout: Seconds for all attempts and the pauses between them, but not for the rate limit.
        max_retries: How many attempts may follow the first; those that the rate limit refused don't count.
        is_page: Whether it is a page of a listing, which waits longer for the rate limit.

    Attributes:
        made: How many attempts there were.
        may_have_been_done: Whether one of them may have been carried out in spite of its outcome.
        end: When the attempt that is being made is given up.
        reused_end: The same on a connection that was used before and is silent: the rest is for a fresh one.
        patience: Seconds that it waits at most where the server says that the rate limit is used up.
        is_fresh: Whether a connection is made for it.
        is_sent: Whether its request began to go out, and was not answered.
        is_answered: Whether its reply began to come.
    """

    def __init__(
        self,
        *,
        repeatable: bool,
        timeout: float | None,
        max_retries: int,
        now: float,
        is_page: bool = False,
        dice: Callable[[], float] = random.random,
    ) -> None:
        self.made = 0
        self.may_have_been_done = self.is_sent = False
        self.end = self.reused_end = now + min(_UNLIMITED if timeout is None else timeout, _UNLIMITED)
        self.patience = _PAGE_PATIENCE if timeout is None or is_page else timeout
        self._repeatable = repeatable
        self._max_retries = self._retries_left = max_retries
        self._backoff = _FIRST_BACKOFF
        self._dice = dice
        self._not_before = now
        self._is_over = False

    def pause(self, now: float) -> float | None:
        """Seconds to sleep before the next attempt, 0 where it is time for it; None where there is none."""
        if self._is_over or (self.made and now >= self.end):
            return None
        return max(self._not_before - now, 0.0)

    def begin(self, now: float, waited: float) -> None:
        """Note that an attempt is made after so many seconds in line, which are not on the call's time."""
        self.made += 1
        self.is_fresh = self.is_sent = self.is_answered = False
        self.end = self.reused_end = self.end + waited
        if self._repeatable and self._retries_left == self._max_retries > 0:
            self.reused_end = now + min((self.end - now) / 2, _LONGEST_ON_REUSED)

    @property
    def met_silence(self) -> bool:
        """Whether a connection that was used before may have died: nothing came on it."""
        return self.is_sent and not self.is_fresh and not self.is_answered

    @property
    def until(self) -> float:
        """When the attempt is given up, as far as it has come: sooner on a connection that may have died."""
        return self.reused_end if self.met_silence else self.end

    def answered(
        self, now: float, status: int, *, asked_to_wait: float | None = None, by_api: bool = True
    ) -> None:
        """Note an answer; `by_api` says that its body is the API's own, not that of something on the way."""
        self.is_sent, self._is_over = False, status not in _TEMPORARY
        if not self._is_over:
            not_carried_out = status == _UNAVAILABLE and by_api
            self.may_have_been_done |= not not_carried_out
            self._settle(now, asked_to_wait, is_worthwhile=self._repeatable or not_carried_out)

    def refused(self, paused: float) -> None:
        """Note a 429, and how many seconds of pauses on that account this call has met in all."""
        self.is_sent = False
        self._is_over = self._max_retries == 0 or paused > self.patience

    def broke(self, now: float, *, sent: bool) -> None:
        """Note that no answer came; `sent` says that the server may have the request all the same."""
        self.may_have_been_done |= sent
        self._settle(now, None, is_worthwhile=self._repeatable or not sent)

    def give_up(self) -> None:
        """Make no further attempt."""
        self._is_over = True

    def _settle(self, now: float, asked_to_wait: float | None, *, is_worthwhile: bool) -> None:
        pause = self._backoff * self._dice()
        if asked_to_wait is not None:
            pause = max(pause, asked_to_wait)
        self._backoff = min(self._backoff * 2, _LONGEST_BACKOFF)
        self._retries_left -= 1
        self._not_before = now + pause
        self._is_over = not is_worthwhile or self._retries_left < 0 or self._not_before >= self.end

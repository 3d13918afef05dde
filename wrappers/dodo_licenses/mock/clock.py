"""The time that every timestamp and every expiry follows; it can be stopped and moved on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def system_clock() -> datetime:
    """The time now."""
    return datetime.now(UTC)


class MovableClock:
    """Runs like the system's clock until it is told otherwise."""

    def __init__(self) -> None:
        self._ahead = timedelta()
        self._frozen: datetime | None = None

    def __call__(self) -> datetime:
        """The mock's time now."""
        return self._frozen if self._frozen is not None else system_clock() + self._ahead

    @property
    def is_frozen(self) -> bool:
        """Whether time stands still."""
        return self._frozen is not None

    def freeze(self, at: datetime | None = None) -> datetime:
        """Stop, now or at another time.

        Raises:
            ValueError: That time has no time zone.
        """
        if at is not None and at.tzinfo is None:
            raise ValueError("the time to freeze at must have a time zone")
        self._frozen = self() if at is None else at.astimezone(UTC)
        return self._frozen

    def run(self) -> None:
        """Go on from the time it is."""
        self._ahead, self._frozen = self() - system_clock(), None

    def advance(self, by: timedelta) -> datetime:
        """Move on, frozen or not; back where `by` is negative.

        Raises:
            OverflowError: That is no date.
        """
        now = self() + by
        if self._frozen is not None:
            self._frozen = now
        else:
            self._ahead += by
        return now

    def reset(self) -> None:
        """Be the system's clock again."""
        self._ahead, self._frozen = timedelta(), None

"""The clock, and calls in threads of their own, for which nobody has to wait."""

from __future__ import annotations

import contextvars
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Generic, TypeVar

T = TypeVar("T")


class _Clock:
    # freezegun replaces what modules hold, `time` among them: who stops the calendar mustn't stop time-outs.
    read: Callable[[], float] = staticmethod(
        getattr(sys.modules.get("freezegun.api"), "real_monotonic", time.monotonic)
    )


def now() -> float:
    """Seconds on a clock that only goes forward."""
    return _Clock.read()


class CancelledError(Exception):
    """Nobody wants what this thread was doing. It ends the thread's work and reaches no user."""


class Cancel:
    """Tells the threads of a listing that nobody wants their pages any more."""

    is_set = False

    def check(self) -> None:
        """Raise CancelledError where it was set."""
        if self.is_set:
            raise CancelledError


class Task(Generic[T]):
    """A call in a thread, for which the end of the process does not wait."""

    def __init__(self, call: Callable[[], T]) -> None:
        self._call, run = call, partial(contextvars.copy_context().run, self._run)
        self._is_done = False
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=run, name="dodo_licenses", daemon=True)
        with suppress(RuntimeError):  # no thread can be started: `result` makes the call
            self._thread.start()

    def _run(self) -> None:
        try:
            self._result = self._call()
        except BaseException as error:  # noqa: BLE001 - for whoever asks for the result
            self._error = error
        self._is_done = True

    def result(self, seconds: float | None = None) -> T:
        """What the call returns or raises; or TimeoutError where it takes longer than that."""
        end = float("inf") if seconds is None else now() + seconds
        while self._thread.is_alive():
            if (left := end - now()) <= 0:
                raise TimeoutError
            self._thread.join(min(left, 1))  # and not for good, which Ctrl-C doesn't end on Windows
        if not self._is_done:  # there is no thread, or it stayed behind in a fork
            self._run()
        if self._error is not None:
            raise self._error
        return self._result

"""What a thread is told of the call it makes: when it has to be over, and whether anybody still wants it.

An asyncio task can be cancelled wherever it waits; a thread has to look for itself.
"""

from __future__ import annotations

import threading
import time


class _Thread(threading.local):
    """What this thread was told.

    Attributes:
        deadline: When the call has to be over, on the monotonic clock.
        stop: Set once nobody wants the result any more; None where nobody will say so.
    """

    deadline = float("inf")
    stop: threading.Event | None = None


thread = _Thread()


class StoppedError(Exception):
    """Nobody wants what this thread was doing. It ends the thread's work and reaches no user."""


def obey(stop: threading.Event) -> None:
    """Have this thread give up what it waits for once `stop` is set."""
    thread.stop = stop


def give_up_if_told() -> None:
    """Raise StoppedError where this thread was told to stop."""
    if thread.stop is not None and thread.stop.is_set():
        raise StoppedError


def sleep(seconds: float) -> None:
    """Sleep, unless this thread is told to stop."""
    if thread.stop is None:
        time.sleep(seconds)  # and not a wait, which Ctrl-C doesn't end on Windows
    else:
        thread.stop.wait(seconds)
        give_up_if_told()

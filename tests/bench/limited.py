"""List 10,000 license keys under an enforced rate limit, and print as JSON how long that would take.

The mock and the client, with its default settings, share a clock that only sleeping moves.
"""

from __future__ import annotations

import json
from unittest import mock

from dodo_licenses import DodoPayments
from dodo_licenses.mock import MockServer
from dodo_licenses.mock.limits import Limiter
from dodo_licenses.mock.refusal import Refusal

KEYS, PAGE_SIZE = 10_000, 100


class SimulatedTime:
    """Sleeping takes no time but moves the clock."""

    def __init__(self):
        self.now = 1000.0

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


class CountingLimiter(Limiter):
    """The documented limit, and how often it refused."""

    refusals = 0

    def admit(self, who):
        try:
            return super().admit(who)
        except Refusal:
            self.refusals += 1
            raise


def allowed(requests):
    """Seconds that a limit of 100 a minute and 10 a second needs for so many requests at the least."""
    minutes, rest = divmod(requests - 1, 100)
    return minutes * 60 + rest // 10


def main():
    """List on simulated time, and compare with what the limit allows."""
    clock = SimulatedTime()
    limiter = CountingLimiter(clock=clock.monotonic)
    for module in ("_transport", "_deadlines", "_threads"):
        mock.patch(f"dodo_licenses.{module}.time", clock).start()
    with (
        MockServer(keys=KEYS, limiter=limiter) as server,
        DodoPayments(base_url=server.base_url, bearer_token=server.api_key) as client,
    ):
        began = clock.now
        keys = sum(1 for _ in client.license_keys.list())
        taken = clock.now - began
    at_best = allowed(KEYS // PAGE_SIZE + 1)
    print(json.dumps({"keys": keys, "taken": taken, "allowed": at_best, "refusals": limiter.refusals}))


if __name__ == "__main__":
    main()

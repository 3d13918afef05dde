"""The client's pace against the mock's enforced limit, on a clock that both share and only sleeping moves."""

from __future__ import annotations

import asyncio
import threading

import pytest

from dodo_licenses import AsyncDodoPayments, DodoPayments, RateLimitError, _transport
from dodo_licenses.mock import MockServer
from dodo_licenses.mock.limits import Limiter
from dodo_licenses.mock.refusal import Refusal


class SimulatedTime:
    """Sleeping takes no time but moves the clock."""

    def __init__(self):
        self.now = 1000.0
        self._lock = threading.Lock()

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        with self._lock:
            self.now += seconds


@pytest.fixture
def simulated(monkeypatch):
    clock = SimulatedTime()

    async def sleep(seconds):
        clock.sleep(seconds)

    monkeypatch.setattr(_transport, "time", clock)
    monkeypatch.setattr(_transport, "sleep", clock.sleep)
    monkeypatch.setattr(_transport, "asyncio", WithSleep(sleep))
    monkeypatch.setattr("httpx_retries.retry.asyncio", WithSleep(sleep))
    monkeypatch.setattr("dodo_licenses._deadlines.time", clock)
    return clock


class WithSleep:
    """asyncio, but for its sleep."""

    def __init__(self, sleep):
        self.sleep = sleep

    def __getattr__(self, name):
        return getattr(asyncio, name)


def requests_a_minute_allows(requests):
    """Seconds until a server that allows 100 a minute and 10 a second has taken so many."""
    minutes, rest = divmod(requests - 1, 100)
    return minutes * 60 + rest // 10


def test_thirty_thousand_keys_come_without_an_error_and_in_time(face, simulated):
    refusals = []

    class Counting(Limiter):
        def admit(self, who):
            try:
                return super().admit(who)
            except Refusal as refusal:
                refusals.append(refusal)
                raise

    limiter = Counting(clock=simulated.monotonic)
    with MockServer(keys=30_000, limiter=limiter) as mock:
        settings = {"base_url": mock.base_url, "bearer_token": mock.api_key}
        with face.client(**settings) as client:
            began = simulated.now
            keys = list(client.license_keys.list())
    assert len({key.id for key in keys}) == len(keys) == 30_000
    assert refusals == []
    assert simulated.now - began <= 1.1 * requests_a_minute_allows(301)


def test_pages_in_flight_share_the_one_limit(face, simulated):
    with MockServer(keys=5_000, limiter=Limiter(clock=simulated.monotonic)) as mock:
        with face.client(base_url=mock.base_url, bearer_token=mock.api_key) as client:
            assert len(list(client.license_keys.list(prefetch=8, page_size=20))) == 5_000


def test_a_limit_used_up_by_somebody_else_is_waited_for(face, simulated):
    limiter = Limiter(clock=simulated.monotonic)
    with MockServer(keys=500, limiter=limiter) as mock:
        for _ in range(10):
            for _ in range(10):
                limiter.admit(f"Bearer {mock.api_key}")
            simulated.now += 1
        with face.client(base_url=mock.base_url, bearer_token=mock.api_key) as client:
            assert len(list(client.license_keys.list())) == 500


def test_without_pacing_the_server_s_limit_is_met_by_waiting(face, simulated):
    limiter = Limiter(clock=simulated.monotonic)
    with MockServer(keys=2_000, limiter=limiter) as mock:
        settings = {"base_url": mock.base_url, "bearer_token": mock.api_key, "rate_limit": None}
        with face.client(**settings) as client:
            assert len(list(client.license_keys.list(page_size=10))) == 2_000


def test_the_mock_s_refusal_is_the_documented_one(face):
    with MockServer(keys=0, limiter=Limiter(per_minute=1)) as mock:
        settings = {"base_url": mock.base_url, "bearer_token": mock.api_key, "max_retries": 0}
        with face.client(**settings) as client:
            list(client.license_keys.list())
            with pytest.raises(RateLimitError) as caught:
                client.license_keys.retrieve("lic_1")
    assert caught.value.code == "TOO_MANY_REQUESTS"


def test_the_clients_are_paced_unless_told_otherwise():
    assert DodoPayments()._settings.rate_limit.per_minute == 100
    assert AsyncDodoPayments()._settings.rate_limit.per_second == 10

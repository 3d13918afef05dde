"""What all tests share: a clean environment, no way out of this machine, and one body for both clients."""

from __future__ import annotations

import asyncio
import gc
import inspect
import ipaddress
import os
import signal
import socket
from contextlib import ExitStack, contextmanager, nullcontext

import httpx
import misbehaving as m
import pytest
from hypothesis import HealthCheck, settings

from dodo_licenses import AsyncDodoPayments, DodoPayments
from dodo_licenses._resource import AsyncResource


def pytest_xdist_auto_num_workers(config):  # noqa: ARG001 - how pytest names it
    """One more than there are cores: many tests wait, for processes or on purpose."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Each worker begins with its share of the whole runs of the contract suite, so that none comes last."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long = [item for item in items if item.path.name == "test_run.py"]
    rest = [item for item in items if item not in long]
    share = -(-len(rest) // workers)
    shares = ([*long[n::workers], *rest[n * share :][:share]] for n in range(workers))
    items[:] = [item for its in shares for item in its]


def pytest_collection_finish():
    """Look for garbage in what tests make, not in all that was imported, which takes a tenth of the time."""
    gc.collect()
    gc.freeze()


# No test needs a fast machine.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

# A shell has what it starts in the background ignore Ctrl-C, and so would the processes that the tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    for name in ("DODO_PAYMENTS_API_KEY", "DODO_PAYMENTS_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch):
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            assert ipaddress.ip_address(address[0]).is_loopback, f"a test wants to connect to {address}"
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def mock():
    """A mock of its own, with 250 license keys."""
    from dodo_licenses.mock import MockServer  # noqa: PLC0415 - tests of the pure modules do without

    with MockServer() as server:
        yield server


class SyncClients:
    """Makes clients that wait."""

    http_client = httpx.Client

    @contextmanager
    def client(self, **settings):
        with settings.get("http_client") or nullcontext(), DodoPayments(**settings) as client:
            yield client


class AsyncClients:
    """Makes async clients behind calls that wait, so that one test body serves both."""

    http_client = httpx.AsyncClient

    @contextmanager
    def client(self, **settings):
        with asyncio.Runner() as runner:
            client = AsyncDodoPayments(**settings)
            try:
                yield Waiting(client, runner)
            finally:
                runner.run(client.close())
                if "http_client" in settings:
                    runner.run(settings["http_client"].aclose())


class Waiting:
    """An async object whose coroutine methods are run to their end."""

    def __init__(self, target, runner):
        self._target = target
        self._runner = runner

    def __repr__(self):
        return repr(self._target)

    def __getattr__(self, name):
        value = getattr(self._target, name)
        if not callable(value):
            return Waiting(value, self._runner) if isinstance(value, AsyncResource) else value
        return lambda *args, **kwargs: self._settled(value(*args, **kwargs))

    def _settled(self, value):
        if inspect.iscoroutine(value):
            return self._settled(self._runner.run(value))
        is_async = hasattr(value, "__aiter__") or isinstance(value, AsyncDodoPayments)
        return Waiting(value, self._runner) if is_async else value

    def __iter__(self):
        async def collect():
            return [item async for item in self._target]

        return iter(self._runner.run(collect()))


@pytest.fixture(params=[SyncClients, AsyncClients], ids=["sync", "async"])
def face(request):
    """Makes sync clients in one run of a test and async ones in the other."""
    return request.param()


@pytest.fixture
def serve(face):
    """Starts a server that plays a script, and a client of it of either kind."""
    with ExitStack() as stack:

        def start(*script, otherwise=m.good, **settings):
            server = stack.enter_context(m.MisbehavingServer(*script, otherwise=otherwise))
            defaults = {
                "base_url": server.base_url,
                "bearer_token": "sk_live_very_secret",
                "rate_limit": None,
            }
            settings = defaults | {"rate_limit": None} | settings
            return server, stack.enter_context(face.client(**settings))

        yield start

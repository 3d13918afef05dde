"""What all tests share: a clean environment, no way out of this machine, and one body for both clients."""

from __future__ import annotations

import gc
import inspect
import ipaddress
import os
import signal
import socket
from contextlib import ExitStack, contextmanager
from functools import partial

import httpx
import misbehaving as m
import pytest
from anyio.from_thread import start_blocking_portal
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

    def run(self, call, *args):
        return call(*args)

    def client_of(self, **settings):
        return DodoPayments(**settings)

    @contextmanager
    def client(self, **settings):
        """A client that is closed in the end, with the http_client that it was given."""
        client = self.client_of(**settings)
        try:
            yield client
        finally:
            client.close()
            if "http_client" in settings:
                self.close(settings["http_client"])

    def close(self, http_client):
        self.run(http_client.aclose if isinstance(http_client, httpx.AsyncClient) else http_client.close)

    def on(self, mock, **settings):
        """A client of a mock."""
        settings = {"base_url": mock.base_url, "bearer_token": mock.api_key, "rate_limit": None} | settings
        return self.client(**settings)


class AsyncClients(SyncClients):
    """Makes async clients, in an event loop of another thread, whose calls wait: for the same test bodies."""

    http_client = httpx.AsyncClient

    def __init__(self, portal):
        self.run = portal.call

    def client_of(self, **settings):
        return Waiting(AsyncDodoPayments(**settings), self.run)


class Waiting:
    """An async object whose coroutine methods are run to their end, and whose iterators are gone through."""

    def __init__(self, target, run):
        self._target, self._run = target, run

    def __repr__(self):
        return repr(self._target)

    def __getattr__(self, name):
        if name in {"items", "has_next_page", "get_next_page"}:  # what a listing has that was awaited
            self._run(self._wait, self._target)
        value = getattr(self._target, name)
        return partial(self._call, value) if callable(value) else self._waiting(value)

    def __iter__(self):
        items, end = aiter(self._target), object()
        while (item := self._run(anext, items, end)) is not end:
            yield self._waiting(item)

    async def _wait(self, target):
        return await target

    def _call(self, method, *args, **more):
        value = method(*args, **more)
        return self._waiting(self._run(self._wait, value) if inspect.iscoroutine(value) else value)

    def _waiting(self, value):
        is_async = isinstance(value, AsyncDodoPayments | AsyncResource) or hasattr(value, "__aiter__")
        return Waiting(value, self._run) if is_async else value


@pytest.fixture(params=["sync", "async"])
def face(request):
    """Makes sync clients in one run of a test and async ones in the other."""
    if request.param == "sync":
        yield SyncClients()
        return
    with start_blocking_portal() as portal:
        yield AsyncClients(portal)


@pytest.fixture
def client(face, mock):
    """A client of the mock, of either kind."""
    with face.on(mock) as client:
        yield client


@pytest.fixture
def serve(face):
    """Starts a server that plays a script, and a client of it of either kind."""
    with ExitStack() as stack:

        def start(*script, otherwise=m.good, **settings):
            server = stack.enter_context(m.MisbehavingServer(*script, otherwise=otherwise))
            defaults = {"base_url": server.base_url, "bearer_token": m.API_KEY, "rate_limit": None}
            return server, stack.enter_context(face.client(**defaults | settings))

        yield start

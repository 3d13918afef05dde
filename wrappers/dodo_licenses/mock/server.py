"""The mock on a socket: in the foreground, or in a thread of the program that tests against it."""

from __future__ import annotations

import logging
import os
import socket
import sqlite3
import threading
from typing import Self

import uvicorn

from dodo_licenses.mock.app import Access, create_app
from dodo_licenses.mock.limits import Limiter
from dodo_licenses.mock.seed import fill
from dodo_licenses.mock.store import Clock, Store, system_clock

DEFAULT_API_KEY = "sk_test_mock"


def _listen(host: str, port: int) -> socket.socket:
    """Bind before anything runs, so that a free port is known and a used one told."""
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    # Said in full, since asyncio switches Nagle's delay off only for what calls itself TCP.
    listener = socket.socket(family, kind, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(1024)
    except OSError:
        listener.close()
        raise
    return listener


def _filled_store(db: str | None, clock: Clock, keys: int, seed: int) -> Store:
    store = Store(db, clock=clock)
    if store.is_empty():
        fill(store, keys, seed)
    return store


class MockServer:
    """A mock of its own, serving while it is entered.

        with MockServer(keys=250) as mock:
            client = DodoPayments(base_url=mock.base_url, bearer_token=mock.api_key)

    Args:
        keys: How many license keys to make up, 0 or more; not where the database has some.
        seed: Which ones; the same number gives the same keys.
        api_key: The API key it accepts.
        read_only_api_key: One more, that may only read.
        host: The address to listen on.
        port: The port to listen on, 0 to 65535; 0 for a free one.
        db: A database file to keep the state in; in memory where there is none.
        clock: Tells the time for every timestamp and every expiry.
        limiter: Refuses what goes beyond the rate limit; None lets everything pass.

    Raises:
        OSError: The port is in use.
        sqlite3.Error: The file cannot be used as a database.
    """

    def __init__(
        self,
        *,
        keys: int = 250,
        seed: int = 0,
        api_key: str = DEFAULT_API_KEY,
        read_only_api_key: str | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        db: str | None = None,
        clock: Clock = system_clock,
        limiter: Limiter | None = None,
    ) -> None:
        self.api_key = api_key
        self._socket = _listen(host, port)
        try:
            self.store = _filled_store(db, clock, keys, seed)
        except sqlite3.Error:
            self._socket.close()
            raise
        shown = f"[{host}]" if ":" in host else host
        self.base_url = f"http://{shown}:{self._socket.getsockname()[1]}"
        app = create_app(self.store, Access(api_key, read_only_api_key), limiter)
        config = uvicorn.Config(
            app, log_level=logging.WARNING, access_log=False, lifespan="off", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread: threading.Thread | None = None

    def run(self) -> None:
        """Serve in the foreground until Ctrl-C or SIGTERM."""
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self._close()

    def __enter__(self) -> Self:
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="dodo-mock", daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join()
        self._close()

    def _close(self) -> None:
        self._socket.close()
        self.store.close()

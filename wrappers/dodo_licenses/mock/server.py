"""The mock on a socket: in the foreground, or in a thread of the program that tests against it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import socket
import time
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Self, TypeVar

import uvicorn
from anyio.from_thread import BlockingPortal, start_blocking_portal
from uvicorn.protocols.http.h11_impl import H11Protocol

from dodo_licenses.mock import DEFAULT_API_KEY, life_cycle, validation
from dodo_licenses.mock.app import Access, create_app
from dodo_licenses.mock.clock import MovableClock
from dodo_licenses.mock.database import Database
from dodo_licenses.mock.faults import Fault
from dodo_licenses.mock.limits import Limiter
from dodo_licenses.mock.middleware import CONNECTION
from dodo_licenses.mock.resources import DEFAULT_CUSTOMER, DEFAULT_PRODUCT, LICENSE_KEYS
from dodo_licenses.mock.seed import UNTIL, fill
from dodo_licenses.mock.state import Mock
from dodo_licenses.mock.webhooks import Webhooks
from dodo_licenses.mock.wire import new_key

T = TypeVar("T")


class _Protocol(H11Protocol):
    """Tells the application which connection a request came by, so that a fault can cut it or let it hang."""

    hangs = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        # asyncio switches Nagle's delay off only for what calls itself TCP, which a new socket doesn't.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.app_state = {CONNECTION: self}

    def shutdown(self) -> None:
        super().shutdown()
        if self.hangs:
            self.transport.abort()


def _new_event_loop() -> asyncio.AbstractEventLoop:
    """A loop that keeps to the clock of now: what a test puts in its place would stop it for good."""
    loop = asyncio.new_event_loop()
    loop.time = time.monotonic  # type: ignore[method-assign]
    return loop


class MockServer:
    """A mock of its own, serving while it is entered.

        with MockServer(keys=250) as mock:
            client = DodoPayments(base_url=mock.base_url, bearer_token=mock.api_key)

    Args:
        keys: How many license keys to make up, 0 or more.
        seed: Which ones, 0 or more; the same number gives the same keys.
        until: The day on which made-up data ends; it spans the two years before. A fixed day by default, so
            that it is the same on every start.
        load: State to begin with instead: an object as `/_mock/dump` gives it, or a JSON file with one.
        api_key: The API key it accepts.
        read_only_api_key: One more, that may only read.
        host: The address to listen on.
        port: The port to listen on, 0 to 65535; 0 for a free one.
        db: A database file to keep the state in; in memory where there is none. What it holds goes before
            `keys` and `load`.
        limiter: Refuses what goes beyond the rate limit; None lets everything pass.
        latency: Seconds that each answer takes longer, 0 or more.
        webhook_url: Where events are sent: of imported keys, and of what becomes of grants.
        webhook_secret: What they are signed with: base64 of 24 bytes or more, or `whsec_` and that.
        control_from_anywhere: Whether other machines may use `/_mock/`, which asks for no API key.

    Raises:
        OSError: The port is in use, or a file cannot be read.
        ValueError: A number is below 0; the state, the webhook's address or its secret is wrong; or the
            file is no database, or not this version's.
    """

    def __init__(
        self,
        *,
        keys: int = 250,
        seed: int = 0,
        until: date = UNTIL,
        load: str | os.PathLike[str] | dict[str, Any] | None = None,
        api_key: str = DEFAULT_API_KEY,
        read_only_api_key: str | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        db: str | os.PathLike[str] | None = None,
        limiter: Limiter | None = None,
        latency: float = 0.0,
        webhook_url: str | None = None,
        webhook_secret: str | None = None,
        control_from_anywhere: bool = False,
    ) -> None:
        if keys < 0 or latency < 0:
            raise ValueError("keys and latency must be 0 or more")
        self.api_key = api_key
        begin, clock = _beginning(keys, seed, until, load), MovableClock()
        webhooks = None
        if webhook_url is not None and webhook_secret is not None:
            webhooks = Webhooks(webhook_url, webhook_secret, clock)
        elif webhook_url != webhook_secret:
            raise ValueError("a webhook needs both an address and a secret")
        shown, family = (f"[{host}]", socket.AF_INET6) if ":" in host else (host, socket.AF_INET)
        with contextlib.ExitStack() as opened:  # closed where the rest fails
            # Bound before anything runs, so that a free port is known and a used one told.
            listening = socket.create_server((host, port), family=family, backlog=1024)
            self._socket = opened.enter_context(listening)
            self._db = opened.enter_context(contextlib.closing(Database(clock, db)))
            if self._db.count(LICENSE_KEYS) == 0:
                begin(self._db)
            self._close = opened.pop_all().close
        self._mock = Mock(self._db, clock, begin, limiter=limiter, webhooks=webhooks)
        self.base_url = f"http://{shown}:{self._socket.getsockname()[1]}"
        access = Access(api_key, read_only_api_key, host, control_from_anywhere)
        config = uvicorn.Config(
            create_app(self._mock, access, latency),
            http=_Protocol,
            loop="asyncio",
            ws="none",
            lifespan="off",
            log_config=None,  # logging belongs to the program that this runs in
            log_level=logging.ERROR,
            proxy_headers=False,  # the peer is who connects, whatever a header says
            timeout_keep_alive=3600,  # so that the client closes it, and never the mock as a request arrives
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._portal: BlockingPortal | None = None

    def run(self) -> None:
        """Serve in the foreground until Ctrl-C or SIGTERM."""
        try:
            self._server.run([self._socket])
        finally:
            self._close()

    def __enter__(self) -> Self:
        self._running = start_blocking_portal("asyncio", {"loop_factory": _new_event_loop}, name="dodo-mock")
        self._portal = self._running.__enter__()
        self._portal.start_task_soon(self._server.serve, [self._socket])
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._running.__exit__(None, None, None)  # once the server has ended
        self._portal = None
        self._close()

    def add_license_key(self, key: str | None = None, **fields: Any) -> dict[str, Any]:
        """Add a license key, its customer and product where they are not there yet, and return it as sent.

        Args:
            key: Its string; one is made up where there is none.
            **fields: Any of its other fields, in the API's names; a date-time may be a `datetime` with a
                time zone. A key is `active`, of source `import` and without limits unless they say otherwise.

        Raises:
            ValueError: A field is wrong, or there is a key with this id or string.
        """
        fields["key"] = new_key(self._db.random) if key is None else key
        return self._change(lambda: self._db.show(LICENSE_KEYS, self._db.add(LICENSE_KEYS, **fields)))

    def add_entitlement(self, product_id: str = DEFAULT_PRODUCT, **fields: Any) -> dict[str, Any]:
        """Add an entitlement to a product, which is made up where it is not there yet, and return it.

        Args:
            product_id: The product.
            **fields: Any of the entitlement's fields, in the API's names. It is for license keys unless they
                say otherwise; `integration_config={"fulfillment_mode": "manual"}` has its grants wait for
                their keys.

        Raises:
            ValueError: A field is wrong, or there is an entitlement with this id.
        """
        return self._change(lambda: life_cycle.add_entitlement(self._db, product_id, fields))

    def purchase(
        self,
        customer_id: str = DEFAULT_CUSTOMER,
        product_id: str = DEFAULT_PRODUCT,
        quantity: int = 1,
        *,
        subscription: bool = False,
    ) -> dict[str, Any]:
        """Sell a product: grant its entitlements, and issue license keys, as documented.

        Args:
            customer_id: Who buys; made up where there is no such customer.
            product_id: A product that is there, such as `add_entitlement` makes.
            quantity: Units, or seats of a subscription, 1 to 1,000: each gets a license key.
            subscription: Whether it is a subscription.

        Returns:
            `payment_id`, `subscription_id` (None unless it is one), and `grants` in the API's shape.

        Raises:
            RuntimeError: It sends webhooks, and was not entered yet.
            ValueError: There is no such product, or the quantity is out of range.
        """
        sale = (self._db, customer_id, product_id, quantity)
        return self._change(lambda: life_cycle.purchase(*sale, subscription=subscription))

    def count_license_keys(self) -> int:
        """How many license keys it holds."""
        return self._in_turn(lambda: self._db.count(LICENSE_KEYS))

    def advance(
        self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0
    ) -> datetime:
        """Move the clock on, back where the sum is negative, and return the mock's time, in UTC.

        Every timestamp and every expiry follows.

        Raises:
            OverflowError: No such date.
        """
        by = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        return self._in_turn(lambda: self._mock.clock.move(by=by))

    def freeze(self, at: datetime | None = None) -> datetime:
        """Stop the clock, now or at a moment with a time zone, and return it. `reset` lets it run.

        Raises:
            ValueError: The moment has no time zone.
        """
        moment = None if at is None else validation.moment("at", at)
        return self._in_turn(lambda: self._mock.clock.move(moment, frozen=True))

    def fault(
        self,
        kind: str = "answer",
        operation: str | None = None,
        *,
        times: int | None = 1,
        probability: float = 1.0,
        after: bool = False,
        status: int = 500,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Misbehave with the next requests.

        Args:
            kind: `answer` them so; `hang` until the client goes away; `reset` the connection; `truncate` the
                real answer in the middle.
            operation: Those to one operation, such as `activate_license`; to any where there is none.
            times: How many, 1 or more; None for all that come.
            probability: Of each being hit, above 0, at most 1.
            after: Carry the request out before: the client doesn't learn of it.
            status: What to answer with, 200 to 599.
            body: The answer's JSON, or a str that is sent as it is; an error body where there is none.
            headers: The answer's headers, such as `{"Retry-After": "1"}`.

        Raises:
            ValueError: One of them is not so.
        """
        fault = Fault(kind, operation, times, probability, after, status, body, headers or {})
        self._in_turn(lambda: self._mock.faults.waiting.append(fault))

    @property
    def requests(self) -> list[dict[str, Any]]:
        """The last 10,000 requests received, the oldest first.

        Each has `at`, `method`, `path`, `query`, `operation`, `body`, the `status` that was answered and the
        `fault` that happened. There are no headers, so no API key.
        """
        return self._in_turn(lambda: [dict(noted) for noted in self._mock.requests])

    def reset(self) -> None:
        """Be as at the start: the same records, the clock running, no faults, no requests remembered."""
        self._in_turn(self._mock.reset)

    def load(self, state: Mapping[str, Any]) -> None:
        """Replace all records by those of an object as `/_mock/dump` gives it.

        Raises:
            ValueError: Says what is wrong and where; nothing was changed.
        """
        self._in_turn(lambda: self._db.load(dict(state)))

    def dump(self) -> dict[str, Any]:
        """All records, as `load` reads them."""
        return self._in_turn(self._db.dump)

    def _change(self, do: Callable[[], T]) -> T:
        return self._in_turn(lambda: self._mock.change(do))

    def _in_turn(self, function: Callable[[], T]) -> T:
        """Call in the server's thread, between two requests."""
        return function() if self._portal is None else self._portal.call(function)


def _beginning(
    keys: int, seed: int, until: date, load: str | os.PathLike[str] | dict[str, Any] | None
) -> Callable[[Database], None]:
    """What makes the records that a mock begins with."""
    if load is None:
        return lambda db: fill(db, keys, seed, until)
    try:
        state = load if isinstance(load, dict) else json.loads(Path(load).read_bytes())
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{load} is not JSON: {error}") from None
    return lambda db: db.load(state)

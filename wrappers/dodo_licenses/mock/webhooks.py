"""Webhooks: signed by the Standard Webhooks scheme, sent in order, retried as documented."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx

from dodo_licenses.mock.clock import MovableClock, system_clock
from dodo_licenses.mock.wire import Refusal, sent_moment

# Before each attempt, in seconds by the mock's clock.
PAUSES = (0, 5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 10 * 3600)
_TIMEOUT = 15  # seconds, for a whole attempt
_SHORTEST_SECRET = 24  # bytes, by the Standard Webhooks specification
_SUCCESSES = range(200, 300)


Describe = Callable[[], dict[str, Any]]  # gives an event's data


class Webhooks:
    """Sends events to one address, from the event loop that serves the mock.

    Raises:
        ValueError: The address or the secret can't be used.
        ModuleNotFoundError: The extra `[webhooks]` is not installed.
    """

    def __init__(self, url: str, secret: str, clock: MovableClock) -> None:
        from standardwebhooks.webhooks import Webhook  # noqa: PLC0415 - an extra

        try:
            self._url = httpx.URL(url)
        except httpx.InvalidURL:
            self._url = httpx.URL()
        if self._url.scheme not in {"http", "https"} or not self._url.host:
            raise ValueError("the webhook's address must be a URL that begins with http:// or https://")
        try:
            length = len(base64.b64decode(secret.removeprefix("whsec_"), validate=True))
        except ValueError:
            length = 0
        if length < _SHORTEST_SECRET:
            raise ValueError(f"the webhook's secret must be base64 of at least {_SHORTEST_SECRET} bytes")
        self._signer = Webhook(secret)
        # By no proxy of the environment, and each attempt by a connection of its own.
        limits, is_https = httpx.Limits(max_keepalive_connections=0), self._url.scheme == "https"
        self._client = httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False, limits=limits, verify=is_https)
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()
        self.deliveries: list[dict[str, Any]] = []

    def send(self, event: str, describe: Describe) -> None:
        """Send an event, described at each attempt anew.

        Raises:
            RuntimeError: The mock doesn't serve yet.
        """
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            raise RuntimeError("webhooks are sent while the mock serves: enter it before") from None
        data = describe()
        delivery = {"id": f"msg_{secrets.token_hex(12)}", "type": event, "about": data["id"]}
        delivery |= {"attempts": 0, "outcome": "waiting"}
        self.deliveries.append(delivery)
        body = {"business_id": data["business_id"], "type": event, "timestamp": sent_moment(self._clock())}
        task = loop.create_task(self._deliver(delivery, body | {"data": data}, describe))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, delivery: dict[str, Any], body: dict[str, Any], describe: Describe) -> None:
        for pause in PAUSES:
            await self._clock.reaches(self._clock() + timedelta(seconds=pause))
            async with self._turn:
                with contextlib.suppress(Refusal):  # where it is gone, the data stay what they were
                    body["data"] = describe()
                delivery["attempts"] += 1
                delivery["outcome"] = await self._attempt(delivery["id"], json.dumps(body))
            if delivery["outcome"] in _SUCCESSES:
                return

    async def _attempt(self, name: str, body: str) -> int | str:
        """The status that was answered, or why there is none."""
        # The real time: a receiver compares it with its own clock, wherever the mock's has been moved.
        sent_at = system_clock()
        headers = {
            "content-type": "application/json",
            "webhook-id": name,
            "webhook-timestamp": str(int(sent_at.timestamp())),
            "webhook-signature": self._signer.sign(name, sent_at, body),
        }
        posted = self._client.stream("POST", self._url, content=body, headers=headers)
        try:
            # Its body is nobody's business, and may be without end.
            async with asyncio.timeout(_TIMEOUT), posted as answer:
                return answer.status_code
        except (TimeoutError, httpx.TimeoutException):
            return f"not delivered: no answer within {_TIMEOUT} seconds"
        except httpx.HTTPError as error:
            return f"not delivered: {error}"

    def forget(self) -> None:
        """Forget what was sent, and send nothing that waits."""
        for task in self._tasks:
            task.cancel()
        self.deliveries.clear()

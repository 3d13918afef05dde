"""Webhooks: signed by the Standard Webhooks scheme, sent in order, retried as documented."""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import json
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import SplitResult, urlsplit

from dodo_licenses.mock.clock import MovableClock, system_clock
from dodo_licenses.mock.refusal import Refusal
from dodo_licenses.mock.wire import sent_moment

# Before each attempt, in seconds by the mock's clock.
PAUSES = (0, 5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 10 * 3600)
_TIMEOUT = 15.0  # seconds, for a whole attempt
_SHORTEST_SECRET = 24  # bytes, by the Standard Webhooks specification
_PORTS = {"http": 80, "https": 443}
Describe = Callable[[], dict[str, Any]]


class Webhooks:
    """Sends events to one address, from the event loop that serves the mock.

    Args:
        url: Where to, http or https.
        secret: What they are signed with: base64, or `whsec_` and base64.
        clock: Decides when a failed delivery is tried again.

    Raises:
        ValueError: The address or the secret can't be used.
        ModuleNotFoundError: The extra `[webhooks]` is not installed.
    """

    def __init__(self, url: str, secret: str, clock: MovableClock) -> None:
        from standardwebhooks.webhooks import Webhook  # noqa: PLC0415 - an extra

        self._url = _checked_url(url)
        self._signer = Webhook(_checked_secret(secret))
        self._clock = clock
        self.deliveries: list[dict[str, Any]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()

    def send(self, event: str, describe: Describe) -> None:
        """Send an event; what it tells is the state at each attempt.

        Args:
            event: Its type.
            describe: Gives its `data`.
        """
        data = describe()
        delivery = {
            "id": f"msg_{secrets.token_hex(12)}",
            "type": event,
            "about": data["id"],
            "attempts": 0,
            "outcome": "waiting",
        }
        self.deliveries.append(delivery)
        payload = {"business_id": data["business_id"], "type": event, "timestamp": sent_moment(self._clock())}
        task = asyncio.get_running_loop().create_task(self._deliver(delivery, payload, data, describe))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(
        self, delivery: dict[str, Any], payload: dict[str, Any], data: dict[str, Any], describe: Describe
    ) -> None:
        for pause in PAUSES:
            await self._clock.reaches(self._clock() + timedelta(seconds=pause))
            async with self._turn:
                with contextlib.suppress(Refusal):  # where it is gone, this is what it was
                    data = describe()
                content = json.dumps({**payload, "data": data}).encode()
                delivery["attempts"] += 1
                delivery["outcome"] = outcome = await self._attempt(delivery["id"], content)
            if isinstance(outcome, int) and 200 <= outcome < 300:  # noqa: PLR2004
                return

    async def _attempt(self, name: str, content: bytes) -> int | str:
        """The status that was answered, or why there is none."""
        # The real time: a receiver compares it with its own clock, wherever the mock's has been moved.
        sent_at = system_clock()
        headers = {
            "content-type": "application/json",
            "webhook-id": name,
            "webhook-timestamp": str(int(sent_at.timestamp())),
            "webhook-signature": self._signer.sign(name, sent_at, content.decode()),
        }
        try:
            async with asyncio.timeout(_TIMEOUT):
                return await _post(self._url, headers, content)
        except TimeoutError:
            return f"not delivered: no answer within {_TIMEOUT:.0f} seconds"
        except (OSError, ValueError, EOFError) as error:
            return f"not delivered: {error}"

    def forget(self) -> None:
        """Forget what was sent, and send nothing that waits."""
        for task in self._tasks:
            task.cancel()
        self.deliveries.clear()


async def _post(url: SplitResult, headers: dict[str, str], content: bytes) -> int:
    """The status of the answer. The rest of it is nobody's business, and may be garbage."""
    reader, writer = await asyncio.open_connection(
        url.hostname, url.port or _PORTS[url.scheme], ssl=url.scheme == "https"
    )
    try:
        target = (url.path or "/") + (f"?{url.query}" if url.query else "")
        host = url.netloc.rpartition("@")[2]
        fields = {"host": host, "content-length": str(len(content)), "connection": "close", **headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        writer.write(f"POST {target} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + content)
        await writer.drain()
        version, status, *_ = (await reader.readline()).split(maxsplit=2) or (b"", b"")
        if not version.startswith(b"HTTP/1.") or not status.isdigit():
            raise ValueError("the answer is not HTTP")
        return int(status)
    finally:
        writer.close()


def _checked_url(url: str) -> SplitResult:
    sentence = "the webhook's address must be a URL that begins with http:// or https://"
    try:
        parts = urlsplit(url)
        is_usable = parts.scheme in _PORTS and bool(parts.hostname) and parts.port != 0 and url.isascii()
    except ValueError:
        is_usable = False
    if not is_usable:
        raise ValueError(sentence)
    return parts


def _checked_secret(secret: str) -> str:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("the webhook's secret must be base64, or whsec_ and base64") from None
    if len(key) < _SHORTEST_SECRET:
        raise ValueError(f"the webhook's secret must be base64 of at least {_SHORTEST_SECRET} bytes")
    return secret

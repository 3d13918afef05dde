"""The `license_key.created` webhook: signed by the Standard Webhooks scheme, sent from its own thread."""

from __future__ import annotations

import json
import queue
import secrets
import threading
import urllib.error
import urllib.request
from datetime import datetime
from typing import Any

from dodo_licenses.mock.clock import system_clock
from dodo_licenses.mock.rows import wire_moment_of

_TIMEOUT = 10.0  # seconds


class Webhooks:
    """Sends events to one address, one after the other. A failure is noted, not repeated.

    Args:
        url: Where to, http or https.
        secret: What they are signed with: base64, or `whsec_` and base64.

    Raises:
        ValueError: The address or the secret can't be used.
        ModuleNotFoundError: The extra `[webhooks]` is not installed.
    """

    def __init__(self, url: str, secret: str) -> None:
        from standardwebhooks.webhooks import Webhook  # noqa: PLC0415 - an extra

        if not url.startswith(("http://", "https://")):
            raise ValueError("the webhook's address must begin with http:// or https://")
        try:
            self._signer = Webhook(secret)
        except Exception:  # noqa: BLE001 - the library lets base64's own errors through
            raise ValueError("the webhook's secret must be base64, or whsec_ and base64") from None
        self._url = url
        self.deliveries: list[dict[str, Any]] = []
        self._waiting: queue.SimpleQueue[tuple[dict[str, Any], bytes, dict[str, str]] | None] = (
            queue.SimpleQueue()
        )
        self._thread = threading.Thread(target=self._deliver, name="dodo-mock-webhooks", daemon=True)
        self._thread.start()

    def send(self, license_key: dict[str, Any], now: datetime) -> None:
        """Sign and queue `license_key.created` for a license key."""
        event = {
            "business_id": license_key["business_id"],
            "type": "license_key.created",
            "timestamp": wire_moment_of(now),
            "data": license_key,
        }
        content = json.dumps(event)
        # The real time: a receiver compares it with its own clock, wherever the mock's has been moved.
        sent_at = system_clock()
        name = f"msg_{secrets.token_hex(12)}"
        headers = {
            "content-type": "application/json",
            "webhook-id": name,
            "webhook-timestamp": str(int(sent_at.timestamp())),
            "webhook-signature": self._signer.sign(name, sent_at, content),
        }
        delivery = {
            "id": name,
            "type": event["type"],
            "license_key_id": license_key["id"],
            "outcome": "waiting",
        }
        self.deliveries.append(delivery)
        self._waiting.put((delivery, content.encode(), headers))

    def _deliver(self) -> None:
        while (waiting := self._waiting.get()) is not None:
            delivery, content, headers = waiting
            request = urllib.request.Request(self._url, content, headers, method="POST")  # noqa: S310 - checked
            try:
                with urllib.request.urlopen(request, timeout=_TIMEOUT) as reply:  # noqa: S310 - checked
                    delivery["outcome"] = reply.status
            except urllib.error.HTTPError as error:
                delivery["outcome"] = error.code
                error.close()
            except OSError as error:
                delivery["outcome"] = f"not delivered: {error}"

    def forget(self) -> None:
        """Forget what was sent."""
        self.deliveries.clear()

    def close(self) -> None:
        """Send what is waiting, and end."""
        self._waiting.put(None)
        self._thread.join(_TIMEOUT)

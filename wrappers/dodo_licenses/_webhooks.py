"""Webhooks: from what the vendor sends to a typed event, once its signature is verified. No I/O."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from dodo_licenses._arguments import checked_text
from dodo_licenses._errors import InvalidArgumentError, ResponseValidationError, WebhookVerificationError
from dodo_licenses._messages import read
from dodo_licenses._settings import WEBHOOK_KEY_VARIABLE
from dodo_licenses_api.models import OtherEvent
from dodo_licenses_api.operations import WEBHOOKS, WebhookEvent

_PREFIX = "whsec_"
_SHORTEST_SECRET = 24  # bytes, by the Standard Webhooks scheme


class Webhooks:
    """What the vendor sends to the merchant's server."""

    def __init__(self, key: str | bytes | None) -> None:
        self._key = key

    def unwrap(
        self, payload: bytes | str, headers: Mapping[str, str], *, key: str | bytes | None = None
    ) -> WebhookEvent | OtherEvent:
        """Verify a webhook, and read it. Needs the extra `[webhooks]`.

        Args:
            payload: The request's body exactly as it came: one that was parsed and written again has another
                signature.
            headers: The request's headers, in upper or lower case.
            key: The endpoint's secret, `whsec_…`, or the bytes that it stands for; default: the client's
                `webhook_key`, which is that of the environment variable DODO_PAYMENTS_WEBHOOK_KEY.

        Returns:
            The event, such as LicenseKeyCreatedEvent, or OtherEvent where it is about something else.

        Raises:
            InvalidArgumentError: There is no usable key, no bytes or text as payload, or no such extra.
            WebhookVerificationError: It is unsigned, was signed with another key or altered on its way, or is
                more than five minutes older or newer than now.
            ResponseValidationError: It is signed, but breaks the contract; says which field.

        From the documentation: Webhooks, by the Standard Webhooks scheme.
        """
        secret, content = _secret(self._key if key is None else key), _content(payload)
        _verify(content, headers, secret)
        return _event(content)

    def unsafe_unwrap(self, payload: bytes | str) -> WebhookEvent | OtherEvent:
        """Read a webhook without verifying it: anybody may have sent it.

        Args:
            payload: The request's body.

        Raises:
            InvalidArgumentError: The payload is neither bytes nor text.
            ResponseValidationError: It breaks the contract.
        """
        return _event(_content(payload))


def _content(payload: bytes | str) -> bytes:
    if not isinstance(payload, str | bytes | bytearray | memoryview):
        found = type(payload).__name__
        raise InvalidArgumentError(f"payload must be the body as it came, bytes or str, not {found}")
    try:
        return payload.encode() if isinstance(payload, str) else bytes(payload)
    except UnicodeEncodeError:
        raise WebhookVerificationError("the webhook is refused: its body is no text") from None


def _secret(key: str | bytes | None) -> bytes:
    """Accept an endpoint's secret. One that was hardly given, such as `${UNSET}`, would let anybody sign."""
    if key is None:
        raise InvalidArgumentError(f"a webhook is verified by a key: pass it, or set {WEBHOOK_KEY_VARIABLE}")
    if isinstance(key, bytes) and not key.startswith(_PREFIX.encode()):
        secret = key
    else:
        text = key.decode(errors="replace") if isinstance(key, bytes) else checked_text("key", key)
        try:
            secret = base64.b64decode(text.strip().removeprefix(_PREFIX), validate=True)
        except ValueError:  # its own words hold parts of the secret
            secret = b""
    if len(secret) < _SHORTEST_SECRET:
        raise InvalidArgumentError(
            f"key must be a webhook's secret: {_PREFIX} and base64 of {_SHORTEST_SECRET} bytes or more"
        )
    return secret


def _verify(content: bytes, headers: Mapping[str, str], secret: bytes) -> None:
    try:
        from standardwebhooks import webhooks  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        raise InvalidArgumentError('webhooks need: pip install "dodo-licenses[webhooks]"') from None
    try:
        webhooks.Webhook(secret).verify(content, dict(headers), json_parse=False)
    except webhooks.WebhookVerificationError as error:
        raise WebhookVerificationError(f"the webhook is refused: {error}") from None
    except (ValueError, TypeError, AttributeError, OverflowError):  # headers that are none, bytes among them
        raise WebhookVerificationError("the webhook is refused: its signature cannot be read") from None


def _event(content: bytes) -> WebhookEvent | OtherEvent:
    name = "webhook"

    def broken(problem: str, where: str) -> ResponseValidationError:
        return ResponseValidationError(operation=name, field=where, problem=problem, content=content)

    said = read(content, dict[str, Any], broken).get("type")
    if isinstance(said, str) and said in WEBHOOKS:
        name = said
    kind: type[WebhookEvent | OtherEvent] = WEBHOOKS.get(name, OtherEvent)
    return read(content, kind, broken)

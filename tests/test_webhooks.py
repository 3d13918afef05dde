"""Webhooks as a receiver reads them: `unwrap` verifies, decodes, and refuses what is not the vendor's."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook

from dodo_licenses import (
    DodoPayments,
    InvalidArgumentError,
    OtherEvent,
    ResponseValidationError,
    WebhookVerificationError,
)
from dodo_licenses.testing import DodoMock

KEY = "whsec_ZGVtb2RlbW9kZW1vZGVtb2RlbW9kZW1v"
OTHER_KEY = "whsec_b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhlcm90"


@pytest.fixture(scope="module")
def mock():
    with DodoMock(keys=5) as server:
        yield server


@pytest.fixture
def webhooks():
    return DodoPayments().webhooks


def signed(payload, key=KEY, at=None):
    at = datetime.now(UTC) if at is None else at
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(key).sign("msg_1", at, payload),
    }


def event(mock, **changes):
    key = mock.dump()["license_keys"][0]
    now = datetime.now(UTC).isoformat()
    return json.dumps(
        {"business_id": "bus_1", "type": "license_key.created", "timestamp": now, "data": key, **changes}
    )


def test_text_or_bytes_and_any_case_of_headers(mock, webhooks):
    payload = event(mock)
    headers = {name.title(): value for name, value in signed(payload).items()}
    assert webhooks.unwrap(payload, headers, key=KEY) == webhooks.unwrap(payload.encode(), headers, key=KEY)


def test_the_key_comes_from_the_environment(mock, webhooks, monkeypatch):
    payload = event(mock)
    monkeypatch.delenv("DODO_PAYMENTS_WEBHOOK_KEY", raising=False)
    with pytest.raises(InvalidArgumentError, match="DODO_PAYMENTS_WEBHOOK_KEY"):
        webhooks.unwrap(payload, signed(payload))
    monkeypatch.setenv("DODO_PAYMENTS_WEBHOOK_KEY", KEY)
    for client in (DodoPayments(), DodoPayments(webhook_key=OTHER_KEY).copy(webhook_key=KEY)):
        assert client.webhooks.unwrap(payload, signed(payload)).type == "license_key.created"
    secret = base64.b64decode(KEY.removeprefix("whsec_"))
    for key in (secret, KEY.encode()):
        assert DodoPayments(webhook_key=key).webhooks.unwrap(payload, signed(payload)).to_dict()["data"]
    with pytest.raises(InvalidArgumentError, match="24 bytes"):
        webhooks.unwrap(payload, signed(payload), key=secret[:23])


def test_an_event_can_be_read_unverified_and_stored(mock, webhooks):
    for payload in (event(mock), event(mock, type="payment.succeeded").encode()):
        found = webhooks.unsafe_unwrap(payload)
        assert webhooks.unsafe_unwrap(json.dumps(found.to_dict())) == found
    assert isinstance(found, OtherEvent)
    assert found.data["id"] == mock.dump()["license_keys"][0]["id"]
    with pytest.raises(ResponseValidationError):
        webhooks.unsafe_unwrap("{}")


def test_what_is_not_the_vendor_s_is_refused(mock, webhooks):
    payload = event(mock)
    good = signed(payload)
    now = datetime.now(UTC)
    refused = {
        "altered": (payload.replace("bus_1", "bus_2"), good),
        "signed with another key": (payload, signed(payload, OTHER_KEY)),
        "too old": (payload, signed(payload, at=now - timedelta(minutes=6))),
        "too new": (payload, signed(payload, at=now + timedelta(minutes=6))),
        "unsigned": (payload, {}),
        "with another's time": (payload, good | {"webhook-timestamp": str(int(now.timestamp()) - 9)}),
        **{f"signed {s!r}": (payload, good | {"webhook-signature": s}) for s in ("", "abc", "v1,a", b"v1,a")},
        **{f"at {time}": (payload, good | {"webhook-timestamp": time}) for time in ("soon", "nan", "inf")},
        "no text": (b"\xff", good),
        "half a character": (payload + "\ud800", good),
        "nothing": (b"", good),
    }
    for what, (content, headers) in refused.items():
        with pytest.raises(WebhookVerificationError) as caught:
            webhooks.unwrap(content, headers, key=KEY)
        assert KEY not in str(caught.value), what
        assert caught.value.__cause__ is None


@pytest.mark.parametrize("payload", [None, 10**12, {"type": "x"}, ["x"]])
def test_a_body_that_was_read_already_is_refused(webhooks, payload):
    for read in (webhooks.unsafe_unwrap, lambda body: webhooks.unwrap(body, {}, key=KEY)):
        with pytest.raises(InvalidArgumentError, match=type(payload).__name__):
            read(payload)


@pytest.mark.parametrize(
    "key", ["", "  ", "whsec_", "whsec_a", "whsec_${UNSET}", "whsec_ZGVtbw==", f"{KEY}!!!!", 5]
)
def test_a_key_that_is_none_is_refused_and_not_shown(mock, webhooks, key):
    payload = event(mock)
    with pytest.raises(InvalidArgumentError) as caught:
        webhooks.unwrap(payload, signed(payload), key=key)
    assert not any(secret in str(caught.value) for secret in ("whsec_a", "ZGVtb"))


def test_a_signed_event_that_breaks_the_contract_says_where(mock, webhooks):
    data = json.loads(event(mock))["data"]
    del data["customer_id"]
    payload = event(mock, data=data)
    with pytest.raises(ResponseValidationError) as caught:
        webhooks.unwrap(payload, signed(payload), key=KEY)
    assert caught.value.operation == "license_key.created"
    assert "customer_id" in str(caught.value)
    for nested in ("[]", "[" * 100_000, '{"type":' * 100_000, '{"type": ' + "[" * 100_000):
        with pytest.raises(ResponseValidationError):
            webhooks.unwrap(nested, signed(nested), key=KEY)

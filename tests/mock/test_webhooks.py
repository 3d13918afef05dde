"""`license_key.created`: sent by the mock, verified and read by the wrapper."""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from standardwebhooks.webhooks import Webhook

from dodo_licenses import (
    DodoPayments,
    InvalidArgumentError,
    LicenseKeyCreatedEvent,
    OtherEvent,
    ResponseValidationError,
    WebhookVerificationError,
)
from dodo_licenses.testing import DodoMock

KEY = "whsec_ZGVtb2RlbW9kZW1vZGVtb2RlbW9kZW1v"
OTHER_KEY = "whsec_b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhlcm90"


@pytest.fixture
def receiver():
    """A merchant's server, that remembers what it is sent."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            content = self.rfile.read(int(self.headers["content-length"]))
            server.received.append((content, dict(self.headers.items())))
            self.send_response(server.status)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.received, server.status = [], 200
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def mock(receiver):
    url = f"http://127.0.0.1:{receiver.server_port}/webhooks"
    with DodoMock(keys=5, webhook_url=url, webhook_secret=KEY) as server:
        yield server


@pytest.fixture
def webhooks():
    return DodoPayments().webhooks


def eventually(condition):
    for _ in range(500):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it never happened")


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


def test_an_import_is_announced_and_unwraps(mock, receiver):
    client = mock.client()
    owner = mock.dump()["license_keys"][0]
    key = client.license_keys.create(
        key="DEMO-1", customer_id=owner["customer_id"], product_id=owner["product_id"]
    )
    eventually(lambda: receiver.received)
    [(content, headers)] = receiver.received
    told = client.webhooks.unwrap(content, headers, key=KEY)
    assert isinstance(told, LicenseKeyCreatedEvent)
    assert told.data == key
    assert told.business_id == key.business_id
    assert told.timestamp.tzinfo is not None


def test_it_can_be_verified_wherever_the_mock_s_clock_is(mock, receiver, webhooks):
    mock.advance(days=40)
    owner = mock.dump()["license_keys"][0]
    mock.client().license_keys.create(
        key="DEMO-1", customer_id=owner["customer_id"], product_id=owner["product_id"]
    )
    eventually(lambda: receiver.received)
    told = webhooks.unwrap(*receiver.received[0], key=KEY)
    assert told.timestamp - datetime.now(UTC) > timedelta(days=39)


def test_one_can_be_triggered_and_its_delivery_seen(mock, receiver):
    import httpx  # noqa: PLC0415

    key = mock.dump()["license_keys"][0]
    receiver.status = 503
    with httpx.Client(base_url=mock.base_url) as http:
        assert http.post("/_mock/webhooks", json={"license_key_id": key["id"]}).status_code == 200
        eventually(lambda: http.get("/_mock/webhooks").json()["webhooks"][0]["outcome"] == 503)
        assert http.post("/_mock/webhooks", json={"license_key_id": "lic_0"}).status_code == 404
        assert http.post("/_mock/webhooks", json={}).status_code == 422
    assert len(receiver.received) == 1


def test_a_receiver_that_is_not_there_is_noted():
    import httpx  # noqa: PLC0415

    with (
        DodoMock(keys=1, webhook_url="http://127.0.0.1:9/", webhook_secret=KEY) as mock,
        httpx.Client(base_url=mock.base_url) as http,
    ):
        http.post("/_mock/webhooks", json={"license_key_id": mock.dump()["license_keys"][0]["id"]})
        eventually(
            lambda: str(http.get("/_mock/webhooks").json()["webhooks"][0]["outcome"]).startswith("not")
        )


def test_a_mock_without_an_address_says_so():
    import httpx  # noqa: PLC0415

    with DodoMock(keys=1) as mock, httpx.Client(base_url=mock.base_url) as http:
        key = mock.dump()["license_keys"][0]
        reply = http.post("/_mock/webhooks", json={"license_key_id": key["id"]})
        assert (reply.status_code, "webhook" in reply.json()["message"]) == (422, True)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"keys": -1}, "0 or more"),
        ({"latency": -0.1}, "0 or more"),
        ({"webhook_url": "http://127.0.0.1:9/"}, "secret"),
        ({"webhook_secret": KEY}, "address"),
        ({"webhook_url": "ftp://127.0.0.1/", "webhook_secret": KEY}, "http"),
        ({"webhook_url": "http://127.0.0.1:9/", "webhook_secret": "whsec_"}, "base64"),
        ({"webhook_url": "http://127.0.0.1:9/", "webhook_secret": "whsec_a"}, "base64"),
    ],
)
def test_a_mock_that_could_not_send_does_not_start(settings, words):
    with pytest.raises(ValueError, match=words):
        DodoMock(**settings)


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
    assert webhooks.unwrap(payload, signed(payload)).type == "license_key.created"


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
        "without a signature": (payload, {**good, "webhook-signature": ""}),
        "with a signature of no version": (payload, {**good, "webhook-signature": "abc"}),
        "with a signature that is no base64": (payload, {**good, "webhook-signature": "v1,a"}),
        "with another's time": (payload, {**good, "webhook-timestamp": str(int(now.timestamp()) - 9)}),
        "at no time": (payload, {**good, "webhook-timestamp": "soon"}),
        "at not a number": (payload, {**good, "webhook-timestamp": "nan"}),
        "at infinity": (payload, {**good, "webhook-timestamp": "inf"}),
        "with a signature in bytes": (
            payload,
            {**good, "webhook-signature": good["webhook-signature"].encode()},
        ),
        "no text": (b"\xff", good),
        "half a character": (payload + "\ud800", good),
        "nothing": (b"", good),
    }
    for what, (content, headers) in refused.items():
        with pytest.raises(WebhookVerificationError) as caught:
            webhooks.unwrap(content, headers, key=KEY)
        assert KEY not in str(caught.value), what
        assert caught.value.__cause__ is None


@pytest.mark.parametrize("key", ["", "  ", "whsec_", "whsec_a", "whsec_${UNSET}", "whsec_ZGVtbw==", 5])
def test_a_key_that_is_none_is_refused_and_not_shown(mock, webhooks, key):
    payload = event(mock)
    with pytest.raises(InvalidArgumentError) as caught:
        webhooks.unwrap(payload, signed(payload), key=key)
    assert "whsec_a" not in str(caught.value)


def test_a_signed_event_that_breaks_the_contract_says_where(mock, webhooks):
    data = json.loads(event(mock))["data"]
    del data["customer_id"]
    payload = event(mock, data=data)
    with pytest.raises(ResponseValidationError) as caught:
        webhooks.unwrap(payload, signed(payload), key=KEY)
    assert caught.value.operation == "license_key.created"
    assert "customer_id" in str(caught.value)
    for nested in ("[" * 100_000, '{"type":' * 100_000, '{"type": ' + "[" * 100_000):
        with pytest.raises(ResponseValidationError):
            webhooks.unwrap(nested, signed(nested), key=KEY)
    with pytest.raises(ResponseValidationError):
        webhooks.unwrap("[]", signed("[]"), key=KEY)


def test_events_about_other_things_come_through(mock, webhooks):
    payload = event(mock, type="payment.succeeded", data={"payment_id": "pay_1"})
    told = webhooks.unwrap(payload, signed(payload), key=KEY)
    assert isinstance(told, OtherEvent)
    assert (told.type, told.data) == ("payment.succeeded", {"payment_id": "pay_1"})

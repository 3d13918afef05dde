"""Webhooks as the mock sends them: signed, of every step, retried whatever the receiver does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import misbehaving as m
import pytest

from dodo_licenses import DodoPayments, LicenseKeyCreatedEvent
from dodo_licenses.testing import DodoMock

KEY = "whsec_ZGVtb2RlbW9kZW1vZGVtb2RlbW9kZW1v"
NOBODY = "http://127.0.0.1:9/"
NO_ADDRESSES = ("ftp://127.0.0.1/", "http://", "http://a/\r\nx: y")
NO_SECRETS = ("", "whsec_${UNSET}", "whsec_ZGVtbw==", f"{KEY} ", "ä" * 40)


@pytest.fixture
def receiver():
    """A merchant's server. A status of None is no answer but garbage."""

    def answer(_):
        return m.NOT_HTTP if server.status is None else m.answer(server.status)

    with m.MisbehavingServer(otherwise=answer) as server:
        server.status = 200
        yield server


@pytest.fixture
def mock(receiver):
    with DodoMock(keys=5, webhook_url=f"{receiver.base_url}/webhooks", webhook_secret=KEY) as server:
        yield server


def events(receiver):
    unwrap = DodoPayments().webhooks.unwrap
    sent = zip(receiver.bodies, receiver.requests, strict=True)
    return [unwrap(content, headers, key=KEY) for content, (_, _, headers) in sent]


def deliveries(http):
    return http.get("/_mock/webhooks").json()["webhooks"]


def imported(mock):
    owner = mock.dump()["license_keys"][0]
    ids = {name: owner[name] for name in ("customer_id", "product_id")}
    return mock.client().license_keys.create(key="DEMO-1", **ids)


def test_an_import_can_be_verified_wherever_the_mock_s_clock_is(mock, receiver):
    mock.advance(days=40)
    key = imported(mock)
    m.until(lambda: receiver.requests)
    [told] = events(receiver)
    assert isinstance(told, LicenseKeyCreatedEvent)
    assert (told.data, told.business_id) == (key, key.business_id)
    assert told.timestamp - datetime.now(UTC) > timedelta(days=39)


def test_each_step_of_a_grant_is_told(mock, receiver, http):
    mock.add_entitlement("pdt_1")
    by_hand = mock.add_entitlement("pdt_1", integration_config={"fulfillment_mode": "manual"})
    at_once, pending = (grant["id"] for grant in mock.purchase("cus_1", "pdt_1")["grants"])
    client = mock.client()
    grant = client.entitlements.grants.fulfill_license_key(pending, key="DEMO-1")
    for is_disabled in (True, False):
        client.license_keys.update(grant.license_key.id, disabled=is_disabled)
    for _ in range(2):
        client.entitlements.grants.revoke(pending, id=by_hand["id"])
    failed = {"id": "entg_1", "entitlement_id": by_hand["id"], "status": "failed"}
    mock.load({"entitlements": [by_hand], "grants": [failed]})
    http.post("/_mock/webhooks", json={"grant_id": "entg_1"})
    m.until(lambda: len(receiver.requests) == 10)
    about = {at_once: "at once", pending: "by hand", "entg_1": "failed"}
    assert [(event.type, about.get(event.data.id)) for event in events(receiver)] == [
        ("entitlement_grant.created", "at once"),
        ("license_key.created", None),
        ("entitlement_grant.delivered", "at once"),
        ("entitlement_grant.created", "by hand"),
        ("license_key.created", None),
        ("entitlement_grant.delivered", "by hand"),
        ("entitlement_grant.revoked", "by hand"),
        ("entitlement_grant.delivered", "by hand"),  # restored
        ("entitlement_grant.revoked", "by hand"),
        ("entitlement_grant.failed", "failed"),
    ]
    assert http.post("/_mock/webhooks", json={"grant_id": "entg_0"}).status_code == 404


def test_a_failure_is_tried_again_as_documented_by_the_mock_s_clock(mock, receiver, http):
    mock.freeze()
    receiver.status = 503
    key = imported(mock)
    m.until(lambda: deliveries(http)[0]["outcome"] == 503)
    mock.client().license_keys.update(key.id, disabled=True)
    mock.advance(seconds=5)
    m.until(lambda: len(receiver.requests) == 2)
    receiver.status = 204
    m.until(lambda: deliveries(http)[0]["attempts"] == 2 and deliveries(http)[0]["outcome"] == 503)
    mock.advance(minutes=5)
    m.until(lambda: deliveries(http)[0]["outcome"] == 204)
    assert [event.data.status for event in events(receiver)] == ["active", "disabled", "disabled"]
    assert len({headers["webhook-id"] for _, _, headers in receiver.requests}) == 1


@pytest.mark.parametrize("status", [None, 301])
def test_a_receiver_that_never_takes_it_gets_it_eight_times(mock, receiver, http, status):
    receiver.status = status
    imported(mock)

    def later():
        mock.advance(hours=11)
        return deliveries(http)[0]["attempts"] == 8

    m.until(later)
    m.until(lambda: len(receiver.requests) == 8)
    receiver.status = 200
    http.post("/_mock/webhooks", json={"license_key_id": mock.dump()["license_keys"][0]["id"]})
    m.until(lambda: deliveries(http)[-1]["outcome"] == 200)  # it goes on after that
    assert deliveries(http)[0]["attempts"] == 8
    mock.reset()
    assert deliveries(http) == []


def test_a_mock_that_does_not_serve_yet_sells_nothing():
    mock = DodoMock(webhook_url=NOBODY, webhook_secret=KEY)
    mock.add_entitlement("pdt_1")
    with pytest.raises(RuntimeError, match="enter"):
        mock.purchase("cus_1", "pdt_1")
    with mock:
        assert mock.dump()["grants"] == []


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"keys": -1}, "0 or more"),
        ({"webhook_url": NOBODY}, "secret"),
        ({"webhook_secret": KEY}, "address"),
        *(({"webhook_url": url, "webhook_secret": KEY}, "http") for url in NO_ADDRESSES),
        *(({"webhook_url": NOBODY, "webhook_secret": secret}, "24 bytes") for secret in NO_SECRETS),
    ],
)
def test_a_mock_that_could_not_send_does_not_start(settings, words):
    with pytest.raises(ValueError, match=words):
        DodoMock(**settings)

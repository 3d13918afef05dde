"""Entitlement grants: what a purchase issues, what ends and restores it, driven by the vendor's own SDK."""

from __future__ import annotations

from datetime import datetime

import dodopayments
import pytest
from dodopayments import DodoPayments

from dodo_licenses.mock.life_cycle import after

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the SDK's own methods


@pytest.fixture
def vendor(dodo_mock):
    with DodoPayments(base_url=dodo_mock.base_url, bearer_token=dodo_mock.api_key, max_retries=0) as client:
        yield client


def test_a_purchase_a_merchant_and_a_revocation(dodo_mock, vendor):
    config = {"activations_limit": 3, "duration_count": 1, "duration_interval": "Month"}
    entitlement = dodo_mock.add_entitlement("pdt_1", name="License", integration_config=config)
    flag = dodo_mock.add_entitlement("pdt_1", integration_type="feature_flag")
    dodo_mock.add_entitlement("pdt_1", integration_type="discord")
    dodo_mock.freeze(datetime.fromisoformat("2030-01-31T00:00:00Z"))
    sale = dodo_mock.purchase("cus_1", "pdt_1", quantity=2)
    assert sale["subscription_id"] is None

    [found] = vendor.entitlements.list(integration_type="license_key", page_number=0).items
    assert vendor.entitlements.retrieve(found.id).name == "License"
    grants = vendor.entitlements.grants.list(found.id, customer_id="cus_1", status="Delivered").items
    assert len(grants) == 2
    assert {grant.payment_id for grant in grants} == {sale["payment_id"]}
    of_customer = vendor.customers.list_entitlement_grants("cus_1").items
    assert {grant.id for grant in of_customer} == {grant["id"] for grant in sale["grants"]}
    statuses = {grant.integration_type: grant.status for grant in of_customer}
    assert statuses == {"license_key": "Delivered", "feature_flag": "Delivered", "discord": "Pending"}
    assert vendor.customers.list_entitlement_grants("cus_1", integration_type="feature_flag").items[0].feature
    assert flag["id"] != entitlement["id"]

    grant = grants[0]
    key = vendor.license_keys.retrieve(grant.license_key.id)
    assert (key.source, key.status, key.activations_limit) == ("auto", "active", 3)
    assert key.expires_at == datetime.fromisoformat("2030-02-28T00:00:00Z")
    seat = vendor.licenses.activate(license_key=key.key, name="laptop")
    assert [its.id for its in vendor.license_key_instances.list(grant_id=grant.id).items] == [seat.id]
    assert vendor.license_key_instances.list(grant_id=grants[1].id).items == []

    revoked = vendor.entitlements.grants.revoke(grant.id, id=found.id)
    assert (revoked.status, revoked.revocation_reason) == ("Revoked", "manual")
    assert (revoked.license_key.status, revoked.license_key.activations_used) == ("disabled", 1)
    assert not vendor.licenses.validate(license_key=key.key).valid
    dodo_mock.advance(days=1)
    assert vendor.entitlements.grants.revoke(grant.id, id=found.id) == revoked
    vendor.license_keys.update(key.id, disabled=False)  # which restores nothing that was revoked by hand
    assert vendor.entitlements.grants.list(found.id, status="Revoked").items[0].id == grant.id


def test_a_key_that_is_disabled_takes_its_grant_along_and_back(dodo_mock, vendor):
    entitlement = dodo_mock.add_entitlement("pdt_1")
    [grant] = dodo_mock.purchase("cus_1", "pdt_1")["grants"]
    for is_disabled, status, reason in (
        (True, "Revoked", "license_key_disabled"),
        (False, "Delivered", None),
    ):
        vendor.license_keys.update(grant["license_key"]["id"], disabled=is_disabled)
        [its] = vendor.entitlements.grants.list(entitlement["id"]).items
        assert (its.id, its.status, its.revocation_reason) == (grant["id"], status, reason)
        assert (its.revoked_at is None) is (reason is None)


def test_a_key_that_is_fulfilled_by_hand(dodo_mock, vendor):
    entitlement = dodo_mock.add_entitlement("pdt_1", integration_config={"fulfillment_mode": "manual"})
    other = dodo_mock.add_entitlement("pdt_1", integration_type="github")
    first, second, of_github = dodo_mock.purchase("cus_1", "pdt_1", quantity=2)["grants"]
    assert (first["status"], first["license_key"]) == ("Pending", None)
    fulfill = vendor.entitlements.grants.fulfill_license_key
    grant = fulfill(first["id"], key="  DEMO-1 ", activations_limit=1)
    assert (grant.status, grant.license_key.key, grant.license_key.activations_limit) == (
        "Delivered",
        "DEMO-1",
        1,
    )
    key = vendor.license_keys.retrieve(grant.license_key.id)
    assert (key.source, key.product_id, key.customer_id) == ("manual", "pdt_1", "cus_1")
    for grant_id, string, status in (
        (first["id"], "DEMO-2", 409),
        (second["id"], "DEMO-1", 409),
        (second["id"], " ", 400),
        (of_github["id"], "DEMO-2", 400),
        ("entg_0", "DEMO-2", 404),
        (second["id"], 5, 422),
    ):
        with pytest.raises(dodopayments.APIStatusError) as caught:
            fulfill(grant_id, key=string)
        assert caught.value.status_code == status
    with pytest.raises(dodopayments.NotFoundError):
        vendor.entitlements.grants.revoke(second["id"], id=other["id"])
    vendor.entitlements.grants.revoke(second["id"], id=entitlement["id"])
    with pytest.raises(dodopayments.ConflictError):
        fulfill(second["id"], key="DEMO-2")


@pytest.mark.parametrize(
    ("event", "reason", "key_status"),
    [
        ("on_hold", "subscription_on_hold", "disabled"),
        ("paused", "SubscriptionPaused", "disabled"),
        ("cancelled", "subscription_cancelled", "disabled"),
        ("expired", "subscription_expired", "expired"),
    ],
)
def test_a_subscription_that_ends_and_goes_on(dodo_mock, event, reason, key_status):
    dodo_mock.add_entitlement("pdt_1")
    sale = dodo_mock.purchase("cus_1", "pdt_1", subscription=True)
    ids = {"subscription_id": sale["subscription_id"]}
    [ended] = dodo_mock.event(f"subscription.{event}", **ids)
    assert (ended["status"], ended["revocation_reason"]) == ("Revoked", reason)
    assert ended["license_key"]["status"] == key_status
    [back] = dodo_mock.event("subscription.active", **ids)
    assert (back["id"], back["status"], back["license_key"]["status"]) == (ended["id"], "Delivered", "active")
    with pytest.raises(ValueError, match="payment_id"):
        dodo_mock.event("refund.succeeded", **ids)
    with pytest.raises(ValueError, match=r"subscription\.on_hold"):
        dodo_mock.event("subscription.gone", **ids)


def test_a_refund_and_what_cannot_be_sold(dodo_mock):
    dodo_mock.add_entitlement()
    sale = dodo_mock.purchase()
    [grant] = dodo_mock.event("refund.succeeded", payment_id=sale["payment_id"])
    assert grant["revocation_reason"] == "refund"
    assert dodo_mock.event("refund.succeeded", payment_id=sale["payment_id"]) == [grant]
    for wrong in ({"product_id": "pdt_0"}, {"quantity": 0}):
        with pytest.raises(ValueError, match="quantity"):
            dodo_mock.purchase(**wrong)


def test_over_http(mock, http):
    mock.add_entitlement("pdt_1")
    asked = {"customer_id": "cus_1", "product_id": "pdt_1", "quantity": 2, "subscription": True}
    sale = http.post("/_mock/purchases", json=asked).json()
    assert len(sale["grants"]) == 2
    body = {"type": "subscription.expired", "subscription_id": sale["subscription_id"]}
    ended = http.post("/_mock/events", json=body).json()["grants"]
    path = f"/entitlements/{ended[0]['entitlement_id']}/grants"
    assert http.get(path, params={"status": "revoked", "page_size": ""}).json()["items"] == ended[::-1]
    assert http.get(path, params={"status": "gone"}).status_code == 422
    assert http.get("/entitlements/ent_0/grants").status_code == 404
    assert http.get("/customers/cus_0/entitlement-grants").status_code == 404
    for wrong in ({}, {**asked, "quantity": 0}, {**asked, "product_id": "pdt_0"}):
        assert http.post("/_mock/purchases", json=wrong).status_code == 422


@pytest.mark.parametrize(
    ("count", "interval", "then"),
    [
        (3, "Day", "2028-02-03"),
        (1, "Week", "2028-02-07"),
        (1, "Month", "2028-02-29"),
        (1, "Year", "2029-01-31"),
    ],
)
def test_a_duration_ends_on_a_day_that_exists(count, interval, then):
    assert after(datetime.fromisoformat("2028-01-31"), count, interval) == datetime.fromisoformat(then)

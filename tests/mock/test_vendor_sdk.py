"""The vendor's own SDK, as published, used as a merchant and an application would: every operation."""

from __future__ import annotations

import runpy
from datetime import datetime
from pathlib import Path

import pytest

from dodo_licenses.mock.life_cycle import after
from dodo_licenses.testing import DodoMock
from dodo_licenses_api.operations import OPERATIONS

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of its own methods


def moment(text):
    return datetime.fromisoformat(text)


def test_every_operation_goes_well(monkeypatch, capsys):
    """What `make compat` repeats with the newest SDK."""
    with DodoMock(keys=25) as mock:
        monkeypatch.setattr("sys.argv", ["", mock.base_url, mock.api_key])
        runpy.run_path(str(Path(__file__).parents[1] / "portable" / "use_vendor.py"))
    assert sorted(capsys.readouterr().out.split()) == sorted(OPERATIONS)


def test_what_is_refused_is_its_own_error(mock, vendor, sdk):
    key = mock.add_license_key(activations_limit=1)
    pair = {"license_key": key["key"], "name": "laptop"}
    vendor.licenses.activate(**pair)
    with pytest.raises(sdk.UnprocessableEntityError) as caught:
        vendor.licenses.activate(**pair)
    assert caught.value.body["code"] == "LICENSE_KEY_LIMIT_REACHED"
    assert vendor.license_keys.update(key["id"], disabled=True).status == "disabled"
    with pytest.raises(sdk.PermissionDeniedError):
        vendor.licenses.activate(**pair)
    with pytest.raises(sdk.NotFoundError):
        vendor.license_keys.retrieve("lic_0")
    with pytest.raises(sdk.AuthenticationError):
        vendor.with_options(bearer_token="sk_test_wrong").license_keys.list()


def test_a_purchase_a_merchant_and_a_revocation(mock, vendor):
    config = {"activations_limit": 3, "duration_count": 1, "duration_interval": "Month"}
    mock.add_entitlement("pdt_1", name="License", integration_config=config)
    mock.add_entitlement("pdt_1", integration_type="feature_flag")
    mock.add_entitlement("pdt_1", integration_type="discord")
    mock.freeze(moment("2030-01-31T00:00:00Z"))
    sale = mock.purchase("cus_1", "pdt_1", quantity=2)

    [found] = vendor.entitlements.list(integration_type="license_key", page_number=0).items
    assert vendor.entitlements.retrieve(found.id).name == "License"
    grants = vendor.entitlements.grants.list(found.id, customer_id="cus_1", status="Delivered").items
    assert [grant.payment_id for grant in grants] == [sale["payment_id"]] * 2
    of_customer = vendor.customers.list_entitlement_grants("cus_1").items
    assert {grant.id for grant in of_customer} == {grant["id"] for grant in sale["grants"]}
    statuses = {grant.integration_type: grant.status for grant in of_customer}
    assert statuses == {"license_key": "Delivered", "feature_flag": "Delivered", "discord": "Pending"}
    assert vendor.customers.list_entitlement_grants("cus_1", integration_type="feature_flag").items[0].feature

    grant = grants[0]
    key = vendor.license_keys.retrieve(grant.license_key.id)
    assert (key.source, key.status, key.activations_limit) == ("auto", "active", 3)
    assert key.expires_at == moment("2030-02-28T00:00:00Z")
    seat = vendor.licenses.activate(license_key=key.key, name="laptop")
    assert [its.id for its in vendor.license_key_instances.list(grant_id=grant.id).items] == [seat.id]
    assert vendor.license_key_instances.list(grant_id=grants[1].id).items == []

    for is_disabled, expected in (
        (True, ("Revoked", "license_key_disabled", False)),
        (False, ("Delivered", None, True)),
    ):
        vendor.license_keys.update(key.id, disabled=is_disabled)
        its = vendor.entitlements.grants.list(found.id).items[0]
        assert its.id == grant.id
        assert (its.status, its.revocation_reason, its.revoked_at is None) == expected
    revoked = vendor.entitlements.grants.revoke(grant.id, id=found.id)
    assert (revoked.status, revoked.revocation_reason) == ("Revoked", "manual")
    assert (revoked.license_key.status, revoked.license_key.activations_used) == ("disabled", 1)
    mock.advance(days=1)
    assert vendor.entitlements.grants.revoke(grant.id, id=found.id) == revoked
    vendor.license_keys.update(key.id, disabled=False)  # which restores nothing that was revoked by hand
    assert vendor.entitlements.grants.list(found.id, status="Revoked").items[0].id == grant.id


def test_a_key_that_is_fulfilled_by_hand(mock, vendor, sdk):
    mock.add_entitlement("pdt_1", integration_config={"fulfillment_mode": "manual"})
    mock.add_entitlement("pdt_1", integration_type="github")
    first, second, of_github = mock.purchase("cus_1", "pdt_1", quantity=2)["grants"]
    assert (first["status"], first["license_key"]) == ("Pending", None)
    fulfill = vendor.entitlements.grants.fulfill_license_key
    grant = fulfill(first["id"], key="  DEMO-1 ", activations_limit=1)
    key = vendor.license_keys.retrieve(grant.license_key.id)
    assert (grant.status, key.key, key.activations_limit, key.source) == ("Delivered", "DEMO-1", 1, "manual")
    assert (key.product_id, key.customer_id) == ("pdt_1", "cus_1")
    for grant_id, string, status in (
        (first["id"], "DEMO-2", 409),
        (second["id"], "DEMO-1", 409),
        (second["id"], " ", 400),
        (of_github["id"], "DEMO-2", 400),
    ):
        with pytest.raises(sdk.APIStatusError) as caught:
            fulfill(grant_id, key=string)
        assert caught.value.status_code == status
    with pytest.raises(sdk.NotFoundError):
        vendor.entitlements.grants.revoke(second["id"], id=of_github["entitlement_id"])


def test_a_purchase_over_http_and_what_is_refused(mock, http):
    mock.add_entitlement("pdt_1", integration_config={"duration_count": 1})
    asked = {"customer_id": "cus_1", "product_id": "pdt_1", "quantity": 2, "subscription": True}
    sale = http.post("/_mock/purchases", json=asked).json()
    assert sale["subscription_id"].startswith("sub_")
    path = f"/entitlements/{sale['grants'][0]['entitlement_id']}/grants"
    listed = http.get(path, params={"status": "delivered", "page_size": ""}).json()["items"]
    assert listed == sale["grants"][::-1]
    keys = mock.dump()["license_keys"]  # which end with the subscription, and not after a duration
    assert {(key["subscription_id"], key["expires_at"]) for key in keys} == {(sale["subscription_id"], None)}
    assert {grant["subscription_id"] for grant in listed} == {sale["subscription_id"]}
    for wrong in ({}, {**asked, "quantity": 0}, {**asked, "product_id": "pdt_0"}):
        assert http.post("/_mock/purchases", json=wrong).status_code == 422


def test_a_duration_ends_on_a_day_that_exists():
    ends = [after(moment("2028-01-31"), 1, interval) for interval in ("Day", "Week", "Month", "Year")]
    assert ends == list(map(moment, ("2028-02-01", "2028-02-07", "2028-02-29", "2029-01-31")))

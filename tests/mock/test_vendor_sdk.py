"""The vendor's own SDK, as published, on the mock: every operation, and what becomes of a purchase."""

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


def test_a_purchase_and_the_reasons_of_its_revocation(mock, vendor):
    """That disabling revokes, and what revoking does to the license key, is for the contract suite."""
    config = {"activations_limit": 3, "duration_count": 1, "duration_interval": "Month"}
    mock.add_entitlement("pdt_1", name="License", integration_config=config)
    mock.add_entitlement("pdt_1", integration_type="feature_flag")
    mock.add_entitlement("pdt_1", integration_type="discord")
    mock.freeze(moment("2030-01-31T00:00:00Z"))
    sale = mock.purchase("cus_1", "pdt_1", quantity=2)

    of_customer = vendor.customers.list_entitlement_grants("cus_1").items
    assert {grant.id for grant in of_customer} == {grant["id"] for grant in sale["grants"]}
    statuses = {grant.integration_type: grant.status for grant in of_customer}
    assert statuses == {"license_key": "Delivered", "feature_flag": "Delivered", "discord": "Pending"}
    assert vendor.customers.list_entitlement_grants("cus_1", integration_type="feature_flag").items[0].feature

    [found] = vendor.entitlements.list(integration_type="license_key", page_number=0).items
    grants = vendor.entitlements.grants.list(found.id, customer_id="cus_1", status="Delivered").items
    assert [grant.payment_id for grant in grants] == [sale["payment_id"]] * 2
    key = vendor.license_keys.retrieve(grants[0].license_key.id)
    assert (key.source, key.status, key.activations_limit) == ("auto", "active", 3)
    assert key.expires_at == moment("2030-02-28T00:00:00Z")
    for is_disabled, expected in (
        (True, ("Revoked", "license_key_disabled", False)),
        (False, ("Delivered", None, True)),
    ):
        vendor.license_keys.update(key.id, disabled=is_disabled)
        its = vendor.entitlements.grants.list(found.id).items[0]
        assert (its.status, its.revocation_reason, its.revoked_at is None) == expected
    revoked = vendor.entitlements.grants.revoke(its.id, id=found.id)
    assert (revoked.status, revoked.revocation_reason) == ("Revoked", "manual")
    mock.advance(days=1)
    assert vendor.entitlements.grants.revoke(its.id, id=found.id) == revoked
    vendor.license_keys.update(key.id, disabled=False)  # which restores nothing that was revoked by hand
    assert vendor.entitlements.grants.list(found.id, status="Revoked").items[0].id == its.id


def test_a_key_that_is_fulfilled_by_hand(mock, vendor, sdk):
    by_hand = mock.add_entitlement("pdt_1", integration_config={"fulfillment_mode": "manual"})
    mock.add_entitlement("pdt_1", integration_type="github")
    first, second, of_github = mock.purchase("cus_1", "pdt_1", quantity=2)["grants"]
    assert (first["status"], first["license_key"]) == ("Pending", None)
    fulfill = vendor.entitlements.grants.fulfill_license_key
    key = vendor.license_keys.retrieve(fulfill(first["id"], key="  DEMO-1 ").license_key.id)
    assert (key.key, key.source) == ("DEMO-1", "manual")
    assert (key.product_id, key.customer_id) == ("pdt_1", "cus_1")
    for refused, status in (
        (lambda: fulfill(second["id"], key="DEMO-1"), 409),
        (lambda: fulfill(second["id"], key=" "), 400),
        (lambda: fulfill(of_github["id"], key="DEMO-2"), 400),
        (lambda: vendor.entitlements.grants.revoke(of_github["id"], id=by_hand["id"]), 404),
    ):
        with pytest.raises(sdk.APIStatusError) as caught:
            refused()
        assert caught.value.status_code == status


def test_a_subscription_bought_over_http(mock, http):
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


def test_a_duration_ends_on_a_day_that_exists():
    ends = [after(moment("2028-01-31"), 1, interval) for interval in ("Day", "Week", "Month", "Year")]
    assert ends == list(map(moment, ("2028-02-01", "2028-02-07", "2028-02-29", "2029-01-31")))

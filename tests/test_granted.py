"""License keys by way of entitlement grants."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from dodo_licenses import (
    APIConnectionError,
    EntitlementGrantStatus,
    GrantedLicenseKey,
    InvalidArgumentError,
    LicenseKeyStatus,
)
from dodo_licenses._granted import granted_keys
from dodo_licenses.testing import DodoMock


@pytest.fixture(scope="module")
def account():
    """12 entitlements with 16 grants each, all to license keys."""
    with DodoMock() as mock:
        for number in range(12):
            mock.add_entitlement(product := f"pdt_{number}")
            mock.purchase(product_id=product, quantity=16)
        yield mock


@pytest.fixture
def pages_of(face):
    def pages(mock, **arguments):
        with face.on(mock) as client:
            return list(client.license_keys.list_granted(**arguments).pages())

    return pages


@pytest.fixture
def editor(dodo_mock):
    """An entitlement to license keys that comes with a product."""
    return dodo_mock.add_entitlement("pdt_editor")


def ids(pages):
    return [key.id for page in pages for key in page.items]


@pytest.mark.parametrize(
    "mode",
    [{}, {"prefetch": 4}, {"exhaustive": True}, {"page_size": 7}],
    ids=["plain", "ahead", "exhaustive", "small"],
)
def test_every_key_comes_once_while_others_are_issued_and_revoked(account, pages_of, mode):
    there = account.dump()["grants"]

    def others():
        grants = account.client().entitlements.grants
        for number, grant in enumerate(there[::6]):
            account.purchase(product_id=f"pdt_{number % 12}")
            grants.revoke(grant["id"], id=grant["entitlement_id"])

    with ThreadPoolExecutor() as pool:
        done = pool.submit(others)
        found = ids(pages_of(account, **mode))
        done.result()
    assert {grant["license_key"]["id"] for grant in there} <= set(found)
    assert len(found) == len(set(found)) >= 192


def test_it_goes_on_where_it_broke_off(account, pages_of):
    pages = pages_of(account, page_size=6)
    for number in (0, len(pages) - 2):
        page = pages[number]
        place = {"entitlement_id": page.entitlement_id, "page_number": page.number + 1}
        assert ids(pages_of(account, page_size=6, **place)) == ids(pages[number + 1 :])


def test_a_limit_counts_over_all_entitlements(account, pages_of):
    everything = ids(pages_of(account))
    for limit in (0, 41):
        assert ids(pages_of(account, limit=limit)) == everything[:limit]


def test_a_key_has_what_a_license_key_has_by_the_same_name(dodo_mock, editor):
    dodo_mock.freeze()  # a key is made a little later than its grant
    dodo_mock.purchase(product_id="pdt_editor")
    client = dodo_mock.client()
    (granted,) = client.license_keys.list_granted()
    (key,) = client.license_keys.list()
    for name in set(GrantedLicenseKey.__dataclass_fields__) - {"grant"}:
        assert getattr(granted, name) == getattr(key, name), name
    client.entitlements.grants.revoke(granted.grant.id, id=granted.grant.entitlement_id)
    assert [its.status for its in client.license_keys.list_granted()] == ["disabled"]
    assert list(client.license_keys.list_granted(status="active")) == []
    assert len(list(client.license_keys.list_granted(status=LicenseKeyStatus.DISABLED))) == 1
    bundle = {"product_id": "pdt_bundle", "name": "Bundle", "entitlements": [editor["id"]]}
    state = dodo_mock.dump()
    dodo_mock.load({**state, "products": [*state["products"], bundle]})
    assert [its.product_id for its in client.license_keys.list_granted()] == [None]


@pytest.mark.parametrize(
    ("grant", "key", "status"),
    [
        ("Delivered", {"status": None}, "active"),
        ("Delivered", {"status": None, "expires_at": datetime(2020, 1, 1, tzinfo=UTC)}, "expired"),
        ("Revoked", {"status": None}, "disabled"),
        ("revoked", {"status": LicenseKeyStatus("suspended")}, "suspended"),
    ],
)
@pytest.mark.usefixtures("editor")
def test_a_key_s_state_is_told_by_its_grant_where_it_says_none(dodo_mock, grant, key, status):
    dodo_mock.purchase(product_id="pdt_editor")
    (granted,) = dodo_mock.client().license_keys.list_granted()
    changed = {
        "status": EntitlementGrantStatus(grant),
        "license_key": granted.grant.license_key.model_copy(update=key),
    }
    (now,) = granted_keys([granted.grant.model_copy(update=changed)], {}, None)
    assert (now.status, now.product_id) == (status, None)


@pytest.mark.usefixtures("editor")
def test_one_customer_takes_the_requests_of_one_customer_with_the_options_of_the_call(dodo_mock, pages_of):
    dodo_mock.purchase("cus_mine", "pdt_editor", 2)
    dodo_mock.purchase("cus_other", "pdt_editor", 3)
    (page,) = pages_of(dodo_mock, customer_id="cus_mine", extra_query={"tag": 1}, timeout=5)
    assert [key.customer_id for key in page.items] == ["cus_mine"] * 2
    assert not [entry for entry in dodo_mock.requests if entry["path"] == "/entitlements"]
    assert len(ids(pages_of(dodo_mock, extra_query={"tag": 1}))) == 5
    assert all(entry["query"]["tag"] == "1" for entry in dodo_mock.requests)


@pytest.mark.parametrize(
    "wrong",
    [
        {"customer_id": "cus_1", "entitlement_id": "ent_1"},
        {"customer_id": "../x"},
        {"entitlement_id": ""},
        {"status": "revoked"},
        {"limit": -1},
        {"page_number": -1, "entitlement_id": "ent_1"},
        {"page_number": 1},
    ],
)
def test_bad_arguments_are_refused_before_a_request(dodo_mock, wrong):
    with pytest.raises(InvalidArgumentError):
        dodo_mock.client().license_keys.list_granted(**wrong)
    assert not dodo_mock.requests


@pytest.mark.parametrize("status", [404, 405, 410])
def test_where_the_old_listing_is_gone_the_error_names_this_one(dodo_mock, status):
    dodo_mock.fault(operation="list_license_keys", status=status)
    with pytest.raises(Exception, match=r"use license_keys\.list_granted"):
        list(dodo_mock.client().license_keys.list())


def test_fulfilling_is_not_repeated_where_it_may_have_been_done_and_revoking_is(dodo_mock, face):
    made = dodo_mock.add_entitlement("pdt_1", integration_config={"fulfillment_mode": "manual"})
    (grant,) = dodo_mock.purchase(product_id="pdt_1")["grants"]
    for operation in ("fulfill_license_key_grant", "revoke_entitlement_grant"):
        dodo_mock.fault("reset", operation, after=True)
    with face.on(dodo_mock) as client:
        with pytest.raises(APIConnectionError) as caught:
            client.entitlements.grants.fulfill_license_key(grant["id"], key="DEMO-1")
        assert caught.value.may_have_been_done
        assert client.entitlements.grants.revoke(grant["id"], id=made["id"]).license_key.key == "DEMO-1"
    asked = [entry["operation"] for entry in dodo_mock.requests]
    assert asked == ["fulfill_license_key_grant", *["revoke_entitlement_grant"] * 2]

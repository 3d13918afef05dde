"""The vendor's own SDK, as published, used as a merchant and an application would: all ten operations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import dodopayments
import pytest
from dodopayments import DodoPayments

from dodo_licenses.mock import MockServer

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of its own methods


@pytest.fixture
def vendor():
    with (
        MockServer(keys=30) as mock,
        DodoPayments(base_url=mock.base_url, bearer_token=mock.api_key, max_retries=0) as client,
    ):
        yield client


def test_a_merchant_and_an_application(vendor):
    sold = vendor.license_keys.list(page_size=5).items
    assert len(sold) == 5
    assert all(key.id.startswith("lic_") and key.created_at.tzinfo is not None for key in sold)

    expires_at = datetime.now(UTC) + timedelta(days=30)
    key = vendor.license_keys.create(
        customer_id=sold[0].customer_id,
        product_id=sold[0].product_id,
        key="DEMO-OF-THE-VENDOR",
        activations_limit=1,
        expires_at=expires_at,
    )
    assert (key.source, key.status, key.instances_count) == ("import", "active", 0)
    assert abs(key.expires_at - expires_at) < timedelta(milliseconds=1)
    assert vendor.license_keys.list(source="import", created_at_gte=key.created_at).items[0].id == key.id

    seat = vendor.licenses.activate(license_key=key.key, name="laptop")
    assert seat.customer.customer_id == key.customer_id
    assert seat.product.product_id == key.product_id
    with pytest.raises(dodopayments.UnprocessableEntityError) as caught:
        vendor.licenses.activate(license_key=key.key, name="desktop")
    assert caught.value.body["code"] == "LICENSE_KEY_LIMIT_REACHED"
    assert vendor.licenses.validate(license_key=key.key, license_key_instance_id=seat.id).valid

    assert [instance.id for instance in vendor.license_key_instances.list(license_key_id=key.id)] == [seat.id]
    assert vendor.license_key_instances.retrieve(seat.id).name == "laptop"
    assert vendor.license_key_instances.update(seat.id, name="old laptop").name == "old laptop"
    assert vendor.license_keys.retrieve(key.id).instances_count == 1

    vendor.licenses.deactivate(license_key=key.key, license_key_instance_id=seat.id)
    assert not vendor.licenses.validate(license_key=key.key, license_key_instance_id=seat.id).valid
    assert vendor.license_keys.update(key.id, activations_limit=7, expires_at=None).activations_limit == 7
    assert vendor.license_keys.update(key.id, disabled=True).status == "disabled"
    with pytest.raises(dodopayments.PermissionDeniedError):
        vendor.licenses.activate(license_key=key.key, name="desktop")


def test_what_is_not_there(vendor):
    with pytest.raises(dodopayments.NotFoundError):
        vendor.license_keys.retrieve("lic_0")
    with pytest.raises(dodopayments.AuthenticationError):
        vendor.with_options(bearer_token="sk_test_wrong").license_keys.list()

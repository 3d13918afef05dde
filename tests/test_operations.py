"""All ten operations of both clients, over a socket, against the mock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dodo_licenses import (
    UNSET,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    DodoPaymentsError,
    InvalidArgumentError,
    NotFoundError,
    PermissionDeniedError,
    ProductMismatchError,
    UnprocessableEntityError,
)
from dodo_licenses.mock import MockServer

NOBODY = "0000000000000000000000"
BAD_IDS = ("", " ", ".", "..", "a/b", "../license_keys", "lic_1?x=1", "lic_1#x", "lic 1", "lic_%2e", None, 5)


@pytest.fixture
def client(face, mock):
    with face.client(base_url=mock.base_url, bearer_token=mock.api_key, rate_limit=None) as client:
        yield client


@pytest.fixture
def owner(client):
    key = next(iter(client.license_keys.list(limit=1)))
    return {"customer_id": key.customer_id, "product_id": key.product_id}


@pytest.fixture
def imported(client, owner):
    return client.license_keys.create(key="DEMO-0001-0002-0003", activations_limit=2, **owner)


def seat(client, key, name="Ada's laptop"):
    return client.licenses.activate(license_key=key.key, name=name)


def is_valid(client, key, instance_id=None):
    return client.licenses.validate(license_key=key.key, license_key_instance_id=instance_id).valid


def test_a_license_s_life(client, imported):
    first, second = seat(client, imported), seat(client, imported, "Ada's desktop")
    with pytest.raises(UnprocessableEntityError) as caught:
        seat(client, imported, "one too many")
    assert caught.value.code == "LICENSE_KEY_LIMIT_REACHED"
    assert client.license_keys.retrieve(imported.id).instances_count == 2
    assert is_valid(client, imported)
    assert is_valid(client, imported, first.id)
    assert client.licenses.deactivate(license_key=imported.key, license_key_instance_id=first.id) is None
    assert not is_valid(client, imported, first.id)
    assert is_valid(client, imported, second.id)
    with pytest.raises(PermissionDeniedError):
        client.licenses.deactivate(license_key=imported.key, license_key_instance_id=first.id)
    listed = list(client.license_key_instances.list(license_key_id=imported.id))
    assert [(i.id, i.name) for i in listed] == [(second.id, "Ada's desktop")]


def test_an_imported_key_is_as_it_was_given(client, owner):
    expires_at = datetime(2031, 1, 2, 3, 4, 5, tzinfo=UTC)
    key = client.license_keys.create(key="DEMO-1", activations_limit=0, expires_at=expires_at, **owner)
    assert (key.key, key.activations_limit, key.expires_at) == ("DEMO-1", 0, expires_at)
    assert (key.source, key.status, key.instances_count, key.payment_id) == ("import", "active", 0, None)
    assert client.license_keys.retrieve(key.id) == key
    with pytest.raises(ConflictError):
        client.license_keys.create(key="DEMO-1", **owner)


def test_leaving_as_it_is_and_setting_to_null_are_told_apart(client, imported):
    later = datetime(2031, 1, 1, tzinfo=UTC)
    key = client.license_keys.update(imported.id, expires_at=later)
    assert (key.activations_limit, key.expires_at, key.status) == (2, later, "active")
    key = client.license_keys.update(imported.id, activations_limit=None)
    assert (key.activations_limit, key.expires_at) == (None, later)
    key = client.license_keys.update(imported.id, expires_at=None, activations_limit=UNSET, disabled=True)
    assert (key.activations_limit, key.expires_at, key.status) == (None, None, "disabled")
    with pytest.warns(UserWarning, match="changes nothing"):
        assert client.license_keys.update(imported.id).status == "disabled"
    assert client.license_keys.update(imported.id, disabled=False).status == "active"


def test_what_the_documentation_forbids_is_refused_by_its_own_error(client, imported):
    seat(client, imported)
    with pytest.raises(UnprocessableEntityError) as caught:
        client.license_keys.update(imported.id, activations_limit=0)
    assert caught.value.code == "ACTIVATION_LIMIT_LESS_THAN_CURRENT_AMOUNT"
    subscribed = next(key for key in client.license_keys.list() if key.subscription_id)
    with pytest.raises(BadRequestError) as caught:
        client.license_keys.update(subscribed.id, expires_at=datetime.now(UTC) + timedelta(days=9))
    assert caught.value.code == "NO_EXPIRY_ON_SUBSCRIPTION_LICENSE_KEYS"
    client.license_keys.update(imported.id, disabled=True)
    with pytest.raises(PermissionDeniedError) as caught:
        seat(client, imported)
    assert caught.value.code == "INACTIVE_LICENSE_KEY"


def test_an_activation_is_retrieved_and_renamed(client, imported):
    activation = seat(client, imported)
    renamed = client.license_key_instances.update(activation.id, name="Grace's laptop")
    assert (renamed.id, renamed.name) == (activation.id, "Grace's laptop")
    assert client.license_key_instances.retrieve(activation.id) == renamed
    assert activation.customer.customer_id == imported.customer_id


def test_what_is_not_there_is_not_found(client):
    for call in (
        lambda: client.license_keys.retrieve(f"lic_{NOBODY}"),
        lambda: client.license_keys.update(f"lic_{NOBODY}", disabled=True),
        lambda: client.license_key_instances.retrieve(f"lki_{NOBODY}"),
        lambda: client.license_key_instances.update(f"lki_{NOBODY}", name="x"),
        lambda: client.licenses.activate(license_key="DEMO-NONE", name="x"),
        lambda: client.licenses.deactivate(license_key="DEMO-NONE", license_key_instance_id="lki_1"),
    ):
        with pytest.raises(NotFoundError):
            call()
    assert not client.licenses.validate(license_key="DEMO-NONE").valid


def test_a_pasted_key_may_have_blanks_around_it(client, imported):
    activation = client.licenses.activate(license_key=f"  {imported.key}\n", name="laptop")
    assert client.licenses.validate(
        license_key=f"\t{imported.key} ", license_key_instance_id=activation.id
    ).valid


def test_a_key_of_another_product_costs_no_seat(client, imported):
    with pytest.raises(ProductMismatchError, match="was released") as caught:
        client.licenses.activate(license_key=imported.key, name="x", expect_product_id="pdt_other")
    assert caught.value.product_id == imported.product_id
    assert client.license_keys.retrieve(imported.id).instances_count == 0
    activation = client.licenses.activate(
        license_key=imported.key, name="x", expect_product_id=imported.product_id
    )
    assert activation.product.product_id == imported.product_id


def test_without_an_api_key_the_public_operations_work_and_the_others_say_what_to_set(face, mock, imported):
    with face.client(base_url=mock.base_url) as public:
        activation = seat(public, imported)
        assert is_valid(public, imported, activation.id)
        public.licenses.deactivate(license_key=imported.key, license_key_instance_id=activation.id)
        for call in (
            lambda: list(public.license_keys.list()),
            lambda: public.license_keys.retrieve("lic_1"),
            lambda: list(public.license_key_instances.list()),
        ):
            with pytest.raises(DodoPaymentsError, match="DODO_PAYMENTS_API_KEY"):
                call()


def test_a_wrong_api_key_says_where_it_was_tried_and_is_not_shown(face, mock):
    with face.client(base_url=mock.base_url, bearer_token="sk_test_SECRET") as client:
        with pytest.raises(AuthenticationError) as caught:
            list(client.license_keys.list())
    assert mock.base_url in str(caught.value)
    assert "SECRET" not in repr(caught.value) + str(caught.value) + repr(client)


def test_a_read_only_api_key_reads(face):
    with (
        MockServer(read_only_api_key="sk_test_reader") as mock,
        face.client(base_url=mock.base_url, bearer_token="sk_test_reader") as client,
    ):
        key = next(iter(client.license_keys.list(limit=1)))
        with pytest.raises(PermissionDeniedError):
            client.license_keys.update(key.id, disabled=True)


@pytest.mark.parametrize("bad", BAD_IDS, ids=repr)
def test_an_id_that_cannot_be_one_is_refused_before_a_request(face, bad):
    with face.client(base_url="http://127.0.0.1:9", bearer_token="sk_test", max_retries=0) as client:
        for call in (
            lambda: client.license_keys.retrieve(bad),
            lambda: client.license_keys.update(bad, disabled=True),
            lambda: client.license_key_instances.retrieve(bad),
            lambda: client.license_key_instances.update(bad, name="x"),
            lambda: client.licenses.deactivate(license_key="DEMO", license_key_instance_id=bad),
        ):
            with pytest.raises(InvalidArgumentError):
                call()

"""The operations of both clients, over a socket, against the mock; of activations also what goes wrong."""

from __future__ import annotations

from datetime import UTC, datetime

import misbehaving as m
import pytest

from dodo_licenses import UNSET, PermissionDeniedError, ProductMismatchError, UnprocessableEntityError


@pytest.fixture
def owner(client):
    key = next(iter(client.license_keys.list(limit=1)))
    return {"customer_id": key.customer_id, "product_id": key.product_id}


@pytest.fixture
def imported(client, owner):
    return client.license_keys.create(key="DEMO-0001-0002-0003", activations_limit=2, **owner)


def seat(client, key="DEMO-1", name="Ada's laptop", **more):
    return client.licenses.activate(license_key=key, name=name, **more)


def is_valid(client, key, instance_id=None):
    return client.licenses.validate(license_key=key, license_key_instance_id=instance_id).valid


def test_a_license_s_life(client, imported):
    key = f"  {imported.key}\n"  # as people paste it
    first = client.licenses.activate(license_key=key, name="Ada's laptop")
    second = seat(client, imported.key, "Ada's desktop")
    assert first.customer.customer_id == imported.customer_id
    with pytest.raises(UnprocessableEntityError) as caught:
        seat(client, imported.key, "one too many")
    assert caught.value.code == "LICENSE_KEY_LIMIT_REACHED"
    assert client.license_keys.retrieve(imported.id).instances_count == 2
    assert is_valid(client, key)
    assert is_valid(client, key, first.id)
    assert client.licenses.deactivate(license_key=key, license_key_instance_id=first.id) is None
    assert not is_valid(client, key, first.id)
    assert is_valid(client, key, second.id)
    assert not is_valid(client, "DEMO-NONE")
    with pytest.raises(PermissionDeniedError):
        client.licenses.deactivate(license_key=key, license_key_instance_id=first.id)
    listed = list(client.license_key_instances.list(license_key_id=imported.id))
    assert [(i.id, i.name) for i in listed] == [(second.id, "Ada's desktop")]
    renamed = client.license_key_instances.update(second.id, name="Grace's desktop")
    assert (renamed.id, renamed.name) == (second.id, "Grace's desktop")
    assert client.license_key_instances.retrieve(second.id) == renamed


def test_leaving_as_it_is_and_setting_to_null_are_told_apart(client, imported):
    later = datetime(2031, 1, 1, tzinfo=UTC)
    key = client.license_keys.update(imported.id, expires_at=later)
    assert (key.activations_limit, key.expires_at, key.status) == (2, later, "active")
    key = client.license_keys.update(imported.id, activations_limit=None)
    assert (key.activations_limit, key.expires_at) == (None, later)
    key = client.license_keys.update(imported.id, expires_at=None, activations_limit=UNSET, disabled=True)
    assert (key.activations_limit, key.expires_at, key.status) == (None, None, "disabled")
    assert client.license_keys.update(imported.id, disabled=False).status == "active"


# --- what an activation leaves behind where something goes wrong ---------------------------------------

SENT = ["/licenses/activate", "/licenses/deactivate"]


def sent(server):
    return [target for _, target, _ in server.requests]


@pytest.mark.parametrize(
    ("expected", "is_mine"),
    [
        ({"expect_product_id": "pdt_1"}, True),
        ({"expect_product_id": ["pdt_2", "pdt_1"]}, True),
        ({"expect_business_id": "bus_1"}, True),
        ({"expect_product_id": {"pdt_1"}, "expect_business_id": "bus_1"}, True),
        ({"expect_product_id": "pdt_mine"}, False),
        ({"expect_product_id": ["pdt_mine", "pdt_2"]}, False),
        ({"expect_product_id": []}, False),
        ({"expect_business_id": "bus_mine"}, False),
        ({"expect_product_id": "pdt_1", "expect_business_id": "bus_mine"}, False),
    ],
)
def test_what_is_expected_is_activated_and_another_s_seat_is_released(serve, expected, is_mine):
    server, client = serve()
    if is_mine:
        assert seat(client, **expected).product.product_id == "pdt_1"
    else:
        with pytest.raises(ProductMismatchError, match="product pdt_1, not of yours") as caught:
            seat(client, **expected)
        assert (caught.value.product_id, caught.value.freed) == ("pdt_1", True)
    assert sent(server) == SENT[: 1 if is_mine else 2]


def test_a_seat_of_another_product_that_cannot_be_released_is_named(serve):
    server, client = serve(m.good("/licenses/activate"), m.failure(404))
    with pytest.raises(ProductMismatchError, match="could not be released") as caught:
        seat(client, expect_product_id="pdt_mine")
    assert sent(server) == SENT
    error = caught.value
    left = (error.freed, error.activation_name, error.license_key_instance_id)
    assert left == (False, "Ada's laptop", "lki_1")

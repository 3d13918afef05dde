"""What an activation leaves behind where something goes wrong, in both clients."""

from __future__ import annotations

import misbehaving as m
import pytest

from dodo_licenses import APIStatusError, DodoPaymentsError, ProductMismatchError


def activate(client, **more):
    return client.licenses.activate(license_key="DEMO-1", name="laptop", **more)


def test_a_lost_answer_names_the_activation_to_look_for(serve):
    server, client = serve(m.reset)
    with pytest.raises(DodoPaymentsError, match="'laptop' may have been made") as caught:
        activate(client)
    assert (caught.value.activation_name, len(server.requests)) == ("laptop", 1)


@pytest.mark.parametrize("status", [403, 404, 422])
def test_a_refusal_leaves_no_activation(serve, status):
    _, client = serve(m.failure(status))
    with pytest.raises(APIStatusError) as caught:
        activate(client)
    assert caught.value.activation_name is None


@pytest.mark.parametrize(
    "expected",
    [
        {"expect_product_id": "pdt_1"},
        {"expect_product_id": ["pdt_2", "pdt_1"]},
        {"expect_business_id": "bus_1"},
        {"expect_product_id": {"pdt_1"}, "expect_business_id": "bus_1"},
    ],
)
def test_what_is_expected_is_activated(serve, expected):
    _, client = serve()
    assert activate(client, **expected).product.product_id == "pdt_1"


@pytest.mark.parametrize(
    "expected",
    [
        {"expect_product_id": "pdt_mine"},
        {"expect_product_id": ["pdt_mine", "pdt_2"]},
        {"expect_product_id": []},
        {"expect_business_id": "bus_mine"},
        {"expect_product_id": "pdt_1", "expect_business_id": "bus_mine"},
    ],
)
def test_another_s_seat_is_released(serve, expected):
    server, client = serve()
    with pytest.raises(ProductMismatchError, match="product pdt_1, not of yours") as caught:
        activate(client, **expected)
    assert (caught.value.product_id, caught.value.freed) == ("pdt_1", True)
    assert [path for _, path, _ in server.requests] == ["/licenses/activate", "/licenses/deactivate"]


def test_a_seat_of_another_product_that_cannot_be_released_is_named(serve):
    server, client = serve(m.good("/licenses/activate"), m.failure(404))
    with pytest.raises(ProductMismatchError, match="could not be released") as caught:
        activate(client, expect_product_id="pdt_mine")
    assert [path for _, path, _ in server.requests] == ["/licenses/activate", "/licenses/deactivate"]
    error = caught.value
    assert (error.freed, error.activation_name, error.license_key_instance_id) == (False, "laptop", "lki_1")

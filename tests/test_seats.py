"""What an activation leaves behind where something goes wrong, in both clients."""

from __future__ import annotations

import misbehaving as m
import pytest

from dodo_licenses import ProductMismatchError


def activate(client, **more):
    return client.licenses.activate(license_key="DEMO-1", name="laptop", **more)


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
        assert activate(client, **expected).product.product_id == "pdt_1"
    else:
        with pytest.raises(ProductMismatchError, match="product pdt_1, not of yours") as caught:
            activate(client, **expected)
        assert (caught.value.product_id, caught.value.freed) == ("pdt_1", True)
    assert sent(server) == SENT[: 1 if is_mine else 2]


def test_a_seat_of_another_product_that_cannot_be_released_is_named(serve):
    server, client = serve(m.good("/licenses/activate"), m.failure(404))
    with pytest.raises(ProductMismatchError, match="could not be released") as caught:
        activate(client, expect_product_id="pdt_mine")
    assert sent(server) == SENT
    error = caught.value
    assert (error.freed, error.activation_name, error.license_key_instance_id) == (False, "laptop", "lki_1")

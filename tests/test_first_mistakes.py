"""The first mistakes that people make, and the sentence that tells them what to write instead."""

from __future__ import annotations

import asyncio
import gc
import inspect
from datetime import datetime

import pytest

from dodo_licenses import AsyncDodoPayments, DodoPayments

NAIVE = datetime(2027, 1, 31)  # noqa: DTZ001 - the mistake
MISTAKES = [
    (
        lambda client: client.licenses.activate("DEMO-1", "laptop"),
        "Licenses.activate takes these arguments by name: activate(license_key=…, name=…)",
    ),
    (
        lambda client: client.licenses.activate(key="DEMO-1", name="laptop"),
        "Licenses.activate has no argument 'key': did you mean 'license_key'?",
    ),
    (
        lambda client: client.license_keys.list("active"),
        "LicenseKeys.list takes these arguments by name: list(customer_id=…, …)",
    ),
    (
        lambda client: client.license_keys.list(customer="cus_1"),
        "LicenseKeys.list has no argument 'customer': did you mean 'customer_id'?",
    ),
    (
        lambda client: client.license_keys.list(status="Active"),
        "status must be one of 'active', 'disabled', 'expired', not 'Active'",
    ),
    (
        lambda client: client.license_keys.list(created_at_gte=NAIVE),
        "created_at_gte has no time zone, so what moment it means is unknown: add one",
    ),
    (
        lambda client: client.license_keys.update("lic_1"),
        "license_keys.update changes nothing: pass one of activations_limit, disabled, expires_at",
    ),
    (
        lambda client: client.license_keys.retrieve("DEMO-0001"),
        "license_keys.find(key=…) looks a license key up by its own string",
    ),
    (
        lambda client: client.license_keys.list()[0],
        "a listing is fetched while it is iterated; its first page has `items`",
    ),
    (
        lambda _: DodoPayments(api_key="sk_test_1"),
        "DodoPayments has no argument 'api_key': did you mean 'bearer_token'?",
    ),
    (
        lambda _: DodoPayments(environment="test"),
        "environment must be 'live_mode' or 'test_mode', not 'test'",
    ),
]


@pytest.mark.parametrize(("mistake", "told"), MISTAKES, ids=[told[:40] for _, told in MISTAKES])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_first_mistake_says_what_to_write_instead(mistake, told, dodo_mock):
    with pytest.raises(Exception) as caught:  # noqa: PT011 - what it says is the point
        mistake(dodo_mock.client())
    assert told in str(caught.value)
    assert "DEMO-0001" not in str(caught.value)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_client_without_an_api_key_says_where_it_comes_from(dodo_mock):
    with (
        DodoPayments(base_url=dodo_mock.base_url) as client,
        pytest.raises(Exception, match="DODO_PAYMENTS_API_KEY"),
    ):
        list(client.license_keys.list())


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_wrong_kind_of_loop_names_the_right_one(dodo_mock):
    async def loops():
        async with dodo_mock.async_client() as client:
            with pytest.raises(TypeError, match="`async for`"):
                iter(client.license_keys.list())
        with pytest.raises(TypeError, match="iterated with `for`"):
            aiter(dodo_mock.client().license_keys.list())

    asyncio.run(loops())


@pytest.mark.filterwarnings("default::RuntimeWarning")
def test_a_missing_await_names_the_method():
    async def forgotten():
        async with AsyncDodoPayments(bearer_token="sk_test_1") as client:
            client.license_keys.retrieve("lic_1")
            gc.collect()

    with pytest.warns(RuntimeWarning, match=r"LicenseKeys\.retrieve' was never awaited"):
        asyncio.run(forgotten())


def test_methods_that_teach_are_what_they_were_for_other_tools():
    for client in (DodoPayments, AsyncDodoPayments):
        listing = inspect.signature(client(bearer_token="sk_test_1").license_keys.list)
        assert listing.parameters["prefetch"].default == 0
    assert inspect.iscoroutinefunction(AsyncDodoPayments().licenses.activate)

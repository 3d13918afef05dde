"""The first mistakes that people make, and the sentence that tells them what to write instead."""

from __future__ import annotations

import asyncio
import gc

import pytest

from dodo_licenses import AsyncDodoPayments, DodoPayments

MISTAKES = [
    (lambda c: c.licenses.activate("DEMO-1", "laptop"), "by name: activate(license_key=…, name=…)"),
    (lambda c: c.licenses.activate(key="DEMO-1", name="x"), "no argument 'key': did you mean 'license_key'?"),
    (lambda c: c.license_keys.list("active"), "by name: list(customer_id=…, …)"),
    (lambda c: c.license_keys.list(customer="cus_1"), "no argument 'customer': did you mean 'customer_id'?"),
    (lambda c: c.license_keys.update("lic_1"), "pass one of activations_limit, disabled, expires_at"),
    (lambda c: c.license_keys.retrieve("DEMO-0001"), "license_keys.find(key=…) looks a license key up"),
    (lambda c: c.license_keys.list()[0], "is fetched while it is iterated; its first page has `items`"),
    (lambda _: DodoPayments(api_key="sk_test_1"), "no argument 'api_key': did you mean 'bearer_token'?"),
]


@pytest.mark.parametrize(("mistake", "told"), MISTAKES, ids=[told[:40] for _, told in MISTAKES])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_first_mistake_says_what_to_write_instead(mistake, told, dodo_mock):
    with pytest.raises(Exception) as caught:  # noqa: PT011 - what it says is the point
        mistake(dodo_mock.client())
    assert told in str(caught.value)
    assert "DEMO-0001" not in str(caught.value)


@pytest.mark.filterwarnings("default::RuntimeWarning")
def test_a_missing_await_names_the_method():
    async def forgotten():
        async with AsyncDodoPayments(bearer_token="sk_test_1") as client:
            client.license_keys.retrieve("lic_1")
            gc.collect()

    with pytest.warns(RuntimeWarning, match=r"LicenseKeys\.retrieve' was never awaited"):
        asyncio.run(forgotten())

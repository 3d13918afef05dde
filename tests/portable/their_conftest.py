"""In place of what the vendor's own tests share: our client, our mock for a server, and models of ours."""

from __future__ import annotations

import typing
from datetime import datetime

import pytest

from dodo_licenses import AsyncDodoPayments, DodoPayments, _resource
from dodo_licenses.mock import MockServer

# What their tests ask for by name; theirs run against a server that has everything.
KEYS = {
    "lic_7namTC0VcgrnzrF3GTSwB": "unused",
    "lic_activated": "license_key",
    "lic_validated": "2b1f8e2d-c41e-4e8f-b2d3-d9fd61c38f43",
}
INSTANCES = {
    "lki_EeWORStkMc7z0KycI31VS": "lic_activated",
    "license_key_instance_id": "lic_activated",
    "lki_123": "lic_validated",
}


parse_datetime = datetime.fromisoformat


def assert_matches_type(kind, value, *, path):
    """Whether a value is of a type as a method declares it; a model also whether it reads what it wrote."""
    __tracebackhide__ = True
    origin = typing.get_origin(kind)
    assert isinstance(value, kind if origin is None else origin), path
    if hasattr(kind, "model_validate"):
        assert kind.model_validate(value.to_dict()) == value, path


@pytest.fixture(scope="session")
def anyio_backend():
    return "asyncio"


@pytest.fixture(scope="session")
def server():
    with MockServer(keys=1) as server:
        yield server


@pytest.fixture
def settings(server):
    """Their tests import the same key again and again, and count on a warning each time."""
    server.reset()
    server.load(state(server.dump()))
    _resource._warned.clear()
    return {"base_url": server.base_url, "bearer_token": server.api_key}


def state(seed):
    """The records that their tests name, as those that the mock makes."""
    (key,), customer, product = seed["license_keys"], seed["customers"][0], seed["products"][0]
    made = {"created_at": key["created_at"]}
    mine = {**key, "status": "active", "expires_at": None, "activations_limit": 100, "subscription_id": None}
    return {
        **seed,
        "grants": [],
        "customers": [customer, {**customer, "customer_id": "customer_id"}],
        "products": [product, {**product, "product_id": "product_id"}],
        "license_keys": [{**mine, "id": id_, "key": text} for id_, text in KEYS.items()],
        "license_key_instances": [
            {**made, "id": id_, "business_id": key["business_id"], "license_key_id": of, "name": "laptop"}
            for id_, of in INSTANCES.items()
        ],
    }


@pytest.fixture
def client(settings):
    with DodoPayments(**settings) as client:
        yield client


@pytest.fixture
async def async_client(settings):
    async with AsyncDodoPayments(**settings) as client:
        yield client

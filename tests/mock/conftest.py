"""A mock over plain HTTP, as a program in any language sees it."""

from __future__ import annotations

import time

import httpx
import pytest
from dodopayments import DodoPayments as Vendor

from dodo_licenses.testing import DodoMock


@pytest.fixture
def mock():
    """A mock of its own, empty."""
    with DodoMock() as server:
        yield server


@pytest.fixture
def http(mock):
    """Plain requests to it, with its API key."""
    with httpx.Client(base_url=mock.base_url, headers={"Authorization": f"Bearer {mock.api_key}"}) as client:
        yield client


@pytest.fixture
def vendor(mock):
    """The vendor's own SDK, as published."""
    with Vendor(base_url=mock.base_url, bearer_token=mock.api_key, max_retries=0) as client:
        yield client


@pytest.fixture
def eventually():
    """Waits until something holds, however long a busy machine takes."""

    def wait(condition):
        while not condition():
            time.sleep(0.01)

    return wait

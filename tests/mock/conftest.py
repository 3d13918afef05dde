"""A mock over plain HTTP, as a program in any language sees it."""

from __future__ import annotations

import ssl

import httpx
import pytest

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # reading whom to trust takes longer than most tests


@pytest.fixture
def mock(dodo_mock):
    """A mock, empty, in the process of the tests."""
    return dodo_mock


@pytest.fixture
def http(mock):
    """Plain requests to it, with its API key."""
    bearer = {"Authorization": f"Bearer {mock.api_key}"}
    with httpx.Client(base_url=mock.base_url, headers=bearer, verify=NO_TLS) as client:
        yield client


@pytest.fixture
def sdk():
    """The vendor's own SDK, as published."""
    import dodopayments  # noqa: PLC0415 - which takes half a second

    return dodopayments


@pytest.fixture
def vendor(mock, sdk):
    """A client of the vendor's SDK."""
    with sdk.DodoPayments(base_url=mock.base_url, bearer_token=mock.api_key, max_retries=0) as client:
        yield client

"""The fixture `dodo_mock`. Nothing is imported before a test asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from dodo_licenses.testing import DodoMock


@pytest.fixture(scope="session")
def _dodo_mock_server() -> Iterator[DodoMock]:
    try:
        from dodo_licenses.testing import DodoMock  # noqa: PLC0415 - paid for by those who use it
    except ModuleNotFoundError as error:
        if error.name not in ("starlette", "uvicorn"):
            raise
        pytest.fail('dodo_mock needs: pip install "dodo-licenses[mock]"', pytrace=False)
    with DodoMock() as mock:
        yield mock


@pytest.fixture
def dodo_mock(_dodo_mock_server: DodoMock) -> Iterator[DodoMock]:
    """A stand-in for Dodo Payments on a free port of this machine, empty at the start of each test."""
    _dodo_mock_server.reset()
    yield _dodo_mock_server
    _dodo_mock_server.reset()

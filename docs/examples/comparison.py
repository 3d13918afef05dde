"""What the vendor's SDK and this client do in the same situations, each on a mock of its own."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import suppress
from types import ModuleType
from typing import Any

import dodopayments

import dodo_licenses
from dodo_licenses.testing import DodoMock

warnings.simplefilter("ignore", DeprecationWarning)  # the operations are deprecated
JSON = {"Content-Type": "application/json"}
Situation = Callable[[Any, DodoMock, ModuleType], object]


def listed(client: Any, _: DodoMock, __: ModuleType) -> object:
    return len({key.id for key in client.license_keys.list()})


def requests(client: Any, mock: DodoMock, _: ModuleType) -> object:
    keys = len({key.id for key in client.license_keys.list()})
    return f"{len(mock.requests)} for {keys:,} keys"


def seats(client: Any, mock: DodoMock, sdk: ModuleType) -> object:
    """An application activates, and what comes back gets lost."""
    key = mock.add_license_key(activations_limit=5)
    mock.fault("answer", "activate_license", status=500, after=True, times=None)
    with suppress(sdk.APIStatusError):
        client.licenses.activate(license_key=key["key"], name="laptop")
    return mock.client().license_keys.retrieve(key["id"]).instances_count


def conflict(client: Any, mock: DodoMock, sdk: ModuleType) -> object:
    """An import of a license key that is there already."""
    key = mock.add_license_key()
    with suppress(sdk.ConflictError):
        client.license_keys.create(
            key=key["key"], customer_id=key["customer_id"], product_id=key["product_id"]
        )
    return len(mock.requests)


def broken(client: Any, mock: DodoMock, _: ModuleType) -> object:
    """A reply in which a number is a word."""
    key = mock.add_license_key()
    reply = {"status": 200, "headers": JSON, "body": {**key, "instances_count": "three"}}
    mock.fault("answer", "retrieve_license_key", **reply)
    try:
        return repr(client.license_keys.retrieve(key["id"]).instances_count)
    except dodo_licenses.ResponseValidationError as error:
        return f"error at {error.field}"


SITUATIONS: list[tuple[str, Situation, int]] = [
    ("95 keys: how many are listed", listed, 95),
    ("1,000 keys: requests with the defaults", requests, 1000),
    ("an activation answers 500: seats taken", seats, 0),
    ("a key is there already: requests", conflict, 0),
    ('"instances_count": "three"', broken, 0),
]


def row(*cells: object) -> None:
    print("{:<40} {:<20} {}".format(*cells))


row("", f"dodopayments {dodopayments.__version__}", f"dodo-licenses {dodo_licenses.__version__}")
for title, situation, keys in SITUATIONS:
    cells = []
    for sdk in (dodopayments, dodo_licenses):
        with (
            DodoMock(keys=keys) as mock,
            sdk.DodoPayments(base_url=mock.base_url, bearer_token=mock.api_key) as client,
        ):
            cells.append(situation(client, mock, sdk))
    row(title, *cells)

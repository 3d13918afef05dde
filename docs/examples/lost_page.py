"""The page that gets lost: one account, listed with the vendor's SDK and with this client: `make compare`."""

from __future__ import annotations

import warnings
from types import ModuleType

import dodopayments

import dodo_licenses
from dodo_licenses.testing import DodoMock

warnings.simplefilter("ignore", DeprecationWarning)  # the vendor's: the operation is deprecated


def listed(sdk: ModuleType, mock: DodoMock) -> tuple[set[str], str]:
    """The keys that a plain loop yields with the SDK's defaults, and the pages that it asked for."""
    before = len(mock.requests)
    with sdk.DodoPayments(base_url=mock.base_url, bearer_token=mock.api_key) as client:
        keys = {key.id for key in client.license_keys.list()}
    pages = [request["query"].get("page_number", "0") for request in mock.requests[before:]]
    return keys, ", ".join(pages[:3]) + "".join(f" … {page}" for page in pages[3:][-1:])


with DodoMock(keys=95) as mock:
    theirs, their_pages = listed(dodopayments, mock)
    ours, our_pages = listed(dodo_licenses, mock)

for row in (
    ("95 license keys", "dodopayments", "dodo-licenses"),
    ("pages asked for", their_pages, our_pages),
    ("keys listed", len(theirs), len(ours)),
    ("lost, no error", len(ours - theirs), 95 - len(ours)),
):
    print("{:<16} {:<14} {}".format(*row))

"""What rules are made over: listings and their filters, as the generated operations have them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from dodo_licenses.contract.values import has_passed, moment
from dodo_licenses_api.operations import OPERATIONS, Operation, Parameter

Item = Mapping[str, Any]
LISTINGS = [operation for operation in OPERATIONS.values() if operation.items is not None]
FILTERS = {
    listing.id: [p for p in listing.parameters if p.place == "query" and (p.field or p.kind == "identifier")]
    for listing in LISTINGS
}


def over(listings: list[Operation[Any]]) -> pytest.MarkDecorator:
    """A rule for each of these."""
    return pytest.mark.parametrize("listing", listings, ids=lambda listing: listing.id)


over_listings = over(LISTINGS)


def noun(listing: Operation[Any]) -> str:
    """What it lists, for a sentence."""
    return listing.id.removeprefix("list_").replace("_", " ").removesuffix("s")


def allows(one: Parameter, item: Item, value: str) -> bool:
    """Whether an item satisfies a filter, by what the item itself says; True where it doesn't say.

    `status` may lag behind an expiry that has passed.
    """
    if one.field is None or one.field not in item:
        return True
    held = item[one.field]
    if one.name.endswith("_gte"):
        return moment(held) >= moment(value)
    if one.name.endswith("_lte"):
        return moment(held) <= moment(value)
    if one.field == "status" and {held, value} == {"active", "expired"}:
        return has_passed(item)
    return str(held).lower() == value.lower() if one.enum else bool(held == value)

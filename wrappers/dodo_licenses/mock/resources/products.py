"""Products: what license keys are for, and which entitlements a purchase of one grants."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

from dodo_licenses.mock.resource import JSON, NEEDED, Field, Record, Resource, Row
from dodo_licenses.mock.resources.entitlements import ENTITLEMENTS
from dodo_licenses.mock.validation import filled_text, list_of, or_null, text
from dodo_licenses.mock.wire import new_id

if TYPE_CHECKING:
    from dodo_licenses.mock.intake import Intake


def _prepare(record: Record, intake: Intake) -> Record:
    for entitlement_id in record.get("entitlements", []):
        intake.require(ENTITLEMENTS, entitlement_id, f"product {record['product_id']}")
    return record


PRODUCTS = Resource(
    name="products",
    singular="product",
    key="product_id",
    order="product_id",
    is_made_up=True,
    prepare=_prepare,
    fields=(
        Field("product_id", check=filled_text, default=NEEDED, is_unique=True),
        Field("name", check=or_null(text)),
        Field("entitlements", JSON, list_of(filled_text), []),
    ),
    filters={},
)
DEFAULT_ID = "pdt_DemoProduct000000000"

NAMES = ("Demo Editor", "Demo Editor Pro", "Demo Player", "Demo Backup", None)


def made_up(random: Random, name: str | None, entitlements: list[Row]) -> dict[str, Any]:
    """The row of a product that carries some entitlements."""
    ids = [entitlement["id"] for entitlement in entitlements]
    return {"product_id": new_id("pdt_", random), "name": name, "entitlements": json.dumps(ids)}

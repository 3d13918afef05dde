"""Products: what license keys are for, and which entitlements a purchase of one grants."""

from __future__ import annotations

import json
from collections.abc import Iterable
from random import Random

from dodo_licenses.mock.resource import NEEDED, Field, Intake, Record, Resource, Row, maybe
from dodo_licenses.mock.resources.entitlements import ENTITLEMENTS
from dodo_licenses.mock.validation import filled_text, list_of
from dodo_licenses.mock.wire import new_id


def _prepare(record: Record, intake: Intake) -> Record:
    for entitlement_id in record.get("entitlements", []):
        intake.require(ENTITLEMENTS, entitlement_id, f"product {record['product_id']}")
    return record


PRODUCTS = Resource(
    "products",
    "product",
    (
        Field("product_id", filled_text, NEEDED, is_unique=True),
        maybe("name"),
        Field("entitlements", list_of(filled_text), [], json.loads),
    ),
    filters={},
    key="product_id",
    order="product_id",
    is_made_up=True,
    prepare=_prepare,
)
DEFAULT_ID = "pdt_DemoProduct000000000"
NAMES = ("Demo Editor", "Demo Editor Pro", "Demo Player", "Demo Backup", None)


def made_up(random: Random, name: str | None, entitlements: Iterable[Row]) -> Record:
    """The row of a product that carries some entitlements."""
    ids = [entitlement["id"] for entitlement in entitlements]
    return {"product_id": new_id("pdt_", random), "name": name, "entitlements": json.dumps(ids)}

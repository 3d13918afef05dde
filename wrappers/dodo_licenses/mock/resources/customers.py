"""Customers: no operation of the mock shows them by themselves, activations and filters name them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

from dodo_licenses.mock.resource import JSON, NEEDED, Field, Resource
from dodo_licenses.mock.validation import filled_text, metadata, or_null, text
from dodo_licenses.mock.wire import new_id

CUSTOMERS = Resource(
    name="customers",
    singular="customer",
    key="customer_id",
    order="customer_id",
    is_made_up=True,
    fields=(
        Field("customer_id", check=filled_text, default=NEEDED, is_unique=True),
        Field("name", default="Customer"),
        Field("email", default="customer@example.com"),
        Field("phone_number", check=or_null(text)),
        Field("metadata", JSON, metadata, {}),
    ),
    filters={},
)
DEFAULT_ID = "cus_DemoCustomer00000000"

_FIRST_NAMES = ("Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gia", "Hugo", "Ida", "Jon")
_LAST_NAMES = ("Example", "Sample", "Placeholder", "Demo", "Specimen")


def made_up(random: Random, count: int) -> Iterator[dict[str, Any]]:
    """Rows of believable customers, plainly fictitious."""
    for number in range(count):
        first, last = random.choice(_FIRST_NAMES), random.choice(_LAST_NAMES)
        yield {
            "customer_id": new_id("cus_", random),
            "name": f"{first} {last}",
            "email": f"{first}.{last}.{number}@example.com".lower(),
            "phone_number": None,
            "metadata": json.dumps({"plan": "team"} if number % 4 == 0 else {}),
        }

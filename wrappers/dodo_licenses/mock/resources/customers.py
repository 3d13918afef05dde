"""Customers: no operation shows them by themselves; activations and filters name them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random

from dodo_licenses.mock.resource import METADATA, NEEDED, Field, Record, Resource, maybe
from dodo_licenses.mock.validation import filled_text
from dodo_licenses.mock.wire import new_id

CUSTOMERS = Resource(
    "customers",
    "customer",
    (
        Field("customer_id", filled_text, NEEDED, is_unique=True),
        Field("name", default="Customer"),
        Field("email", default="customer@example.com"),
        maybe("phone_number"),
        METADATA,
    ),
    filters={},
    key="customer_id",
    order="customer_id",
    is_made_up=True,
)
DEFAULT_ID = "cus_DemoCustomer00000000"
CUSTOMER = Field("customer_id", filled_text, DEFAULT_ID, of=CUSTOMERS)

_FIRST_NAMES = ("Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gia", "Hugo", "Ida", "Jon")
_LAST_NAMES = ("Example", "Sample", "Placeholder", "Demo", "Specimen")


def made_up(random: Random, count: int) -> Iterator[Record]:
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

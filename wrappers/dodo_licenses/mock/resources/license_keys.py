"""License keys, as the newest generation of the API serves them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from dodo_licenses.mock import resource, validation
from dodo_licenses.mock.resource import Field, Intake, Record, Resource, Row
from dodo_licenses.mock.resources import products
from dodo_licenses.mock.resources.customers import CUSTOMER
from dodo_licenses.mock.validation import anything, filled_text, limit, one_of
from dodo_licenses.mock.wire import BRAND_ID, BUSINESS_ID, new_id, new_key

STATUSES = ("active", "expired", "disabled")
SOURCES = ("auto", "import", "manual")
_COUNT = "(SELECT count(*) FROM license_key_instances WHERE license_key_id = license_keys.id)"
_STATUS = "coalesce(halted, CASE WHEN expires_at <= :now THEN 'expired' ELSE 'active' END)"


def _prepare(record: Record, intake: Intake) -> Record:
    """A status that no date explains is kept in `halted`, which counts for more than a date."""
    if record.get("status") == "disabled":
        return {**record, "halted": "disabled"}
    if record.get("status") == "expired" and record.get("expires_at") is None:
        if record.get("subscription_id") is not None:  # it expires with the subscription, and has no date
            return {**record, "halted": "expired"}
        return {**record, "expires_at": record.get("created_at", intake.now)}
    return record


LICENSE_KEYS = Resource(
    "license_keys",
    "license key",
    (
        resource.identifier("lic_"),
        resource.BUSINESS,
        resource.CREATED,
        resource.BRAND,
        CUSTOMER,
        Field("instances_count", anything, sql=_COUNT),
        Field("key", filled_text, resource.NEEDED, is_unique=True),
        resource.maybe("payment_id"),
        Field("product_id", filled_text, products.DEFAULT_ID, of=products.PRODUCTS),
        Field("source", one_of(*SOURCES), "import"),
        Field("status", one_of(*STATUSES), sql=_STATUS),
        Field("activations_limit", limit),
        resource.moment("expires_at"),
        resource.maybe("subscription_id"),
        Field("halted", is_sent=False),
    ),
    filters={
        **resource.exactly("customer_id", "product_id"),
        **resource.any_of("status", STATUSES),
        **resource.any_of("source", SOURCES),
        "created_at_gte": (validation.moment, "created_at >= :created_at_gte"),
        "created_at_lte": (validation.moment, "created_at <= :created_at_lte"),
    },
    indexed=("customer_id", "product_id"),
    prepare=_prepare,
)


def made_up(
    random: Random, customers: Sequence[Row], products: Sequence[Row], created_at: datetime
) -> Record:
    """The row of a key with a believable mix of sources, expiries, limits and statuses."""
    source = random.choices(SOURCES, (70, 20, 10))[0]
    is_subscribed = source == "auto" and random.random() < 0.3  # noqa: PLR2004
    lasts = random.choices((None, timedelta(days=30), timedelta(days=7300)), (55, 15, 30))[0]
    ends = None if lasts is None or is_subscribed else created_at + lasts
    made = {
        "id": new_id("lic_", random),
        "business_id": BUSINESS_ID,
        "brand_id": BRAND_ID,
        "created_at": resource.stored(created_at),
        "key": new_key(random),
        "customer_id": random.choice(customers)["customer_id"],
        "product_id": random.choice(products)["product_id"],
        "payment_id": new_id("pay_", random) if source == "auto" else None,
        "subscription_id": new_id("sub_", random) if is_subscribed else None,
        "source": source,
        "activations_limit": random.choice((None, 1, 3, 5, 10)),
        "expires_at": resource.stored(ends),
        "halted": "expired" if is_subscribed and lasts == timedelta(days=30) else None,
    }
    return made | {"halted": "disabled"} if random.random() < 0.1 else made  # noqa: PLR2004

"""License keys, as the newest generation of the API serves them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, TypedDict

from dodo_licenses.mock.resource import (
    MOMENT,
    NEEDED,
    NUMBER,
    Field,
    Filter,
    Record,
    Resource,
    Row,
    any_of,
    business,
    created,
    exactly,
    identifier,
    stored,
)
from dodo_licenses.mock.resources import customers, products
from dodo_licenses.mock.validation import (
    INT32_MAX,
    anything,
    filled_text,
    moment,
    one_of,
    or_null,
    text,
    whole_number,
)
from dodo_licenses.mock.wire import BRAND_ID, BUSINESS_ID, new_id, new_key

if TYPE_CHECKING:
    from dodo_licenses.mock.intake import Intake

STATUSES = ("active", "expired", "disabled")
SOURCES = ("auto", "import", "manual")
limit = or_null(whole_number(0, INT32_MAX))  # null: unlimited
expiry = or_null(moment)  # null: never


class LicenseKeyFields(TypedDict, total=False):
    """What a license key may be given beside its string, in the API's own names."""

    id: str
    business_id: str
    brand_id: str
    customer_id: str
    product_id: str
    payment_id: str | None
    subscription_id: str | None
    source: str
    status: str
    created_at: datetime | str
    expires_at: datetime | str | None
    activations_limit: int | None


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
    name="license_keys",
    singular="license key",
    prepare=_prepare,
    fields=(
        identifier("lic_"),
        business(),
        Field("brand_id", check=filled_text, default=BRAND_ID),
        created(),
        Field("customer_id", check=filled_text, default=customers.DEFAULT_ID, of=customers.CUSTOMERS),
        Field(
            "instances_count",
            NUMBER,
            anything,
            sql="(SELECT count(*) FROM license_key_instances WHERE license_key_id = license_keys.id)",
        ),
        Field("key", check=filled_text, default=NEEDED, is_unique=True),
        Field("payment_id", check=or_null(text)),
        Field("product_id", check=filled_text, default=products.DEFAULT_ID, of=products.PRODUCTS),
        Field("source", check=one_of(*SOURCES), default="import"),
        Field(
            "status",
            check=one_of(*STATUSES),
            sql="coalesce(halted, CASE WHEN expires_at <= :now THEN 'expired' ELSE 'active' END)",
        ),
        Field("activations_limit", NUMBER, limit),
        Field("expires_at", MOMENT, expiry),
        Field("subscription_id", check=or_null(text)),
        Field("halted", is_sent=False),
    ),
    filters={
        "customer_id": exactly("customer_id", is_indexed=True),
        "product_id": exactly("product_id", is_indexed=True),
        "status": any_of("status", *STATUSES),
        "source": any_of("source", *SOURCES),
        "created_at_gte": Filter(moment, "created_at", "created_at >= :created_at_gte"),
        "created_at_lte": Filter(moment, "created_at", "created_at <= :created_at_lte"),
    },
)


def made_up(
    random: Random, customers: Sequence[Row], products: Sequence[Row], created_at: datetime
) -> dict[str, Any]:
    """The row of a key with a believable mix of sources, expiries, limits and statuses."""
    source = random.choices(SOURCES, (70, 20, 10))[0]
    is_subscribed = source == "auto" and random.random() < 0.3  # noqa: PLR2004
    days = random.choices((None, 30, 20 * 365), (55, 15, 30))[0]
    ends = None if days is None or is_subscribed else created_at + timedelta(days=days)
    made = {
        "id": new_id("lic_", random),
        "business_id": BUSINESS_ID,
        "brand_id": BRAND_ID,
        "created_at": stored(created_at),
        "key": new_key(random),
        "customer_id": random.choice(customers)["customer_id"],
        "product_id": random.choice(products)["product_id"],
        "payment_id": new_id("pay_", random) if source == "auto" else None,
        "subscription_id": new_id("sub_", random) if is_subscribed else None,
        "source": source,
        "activations_limit": random.choice((None, 1, 3, 5, 10)),
        "expires_at": stored(ends),
        "halted": "expired" if is_subscribed and days == 30 else None,  # noqa: PLR2004
    }
    return made | {"halted": "disabled"} if random.random() < 0.1 else made  # noqa: PLR2004

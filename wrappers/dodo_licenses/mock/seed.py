"""Made-up data: believable in its mix, plainly fictitious, and the same on every start."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from dodo_licenses.mock import resources
from dodo_licenses.mock.database import Database
from dodo_licenses.mock.resource import Intake, Record, Row, stored
from dodo_licenses.mock.wire import new_id, new_key

UNTIL = date(2025, 12, 31)  # a fixed day, whatever today is
_SPAN = timedelta(days=730)
_KEYS_OF_A_CUSTOMER, _KEYS_FOR_ANOTHER_GRANT = 5, 20
_HOUR = 3_600_000_000  # microseconds
_FIRST_NAMES = ("Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gia", "Hugo", "Ida", "Jon")
_LAST_NAMES = ("Example", "Sample", "Placeholder", "Demo", "Specimen")
_PRODUCTS = ("Demo Editor", "Demo Editor Pro", "Demo Player", "Demo Backup", None)
_DEVICES = ("laptop", "workstation", "build server", "tablet")
_FILE = {
    "file_id": "file_demo",
    "filename": "manual.pdf",
    "download_url": "https://files.example.com/manual.pdf",
    "expires_in": 3600,
}
# What else is granted, beside keys that were delivered: how it is configured, and how it stands.
_OTHERS: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "license_key": ({"activation_message": None, "fulfillment_mode": "manual"}, "Pending"),
    "discord": ({"guild_id": "123456789012345678", "role_id": None}, "Failed"),
    "feature_flag": ({"feature_id": "export", "feature_type": "boolean"}, "Delivered"),
    "github": ({"permission": "pull", "target_id": "demo/editor"}, "Pending"),
    "digital_files": ({"digital_files": {"files": [_FILE]}}, "Delivered"),
    "telegram": ({"chat_id": "-1001234567890"}, "Revoked"),
    "framer": ({"framer_template_id": "demo-template"}, "Delivered"),
    "notion": ({"notion_template_id": "demo-template"}, "Pending"),
    "figma": ({"figma_file_id": "demo-file"}, "Delivered"),
}
_REASONS = {"disabled": "license_key_disabled", "expired": "subscription_expired"}


def fill(db: Database, keys: int, seed: int = 0, until: date = UNTIL) -> None:
    """Replace everything by made-up data, of the two years before a day; no keys, and there is nothing."""
    if keys == 0:
        db.replace({})
        return
    end = datetime(until.year, until.month, until.day, tzinfo=UTC)
    began = end - _SPAN
    random = Random(seed)  # noqa: S311 - made-up data, meant to be repeatable
    intake = Intake(began, random)
    of_grants = Intake(began, Random(f"grants {seed}"))  # noqa: S311 - apart, so that grants change no key

    def entitlement(name: str, kind: str = "license_key", **config: Any) -> Row:
        record = {"name": name, "integration_type": kind, "integration_config": config}
        return of_grants.complete(resources.ENTITLEMENTS, record)

    def product(intake: Intake, name: str | None, carried: Iterable[Row]) -> Row:
        ids = [its["id"] for its in carried]
        record = {"product_id": new_id("pdt_", intake.random), "name": name, "entitlements": ids}
        return intake.complete(resources.PRODUCTS, record)

    others = {kind: entitlement(f"Demo {kind}", kind, **config) for kind, (config, _) in _OTHERS.items()}
    auto = [
        entitlement(f"{name or 'Demo'} license", activations_limit=5, fulfillment_mode="auto")
        for name in _PRODUCTS
    ]
    sold = [
        product(intake, name, [own, *list(others.values())[number + 1 :: len(_PRODUCTS)]])
        for number, (name, own) in enumerate(zip(_PRODUCTS, auto, strict=True))
    ]
    people: list[Row] = [_customer(intake, number) for number in range(max(1, keys // _KEYS_OF_A_CUSTOMER))]

    def keys_of_all() -> Iterator[Row]:
        for number in range(keys):
            # In the order of their numbers, with now and then two at the same moment.
            created_at = began + _SPAN / keys * (number - (number % 40 == 1))
            yield _key(intake, people, sold, created_at)

    # Keys are read back from the database, since a million are too many to hold.
    def instances() -> Iterator[Row]:
        for key in db.every(resources.LICENSE_KEYS):
            most = 3 if key["activations_limit"] is None else min(3, key["activations_limit"])
            for number in range(1, random.randint(0, most) + 1):
                instance = {
                    "id": new_id("lki_", random),
                    "created_at": min(key["created_at"] + number * _HOUR, stored(end)),
                    "license_key_id": key["id"],
                    "name": f"{random.choice(_DEVICES)} {number}",
                }
                yield intake.complete(resources.LICENSE_KEY_INSTANCES, instance)

    entitlement_of = {its["product_id"]: own["id"] for its, own in zip(sold, auto, strict=True)}
    entitlement_of |= {kind: its["id"] for kind, its in others.items()}
    rows: dict[str, Iterable[Row]] = {
        "customers": people,
        "entitlements": [*auto, *others.values()],
        "products": [*sold, product(of_grants, "Demo Site", [others["license_key"]])],
        "license_keys": keys_of_all(),
        "license_key_instances": instances(),
        "grants": _grants(db, of_grants, entitlement_of),
    }
    for its in resources.RESOURCES:
        examples = [of_grants.complete(its, record) for record in its.examples]
        rows[its.name] = itertools.chain(rows.get(its.name, ()), examples)
    db.replace(rows)


def _customer(intake: Intake, number: int) -> Row:
    first, last = intake.random.choice(_FIRST_NAMES), intake.random.choice(_LAST_NAMES)
    customer = {
        "customer_id": new_id("cus_", intake.random),
        "name": f"{first} {last}",
        "email": f"{first}.{last}.{number}@example.com".lower(),
        "metadata": {"plan": "team"} if number % 4 == 0 else {},
    }
    return intake.complete(resources.CUSTOMERS, customer)


def _key(intake: Intake, people: list[Row], products: list[Row], created_at: datetime) -> Row:
    """A key with a believable mix of sources, expiries, limits and statuses."""
    random = intake.random
    source = random.choices(resources.SOURCES, (70, 20, 10))[0]
    is_subscribed = source == "auto" and random.random() < 0.3  # noqa: PLR2004
    lasts = random.choices((None, timedelta(days=30), timedelta(days=7300)), (55, 15, 30))[0]
    key = {
        "id": new_id("lic_", random),
        "created_at": created_at,
        "key": new_key(random),
        "customer_id": random.choice(people)["customer_id"],
        "product_id": random.choice(products)["product_id"],
        "payment_id": new_id("pay_", random) if source == "auto" else None,
        "subscription_id": new_id("sub_", random) if is_subscribed else None,
        "source": source,
        "activations_limit": random.choice((None, 1, 3, 5, 10)),
        "expires_at": None if lasts is None or is_subscribed else created_at + lasts,
        "halted": "expired" if is_subscribed and lasts == timedelta(days=30) else None,
    }
    if random.random() < 0.1:  # noqa: PLR2004
        key["halted"] = "disabled"
    return intake.complete(resources.LICENSE_KEYS, key)


def _grants(db: Database, intake: Intake, entitlement_of: Mapping[str, str]) -> Iterator[Row]:
    """Those of the keys that were sold, revoked where a key was halted; and now and then another.

    The ids of their entitlements go by product, and of the others by what is granted.
    """
    for number, key in enumerate(db.every(resources.LICENSE_KEYS)):
        if key["source"] == "auto":
            ids = {name: key[name] for name in ("customer_id", "payment_id", "subscription_id")}
            ids |= {"entitlement_id": entitlement_of[key["product_id"]], "license_key_id": key["id"]}
            ids["revocation_reason"] = _REASONS.get(key["halted"])
            yield _grant(intake, "Delivered" if key["halted"] is None else "Revoked", key["created_at"], ids)
        if number % _KEYS_FOR_ANOTHER_GRANT == 0:
            kind = list(_OTHERS)[number // _KEYS_FOR_ANOTHER_GRANT % len(_OTHERS)]
            ids = {"entitlement_id": entitlement_of[kind], "customer_id": key["customer_id"]}
            yield _grant(intake, _OTHERS[kind][1], key["created_at"], ids)


def _grant(intake: Intake, status: str, at: int, given: Record) -> Row:
    """A grant as it stands."""
    record: Record = {"payment_id": new_id("pay_", intake.random), **given, "status": status}
    record |= {"created_at": at, "updated_at": at}
    if status == "Revoked":
        record["delivered_at"] = at
    if status == "Failed":
        record |= {"error_code": "permission_denied", "error_message": "The integration refused."}
    return intake.complete(resources.GRANTS, resources.GRANTS.prepare(record, intake))

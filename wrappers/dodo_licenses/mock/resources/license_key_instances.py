"""The activations of license keys."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from dodo_licenses.mock import resource
from dodo_licenses.mock.resource import Field, Intake, Record, Resource, Row
from dodo_licenses.mock.resources.license_keys import LICENSE_KEYS
from dodo_licenses.mock.validation import filled_text, text
from dodo_licenses.mock.wire import new_id

_OF_GRANT = "license_key_id IN (SELECT license_key_id FROM grants WHERE id = :grant_id)"
_DEVICES = ("laptop", "workstation", "build server", "tablet")
_HOUR = 3_600_000_000  # microseconds


def _prepare(record: Record, intake: Intake) -> Record:
    """An instance belongs to the business of its key."""
    key = intake.find(LICENSE_KEYS, record["license_key_id"])
    return record if key is None else {"business_id": key["business_id"], **record}


LICENSE_KEY_INSTANCES = Resource(
    "license_key_instances",
    "license key instance",
    (
        resource.identifier("lki_"),
        resource.BUSINESS,
        resource.CREATED,
        Field("license_key_id", filled_text, resource.NEEDED, of=LICENSE_KEYS),
        Field("name", default="installation"),
    ),
    filters={**resource.exactly("license_key_id"), "grant_id": (text, _OF_GRANT)},
    indexed=("license_key_id",),
    prepare=_prepare,
)


def made_up(random: Random, key: Row, until: int) -> Iterator[Record]:
    """The rows of some instances of a key, none later than `until`."""
    most = 3 if key["activations_limit"] is None else min(3, key["activations_limit"])
    for number in range(1, random.randint(0, most) + 1):
        yield {
            "id": new_id("lki_", random),
            "business_id": key["business_id"],
            "created_at": min(key["created_at"] + number * _HOUR, until),
            "license_key_id": key["id"],
            "name": f"{random.choice(_DEVICES)} {number}",
        }

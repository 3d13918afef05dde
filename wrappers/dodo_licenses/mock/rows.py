"""Between the rows of the store and the API's own shape. No I/O."""

from __future__ import annotations

import secrets
import sqlite3
import string
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from dodo_licenses.mock import rules
from dodo_licenses.mock.rules import KeyState

Row = Mapping[str, Any]

BUSINESS_ID = "bus_DemoBusiness000000000"
BRAND_ID = "bnd_DemoBrand000000000000"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_BASE62 = (string.digits + string.ascii_letters).encode()
_BASE62_OF_BYTE = bytes(_BASE62[byte % len(_BASE62)] for byte in range(256))

_LETTERS = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LETTER_OF_BYTE = bytes(_LETTERS[byte % len(_LETTERS)] for byte in range(256))


def micros(moment: datetime) -> int:
    """A moment as the database keeps it: whole microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(value: int) -> datetime:
    """A moment as the database kept it."""
    return _EPOCH + value * _MICROSECOND


def wire_moment(value: int | None) -> str | None:
    """What the database kept as the API sends it."""
    return None if value is None else wire_moment_of(moment(value))


def wire_moment_of(value: datetime) -> str:
    """A moment as the API sends it: UTC, with a fraction only where there is one."""
    return value.isoformat().replace("+00:00", "Z")


def new_id(prefix: str, random: Random | secrets.SystemRandom) -> str:
    """An id as the vendor makes them: a prefix and 21 characters of base 62."""
    return prefix + random.randbytes(21).translate(_BASE62_OF_BYTE).decode()


def new_key(random: Random | secrets.SystemRandom) -> str:
    """A key's string, plainly made up."""
    letters = random.randbytes(20).translate(_LETTER_OF_BYTE).decode()
    return f"DEMO-{letters[:5]}-{letters[5:10]}-{letters[10:15]}-{letters[15:]}"


def key_state(row: sqlite3.Row) -> KeyState:
    """What the rules have to know of a license key."""
    expires_at = row["expires_at"]
    return KeyState(
        disabled=bool(row["disabled"]),
        expires_at=None if expires_at is None else moment(expires_at),
        activations_limit=row["activations_limit"],
        instances_count=row["instances_count"],
        subscription_id=row["subscription_id"],
    )


def license_key(row: sqlite3.Row, now: datetime) -> dict[str, Any]:
    """A license key as the newest generation of the API serves it."""
    state = key_state(row)
    return {
        "id": row["id"],
        "business_id": row["business_id"],
        "brand_id": row["brand_id"],
        "created_at": wire_moment(row["created_at"]),
        "customer_id": row["customer_id"],
        "instances_count": row["instances_count"],
        "key": row["key"],
        "payment_id": row["payment_id"],
        "product_id": row["product_id"],
        "source": row["source"],
        "status": rules.status(disabled=state.disabled, expires_at=state.expires_at, now=now),
        "activations_limit": row["activations_limit"],
        "expires_at": wire_moment(row["expires_at"]),
        "subscription_id": row["subscription_id"],
    }


def instance(row: sqlite3.Row | Row) -> dict[str, Any]:
    """An instance as the API serves it."""
    return {
        "id": row["id"],
        "business_id": row["business_id"],
        "created_at": wire_moment(row["created_at"]),
        "license_key_id": row["license_key_id"],
        "name": row["name"],
    }

"""What the API sends of what the database keeps: moments, ids, keys; and its no. No I/O."""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

AnyRandom = Random | secrets.SystemRandom

BUSINESS_ID = "bus_DemoBusiness000000000"
BRAND_ID = "bnd_DemoBrand000000000000"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_BASE62_OF_BYTE = ((string.digits + string.ascii_letters).encode() * 5)[:256]
_LETTER_OF_BYTE = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789" * 8


def micros(moment: datetime) -> int:
    """A moment as the database keeps it: whole microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


def sent_moment(value: datetime) -> str:
    """A moment as the API sends it: UTC, with a fraction only where there is one."""
    return value.isoformat().replace("+00:00", "Z")


def sent_micros(value: int) -> str:
    """The same of what the database kept."""
    return sent_moment(_EPOCH + value * _MICROSECOND)


def new_id(prefix: str, random: AnyRandom) -> str:
    """An id as the vendor makes them: a prefix and 21 characters of base 62."""
    return prefix + random.randbytes(21).translate(_BASE62_OF_BYTE).decode()


def new_key(random: AnyRandom) -> str:
    """A key's string, plainly made up."""
    letters = random.randbytes(20).translate(_LETTER_OF_BYTE).decode()
    return f"DEMO-{letters[:5]}-{letters[5:10]}-{letters[10:15]}-{letters[15:]}"


@dataclass(eq=False)
class Refusal(Exception):  # noqa: N818 - the API's answer, not a fault
    """The API says no: a status, and a body of a code and a message."""

    status: int
    code: str
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)


def not_found(singular: str, name: str = "id") -> Refusal:
    """There is none with the id that was asked for."""
    return Refusal(404, "NOT_FOUND", f"There is no {singular} with this {name}.")

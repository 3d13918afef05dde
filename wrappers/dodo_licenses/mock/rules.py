"""What the documentation says license keys do, as decisions about values. No I/O, no state.

Each refusal is the documented status and code; where no code is documented, one in the same style.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

UNLIMITED = None
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Refusal(Exception):  # noqa: N818 - the API's answer, not a fault
    """The API says no: a status, and a body of a code and a message."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] = NO_HEADERS) -> None:
        super().__init__(message)
        self.headers = headers
        self.status = status
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class KeyState:
    """What the rules have to know of a license key."""

    disabled: bool
    expires_at: datetime | None
    activations_limit: int | None
    instances_count: int
    subscription_id: str | None


def status(*, disabled: bool, expires_at: datetime | None, now: datetime) -> str:
    """`active`, `expired` or `disabled`; what the merchant did counts for more than the date."""
    if disabled:
        return "disabled"
    return "expired" if expires_at is not None and expires_at <= now else "active"


def is_valid(key: KeyState, now: datetime) -> bool:
    """Validate without an instance id: the key is active and unexpired."""
    return status(disabled=key.disabled, expires_at=key.expires_at, now=now) == "active"


def check_activation(key: KeyState, now: datetime) -> None:
    """Activation is refused unless the key is `active` and unexpired; a null limit means unlimited."""
    if not is_valid(key, now):
        raise Refusal(403, "INACTIVE_LICENSE_KEY", "The license key is not active.")
    if key.activations_limit is not UNLIMITED and key.instances_count >= key.activations_limit:
        raise Refusal(422, "LICENSE_KEY_LIMIT_REACHED", "All activations of the license key are in use.")


def check_limit(key: KeyState, limit: int | None) -> None:
    """422 for a limit below the current instances."""
    if limit is not UNLIMITED and limit < key.instances_count:
        raise Refusal(
            422,
            "ACTIVATION_LIMIT_LESS_THAN_CURRENT_AMOUNT",
            f"The license key has {key.instances_count} activations, more than {limit}.",
        )


def check_expiry(key: KeyState, expires_at: datetime | None) -> None:
    """A key issued by a subscription has no expiry of its own, and setting one is refused."""
    if expires_at is not None and key.subscription_id is not None:
        raise Refusal(
            400,
            "NO_EXPIRY_ON_SUBSCRIPTION_LICENSE_KEYS",
            "The license key belongs to a subscription and expires with it.",
        )

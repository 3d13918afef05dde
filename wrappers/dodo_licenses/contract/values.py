"""What rules are made over, listings and filters, and what they ask with: moments, ids, strings that look like others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, cast

import click
import pytest
from attrs import fields_dict
from hypothesis import HealthCheck, Phase, settings

from dodo_licenses.contract.settings import Settings
from dodo_licenses_api.operations import OPERATIONS, Operation, Parameter

LISTINGS = [operation for operation in OPERATIONS.values() if operation.items is not None]
FILTERS = {
    listing.id: [p for p in listing.parameters if p.place == "query" and (p.field or p.kind == "identifier")]
    for listing in LISTINGS
}

NAME = "contract test"
ODD_NAME = 'Žofie\'s ノート %_\\ "2" 🖥️'
NO_KEY = "CONTRACT-NO-SUCH-KEY"
_DRAWING = settings(
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.generate),  # no shrinking
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
EAST, WEST = (datetime.strptime(offset, "%z").tzinfo for offset in ("+0530", "-0330"))


def moment(text: str) -> datetime:
    """A date-time of the API."""
    return datetime.fromisoformat(text)


def has_passed(item: Mapping[str, Any]) -> bool:
    """Whether an item's expiry has passed."""
    ends = item.get("expires_at")
    return ends is not None and moment(ends) < datetime.now(UTC)


def far_off(days: float = 400, zone: tzinfo | None = UTC) -> str:
    """A moment that many days ahead."""
    return (datetime.now(zone) + timedelta(days=days)).replace(microsecond=0).isoformat()


def nobody(like: str) -> str:
    """An id of the same kind that nothing has."""
    return f"{like.partition('_')[0]}_{'0' * 22}"


NOWHERE = nobody("lki_")


def unlike(text: str, *, case: bool = True) -> list[str]:
    """Strings that look like it, to a database as well, but aren't it; in another case only if that counts."""
    parts = (text[:-1], f"{text}x", f"{text[:-1]}_", f"{text[:-1]}%", "%", f"{text}' OR '1'='1")
    return [other for other in (*parts, *[text.swapcase()] * case) if other not in ("", text)]


def examples(count: int, steps: int = 50) -> settings:
    """Draw that many values for a rule; a fifth of it where each request has to wait for the rate limit."""
    try:
        few = Settings.read().few
    except click.ClickException:
        few = False  # said elsewhere
    return settings(_DRAWING, max_examples=max(2, count // 5) if few else count, stateful_step_count=steps)


def over(listings: list[Operation[Any]]) -> pytest.MarkDecorator:
    """A rule for each of these."""
    return pytest.mark.parametrize("listing", listings, ids=lambda listing: listing.id)


over_listings = over(LISTINGS)


def noun(listing: Operation[Any]) -> str:
    """What it lists, for a sentence."""
    return listing.id.removeprefix("list_").replace("_", " ").removesuffix("s")


def source_of(listing: Operation[Any], name: str) -> tuple[Operation[Any], str]:
    """The listing that shows values for a parameter of a listing's path, and the field that holds them."""
    above = listing.path.partition(f"/{{{name}}}")[0]
    by_path = sorted(LISTINGS, key=lambda one: one.path != above)
    source = next(one for one in by_path if one.path == above or name in fields_dict(cast(Any, one.items)))
    return source, source.id_field if source.path == above else name


def allows(one: Parameter, item: Mapping[str, Any], value: str) -> bool:
    """Whether an item satisfies a filter, by what the item itself says; True where it doesn't say."""
    if one.field is None or one.field not in item:
        return True
    held = item[one.field]
    if one.name.endswith("_gte"):
        return moment(held) >= moment(value)
    if one.name.endswith("_lte"):
        return moment(held) <= moment(value)
    return str(held).lower() == value.lower() if one.enum else bool(held == value)

"""The command stats: what there is, drawn so that one looks rather than reads."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from dodo_licenses._cli.account import account
from dodo_licenses._cli.options import filters
from dodo_licenses._cli.output import console

if TYPE_CHECKING:
    from rich.console import RenderableType

    from dodo_licenses import DodoPayments, LicenseKey

_SOON = timedelta(days=30)
_MOST_PRODUCTS, _MOST_MONTHS, _MOST_KEYS = 10, 12, 10
_PREFETCH = 8
_BAR = 40
_STYLES = {"active": "green", "expired": "yellow", "disabled": "red"}


@click.command()
@filters
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    help="Default: table on a terminal, json elsewhere.",
)
@account
def stats(client: DodoPayments, /, *, form: str | None, **wanted: Any) -> None:  # noqa: ANN401
    """Count license keys and activations.

    By status, product and month; how many activations are in use, and what expires within 30 days.

    \b
    Examples:
      dodo-licenses stats
      dodo-licenses stats --product-id pdt_123 --format json | jq .by_status
    """
    counted = count(client.license_keys.list(**wanted, prefetch=_PREFETCH), datetime.now(UTC))
    if (form or ("table" if sys.stdout.isatty() else "json")) == "json":
        click.echo(json.dumps(counted, indent=2))
    else:
        _draw(counted)


def count(keys: Iterable[LicenseKey], now: datetime) -> dict[str, Any]:
    """Go over license keys once.

    Args:
        keys: The license keys.
        now: What "soon" counts from.
    """
    by_status: Counter[str] = Counter()
    by_product: Counter[str] = Counter()
    by_month: Counter[str] = Counter()
    in_use = allowed = unlimited = 0
    soon = []
    for key in keys:
        by_status[str(key.status)] += 1
        by_product[key.product_id] += 1
        by_month[f"{key.created_at:%Y-%m}"] += 1
        if key.activations_limit is None:
            unlimited += key.instances_count
        else:
            in_use += key.instances_count
            allowed += key.activations_limit
        if str(key.status) == "active" and key.expires_at is not None and key.expires_at <= now + _SOON:
            soon.append((key.expires_at, key.id, key.customer_id))
    return {
        "license_keys": by_status.total(),
        "by_status": dict(by_status.most_common()),
        "by_product": dict(by_product.most_common()),
        "by_month": dict(sorted(by_month.items())),
        "activations": {"in_use": in_use, "allowed": allowed, "in_use_without_limit": unlimited},
        "expiring_within_30_days": [
            {"expires_at": moment.isoformat(), "id": name, "customer_id": customer}
            for moment, name, customer in sorted(soon)
        ],
    }


def _draw(counted: dict[str, Any]) -> None:
    from rich.table import Table  # noqa: PLC0415 - imported when it is drawn
    from rich.text import Text  # noqa: PLC0415 - the same

    screen = console()
    total = counted["license_keys"]
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column()
    table.add_column(justify="right")
    table.add_column()

    def part(title: str) -> None:
        table.add_row("", "", "")
        table.add_row(Text(title, style="bold"), "", "")

    def row(name: str, number: int, of: int, style: str = "blue") -> None:
        table.add_row(Text(name), f"{number:,}", _bar(number, of, style))

    table.add_row(Text("license keys", style="bold"), f"{total:,}", "")
    part("by status")
    for status, number in counted["by_status"].items():
        row(status, number, total, _STYLES.get(status, "blue"))
    _products(counted["by_product"], part, row)
    part("by month of creation")
    months = list(counted["by_month"].items())[-_MOST_MONTHS:]
    for month, number in months:
        row(month, number, max(number for _, number in months))
    part("activations")
    used = counted["activations"]
    row("in use", used["in_use"], used["allowed"], "green")
    table.add_row("allowed", f"{used['allowed']:,}", "")
    table.add_row("in use, no limit", f"{used['in_use_without_limit']:,}", "")
    soon = counted["expiring_within_30_days"]
    part("expiring within 30 days")
    table.add_row("", f"{len(soon):,}", "")
    for key in soon[:_MOST_KEYS]:
        table.add_row(key["id"], key["expires_at"][:10], Text(key["customer_id"], style="dim"))
    if len(soon) > _MOST_KEYS:
        table.add_row(Text(f"and {len(soon) - _MOST_KEYS:,} more: --format json", style="dim"), "", "")
    screen.print(table)


def _products(by_product: dict[str, int], part: Any, row: Any) -> None:  # noqa: ANN401 - of _draw
    part("by product")
    products = list(by_product.items())
    most = max(by_product.values(), default=0)
    for product, number in products[:_MOST_PRODUCTS]:
        row(product, number, most)
    others = products[_MOST_PRODUCTS:]
    if others:
        row(f"{len(others):,} others", sum(number for _, number in others), most)


def _bar(number: int, of: int, style: str) -> RenderableType:
    from rich.text import Text  # noqa: PLC0415 - imported when it is drawn

    eighths = round(number / of * _BAR * 8) if of else 0
    full, rest = divmod(min(eighths, _BAR * 8), 8)
    return Text("█" * full + ("▏▎▍▌▋▊▉"[rest - 1] if rest else ""), style=style)

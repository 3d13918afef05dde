"""The commands on entitlement grants, which license keys move to: grants list, revoke, fulfill."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from dodo_licenses._cli.account import account
from dodo_licenses._cli.changing import Make, confirmed
from dodo_licenses._cli.options import Command, changes, ids, license_key, limits
from dodo_licenses._cli.output import Output, shown
from dodo_licenses._cli.steps import Step
from dodo_licenses._text import visible

if TYPE_CHECKING:
    from dodo_licenses import DodoPayments

_COLUMNS = ("id", "entitlement_id", "status", "created_at", "customer_id", "integration_type")


@click.group()
def grants() -> None:
    """Work on entitlement grants: list, revoke, fulfill."""


@grants.command("list", cls=Command, filters="list_entitlement_grants")
@click.argument("entitlement_id", required=False)
@click.option("--limit", type=click.IntRange(0), metavar="N", help="Stop after so many.")
@shown(many=True)
@account()
def list_(
    client: DodoPayments,
    /,
    entitlement_id: str | None,
    limit: int | None,
    out: Output,
    **wanted: Any,  # noqa: ANN401 - the filters of the spec
) -> None:
    """List the grants of an entitlement, or of all that give license keys.

    \b
    Example:
      dodo-licenses grants list --status Delivered --demo
    """
    from dodo_licenses_api.models import EntitlementGrant  # noqa: PLC0415 - help does without

    def records() -> Iterator[dict[str, Any]]:
        keys = client.entitlements.list(integration_type="license_key")
        for name in [entitlement_id] if entitlement_id is not None else [one.id for one in keys]:
            for grant in client.entitlements.grants.list(name, **wanted):
                yield grant.to_dict()

    out.many(itertools.islice(records(), limit), EntitlementGrant, _COLUMNS, "grant")


@grants.command(cls=Command)
@click.argument("entitlement_id")
@ids
@confirmed
@account()
def revoke(client: DodoPayments, /, entitlement_id: str, ids: tuple[str, ...], make: Make) -> int:
    """Revoke grants of an entitlement, which disables their license keys; `-` for ids on stdin.

    \b
    Example:
      dodo-licenses grants revoke ent_123 entg_123 --dry-run --demo
    """

    def step(name: str) -> Step:
        def change() -> str:
            client.entitlements.grants.revoke(name, id=entitlement_id)
            return "revoked"

        return Step(visible(name), change)

    return make([step(name) for name in ids], "revoke", "grant")


@grants.command(cls=Command)
@click.argument("grant_id")
@license_key()
@limits
@shown()
@account()
def fulfill(client: DodoPayments, /, grant_id: str, key: str, out: Output, **asked: Any) -> None:  # noqa: ANN401
    """Deliver a license key for a pending grant, and show the grant.

    \b
    Example:
      dodo-licenses grants fulfill entg_123 DEMO-0005 --limit 5
    """
    out.one(client.entitlements.grants.fulfill_license_key(grant_id, key=key, **changes(asked)).to_dict())

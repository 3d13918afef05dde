"""The commands on entitlement grants, which license keys move to: grants list, revoke, fulfill."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import click

from dodo_licenses._cli.account import account
from dodo_licenses._cli.changing import Make, confirmed
from dodo_licenses._cli.options import Command, Group, changes, ids, license_key, limits
from dodo_licenses._cli.output import Output, shown
from dodo_licenses._cli.progress import Step, note
from dodo_licenses._errors import ConflictError
from dodo_licenses._text import visible

if TYPE_CHECKING:
    from dodo_licenses import DodoPayments

_COLUMNS = ("id", "entitlement_id", "status", "created_at", "customer_id", "integration_type")


@click.group(cls=Group)
def grants() -> None:
    """Work on entitlement grants: list, revoke, fulfill."""


@grants.command("list", cls=Command, filters="list_entitlement_grants")
@click.argument("entitlement_id", required=False)
@shown(many=True)
@account()
def list_(client: DodoPayments, /, entitlement_id: str | None, out: Output, **wanted: Any) -> None:  # noqa: ANN401
    """List the grants of an entitlement, or all of license keys.

    \b
    Example:
      dodo-licenses grants list --status Delivered --demo
    """
    from dodo_licenses_api.models import EntitlementGrant  # noqa: PLC0415 - help does without

    all_ = (one.id for one in client.entitlements.list(integration_type="license_key"))
    names = all_ if entitlement_id is None else [entitlement_id]
    found = (one.to_dict() for name in names for one in client.entitlements.grants.list(name, **wanted))
    out.many(found, EntitlementGrant, _COLUMNS, "grant")


@grants.command(cls=Command)
@click.argument("entitlement_id")
@ids
@confirmed
@account()
def revoke(client: DodoPayments, /, entitlement_id: str, ids: tuple[str, ...], make: Make) -> int:
    """Revoke grants of an entitlement.

    This disables their license keys. `-` stands for ids on stdin.

    \b
    Example:
      dodo-licenses grants revoke ent_123 entg_123 --yes --demo
    """
    change = functools.partial(client.entitlements.grants.revoke, id=entitlement_id)
    steps = [Step(visible(name), functools.partial(change, name), "revoked") for name in ids]
    return make(steps, "revoke", "grant")


@grants.command(cls=Command)
@click.argument("grant_id")
@license_key()
@limits
@account()
def fulfill(client: DodoPayments, /, grant_id: str, key: str, **asked: Any) -> None:  # noqa: ANN401
    """Deliver a license key for a pending grant; again does no harm.

    \b
    Example:
      dodo-licenses grants fulfill entg_123 DEMO-0005 --limit 5 --demo
    """
    try:
        client.entitlements.grants.fulfill_license_key(grant_id, key=key, **changes(asked))
    except ConflictError:  # perhaps with a request before, whose answer was lost
        held = (granted.key for granted in client.license_keys.list_granted() if granted.grant.id == grant_id)
        if next(held, None) != key:
            raise
    note(f"fulfilled {grant_id}")

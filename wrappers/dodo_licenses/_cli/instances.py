"""The commands on license key instances: instances, rename-instance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dodo_licenses._cli.account import account
from dodo_licenses._cli.options import formatted
from dodo_licenses._cli.output import show_fields, show_instances

if TYPE_CHECKING:
    from dodo_licenses import DodoPayments


@click.command()
@click.argument("license_key_id", required=False)
@click.option("--limit", type=click.IntRange(0), metavar="N", help="Stop after so many.")
@formatted
@account
def instances(
    client: DodoPayments, /, *, license_key_id: str | None, limit: int | None, form: str | None
) -> None:
    """List activations, newest first.

    Those of one license key, or all.

    \b
    Examples:
      dodo-licenses instances lic_123
      dodo-licenses instances --limit 20
    """
    listing = client.license_key_instances.list(license_key_id=license_key_id, limit=limit)
    show_instances(listing, form)


@click.command("rename-instance")
@click.argument("id")
@click.argument("name")
@formatted
@account
def rename_instance(
    client: DodoPayments,
    /,
    *,
    id: str,  # noqa: A002 - as everywhere
    name: str,
    form: str | None,
) -> None:
    """Give an activation another name, and show it.

    \b
    Example:
      dodo-licenses rename-instance lki_123 "Ada's new laptop"
    """
    show_fields(client.license_key_instances.update(id, name=name).to_dict(), form, whole=True)

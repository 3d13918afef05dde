"""The commands that need no API key: activate, validate, deactivate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dodo_licenses._cli.account import account
from dodo_licenses._cli.options import formatted
from dodo_licenses._cli.output import show_fields

if TYPE_CHECKING:
    from dodo_licenses import DodoPayments

_INVALID = 1


@click.command()
@click.argument("license_key")
@click.argument("name")
@click.option("--expect-product-id", metavar="ID", help="Free the activation again if the key is another's.")
@formatted
@account
def activate(
    client: DodoPayments, /, *, license_key: str, name: str, expect_product_id: str | None, form: str | None
) -> None:
    """Take an activation. Needs no API key.

    \b
    Example:
      dodo-licenses activate DEMO-0001-0002-0003 "Ada's laptop"
    """
    made = client.licenses.activate(license_key=license_key, name=name, expect_product_id=expect_product_id)
    record = made.to_dict()
    customer, product = record.pop("customer", None) or {}, record.pop("product", None) or {}
    record["customer_id"], record["product_id"] = customer.get("customer_id"), product.get("product_id")
    show_fields(record, form, whole=True)


@click.command()
@click.argument("license_key")
@click.option("--instance-id", metavar="ID", help="An activation that must belong to the key, lki_….")
@account
def validate(client: DodoPayments, /, *, license_key: str, instance_id: str | None) -> int:
    """Say whether a license is valid. Needs no API key.

    Exit status 0 where it is, 1 where it isn't.

    \b
    Example:
      dodo-licenses validate DEMO-0001-0002-0003 && ./start
    """
    reply = client.licenses.validate(license_key=license_key, license_key_instance_id=instance_id)
    click.echo("valid" if reply.valid else "invalid")
    return 0 if reply.valid else _INVALID


@click.command()
@click.argument("license_key")
@click.argument("instance_id")
@account
def deactivate(client: DodoPayments, /, *, license_key: str, instance_id: str) -> None:
    """Give an activation back. Needs no API key.

    \b
    Example:
      dodo-licenses deactivate DEMO-0001-0002-0003 lki_123
    """
    client.licenses.deactivate(license_key=license_key, license_key_instance_id=instance_id)
    click.echo(f"deactivated {instance_id}", err=True)

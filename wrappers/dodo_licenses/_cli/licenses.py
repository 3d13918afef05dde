"""The commands that need no API key: activate, validate, deactivate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dodo_licenses._cli.account import account
from dodo_licenses._cli.options import command, license_key
from dodo_licenses._cli.output import Output, shown
from dodo_licenses._cli.progress import note

if TYPE_CHECKING:
    from dodo_licenses import DodoPayments

_INVALID = 1


@command()
@license_key()
@click.argument("name")
@click.option("--expect-product-id", metavar="ID", help="Free the activation again if the key is another's.")
@shown()
@account(needs_key=False)
def activate(
    client: DodoPayments, /, *, key: str, name: str, expect_product_id: str | None, out: Output
) -> None:
    """Take an activation. Needs no API key.

    \b
    Example:
      dodo-licenses activate DEMO-0001-0002-0003 "Ada's phone" --demo
    """
    made = client.licenses.activate(license_key=key, name=name, expect_product_id=expect_product_id)
    record = made.to_dict()
    customer, product = record.pop("customer", None) or {}, record.pop("product", None) or {}
    record["customer_id"], record["product_id"] = customer.get("customer_id"), product.get("product_id")
    out.one(record)


@command()
@license_key(required=False)
@click.option("--instance-id", metavar="ID", help="An activation that must belong to the key, lki_….")
@account(needs_key=False)
def validate(client: DodoPayments, /, *, key: str, instance_id: str | None) -> int:
    """Say whether a license is valid. Needs no API key.

    Exit status 0 where it is, 1 where it isn't.

    \b
    Example:
      dodo-licenses validate DEMO-0001-0002-0003 --demo && echo "let them in"
    """
    reply = client.licenses.validate(license_key=key, license_key_instance_id=instance_id)
    click.echo("valid" if reply.valid else "invalid")
    return 0 if reply.valid else _INVALID


@command()
@license_key()
@click.argument("instance_id")
@account(needs_key=False)
def deactivate(client: DodoPayments, /, *, key: str, instance_id: str) -> None:
    """Give an activation back. Needs no API key.

    \b
    Example:
      dodo-licenses deactivate DEMO-0001-0002-0003 lki_123 --demo
    """
    client.licenses.deactivate(license_key=key, license_key_instance_id=instance_id)
    note(f"deactivated {instance_id}")

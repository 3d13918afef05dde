"""The API's operations as commands: list, get, update, instances, activate, validate, deactivate."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from dodo_licenses._cli.account import account
from dodo_licenses._cli.options import changes, command, ids, license_key, limits
from dodo_licenses._cli.output import INSTANCES, KEYS, Output, shown
from dodo_licenses._cli.progress import note, read

if TYPE_CHECKING:
    from dodo_licenses import DodoPayments, LicenseKey

_PREFETCH = 4
_limit = click.option("--limit", type=click.IntRange(0), metavar="N", help="Stop after so many.")


@command("list", filters="list_license_keys")
@_limit
@shown(many=True)
@account()
def list_(client: DodoPayments, /, limit: int | None, out: Output, **wanted: Any) -> None:  # noqa: ANN401
    """List license keys, every one.

    \b
    Examples:
      dodo-licenses list --demo --status active --limit 20
      dodo-licenses list --demo --created-at-gte 2026-01-01 --format csv
      dodo-licenses list --demo --columns id,customer_id,expires_at
      dodo-licenses list --demo --output keys.csv
      dodo-licenses list --demo | jq -r .status | sort | uniq -c
    """
    from dodo_licenses import LicenseKey  # noqa: PLC0415 - help does without

    first, last = wanted["created_at_gte"], wanted["created_at_lte"]
    if first is not None and last is not None and first > last:
        raise click.UsageError("--created-at-gte is after --created-at-lte: nothing is in between.")
    listing = client.license_keys.list(**wanted, limit=limit, prefetch=_PREFETCH if limit is None else 0)
    keys = listing if out.to is None else read(listing, "license key")
    out.many((key.to_dict() for key in keys), LicenseKey, KEYS, "license key")


@command()
@ids
@shown()
@account()
def get(client: DodoPayments, /, ids: tuple[str, ...], out: Output) -> None:
    """Show license keys by their ids; `-` for ids on stdin.

    For the string that a customer has there is lookup.

    \b
    Examples:
      dodo-licenses get lic_123 --demo
      echo lic_123 | dodo-licenses get - --format csv --demo
    """
    _show((client.license_keys.retrieve(name) for name in ids), ids, out)


@command()
@ids
@limits
@shown()
@account()
def update(client: DodoPayments, /, ids: tuple[str, ...], out: Output, **asked: Any) -> None:  # noqa: ANN401
    """Change how far license keys may be used, and show them.

    To switch them off and on there are disable and enable.

    \b
    Examples:
      dodo-licenses update lic_123 --limit 5 --expires 2027-01-31 --demo
      dodo-licenses update lic_123 --limit none --expires never --demo
    """
    if not (wanted := changes(asked)):
        raise click.UsageError("Say what to change: --limit or --expires.")
    _show((client.license_keys.update(name, **wanted) for name in ids), ids, out)


def _show(keys: Iterable[LicenseKey], ids: tuple[str, ...], out: Output) -> None:
    """Show license keys; one alone with all its fields, each on a line."""
    from dodo_licenses import LicenseKey  # noqa: PLC0415 - help does without

    records = (key.to_dict() for key in keys)
    if out.form == "table" and len(ids) == 1:
        out.one(next(records))
    else:
        out.many(records, LicenseKey, KEYS, "license key")


@command(filters="list_license_key_instances")
@_limit
@shown(many=True)
@account()
def instances(client: DodoPayments, /, limit: int | None, out: Output, **wanted: Any) -> None:  # noqa: ANN401
    """List activations, of one license key or of all.

    \b
    Examples:
      dodo-licenses instances --license-key-id lic_123 --demo
      dodo-licenses instances --limit 20 --demo
    """
    from dodo_licenses import LicenseKeyInstance  # noqa: PLC0415 - help does without

    listing = client.license_key_instances.list(**wanted, limit=limit)
    found = out.many((one.to_dict() for one in listing), LicenseKeyInstance, INSTANCES, "activation")
    if not found and limit != 0 and wanted["license_key_id"] is not None:
        client.license_keys.retrieve(wanted["license_key_id"])  # raises where there is no such key


@command()
@license_key()
@click.argument("name")
@click.option("--expect-product-id", metavar="ID", help="Free the activation again if the key is another's.")
@shown()
@account(needs_key=False)
def activate(
    client: DodoPayments, /, key: str, name: str, expect_product_id: str | None, out: Output
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
    return 0 if reply.valid else 1


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

"""The API's operations as commands: list, update, instances, activate, validate, deactivate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from dodo_licenses._cli.account import account
from dodo_licenses._cli.lookup import PREFETCH
from dodo_licenses._cli.options import changes, command, ids, license_key, limits
from dodo_licenses._cli.output import INSTANCES, KEYS, Output, shown
from dodo_licenses._cli.progress import note, read
from dodo_licenses._text import visible

if TYPE_CHECKING:
    from dodo_licenses import DodoPayments

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
      dodo-licenses list --demo --columns id,customer_id --output keys.csv
      dodo-licenses list --demo | jq -r .status | sort | uniq -c
    """
    from dodo_licenses import LicenseKey  # noqa: PLC0415 - help does without

    first, last = wanted["created_at_gte"], wanted["created_at_lte"]
    if first is not None and last is not None and first > last:
        raise click.UsageError("--created-at-gte is after --created-at-lte: nothing is in between.")
    listing = client.license_keys.list(**wanted, limit=limit, prefetch=PREFETCH if limit is None else 0)
    keys = listing if out.to is None else read(listing, "license key")
    out.many((key.to_dict() for key in keys), LicenseKey, KEYS, "license key")


@command()
@ids
@limits
@shown()
@account()
def update(client: DodoPayments, /, ids: tuple[str, ...], out: Output, **asked: Any) -> None:  # noqa: ANN401
    """Change limit and expiry of license keys, and show them.

    `-` stands for ids on stdin.

    \b
    Example:
      dodo-licenses update lic_123 --limit none --expires never --demo
    """
    from dodo_licenses import LicenseKey  # noqa: PLC0415 - help does without

    if not (wanted := changes(asked)):
        raise click.UsageError("Say what to change: --limit or --expires.")
    changed = (client.license_keys.update(name, **wanted).to_dict() for name in ids)
    out.many(changed, LicenseKey, KEYS, "license key")


@command(filters="list_license_key_instances")
@_limit
@shown(many=True)
@account()
def instances(client: DodoPayments, /, limit: int | None, out: Output, **wanted: Any) -> None:  # noqa: ANN401
    """List activations, of one license key or of all.

    \b
    Example:
      dodo-licenses instances --license-key-id lic_123 --demo
    """
    from dodo_licenses import LicenseKeyInstance  # noqa: PLC0415 - help does without

    listing = client.license_key_instances.list(**wanted, limit=limit)
    found = out.many((one.to_dict() for one in listing), LicenseKeyInstance, INSTANCES, "activation")
    if not found and limit != 0 and wanted["license_key_id"] is not None:
        client.license_keys.retrieve(wanted["license_key_id"])  # raises where there is no such key


@command()
@license_key()
@click.argument("name")
@account(needs_key=False)
def activate(client: DodoPayments, /, *, key: str, name: str) -> None:
    """Take an activation, and print its id. Needs no API key.

    \b
    Example:
      dodo-licenses activate DEMO-0001-0002-0003 "Ada's phone" --demo
    """
    click.echo(visible(client.licenses.activate(license_key=key, name=name).id))


@command()
@license_key(required=False)
@click.option("--instance-id", metavar="ID", help="An activation that must belong to the key, lki_….")
@account(needs_key=False)
def validate(client: DodoPayments, /, *, key: str, instance_id: str | None) -> int:
    """Say whether a license is valid; exit status 1 where it isn't. Needs no API key.

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

"""The commands on license keys: list, get, update."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from dodo_licenses._cli import output
from dodo_licenses._cli.account import account
from dodo_licenses._cli.options import filters, given, limits, shown
from dodo_licenses._cli.output import show_fields
from dodo_licenses._errors import DodoPaymentsError

if TYPE_CHECKING:
    from dodo_licenses import DodoPayments


@click.command("list")
@filters
@click.option("--limit", type=click.IntRange(0), metavar="N", help="Stop after so many keys.")
@click.option(
    "--page-size",
    type=click.IntRange(1, 100),
    default=100,
    show_default=True,
    metavar="N",
    help="Keys asked for at once, 1 to 100.",
)
@shown
@account
def list_(
    client: DodoPayments,
    /,
    *,
    form: str | None,
    show_keys: bool,
    **wanted: Any,  # noqa: ANN401
) -> None:
    """List license keys, newest first.

    \b
    Examples:
      dodo-licenses list --status active --customer-id cus_123
      dodo-licenses list --created-at-gte 2026-01-01 --format csv > keys.csv
      dodo-licenses list --format ndjson | jq -r .id
    """
    output.show_keys(client.license_keys.list(**wanted), form, whole=show_keys)


@click.command()
@click.argument("id", required=False)
@click.option("--key", metavar="STRING", help="Look for the key with this string instead.")
@shown
@account
def get(
    client: DodoPayments,
    /,
    *,
    id: str | None,  # noqa: A002 - as everywhere
    key: str | None,
    form: str | None,
    show_keys: bool,
) -> None:
    """Show one license key, by its id or its string.

    Looking for a string goes through the whole listing, since the API has no such filter.

    \b
    Examples:
      dodo-licenses get lic_123
      dodo-licenses get --key DEMO-0001-0002-0003
    """
    if (id is None) == (key is None):
        raise click.UsageError("Give either an ID or --key.")
    if key is not None:
        found = client.license_keys.find(key=key)
        if found is None:
            raise DodoPaymentsError("no license key has this string: look at `dodo-licenses list`")
    else:
        found = client.license_keys.retrieve(str(id))
    show_fields(found.to_dict(), form, whole=show_keys)


@click.command()
@click.argument("id")
@click.option("--disable/--enable", "disabled", default=None, help="Switch the key off or on.")
@limits
@shown
@account
def update(
    client: DodoPayments,
    /,
    *,
    id: str,  # noqa: A002 - as everywhere
    disabled: bool | None,
    activations_limit: int | str | None,
    expires_at: datetime | str | None,
    form: str | None,
    show_keys: bool,
) -> None:
    """Change a license key, and show it as it is then.

    \b
    Examples:
      dodo-licenses update lic_123 --disable
      dodo-licenses update lic_123 --limit 5 --expires 2027-01-31
      dodo-licenses update lic_123 --limit none --expires none
    """
    changes: dict[str, Any] = {}
    if disabled is not None:
        changes["disabled"] = disabled
    if activations_limit is not None:
        changes["activations_limit"] = given(activations_limit)
    if expires_at is not None:
        changes["expires_at"] = given(expires_at)
    if not changes:
        raise click.UsageError("Say what to change: --disable, --enable, --limit or --expires.")
    show_fields(client.license_keys.update(id, **changes).to_dict(), form, whole=show_keys)

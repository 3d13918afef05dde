"""The command lookup: what a customer's key is, whether it is good, and where it is in use."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from dodo_licenses._cli.account import account, now
from dodo_licenses._cli.options import command, license_key
from dodo_licenses._cli.output import INSTANCES, KEYS, Output, draw_table, shown
from dodo_licenses._cli.progress import read
from dodo_licenses._errors import DodoPaymentsError, NotFoundError

if TYPE_CHECKING:
    from dodo_licenses import DodoPayments, LicenseKey

PREFETCH = 4
_ON_A_SCREEN = 15
_FEW = 20

within_customer = click.option(
    "--customer-id", "--customer", metavar="ID", help="Look only among this customer's keys: quicker."
)
_SCREEN = ("key", "id", "status", "why", *KEYS[3:])


def matching(client: DodoPayments, words: Collection[str], filters: dict[str, Any]) -> Iterator[LicenseKey]:
    """The license keys that have one of these ids or strings; without any words, all.

    A few ids are asked for one by one; strings, and many ids, take a walk through the listing until all are
    found. None leaves it meanwhile, since no status is asked for.
    """
    wanted = set(words)
    if len(wanted) <= _FEW:
        for word in sorted(word for word in wanted if word.startswith("lic_")):
            wanted.remove(word)
            with suppress(NotFoundError):
                yield client.license_keys.retrieve(word)
        if words and not wanted:
            return
    for key in read(client.license_keys.list(**filters, prefetch=PREFETCH), "license key"):
        found = wanted & {key.id, key.key.strip()}
        if found or not words:
            yield key
        wanted -= found
        if words and not wanted:
            return


def the_key(client: DodoPayments, word: str, customer_id: str | None) -> LicenseKey:
    """The license key with this id or string, blanks around it ignored; an error where there is none."""
    for key in matching(client, [word.strip()], {"customer_id": customer_id}):
        if customer_id in (None, key.customer_id):
            return key
    whose = "this customer has no license key" if customer_id is not None else "there is no license key"
    raise DodoPaymentsError(f"{whose} with this string or id; is it of another --environment?")


@command()
@license_key(required=False)
@within_customer
@shown()
@account()
def lookup(client: DodoPayments, /, key: str, customer_id: str | None, out: Output) -> None:
    """Look up a license key: is it good, why, and on which devices.

    By its string, as customers know it, or by its id. Without KEY it is asked for, and not shown; `-` reads
    it from stdin. A string is looked for among all keys, newest first, 100 at a request.

    \b
    Examples:
      dodo-licenses lookup DEMO-0001-0002-0003 --customer-id cus_123 --demo
      echo DEMO-0001-0002-0003 | dodo-licenses lookup - --format json --demo
    """
    from dodo_licenses import LicenseKey  # noqa: PLC0415 - help does without

    out.chosen(LicenseKey, "valid", "why", "license_key_instances")  # before a walk through all keys
    found = the_key(client, key, customer_id)
    valid = client.licenses.validate(license_key=found.key).valid
    devices = [device.to_dict() for device in client.license_key_instances.list(license_key_id=found.id)]
    why = reason(found, now(), is_valid=valid)
    out.one({**found.to_dict(), "valid": valid, "why": why, "license_key_instances": devices}, _SCREEN)
    if out.form == "table" and devices and not out.columns:
        click.echo()
        draw_table(devices[:_ON_A_SCREEN], INSTANCES[:3], whole=True)
        if (more := len(devices) - _ON_A_SCREEN) > 0:
            click.echo(f"and {more:,} more: dodo-licenses instances --license-key-id {found.id}")


def reason(key: LicenseKey, at: datetime, *, is_valid: bool) -> str:
    """Why a license key is good at a time, or is not; and whether the API says that it is valid."""
    status = str(key.status)
    if status == "disabled":
        return "switched off, by hand or after a refund; `dodo-licenses enable` switches it on"
    if status == "expired" or (key.expires_at is not None and key.expires_at <= at):
        return "it has expired" + ("" if key.expires_at is None else f", on {key.expires_at:%Y-%m-%d}")
    if not is_valid:
        return "the API says that it is not valid, and not why"
    until = "and never expires" if key.expires_at is None else f"until {key.expires_at:%Y-%m-%d}"
    is_full = key.activations_limit is not None and key.instances_count >= key.activations_limit
    return f"good {until}" + (", but every seat is taken: free one for another device" if is_full else "")

"""The commands that change many at once, seen before and confirmed: free, disable, enable."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Sequence
from typing import IO, TYPE_CHECKING, Any

import click

from dodo_licenses._cli.account import account, now
from dodo_licenses._cli.lookup import matching, the_key, within_customer
from dodo_licenses._cli.options import command, duration, license_key, read_words
from dodo_licenses._cli.progress import Step, note, plural, work
from dodo_licenses._cli.text import masked, quoted
from dodo_licenses._errors import DodoPaymentsError
from dodo_licenses._text import visible

if TYPE_CHECKING:
    from dodo_licenses import DodoPayments, LicenseKey, LicenseKeyInstance

Make = Callable[[Sequence[Step], str, str], int]


def confirmed(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options `--dry-run` and `--yes`, and as `make` what makes changes by them."""

    @click.option("--dry-run", is_flag=True, help="Say what it would do, and do nothing.")
    @click.option("-y", "--yes", is_flag=True, help="Don't ask before.")
    @functools.wraps(command)
    def asked(*args: Any, dry_run: bool, yes: bool, **given: Any) -> Any:  # noqa: ANN401
        if dry_run and yes:
            raise click.UsageError("Give --dry-run or --yes, not both.")
        if not dry_run and not yes and not sys.stdin.isatty():
            raise click.UsageError("Nobody is there to confirm: look with --dry-run, then add --yes.")

        def make(steps: Sequence[Step], doing: str, unit: str) -> int:
            title = f"{doing} {plural(len(steps), unit)}"
            if not yes:
                for step in steps:
                    click.echo(f"would {doing}\t{step.about}", err=not dry_run)
            if dry_run:
                note(f"would {title}")
                return 0
            if steps and not yes and not click.confirm(f"{title.capitalize()}?", err=True):
                note("nothing was changed")
                return 1
            return work(steps, title, lambda _: "the same command goes on: it leaves out what is done", {})

        return command(*args, make=make, **given)

    return asked


@command()
@license_key(required=False)
@click.option("--device", metavar="NAME", help="The device of this name, or with this id, lki_….")
@click.option("--all", "every", is_flag=True, help="Every device.")
@click.option("--older-than", type=duration, metavar="AGE", help="Those activated before: 36h, 90d, 12w.")
@within_customer
@confirmed
@account()
def free(client: DodoPayments, /, key: str, customer_id: str | None, make: Make, **which: Any) -> int:  # noqa: ANN401
    """Free seats of a license key, after showing which.

    \b
    Examples:
      dodo-licenses free DEMO-0001-0002-0003 --device "Ada's laptop" --yes --demo
      dodo-licenses free DEMO-0001-0002-0003 --older-than 90d --dry-run --demo
    """
    device, older_than = which["device"], which["older_than"]
    if (device is not None) + which["every"] + (older_than is not None) != 1:
        raise click.UsageError("Say which seats, in one way: --device, --all or --older-than.")
    found = the_key(client, key, customer_id)
    devices = list(client.license_key_instances.list(license_key_id=found.id))
    before = None if older_than is None else now() - older_than

    def is_chosen(one: LicenseKeyInstance) -> bool:
        is_old = before is not None and one.created_at < before
        return which["every"] or is_old or device in (one.name, one.id)

    deactivate = functools.partial(client.licenses.deactivate, license_key=found.key)
    steps = [
        Step(
            f"{visible(one.id)}\t{one.created_at:%Y-%m-%d}\t{visible(one.name)}",
            functools.partial(deactivate, license_key_instance_id=one.id),
            "freed",
        )
        for one in devices
        if is_chosen(one)
    ]
    if device is not None and not steps:
        names = ", ".join(quoted(one.name) for one in devices) or "none"
        raise DodoPaymentsError(f"the license key has no device {quoted(device)}; it has: {names}")
    return make(steps, "free", "seat")


def _switch(doing: str, *, off: bool) -> click.Command:
    """The command that disables license keys, or the one that enables them."""
    done, file = f"{doing}d", click.File(errors="replace")

    @command(
        doing,
        help=f"""{doing.capitalize()} license keys, by string or id, or all of a product.

        They are gathered first, counted and confirmed. Interrupted, the same command goes on: it leaves out
        those that are {done} already.

        \b
        Examples:
          dodo-licenses {doing} --product-id pdt_123 --dry-run --demo
          dodo-licenses list --demo | jq -r .id | dodo-licenses {doing} --ids - --yes --demo
        """,
    )
    @click.argument("keys", nargs=-1, metavar="[KEY]...")
    @click.option("--ids", type=file, metavar="FILE", help="Those with these ids; - is stdin.")
    @click.option("--product-id", metavar="ID", help="All license keys of this product.")
    @confirmed
    @account()
    def switch(
        client: DodoPayments, /, keys: Sequence[str], ids: IO[str] | None, product_id: str | None, make: Make
    ) -> int:
        if bool(keys) + (ids is not None) + (product_id is not None) != 1:
            raise click.UsageError("Say which license keys, in one way: KEY..., --ids or --product-id.")
        words = read_words(keys if ids is None else ids.read().split())
        found: dict[str, LicenseKey] = {}
        if words or product_id is not None:
            found = {key.id: key for key in matching(client, words, {"product_id": product_id})}
        if product_id is not None and not found:
            raise DodoPaymentsError(f"there is no license key of the product {quoted(product_id)}")
        known = {name for key in found.values() for name in (key.id, key.key.strip())}
        missing = [word for word in words if word not in known]
        for word in missing:
            click.echo(f"unknown\t{quoted(word) if word.startswith('lic_') else masked(word)}")
        steps = [
            Step(
                f"{visible(key.id)}\t{masked(key.key)}\t{visible(key.customer_id)}",
                functools.partial(client.license_keys.update, key.id, disabled=off),
                done,
            )
            for key in found.values()
            if (str(key.status) == "disabled") != off
        ]
        if len(steps) < len(found):
            note(f"{done} already: {plural(len(found) - len(steps), 'license key')}")
        return max(make(steps, doing, "license key"), 1 if missing else 0)

    return switch


disable = _switch("disable", off=True)
enable = _switch("enable", off=False)

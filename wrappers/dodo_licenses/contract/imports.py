"""What writing rules do: import license keys, use those, and disable them at the end."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from secrets import token_hex
from typing import Any

from dodo_licenses.contract.findings import NoDataError
from dodo_licenses.contract.gate import MARK
from dodo_licenses.contract.server import INSTANCES, LICENSE_KEYS, Item, Reply, Server, moment, nobody
from dodo_licenses.contract.settings import Settings
from dodo_licenses_api import operations as api

NOWHERE = nobody("lki_")
NAME = "contract test"


def far_off(days: float = 400, zone: tzinfo = UTC) -> str:
    """A moment that many days ahead."""
    return (datetime.now(zone) + timedelta(days=days)).replace(microsecond=0).isoformat()


def same(name: str, one: Any, other: Any) -> bool:
    """Whether two values of a field say the same: one moment may be written in two ways."""
    if name.endswith("_at") and isinstance(one, str) and isinstance(other, str):
        return moment(one) == moment(other)
    return bool(one == other)


@dataclass
class Account:
    """Whom license keys are imported for, and what is done with them.

    Attributes:
        server: The server.
        owners: Pairs of customer and product; with two, rules about two owners are judged.
    """

    server: Server
    owners: list[tuple[str, str]]

    @classmethod
    def of(cls, server: Server) -> Account:
        """The owners given; on this machine, those of listed keys."""
        told = server.settings
        if told.customers and told.product:
            return cls(server, [(customer, told.product) for customer in told.customers])
        try:
            listed = {key["customer_id"]: key["product_id"] for key in server.keys}
        except (NoDataError, AssertionError, LookupError, TypeError):
            listed = {}
        server.found = []  # what is wrong with the listing is for the rules to tell
        return cls(server, list(listed.items())[:2] or [("cus_unknown", "pdt_unknown")])

    def other_owner(self) -> tuple[str, str]:
        """The second owner.

        Raises:
            NoDataError: There is one only.
        """
        if len(self.owners) < 2:  # noqa: PLR2004
            raise NoDataError("no second customer: --customer twice")
        return self.owners[1]

    # --- steps ---------------------------------------------------------------------------------------

    def new_key(self) -> str:
        """The string of a license key that anybody recognises as this suite's."""
        return f"{MARK}{self.server.settings.run}-{token_hex(8)}"

    def import_key(self, *, owner: tuple[str, str] | None = None, **fields: Any) -> Reply:
        """Import a license key."""
        customer_id, product_id = owner or self.owners[0]
        body = {"customer_id": customer_id, "product_id": product_id, "key": self.new_key(), **fields}
        return self.server.ask(api.CREATE_LICENSE_KEY, json=body, expect=(200, 201), says="a key is imported")

    def update(self, key: Reply, **changes: Any) -> Reply:
        """Change a key, which succeeds."""
        return self.server.ask(
            api.UPDATE_LICENSE_KEY, key["id"], json=changes, expect=200, says="a change is made"
        )

    def refused(self, key: Reply, **changes: Any) -> Reply:
        """Ask for a change that may be refused."""
        return self.server.ask(api.UPDATE_LICENSE_KEY, key["id"], json=changes)

    def retrieve(self, key: Reply) -> Reply:
        """A key as it is now."""
        return self.server.ask(api.RETRIEVE_LICENSE_KEY, key["id"], expect=200)

    def activate(self, key: Reply, name: str = NAME) -> Reply:
        """Ask for an activation."""
        return self.server.ask(api.ACTIVATE_LICENSE, json={"license_key": key["key"], "name": name})

    def activated(self, key: Reply, name: str = NAME) -> Reply:
        """An activation, which succeeds."""
        reply = self.activate(key, name)
        reply.must(reply.status == 201, "an active key with an activation left is activated: 201")  # noqa: PLR2004
        return reply

    def deactivate(self, key: Reply, instance_id: str) -> Reply:
        """Ask for an activation to be released."""
        body = {"license_key": key["key"], "license_key_instance_id": instance_id}
        return self.server.ask(api.DEACTIVATE_LICENSE, json=body)

    def valid(self, key: Reply, instance_id: str | None = None) -> Reply:
        """Validate."""
        body = {"license_key": key["key"]}
        if instance_id is not None:
            body["license_key_instance_id"] = instance_id
        return self.server.ask(api.VALIDATE_LICENSE, json=body, expect=200)

    def validates(self, key: Reply, holds: bool, says: str, instance_id: str | None = None) -> None:
        """Validate, and it is as it should be."""
        reply = self.valid(key, instance_id)
        reply.must(reply["valid"] is holds, says)

    def instances(self, key: Reply) -> list[Item]:
        """The instances of a key."""
        return self.server.read_all(INSTANCES, {"license_key_id": key["id"]})[0]

    def counts(self, key: Reply, wanted: int) -> None:
        """`instances_count` and the listing of instances agree."""
        reply = self.retrieve(key)
        reply.must(reply["instances_count"] == wanted, "instances_count is the live number of activations")
        page = self.server.page(INSTANCES, {"license_key_id": key["id"], "page_size": 100})
        page.must(len(page.items) == min(100, wanted), "the live activations are listed")

    @contextmanager
    def unchanged(self, key: Reply, *but: str) -> Iterator[None]:
        """Whatever happens inside changes nothing of the key but what is named."""
        before = self.retrieve(key)
        yield
        after = self.retrieve(key)
        for name, value in before.body.items():
            if name not in but:
                after.must(same(name, after.body.get(name), value), f"what nobody changes stays: {name}")

    # --- cleaning up ---------------------------------------------------------------------------------

    def sweep(self) -> None:
        """Disable what a run left behind that was killed."""
        mine = f"{MARK}{self.server.settings.run}-"
        try:
            found = [key for owner in self.owners for key in self._listed(owner[0])]
        except (NoDataError, AssertionError, LookupError, TypeError):
            return  # whatever is wrong with the listing is for the rules to tell
        for key in found:
            left = str(key.get("key", "")).startswith(MARK) and not str(key["key"]).startswith(mine)
            if left and key.get("status") != "disabled":
                self.server.gate.own(str(key["id"]))
                self.server.disable(str(key["id"]))

    def _listed(self, customer_id: str) -> list[Item]:
        items, _ = self.server.read_all(LICENSE_KEYS, {"customer_id": customer_id})
        self.server.found = []
        return items


def clean_up(settings: Settings) -> list[str]:
    """Disable what a run imported, by requests that judge nothing; the ids of those that would not be."""
    left = []
    for journal in settings.out.glob("imported-*.txt"):
        noted = dict.fromkeys(json.loads(line)[0] for line in journal.read_text().splitlines())
        with contextlib.closing(Server(settings)) as server:
            server.gate.own(*noted)
            still = [name for name in noted if not server.disable(name)]
        journal.write_text("".join(json.dumps([name]) + "\n" for name in still))
        left += still
    return left

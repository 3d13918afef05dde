"""License keys of the run's own: imported, changed, checked against what they must be by now, disabled at the end."""

from __future__ import annotations

import contextlib
import re
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any

import pytest

from dodo_licenses.contract.findings import Disagreement
from dodo_licenses.contract.gate import MARK
from dodo_licenses.contract.server import LARGEST_PAGE, MALFORMED, Item, Reply, Server
from dodo_licenses.contract.values import FILTERS, NAME, has_passed, moment
from dodo_licenses_api import operations as api

INACTIVE, FULL = "INACTIVE_LICENSE_KEY", "LICENSE_KEY_LIMIT_REACHED"
TOO_LOW, NO_EXPIRY = "ACTIVATION_LIMIT_LESS_THAN_CURRENT_AMOUNT", "NO_EXPIRY_ON_SUBSCRIPTION_LICENSE_KEYS"
PLAIN = re.compile("[A-Za-z0-9 ]{1,50}")  # names and keys that no server has a reason to refuse
Owner = dict[str, str]


class Account:
    """Whom license keys are imported for: `owners` are a customer and a product each, two if there are two."""

    def __init__(self, server: Server) -> None:
        self.server, told = server, server.settings
        products = dict.fromkeys(told.customer, told.product)
        if not (told.customer and told.product):
            with contextlib.suppress(AssertionError, LookupError, TypeError):  # which other rules tell
                products = {
                    key["customer_id"]: key["product_id"] for key in server.items(api.LIST_LICENSE_KEYS)
                }
        found = [{"customer_id": name, "product_id": of} for name, of in products.items()]
        self.owners: list[Owner] = found[:2] or pytest.skip("nobody to import for: --customer, --product")
        first = found[0]["product_id"]
        # The first customer, with another product if there is one.
        self.same_owner = found[0] | {"product_id": next((p for p in products.values() if p != first), first)}

    def new_key(self) -> str:
        """A string that anybody recognises as this suite's, and that is no license key until it is imported."""
        text = f"{MARK}{token_hex(10).upper()}"  # what case others keep is open
        reply = self.server.ask(api.VALIDATE_LICENSE, json={"license_key": text}, expect=200)
        reply.must(reply["valid"] is False, "valid is False: nobody has imported the key")
        return text

    def imported(self, owner: Owner | None = None, **fields: Any) -> Key:
        """A license key of its own for a rule."""
        told = {**self.owners[0], **(owner or {}), "key": self.new_key(), **fields}
        reply = self.server.ask(api.CREATE_LICENSE_KEY, json=told, expect=(200, 201), why="a key is imported")
        made = {"status": "active", "instances_count": 0, "payment_id": None, **told}
        reply.shows("an imported key is as it was given", made)
        reply.must(reply.body.get("source") in (None, "import"), "an imported key has the source import")
        age = abs(datetime.now(UTC) - moment(reply["created_at"]))
        reply.must(age < timedelta(minutes=20), "created_at is now, in UTC")
        key = Key(self.server, reply, fields.get("activations_limit"), fields.get("expires_at"))
        key.check().shows("retrieve gives what create gave", reply.body)
        return key


class Key:
    """A license key, and what it must be by now: each step checks the reply, and all that can be seen of the key."""

    def __init__(
        self, server: Server, reply: Reply | Item, limit: int | None, expires_at: str | None
    ) -> None:
        self.server = server
        self.id, self.text, self.customer_id = (str(reply[name]) for name in ("id", "key", "customer_id"))
        self._owner = {name: reply[name] for name in ("business_id", "customer_id", "product_id")}
        self.created_at = str(reply["created_at"])
        self.limit, self.expires_at, self.disabled = limit, expires_at, False
        self.instances: dict[str, str] = {}  # the name of each live activation, by its id
        self.gone: list[str] = []
        self._ended = False

    @classmethod
    def listed(cls, server: Server, item: Item) -> Key:
        """One that was there before, as the list shows it."""
        key = cls(server, item, item.get("activations_limit"), item.get("expires_at"))
        key.disabled, key._ended = item["status"] == "disabled", item["status"] == "expired"
        instances = server.read(api.LIST_LICENSE_KEY_INSTANCES, {"license_key_id": key.id}, most=1).items
        key.instances = {instance["id"]: instance["name"] for instance in instances}
        return key

    @property
    def is_over(self) -> bool:
        """Whether it expired, or its subscription ended."""
        return self._ended or has_passed({"expires_at": self.expires_at})

    @property
    def status(self) -> str:
        """Its status; while an expiry has passed, what is shown may lag behind."""
        return "disabled" if self.disabled else "expired" if self.is_over else "active"

    def activate(self, name: str = NAME) -> Reply:
        """Ask for an activation."""
        reply = self.server.ask(api.ACTIVATE_LICENSE, json={"license_key": self.text, "name": name})
        if reply.status in MALFORMED and not PLAIN.fullmatch(name):
            pass  # which names are refused is not documented, nor what is looked at first
        elif self.status != "active":
            reply.answers(403, INACTIVE, why=f"the key is {self.status}")
        elif self.limit is not None and len(self.instances) >= self.limit:
            reply.answers(422, FULL, why="the limit is reached")
        else:
            reply.answers(201, why="an active key with an activation left is activated")
            reply.must(reply["id"] not in self.instances, "activating twice uses two activations")
            self.instances[reply["id"]] = name
            whose = {**reply.body, **reply.body.get("customer", {}), **reply.body.get("product", {})}
            told = {**self._owner, "license_key_id": self.id}
            right = all(whose.get(name, of) == of for name, of in told.items())
            reply.must(right, "an activation names its key, and the key's owner")
            seen = self.server.ask(api.RETRIEVE_LICENSE_KEY_INSTANCE, reply["id"], expect=200)
            reply.shows("retrieve gives what activate gave", {**seen.body, "name": name})
        self.check()
        return reply

    def activated(self) -> str:
        """The id of a new activation."""
        return str(self.activate()["id"])

    def release(self, instance: str) -> None:
        """Ask for an activation to be released: its own, or another."""
        body = {"license_key": self.text, "license_key_instance_id": instance}
        reply = self.server.ask(api.DEACTIVATE_LICENSE, json=body)
        if self.instances.pop(instance, None) is None:
            reply.answers(403, why="it is not the key's activation")
        else:
            reply.answers(200, why="an activation is released")
            reply.must(not reply.content, "the body is empty")
            self.gone.append(instance)
            gone = self.server.ask(api.RETRIEVE_LICENSE_KEY_INSTANCE, instance)
            gone.answers(404, why="the activation is gone")
        self.check()

    def validate(self, instance: str | None = None) -> None:
        """Validate, with an activation or without."""
        body = {"license_key": self.text}
        body |= {} if instance is None else {"license_key_instance_id": instance}
        reply = self.server.ask(api.VALIDATE_LICENSE, json=body)
        if instance == "" and reply.status in MALFORMED:
            return  # an empty id may be refused
        reply.answers(200)
        own = instance is None or instance in self.instances
        why = f"the key is {self.status}" if own else "the activation is gone, or not the key's"
        holds = own and self.status == "active"
        reply.must(reply["valid"] is holds, f"valid is {holds}: {why}")

    def change(self, **changes: Any) -> None:
        """Ask for a change, which is made as a whole or not at all."""
        reply = self.server.ask(api.UPDATE_LICENSE_KEY, self.id, json=changes)
        limit, past = changes.get("activations_limit"), has_passed(changes)
        if limit is not None and limit < len(self.instances):
            told = (MALFORMED,) if past else (422, TOO_LOW)  # which of two faults is told is not documented
            reply.answers(*told, why="the limit is below what is in use")
        elif not (reply.status in MALFORMED and (past or not changes)):  # those may be refused
            reply.answers(200, why="a change is made, once or twice")
            self.limit = changes.get("activations_limit", self.limit)
            self.expires_at = changes.get("expires_at", self.expires_at)
            self.disabled = changes.get("disabled", self.disabled)
            self._looks_right(reply)
        self.check()

    def rename(self, instance: str, name: str) -> None:
        """Rename an activation."""
        reply = self.server.ask(api.UPDATE_LICENSE_KEY_INSTANCE, instance, json={"name": name})
        if PLAIN.fullmatch(name) or reply.status not in MALFORMED:
            reply.answers(200, why="an activation is renamed, once or twice")
            self.instances[instance] = name
        seen = self.server.ask(api.RETRIEVE_LICENSE_KEY_INSTANCE, instance, expect=200)
        for shown in (reply, seen) if reply.ok else (seen,):
            wanted = {"id": instance, "license_key_id": self.id, "name": self.instances[instance]}
            shown.shows("an activation has the name that was given last", wanted)
        self.check()

    def check(self) -> Reply:
        """Whatever can be seen of it is as it must be; what retrieve gives."""
        reply = self.server.ask(api.RETRIEVE_LICENSE_KEY, self.id, expect=200)
        self._looks_right(reply)
        page = self.server.page(
            api.LIST_LICENSE_KEY_INSTANCES, {"license_key_id": self.id, "page_size": LARGEST_PAGE}
        )
        held = {item["id"]: item["name"] for item in page.items}
        page.must(held == self.instances, "the live activations are listed under their key, by their names")
        for instance in (None, *list(self.instances)[-1:], *self.gone[-1:]):
            self.validate(instance)
        return reply

    def _looks_right(self, reply: Reply) -> None:
        about = {**self._owner, "key": self.text, "created_at": self.created_at}
        about |= {"activations_limit": self.limit, "expires_at": self.expires_at}
        reply.shows("a key is what was made of it", about)
        # While an expiry has passed it may lag behind, and what is shown of a key that is disabled as well is open.
        open_to = {"expired"} if self.disabled else {"active"}
        wanted = {self.status} | (open_to if self.is_over else set())
        reply.must(reply["status"] in wanted, "`status` follows what happened")
        counted = reply["instances_count"] == len(self.instances)
        reply.must(counted, "instances_count is the live number of activations")

    def check_listed(self) -> None:
        """The list shows what retrieve gives, under the filter by its status and under no other."""
        seen = self.check()
        since = {"customer_id": self.customer_id, "created_at_gte": self.created_at}
        chosen = [(one.name, value) for one in FILTERS[api.LIST_LICENSE_KEYS.id] for value in one.enum or ()]
        own = [pair for pair in chosen if pair[0] == "status" or seen.body.get(pair[0]) == pair[1]]
        for query in ({}, *({name: str(value)} for name, value in own)):
            items, whole, pages = self.server.read(api.LIST_LICENSE_KEYS, since | query, most=2)
            found = [item for item in items if item["id"] == self.id]
            if whole and not (self.is_over and query.keys() <= {"status"}):  # which may lag behind
                wanted = query.items() <= seen.body.items()
                by = "".join(query) or "customer"
                pages[-1].must(bool(found) is wanted, f"the filter by {by} follows changes")
            for item in found:
                seen.shows("retrieve and list show the same", item)


def sweep(server: Server, *, listed: bool = True) -> list[str]:
    """Disable what this run imported, and if `listed` what another left, by requests that judge nothing; whose ids would not be."""
    found = list(server.gate.imported)
    for customer in server.settings.customer or ("",) if listed else ():
        with contextlib.suppress(AssertionError, LookupError, TypeError):
            items = server.read(api.LIST_LICENSE_KEYS, {"customer_id": customer} if customer else {}).items
            keys = [key for key in items if isinstance(key, dict) and key.get("status") != "disabled"]
            found += [str(key.get("id")) for key in keys if str(key.get("key")).startswith(MARK)]
    server.gate.ours.update(found)
    left = dict.fromkeys(found)
    for name in found:
        with contextlib.suppress(Disagreement):
            if server.ask(api.UPDATE_LICENSE_KEY, name, json={"disabled": True}).ok:
                left.pop(name, None)
    return list(left)

"""Everything a mock has beside its routes: state, clock, faults, rate limit, and what was asked of it."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from dodo_licenses.mock import life_cycle
from dodo_licenses.mock.clock import MovableClock
from dodo_licenses.mock.database import Database
from dodo_licenses.mock.faults import Faults
from dodo_licenses.mock.limits import Limiter
from dodo_licenses.mock.operation import Call
from dodo_licenses.mock.resource import Resource
from dodo_licenses.mock.resources import ENTITLEMENTS, GRANTS, PRODUCTS, RESOURCES
from dodo_licenses.mock.webhooks import Webhooks
from dodo_licenses.mock.wire import sent_moment

T = TypeVar("T")
_MOST_REQUESTS = 10_000  # remembered, so that a long run doesn't fill the memory


class Mock:
    """One mock's parts.

    Args:
        db: Where its records are.
        clock: The clock that the database goes by.
        begin: Makes the records as they are at the start.
        limiter: Refuses what goes beyond the rate limit; None lets everything pass.
        webhooks: Where events go; None for nowhere.
    """

    def __init__(
        self,
        db: Database,
        clock: MovableClock,
        begin: Callable[[Database], None],
        *,
        limiter: Limiter | None = None,
        webhooks: Webhooks | None = None,
    ) -> None:
        self.db = db
        self.clock = clock
        self.limiter = limiter
        self.webhooks = webhooks
        self.faults = Faults()
        self.is_closing = False
        self.requests: deque[dict[str, Any]] = deque(maxlen=_MOST_REQUESTS)
        self._limiter_at_start = limiter
        self._begin = begin

    def reset(self) -> None:
        """Be as at the start: the same records, the clock running, no faults, nothing remembered."""
        self.clock.reset()
        self._begin(self.db)
        self.faults.clear()
        self.requests.clear()
        self.limiter = self._limiter_at_start
        if self.webhooks is not None:
            self.webhooks.forget()

    def carry_out(self, do: Callable[[Call], T], call: Call) -> T:
        """Do all of something that writes, or nothing, and then tell the webhooks."""
        with self.db.transaction():
            done = do(call)
        for event, resource, key in call.events:
            self.announce(event, resource, key)
        return done

    def add(self, resource: Resource, record: dict[str, Any]) -> dict[str, Any]:
        """Add one record. Sends no webhook."""
        with self.db.transaction():
            return self.db.show(resource, self.db.add(resource, **record))

    def add_entitlement(self, product_id: str, record: dict[str, Any]) -> dict[str, Any]:
        """Add an entitlement to a product, which is made up where it is not there yet."""
        with self.db.transaction():
            entitlement = self.db.add(ENTITLEMENTS, **record)
            product = self.db.find(PRODUCTS, product_id)
            if product is None:
                product = self.db.add(PRODUCTS, product_id=product_id)
            ids = [*json.loads(product["entitlements"]), entitlement["id"]]
            self.db.update(PRODUCTS, product_id, entitlements=ids)
            return self.db.show(ENTITLEMENTS, entitlement)

    def purchase(
        self, customer_id: str, product_id: str, quantity: int = 1, *, subscription: bool = False
    ) -> dict[str, Any]:
        """Sell a product; see life_cycle.purchase."""
        if quantity < 1:
            raise ValueError(f"quantity must be 1 or more, not {quantity}")
        return self.carry_out(
            lambda call: life_cycle.purchase(
                call, product_id, customer_id, quantity, is_subscription=subscription
            ),
            Call(self.db),
        )

    def happen(
        self, type: str, *, subscription_id: str | None = None, payment_id: str | None = None
    ) -> list[dict[str, Any]]:
        """Have something happen to a subscription or a payment; see life_cycle.happen."""
        if type not in life_cycle.REASONS:
            raise ValueError(f"type must be one of {', '.join(life_cycle.REASONS)}, not {type!r}")
        name = "payment_id" if type.startswith("refund") else "subscription_id"
        of = {"payment_id": payment_id, "subscription_id": subscription_id}.pop(name)
        if of is None:
            raise ValueError(f"{type} needs the {name}")
        return self.carry_out(lambda call: life_cycle.happen(call, type, of), Call(self.db))

    def settle(
        self, grant_id: str, status: str, error_code: str = "delivery_failed", error_message: str = ""
    ) -> dict[str, Any]:
        """Have the delivery of a grant succeed or fail, as an integration would."""

        def do(call: Call) -> dict[str, Any]:
            life_cycle.settle(call, self.db.get(GRANTS, grant_id), status, error_code, error_message)
            return self.db.retrieve(GRANTS, grant_id)

        return self.carry_out(do, Call(self.db))

    def announce(self, event: str, resource: Resource, key: str) -> None:
        """Send a webhook, if there is somewhere to send it to."""
        if self.webhooks is not None:
            more = {"payload_type": "EntitlementGrant"} if resource is GRANTS else {}
            self.webhooks.send(event, lambda: self.db.retrieve(resource, key) | more)

    def deliveries(self) -> list[dict[str, Any]]:
        """The webhooks that were sent, and what became of them."""
        return [] if self.webhooks is None else self.webhooks.deliveries

    def time(self) -> dict[str, Any]:
        """What the clock says."""
        return {"now": sent_moment(self.clock()), "frozen": self.clock.is_frozen}

    def summary(self) -> dict[str, Any]:
        """How it stands."""
        return {
            **{resource.name: self.db.count(resource) for resource in RESOURCES},
            "clock": self.time(),
            "faults": sum(1 for _ in self.faults),
            "requests": len(self.requests),
            "rate_limit": self.limiter is not None,
        }

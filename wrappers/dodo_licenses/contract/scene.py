"""A mock that every rule can judge: beside its license keys, grants and a subscription's key that may be changed."""

from __future__ import annotations

from typing import NamedTuple

from dodo_licenses.mock import MockServer


class Scene(NamedTuple):
    """What a run on this mock may change; the options `--grant` and `--subscription-key` of another server."""

    grants: tuple[str, ...]
    subscription_key: str


def prepare(mock: MockServer) -> Scene:
    """Sell license keys that are fulfilled by hand, and some that fulfil themselves."""
    grants: list[str] = []
    for product, mode in (("pdt_manual", "manual"), ("pdt_auto", "auto")):
        mock.add_entitlement(product, integration_config={"fulfillment_mode": mode})
        grants += [grant["id"] for grant in mock.purchase(product_id=product, quantity=2)["grants"]]
    keys = mock.dump()["license_keys"]
    return Scene(tuple(grants), next(str(key["id"]) for key in keys if key.get("subscription_id")))

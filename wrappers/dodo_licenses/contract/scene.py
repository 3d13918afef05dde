"""A mock that every rule can judge: beside its license keys, grants and a subscription's key that may be changed."""

from __future__ import annotations

from dodo_licenses.mock import MockServer


def prepare(mock: MockServer) -> tuple[tuple[str, ...], str]:
    """Sell license keys, fulfilled by hand or by themselves: the grants, and a subscription's key, that may be changed."""
    grants: list[str] = []
    terms = {"activations_limit": 4, "duration_count": 6, "duration_interval": "Month"}
    for product, mode in (("pdt_manual", "manual"), ("pdt_auto", "auto")):
        mock.add_entitlement(product, integration_config={"fulfillment_mode": mode, **terms})
        grants += [grant["id"] for grant in mock.purchase(product_id=product, quantity=3)["grants"]]
    keys = mock.dump()["license_keys"]
    return tuple(grants), next(str(key["id"]) for key in keys if key.get("subscription_id"))

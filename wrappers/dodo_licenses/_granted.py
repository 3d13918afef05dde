"""License keys by way of entitlement grants: what is yielded of the grants that came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from dodo_licenses_api.models import EntitlementGrant, LicenseKeyGrant, LicenseKeyStatus, Product


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantedLicenseKey:
    """A license key and the grant that gave it, with what a `LicenseKey` has by the same name.

    Attributes:
        grant: The entitlement grant, with everything that it says.
        id: The key's id, `lic_…`; None in replies before version 1.114 of the API.
        key: The key itself, as the customer types it in. Treat it as a secret.
        status: `disabled` where the grant is revoked, `expired` once `expires_at` has passed on this
            machine's clock, else what the key says.
        product_id: The product whose purchase grants it; None where no product on sale carries the
            entitlement, or more than one.
    """

    grant: EntitlementGrant = field(repr=False)
    id: str | None
    key: str = field(repr=False)
    status: LicenseKeyStatus
    activations_limit: int | None
    instances_count: int
    expires_at: datetime | None
    created_at: datetime
    business_id: str
    brand_id: str | None
    customer_id: str
    payment_id: str | None
    product_id: str | None
    subscription_id: str | None

    @classmethod
    def of(
        cls, grant: EntitlementGrant, key: LicenseKeyGrant, product_id: str | None, now: datetime
    ) -> GrantedLicenseKey:
        """Put the two together, as they are at a moment."""
        status = LicenseKeyStatus.ACTIVE if key.status is None else key.status
        if status == LicenseKeyStatus.ACTIVE and grant.status.lower() == "revoked":
            status = LicenseKeyStatus.DISABLED
        elif status == LicenseKeyStatus.ACTIVE and key.expires_at is not None and key.expires_at <= now:
            status = LicenseKeyStatus.EXPIRED
        return cls(
            grant=grant,
            id=key.id,
            key=key.key,
            status=status,
            activations_limit=key.activations_limit,
            instances_count=key.activations_used,
            expires_at=key.expires_at,
            created_at=grant.created_at,
            business_id=grant.business_id,
            brand_id=grant.brand_id,
            customer_id=grant.customer_id,
            payment_id=grant.payment_id,
            product_id=product_id,
            subscription_id=grant.subscription_id,
        )


@dataclass(frozen=True, slots=True)
class GrantedPage:
    """The license keys of one page of grants.

    Attributes:
        entitlement_id: The entitlement whose grants these are; None where one customer's are listed.
        number: The page's number among them, counted from 0. A listing that broke off after this page goes on
            with `entitlement_id=page.entitlement_id, page_number=page.number + 1` and the same page size.
        items: The license keys that it brought.
    """

    entitlement_id: str | None
    number: int
    items: list[GrantedLicenseKey]


def carriers_of(products: Iterable[Product]) -> dict[str, str | None]:
    """Of each entitlement, the product that carries it; None where more than one does."""
    carriers: dict[str, str | None] = {}
    for product in products:
        for entitlement in product.entitlements or ():
            if carriers.setdefault(entitlement.id, product.product_id) != product.product_id:
                carriers[entitlement.id] = None
    return carriers


def granted_keys(
    grants: Iterable[EntitlementGrant], carriers: Mapping[str, str | None], status: LicenseKeyStatus | None
) -> list[GrantedLicenseKey]:
    """The keys that grants gave, in one state or all. A grant that is pending has none."""
    now, keys = datetime.now(UTC), []
    for grant in grants:
        if grant.license_key is not None:
            product_id = carriers.get(grant.entitlement_id)
            keys.append(GrantedLicenseKey.of(grant, grant.license_key, product_id, now))
    return [key for key in keys if status in (None, key.status)]

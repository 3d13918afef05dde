"""License keys by way of entitlement grants: one listing over several of the API's, for both clients."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterable, Iterator, Mapping
from contextlib import aclosing, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from dodo_licenses._arguments import choice, whole_number
from dodo_licenses._errors import InvalidArgumentError
from dodo_licenses._pagination import Page
from dodo_licenses_api import resources
from dodo_licenses_api.models import Entitlement, EntitlementGrant, LicenseKeyGrant, LicenseKeyStatus, Product

Way = TypeVar("Way", resources.Resources, resources.AsyncResources)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Granted(Generic[Way]):
    """What both listings share: what to ask for, and what of the replies to yield."""

    way: Way = field(repr=False)
    customer_id: str | None
    status: str | None
    entitlement_id: str | None
    page_number: int
    page_size: int
    limit: int | None
    prefetch: int
    exhaustive: bool

    def __post_init__(self) -> None:
        if self.customer_id is not None and self.entitlement_id is not None:
            raise InvalidArgumentError(
                "give customer_id or entitlement_id: one customer's grants are one listing"
            )
        whole_number("page_number", self.page_number, 0)
        if self.page_number and self.customer_id is None and self.entitlement_id is None:
            raise InvalidArgumentError(
                "page_number is one of an entitlement's pages: give entitlement_id with it"
            )
        if self.status is not None:
            choice("status", self.status, LicenseKeyStatus)
        if self.limit is not None:
            whole_number("limit", self.limit, 0)
        self._grants(
            "ent_" if self.entitlement_id is None else self.entitlement_id
        )  # checks what it is given

    def _entitlements(self) -> Any:  # noqa: ANN401 - a listing of either client
        return self.way.entitlements.list(integration_type="license_key", exhaustive=True)

    def _products(self) -> Any:  # noqa: ANN401 - a listing of either client
        return self.way.products.list(exhaustive=True)

    def _grants(self, entitlement_id: str | None) -> Any:  # noqa: ANN401 - a listing of either client
        """The grants of an entitlement, or the customer's."""
        paging: dict[str, Any] = {
            "page_size": self.page_size,
            "page_number": self.page_number if entitlement_id in (None, self.entitlement_id) else 0,
            "prefetch": self.prefetch,
            "exhaustive": self.exhaustive,
        }
        if self.customer_id is None:
            return self.way.entitlements.grants.list(str(entitlement_id), **paging)
        return self.way.customers.list_entitlement_grants(
            self.customer_id, integration_type="license_key", **paging
        )

    def _in_order(self, found: Iterable[Entitlement]) -> list[str | None]:
        """The entitlements to go through, by id: so a listing that broke off finds its place again."""
        ids = sorted(its.id for its in found)
        return [its for its in ids if self.entitlement_id is None or its >= self.entitlement_id]

    def _page(
        self,
        entitlement_id: str | None,
        page: Page[EntitlementGrant],
        products: Mapping[str, set[str]],
        yielded: int,
    ) -> GrantedPage:
        now = datetime.now(UTC)
        items = []
        for grant in page.items:
            carriers = products.get(grant.entitlement_id, set())
            if grant.license_key is not None:  # pending, or not for a license key
                product_id = next(iter(carriers)) if len(carriers) == 1 else None
                items.append(GrantedLicenseKey.of(grant, grant.license_key, product_id, now))
        items = [its for its in items if self.status in (None, its.status)]
        return GrantedPage(
            entitlement_id, page.number, items if self.limit is None else items[: self.limit - yielded]
        )


def _carriers(products: Iterable[Product]) -> dict[str, set[str]]:
    """Of each entitlement, the products that carry it."""
    found: dict[str, set[str]] = {}
    for product in products:
        for entitlement in product.entitlements or ():
            found.setdefault(entitlement.id, set()).add(product.product_id)
    return found


class GrantedListing(_Granted[resources.Resources]):
    """The license keys that grants gave, fetched while one iterates; each iteration starts anew."""

    __slots__ = ()

    def __iter__(self) -> Iterator[GrantedLicenseKey]:
        with closing(self.pages()) as pages:
            for page in pages:
                yield from page.items

    def pages(self) -> Generator[GrantedPage]:
        """Page by page: each with its place, and the license keys that it brought."""
        yielded = 0
        if self.limit == 0:
            return
        products = _carriers(self._products())
        for entitlement_id in (
            [None] if self.customer_id is not None else self._in_order(self._entitlements())
        ):
            with closing(self._grants(entitlement_id).pages()) as pages:
                for page in pages:
                    if (granted := self._page(entitlement_id, page, products, yielded)).items:
                        yield granted
                    yielded += len(granted.items)
                    if yielded == self.limit:
                        return


class AsyncGrantedListing(_Granted[resources.AsyncResources]):
    """The license keys that grants gave, fetched while one iterates with `async for`; each time anew."""

    __slots__ = ()

    async def __aiter__(self) -> AsyncIterator[GrantedLicenseKey]:
        async with aclosing(self.pages()) as pages:
            async for page in pages:
                for item in page.items:
                    yield item

    async def pages(self) -> AsyncGenerator[GrantedPage]:
        """Page by page: each with its place, and the license keys that it brought."""
        yielded = 0
        if self.limit == 0:
            return
        products = _carriers([its async for its in self._products()])
        parts = (
            [None]
            if self.customer_id is not None
            else self._in_order([its async for its in self._entitlements()])
        )
        for entitlement_id in parts:
            async with aclosing(self._grants(entitlement_id).pages()) as pages:
                async for page in pages:
                    if (granted := self._page(entitlement_id, page, products, yielded)).items:
                        yield granted
                    yielded += len(granted.items)
                    if yielded == self.limit:
                        return

"""Made of _methods_async.py by `make generate`, not to be edited."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Literal, NoReturn, Unpack

from dodo_licenses._arguments import checked_license_key, choice, identifier, whole_number
from dodo_licenses._errors import (
    APIError,
    DodoPaymentsError,
    InvalidArgumentError,
    ProductMismatchError,
)
from dodo_licenses._granted import GrantedLicenseKey, GrantedPage, carriers_of, granted_keys
from dodo_licenses._listing import Listing
from dodo_licenses._settings import CallOptions
from dodo_licenses._text import redacted
from dodo_licenses_api import resources
from dodo_licenses_api.models import EntitlementGrant, LicenseActivateResponse, LicenseKey, LicenseKeyStatus


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GrantedListing:
    """The license keys that grants gave, fetched while one iterates; each iteration starts anew."""

    api: resources.Resources = field(repr=False)
    customer_id: str | None
    status: LicenseKeyStatus | None
    entitlement_id: str | None
    page_number: int
    limit: int | None
    paging: Mapping[str, Any] = field(repr=False)
    options: CallOptions = field(repr=False)

    def __post_init__(self) -> None:
        if self.customer_id is not None and self.entitlement_id is not None:
            raise InvalidArgumentError("give customer_id or entitlement_id: one customer's are one listing")
        if self.limit is not None:
            whole_number("limit", self.limit, 0)
        self._grants("ent_1" if self.entitlement_id is None else self.entitlement_id, self.page_number)
        if self.page_number > 0 and self.customer_id is None and self.entitlement_id is None:
            raise InvalidArgumentError("page_number counts the pages of one entitlement: give entitlement_id")

    def __iter__(self) -> Iterator[GrantedLicenseKey]:
        with closing(self.pages()) as pages:
            for page in pages:
                yield from page.items

    def pages(self) -> Generator[GrantedPage]:
        """Page by page: each with its place, and the license keys that it brought."""
        left, first = self.limit, self.page_number
        if left == 0:
            return
        products = self.api.products.list(exhaustive=True, **self.options)
        carriers = carriers_of(list(products))
        for entitlement_id in self._entitlement_ids():
            number = first if entitlement_id == self.entitlement_id else 0
            with closing(self._grants(entitlement_id, number).pages()) as pages:
                for page in pages:
                    keys = granted_keys(page.items, carriers, self.status)[:left]
                    if keys:
                        yield GrantedPage(entitlement_id, page.number, keys)
                    left = None if left is None else left - len(keys)
                    if left == 0:
                        return

    def _entitlement_ids(self) -> list[str | None]:
        """What to go through, by id: so a listing that broke off finds its place. None for a customer."""
        if self.customer_id is not None:
            return [None]
        listing = self.api.entitlements.list(integration_type="license_key", exhaustive=True, **self.options)
        ids = sorted([entitlement.id for entitlement in listing])
        return [its for its in ids if self.entitlement_id is None or its >= self.entitlement_id]

    def _grants(self, entitlement_id: str | None, page_number: int) -> Listing[EntitlementGrant]:
        how = {"page_number": page_number, **self.paging, **self.options}
        if self.customer_id is None:
            return self.api.entitlements.grants.list(str(entitlement_id), **how)
        grants = self.api.customers.list_entitlement_grants
        return grants(self.customer_id, integration_type="license_key", **how)


class LicenseKeys(resources.LicenseKeys):
    __doc__ = resources.LicenseKeys.__doc__

    def find(
        self,
        *,
        key: str,
        customer_id: str | None = None,
        product_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> LicenseKey | None:
        """Find the license key with this string, as the customer knows it.

        The API has no such filter, so this goes through the listing and stops at the first hit: a request
        for each 100 keys at the most.

        Args:
            key: The key itself. Blanks around it are dropped.
            customer_id: Look only among this customer's keys, which takes far fewer requests.
            product_id: Look only among this product's keys.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            The license key, or None where no page has it.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            APIConnectionError: No answer came.
            APIStatusError: The API refused.
            ResponseValidationError: A reply breaks the contract.
            PaginationError: The server repeats itself.

        From the API reference: `GET /license_keys`.
        """
        wanted = checked_license_key("key", key)
        for license_key in self.list(customer_id=customer_id, product_id=product_id, **options):
            if license_key.key == wanted:
                return license_key
        return None

    def list_granted(
        self,
        *,
        customer_id: str | None = None,
        status: LicenseKeyStatus | Literal["active", "expired", "disabled"] | None = None,
        entitlement_id: str | None = None,
        page_number: int = 0,
        page_size: int = 100,
        limit: int | None = None,
        prefetch: int = 0,
        exhaustive: bool = False,
        **options: Unpack[CallOptions],
    ) -> GrantedListing:
        """List the account's license keys by way of entitlement grants, where the vendor moves them to.

        One listing over the grants of every entitlement to license keys, or over those of one customer. Each
        is the walk of `list`, with its guarantees: every key that a grant has given, once, or an error.

        What this way cannot know: keys without a grant (of imported ones none is documented), keys of deleted
        entitlements, grants that are pending and have no key yet; a key's `source`; and its product where no
        product on sale, or more than one, carries the entitlement. There is no filter by product or state in
        the API: `status` is computed and compared here, so it saves no request.

        Args:
            customer_id: Only the keys of this customer, `cus_…`, which takes far fewer requests.
            status: Only the keys in this state, as `GrantedLicenseKey.status` says it.
            entitlement_id: Go through the entitlements from this one on, `ent_…`, by id: where a listing
                broke off. Not together with `customer_id`.
            page_number: The page to start from among the grants of the first entitlement, or of the customer,
                counted from 0.
            page_size: How many grants to ask for at once, 1 to 100.
            limit: Maximum number of keys; None for all.
            prefetch: How many pages to keep in flight ahead of the one being consumed, 0 to 100.
            exhaustive: Whether to sweep over the grants of each entitlement again until everything that was
                there all along was yielded.
            **options: `timeout`, `extra_headers` and `extra_query`, for each request; see CallOptions.

        Returns:
            A listing to iterate, with `for`.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            APIConnectionError: No answer came.
            APIStatusError: The API refused.
            ResponseValidationError: A reply breaks the contract.
            PaginationError: The server repeats itself, or an exhaustive listing never settles.

        From the API reference: `GET /entitlements`, `GET /entitlements/{id}/grants`,
        `GET /customers/{customer_id}/entitlement-grants`, `GET /products`.
        """
        return GrantedListing(
            api=resources.Resources(self._engine),
            customer_id=customer_id,
            status=None if status is None else choice("status", status, LicenseKeyStatus),
            entitlement_id=entitlement_id,
            page_number=page_number,
            limit=limit,
            paging={"page_size": page_size, "prefetch": prefetch, "exhaustive": exhaustive},
            options=options,
        )


class Licenses(resources.Licenses):
    __doc__ = resources.Licenses.__doc__

    def activate(
        self,
        *,
        license_key: str,
        name: str,
        expect_product_id: str | Collection[str] | None = None,
        expect_business_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> LicenseActivateResponse:
        """Activate a license key for this installation, which takes one of its activations.

        Tried again only where the first request surely was not carried out (not connected, 429, the API's own
        503): there is no idempotency key, and activating twice takes two. Where it may have been carried out
        and no good answer came, the error's `activation_name` is the name to look for.

        Args:
            license_key: The key itself, as the customer typed it in. Blanks around it are dropped.
            name: A name for this installation, to find its activation again. Not blank.
            expect_product_id: Your product, `pdt_…`, or several. The API activates any merchant's key of any
                product; where it turns out to be another's, the activation is released.
            expect_business_id: You, `bus_…`, where any of your products will do.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            The activation. Keep its `id`: validate and deactivate need it.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            NotFoundError: There is no such key in this environment.
            PermissionDeniedError: The key is disabled or expired.
            UnprocessableEntityError: All of the key's activations are taken.
            ProductMismatchError: The key is not one of the expected product.
            APIConnectionError: No answer came.
            APIStatusError: The API refused for another reason.
            ResponseValidationError: The reply breaks the contract.

        From the API reference: `POST /licenses/activate`.
        """
        products = [expect_product_id] if isinstance(expect_product_id, str) else expect_product_id
        for product_id in () if products is None else products:
            identifier("expect_product_id", product_id)
        if expect_business_id is not None:
            identifier("expect_business_id", expect_business_id)
        try:
            activation = super().activate(license_key=license_key, name=name, **options)
        except APIError as error:
            if error.may_have_been_done:
                error.leaves_activation(name)
            raise
        is_theirs = products is not None and activation.product.product_id not in products
        if is_theirs or expect_business_id not in (None, activation.business_id):
            self._release(activation, license_key, name)
        return activation

    def _release(self, activation: LicenseActivateResponse, license_key: str, name: str) -> NoReturn:
        """Release the activation of another product's key, and raise the error that says so."""
        secrets = (license_key.strip(), *self._engine.settings.secrets)
        cause: DodoPaymentsError | None = None
        try:
            self.deactivate(license_key=license_key, license_key_instance_id=activation.id)
        except DodoPaymentsError as error:
            cause = error
        product_id = redacted(activation.product.product_id, secrets)
        outcome = "was released" if cause is None else f"could not be released ({cause})"
        mismatch = ProductMismatchError(
            f"activate_license: the key is of product {product_id}, not of yours; its activation {outcome}",
            product_id=product_id,
            license_key_instance_id=redacted(activation.id, secrets),
            freed=cause is None,
        )
        if cause is not None:
            mismatch.leaves_activation(name)
        raise mismatch from cause

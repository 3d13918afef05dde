"""The methods that are more than one request, on the generated ones. What doesn't wait stands once."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Literal, Unpack

from dodo_licenses._arguments import checked_license_key, identifier
from dodo_licenses._errors import (
    APIConnectionError,
    APIStatusError,
    DodoPaymentsError,
    PermissionDeniedError,
    ProductMismatchError,
    ResponseValidationError,
)
from dodo_licenses._granted import AsyncGrantedListing, GrantedListing
from dodo_licenses._messages import Secrets
from dodo_licenses._settings import CallOptions
from dodo_licenses._text import redacted
from dodo_licenses_api import resources
from dodo_licenses_api.models import LicenseActivateResponse, LicenseKey, LicenseKeyStatus


@contextmanager
def _names_activation(name: str) -> Iterator[None]:
    """Have an error after which an activation may exist say what it is called."""
    try:
        yield
    except (APIConnectionError, APIStatusError) as error:
        if error.may_have_been_done:
            error.leaves_activation(name)
        raise
    except ResponseValidationError as error:
        error.leaves_activation(name)
        raise


@contextmanager
def _mismatch(activation: LicenseActivateResponse, name: str, secrets: Secrets) -> Iterator[None]:
    """Raise the error for another product's key, once its activation was released, or could not be."""
    cause: DodoPaymentsError | None = None
    try:
        yield
    except DodoPaymentsError as error:
        error.args = (redacted(str(error), secrets),)  # it may show the id that the server chose
        cause = error
    outcome = "was released" if cause is None else f"could not be released ({cause})"
    product_id = redacted(activation.product.product_id, secrets)
    mismatch = ProductMismatchError(
        f"activate_license: the key is one of product {product_id}, not of yours; its activation {outcome}",
        product_id=product_id,
        license_key_instance_id=redacted(activation.id, secrets),
        freed=cause is None,
    )
    if cause is not None:
        mismatch.leaves_activation(name)
    raise mismatch from cause


@contextmanager
def _was_done_before() -> Iterator[None]:
    """Take "no such activation" for success where an attempt whose answer was lost may have done it."""
    try:
        yield
    except PermissionDeniedError as error:
        if not error.may_have_been_done:
            raise


def _expected(product_ids: str | Collection[str] | None, business_id: str | None) -> Collection[str] | None:
    if business_id is not None:
        identifier("expect_business_id", business_id)
    if product_ids is None:
        return None
    ids = [product_ids] if isinstance(product_ids, str) else product_ids
    return [identifier("expect_product_id", product_id) for product_id in ids]


def _is_other(
    activation: LicenseActivateResponse, product_ids: Collection[str] | None, business_id: str | None
) -> bool:
    is_theirs = business_id is not None and business_id != activation.business_id
    return is_theirs or (product_ids is not None and activation.product.product_id not in product_ids)


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
            **options: See CallOptions.

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
        keys = self.list(customer_id=customer_id, product_id=product_id, **options)
        return next((license_key for license_key in keys if license_key.key == wanted), None)

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

        Returns:
            A listing to iterate: `for` on DodoPayments, `async for` on AsyncDodoPayments.

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
            way=resources.Resources(self._engine),
            customer_id=customer_id,
            status=status,
            entitlement_id=entitlement_id,
            page_number=page_number,
            page_size=page_size,
            limit=limit,
            prefetch=prefetch,
            exhaustive=exhaustive,
        )


class AsyncLicenseKeys(resources.AsyncLicenseKeys):
    __doc__ = resources.LicenseKeys.__doc__

    async def find(
        self,
        *,
        key: str,
        customer_id: str | None = None,
        product_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> LicenseKey | None:
        wanted = checked_license_key("key", key)
        async for license_key in self.list(customer_id=customer_id, product_id=product_id, **options):
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
    ) -> AsyncGrantedListing:
        return AsyncGrantedListing(
            way=resources.AsyncResources(self._engine),
            customer_id=customer_id,
            status=status,
            entitlement_id=entitlement_id,
            page_number=page_number,
            page_size=page_size,
            limit=limit,
            prefetch=prefetch,
            exhaustive=exhaustive,
        )

    find.__doc__ = LicenseKeys.find.__doc__
    list_granted.__doc__ = LicenseKeys.list_granted.__doc__


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
            **options: See CallOptions.

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
        products = _expected(expect_product_id, expect_business_id)
        with _names_activation(name):
            activation = super().activate(license_key=license_key, name=name, **options)
        if _is_other(activation, products, expect_business_id):
            secrets = (license_key.strip(), *self._engine.settings.secrets)
            with _mismatch(activation, name, secrets):
                self.deactivate(license_key=license_key, license_key_instance_id=activation.id)
        return activation

    def deactivate(
        self, *, license_key: str, license_key_instance_id: str, **options: Unpack[CallOptions]
    ) -> None:
        """Deactivate a license key's activation, so that the key can be activated elsewhere.

        Tried again where no good answer came. The API answers 403 for an activation that is gone as for one
        that never was. So where an earlier attempt of the same call was sent and its answer lost, a 403 to
        the next one is taken to say that the lost one has done it, and nothing is raised. Where no attempt
        can have been carried out, 403 is raised.

        Args:
            license_key: The key itself, as the customer typed it in. Blanks around it are dropped.
            license_key_instance_id: The activation to release, `lki_…`.
            **options: See CallOptions.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            NotFoundError: There is no such key in this environment.
            PermissionDeniedError: The activation is unknown, or another key's.
            APIConnectionError: No answer came.
            APIStatusError: The API refused for another reason.
            ResponseValidationError: Something else than the API answered.

        From the API reference: `POST /licenses/deactivate`.
        """
        with _was_done_before():
            super().deactivate(
                license_key=license_key, license_key_instance_id=license_key_instance_id, **options
            )


class AsyncLicenses(resources.AsyncLicenses):
    __doc__ = resources.Licenses.__doc__

    async def activate(
        self,
        *,
        license_key: str,
        name: str,
        expect_product_id: str | Collection[str] | None = None,
        expect_business_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> LicenseActivateResponse:
        products = _expected(expect_product_id, expect_business_id)
        with _names_activation(name):
            activation = await super().activate(license_key=license_key, name=name, **options)
        if _is_other(activation, products, expect_business_id):
            secrets = (license_key.strip(), *self._engine.settings.secrets)
            with _mismatch(activation, name, secrets):
                await self.deactivate(license_key=license_key, license_key_instance_id=activation.id)
        return activation

    async def deactivate(
        self, *, license_key: str, license_key_instance_id: str, **options: Unpack[CallOptions]
    ) -> None:
        with _was_done_before():
            await super().deactivate(
                license_key=license_key, license_key_instance_id=license_key_instance_id, **options
            )

    activate.__doc__ = Licenses.activate.__doc__
    deactivate.__doc__ = Licenses.deactivate.__doc__


class Resources(resources.Resources):
    """The generated resources, with the methods above."""

    @functools.cached_property
    def license_keys(self) -> LicenseKeys:
        """The keys the merchant has sold or imported."""
        return LicenseKeys(self._engine)

    @functools.cached_property
    def licenses(self) -> Licenses:
        """What an application does with a license key, without an API key."""
        return Licenses(self._engine)


class AsyncResources(resources.AsyncResources):
    """The generated resources, with the methods above, to be awaited."""

    @functools.cached_property
    def license_keys(self) -> AsyncLicenseKeys:
        """The keys the merchant has sold or imported."""
        return AsyncLicenseKeys(self._engine)

    @functools.cached_property
    def licenses(self) -> AsyncLicenses:
        """What an application does with a license key, without an API key."""
        return AsyncLicenses(self._engine)

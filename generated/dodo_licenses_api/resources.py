"""The public methods of both clients, and those that return raw replies. The one generated module that imports the wrapper."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypeVar, Unpack

from dodo_licenses._resource import (
    AsyncListing,
    AsyncResource,
    CallOptions,
    Listing,
    Plan,
    RawResponse,
    Resource,
    decode,
    other,
)

from . import operations
from .models import (
    Entitlement,
    EntitlementGrant,
    EntitlementGrantList,
    EntitlementGrantStatus,
    EntitlementIntegrationType,
    EntitlementList,
    LicenseActivateResponse,
    LicenseKey,
    LicenseKeyInstance,
    LicenseKeyInstanceList,
    LicenseKeyList,
    LicenseKeySource,
    LicenseKeyStatus,
    LicenseValidateResponse,
    Product,
    ProductList,
)
from .types import UNSET, Unset

T = TypeVar("T")


class LicenseKeys(Resource):
    """The keys a merchant has sold or imported."""

    @property
    def with_raw_response(self) -> LicenseKeysWithRawResponse:
        """The same methods, one request each, returning replies as they came."""
        return LicenseKeysWithRawResponse(self._engine)

    def list(
        self,
        *,
        customer_id: str | None | Unset = None,
        product_id: str | None | Unset = None,
        status: LicenseKeyStatus
        | Literal["active", "expired", "disabled"]
        | None
        | Unset = None,
        source: LicenseKeySource
        | Literal["auto", "import", "manual"]
        | None
        | Unset = None,
        created_at_gte: datetime | str | None | Unset = None,
        created_at_lte: datetime | str | None | Unset = None,
        page_size: int = 100,
        page_number: int = 0,
        limit: int | None = None,
        prefetch: int = 0,
        exhaustive: bool = False,
        **options: Unpack[CallOptions],
    ) -> Listing[LicenseKey]:
        """List license keys.

        One page of the account's license keys that satisfy every filter given.

        Deprecated by the vendor since April 2026 in favour of entitlement grants, to be removed in a future
        release without a date; it works. No grant operation lists a whole account: list the entitlements of
        type `license_key`, then the grants of each.

        This goes through all pages, and yields each item once. Nothing is requested before you iterate. What is
        created meanwhile causes neither repeats nor losses; what *leaves the filter* meanwhile pulls later items
        onto pages already read: set `exhaustive` for that.

        The vendor advises against it: use license_keys.list_granted, or entitlements.grants.list.

        Args:
            customer_id: Only the keys of this customer, such as `cus_123`.
            product_id: Only the keys of this product, such as `pdt_123`.
            status: Only the keys in this state.
            source: Only the keys that came into being this way.
            created_at_gte: Only the keys created at this moment or later. With its time zone.
            created_at_lte: Only the keys created at this moment or earlier. With its time zone.
            page_size: How many to ask for at once, 1 to 100. The rate limit counts requests, not items.
            page_number: The page to start from, counted from 0. An interrupted listing goes on at the page after
                the last one that was handled, with the same `page_size`.
            limit: Maximum number of items; None for all.
            prefetch: How many pages to keep in flight ahead of the one being consumed, 0 to 100.
            exhaustive: Whether to sweep over all pages again until everything that matched all along was yielded.
                Costs at least one more sweep, and remembers every id.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            A listing to iterate: `for` on DodoPayments, `async for` on AsyncDodoPayments.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            AuthenticationError: No API key, or not a valid one for this environment. What its body holds is not
                documented.
            PermissionDeniedError: This API key may not do that.
            UnprocessableEntityError: The request can be read, but a value in it is missing, of the wrong kind or out
                of bounds.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (405, 410).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.
            PaginationError: The server repeats itself, or an exhaustive listing never settles.

        From the API reference: `GET /license_keys`.
        """

        return self._list(
            Plan(
                operations.LIST_LICENSE_KEYS,
                {
                    "customer_id": customer_id,
                    "product_id": product_id,
                    "status": status,
                    "source": source,
                    "created_at_gte": created_at_gte,
                    "created_at_lte": created_at_lte,
                },
                page_size=page_size,
                page_number=page_number,
                limit=limit,
                prefetch=prefetch,
                exhaustive=exhaustive,
                options=options,
            )
        )

    def create(
        self,
        *,
        customer_id: str,
        key: str,
        product_id: str,
        activations_limit: int | None | Unset = None,
        expires_at: datetime | str | None | Unset = None,
        **options: Unpack[CallOptions],
    ) -> LicenseKey:
        """Import a license key.

        Takes a key that was issued elsewhere into the account, for an existing customer and product; 404
        where there is no such customer or product. There is no idempotency key: a key string that is
        already there is refused with 409.

        Tried again only where the request surely was not carried out: not connected, 429, or the API's own 503.

        Args:
            customer_id: The id of the customer who is to own the key, `cus_…`.
            key: The key itself, as the customer will type it in. Not blank.
            product_id: The id of the product that the key unlocks, `pdt_…`.
            activations_limit: How many activations the key may have at once; None means unlimited. 0 or more.
            expires_at: When the key stops working; None means never. With its time zone.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            The key as it was imported.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            AuthenticationError: No API key, or not a valid one for this environment. What its body holds is not
                documented.
            PermissionDeniedError: This API key may not do that.
            NotFoundError: Nothing has this id in this environment.
            ConflictError: A license key with this string is already there.
            UnprocessableEntityError: The request can be read, but a value in it is missing, of the wrong kind or out
                of bounds.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (413).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.

        From the API reference: `POST /license_keys`.
        """

        return decode(
            self._send(
                operations.CREATE_LICENSE_KEY,
                {
                    "customer_id": customer_id,
                    "key": key,
                    "product_id": product_id,
                    "activations_limit": activations_limit,
                    "expires_at": expires_at,
                },
                options,
            )
        )

    def retrieve(self, id: str, **options: Unpack[CallOptions]) -> LicenseKey:
        """Retrieve a license key.

        One license key by its id.

        Deprecated by the vendor since April 2026 in favour of entitlement grants, to be removed in a future
        release without a date; it works. No operation retrieves one grant: list those of the customer or of
        the entitlement.

        The vendor advises against it: use customers.list_entitlement_grants, or entitlements.grants.list.

        Args:
            id: The id of a license key, such as `lic_123`.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            The license key as it is now.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            AuthenticationError: No API key, or not a valid one for this environment. What its body holds is not
                documented.
            PermissionDeniedError: This API key may not do that.
            NotFoundError: Nothing has this id in this environment.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (405, 410).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.

        From the API reference: `GET /license_keys/{id}`.
        """

        return decode(
            self._send(
                operations.RETRIEVE_LICENSE_KEY,
                {
                    "id": id,
                },
                options,
            )
        )

    def update(
        self,
        id: str,
        *,
        activations_limit: int | None | Unset = UNSET,
        disabled: bool | None | Unset = UNSET,
        expires_at: datetime | str | None | Unset = UNSET,
        **options: Unpack[CallOptions],
    ) -> LicenseKey:
        """Update a license key.

        Changes what is given and leaves the rest as it is. A limit below the number of current activations
        is refused with 422, an expiry on a subscription's key with 400. What an update that names nothing
        does is not documented.

        Deprecated by the vendor since April 2026 in favour of entitlement grants, to be removed in a future
        release without a date; it works. Revoking the grant disables its key; nothing succeeds to enabling
        it again, nor to a limit or an expiry for one key.

        Tried again where no good answer came: a second time does no harm.

        The vendor advises against it: use entitlements.grants.revoke, which disables the key.

        Args:
            id: The id of a license key, such as `lic_123`.
            activations_limit: How many activations the key may have at once; None removes the limit. 0 or
                more.
            disabled: True disables the key, false enables it; None leaves it as it is.
            expires_at: When the key stops working; None removes the expiry. With its time zone.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            The license key as it is now.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            AuthenticationError: No API key, or not a valid one for this environment. What its body holds is not
                documented.
            PermissionDeniedError: This API key may not do that.
            NotFoundError: Nothing has this id in this environment.
            UnprocessableEntityError: The request can be read, but a value in it is missing, of the wrong kind or out
                of bounds.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (405, 410, 413).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.

        From the API reference: `PATCH /license_keys/{id}`.
        """

        return decode(
            self._send(
                operations.UPDATE_LICENSE_KEY,
                {
                    "id": id,
                    "activations_limit": activations_limit,
                    "disabled": disabled,
                    "expires_at": expires_at,
                },
                options,
            )
        )


class LicenseKeysWithRawResponse(Resource):
    """The keys a merchant has sold or imported. Replies as they came."""

    def list(
        self,
        *,
        customer_id: str | None | Unset = None,
        product_id: str | None | Unset = None,
        status: LicenseKeyStatus
        | Literal["active", "expired", "disabled"]
        | None
        | Unset = None,
        source: LicenseKeySource
        | Literal["auto", "import", "manual"]
        | None
        | Unset = None,
        created_at_gte: datetime | str | None | Unset = None,
        created_at_lte: datetime | str | None | Unset = None,
        page_size: int = 100,
        page_number: int = 0,
        **options: Unpack[CallOptions],
    ) -> RawResponse[LicenseKeyList]:
        """List license keys: one request. `parse()` of what it returns is the LicenseKeyList."""
        return RawResponse(
            self._send(
                operations.LIST_LICENSE_KEYS,
                {
                    "customer_id": customer_id,
                    "product_id": product_id,
                    "status": status,
                    "source": source,
                    "created_at_gte": created_at_gte,
                    "created_at_lte": created_at_lte,
                    "page_size": page_size,
                    "page_number": page_number,
                },
                options,
            )
        )

    def create(
        self,
        *,
        customer_id: str,
        key: str,
        product_id: str,
        activations_limit: int | None | Unset = None,
        expires_at: datetime | str | None | Unset = None,
        **options: Unpack[CallOptions],
    ) -> RawResponse[LicenseKey]:
        """Import a license key: one request. `parse()` of what it returns is the LicenseKey."""
        return RawResponse(
            self._send(
                operations.CREATE_LICENSE_KEY,
                {
                    "customer_id": customer_id,
                    "key": key,
                    "product_id": product_id,
                    "activations_limit": activations_limit,
                    "expires_at": expires_at,
                },
                options,
            )
        )

    def retrieve(
        self, id: str, **options: Unpack[CallOptions]
    ) -> RawResponse[LicenseKey]:
        """Retrieve a license key: one request. `parse()` of what it returns is the LicenseKey."""
        return RawResponse(
            self._send(
                operations.RETRIEVE_LICENSE_KEY,
                {
                    "id": id,
                },
                options,
            )
        )

    def update(
        self,
        id: str,
        *,
        activations_limit: int | None | Unset = UNSET,
        disabled: bool | None | Unset = UNSET,
        expires_at: datetime | str | None | Unset = UNSET,
        **options: Unpack[CallOptions],
    ) -> RawResponse[LicenseKey]:
        """Update a license key: one request. `parse()` of what it returns is the LicenseKey."""
        return RawResponse(
            self._send(
                operations.UPDATE_LICENSE_KEY,
                {
                    "id": id,
                    "activations_limit": activations_limit,
                    "disabled": disabled,
                    "expires_at": expires_at,
                },
                options,
            )
        )


class AsyncLicenseKeys(AsyncResource):
    """The keys a merchant has sold or imported."""

    @property
    def with_raw_response(self) -> AsyncLicenseKeysWithRawResponse:
        """The same methods, one request each, returning replies as they came."""
        return AsyncLicenseKeysWithRawResponse(self._engine)

    def list(
        self,
        *,
        customer_id: str | None | Unset = None,
        product_id: str | None | Unset = None,
        status: LicenseKeyStatus
        | Literal["active", "expired", "disabled"]
        | None
        | Unset = None,
        source: LicenseKeySource
        | Literal["auto", "import", "manual"]
        | None
        | Unset = None,
        created_at_gte: datetime | str | None | Unset = None,
        created_at_lte: datetime | str | None | Unset = None,
        page_size: int = 100,
        page_number: int = 0,
        limit: int | None = None,
        prefetch: int = 0,
        exhaustive: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncListing[LicenseKey]:
        """List license keys.

        One page of the account's license keys that satisfy every filter given.

        Deprecated by the vendor since April 2026 in favour of entitlement grants, to be removed in a future
        release without a date; it works. No grant operation lists a whole account: list the entitlements of
        type `license_key`, then the grants of each.

        This goes through all pages, and yields each item once. Nothing is requested before you iterate. What is
        created meanwhile causes neither repeats nor losses; what *leaves the filter* meanwhile pulls later items
        onto pages already read: set `exhaustive` for that.

        The vendor advises against it: use license_keys.list_granted, or entitlements.grants.list.

        Args:
            customer_id: Only the keys of this customer, such as `cus_123`.
            product_id: Only the keys of this product, such as `pdt_123`.
            status: Only the keys in this state.
            source: Only the keys that came into being this way.
            created_at_gte: Only the keys created at this moment or later. With its time zone.
            created_at_lte: Only the keys created at this moment or earlier. With its time zone.
            page_size: How many to ask for at once, 1 to 100. The rate limit counts requests, not items.
            page_number: The page to start from, counted from 0. An interrupted listing goes on at the page after
                the last one that was handled, with the same `page_size`.
            limit: Maximum number of items; None for all.
            prefetch: How many pages to keep in flight ahead of the one being consumed, 0 to 100.
            exhaustive: Whether to sweep over all pages again until everything that matched all along was yielded.
                Costs at least one more sweep, and remembers every id.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            A listing to iterate: `for` on DodoPayments, `async for` on AsyncDodoPayments.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            AuthenticationError: No API key, or not a valid one for this environment. What its body holds is not
                documented.
            PermissionDeniedError: This API key may not do that.
            UnprocessableEntityError: The request can be read, but a value in it is missing, of the wrong kind or out
                of bounds.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (405, 410).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.
            PaginationError: The server repeats itself, or an exhaustive listing never settles.

        From the API reference: `GET /license_keys`.
        """

        return self._list(
            Plan(
                operations.LIST_LICENSE_KEYS,
                {
                    "customer_id": customer_id,
                    "product_id": product_id,
                    "status": status,
                    "source": source,
                    "created_at_gte": created_at_gte,
                    "created_at_lte": created_at_lte,
                },
                page_size=page_size,
                page_number=page_number,
                limit=limit,
                prefetch=prefetch,
                exhaustive=exhaustive,
                options=options,
            )
        )

    async def create(
        self,
        *,
        customer_id: str,
        key: str,
        product_id: str,
        activations_limit: int | None | Unset = None,
        expires_at: datetime | str | None | Unset = None,
        **options: Unpack[CallOptions],
    ) -> LicenseKey:
        """Import a license key.

        Takes a key that was issued elsewhere into the account, for an existing customer and product; 404
        where there is no such customer or product. There is no idempotency key: a key string that is
        already there is refused with 409.

        Tried again only where the request surely was not carried out: not connected, 429, or the API's own 503.

        Args:
            customer_id: The id of the customer who is to own the key, `cus_…`.
            key: The key itself, as the customer will type it in. Not blank.
            product_id: The id of the product that the key unlocks, `pdt_…`.
            activations_limit: How many activations the key may have at once; None means unlimited. 0 or more.
            expires_at: When the key stops working; None means never. With its time zone.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            The key as it was imported.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            AuthenticationError: No API key, or not a valid one for this environment. What its body holds is not
                documented.
            PermissionDeniedError: This API key may not do that.
            NotFoundError: Nothing has this id in this environment.
            ConflictError: A license key with this string is already there.
            UnprocessableEntityError: The request can be read, but a value in it is missing, of the wrong kind or out
                of bounds.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (413).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.

        From the API reference: `POST /license_keys`.
        """

        return decode(
            await self._send(
                operations.CREATE_LICENSE_KEY,
                {
                    "customer_id": customer_id,
                    "key": key,
                    "product_id": product_id,
                    "activations_limit": activations_limit,
                    "expires_at": expires_at,
                },
                options,
            )
        )

    async def retrieve(self, id: str, **options: Unpack[CallOptions]) -> LicenseKey:
        """Retrieve a license key.

        One license key by its id.

        Deprecated by the vendor since April 2026 in favour of entitlement grants, to be removed in a future
        release without a date; it works. No operation retrieves one grant: list those of the customer or of
        the entitlement.

        The vendor advises against it: use customers.list_entitlement_grants, or entitlements.grants.list.

        Args:
            id: The id of a license key, such as `lic_123`.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            The license key as it is now.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            AuthenticationError: No API key, or not a valid one for this environment. What its body holds is not
                documented.
            PermissionDeniedError: This API key may not do that.
            NotFoundError: Nothing has this id in this environment.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (405, 410).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.

        From the API reference: `GET /license_keys/{id}`.
        """

        return decode(
            await self._send(
                operations.RETRIEVE_LICENSE_KEY,
                {
                    "id": id,
                },
                options,
            )
        )

    async def update(
        self,
        id: str,
        *,
        activations_limit: int | None | Unset = UNSET,
        disabled: bool | None | Unset = UNSET,
        expires_at: datetime | str | None | Unset = UNSET,
        **options: Unpack[CallOptions],
    ) -> LicenseKey:
        """Update a license key.

        Changes what is given and leaves the rest as it is. A limit below the number of current activations
        is refused with 422, an expiry on a subscription's key with 400. What an update that names nothing
        does is not documented.

        Deprecated by the vendor since April 2026 in favour of entitlement grants, to be removed in a future
        release without a date; it works. Revoking the grant disables its key; nothing succeeds to enabling
        it again, nor to a limit or an expiry for one key.

        Tried again where no good answer came: a second time does no harm.

        The vendor advises against it: use entitlements.grants.revoke, which disables the key.

        Args:
            id: The id of a license key, such as `lic_123`.
            activations_limit: How many activations the key may have at once; None removes the limit. 0 or
                more.
            disabled: True disables the key, false enables it; None leaves it as it is.
            expires_at: When the key stops working; None removes the expiry. With its time zone.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            The license key as it is now.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            AuthenticationError: No API key, or not a valid one for this environment. What its body holds is not
                documented.
            PermissionDeniedError: This API key may not do that.
            NotFoundError: Nothing has this id in this environment.
            UnprocessableEntityError: The request can be read, but a value in it is missing, of the wrong kind or out
                of bounds.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (405, 410, 413).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.

        From the API reference: `PATCH /license_keys/{id}`.
        """

        return decode(
            await self._send(
                operations.UPDATE_LICENSE_KEY,
                {
                    "id": id,
                    "activations_limit": activations_limit,
                    "disabled": disabled,
                    "expires_at": expires_at,
                },
                options,
            )
        )


class AsyncLicenseKeysWithRawResponse(AsyncResource):
    """The keys a merchant has sold or imported. Replies as they came."""

    async def list(
        self,
        *,
        customer_id: str | None | Unset = None,
        product_id: str | None | Unset = None,
        status: LicenseKeyStatus
        | Literal["active", "expired", "disabled"]
        | None
        | Unset = None,
        source: LicenseKeySource
        | Literal["auto", "import", "manual"]
        | None
        | Unset = None,
        created_at_gte: datetime | str | None | Unset = None,
        created_at_lte: datetime | str | None | Unset = None,
        page_size: int = 100,
        page_number: int = 0,
        **options: Unpack[CallOptions],
    ) -> RawResponse[LicenseKeyList]:
        """List license keys: one request. `parse()` of what it returns is the LicenseKeyList."""
        return RawResponse(
            await self._send(
                operations.LIST_LICENSE_KEYS,
                {
                    "customer_id": customer_id,
                    "product_id": product_id,
                    "status": status,
                    "source": source,
                    "created_at_gte": created_at_gte,
                    "created_at_lte": created_at_lte,
                    "page_size": page_size,
                    "page_number": page_number,
                },
                options,
            )
        )

    async def create(
        self,
        *,
        customer_id: str,
        key: str,
        product_id: str,
        activations_limit: int | None | Unset = None,
        expires_at: datetime | str | None | Unset = None,
        **options: Unpack[CallOptions],
    ) -> RawResponse[LicenseKey]:
        """Import a license key: one request. `parse()` of what it returns is the LicenseKey."""
        return RawResponse(
            await self._send(
                operations.CREATE_LICENSE_KEY,
                {
                    "customer_id": customer_id,
                    "key": key,
                    "product_id": product_id,
                    "activations_limit": activations_limit,
                    "expires_at": expires_at,
                },
                options,
            )
        )

    async def retrieve(
        self, id: str, **options: Unpack[CallOptions]
    ) -> RawResponse[LicenseKey]:
        """Retrieve a license key: one request. `parse()` of what it returns is the LicenseKey."""
        return RawResponse(
            await self._send(
                operations.RETRIEVE_LICENSE_KEY,
                {
                    "id": id,
                },
                options,
            )
        )

    async def update(
        self,
        id: str,
        *,
        activations_limit: int | None | Unset = UNSET,
        disabled: bool | None | Unset = UNSET,
        expires_at: datetime | str | None | Unset = UNSET,
        **options: Unpack[CallOptions],
    ) -> RawResponse[LicenseKey]:
        """Update a license key: one request. `parse()` of what it returns is the LicenseKey."""
        return RawResponse(
            await self._send(
                operations.UPDATE_LICENSE_KEY,
                {
                    "id": id,
                    "activations_limit": activations_limit,
                    "disabled": disabled,
                    "expires_at": expires_at,
                },
                options,
            )
        )


class LicenseKeyInstances(Resource):
    """The activations of a license key, one for each installation."""

    @property
    def with_raw_response(self) -> LicenseKeyInstancesWithRawResponse:
        """The same methods, one request each, returning replies as they came."""
        return LicenseKeyInstancesWithRawResponse(self._engine)

    def list(
        self,
        *,
        license_key_id: str | None | Unset = None,
        grant_id: str | None | Unset = None,
        page_size: int = 100,
        page_number: int = 0,
        limit: int | None = None,
        prefetch: int = 0,
        exhaustive: bool = False,
        **options: Unpack[CallOptions],
    ) -> Listing[LicenseKeyInstance]:
        """List license key instances.

        One page of the activations that satisfy every filter given.

        This goes through all pages, and yields each item once. Nothing is requested before you iterate. What is
        created meanwhile causes neither repeats nor losses; what *leaves the filter* meanwhile pulls later items
        onto pages already read: set `exhaustive` for that.

        Args:
            license_key_id: Only the activations of this license key, such as `lic_123`.
            grant_id: Only the activations that belong to this entitlement grant, such as `entg_123`.
            page_size: How many to ask for at once, 1 to 100. The rate limit counts requests, not items.
            page_number: The page to start from, counted from 0. An interrupted listing goes on at the page after
                the last one that was handled, with the same `page_size`.
            limit: Maximum number of items; None for all.
            prefetch: How many pages to keep in flight ahead of the one being consumed, 0 to 100.
            exhaustive: Whether to sweep over all pages again until everything that matched all along was yielded.
                Costs at least one more sweep, and remembers every id.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            A listing to iterate: `for` on DodoPayments, `async for` on AsyncDodoPayments.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            AuthenticationError: No API key, or not a valid one for this environment. What its body holds is not
                documented.
            PermissionDeniedError: This API key may not do that.
            UnprocessableEntityError: The request can be read, but a value in it is missing, of the wrong kind or out
                of bounds.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (405).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.
            PaginationError: The server repeats itself, or an exhaustive listing never settles.

        From the API reference: `GET /license_key_instances`.
        """

        return self._list(
            Plan(
                operations.LIST_LICENSE_KEY_INSTANCES,
                {
                    "license_key_id": license_key_id,
                    "grant_id": grant_id,
                },
                page_size=page_size,
                page_number=page_number,
                limit=limit,
                prefetch=prefetch,
                exhaustive=exhaustive,
                options=options,
            )
        )

    def retrieve(self, id: str, **options: Unpack[CallOptions]) -> LicenseKeyInstance:
        """Retrieve a license key instance.

        One activation by its id. A deactivated one is not found.

        Args:
            id: The id of a license key instance, such as `lki_123`.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            The activation as it is now.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            AuthenticationError: No API key, or not a valid one for this environment. What its body holds is not
                documented.
            PermissionDeniedError: This API key may not do that.
            NotFoundError: Nothing has this id in this environment.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (405).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.

        From the API reference: `GET /license_key_instances/{id}`.
        """

        return decode(
            self._send(
                operations.RETRIEVE_LICENSE_KEY_INSTANCE,
                {
                    "id": id,
                },
                options,
            )
        )

    def update(
        self, id: str, *, name: str, **options: Unpack[CallOptions]
    ) -> LicenseKeyInstance:
        """Rename a license key instance.

        Gives an activation another name.

        Tried again where no good answer came: a second time does no harm.

        Args:
            id: The id of a license key instance, such as `lki_123`.
            name: The installation's new name. Not blank.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            The activation as it is now.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            AuthenticationError: No API key, or not a valid one for this environment. What its body holds is not
                documented.
            PermissionDeniedError: This API key may not do that.
            NotFoundError: Nothing has this id in this environment.
            UnprocessableEntityError: The request can be read, but a value in it is missing, of the wrong kind or out
                of bounds.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (405, 413).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.

        From the API reference: `PATCH /license_key_instances/{id}`.
        """

        return decode(
            self._send(
                operations.UPDATE_LICENSE_KEY_INSTANCE,
                {
                    "id": id,
                    "name": name,
                },
                options,
            )
        )


class LicenseKeyInstancesWithRawResponse(Resource):
    """The activations of a license key, one for each installation. Replies as they came."""

    def list(
        self,
        *,
        license_key_id: str | None | Unset = None,
        grant_id: str | None | Unset = None,
        page_size: int = 100,
        page_number: int = 0,
        **options: Unpack[CallOptions],
    ) -> RawResponse[LicenseKeyInstanceList]:
        """List license key instances: one request. `parse()` of what it returns is the LicenseKeyInstanceList."""
        return RawResponse(
            self._send(
                operations.LIST_LICENSE_KEY_INSTANCES,
                {
                    "license_key_id": license_key_id,
                    "grant_id": grant_id,
                    "page_size": page_size,
                    "page_number": page_number,
                },
                options,
            )
        )

    def retrieve(
        self, id: str, **options: Unpack[CallOptions]
    ) -> RawResponse[LicenseKeyInstance]:
        """Retrieve a license key instance: one request. `parse()` of what it returns is the LicenseKeyInstance."""
        return RawResponse(
            self._send(
                operations.RETRIEVE_LICENSE_KEY_INSTANCE,
                {
                    "id": id,
                },
                options,
            )
        )

    def update(
        self, id: str, *, name: str, **options: Unpack[CallOptions]
    ) -> RawResponse[LicenseKeyInstance]:
        """Rename a license key instance: one request. `parse()` of what it returns is the LicenseKeyInstance."""
        return RawResponse(
            self._send(
                operations.UPDATE_LICENSE_KEY_INSTANCE,
                {
                    "id": id,
                    "name": name,
                },
                options,
            )
        )


class AsyncLicenseKeyInstances(AsyncResource):
    """The activations of a license key, one for each installation."""

    @property
    def with_raw_response(self) -> AsyncLicenseKeyInstancesWithRawResponse:
        """The same methods, one request each, returning replies as they came."""
        return AsyncLicenseKeyInstancesWithRawResponse(self._engine)

    def list(
        self,
        *,
        license_key_id: str | None | Unset = None,
        grant_id: str | None | Unset = None,
        page_size: int = 100,
        page_number: int = 0,
        limit: int | None = None,
        prefetch: int = 0,
        exhaustive: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncListing[LicenseKeyInstance]:
        """List license key instances.

        One page of the activations that satisfy every filter given.

        This goes through all pages, and yields each item once. Nothing is requested before you iterate. What is
        created meanwhile causes neither repeats nor losses; what *leaves the filter* meanwhile pulls later items
        onto pages already read: set `exhaustive` for that.

        Args:
            license_key_id: Only the activations of this license key, such as `lic_123`.
            grant_id: Only the activations that belong to this entitlement grant, such as `entg_123`.
            page_size: How many to ask for at once, 1 to 100. The rate limit counts requests, not items.
            page_number: The page to start from, counted from 0. An interrupted listing goes on at the page after
                the last one that was handled, with the same `page_size`.
            limit: Maximum number of items; None for all.
            prefetch: How many pages to keep in flight ahead of the one being consumed, 0 to 100.
            exhaustive: Whether to sweep over all pages again until everything that matched all along was yielded.
                Costs at least one more sweep, and remembers every id.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            A listing to iterate: `for` on DodoPayments, `async for` on AsyncDodoPayments.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            AuthenticationError: No API key, or not a valid one for this environment. What its body holds is not
                documented.
            PermissionDeniedError: This API key may not do that.
            UnprocessableEntityError: The request can be read, but a value in it is missing, of the wrong kind or out
                of bounds.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (405).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.
            PaginationError: The server repeats itself, or an exhaustive listing never settles.

        From the API reference: `GET /license_key_instances`.
        """

        return self._list(
            Plan(
                operations.LIST_LICENSE_KEY_INSTANCES,
                {
                    "license_key_id": license_key_id,
                    "grant_id": grant_id,
                },
                page_size=page_size,
                page_number=page_number,
                limit=limit,
                prefetch=prefetch,
                exhaustive=exhaustive,
                options=options,
            )
        )

    async def retrieve(
        self, id: str, **options: Unpack[CallOptions]
    ) -> LicenseKeyInstance:
        """Retrieve a license key instance.

        One activation by its id. A deactivated one is not found.

        Args:
            id: The id of a license key instance, such as `lki_123`.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            The activation as it is now.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            AuthenticationError: No API key, or not a valid one for this environment. What its body holds is not
                documented.
            PermissionDeniedError: This API key may not do that.
            NotFoundError: Nothing has this id in this environment.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (405).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.

        From the API reference: `GET /license_key_instances/{id}`.
        """

        return decode(
            await self._send(
                operations.RETRIEVE_LICENSE_KEY_INSTANCE,
                {
                    "id": id,
                },
                options,
            )
        )

    async def update(
        self, id: str, *, name: str, **options: Unpack[CallOptions]
    ) -> LicenseKeyInstance:
        """Rename a license key instance.

        Gives an activation another name.

        Tried again where no good answer came: a second time does no harm.

        Args:
            id: The id of a license key instance, such as `lki_123`.
            name: The installation's new name. Not blank.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            The activation as it is now.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            AuthenticationError: No API key, or not a valid one for this environment. What its body holds is not
                documented.
            PermissionDeniedError: This API key may not do that.
            NotFoundError: Nothing has this id in this environment.
            UnprocessableEntityError: The request can be read, but a value in it is missing, of the wrong kind or out
                of bounds.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (405, 413).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.

        From the API reference: `PATCH /license_key_instances/{id}`.
        """

        return decode(
            await self._send(
                operations.UPDATE_LICENSE_KEY_INSTANCE,
                {
                    "id": id,
                    "name": name,
                },
                options,
            )
        )


class AsyncLicenseKeyInstancesWithRawResponse(AsyncResource):
    """The activations of a license key, one for each installation. Replies as they came."""

    async def list(
        self,
        *,
        license_key_id: str | None | Unset = None,
        grant_id: str | None | Unset = None,
        page_size: int = 100,
        page_number: int = 0,
        **options: Unpack[CallOptions],
    ) -> RawResponse[LicenseKeyInstanceList]:
        """List license key instances: one request. `parse()` of what it returns is the LicenseKeyInstanceList."""
        return RawResponse(
            await self._send(
                operations.LIST_LICENSE_KEY_INSTANCES,
                {
                    "license_key_id": license_key_id,
                    "grant_id": grant_id,
                    "page_size": page_size,
                    "page_number": page_number,
                },
                options,
            )
        )

    async def retrieve(
        self, id: str, **options: Unpack[CallOptions]
    ) -> RawResponse[LicenseKeyInstance]:
        """Retrieve a license key instance: one request. `parse()` of what it returns is the LicenseKeyInstance."""
        return RawResponse(
            await self._send(
                operations.RETRIEVE_LICENSE_KEY_INSTANCE,
                {
                    "id": id,
                },
                options,
            )
        )

    async def update(
        self, id: str, *, name: str, **options: Unpack[CallOptions]
    ) -> RawResponse[LicenseKeyInstance]:
        """Rename a license key instance: one request. `parse()` of what it returns is the LicenseKeyInstance."""
        return RawResponse(
            await self._send(
                operations.UPDATE_LICENSE_KEY_INSTANCE,
                {
                    "id": id,
                    "name": name,
                },
                options,
            )
        )


class Licenses(Resource):
    """What an application does with a license key on its user's machine, without an API key."""

    @property
    def with_raw_response(self) -> LicensesWithRawResponse:
        """The same methods, one request each, returning replies as they came."""
        return LicensesWithRawResponse(self._engine)

    def activate(
        self, *, license_key: str, name: str, **options: Unpack[CallOptions]
    ) -> LicenseActivateResponse:
        """Activate a license key.

        Takes one of the key's activations for this installation and returns its id, which validate and
        deactivate need. There is no idempotency key: activating twice uses two. Refused unless the key is
        active and unexpired (403) and has an activation left (422).

        Tried again only where the request surely was not carried out: not connected, 429, or the API's own 503.

        Args:
            license_key: The key itself, as the customer typed it in. Blanks around it are dropped.
            name: A name for this installation, to find its activation again. Not blank.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            The activation, the customer it belongs to and the product it unlocks.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            PermissionDeniedError: The license key is disabled or expired.
            NotFoundError: No license key has this string.
            UnprocessableEntityError: Every activation of the key is taken, or the request is not well formed.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (413).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.

        From the API reference: `POST /licenses/activate`.
        """

        return decode(
            self._send(
                operations.ACTIVATE_LICENSE,
                {
                    "license_key": license_key,
                    "name": name,
                },
                options,
            )
        )

    def validate(
        self,
        *,
        license_key: str,
        license_key_instance_id: str | None | Unset = None,
        **options: Unpack[CallOptions],
    ) -> LicenseValidateResponse:
        """Validate a license key.

        Whether a key is active and unexpired and, with an instance id, whether that activation still exists
        and belongs to the key. An unknown key is not an error but `valid: false`. The answer names no
        product and no merchant: a valid key may be anyone's.

        Tried again where no good answer came: a second time does no harm.

        Args:
            license_key: The key itself, as the customer typed it in. Blanks around it are dropped.
            license_key_instance_id: The id of the activation that must hold as well, `lki_…`.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            Whether the license holds.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            UnprocessableEntityError: The request can be read, but a value in it is missing, of the wrong kind or out
                of bounds.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (413).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.

        From the API reference: `POST /licenses/validate`.
        """

        return decode(
            self._send(
                operations.VALIDATE_LICENSE,
                {
                    "license_key": license_key,
                    "license_key_instance_id": license_key_instance_id,
                },
                options,
            )
        )

    def deactivate(
        self,
        *,
        license_key: str,
        license_key_instance_id: str,
        **options: Unpack[CallOptions],
    ) -> None:
        """Deactivate a license key.

        Gives an activation back, so that the key can be activated elsewhere. Answers 403 for an activation
        that is unknown or another key's, 404 for an unknown key; the code is `LICENSE_KEY_NOT_FOUND` in
        both.

        Tried again where no good answer came: a second time does no harm. A 403 to a repetition is taken to
        say that the attempt whose answer was lost has done it, and nothing is raised.

        Args:
            license_key: The key itself, as the customer typed it in. Blanks around it are dropped.
            license_key_instance_id: The id of the activation to release, `lki_…`.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            PermissionDeniedError: The activation is unknown, or another key's.
            NotFoundError: No license key has this string.
            UnprocessableEntityError: The request can be read, but a value in it is missing, of the wrong kind or out
                of bounds.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (413).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.

        From the API reference: `POST /licenses/deactivate`.
        """

        decode(
            self._send(
                operations.DEACTIVATE_LICENSE,
                {
                    "license_key": license_key,
                    "license_key_instance_id": license_key_instance_id,
                },
                options,
            )
        )


class LicensesWithRawResponse(Resource):
    """What an application does with a license key on its user's machine, without an API key. Replies as they came."""

    def activate(
        self, *, license_key: str, name: str, **options: Unpack[CallOptions]
    ) -> RawResponse[LicenseActivateResponse]:
        """Activate a license key: one request. `parse()` of what it returns is the LicenseActivateResponse."""
        return RawResponse(
            self._send(
                operations.ACTIVATE_LICENSE,
                {
                    "license_key": license_key,
                    "name": name,
                },
                options,
            )
        )

    def validate(
        self,
        *,
        license_key: str,
        license_key_instance_id: str | None | Unset = None,
        **options: Unpack[CallOptions],
    ) -> RawResponse[LicenseValidateResponse]:
        """Validate a license key: one request. `parse()` of what it returns is the LicenseValidateResponse."""
        return RawResponse(
            self._send(
                operations.VALIDATE_LICENSE,
                {
                    "license_key": license_key,
                    "license_key_instance_id": license_key_instance_id,
                },
                options,
            )
        )

    def deactivate(
        self,
        *,
        license_key: str,
        license_key_instance_id: str,
        **options: Unpack[CallOptions],
    ) -> RawResponse[None]:
        """Deactivate a license key: one request. `parse()` of what it returns is the None."""
        return RawResponse(
            self._send(
                operations.DEACTIVATE_LICENSE,
                {
                    "license_key": license_key,
                    "license_key_instance_id": license_key_instance_id,
                },
                options,
            )
        )


class AsyncLicenses(AsyncResource):
    """What an application does with a license key on its user's machine, without an API key."""

    @property
    def with_raw_response(self) -> AsyncLicensesWithRawResponse:
        """The same methods, one request each, returning replies as they came."""
        return AsyncLicensesWithRawResponse(self._engine)

    async def activate(
        self, *, license_key: str, name: str, **options: Unpack[CallOptions]
    ) -> LicenseActivateResponse:
        """Activate a license key.

        Takes one of the key's activations for this installation and returns its id, which validate and
        deactivate need. There is no idempotency key: activating twice uses two. Refused unless the key is
        active and unexpired (403) and has an activation left (422).

        Tried again only where the request surely was not carried out: not connected, 429, or the API's own 503.

        Args:
            license_key: The key itself, as the customer typed it in. Blanks around it are dropped.
            name: A name for this installation, to find its activation again. Not blank.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            The activation, the customer it belongs to and the product it unlocks.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            PermissionDeniedError: The license key is disabled or expired.
            NotFoundError: No license key has this string.
            UnprocessableEntityError: Every activation of the key is taken, or the request is not well formed.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (413).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.

        From the API reference: `POST /licenses/activate`.
        """

        return decode(
            await self._send(
                operations.ACTIVATE_LICENSE,
                {
                    "license_key": license_key,
                    "name": name,
                },
                options,
            )
        )

    async def validate(
        self,
        *,
        license_key: str,
        license_key_instance_id: str | None | Unset = None,
        **options: Unpack[CallOptions],
    ) -> LicenseValidateResponse:
        """Validate a license key.

        Whether a key is active and unexpired and, with an instance id, whether that activation still exists
        and belongs to the key. An unknown key is not an error but `valid: false`. The answer names no
        product and no merchant: a valid key may be anyone's.

        Tried again where no good answer came: a second time does no harm.

        Args:
            license_key: The key itself, as the customer typed it in. Blanks around it are dropped.
            license_key_instance_id: The id of the activation that must hold as well, `lki_…`.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            Whether the license holds.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            UnprocessableEntityError: The request can be read, but a value in it is missing, of the wrong kind or out
                of bounds.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (413).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.

        From the API reference: `POST /licenses/validate`.
        """

        return decode(
            await self._send(
                operations.VALIDATE_LICENSE,
                {
                    "license_key": license_key,
                    "license_key_instance_id": license_key_instance_id,
                },
                options,
            )
        )

    async def deactivate(
        self,
        *,
        license_key: str,
        license_key_instance_id: str,
        **options: Unpack[CallOptions],
    ) -> None:
        """Deactivate a license key.

        Gives an activation back, so that the key can be activated elsewhere. Answers 403 for an activation
        that is unknown or another key's, 404 for an unknown key; the code is `LICENSE_KEY_NOT_FOUND` in
        both.

        Tried again where no good answer came: a second time does no harm. A 403 to a repetition is taken to
        say that the attempt whose answer was lost has done it, and nothing is raised.

        Args:
            license_key: The key itself, as the customer typed it in. Blanks around it are dropped.
            license_key_instance_id: The id of the activation to release, `lki_…`.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            PermissionDeniedError: The activation is unknown, or another key's.
            NotFoundError: No license key has this string.
            UnprocessableEntityError: The request can be read, but a value in it is missing, of the wrong kind or out
                of bounds.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (413).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.

        From the API reference: `POST /licenses/deactivate`.
        """

        decode(
            await self._send(
                operations.DEACTIVATE_LICENSE,
                {
                    "license_key": license_key,
                    "license_key_instance_id": license_key_instance_id,
                },
                options,
            )
        )


class AsyncLicensesWithRawResponse(AsyncResource):
    """What an application does with a license key on its user's machine, without an API key. Replies as they came."""

    async def activate(
        self, *, license_key: str, name: str, **options: Unpack[CallOptions]
    ) -> RawResponse[LicenseActivateResponse]:
        """Activate a license key: one request. `parse()` of what it returns is the LicenseActivateResponse."""
        return RawResponse(
            await self._send(
                operations.ACTIVATE_LICENSE,
                {
                    "license_key": license_key,
                    "name": name,
                },
                options,
            )
        )

    async def validate(
        self,
        *,
        license_key: str,
        license_key_instance_id: str | None | Unset = None,
        **options: Unpack[CallOptions],
    ) -> RawResponse[LicenseValidateResponse]:
        """Validate a license key: one request. `parse()` of what it returns is the LicenseValidateResponse."""
        return RawResponse(
            await self._send(
                operations.VALIDATE_LICENSE,
                {
                    "license_key": license_key,
                    "license_key_instance_id": license_key_instance_id,
                },
                options,
            )
        )

    async def deactivate(
        self,
        *,
        license_key: str,
        license_key_instance_id: str,
        **options: Unpack[CallOptions],
    ) -> RawResponse[None]:
        """Deactivate a license key: one request. `parse()` of what it returns is the None."""
        return RawResponse(
            await self._send(
                operations.DEACTIVATE_LICENSE,
                {
                    "license_key": license_key,
                    "license_key_instance_id": license_key_instance_id,
                },
                options,
            )
        )


class Entitlements(Resource):
    """What a purchase gives a right to, such as a license key."""

    @functools.cached_property
    def grants(self) -> EntitlementsGrants:
        """What customers were given by way of an entitlement, a license key for example."""
        return EntitlementsGrants(self._engine)

    @property
    def with_raw_response(self) -> EntitlementsWithRawResponse:
        """The same methods, one request each, returning replies as they came."""
        return EntitlementsWithRawResponse(self._engine)

    def list(
        self,
        *,
        integration_type: EntitlementIntegrationType
        | Literal[
            "discord",
            "telegram",
            "github",
            "figma",
            "framer",
            "notion",
            "digital_files",
            "license_key",
            "feature_flag",
        ]
        | None
        | Unset = None,
        page_size: int = 100,
        page_number: int = 0,
        limit: int | None = None,
        prefetch: int = 0,
        exhaustive: bool = False,
        **options: Unpack[CallOptions],
    ) -> Listing[Entitlement]:
        """List entitlements.

        One page of the account's entitlements. Deleted ones are not among them, though their license keys
        stay valid and their grants keep their status.

        This goes through all pages, and yields each item once. Nothing is requested before you iterate. What is
        created meanwhile causes neither repeats nor losses; what *leaves the filter* meanwhile pulls later items
        onto pages already read: set `exhaustive` for that.

        Args:
            integration_type: Only the entitlements that give this, such as `license_key`.
            page_size: How many to ask for at once, 1 to 100. The rate limit counts requests, not items.
            page_number: The page to start from, counted from 0. An interrupted listing goes on at the page after
                the last one that was handled, with the same `page_size`.
            limit: Maximum number of items; None for all.
            prefetch: How many pages to keep in flight ahead of the one being consumed, 0 to 100.
            exhaustive: Whether to sweep over all pages again until everything that matched all along was yielded.
                Costs at least one more sweep, and remembers every id.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            A listing to iterate: `for` on DodoPayments, `async for` on AsyncDodoPayments.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            AuthenticationError: No API key, or not a valid one for this environment. What its body holds is not
                documented.
            PermissionDeniedError: This API key may not do that.
            UnprocessableEntityError: The request can be read, but a value in it is missing, of the wrong kind or out
                of bounds.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (405).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.
            PaginationError: The server repeats itself, or an exhaustive listing never settles.

        From the API reference: `GET /entitlements`.
        """

        return self._list(
            Plan(
                operations.LIST_ENTITLEMENTS,
                {
                    "integration_type": integration_type,
                },
                page_size=page_size,
                page_number=page_number,
                limit=limit,
                prefetch=prefetch,
                exhaustive=exhaustive,
                options=options,
            )
        )

    def retrieve(self, id: str, **options: Unpack[CallOptions]) -> Entitlement:
        """Retrieve an entitlement.

        One entitlement by its id.

        Args:
            id: The id of an entitlement, such as `ent_123`.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            The entitlement as it is now.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            AuthenticationError: No API key, or not a valid one for this environment. What its body holds is not
                documented.
            PermissionDeniedError: This API key may not do that.
            NotFoundError: Nothing has this id in this environment.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (405).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.

        From the API reference: `GET /entitlements/{id}`.
        """

        return decode(
            self._send(
                operations.RETRIEVE_ENTITLEMENT,
                {
                    "id": id,
                },
                options,
            )
        )


class EntitlementsWithRawResponse(Resource):
    """What a purchase gives a right to, such as a license key. Replies as they came."""

    @functools.cached_property
    def grants(self) -> EntitlementsGrantsWithRawResponse:
        """What customers were given by way of an entitlement, a license key for example."""
        return EntitlementsGrantsWithRawResponse(self._engine)

    def list(
        self,
        *,
        integration_type: EntitlementIntegrationType
        | Literal[
            "discord",
            "telegram",
            "github",
            "figma",
            "framer",
            "notion",
            "digital_files",
            "license_key",
            "feature_flag",
        ]
        | None
        | Unset = None,
        page_size: int = 100,
        page_number: int = 0,
        **options: Unpack[CallOptions],
    ) -> RawResponse[EntitlementList]:
        """List entitlements: one request. `parse()` of what it returns is the EntitlementList."""
        return RawResponse(
            self._send(
                operations.LIST_ENTITLEMENTS,
                {
                    "integration_type": integration_type,
                    "page_size": page_size,
                    "page_number": page_number,
                },
                options,
            )
        )

    def retrieve(
        self, id: str, **options: Unpack[CallOptions]
    ) -> RawResponse[Entitlement]:
        """Retrieve an entitlement: one request. `parse()` of what it returns is the Entitlement."""
        return RawResponse(
            self._send(
                operations.RETRIEVE_ENTITLEMENT,
                {
                    "id": id,
                },
                options,
            )
        )


class AsyncEntitlements(AsyncResource):
    """What a purchase gives a right to, such as a license key."""

    @functools.cached_property
    def grants(self) -> AsyncEntitlementsGrants:
        """What customers were given by way of an entitlement, a license key for example."""
        return AsyncEntitlementsGrants(self._engine)

    @property
    def with_raw_response(self) -> AsyncEntitlementsWithRawResponse:
        """The same methods, one request each, returning replies as they came."""
        return AsyncEntitlementsWithRawResponse(self._engine)

    def list(
        self,
        *,
        integration_type: EntitlementIntegrationType
        | Literal[
            "discord",
            "telegram",
            "github",
            "figma",
            "framer",
            "notion",
            "digital_files",
            "license_key",
            "feature_flag",
        ]
        | None
        | Unset = None,
        page_size: int = 100,
        page_number: int = 0,
        limit: int | None = None,
        prefetch: int = 0,
        exhaustive: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncListing[Entitlement]:
        """List entitlements.

        One page of the account's entitlements. Deleted ones are not among them, though their license keys
        stay valid and their grants keep their status.

        This goes through all pages, and yields each item once. Nothing is requested before you iterate. What is
        created meanwhile causes neither repeats nor losses; what *leaves the filter* meanwhile pulls later items
        onto pages already read: set `exhaustive` for that.

        Args:
            integration_type: Only the entitlements that give this, such as `license_key`.
            page_size: How many to ask for at once, 1 to 100. The rate limit counts requests, not items.
            page_number: The page to start from, counted from 0. An interrupted listing goes on at the page after
                the last one that was handled, with the same `page_size`.
            limit: Maximum number of items; None for all.
            prefetch: How many pages to keep in flight ahead of the one being consumed, 0 to 100.
            exhaustive: Whether to sweep over all pages again until everything that matched all along was yielded.
                Costs at least one more sweep, and remembers every id.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            A listing to iterate: `for` on DodoPayments, `async for` on AsyncDodoPayments.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            AuthenticationError: No API key, or not a valid one for this environment. What its body holds is not
                documented.
            PermissionDeniedError: This API key may not do that.
            UnprocessableEntityError: The request can be read, but a value in it is missing, of the wrong kind or out
                of bounds.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (405).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.
            PaginationError: The server repeats itself, or an exhaustive listing never settles.

        From the API reference: `GET /entitlements`.
        """

        return self._list(
            Plan(
                operations.LIST_ENTITLEMENTS,
                {
                    "integration_type": integration_type,
                },
                page_size=page_size,
                page_number=page_number,
                limit=limit,
                prefetch=prefetch,
                exhaustive=exhaustive,
                options=options,
            )
        )

    async def retrieve(self, id: str, **options: Unpack[CallOptions]) -> Entitlement:
        """Retrieve an entitlement.

        One entitlement by its id.

        Args:
            id: The id of an entitlement, such as `ent_123`.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            The entitlement as it is now.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            AuthenticationError: No API key, or not a valid one for this environment. What its body holds is not
                documented.
            PermissionDeniedError: This API key may not do that.
            NotFoundError: Nothing has this id in this environment.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (405).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.

        From the API reference: `GET /entitlements/{id}`.
        """

        return decode(
            await self._send(
                operations.RETRIEVE_ENTITLEMENT,
                {
                    "id": id,
                },
                options,
            )
        )


class AsyncEntitlementsWithRawResponse(AsyncResource):
    """What a purchase gives a right to, such as a license key. Replies as they came."""

    @functools.cached_property
    def grants(self) -> AsyncEntitlementsGrantsWithRawResponse:
        """What customers were given by way of an entitlement, a license key for example."""
        return AsyncEntitlementsGrantsWithRawResponse(self._engine)

    async def list(
        self,
        *,
        integration_type: EntitlementIntegrationType
        | Literal[
            "discord",
            "telegram",
            "github",
            "figma",
            "framer",
            "notion",
            "digital_files",
            "license_key",
            "feature_flag",
        ]
        | None
        | Unset = None,
        page_size: int = 100,
        page_number: int = 0,
        **options: Unpack[CallOptions],
    ) -> RawResponse[EntitlementList]:
        """List entitlements: one request. `parse()` of what it returns is the EntitlementList."""
        return RawResponse(
            await self._send(
                operations.LIST_ENTITLEMENTS,
                {
                    "integration_type": integration_type,
                    "page_size": page_size,
                    "page_number": page_number,
                },
                options,
            )
        )

    async def retrieve(
        self, id: str, **options: Unpack[CallOptions]
    ) -> RawResponse[Entitlement]:
        """Retrieve an entitlement: one request. `parse()` of what it returns is the Entitlement."""
        return RawResponse(
            await self._send(
                operations.RETRIEVE_ENTITLEMENT,
                {
                    "id": id,
                },
                options,
            )
        )


class EntitlementsGrants(Resource):
    """What customers were given by way of an entitlement, a license key for example."""

    @property
    def with_raw_response(self) -> EntitlementsGrantsWithRawResponse:
        """The same methods, one request each, returning replies as they came."""
        return EntitlementsGrantsWithRawResponse(self._engine)

    def list(
        self,
        id: str,
        *,
        customer_id: str | None | Unset = None,
        status: EntitlementGrantStatus
        | Literal["Pending", "Delivered", "Failed", "Revoked"]
        | None
        | Unset = None,
        page_size: int = 100,
        page_number: int = 0,
        limit: int | None = None,
        prefetch: int = 0,
        exhaustive: bool = False,
        **options: Unpack[CallOptions],
    ) -> Listing[EntitlementGrant]:
        """List the grants of an entitlement.

        One page of the grants of one entitlement that satisfy every filter given. There is no filter by
        product, subscription or license key. Whether an unknown entitlement is answered with 404 or with an
        empty page is not documented, nor whether imported license keys have a grant.

        This goes through all pages, and yields each item once. Nothing is requested before you iterate. What is
        created meanwhile causes neither repeats nor losses; what *leaves the filter* meanwhile pulls later items
        onto pages already read: set `exhaustive` for that.

        Args:
            id: The id of an entitlement, such as `ent_123`.
            customer_id: Only the grants to this customer, such as `cus_123`.
            status: Only the grants in this state. Send it as it is written here.
            page_size: How many to ask for at once, 1 to 100. The rate limit counts requests, not items.
            page_number: The page to start from, counted from 0. An interrupted listing goes on at the page after
                the last one that was handled, with the same `page_size`.
            limit: Maximum number of items; None for all.
            prefetch: How many pages to keep in flight ahead of the one being consumed, 0 to 100.
            exhaustive: Whether to sweep over all pages again until everything that matched all along was yielded.
                Costs at least one more sweep, and remembers every id.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            A listing to iterate: `for` on DodoPayments, `async for` on AsyncDodoPayments.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            AuthenticationError: No API key, or not a valid one for this environment. What its body holds is not
                documented.
            PermissionDeniedError: This API key may not do that.
            NotFoundError: Nothing has this id in this environment.
            UnprocessableEntityError: The request can be read, but a value in it is missing, of the wrong kind or out
                of bounds.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (405).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.
            PaginationError: The server repeats itself, or an exhaustive listing never settles.

        From the API reference: `GET /entitlements/{id}/grants`.
        """

        return self._list(
            Plan(
                operations.LIST_ENTITLEMENT_GRANTS,
                {
                    "id": id,
                    "customer_id": customer_id,
                    "status": status,
                },
                page_size=page_size,
                page_number=page_number,
                limit=limit,
                prefetch=prefetch,
                exhaustive=exhaustive,
                options=options,
            )
        )

    def revoke(
        self, grant_id: str, *, id: str, **options: Unpack[CallOptions]
    ) -> EntitlementGrant:
        """Revoke a grant.

        Takes back what a grant gave: its license key is disabled, and a renewal doesn't grant it again.
        Revoking twice does no harm: the grant comes as it is. Which statuses refuse it is not documented.

        Tried again where no good answer came: a second time does no harm.

        Args:
            grant_id: The id of an entitlement grant, such as `entg_123`.
            id: The id of an entitlement, such as `ent_123`.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            The grant as it is now.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            AuthenticationError: No API key, or not a valid one for this environment. What its body holds is not
                documented.
            PermissionDeniedError: This API key may not do that.
            NotFoundError: Nothing has this id in this environment.
            UnprocessableEntityError: The request can be read, but a value in it is missing, of the wrong kind or out
                of bounds.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.

        From the API reference: `DELETE /entitlements/{id}/grants/{grant_id}`.
        """

        return decode(
            self._send(
                operations.REVOKE_ENTITLEMENT_GRANT,
                {
                    "id": id,
                    "grant_id": grant_id,
                },
                options,
            )
        )

    def fulfill_license_key(
        self,
        grant_id: str,
        *,
        key: str,
        activations_limit: int | None | Unset = None,
        expires_at: datetime | str | None | Unset = None,
        **options: Unpack[CallOptions],
    ) -> EntitlementGrant:
        """Fulfil a grant with a license key.

        Delivers a license key for a pending grant of an entitlement that is fulfilled by hand. The customer
        gets it by mail, and the webhooks `license_key.created` and `entitlement_grant.delivered` are sent.

        Refused with 400 where the grant is not for a license key or the key is blank, and with 409 where
        the grant is fulfilled already or another license key has this string: read the grant to tell them
        apart. One page of the documentation calls it safe to repeat, another doesn't.

        Tried again only where the request surely was not carried out: not connected, 429, or the API's own 503.

        Args:
            grant_id: The id of an entitlement grant, such as `entg_123`.
            key: The key itself, as the customer will type it in. Blanks around it are dropped.
            activations_limit: How many activations the key may have at once; None or left out, what the
                entitlement says. 0 or more.
            expires_at: When the key stops working; None or left out, what the entitlement says. With
                its time zone.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            The grant as it is now.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            AuthenticationError: No API key, or not a valid one for this environment. What its body holds is not
                documented.
            PermissionDeniedError: This API key may not do that.
            NotFoundError: Nothing has this id in this environment.
            ConflictError: The grant is fulfilled already, or another license key has this string.
            UnprocessableEntityError: The request can be read, but a value in it is missing, of the wrong kind or out
                of bounds.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (413).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.

        From the API reference: `POST /grants/{grant_id}/license-key`.
        """

        return decode(
            self._send(
                operations.FULFILL_LICENSE_KEY_GRANT,
                {
                    "grant_id": grant_id,
                    "key": key,
                    "activations_limit": activations_limit,
                    "expires_at": expires_at,
                },
                options,
            )
        )


class EntitlementsGrantsWithRawResponse(Resource):
    """What customers were given by way of an entitlement, a license key for example. Replies as they came."""

    def list(
        self,
        id: str,
        *,
        customer_id: str | None | Unset = None,
        status: EntitlementGrantStatus
        | Literal["Pending", "Delivered", "Failed", "Revoked"]
        | None
        | Unset = None,
        page_size: int = 100,
        page_number: int = 0,
        **options: Unpack[CallOptions],
    ) -> RawResponse[EntitlementGrantList]:
        """List the grants of an entitlement: one request. `parse()` of what it returns is the EntitlementGrantList."""
        return RawResponse(
            self._send(
                operations.LIST_ENTITLEMENT_GRANTS,
                {
                    "id": id,
                    "customer_id": customer_id,
                    "status": status,
                    "page_size": page_size,
                    "page_number": page_number,
                },
                options,
            )
        )

    def revoke(
        self, grant_id: str, *, id: str, **options: Unpack[CallOptions]
    ) -> RawResponse[EntitlementGrant]:
        """Revoke a grant: one request. `parse()` of what it returns is the EntitlementGrant."""
        return RawResponse(
            self._send(
                operations.REVOKE_ENTITLEMENT_GRANT,
                {
                    "id": id,
                    "grant_id": grant_id,
                },
                options,
            )
        )

    def fulfill_license_key(
        self,
        grant_id: str,
        *,
        key: str,
        activations_limit: int | None | Unset = None,
        expires_at: datetime | str | None | Unset = None,
        **options: Unpack[CallOptions],
    ) -> RawResponse[EntitlementGrant]:
        """Fulfil a grant with a license key: one request. `parse()` of what it returns is the EntitlementGrant."""
        return RawResponse(
            self._send(
                operations.FULFILL_LICENSE_KEY_GRANT,
                {
                    "grant_id": grant_id,
                    "key": key,
                    "activations_limit": activations_limit,
                    "expires_at": expires_at,
                },
                options,
            )
        )


class AsyncEntitlementsGrants(AsyncResource):
    """What customers were given by way of an entitlement, a license key for example."""

    @property
    def with_raw_response(self) -> AsyncEntitlementsGrantsWithRawResponse:
        """The same methods, one request each, returning replies as they came."""
        return AsyncEntitlementsGrantsWithRawResponse(self._engine)

    def list(
        self,
        id: str,
        *,
        customer_id: str | None | Unset = None,
        status: EntitlementGrantStatus
        | Literal["Pending", "Delivered", "Failed", "Revoked"]
        | None
        | Unset = None,
        page_size: int = 100,
        page_number: int = 0,
        limit: int | None = None,
        prefetch: int = 0,
        exhaustive: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncListing[EntitlementGrant]:
        """List the grants of an entitlement.

        One page of the grants of one entitlement that satisfy every filter given. There is no filter by
        product, subscription or license key. Whether an unknown entitlement is answered with 404 or with an
        empty page is not documented, nor whether imported license keys have a grant.

        This goes through all pages, and yields each item once. Nothing is requested before you iterate. What is
        created meanwhile causes neither repeats nor losses; what *leaves the filter* meanwhile pulls later items
        onto pages already read: set `exhaustive` for that.

        Args:
            id: The id of an entitlement, such as `ent_123`.
            customer_id: Only the grants to this customer, such as `cus_123`.
            status: Only the grants in this state. Send it as it is written here.
            page_size: How many to ask for at once, 1 to 100. The rate limit counts requests, not items.
            page_number: The page to start from, counted from 0. An interrupted listing goes on at the page after
                the last one that was handled, with the same `page_size`.
            limit: Maximum number of items; None for all.
            prefetch: How many pages to keep in flight ahead of the one being consumed, 0 to 100.
            exhaustive: Whether to sweep over all pages again until everything that matched all along was yielded.
                Costs at least one more sweep, and remembers every id.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            A listing to iterate: `for` on DodoPayments, `async for` on AsyncDodoPayments.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            AuthenticationError: No API key, or not a valid one for this environment. What its body holds is not
                documented.
            PermissionDeniedError: This API key may not do that.
            NotFoundError: Nothing has this id in this environment.
            UnprocessableEntityError: The request can be read, but a value in it is missing, of the wrong kind or out
                of bounds.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (405).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.
            PaginationError: The server repeats itself, or an exhaustive listing never settles.

        From the API reference: `GET /entitlements/{id}/grants`.
        """

        return self._list(
            Plan(
                operations.LIST_ENTITLEMENT_GRANTS,
                {
                    "id": id,
                    "customer_id": customer_id,
                    "status": status,
                },
                page_size=page_size,
                page_number=page_number,
                limit=limit,
                prefetch=prefetch,
                exhaustive=exhaustive,
                options=options,
            )
        )

    async def revoke(
        self, grant_id: str, *, id: str, **options: Unpack[CallOptions]
    ) -> EntitlementGrant:
        """Revoke a grant.

        Takes back what a grant gave: its license key is disabled, and a renewal doesn't grant it again.
        Revoking twice does no harm: the grant comes as it is. Which statuses refuse it is not documented.

        Tried again where no good answer came: a second time does no harm.

        Args:
            grant_id: The id of an entitlement grant, such as `entg_123`.
            id: The id of an entitlement, such as `ent_123`.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            The grant as it is now.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            AuthenticationError: No API key, or not a valid one for this environment. What its body holds is not
                documented.
            PermissionDeniedError: This API key may not do that.
            NotFoundError: Nothing has this id in this environment.
            UnprocessableEntityError: The request can be read, but a value in it is missing, of the wrong kind or out
                of bounds.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.

        From the API reference: `DELETE /entitlements/{id}/grants/{grant_id}`.
        """

        return decode(
            await self._send(
                operations.REVOKE_ENTITLEMENT_GRANT,
                {
                    "id": id,
                    "grant_id": grant_id,
                },
                options,
            )
        )

    async def fulfill_license_key(
        self,
        grant_id: str,
        *,
        key: str,
        activations_limit: int | None | Unset = None,
        expires_at: datetime | str | None | Unset = None,
        **options: Unpack[CallOptions],
    ) -> EntitlementGrant:
        """Fulfil a grant with a license key.

        Delivers a license key for a pending grant of an entitlement that is fulfilled by hand. The customer
        gets it by mail, and the webhooks `license_key.created` and `entitlement_grant.delivered` are sent.

        Refused with 400 where the grant is not for a license key or the key is blank, and with 409 where
        the grant is fulfilled already or another license key has this string: read the grant to tell them
        apart. One page of the documentation calls it safe to repeat, another doesn't.

        Tried again only where the request surely was not carried out: not connected, 429, or the API's own 503.

        Args:
            grant_id: The id of an entitlement grant, such as `entg_123`.
            key: The key itself, as the customer will type it in. Blanks around it are dropped.
            activations_limit: How many activations the key may have at once; None or left out, what the
                entitlement says. 0 or more.
            expires_at: When the key stops working; None or left out, what the entitlement says. With
                its time zone.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            The grant as it is now.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            AuthenticationError: No API key, or not a valid one for this environment. What its body holds is not
                documented.
            PermissionDeniedError: This API key may not do that.
            NotFoundError: Nothing has this id in this environment.
            ConflictError: The grant is fulfilled already, or another license key has this string.
            UnprocessableEntityError: The request can be read, but a value in it is missing, of the wrong kind or out
                of bounds.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (413).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.

        From the API reference: `POST /grants/{grant_id}/license-key`.
        """

        return decode(
            await self._send(
                operations.FULFILL_LICENSE_KEY_GRANT,
                {
                    "grant_id": grant_id,
                    "key": key,
                    "activations_limit": activations_limit,
                    "expires_at": expires_at,
                },
                options,
            )
        )


class AsyncEntitlementsGrantsWithRawResponse(AsyncResource):
    """What customers were given by way of an entitlement, a license key for example. Replies as they came."""

    async def list(
        self,
        id: str,
        *,
        customer_id: str | None | Unset = None,
        status: EntitlementGrantStatus
        | Literal["Pending", "Delivered", "Failed", "Revoked"]
        | None
        | Unset = None,
        page_size: int = 100,
        page_number: int = 0,
        **options: Unpack[CallOptions],
    ) -> RawResponse[EntitlementGrantList]:
        """List the grants of an entitlement: one request. `parse()` of what it returns is the EntitlementGrantList."""
        return RawResponse(
            await self._send(
                operations.LIST_ENTITLEMENT_GRANTS,
                {
                    "id": id,
                    "customer_id": customer_id,
                    "status": status,
                    "page_size": page_size,
                    "page_number": page_number,
                },
                options,
            )
        )

    async def revoke(
        self, grant_id: str, *, id: str, **options: Unpack[CallOptions]
    ) -> RawResponse[EntitlementGrant]:
        """Revoke a grant: one request. `parse()` of what it returns is the EntitlementGrant."""
        return RawResponse(
            await self._send(
                operations.REVOKE_ENTITLEMENT_GRANT,
                {
                    "id": id,
                    "grant_id": grant_id,
                },
                options,
            )
        )

    async def fulfill_license_key(
        self,
        grant_id: str,
        *,
        key: str,
        activations_limit: int | None | Unset = None,
        expires_at: datetime | str | None | Unset = None,
        **options: Unpack[CallOptions],
    ) -> RawResponse[EntitlementGrant]:
        """Fulfil a grant with a license key: one request. `parse()` of what it returns is the EntitlementGrant."""
        return RawResponse(
            await self._send(
                operations.FULFILL_LICENSE_KEY_GRANT,
                {
                    "grant_id": grant_id,
                    "key": key,
                    "activations_limit": activations_limit,
                    "expires_at": expires_at,
                },
                options,
            )
        )


class Customers(Resource):
    """What one customer was given."""

    @property
    def with_raw_response(self) -> CustomersWithRawResponse:
        """The same methods, one request each, returning replies as they came."""
        return CustomersWithRawResponse(self._engine)

    def list_entitlement_grants(
        self,
        customer_id: str,
        *,
        integration_type: EntitlementIntegrationType
        | Literal[
            "discord",
            "telegram",
            "github",
            "figma",
            "framer",
            "notion",
            "digital_files",
            "license_key",
            "feature_flag",
        ]
        | None
        | Unset = None,
        status: EntitlementGrantStatus
        | Literal["Pending", "Delivered", "Failed", "Revoked"]
        | None
        | Unset = None,
        page_size: int = 100,
        page_number: int = 0,
        limit: int | None = None,
        prefetch: int = 0,
        exhaustive: bool = False,
        **options: Unpack[CallOptions],
    ) -> Listing[EntitlementGrant]:
        """List the grants of a customer.

        One page of what one customer was granted, over all entitlements, that satisfies every filter given.
        Whether an unknown customer is answered with 404 or with an empty page is not documented.

        This goes through all pages, and yields each item once. Nothing is requested before you iterate. What is
        created meanwhile causes neither repeats nor losses; what *leaves the filter* meanwhile pulls later items
        onto pages already read: set `exhaustive` for that.

        Args:
            customer_id: The id of a customer, such as `cus_123`.
            integration_type: Only the grants of this type, such as `license_key`.
            status: Only the grants in this state. Send it as it is written here.
            page_size: How many to ask for at once, 1 to 100. The rate limit counts requests, not items.
            page_number: The page to start from, counted from 0. An interrupted listing goes on at the page after
                the last one that was handled, with the same `page_size`.
            limit: Maximum number of items; None for all.
            prefetch: How many pages to keep in flight ahead of the one being consumed, 0 to 100.
            exhaustive: Whether to sweep over all pages again until everything that matched all along was yielded.
                Costs at least one more sweep, and remembers every id.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            A listing to iterate: `for` on DodoPayments, `async for` on AsyncDodoPayments.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            AuthenticationError: No API key, or not a valid one for this environment. What its body holds is not
                documented.
            PermissionDeniedError: This API key may not do that.
            NotFoundError: Nothing has this id in this environment.
            UnprocessableEntityError: The request can be read, but a value in it is missing, of the wrong kind or out
                of bounds.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (405).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.
            PaginationError: The server repeats itself, or an exhaustive listing never settles.

        From the API reference: `GET /customers/{customer_id}/entitlement-grants`.
        """

        return self._list(
            Plan(
                operations.LIST_CUSTOMER_ENTITLEMENT_GRANTS,
                {
                    "customer_id": customer_id,
                    "integration_type": integration_type,
                    "status": status,
                },
                page_size=page_size,
                page_number=page_number,
                limit=limit,
                prefetch=prefetch,
                exhaustive=exhaustive,
                options=options,
            )
        )


class CustomersWithRawResponse(Resource):
    """What one customer was given. Replies as they came."""

    def list_entitlement_grants(
        self,
        customer_id: str,
        *,
        integration_type: EntitlementIntegrationType
        | Literal[
            "discord",
            "telegram",
            "github",
            "figma",
            "framer",
            "notion",
            "digital_files",
            "license_key",
            "feature_flag",
        ]
        | None
        | Unset = None,
        status: EntitlementGrantStatus
        | Literal["Pending", "Delivered", "Failed", "Revoked"]
        | None
        | Unset = None,
        page_size: int = 100,
        page_number: int = 0,
        **options: Unpack[CallOptions],
    ) -> RawResponse[EntitlementGrantList]:
        """List the grants of a customer: one request. `parse()` of what it returns is the EntitlementGrantList."""
        return RawResponse(
            self._send(
                operations.LIST_CUSTOMER_ENTITLEMENT_GRANTS,
                {
                    "customer_id": customer_id,
                    "integration_type": integration_type,
                    "status": status,
                    "page_size": page_size,
                    "page_number": page_number,
                },
                options,
            )
        )


class AsyncCustomers(AsyncResource):
    """What one customer was given."""

    @property
    def with_raw_response(self) -> AsyncCustomersWithRawResponse:
        """The same methods, one request each, returning replies as they came."""
        return AsyncCustomersWithRawResponse(self._engine)

    def list_entitlement_grants(
        self,
        customer_id: str,
        *,
        integration_type: EntitlementIntegrationType
        | Literal[
            "discord",
            "telegram",
            "github",
            "figma",
            "framer",
            "notion",
            "digital_files",
            "license_key",
            "feature_flag",
        ]
        | None
        | Unset = None,
        status: EntitlementGrantStatus
        | Literal["Pending", "Delivered", "Failed", "Revoked"]
        | None
        | Unset = None,
        page_size: int = 100,
        page_number: int = 0,
        limit: int | None = None,
        prefetch: int = 0,
        exhaustive: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncListing[EntitlementGrant]:
        """List the grants of a customer.

        One page of what one customer was granted, over all entitlements, that satisfies every filter given.
        Whether an unknown customer is answered with 404 or with an empty page is not documented.

        This goes through all pages, and yields each item once. Nothing is requested before you iterate. What is
        created meanwhile causes neither repeats nor losses; what *leaves the filter* meanwhile pulls later items
        onto pages already read: set `exhaustive` for that.

        Args:
            customer_id: The id of a customer, such as `cus_123`.
            integration_type: Only the grants of this type, such as `license_key`.
            status: Only the grants in this state. Send it as it is written here.
            page_size: How many to ask for at once, 1 to 100. The rate limit counts requests, not items.
            page_number: The page to start from, counted from 0. An interrupted listing goes on at the page after
                the last one that was handled, with the same `page_size`.
            limit: Maximum number of items; None for all.
            prefetch: How many pages to keep in flight ahead of the one being consumed, 0 to 100.
            exhaustive: Whether to sweep over all pages again until everything that matched all along was yielded.
                Costs at least one more sweep, and remembers every id.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            A listing to iterate: `for` on DodoPayments, `async for` on AsyncDodoPayments.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            AuthenticationError: No API key, or not a valid one for this environment. What its body holds is not
                documented.
            PermissionDeniedError: This API key may not do that.
            NotFoundError: Nothing has this id in this environment.
            UnprocessableEntityError: The request can be read, but a value in it is missing, of the wrong kind or out
                of bounds.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (405).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.
            PaginationError: The server repeats itself, or an exhaustive listing never settles.

        From the API reference: `GET /customers/{customer_id}/entitlement-grants`.
        """

        return self._list(
            Plan(
                operations.LIST_CUSTOMER_ENTITLEMENT_GRANTS,
                {
                    "customer_id": customer_id,
                    "integration_type": integration_type,
                    "status": status,
                },
                page_size=page_size,
                page_number=page_number,
                limit=limit,
                prefetch=prefetch,
                exhaustive=exhaustive,
                options=options,
            )
        )


class AsyncCustomersWithRawResponse(AsyncResource):
    """What one customer was given. Replies as they came."""

    async def list_entitlement_grants(
        self,
        customer_id: str,
        *,
        integration_type: EntitlementIntegrationType
        | Literal[
            "discord",
            "telegram",
            "github",
            "figma",
            "framer",
            "notion",
            "digital_files",
            "license_key",
            "feature_flag",
        ]
        | None
        | Unset = None,
        status: EntitlementGrantStatus
        | Literal["Pending", "Delivered", "Failed", "Revoked"]
        | None
        | Unset = None,
        page_size: int = 100,
        page_number: int = 0,
        **options: Unpack[CallOptions],
    ) -> RawResponse[EntitlementGrantList]:
        """List the grants of a customer: one request. `parse()` of what it returns is the EntitlementGrantList."""
        return RawResponse(
            await self._send(
                operations.LIST_CUSTOMER_ENTITLEMENT_GRANTS,
                {
                    "customer_id": customer_id,
                    "integration_type": integration_type,
                    "status": status,
                    "page_size": page_size,
                    "page_number": page_number,
                },
                options,
            )
        )


class Products(Resource):
    """What a merchant sells, and the entitlements that it carries."""

    @property
    def with_raw_response(self) -> ProductsWithRawResponse:
        """The same methods, one request each, returning replies as they came."""
        return ProductsWithRawResponse(self._engine)

    def list(
        self,
        *,
        page_size: int = 100,
        page_number: int = 0,
        limit: int | None = None,
        prefetch: int = 0,
        exhaustive: bool = False,
        **options: Unpack[CallOptions],
    ) -> Listing[Product]:
        """List products.

        One page of the products that are on sale, with the entitlements that each carries: the one place
        that ties a grant's entitlement to a product. Archived products are not among them.

        This goes through all pages, and yields each item once. Nothing is requested before you iterate. What is
        created meanwhile causes neither repeats nor losses; what *leaves the filter* meanwhile pulls later items
        onto pages already read: set `exhaustive` for that.

        Args:
            page_size: How many to ask for at once, 1 to 100. The rate limit counts requests, not items.
            page_number: The page to start from, counted from 0. An interrupted listing goes on at the page after
                the last one that was handled, with the same `page_size`.
            limit: Maximum number of items; None for all.
            prefetch: How many pages to keep in flight ahead of the one being consumed, 0 to 100.
            exhaustive: Whether to sweep over all pages again until everything that matched all along was yielded.
                Costs at least one more sweep, and remembers every id.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            A listing to iterate: `for` on DodoPayments, `async for` on AsyncDodoPayments.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            AuthenticationError: No API key, or not a valid one for this environment. What its body holds is not
                documented.
            PermissionDeniedError: This API key may not do that.
            UnprocessableEntityError: The request can be read, but a value in it is missing, of the wrong kind or out
                of bounds.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (405).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.
            PaginationError: The server repeats itself, or an exhaustive listing never settles.

        From the API reference: `GET /products`.
        """

        return self._list(
            Plan(
                operations.LIST_PRODUCTS,
                {},
                page_size=page_size,
                page_number=page_number,
                limit=limit,
                prefetch=prefetch,
                exhaustive=exhaustive,
                options=options,
            )
        )


class ProductsWithRawResponse(Resource):
    """What a merchant sells, and the entitlements that it carries. Replies as they came."""

    def list(
        self,
        *,
        page_size: int = 100,
        page_number: int = 0,
        **options: Unpack[CallOptions],
    ) -> RawResponse[ProductList]:
        """List products: one request. `parse()` of what it returns is the ProductList."""
        return RawResponse(
            self._send(
                operations.LIST_PRODUCTS,
                {"page_size": page_size, "page_number": page_number},
                options,
            )
        )


class AsyncProducts(AsyncResource):
    """What a merchant sells, and the entitlements that it carries."""

    @property
    def with_raw_response(self) -> AsyncProductsWithRawResponse:
        """The same methods, one request each, returning replies as they came."""
        return AsyncProductsWithRawResponse(self._engine)

    def list(
        self,
        *,
        page_size: int = 100,
        page_number: int = 0,
        limit: int | None = None,
        prefetch: int = 0,
        exhaustive: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncListing[Product]:
        """List products.

        One page of the products that are on sale, with the entitlements that each carries: the one place
        that ties a grant's entitlement to a product. Archived products are not among them.

        This goes through all pages, and yields each item once. Nothing is requested before you iterate. What is
        created meanwhile causes neither repeats nor losses; what *leaves the filter* meanwhile pulls later items
        onto pages already read: set `exhaustive` for that.

        Args:
            page_size: How many to ask for at once, 1 to 100. The rate limit counts requests, not items.
            page_number: The page to start from, counted from 0. An interrupted listing goes on at the page after
                the last one that was handled, with the same `page_size`.
            limit: Maximum number of items; None for all.
            prefetch: How many pages to keep in flight ahead of the one being consumed, 0 to 100.
            exhaustive: Whether to sweep over all pages again until everything that matched all along was yielded.
                Costs at least one more sweep, and remembers every id.
            **options: `timeout`, `extra_headers`, `extra_query` and `extra_body`; see CallOptions.

        Returns:
            A listing to iterate: `for` on DodoPayments, `async for` on AsyncDodoPayments.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: The request cannot be read, or asks for what this key or grant cannot have.
            AuthenticationError: No API key, or not a valid one for this environment. What its body holds is not
                documented.
            PermissionDeniedError: This API key may not do that.
            UnprocessableEntityError: The request can be read, but a value in it is missing, of the wrong kind or out
                of bounds.
            RateLimitError: The rate limit is used up for now. Nothing documents that the request was not
                carried out.
            InternalServerError: Something failed on the server. The body may be anything, or nothing.
            APIStatusError: It was refused for another reason (405).
            APIConnectionError: No answer came.
            ResponseValidationError: The reply breaks the contract.
            PaginationError: The server repeats itself, or an exhaustive listing never settles.

        From the API reference: `GET /products`.
        """

        return self._list(
            Plan(
                operations.LIST_PRODUCTS,
                {},
                page_size=page_size,
                page_number=page_number,
                limit=limit,
                prefetch=prefetch,
                exhaustive=exhaustive,
                options=options,
            )
        )


class AsyncProductsWithRawResponse(AsyncResource):
    """What a merchant sells, and the entitlements that it carries. Replies as they came."""

    async def list(
        self,
        *,
        page_size: int = 100,
        page_number: int = 0,
        **options: Unpack[CallOptions],
    ) -> RawResponse[ProductList]:
        """List products: one request. `parse()` of what it returns is the ProductList."""
        return RawResponse(
            await self._send(
                operations.LIST_PRODUCTS,
                {"page_size": page_size, "page_number": page_number},
                options,
            )
        )


class Resources(Resource):
    """What DodoPayments has."""

    @functools.cached_property
    def license_keys(self) -> LicenseKeys:
        """The keys a merchant has sold or imported."""
        return LicenseKeys(self._engine)

    @functools.cached_property
    def license_key_instances(self) -> LicenseKeyInstances:
        """The activations of a license key, one for each installation."""
        return LicenseKeyInstances(self._engine)

    @functools.cached_property
    def licenses(self) -> Licenses:
        """What an application does with a license key on its user's machine, without an API key."""
        return Licenses(self._engine)

    @functools.cached_property
    def entitlements(self) -> Entitlements:
        """What a purchase gives a right to, such as a license key."""
        return Entitlements(self._engine)

    @functools.cached_property
    def customers(self) -> Customers:
        """What one customer was given."""
        return Customers(self._engine)

    @functools.cached_property
    def products(self) -> Products:
        """What a merchant sells, and the entitlements that it carries."""
        return Products(self._engine)

    @property
    def with_raw_response(self) -> ResourcesWithRawResponse:
        """The same resources, returning replies as they came."""
        return ResourcesWithRawResponse(self._engine)

    def get(self, path: str, *, cast_to: type[T], **options: Unpack[CallOptions]) -> T:
        """Send a GET to a path of the API that no method of this client is for.

        Tried again where no good answer came.

        Args:
            path: Such as `/payments`.
            cast_to: What the reply is read as: a model, a dataclass, a TypedDict, `dict`, `httpx.Response`;
                `NoneType` for nothing.
            **options: `timeout`, `extra_headers` and `extra_query`; see CallOptions.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            APIConnectionError: No answer came.
            APIStatusError: The API refused.
            ResponseValidationError: The reply is not of that kind.
        """
        return decode(self._send(other("GET", path, cast_to), {}, options))

    def post(
        self,
        path: str,
        *,
        cast_to: type[T],
        body: Mapping[str, object] | None = None,
        **options: Unpack[CallOptions],
    ) -> T:
        """Send a POST to a path of the API that no method of this client is for.

        Tried again only where the request surely was not carried out: not connected, 429, or the API's own 503.

        Args:
            path: Such as `/payments`.
            cast_to: What the reply is read as: a model, a dataclass, a TypedDict, `dict`, `httpx.Response`;
                `NoneType` for nothing.
            body: What is sent as JSON.
            **options: `timeout`, `extra_headers` and `extra_query`; see CallOptions.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            APIConnectionError: No answer came.
            APIStatusError: The API refused.
            ResponseValidationError: The reply is not of that kind.
        """
        options = {**options, "extra_body": body}
        return decode(self._send(other("POST", path, cast_to), {}, options))

    def put(
        self,
        path: str,
        *,
        cast_to: type[T],
        body: Mapping[str, object] | None = None,
        **options: Unpack[CallOptions],
    ) -> T:
        """Send a PUT to a path of the API that no method of this client is for.

        Tried again where no good answer came.

        Args:
            path: Such as `/payments`.
            cast_to: What the reply is read as: a model, a dataclass, a TypedDict, `dict`, `httpx.Response`;
                `NoneType` for nothing.
            body: What is sent as JSON.
            **options: `timeout`, `extra_headers` and `extra_query`; see CallOptions.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            APIConnectionError: No answer came.
            APIStatusError: The API refused.
            ResponseValidationError: The reply is not of that kind.
        """
        options = {**options, "extra_body": body}
        return decode(self._send(other("PUT", path, cast_to), {}, options))

    def patch(
        self,
        path: str,
        *,
        cast_to: type[T],
        body: Mapping[str, object] | None = None,
        **options: Unpack[CallOptions],
    ) -> T:
        """Send a PATCH to a path of the API that no method of this client is for.

        Tried again only where the request surely was not carried out: not connected, 429, or the API's own 503.

        Args:
            path: Such as `/payments`.
            cast_to: What the reply is read as: a model, a dataclass, a TypedDict, `dict`, `httpx.Response`;
                `NoneType` for nothing.
            body: What is sent as JSON.
            **options: `timeout`, `extra_headers` and `extra_query`; see CallOptions.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            APIConnectionError: No answer came.
            APIStatusError: The API refused.
            ResponseValidationError: The reply is not of that kind.
        """
        options = {**options, "extra_body": body}
        return decode(self._send(other("PATCH", path, cast_to), {}, options))

    def delete(
        self,
        path: str,
        *,
        cast_to: type[T],
        body: Mapping[str, object] | None = None,
        **options: Unpack[CallOptions],
    ) -> T:
        """Send a DELETE to a path of the API that no method of this client is for.

        Tried again where no good answer came.

        Args:
            path: Such as `/payments`.
            cast_to: What the reply is read as: a model, a dataclass, a TypedDict, `dict`, `httpx.Response`;
                `NoneType` for nothing.
            body: What is sent as JSON.
            **options: `timeout`, `extra_headers` and `extra_query`; see CallOptions.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            APIConnectionError: No answer came.
            APIStatusError: The API refused.
            ResponseValidationError: The reply is not of that kind.
        """
        options = {**options, "extra_body": body}
        return decode(self._send(other("DELETE", path, cast_to), {}, options))


class ResourcesWithRawResponse(Resource):
    """What DodoPayments has. Replies as they came."""

    @functools.cached_property
    def license_keys(self) -> LicenseKeysWithRawResponse:
        """The keys a merchant has sold or imported."""
        return LicenseKeysWithRawResponse(self._engine)

    @functools.cached_property
    def license_key_instances(self) -> LicenseKeyInstancesWithRawResponse:
        """The activations of a license key, one for each installation."""
        return LicenseKeyInstancesWithRawResponse(self._engine)

    @functools.cached_property
    def licenses(self) -> LicensesWithRawResponse:
        """What an application does with a license key on its user's machine, without an API key."""
        return LicensesWithRawResponse(self._engine)

    @functools.cached_property
    def entitlements(self) -> EntitlementsWithRawResponse:
        """What a purchase gives a right to, such as a license key."""
        return EntitlementsWithRawResponse(self._engine)

    @functools.cached_property
    def customers(self) -> CustomersWithRawResponse:
        """What one customer was given."""
        return CustomersWithRawResponse(self._engine)

    @functools.cached_property
    def products(self) -> ProductsWithRawResponse:
        """What a merchant sells, and the entitlements that it carries."""
        return ProductsWithRawResponse(self._engine)


class AsyncResources(AsyncResource):
    """What AsyncDodoPayments has."""

    @functools.cached_property
    def license_keys(self) -> AsyncLicenseKeys:
        """The keys a merchant has sold or imported."""
        return AsyncLicenseKeys(self._engine)

    @functools.cached_property
    def license_key_instances(self) -> AsyncLicenseKeyInstances:
        """The activations of a license key, one for each installation."""
        return AsyncLicenseKeyInstances(self._engine)

    @functools.cached_property
    def licenses(self) -> AsyncLicenses:
        """What an application does with a license key on its user's machine, without an API key."""
        return AsyncLicenses(self._engine)

    @functools.cached_property
    def entitlements(self) -> AsyncEntitlements:
        """What a purchase gives a right to, such as a license key."""
        return AsyncEntitlements(self._engine)

    @functools.cached_property
    def customers(self) -> AsyncCustomers:
        """What one customer was given."""
        return AsyncCustomers(self._engine)

    @functools.cached_property
    def products(self) -> AsyncProducts:
        """What a merchant sells, and the entitlements that it carries."""
        return AsyncProducts(self._engine)

    @property
    def with_raw_response(self) -> AsyncResourcesWithRawResponse:
        """The same resources, returning replies as they came."""
        return AsyncResourcesWithRawResponse(self._engine)

    async def get(
        self, path: str, *, cast_to: type[T], **options: Unpack[CallOptions]
    ) -> T:
        """Send a GET to a path of the API that no method of this client is for.

        Tried again where no good answer came.

        Args:
            path: Such as `/payments`.
            cast_to: What the reply is read as: a model, a dataclass, a TypedDict, `dict`, `httpx.Response`;
                `NoneType` for nothing.
            **options: `timeout`, `extra_headers` and `extra_query`; see CallOptions.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            APIConnectionError: No answer came.
            APIStatusError: The API refused.
            ResponseValidationError: The reply is not of that kind.
        """
        return decode(await self._send(other("GET", path, cast_to), {}, options))

    async def post(
        self,
        path: str,
        *,
        cast_to: type[T],
        body: Mapping[str, object] | None = None,
        **options: Unpack[CallOptions],
    ) -> T:
        """Send a POST to a path of the API that no method of this client is for.

        Tried again only where the request surely was not carried out: not connected, 429, or the API's own 503.

        Args:
            path: Such as `/payments`.
            cast_to: What the reply is read as: a model, a dataclass, a TypedDict, `dict`, `httpx.Response`;
                `NoneType` for nothing.
            body: What is sent as JSON.
            **options: `timeout`, `extra_headers` and `extra_query`; see CallOptions.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            APIConnectionError: No answer came.
            APIStatusError: The API refused.
            ResponseValidationError: The reply is not of that kind.
        """
        options = {**options, "extra_body": body}
        return decode(await self._send(other("POST", path, cast_to), {}, options))

    async def put(
        self,
        path: str,
        *,
        cast_to: type[T],
        body: Mapping[str, object] | None = None,
        **options: Unpack[CallOptions],
    ) -> T:
        """Send a PUT to a path of the API that no method of this client is for.

        Tried again where no good answer came.

        Args:
            path: Such as `/payments`.
            cast_to: What the reply is read as: a model, a dataclass, a TypedDict, `dict`, `httpx.Response`;
                `NoneType` for nothing.
            body: What is sent as JSON.
            **options: `timeout`, `extra_headers` and `extra_query`; see CallOptions.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            APIConnectionError: No answer came.
            APIStatusError: The API refused.
            ResponseValidationError: The reply is not of that kind.
        """
        options = {**options, "extra_body": body}
        return decode(await self._send(other("PUT", path, cast_to), {}, options))

    async def patch(
        self,
        path: str,
        *,
        cast_to: type[T],
        body: Mapping[str, object] | None = None,
        **options: Unpack[CallOptions],
    ) -> T:
        """Send a PATCH to a path of the API that no method of this client is for.

        Tried again only where the request surely was not carried out: not connected, 429, or the API's own 503.

        Args:
            path: Such as `/payments`.
            cast_to: What the reply is read as: a model, a dataclass, a TypedDict, `dict`, `httpx.Response`;
                `NoneType` for nothing.
            body: What is sent as JSON.
            **options: `timeout`, `extra_headers` and `extra_query`; see CallOptions.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            APIConnectionError: No answer came.
            APIStatusError: The API refused.
            ResponseValidationError: The reply is not of that kind.
        """
        options = {**options, "extra_body": body}
        return decode(await self._send(other("PATCH", path, cast_to), {}, options))

    async def delete(
        self,
        path: str,
        *,
        cast_to: type[T],
        body: Mapping[str, object] | None = None,
        **options: Unpack[CallOptions],
    ) -> T:
        """Send a DELETE to a path of the API that no method of this client is for.

        Tried again where no good answer came.

        Args:
            path: Such as `/payments`.
            cast_to: What the reply is read as: a model, a dataclass, a TypedDict, `dict`, `httpx.Response`;
                `NoneType` for nothing.
            body: What is sent as JSON.
            **options: `timeout`, `extra_headers` and `extra_query`; see CallOptions.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            APIConnectionError: No answer came.
            APIStatusError: The API refused.
            ResponseValidationError: The reply is not of that kind.
        """
        options = {**options, "extra_body": body}
        return decode(await self._send(other("DELETE", path, cast_to), {}, options))


class AsyncResourcesWithRawResponse(AsyncResource):
    """What AsyncDodoPayments has. Replies as they came."""

    @functools.cached_property
    def license_keys(self) -> AsyncLicenseKeysWithRawResponse:
        """The keys a merchant has sold or imported."""
        return AsyncLicenseKeysWithRawResponse(self._engine)

    @functools.cached_property
    def license_key_instances(self) -> AsyncLicenseKeyInstancesWithRawResponse:
        """The activations of a license key, one for each installation."""
        return AsyncLicenseKeyInstancesWithRawResponse(self._engine)

    @functools.cached_property
    def licenses(self) -> AsyncLicensesWithRawResponse:
        """What an application does with a license key on its user's machine, without an API key."""
        return AsyncLicensesWithRawResponse(self._engine)

    @functools.cached_property
    def entitlements(self) -> AsyncEntitlementsWithRawResponse:
        """What a purchase gives a right to, such as a license key."""
        return AsyncEntitlementsWithRawResponse(self._engine)

    @functools.cached_property
    def customers(self) -> AsyncCustomersWithRawResponse:
        """What one customer was given."""
        return AsyncCustomersWithRawResponse(self._engine)

    @functools.cached_property
    def products(self) -> AsyncProductsWithRawResponse:
        """What a merchant sells, and the entitlements that it carries."""
        return AsyncProductsWithRawResponse(self._engine)

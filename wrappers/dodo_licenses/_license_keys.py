"""License keys: the keys a merchant has sold or imported."""

from __future__ import annotations

import builtins
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Literal, TypeAlias

from dodo_licenses._arguments import (
    choice,
    flag,
    identifier,
    moment,
    nullable,
    optional,
    pasted,
    text,
    whole_number,
)
from dodo_licenses._flow import AsyncFace, Flow, Request, SyncFace, operation
from dodo_licenses._listing import Plan, listing
from dodo_licenses._replies import call
from dodo_licenses_api.api.license_keys import (
    create_license_key,
    list_license_keys,
    retrieve_license_key,
    update_license_key,
)
from dodo_licenses_api.models import (
    CreateLicenseKeyRequest,
    LicenseKey,
    LicenseKeyList,
    LicenseKeySource,
    LicenseKeyStatus,
    UpdateLicenseKeyRequest,
)
from dodo_licenses_api.types import UNSET, Unset

Status: TypeAlias = LicenseKeyStatus | Literal["active", "expired", "disabled"]
Source: TypeAlias = LicenseKeySource | Literal["auto", "import", "manual"]


class LicenseKeyOperations:
    """What can be done with license keys, on either client."""

    @listing
    @staticmethod
    def list(
        *,
        customer_id: str | None = None,
        product_id: str | None = None,
        status: Status | None = None,
        source: Source | None = None,
        created_at_gte: datetime | None = None,
        created_at_lte: datetime | None = None,
        page_size: int = 100,
        page_number: int = 0,
        limit: int | None = None,
        prefetch: int = 0,
        exhaustive: bool = False,
    ) -> Plan[LicenseKey]:
        """List license keys: every one that satisfies all filters given, each once.

        Nothing is requested before one iterates. Keys created meanwhile cause neither repeats nor losses.
        Keys that *leave the filter* meanwhile (a script that disables each active key as it lists them)
        pull later keys onto pages already read; set `exhaustive` for that.

        Args:
            customer_id: Only the keys of this customer, `cus_…`.
            product_id: Only the keys of this product, `pdt_…`.
            status: Only the keys in this state: `active`, `expired` or `disabled`.
            source: Only the keys that came into being by a purchase (`auto`), from elsewhere (`import`)
                or by hand (`manual`).
            created_at_gte: Only the keys created at this moment or later. Must know its time zone.
            created_at_lte: Only the keys created at this moment or earlier. Must know its time zone.
            page_size: How many keys to ask for at once, 1 to 100. The rate limit counts requests, not
                keys, so leave it at 100 unless pages are to be small.
            page_number: The page to start from, counted from 0. An interrupted listing goes on at the page
                after the last one that was handled, with the same `page_size`.
            limit: How many keys to hand on at most; None for all.
            prefetch: How many pages to keep in flight ahead of the one being consumed, 0 to 100.
            exhaustive: Sweep over all pages again until everything that matched all along was handed on.
                Costs at least one more sweep, and remembers every id.

        Returns:
            A listing to iterate: `for` on DodoPayments, `async for` on AsyncDodoPayments.

        Raises:
            InvalidArgumentError: A filter or number cannot be right; raised at once.
            APIStatusError: While iterating: the API refused. See the tree in `dodo_licenses`.
            ResponseValidationError: While iterating: a reply breaks the contract.
            PaginationError: While iterating: the server repeats itself or the listing never settles.

        From the API reference: List License Keys.
        """
        page_kwargs = partial(
            list_license_keys._get_kwargs,
            customer_id=optional(identifier, "customer_id", customer_id),
            product_id=optional(identifier, "product_id", product_id),
            status=optional(choice, "status", status, LicenseKeyStatus),
            source=optional(choice, "source", source, LicenseKeySource),
            created_at_gte=optional(moment, "created_at_gte", created_at_gte),
            created_at_lte=optional(moment, "created_at_lte", created_at_lte),
        )

        def page(page_number: int, page_size: int) -> Flow[builtins.list[LicenseKey]]:
            kwargs = page_kwargs(page_number=page_number, page_size=page_size)
            request = Request.of("list_license_keys", kwargs)
            return (yield from call(request, LicenseKeyList)).items

        return Plan(
            title="license keys",
            page=page,
            name_of=attrgetter("id"),
            page_size=page_size,
            page_number=page_number,
            limit=limit,
            prefetch=prefetch,
            exhaustive=exhaustive,
        )

    @operation
    @staticmethod
    def find(
        *, key: str, customer_id: str | None = None, product_id: str | None = None
    ) -> Flow[LicenseKey | None]:
        """Find the license key with this string, as the customer knows it.

        The API has no such filter, so this goes through the listing, newest page first, and stops at the
        first hit: a request for each 100 keys at the most.

        Args:
            key: The key itself. Blanks around it are dropped.
            customer_id: Look only among this customer's keys, which takes far fewer requests.
            product_id: Look only among this product's keys.

        Returns:
            The license key, or None where no page has it.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            APIStatusError: The API refused.
            ResponseValidationError: A reply breaks the contract.
            PaginationError: The server repeats itself.

        From the API reference: List License Keys.
        """
        wanted = pasted("key", key)
        plan = LicenseKeyOperations.list(customer_id=customer_id, product_id=product_id)
        walk = plan.walk()
        while (page := (yield from plan.next_page(walk))) is not None:
            for license_key in page.items:
                if license_key.key == wanted:
                    return license_key
        return None

    @operation
    @staticmethod
    def retrieve(id: str) -> Flow[LicenseKey]:
        """Retrieve one license key.

        Args:
            id: The key's id, `lic_…`.

        Returns:
            The license key as it is now.

        Raises:
            InvalidArgumentError: The id cannot be one. No request was sent.
            NotFoundError: There is no such key in this environment.
            APIStatusError: The API refused for another reason.
            ResponseValidationError: The reply breaks the contract.

        From the API reference: Retrieve License Key.
        """
        kwargs = retrieve_license_key._get_kwargs(identifier("id", id))
        return (yield from call(Request.of("retrieve_license_key", kwargs), LicenseKey))

    @operation
    @staticmethod
    def create(
        *,
        customer_id: str,
        key: str,
        product_id: str,
        activations_limit: int | None = None,
        expires_at: datetime | None = None,
    ) -> Flow[LicenseKey]:
        """Import a license key that was issued elsewhere.

        Args:
            customer_id: The customer who is to own the key, `cus_…`.
            key: The key itself, as the customer will type it in.
            product_id: The product that the key unlocks, `pdt_…`.
            activations_limit: How many activations it may have at once, 0 or more; None for any number.
            expires_at: When it stops working; None for never. Must know its time zone.

        Returns:
            The license key as it was imported.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            ConflictError: A key with this string is already there.
            UnprocessableEntityError: The customer or the product is unknown, or a value out of bounds.
            PermissionDeniedError: The API key may only read.
            APIStatusError: The API refused for another reason.
            ResponseValidationError: The reply breaks the contract.

        From the API reference: Create License Key.
        """
        body = CreateLicenseKeyRequest(
            customer_id=identifier("customer_id", customer_id),
            key=text("key", key),
            product_id=identifier("product_id", product_id),
            activations_limit=nullable(whole_number, "activations_limit", activations_limit, 0),
            expires_at=nullable(moment, "expires_at", expires_at),
        )
        kwargs = create_license_key._get_kwargs(body=body)
        return (yield from call(Request.of("create_license_key", kwargs, repeatable=False), LicenseKey))

    @operation
    @staticmethod
    def update(
        id: str,
        *,
        activations_limit: int | Unset | None = UNSET,
        disabled: bool | Unset = UNSET,
        expires_at: datetime | Unset | None = UNSET,
    ) -> Flow[LicenseKey]:
        """Change a license key. What is not given stays as it is; None removes.

        Args:
            id: The key's id, `lic_…`.
            activations_limit: How many activations it may have at once, 0 or more; None removes the limit.
            disabled: True disables the key, False enables it.
            expires_at: When it stops working; None removes the expiry. Must know its time zone.

        Returns:
            The license key as it is after the change.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            BadRequestError: A subscription's key has no expiry of its own.
            NotFoundError: There is no such key in this environment.
            UnprocessableEntityError: The key has more activations than the new limit allows.
            PermissionDeniedError: The API key may only read.
            APIStatusError: The API refused for another reason.
            ResponseValidationError: The reply breaks the contract.

        From the API reference: Update License Key.
        """
        body = UpdateLicenseKeyRequest(
            activations_limit=nullable(whole_number, "activations_limit", activations_limit, 0),
            disabled=disabled if isinstance(disabled, Unset) else flag("disabled", disabled),
            expires_at=nullable(moment, "expires_at", expires_at),
        )
        kwargs = update_license_key._get_kwargs(identifier("id", id), body=body)
        return (yield from call(Request.of("update_license_key", kwargs), LicenseKey))


class LicenseKeys(LicenseKeyOperations, SyncFace):
    """`client.license_keys`."""


class AsyncLicenseKeys(LicenseKeyOperations, AsyncFace):
    """`client.license_keys`, to be awaited."""

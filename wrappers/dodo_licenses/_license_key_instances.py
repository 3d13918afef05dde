"""License key instances: the activations of a license key, one for each installation."""

from __future__ import annotations

import builtins
from functools import partial
from operator import attrgetter

from dodo_licenses._arguments import identifier, optional, text
from dodo_licenses._flow import AsyncFace, Flow, Request, SyncFace, operation
from dodo_licenses._listing import Plan, listing
from dodo_licenses._replies import call
from dodo_licenses_api.api.license_key_instances import (
    list_license_key_instances,
    retrieve_license_key_instance,
    update_license_key_instance,
)
from dodo_licenses_api.models import (
    LicenseKeyInstance,
    LicenseKeyInstanceList,
    UpdateLicenseKeyInstanceRequest,
)


class LicenseKeyInstanceOperations:
    """What can be done with license key instances, on either client."""

    @listing
    @staticmethod
    def list(
        *,
        license_key_id: str | None = None,
        grant_id: str | None = None,
        page_size: int = 100,
        page_number: int = 0,
        limit: int | None = None,
        prefetch: int = 0,
        exhaustive: bool = False,
    ) -> Plan[LicenseKeyInstance]:
        """List license key instances: every one that satisfies all filters given, each once.

        Nothing is requested before one iterates. Activations that come meanwhile cause neither repeats nor
        losses; deactivations meanwhile can hide others, set `exhaustive` where that matters.

        Args:
            license_key_id: Only the activations of this license key, `lic_…`.
            grant_id: Only the activations that belong to this entitlement grant.
            page_size: How many to ask for at once, 1 to 100. The rate limit counts requests.
            page_number: The page to start from, counted from 0.
            limit: How many to hand on at most; None for all.
            prefetch: How many pages to keep in flight ahead of the one being consumed, 0 to 100.
            exhaustive: Sweep over all pages again until everything that matched all along was handed on.
                Costs at least one more sweep, and remembers every id.

        Returns:
            A listing to iterate: `for` on DodoPayments, `async for` on AsyncDodoPayments.

        Raises:
            InvalidArgumentError: A filter or number cannot be right; raised at once.
            APIStatusError: While iterating: the API refused.
            ResponseValidationError: While iterating: a reply breaks the contract.
            PaginationError: While iterating: the server repeats itself or the listing never settles.

        From the API reference: List License Key Instances.
        """
        page_kwargs = partial(
            list_license_key_instances._get_kwargs,
            license_key_id=optional(identifier, "license_key_id", license_key_id),
            grant_id=optional(identifier, "grant_id", grant_id),
        )

        def page(page_number: int, page_size: int) -> Flow[builtins.list[LicenseKeyInstance]]:
            kwargs = page_kwargs(page_number=page_number, page_size=page_size)
            request = Request.of("list_license_key_instances", kwargs)
            return (yield from call(request, LicenseKeyInstanceList)).items

        return Plan(
            title="license key instances",
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
    def retrieve(id: str) -> Flow[LicenseKeyInstance]:
        """Retrieve one license key instance.

        Args:
            id: The activation's id, `lki_…`.

        Returns:
            The activation as it is now.

        Raises:
            InvalidArgumentError: The id cannot be one. No request was sent.
            NotFoundError: There is no such activation in this environment, or no longer.
            APIStatusError: The API refused for another reason.
            ResponseValidationError: The reply breaks the contract.

        From the API reference: Retrieve License Key Instance.
        """
        kwargs = retrieve_license_key_instance._get_kwargs(identifier("id", id))
        request = Request.of("retrieve_license_key_instance", kwargs)
        return (yield from call(request, LicenseKeyInstance))

    @operation
    @staticmethod
    def update(id: str, *, name: str) -> Flow[LicenseKeyInstance]:
        """Rename a license key instance.

        Args:
            id: The activation's id, `lki_…`.
            name: Its new name, not blank.

        Returns:
            The activation as it is after the change.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            NotFoundError: There is no such activation in this environment, or no longer.
            PermissionDeniedError: The API key may only read.
            APIStatusError: The API refused for another reason.
            ResponseValidationError: The reply breaks the contract.

        From the API reference: Update License Key Instance.
        """
        body = UpdateLicenseKeyInstanceRequest(name=text("name", name))
        kwargs = update_license_key_instance._get_kwargs(identifier("id", id), body=body)
        request = Request.of("update_license_key_instance", kwargs)
        return (yield from call(request, LicenseKeyInstance))


class LicenseKeyInstances(LicenseKeyInstanceOperations, SyncFace):
    """`client.license_key_instances`."""


class AsyncLicenseKeyInstances(LicenseKeyInstanceOperations, AsyncFace):
    """`client.license_key_instances`, to be awaited."""

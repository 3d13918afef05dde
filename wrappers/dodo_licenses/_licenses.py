"""Licenses: what an application does with a license key on its user's machine.

These operations are public: they need no API key, and none is sent with them.
"""

from __future__ import annotations

from dodo_licenses._arguments import identifier, optional, pasted, text
from dodo_licenses._errors import (
    APIConnectionError,
    APIStatusError,
    DodoPaymentsError,
    PermissionDeniedError,
    ProductMismatchError,
    ResponseValidationError,
)
from dodo_licenses._flow import AsyncFace, Flow, Request, SyncFace, operation
from dodo_licenses._replies import call, call_without_result
from dodo_licenses_api.api.licenses import activate_license, deactivate_license, validate_license
from dodo_licenses_api.models import (
    ActivateLicenseRequest,
    DeactivateLicenseRequest,
    LicenseActivateResponse,
    LicenseValidateResponse,
    ValidateLicenseRequest,
)
from dodo_licenses_api.types import UNSET


class LicenseOperations:
    """What can be done with a license, on either client, without an API key."""

    @operation
    @staticmethod
    def activate(
        *, license_key: str, name: str, expect_product_id: str | None = None
    ) -> Flow[LicenseActivateResponse]:
        """Activate a license key for this installation, which takes one of its activations.

        Tried again only where the first attempt surely was not carried out (not connected, 429, 503): the
        API has no idempotency key, and activating twice takes two. Where it may have been carried out and
        no good answer came, the error's `activation_name` is the name to look for.

        Args:
            license_key: The key itself, as the customer typed it in. Blanks around it are dropped.
            name: A name for this installation, to find its activation again; not blank.
            expect_product_id: Your product, `pdt_…`. The API activates any merchant's key of any product;
                where it turns out to be another's, the activation is given back.

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

        From the API reference: Activate License.
        """
        body = ActivateLicenseRequest(license_key=pasted("license_key", license_key), name=text("name", name))
        kwargs = activate_license._get_kwargs(body=body)
        request = Request.of("activate_license", kwargs, public=True, repeatable=False)
        expected = optional(identifier, "expect_product_id", expect_product_id)
        try:
            activation = yield from call(request, LicenseActivateResponse)
        except (APIConnectionError, APIStatusError) as error:
            if error.may_have_been_done:
                error.leaves_activation(body.name)
            raise
        except ResponseValidationError as error:
            error.leaves_activation(body.name)
            raise
        if expected not in (UNSET, activation.product.product_id):
            yield from _give_back(body.license_key, activation)
        return activation

    @operation
    @staticmethod
    def validate(
        *, license_key: str, license_key_instance_id: str | None = None
    ) -> Flow[LicenseValidateResponse]:
        """Validate a license key and, if given, one of its activations.

        Tried again where no good answer came: it changes nothing.

        Args:
            license_key: The key itself, as the customer typed it in. Blanks around it are dropped.
            license_key_instance_id: The activation that must still exist and belong to the key, `lki_…`.

        Returns:
            Whether the license holds, as `valid`. An unknown key is not an error but not valid.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            APIStatusError: The API refused. That is an answer; only APIConnectionError is none.
            ResponseValidationError: The reply breaks the contract.

        From the API reference: Validate License.
        """
        body = ValidateLicenseRequest(
            license_key=pasted("license_key", license_key),
            license_key_instance_id=optional(identifier, "license_key_instance_id", license_key_instance_id),
        )
        kwargs = validate_license._get_kwargs(body=body)
        request = Request.of("validate_license", kwargs, public=True)
        return (yield from call(request, LicenseValidateResponse))

    @operation
    @staticmethod
    def deactivate(*, license_key: str, license_key_instance_id: str) -> Flow[None]:
        """Deactivate a license key's activation, so that the key can be activated elsewhere.

        Tried again where no good answer came. If the answer to an attempt was lost and the next one finds
        no such activation, the lost one is taken to have done it and nothing is raised.

        Args:
            license_key: The key itself, as the customer typed it in. Blanks around it are dropped.
            license_key_instance_id: The activation to give back, `lki_…`.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            NotFoundError: There is no such key in this environment.
            PermissionDeniedError: The activation is unknown, or another key's.
            APIStatusError: The API refused for another reason.
            ResponseValidationError: Something else than the API answered.

        From the API reference: Deactivate License.
        """
        body = DeactivateLicenseRequest(
            license_key=pasted("license_key", license_key),
            license_key_instance_id=identifier("license_key_instance_id", license_key_instance_id),
        )
        kwargs = deactivate_license._get_kwargs(body=body)
        try:
            yield from call_without_result(Request.of("deactivate_license", kwargs, public=True))
        except PermissionDeniedError as error:
            if not error.may_have_been_done:
                raise


def _give_back(license_key: str, activation: LicenseActivateResponse) -> Flow[None]:
    """Free the seat that the wrong product's key has cost, and say so."""
    product_id = activation.product.product_id
    cause: DodoPaymentsError | None = None
    try:
        yield from LicenseOperations.deactivate(
            license_key=license_key, license_key_instance_id=activation.id
        )
    except DodoPaymentsError as error:
        cause = error
    told = "was given back" if cause is None else f"could not be given back ({cause})"
    mismatch = ProductMismatchError(
        f"activate_license: the key is one of product {product_id}, not of yours; its activation {told}",
        product_id=product_id,
        license_key_instance_id=activation.id,
        freed=cause is None,
    )
    if cause is not None:
        mismatch.leaves_activation(activation.name)
    raise mismatch from cause


class Licenses(LicenseOperations, SyncFace):
    """`client.licenses`."""


class AsyncLicenses(LicenseOperations, AsyncFace):
    """`client.licenses`, to be awaited."""

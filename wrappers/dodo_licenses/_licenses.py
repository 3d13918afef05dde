"""Licenses: what an application does with a license key on its user's machine.

These operations are public: they need no API key, and none is sent with them.
"""

from __future__ import annotations

from dodo_licenses._arguments import identifier, optional, pasted, text
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


class LicenseOperations:
    """What can be done with a license, on either client, without an API key."""

    @operation
    @staticmethod
    def activate(*, license_key: str, name: str) -> Flow[LicenseActivateResponse]:
        """Activate a license key for this installation, which takes one of its activations.

        The API has no idempotency key: activating twice takes two.

        Args:
            license_key: The key itself, as the customer typed it in. Blanks around it are dropped.
            name: A name for this installation, to find its activation again; not blank.

        Returns:
            The activation. Keep its `id`: validate and deactivate need it. Compare its product and
            business with yours: a valid key may be another's.

        Raises:
            InvalidArgumentError: An argument cannot be right. No request was sent.
            NotFoundError: There is no such key in this environment.
            PermissionDeniedError: The key is disabled or expired.
            UnprocessableEntityError: All of the key's activations are taken.
            APIStatusError: The API refused for another reason.
            ResponseValidationError: The reply breaks the contract.

        From the API reference: Activate License.
        """
        body = ActivateLicenseRequest(license_key=pasted("license_key", license_key), name=text("name", name))
        kwargs = activate_license._get_kwargs(body=body)
        request = Request.of("activate_license", kwargs, public=True)
        return (yield from call(request, LicenseActivateResponse))

    @operation
    @staticmethod
    def validate(
        *, license_key: str, license_key_instance_id: str | None = None
    ) -> Flow[LicenseValidateResponse]:
        """Validate a license key and, if given, one of its activations.

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
        yield from call_without_result(Request.of("deactivate_license", kwargs, public=True))


class Licenses(LicenseOperations, SyncFace):
    """`client.licenses`."""


class AsyncLicenses(LicenseOperations, AsyncFace):
    """`client.licenses`, to be awaited."""

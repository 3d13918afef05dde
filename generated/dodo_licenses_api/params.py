"""The arguments of the methods as TypedDicts, so that one can be put together and passed by `**`."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Required, TypedDict

from .models import (
    EntitlementGrantCreatedEvent,
    EntitlementGrantDeliveredEvent,
    EntitlementGrantFailedEvent,
    EntitlementGrantRevokedEvent,
    EntitlementGrantStatus,
    EntitlementIntegrationType,
    LicenseKeyCreatedEvent,
    LicenseKeySource,
    LicenseKeyStatus,
)
from .types import Unset

__all__ = [
    "CustomerListEntitlementGrantsParams",
    "EntitlementGrantCreatedWebhookEvent",
    "EntitlementGrantDeliveredWebhookEvent",
    "EntitlementGrantFailedWebhookEvent",
    "EntitlementGrantRevokedWebhookEvent",
    "EntitlementListParams",
    "GrantFulfillLicenseKeyParams",
    "GrantListParams",
    "GrantRevokeParams",
    "LicenseActivateParams",
    "LicenseDeactivateParams",
    "LicenseKeyCreateParams",
    "LicenseKeyCreatedWebhookEvent",
    "LicenseKeyInstanceListParams",
    "LicenseKeyInstanceUpdateParams",
    "LicenseKeyListParams",
    "LicenseKeyUpdateParams",
    "LicenseValidateParams",
    "ProductListParams",
]


class LicenseKeyListParams(TypedDict, total=False):
    """Of `license_keys.list`."""

    customer_id: str | None | Unset
    product_id: str | None | Unset
    status: LicenseKeyStatus | Literal["active", "expired", "disabled"] | None | Unset
    source: LicenseKeySource | Literal["auto", "import", "manual"] | None | Unset
    created_at_gte: datetime | str | None | Unset
    created_at_lte: datetime | str | None | Unset
    page_size: int
    page_number: int


class LicenseKeyCreateParams(TypedDict, total=False):
    """Of `license_keys.create`."""

    customer_id: Required[str]
    key: Required[str]
    product_id: Required[str]
    activations_limit: int | None | Unset
    expires_at: datetime | str | None | Unset


class LicenseKeyUpdateParams(TypedDict, total=False):
    """Of `license_keys.update`."""

    activations_limit: int | None | Unset
    disabled: bool | None | Unset
    expires_at: datetime | str | None | Unset


class LicenseKeyInstanceListParams(TypedDict, total=False):
    """Of `license_key_instances.list`."""

    license_key_id: str | None | Unset
    grant_id: str | None | Unset
    page_size: int
    page_number: int


class LicenseKeyInstanceUpdateParams(TypedDict, total=False):
    """Of `license_key_instances.update`."""

    name: Required[str]


class LicenseActivateParams(TypedDict, total=False):
    """Of `licenses.activate`."""

    license_key: Required[str]
    name: Required[str]


class LicenseValidateParams(TypedDict, total=False):
    """Of `licenses.validate`."""

    license_key: Required[str]
    license_key_instance_id: str | None | Unset


class LicenseDeactivateParams(TypedDict, total=False):
    """Of `licenses.deactivate`."""

    license_key: Required[str]
    license_key_instance_id: Required[str]


class EntitlementListParams(TypedDict, total=False):
    """Of `entitlements.list`."""

    integration_type: (
        EntitlementIntegrationType
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
        | Unset
    )
    page_size: int
    page_number: int


class GrantListParams(TypedDict, total=False):
    """Of `entitlements.grants.list`."""

    customer_id: str | None | Unset
    status: (
        EntitlementGrantStatus
        | Literal["Pending", "Delivered", "Failed", "Revoked"]
        | None
        | Unset
    )
    page_size: int
    page_number: int


class GrantRevokeParams(TypedDict, total=False):
    """Of `entitlements.grants.revoke`."""

    id: Required[str]


class GrantFulfillLicenseKeyParams(TypedDict, total=False):
    """Of `entitlements.grants.fulfill_license_key`."""

    key: Required[str]
    activations_limit: int | None | Unset
    expires_at: datetime | str | None | Unset


class CustomerListEntitlementGrantsParams(TypedDict, total=False):
    """Of `customers.list_entitlement_grants`."""

    integration_type: (
        EntitlementIntegrationType
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
        | Unset
    )
    status: (
        EntitlementGrantStatus
        | Literal["Pending", "Delivered", "Failed", "Revoked"]
        | None
        | Unset
    )
    page_size: int
    page_number: int


class ProductListParams(TypedDict, total=False):
    """Of `products.list`."""

    page_size: int
    page_number: int


# As the vendor's SDK calls what `webhooks.unwrap` returns.
LicenseKeyCreatedWebhookEvent = LicenseKeyCreatedEvent
EntitlementGrantCreatedWebhookEvent = EntitlementGrantCreatedEvent
EntitlementGrantDeliveredWebhookEvent = EntitlementGrantDeliveredEvent
EntitlementGrantFailedWebhookEvent = EntitlementGrantFailedEvent
EntitlementGrantRevokedWebhookEvent = EntitlementGrantRevokedEvent

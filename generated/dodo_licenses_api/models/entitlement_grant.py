from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..base import Model, Moment
from ..models.digital_product_delivery import DigitalProductDelivery
from ..models.entitlement_grant_status import EntitlementGrantStatus
from ..models.entitlement_integration_type import EntitlementIntegrationType
from ..models.grant_feature import GrantFeature
from ..models.license_key_grant import LicenseKeyGrant
from ..models.metadata import Metadata
from ..types import UNSET, Unset


@_attrs_define(frozen=True, eq=False, repr=False, getstate_setstate=False)
class EntitlementGrant(Model):
    """What one customer was given by way of an entitlement. What older generations of the API leave out is
    optional here. It names no product: the vendor's products name their entitlements."""

    id: str
    """ The grant's id, `entg_…`; the documentation's webhooks show `grant_…`. """

    business_id: str
    """ The merchant's id. """

    created_at: Moment
    """ When the grant was created, in UTC. """

    customer_id: str
    """ The id of the customer it was issued to, `cus_…`. """

    entitlement_id: str
    """ The id of the entitlement it was issued from, `ent_…`. """

    status: EntitlementGrantStatus
    """ Where a grant stands, and what its license key's state follows from: `Pending` until it is fulfilled, `Delivered`, `Failed`, or `Revoked`. Some guides of the vendor write it in lower case: send it as it is written here, and compare it without regard to case. A grant whose key has expired stays `Delivered`. """

    updated_at: Moment
    """ When the grant was last changed, in UTC. """

    brand_id: str | None = None
    """ The id of the merchant's brand. Absent in replies of older generations. """

    delivered_at: Moment | None = None
    """ When it was delivered, in UTC; null before. """

    digital_product_delivery: DigitalProductDelivery | None = None
    """ The files it gave; null for every other type. """

    error_code: None | str = None
    """ Why it failed, for programs; null where it didn't. """

    error_message: None | str = None
    """ Why it failed, for people; null where it didn't. """

    feature: GrantFeature | None = None
    """ The feature it switched on; null for every other type. """

    integration_type: EntitlementIntegrationType | None = None
    """ What an entitlement gives. The vendor adds types at any time. """

    license_key: LicenseKeyGrant | None = None
    """ The license key it gave; null while it is pending, and for every other type. """

    metadata: Metadata | None = None
    """ The merchant's own notes, as they were when it was created; null in some webhooks. """

    oauth_expires_at: Moment | None = None
    """ Until when `oauth_url` can be opened, in UTC. """

    oauth_url: None | str = _attrs_field(default=None, repr=False)
    """ Where the customer accepts a grant on another platform; null for a license key. """

    payment_id: None | str = None
    """ The id of the payment that it was issued for, if any. """

    revocation_reason: None | str = None
    """ Why it was revoked, such as `manual`, `refund`, `subscription_cancelled`, `subscription_on_hold`, `subscription_expired`, `plan_changed`, `license_key_disabled` or `platform_external`. The vendor adds reasons at any time. """

    revoked_at: Moment | None = None
    """ When it was revoked, in UTC; null where it isn't. """

    subscription_id: None | str = None
    """ The id of the subscription that it was issued for, if any. """

    def to_dict(self) -> dict[str, Any]:
        id = self.id
        business_id = self.business_id
        created_at = self.created_at.isoformat()
        customer_id = self.customer_id
        entitlement_id = self.entitlement_id
        status = self.status.value
        updated_at = self.updated_at.isoformat()
        brand_id_or_unset = UNSET if self.brand_id is None else self.brand_id
        brand_id = brand_id_or_unset
        delivered_at: None | str | Unset
        if isinstance(self.delivered_at, Unset):
            delivered_at = UNSET
        elif isinstance(self.delivered_at, datetime.datetime):
            delivered_at = self.delivered_at.isoformat()
        else:
            delivered_at = self.delivered_at
        digital_product_delivery: dict[str, Any] | None | Unset
        if isinstance(self.digital_product_delivery, Unset):
            digital_product_delivery = UNSET
        elif isinstance(self.digital_product_delivery, DigitalProductDelivery):
            digital_product_delivery = self.digital_product_delivery.to_dict()
        else:
            digital_product_delivery = self.digital_product_delivery
        error_code: None | str | Unset
        if isinstance(self.error_code, Unset):
            error_code = UNSET
        else:
            error_code = self.error_code
        error_message: None | str | Unset
        if isinstance(self.error_message, Unset):
            error_message = UNSET
        else:
            error_message = self.error_message
        feature: dict[str, Any] | None | Unset
        if isinstance(self.feature, Unset):
            feature = UNSET
        elif isinstance(self.feature, GrantFeature):
            feature = self.feature.to_dict()
        else:
            feature = self.feature
        integration_type_or_unset = (
            UNSET if self.integration_type is None else self.integration_type
        )
        integration_type: str | Unset = UNSET
        if not isinstance(integration_type_or_unset, Unset):
            integration_type = integration_type_or_unset.value

        license_key: dict[str, Any] | None | Unset
        if isinstance(self.license_key, Unset):
            license_key = UNSET
        elif isinstance(self.license_key, LicenseKeyGrant):
            license_key = self.license_key.to_dict()
        else:
            license_key = self.license_key
        metadata: dict[str, Any] | None | Unset
        if isinstance(self.metadata, Unset):
            metadata = UNSET
        elif isinstance(self.metadata, Metadata):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata
        oauth_expires_at: None | str | Unset
        if isinstance(self.oauth_expires_at, Unset):
            oauth_expires_at = UNSET
        elif isinstance(self.oauth_expires_at, datetime.datetime):
            oauth_expires_at = self.oauth_expires_at.isoformat()
        else:
            oauth_expires_at = self.oauth_expires_at
        oauth_url: None | str | Unset
        if isinstance(self.oauth_url, Unset):
            oauth_url = UNSET
        else:
            oauth_url = self.oauth_url
        payment_id: None | str | Unset
        if isinstance(self.payment_id, Unset):
            payment_id = UNSET
        else:
            payment_id = self.payment_id
        revocation_reason: None | str | Unset
        if isinstance(self.revocation_reason, Unset):
            revocation_reason = UNSET
        else:
            revocation_reason = self.revocation_reason
        revoked_at: None | str | Unset
        if isinstance(self.revoked_at, Unset):
            revoked_at = UNSET
        elif isinstance(self.revoked_at, datetime.datetime):
            revoked_at = self.revoked_at.isoformat()
        else:
            revoked_at = self.revoked_at
        subscription_id: None | str | Unset
        if isinstance(self.subscription_id, Unset):
            subscription_id = UNSET
        else:
            subscription_id = self.subscription_id

        field_dict: dict[str, Any] = {**self.additional_properties}
        field_dict["id"] = id
        field_dict["business_id"] = business_id
        field_dict["created_at"] = created_at
        field_dict["customer_id"] = customer_id
        field_dict["entitlement_id"] = entitlement_id
        field_dict["status"] = status
        field_dict["updated_at"] = updated_at
        if brand_id is not UNSET:
            field_dict["brand_id"] = brand_id
        if delivered_at is not UNSET:
            field_dict["delivered_at"] = delivered_at
        if digital_product_delivery is not UNSET:
            field_dict["digital_product_delivery"] = digital_product_delivery
        if error_code is not UNSET:
            field_dict["error_code"] = error_code
        if error_message is not UNSET:
            field_dict["error_message"] = error_message
        if feature is not UNSET:
            field_dict["feature"] = feature
        if integration_type is not UNSET:
            field_dict["integration_type"] = integration_type
        if license_key is not UNSET:
            field_dict["license_key"] = license_key
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if oauth_expires_at is not UNSET:
            field_dict["oauth_expires_at"] = oauth_expires_at
        if oauth_url is not UNSET:
            field_dict["oauth_url"] = oauth_url
        if payment_id is not UNSET:
            field_dict["payment_id"] = payment_id
        if revocation_reason is not UNSET:
            field_dict["revocation_reason"] = revocation_reason
        if revoked_at is not UNSET:
            field_dict["revoked_at"] = revoked_at
        if subscription_id is not UNSET:
            field_dict["subscription_id"] = subscription_id
        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        id = d.pop("id")
        business_id = d.pop("business_id")
        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        customer_id = d.pop("customer_id")
        entitlement_id = d.pop("entitlement_id")
        status = EntitlementGrantStatus(d.pop("status"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        brand_id = d.pop("brand_id", UNSET)

        def _parse_delivered_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                delivered_at_type_0 = datetime.datetime.fromisoformat(data)

                return delivered_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        delivered_at = _parse_delivered_at(d.pop("delivered_at", UNSET))

        def _parse_digital_product_delivery(
            data: object,
        ) -> DigitalProductDelivery | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                digital_product_delivery_type_0 = DigitalProductDelivery.from_dict(data)

                return digital_product_delivery_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DigitalProductDelivery | None | Unset, data)

        digital_product_delivery = _parse_digital_product_delivery(
            d.pop("digital_product_delivery", UNSET)
        )

        def _parse_error_code(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        error_code = _parse_error_code(d.pop("error_code", UNSET))

        def _parse_error_message(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        error_message = _parse_error_message(d.pop("error_message", UNSET))

        def _parse_feature(data: object) -> GrantFeature | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                feature_type_0 = GrantFeature.from_dict(data)

                return feature_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(GrantFeature | None | Unset, data)

        feature = _parse_feature(d.pop("feature", UNSET))

        _integration_type = d.pop("integration_type", UNSET)
        integration_type: EntitlementIntegrationType | Unset
        if isinstance(_integration_type, Unset):
            integration_type = UNSET
        else:
            integration_type = EntitlementIntegrationType(_integration_type)

        def _parse_license_key(data: object) -> LicenseKeyGrant | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                license_key_type_0 = LicenseKeyGrant.from_dict(data)

                return license_key_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(LicenseKeyGrant | None | Unset, data)

        license_key = _parse_license_key(d.pop("license_key", UNSET))

        def _parse_metadata(data: object) -> Metadata | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                metadata_type_0 = Metadata.from_dict(data)

                return metadata_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Metadata | None | Unset, data)

        metadata = _parse_metadata(d.pop("metadata", UNSET))

        def _parse_oauth_expires_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                oauth_expires_at_type_0 = datetime.datetime.fromisoformat(data)

                return oauth_expires_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        oauth_expires_at = _parse_oauth_expires_at(d.pop("oauth_expires_at", UNSET))

        def _parse_oauth_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        oauth_url = _parse_oauth_url(d.pop("oauth_url", UNSET))

        def _parse_payment_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        payment_id = _parse_payment_id(d.pop("payment_id", UNSET))

        def _parse_revocation_reason(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        revocation_reason = _parse_revocation_reason(d.pop("revocation_reason", UNSET))

        def _parse_revoked_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                revoked_at_type_0 = datetime.datetime.fromisoformat(data)

                return revoked_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        revoked_at = _parse_revoked_at(d.pop("revoked_at", UNSET))

        def _parse_subscription_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        subscription_id = _parse_subscription_id(d.pop("subscription_id", UNSET))

        model = cls(
            id=id,
            business_id=business_id,
            created_at=created_at,
            customer_id=customer_id,
            entitlement_id=entitlement_id,
            status=status,
            updated_at=updated_at,
            brand_id=brand_id if brand_id is not UNSET else None,
            delivered_at=delivered_at if delivered_at is not UNSET else None,
            digital_product_delivery=digital_product_delivery
            if digital_product_delivery is not UNSET
            else None,
            error_code=error_code if error_code is not UNSET else None,
            error_message=error_message if error_message is not UNSET else None,
            feature=feature if feature is not UNSET else None,
            integration_type=integration_type
            if integration_type is not UNSET
            else None,
            license_key=license_key if license_key is not UNSET else None,
            metadata=metadata if metadata is not UNSET else None,
            oauth_expires_at=oauth_expires_at
            if oauth_expires_at is not UNSET
            else None,
            oauth_url=oauth_url if oauth_url is not UNSET else None,
            payment_id=payment_id if payment_id is not UNSET else None,
            revocation_reason=revocation_reason
            if revocation_reason is not UNSET
            else None,
            revoked_at=revoked_at if revoked_at is not UNSET else None,
            subscription_id=subscription_id if subscription_id is not UNSET else None,
        )
        if d:
            model.keep(d)
        return model

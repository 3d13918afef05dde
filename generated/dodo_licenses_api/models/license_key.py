from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..base import Model, Moment
from ..models.license_key_source import LicenseKeySource
from ..models.license_key_status import LicenseKeyStatus
from ..types import UNSET, Unset


@_attrs_define(frozen=True, eq=False, repr=False, getstate_setstate=False)
class LicenseKey(Model):
    """A license key that a customer owns. What older generations of the API leave out is optional here."""

    id: str
    """ The key's id, `lic_…`. Not what the customer types in; that is `key`. """

    business_id: str
    """ The merchant's id. """

    created_at: Moment
    """ When the key was created, in UTC. """

    customer_id: str
    """ The id of the customer who owns the key, `cus_…`. """

    instances_count: int
    """ How many activations the key has now; a deactivation lowers it. """

    key: str = _attrs_field(repr=False)
    """ The key itself, as the customer types it in. Treat it as a secret. """

    product_id: str
    """ The id of the product that the key unlocks, `pdt_…`. """

    status: LicenseKeyStatus
    """ Whether a license key can be used: `active`, `expired` once its expiry has passed or its subscription has ended, or `disabled` by the merchant. May lag behind an expiry in the past. """

    activations_limit: int | None = None
    """ How many activations the key may have at once; null means unlimited. """

    brand_id: str | None = None
    """ The id of the merchant's brand. Absent in replies of older generations. """

    expires_at: Moment | None = None
    """ When the key stops working, in UTC; null means never, or with its subscription. """

    payment_id: None | str = None
    """ The id of the payment that bought the key; null for an imported key. """

    source: LicenseKeySource | None = None
    """ How a license key came into being: `auto` by a purchase, `import` from elsewhere, `manual` by hand. What the last one means is not documented. """

    subscription_id: None | str = None
    """ The id of the subscription that the key belongs to, if any. Such a key has no expiry of its own. """

    def to_dict(self) -> dict[str, Any]:
        id = self.id
        business_id = self.business_id
        created_at = self.created_at.isoformat()
        customer_id = self.customer_id
        instances_count = self.instances_count
        key = self.key
        product_id = self.product_id
        status = self.status.value
        activations_limit: int | None | Unset
        if isinstance(self.activations_limit, Unset):
            activations_limit = UNSET
        else:
            activations_limit = self.activations_limit
        brand_id_or_unset = UNSET if self.brand_id is None else self.brand_id
        brand_id = brand_id_or_unset
        expires_at: None | str | Unset
        if isinstance(self.expires_at, Unset):
            expires_at = UNSET
        elif isinstance(self.expires_at, datetime.datetime):
            expires_at = self.expires_at.isoformat()
        else:
            expires_at = self.expires_at
        payment_id: None | str | Unset
        if isinstance(self.payment_id, Unset):
            payment_id = UNSET
        else:
            payment_id = self.payment_id
        source_or_unset = UNSET if self.source is None else self.source
        source: str | Unset = UNSET
        if not isinstance(source_or_unset, Unset):
            source = source_or_unset.value

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
        field_dict["instances_count"] = instances_count
        field_dict["key"] = key
        field_dict["product_id"] = product_id
        field_dict["status"] = status
        if activations_limit is not UNSET:
            field_dict["activations_limit"] = activations_limit
        if brand_id is not UNSET:
            field_dict["brand_id"] = brand_id
        if expires_at is not UNSET:
            field_dict["expires_at"] = expires_at
        if payment_id is not UNSET:
            field_dict["payment_id"] = payment_id
        if source is not UNSET:
            field_dict["source"] = source
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
        instances_count = d.pop("instances_count")
        key = d.pop("key")
        product_id = d.pop("product_id")
        status = LicenseKeyStatus(d.pop("status"))

        def _parse_activations_limit(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        activations_limit = _parse_activations_limit(d.pop("activations_limit", UNSET))

        brand_id = d.pop("brand_id", UNSET)

        def _parse_expires_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                expires_at_type_0 = datetime.datetime.fromisoformat(data)

                return expires_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        expires_at = _parse_expires_at(d.pop("expires_at", UNSET))

        def _parse_payment_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        payment_id = _parse_payment_id(d.pop("payment_id", UNSET))

        _source = d.pop("source", UNSET)
        source: LicenseKeySource | Unset
        if isinstance(_source, Unset):
            source = UNSET
        else:
            source = LicenseKeySource(_source)

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
            instances_count=instances_count,
            key=key,
            product_id=product_id,
            status=status,
            activations_limit=activations_limit
            if activations_limit is not UNSET
            else None,
            brand_id=brand_id if brand_id is not UNSET else None,
            expires_at=expires_at if expires_at is not UNSET else None,
            payment_id=payment_id if payment_id is not UNSET else None,
            source=source if source is not UNSET else None,
            subscription_id=subscription_id if subscription_id is not UNSET else None,
        )
        if d:
            model.keep(d)
        return model

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..base import Model, Moment
from ..types import UNSET, Unset


@_attrs_define(frozen=True, eq=False, repr=False, getstate_setstate=False)
class CreateLicenseKeyRequest(Model):
    """A license key to import."""

    customer_id: str
    """ The id of the customer who is to own the key, `cus_…`. """

    key: str = _attrs_field(repr=False)
    """ The key itself, as the customer will type it in. """

    product_id: str
    """ The id of the product that the key unlocks, `pdt_…`. """

    activations_limit: int | None | Unset = UNSET
    """ How many activations the key may have at once; null means unlimited. """

    expires_at: Moment | None | Unset = UNSET
    """ When the key stops working; null means never. """

    def to_dict(self) -> dict[str, Any]:
        customer_id = self.customer_id
        key = self.key
        product_id = self.product_id
        activations_limit: int | None | Unset
        if isinstance(self.activations_limit, Unset):
            activations_limit = UNSET
        else:
            activations_limit = self.activations_limit
        expires_at: None | str | Unset
        if isinstance(self.expires_at, Unset):
            expires_at = UNSET
        elif isinstance(self.expires_at, datetime.datetime):
            expires_at = self.expires_at.isoformat()
        else:
            expires_at = self.expires_at

        field_dict: dict[str, Any] = {**self.additional_properties}
        field_dict["customer_id"] = customer_id
        field_dict["key"] = key
        field_dict["product_id"] = product_id
        if activations_limit is not UNSET:
            field_dict["activations_limit"] = activations_limit
        if expires_at is not UNSET:
            field_dict["expires_at"] = expires_at
        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        customer_id = d.pop("customer_id")
        key = d.pop("key")
        product_id = d.pop("product_id")

        def _parse_activations_limit(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        activations_limit = _parse_activations_limit(d.pop("activations_limit", UNSET))

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

        model = cls(
            customer_id=customer_id,
            key=key,
            product_id=product_id,
            activations_limit=activations_limit,
            expires_at=expires_at,
        )
        if d:
            model.keep(d)
        return model

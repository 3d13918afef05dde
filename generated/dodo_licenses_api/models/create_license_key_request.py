from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="CreateLicenseKeyRequest")


@_attrs_define
class CreateLicenseKeyRequest:
    """A license key to import."""

    customer_id: str
    """ The id of the customer who is to own the key, `cus_…`. """
    key: str
    """ The key itself, as the customer will type it in. """
    product_id: str
    """ The id of the product that the key unlocks, `pdt_…`. """
    activations_limit: int | None | Unset = UNSET
    """ How many activations the key may have at once; null means unlimited. """
    expires_at: datetime.datetime | None | Unset = UNSET
    """ When the key stops working; null means never. """
    _additional_properties: dict[str, Any] | None = _attrs_field(
        init=False, default=None, repr=False, eq=lambda value: value or None
    )

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

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "customer_id": customer_id,
                "key": key,
                "product_id": product_id,
            }
        )
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

        create_license_key_request = cls(
            customer_id=customer_id,
            key=key,
            product_id=product_id,
            activations_limit=activations_limit,
            expires_at=expires_at,
        )

        create_license_key_request.additional_properties = d
        return create_license_key_request

    @property
    def additional_properties(self) -> dict[str, Any]:
        """What came that the specification does not name."""
        if self._additional_properties is None:
            self._additional_properties = {}
        return self._additional_properties

    @additional_properties.setter
    def additional_properties(self, value: dict[str, Any]) -> None:
        self._additional_properties = value

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties

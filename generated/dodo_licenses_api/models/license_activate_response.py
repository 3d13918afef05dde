from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.license_customer import LicenseCustomer
from ..models.license_product import LicenseProduct

T = TypeVar("T", bound="LicenseActivateResponse")


@_attrs_define
class LicenseActivateResponse:
    """A fresh activation, with the customer and the product it belongs to."""

    id: str
    """ The activation's id, `lki_…`. Keep it, validate and deactivate need it. """
    business_id: str
    """ The merchant's id. Compare it, a valid key may be another merchant's. """
    created_at: datetime.datetime
    """ When the key was activated, in UTC. """
    license_key_id: str
    """ The id of the license key that was activated, `lic_…`. """
    name: str
    """ The installation's name, as it was given. """
    customer: LicenseCustomer
    """ The customer who owns an activated license key. """
    product: LicenseProduct
    """ The product that an activated license key unlocks. """
    _additional_properties: dict[str, Any] | None = _attrs_field(
        init=False, default=None, repr=False, eq=lambda value: value or None
    )

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        business_id = self.business_id

        created_at = self.created_at.isoformat()

        license_key_id = self.license_key_id

        name = self.name

        customer = self.customer.to_dict()

        product = self.product.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "business_id": business_id,
                "created_at": created_at,
                "license_key_id": license_key_id,
                "name": name,
                "customer": customer,
                "product": product,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        id = d.pop("id")

        business_id = d.pop("business_id")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        license_key_id = d.pop("license_key_id")

        name = d.pop("name")

        customer = LicenseCustomer.from_dict(d.pop("customer"))

        product = LicenseProduct.from_dict(d.pop("product"))

        license_activate_response = cls(
            id=id,
            business_id=business_id,
            created_at=created_at,
            license_key_id=license_key_id,
            name=name,
            customer=customer,
            product=product,
        )

        license_activate_response.additional_properties = d
        return license_activate_response

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

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define

from ..base import Model, Moment
from ..models.license_customer import LicenseCustomer
from ..models.license_product import LicenseProduct


@_attrs_define(frozen=True, eq=False, repr=False, getstate_setstate=False)
class LicenseActivateResponse(Model):
    """A fresh activation, with the customer and the product it belongs to."""

    id: str
    """ The activation's id, `lki_…`. Keep it, validate and deactivate need it. """

    business_id: str
    """ The merchant's id. Compare it, a valid key may be another merchant's. """

    created_at: Moment
    """ When the key was activated, in UTC. """

    license_key_id: str
    """ The id of the license key that was activated, `lic_…`. """

    name: str
    """ The installation's name, as it was given. """

    customer: LicenseCustomer
    """ The customer who owns an activated license key. """

    product: LicenseProduct
    """ The product that an activated license key unlocks. """

    def to_dict(self) -> dict[str, Any]:
        id = self.id
        business_id = self.business_id
        created_at = self.created_at.isoformat()
        license_key_id = self.license_key_id
        name = self.name
        customer = self.customer.to_dict()
        product = self.product.to_dict()

        field_dict: dict[str, Any] = {**self.additional_properties}
        field_dict["id"] = id
        field_dict["business_id"] = business_id
        field_dict["created_at"] = created_at
        field_dict["license_key_id"] = license_key_id
        field_dict["name"] = name
        field_dict["customer"] = customer
        field_dict["product"] = product
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

        model = cls(
            id=id,
            business_id=business_id,
            created_at=created_at,
            license_key_id=license_key_id,
            name=name,
            customer=customer,
            product=product,
        )
        if d:
            model.keep(d)
        return model

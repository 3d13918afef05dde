from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..base import Model
from ..models.metadata import Metadata
from ..types import UNSET, Unset


@_attrs_define(frozen=True, eq=False, repr=False, getstate_setstate=False)
class LicenseCustomer(Model):
    """The customer who owns an activated license key."""

    customer_id: str
    """ The customer's id, `cus_…`. """

    email: str = _attrs_field(repr=False)
    """ The customer's mail address. """

    name: str = _attrs_field(repr=False)
    """ The customer's name. """

    metadata: Metadata | None = None
    """ The merchant's own notes on the customer. Absent in replies of older generations. """

    phone_number: None | str = _attrs_field(default=None, repr=False)
    """ The customer's phone number, if there is one. """

    def to_dict(self) -> dict[str, Any]:
        customer_id = self.customer_id
        email = self.email
        name = self.name
        metadata: dict[str, Any] | None | Unset
        if isinstance(self.metadata, Unset):
            metadata = UNSET
        elif isinstance(self.metadata, Metadata):
            metadata = self.metadata.to_dict()
        else:
            metadata = self.metadata
        phone_number: None | str | Unset
        if isinstance(self.phone_number, Unset):
            phone_number = UNSET
        else:
            phone_number = self.phone_number

        field_dict: dict[str, Any] = {**self.additional_properties}
        field_dict["customer_id"] = customer_id
        field_dict["email"] = email
        field_dict["name"] = name
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if phone_number is not UNSET:
            field_dict["phone_number"] = phone_number
        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        customer_id = d.pop("customer_id")
        email = d.pop("email")
        name = d.pop("name")

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

        def _parse_phone_number(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        phone_number = _parse_phone_number(d.pop("phone_number", UNSET))

        model = cls(
            customer_id=customer_id,
            email=email,
            name=name,
            metadata=metadata if metadata is not UNSET else None,
            phone_number=phone_number if phone_number is not UNSET else None,
        )
        if d:
            model.keep(d)
        return model

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    Self,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.license_key import LicenseKey

T = TypeVar("T", bound="LicenseKeyCreatedEvent")


@_attrs_define
class LicenseKeyCreatedEvent:
    """The webhook that tells of a new license key."""

    business_id: str
    """ The merchant's id. """
    type_: Literal["license_key.created"]
    """ What happened. """
    timestamp: datetime.datetime
    """ When it happened, in UTC. """
    data: LicenseKey
    """ A license key that a customer owns. What older generations of the API leave out is optional here. """
    _additional_properties: dict[str, Any] | None = _attrs_field(
        init=False, default=None, repr=False, eq=lambda value: value or None
    )

    def to_dict(self) -> dict[str, Any]:
        business_id = self.business_id

        type_ = self.type_

        timestamp = self.timestamp.isoformat()

        data = self.data.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "business_id": business_id,
                "type": type_,
                "timestamp": timestamp,
                "data": data,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        business_id = d.pop("business_id")

        type_ = cast(Literal["license_key.created"], d.pop("type"))
        if type_ != "license_key.created":
            raise ValueError(
                f"type must match const 'license_key.created', got '{type_}'"
            )

        timestamp = datetime.datetime.fromisoformat(d.pop("timestamp"))

        data = LicenseKey.from_dict(d.pop("data"))

        license_key_created_event = cls(
            business_id=business_id,
            type_=type_,
            timestamp=timestamp,
            data=data,
        )

        license_key_created_event.additional_properties = d
        return license_key_created_event

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

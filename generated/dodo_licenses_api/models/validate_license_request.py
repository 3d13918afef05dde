from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="ValidateLicenseRequest")


@_attrs_define
class ValidateLicenseRequest:
    """A license key to look at and, if wanted, one of its activations."""

    license_key: str
    """ The key itself, as the customer typed it in. """
    license_key_instance_id: None | str | Unset = UNSET
    """ The id of the activation that must hold as well, `lki_…`. """
    _additional_properties: dict[str, Any] | None = _attrs_field(
        init=False, default=None, repr=False, eq=lambda value: value or None
    )

    def to_dict(self) -> dict[str, Any]:
        license_key = self.license_key

        license_key_instance_id: None | str | Unset
        if isinstance(self.license_key_instance_id, Unset):
            license_key_instance_id = UNSET
        else:
            license_key_instance_id = self.license_key_instance_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "license_key": license_key,
            }
        )
        if license_key_instance_id is not UNSET:
            field_dict["license_key_instance_id"] = license_key_instance_id

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        license_key = d.pop("license_key")

        def _parse_license_key_instance_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        license_key_instance_id = _parse_license_key_instance_id(
            d.pop("license_key_instance_id", UNSET)
        )

        validate_license_request = cls(
            license_key=license_key,
            license_key_instance_id=license_key_instance_id,
        )

        validate_license_request.additional_properties = d
        return validate_license_request

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

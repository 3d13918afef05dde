from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..base import Model
from ..types import UNSET, Unset


@_attrs_define(frozen=True, eq=False, repr=False, getstate_setstate=False)
class ValidateLicenseRequest(Model):
    """A license key to look at and, if wanted, one of its activations."""

    license_key: str = _attrs_field(repr=False)
    """ The key itself, as the customer typed it in. """

    license_key_instance_id: None | str | Unset = UNSET
    """ The id of the activation that must hold as well, `lki_…`. """

    def to_dict(self) -> dict[str, Any]:
        license_key = self.license_key
        license_key_instance_id: None | str | Unset
        if isinstance(self.license_key_instance_id, Unset):
            license_key_instance_id = UNSET
        else:
            license_key_instance_id = self.license_key_instance_id

        field_dict: dict[str, Any] = {**self.additional_properties}
        field_dict["license_key"] = license_key
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

        model = cls(
            license_key=license_key,
            license_key_instance_id=license_key_instance_id,
        )
        if d:
            model.keep(d)
        return model

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..base import Model


@_attrs_define(frozen=True, eq=False, repr=False, getstate_setstate=False)
class DeactivateLicenseRequest(Model):
    """A license key and the activation of it to release."""

    license_key: str = _attrs_field(repr=False)
    """ The key itself, as the customer typed it in. """

    license_key_instance_id: str
    """ The id of the activation to release, `lki_…`. """

    def to_dict(self) -> dict[str, Any]:
        license_key = self.license_key
        license_key_instance_id = self.license_key_instance_id

        field_dict: dict[str, Any] = {**self.additional_properties}
        field_dict["license_key"] = license_key
        field_dict["license_key_instance_id"] = license_key_instance_id
        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        license_key = d.pop("license_key")
        license_key_instance_id = d.pop("license_key_instance_id")
        model = cls(
            license_key=license_key,
            license_key_instance_id=license_key_instance_id,
        )
        if d:
            model.keep(d)
        return model

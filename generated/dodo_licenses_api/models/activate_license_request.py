from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..base import Model


@_attrs_define(frozen=True, eq=False, repr=False, getstate_setstate=False)
class ActivateLicenseRequest(Model):
    """A license key and the installation that takes one of its activations."""

    license_key: str = _attrs_field(repr=False)
    """ The key itself, as the customer typed it in. """

    name: str
    """ A name for this installation, to find its activation again. """

    def to_dict(self) -> dict[str, Any]:
        license_key = self.license_key
        name = self.name

        field_dict: dict[str, Any] = {**self.additional_properties}
        field_dict["license_key"] = license_key
        field_dict["name"] = name
        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        license_key = d.pop("license_key")
        name = d.pop("name")
        model = cls(
            license_key=license_key,
            name=name,
        )
        if d:
            model.keep(d)
        return model

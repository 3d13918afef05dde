from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define

from ..base import Model


@_attrs_define(frozen=True, eq=False, repr=False, getstate_setstate=False)
class UpdateLicenseKeyInstanceRequest(Model):
    """The new name of a license key instance."""

    name: str
    """ The installation's new name. """

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        field_dict: dict[str, Any] = {**self.additional_properties}
        field_dict["name"] = name
        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        name = d.pop("name")
        model = cls(
            name=name,
        )
        if d:
            model.keep(d)
        return model

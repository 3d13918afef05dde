from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define

from ..base import Model


@_attrs_define(frozen=True, eq=False, repr=False, getstate_setstate=False)
class LicenseValidateResponse(Model):
    """Whether a license holds."""

    valid: bool
    """ True where the key, and the activation if one was named, can be used now. """

    def to_dict(self) -> dict[str, Any]:
        valid = self.valid

        field_dict: dict[str, Any] = {**self.additional_properties}
        field_dict["valid"] = valid
        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        valid = d.pop("valid")
        model = cls(
            valid=valid,
        )
        if d:
            model.keep(d)
        return model

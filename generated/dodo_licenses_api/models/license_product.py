from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, cast

from attrs import define as _attrs_define

from ..base import Model
from ..types import UNSET, Unset


@_attrs_define(frozen=True, eq=False, repr=False, getstate_setstate=False)
class LicenseProduct(Model):
    """The product that an activated license key unlocks."""

    product_id: str
    """ The product's id, `pdt_…`. Compare it, a valid key may be another product's. """

    name: None | str = None
    """ The product's name, if it has one. """

    def to_dict(self) -> dict[str, Any]:
        product_id = self.product_id
        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        field_dict: dict[str, Any] = {**self.additional_properties}
        field_dict["product_id"] = product_id
        if name is not UNSET:
            field_dict["name"] = name
        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        product_id = d.pop("product_id")

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        model = cls(
            product_id=product_id,
            name=name if name is not UNSET else None,
        )
        if d:
            model.keep(d)
        return model

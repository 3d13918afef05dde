from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, cast

from attrs import define as _attrs_define

from ..base import Model
from ..models.product_entitlement import ProductEntitlement
from ..types import UNSET, Unset


@_attrs_define(frozen=True, eq=False, repr=False, getstate_setstate=False)
class Product(Model):
    """A product, as far as license keys need it. Prices and the rest are the vendor's own documentation's."""

    product_id: str
    """ The product's id, `pdt_…`. """

    entitlements: list[ProductEntitlement] | None = None
    """ What a purchase of it grants. Absent in replies of older generations. """

    name: None | str = None
    """ Its name, if it has one. """

    def to_dict(self) -> dict[str, Any]:
        product_id = self.product_id
        entitlements_or_unset = (
            UNSET if self.entitlements is None else self.entitlements
        )
        entitlements: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(entitlements_or_unset, Unset):
            entitlements = []
            for entitlements_item_data in entitlements_or_unset:
                entitlements_item = entitlements_item_data.to_dict()
                entitlements.append(entitlements_item)

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        field_dict: dict[str, Any] = {**self.additional_properties}
        field_dict["product_id"] = product_id
        if entitlements is not UNSET:
            field_dict["entitlements"] = entitlements
        if name is not UNSET:
            field_dict["name"] = name
        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        product_id = d.pop("product_id")
        _entitlements = d.pop("entitlements", UNSET)
        entitlements: list[ProductEntitlement] | Unset = UNSET
        if _entitlements is not UNSET:
            entitlements = []
            for entitlements_item_data in _entitlements:
                entitlements_item = ProductEntitlement.from_dict(entitlements_item_data)

                entitlements.append(entitlements_item)

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        model = cls(
            product_id=product_id,
            entitlements=entitlements if entitlements is not UNSET else None,
            name=name if name is not UNSET else None,
        )
        if d:
            model.keep(d)
        return model

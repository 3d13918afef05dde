from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define

from ..base import Model
from ..models.entitlement_grant import EntitlementGrant


@_attrs_define(frozen=True, eq=False, repr=False, getstate_setstate=False)
class EntitlementGrantList(Model):
    """One page of grants."""

    items: list[EntitlementGrant]
    """ The grants of this page. """

    def to_dict(self) -> dict[str, Any]:
        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)

        field_dict: dict[str, Any] = {**self.additional_properties}
        field_dict["items"] = items
        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        items = []
        _items = d.pop("items")
        for items_item_data in _items:
            items_item = EntitlementGrant.from_dict(items_item_data)

            items.append(items_item)

        model = cls(
            items=items,
        )
        if d:
            model.keep(d)
        return model

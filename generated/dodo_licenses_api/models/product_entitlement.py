from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define

from ..base import Model
from ..models.entitlement_integration_type import EntitlementIntegrationType
from ..types import UNSET, Unset


@_attrs_define(frozen=True, eq=False, repr=False, getstate_setstate=False)
class ProductEntitlement(Model):
    """An entitlement that a product carries, as far as license keys need it."""

    id: str
    """ The entitlement's id, `ent_…`. """

    integration_type: EntitlementIntegrationType | None = None
    """ What an entitlement gives. The vendor adds types at any time. """

    name: str | None = None
    """ Its name, as the merchant gave it. """

    def to_dict(self) -> dict[str, Any]:
        id = self.id
        integration_type_or_unset = (
            UNSET if self.integration_type is None else self.integration_type
        )
        integration_type: str | Unset = UNSET
        if not isinstance(integration_type_or_unset, Unset):
            integration_type = integration_type_or_unset.value

        name_or_unset = UNSET if self.name is None else self.name
        name = name_or_unset

        field_dict: dict[str, Any] = {**self.additional_properties}
        field_dict["id"] = id
        if integration_type is not UNSET:
            field_dict["integration_type"] = integration_type
        if name is not UNSET:
            field_dict["name"] = name
        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        id = d.pop("id")
        _integration_type = d.pop("integration_type", UNSET)
        integration_type: EntitlementIntegrationType | Unset
        if isinstance(_integration_type, Unset):
            integration_type = UNSET
        else:
            integration_type = EntitlementIntegrationType(_integration_type)

        name = d.pop("name", UNSET)
        model = cls(
            id=id,
            integration_type=integration_type
            if integration_type is not UNSET
            else None,
            name=name if name is not UNSET else None,
        )
        if d:
            model.keep(d)
        return model

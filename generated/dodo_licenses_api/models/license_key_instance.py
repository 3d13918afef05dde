from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define

from ..base import Model, Moment


@_attrs_define(frozen=True, eq=False, repr=False, getstate_setstate=False)
class LicenseKeyInstance(Model):
    """One activation of a license key."""

    id: str
    """ The activation's id, `lki_…`. """

    business_id: str
    """ The merchant's id. """

    created_at: Moment
    """ When the key was activated, in UTC. """

    license_key_id: str
    """ The id of the license key that was activated, `lic_…`. """

    name: str
    """ The installation's name, as it was given when the key was activated. """

    def to_dict(self) -> dict[str, Any]:
        id = self.id
        business_id = self.business_id
        created_at = self.created_at.isoformat()
        license_key_id = self.license_key_id
        name = self.name

        field_dict: dict[str, Any] = {**self.additional_properties}
        field_dict["id"] = id
        field_dict["business_id"] = business_id
        field_dict["created_at"] = created_at
        field_dict["license_key_id"] = license_key_id
        field_dict["name"] = name
        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        id = d.pop("id")
        business_id = d.pop("business_id")
        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        license_key_id = d.pop("license_key_id")
        name = d.pop("name")
        model = cls(
            id=id,
            business_id=business_id,
            created_at=created_at,
            license_key_id=license_key_id,
            name=name,
        )
        if d:
            model.keep(d)
        return model

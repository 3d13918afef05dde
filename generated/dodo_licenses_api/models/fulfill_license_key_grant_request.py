from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..base import Model, Moment
from ..types import UNSET, Unset


@_attrs_define(frozen=True, eq=False, repr=False, getstate_setstate=False)
class FulfillLicenseKeyGrantRequest(Model):
    """The license key to give to the customer of a pending grant."""

    key: str = _attrs_field(repr=False)
    """ The key itself, as the customer will type it in. Blanks around it are dropped. """

    activations_limit: int | None | Unset = UNSET
    """ How many activations the key may have at once; null or left out, what the entitlement says. """

    expires_at: Moment | None | Unset = UNSET
    """ When the key stops working; null or left out, what the entitlement says. """

    def to_dict(self) -> dict[str, Any]:
        key = self.key
        activations_limit: int | None | Unset
        if isinstance(self.activations_limit, Unset):
            activations_limit = UNSET
        else:
            activations_limit = self.activations_limit
        expires_at: None | str | Unset
        if isinstance(self.expires_at, Unset):
            expires_at = UNSET
        elif isinstance(self.expires_at, datetime.datetime):
            expires_at = self.expires_at.isoformat()
        else:
            expires_at = self.expires_at

        field_dict: dict[str, Any] = {**self.additional_properties}
        field_dict["key"] = key
        if activations_limit is not UNSET:
            field_dict["activations_limit"] = activations_limit
        if expires_at is not UNSET:
            field_dict["expires_at"] = expires_at
        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        key = d.pop("key")

        def _parse_activations_limit(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        activations_limit = _parse_activations_limit(d.pop("activations_limit", UNSET))

        def _parse_expires_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                expires_at_type_0 = datetime.datetime.fromisoformat(data)

                return expires_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        expires_at = _parse_expires_at(d.pop("expires_at", UNSET))

        model = cls(
            key=key,
            activations_limit=activations_limit,
            expires_at=expires_at,
        )
        if d:
            model.keep(d)
        return model

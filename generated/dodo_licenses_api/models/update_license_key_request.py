from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, cast

from attrs import define as _attrs_define

from ..base import Model, Moment
from ..types import UNSET, Unset


@_attrs_define(frozen=True, eq=False, repr=False, getstate_setstate=False)
class UpdateLicenseKeyRequest(Model):
    """What to change of a license key. What is left out stays as it is."""

    activations_limit: int | None | Unset = UNSET
    """ How many activations the key may have at once; null removes the limit. """

    disabled: bool | None | Unset = UNSET
    """ True disables the key, false enables it; null leaves it as it is. """

    expires_at: Moment | None | Unset = UNSET
    """ When the key stops working; null removes the expiry. """

    def to_dict(self) -> dict[str, Any]:
        activations_limit: int | None | Unset
        if isinstance(self.activations_limit, Unset):
            activations_limit = UNSET
        else:
            activations_limit = self.activations_limit
        disabled: bool | None | Unset
        if isinstance(self.disabled, Unset):
            disabled = UNSET
        else:
            disabled = self.disabled
        expires_at: None | str | Unset
        if isinstance(self.expires_at, Unset):
            expires_at = UNSET
        elif isinstance(self.expires_at, datetime.datetime):
            expires_at = self.expires_at.isoformat()
        else:
            expires_at = self.expires_at

        field_dict: dict[str, Any] = {**self.additional_properties}
        if activations_limit is not UNSET:
            field_dict["activations_limit"] = activations_limit
        if disabled is not UNSET:
            field_dict["disabled"] = disabled
        if expires_at is not UNSET:
            field_dict["expires_at"] = expires_at
        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)

        def _parse_activations_limit(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        activations_limit = _parse_activations_limit(d.pop("activations_limit", UNSET))

        def _parse_disabled(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        disabled = _parse_disabled(d.pop("disabled", UNSET))

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
            activations_limit=activations_limit,
            disabled=disabled,
            expires_at=expires_at,
        )
        if d:
            model.keep(d)
        return model

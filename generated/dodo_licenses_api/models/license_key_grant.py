from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..base import Model, Moment
from ..models.license_key_status import LicenseKeyStatus
from ..types import UNSET, Unset


@_attrs_define(frozen=True, eq=False, repr=False, getstate_setstate=False)
class LicenseKeyGrant(Model):
    """The license key that a grant gave."""

    activations_used: int
    """ How many activations the key has now; a deactivation lowers it. """

    key: str = _attrs_field(repr=False)
    """ The key itself, as the customer types it in. Treat it as a secret. """

    id: str | None = None
    """ The license key's id, `lic_…`. Absent before version 1.114 of the API. """

    status: LicenseKeyStatus | None = None
    """ Whether a license key can be used: `active`, `expired` once its expiry has passed or its subscription has ended, or `disabled` by the merchant. May lag behind an expiry in the past. """

    activations_limit: int | None = None
    """ How many activations the key may have at once; null means unlimited. """

    expires_at: Moment | None = None
    """ When the key stops working, in UTC; null means never. """

    def to_dict(self) -> dict[str, Any]:
        activations_used = self.activations_used
        key = self.key
        id_or_unset = UNSET if self.id is None else self.id
        id = id_or_unset
        status_or_unset = UNSET if self.status is None else self.status
        status: str | Unset = UNSET
        if not isinstance(status_or_unset, Unset):
            status = status_or_unset.value

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
        field_dict["activations_used"] = activations_used
        field_dict["key"] = key
        if id is not UNSET:
            field_dict["id"] = id
        if status is not UNSET:
            field_dict["status"] = status
        if activations_limit is not UNSET:
            field_dict["activations_limit"] = activations_limit
        if expires_at is not UNSET:
            field_dict["expires_at"] = expires_at
        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        activations_used = d.pop("activations_used")
        key = d.pop("key")
        id = d.pop("id", UNSET)
        _status = d.pop("status", UNSET)
        status: LicenseKeyStatus | Unset
        if isinstance(_status, Unset):
            status = UNSET
        else:
            status = LicenseKeyStatus(_status)

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
            activations_used=activations_used,
            key=key,
            id=id if id is not UNSET else None,
            status=status if status is not UNSET else None,
            activations_limit=activations_limit
            if activations_limit is not UNSET
            else None,
            expires_at=expires_at if expires_at is not UNSET else None,
        )
        if d:
            model.keep(d)
        return model

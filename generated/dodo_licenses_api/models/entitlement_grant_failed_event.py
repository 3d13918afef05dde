from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Literal, Self, cast

from attrs import define as _attrs_define

from ..base import Model, Moment
from ..models.entitlement_grant import EntitlementGrant


@_attrs_define(frozen=True, eq=False, repr=False, getstate_setstate=False)
class EntitlementGrantFailedEvent(Model):
    """The webhook that tells that a grant failed. Its data is what it was when this was sent, and may name
    itself in `payload_type`."""

    business_id: str
    """ The merchant's id. """

    type: Literal["entitlement_grant.failed"]
    """ What happened. """

    timestamp: Moment
    """ When it happened, in UTC. """

    data: EntitlementGrant
    """ What one customer was given by way of an entitlement. What older generations of the API leave out is optional here. It names no product: the vendor's products name their entitlements. """

    def to_dict(self) -> dict[str, Any]:
        business_id = self.business_id
        type = self.type
        timestamp = self.timestamp.isoformat()
        data = self.data.to_dict()

        field_dict: dict[str, Any] = {**self.additional_properties}
        field_dict["business_id"] = business_id
        field_dict["type"] = type
        field_dict["timestamp"] = timestamp
        field_dict["data"] = data
        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        business_id = d.pop("business_id")
        type = cast(Literal["entitlement_grant.failed"], d.pop("type"))
        if type != "entitlement_grant.failed":
            raise ValueError(
                f"type must match const 'entitlement_grant.failed', got '{type}'"
            )
        timestamp = datetime.datetime.fromisoformat(d.pop("timestamp"))

        data = EntitlementGrant.from_dict(d.pop("data"))

        model = cls(
            business_id=business_id,
            type=type,
            timestamp=timestamp,
            data=data,
        )
        if d:
            model.keep(d)
        return model

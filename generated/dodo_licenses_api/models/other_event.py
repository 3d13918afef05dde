from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define

from ..base import Model, Moment
from ..models.other_event_data import OtherEventData


@_attrs_define(frozen=True, eq=False, repr=False, getstate_setstate=False)
class OtherEvent(Model):
    """A webhook about anything else, such as a payment."""

    business_id: str
    """ The merchant's id. """

    type: str
    """ What happened. """

    timestamp: Moment
    """ When it happened, in UTC. """

    data: OtherEventData
    """ What it happened to. It comes as it is. """

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
        type = d.pop("type")
        timestamp = datetime.datetime.fromisoformat(d.pop("timestamp"))

        data = OtherEventData.from_dict(d.pop("data"))

        model = cls(
            business_id=business_id,
            type=type,
            timestamp=timestamp,
            data=data,
        )
        if d:
            model.keep(d)
        return model

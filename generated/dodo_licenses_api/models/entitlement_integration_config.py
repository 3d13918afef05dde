from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, cast

from attrs import define as _attrs_define

from ..base import Model
from ..models.fulfillment_mode import FulfillmentMode
from ..models.time_interval import TimeInterval
from ..types import UNSET, Unset


@_attrs_define(frozen=True, eq=False, repr=False, getstate_setstate=False)
class EntitlementIntegrationConfig(Model):
    """How an entitlement is given. What is named here belongs to the type `license_key`; other types have
    fields of their own, which come as they are."""

    activation_message: None | str = None
    """ What the customer reads when activating a key, at most 2,500 characters. """

    activations_limit: int | None = None
    """ How many activations each of its keys may have at once; null or absent means unlimited. """

    duration_count: int | None = None
    """ How many intervals its keys work for; null or absent means for ever. """

    duration_interval: None | TimeInterval = None
    """ The unit of `duration_count`. """

    fulfillment_mode: FulfillmentMode | None = None
    """ Whether keys are made by the vendor or handed in by the merchant. Absent means `auto`. """

    def to_dict(self) -> dict[str, Any]:
        activation_message: None | str | Unset
        if isinstance(self.activation_message, Unset):
            activation_message = UNSET
        else:
            activation_message = self.activation_message
        activations_limit: int | None | Unset
        if isinstance(self.activations_limit, Unset):
            activations_limit = UNSET
        else:
            activations_limit = self.activations_limit
        duration_count: int | None | Unset
        if isinstance(self.duration_count, Unset):
            duration_count = UNSET
        else:
            duration_count = self.duration_count
        duration_interval: None | str | Unset
        if isinstance(self.duration_interval, Unset):
            duration_interval = UNSET
        elif isinstance(self.duration_interval, TimeInterval):
            duration_interval = self.duration_interval.value
        else:
            duration_interval = self.duration_interval
        fulfillment_mode: None | str | Unset
        if isinstance(self.fulfillment_mode, Unset):
            fulfillment_mode = UNSET
        elif isinstance(self.fulfillment_mode, FulfillmentMode):
            fulfillment_mode = self.fulfillment_mode.value
        else:
            fulfillment_mode = self.fulfillment_mode

        field_dict: dict[str, Any] = {**self.additional_properties}
        if activation_message is not UNSET:
            field_dict["activation_message"] = activation_message
        if activations_limit is not UNSET:
            field_dict["activations_limit"] = activations_limit
        if duration_count is not UNSET:
            field_dict["duration_count"] = duration_count
        if duration_interval is not UNSET:
            field_dict["duration_interval"] = duration_interval
        if fulfillment_mode is not UNSET:
            field_dict["fulfillment_mode"] = fulfillment_mode
        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)

        def _parse_activation_message(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        activation_message = _parse_activation_message(
            d.pop("activation_message", UNSET)
        )

        def _parse_activations_limit(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        activations_limit = _parse_activations_limit(d.pop("activations_limit", UNSET))

        def _parse_duration_count(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        duration_count = _parse_duration_count(d.pop("duration_count", UNSET))

        def _parse_duration_interval(data: object) -> None | TimeInterval | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                duration_interval_type_0 = TimeInterval(data)

                return duration_interval_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | TimeInterval | Unset, data)

        duration_interval = _parse_duration_interval(d.pop("duration_interval", UNSET))

        def _parse_fulfillment_mode(data: object) -> FulfillmentMode | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                fulfillment_mode_type_0 = FulfillmentMode(data)

                return fulfillment_mode_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FulfillmentMode | None | Unset, data)

        fulfillment_mode = _parse_fulfillment_mode(d.pop("fulfillment_mode", UNSET))

        model = cls(
            activation_message=activation_message
            if activation_message is not UNSET
            else None,
            activations_limit=activations_limit
            if activations_limit is not UNSET
            else None,
            duration_count=duration_count if duration_count is not UNSET else None,
            duration_interval=duration_interval
            if duration_interval is not UNSET
            else None,
            fulfillment_mode=fulfillment_mode
            if fulfillment_mode is not UNSET
            else None,
        )
        if d:
            model.keep(d)
        return model

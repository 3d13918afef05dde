from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define

from ..base import Model


@_attrs_define(frozen=True, eq=False, repr=False, getstate_setstate=False)
class DigitalProductDelivery(Model):
    """Files that a grant gave, each with an address that holds for a short time. They come as they are."""

    def to_dict(self) -> dict[str, Any]:

        field_dict: dict[str, Any] = {**self.additional_properties}
        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        model = cls()
        if d:
            model.keep(d)
        return model

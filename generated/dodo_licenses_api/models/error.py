from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define

from ..base import Model
from ..types import UNSET


@_attrs_define(frozen=True, eq=False, repr=False, getstate_setstate=False)
class Error(Model):
    """What went wrong."""

    code: str
    """ The kind of failure, in upper snake case. The vendor adds kinds at any time. """

    message: str | None = None
    """ The failure in a sentence, for people. """

    def to_dict(self) -> dict[str, Any]:
        code = self.code
        message_or_unset = UNSET if self.message is None else self.message
        message = message_or_unset

        field_dict: dict[str, Any] = {**self.additional_properties}
        field_dict["code"] = code
        if message is not UNSET:
            field_dict["message"] = message
        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        code = d.pop("code")
        message = d.pop("message", UNSET)
        model = cls(
            code=code,
            message=message if message is not UNSET else None,
        )
        if d:
            model.keep(d)
        return model

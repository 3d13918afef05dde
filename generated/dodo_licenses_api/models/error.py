from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import define as _attrs_define

from ..base import Model


@_attrs_define(frozen=True, eq=False, getstate_setstate=False)
class Error(Model):
    """What went wrong."""

    code: str
    """ The kind of failure, in upper snake case. The vendor adds kinds at any time. """

    message: str
    """ The failure in a sentence, for people. """

    def to_dict(self) -> dict[str, Any]:
        code = self.code
        message = self.message

        field_dict: dict[str, Any] = {**self.additional_properties}
        field_dict["code"] = code
        field_dict["message"] = message
        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        code = d.pop("code")
        message = d.pop("message")
        model = cls(
            code=code,
            message=message,
        )
        if d:
            model.keep(d)
        return model

"""What all models share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any, TypeAlias

import attrs
import msgspec

Moment: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]
"""A point in time, with its offset: without one it would be anybody's guess."""


class Model:
    """An object of the API, not to be changed. What came that openapi.yaml does not name is kept beside it."""

    # No attribute of attrs: a decoder would look for it in each of a million keys.
    __slots__ = ("_unnamed",)

    @property
    def additional_properties(self) -> Mapping[str, Any]:
        """What came that openapi.yaml does not name."""
        return MappingProxyType(getattr(self, "_unnamed", {}))

    def keep(self, unnamed: Mapping[str, Any]) -> None:
        """Keep what openapi.yaml does not name. For those who make models from replies."""
        object.__setattr__(self, "_unnamed", dict(unnamed))

    def __getitem__(self, name: str) -> Any:
        return self.additional_properties[name]

    def __contains__(self, name: object) -> bool:
        return name in self.additional_properties

    def _fields(self) -> dict[str, Any]:
        return {
            field.name: getattr(self, field.name) for field in attrs.fields(type(self))
        }

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return (
            self._fields() == other._fields()
            and self.additional_properties == other.additional_properties
        )

    def __hash__(self) -> int:
        return hash(tuple(self._fields().values()))

    def __getstate__(self) -> tuple[dict[str, Any], dict[str, Any]]:
        return self._fields(), dict(self.additional_properties)

    def __setstate__(self, state: tuple[dict[str, Any], dict[str, Any]]) -> None:
        fields, unnamed = state
        for name, value in fields.items():
            object.__setattr__(self, name, value)
        if unnamed:
            self.keep(unnamed)

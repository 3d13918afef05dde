"""What all models share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    NoReturn,
    Self,
    TypeAlias,
    get_type_hints,
)

import attrs
import msgspec

Moment: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]
"""A point in time, with its offset: without one it would be anybody's guess."""


def _dumped(value: Any) -> Any:
    if isinstance(value, list):
        return [_dumped(item) for item in value]
    return value.model_dump() if isinstance(value, Model) else value


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

    if not TYPE_CHECKING:  # so that type checkers go on to find misspelt names

        def __getattr__(self, name):
            if name.startswith("_") or name not in self.additional_properties:
                raise AttributeError(
                    f"{type(self).__name__} has no field {name!r}", name=name, obj=self
                )
            return self.additional_properties[name]

    def keys(self) -> list[str]:
        """The names of all fields, and of what came beside them; for `dict(...)` and `**`."""
        return [*self._fields(), *self.additional_properties]

    def __getitem__(self, name: str) -> Any:
        fields = self._fields()
        return fields[name] if name in fields else self.additional_properties[name]

    def __contains__(self, name: object) -> bool:
        return name in self.additional_properties

    def __iter__(self) -> NoReturn:
        raise TypeError(
            f"{type(self).__name__} is one object, not many: to_dict() has its fields"
        )

    def to_json(self, *, indent: int | None = 2) -> str:
        """The object as JSON."""
        return json.dumps(self.to_dict(), indent=indent, ensure_ascii=False)

    def model_dump(
        self, *, mode: str = "python", exclude_none: bool = False
    ) -> dict[str, Any]:
        """All fields, those of nested objects too; with `mode="json"` as JSON has them."""
        found = (
            self.to_dict()
            if mode == "json"
            else {name: _dumped(self[name]) for name in self.keys()}
        )
        return (
            {name: value for name, value in found.items() if value is not None}
            if exclude_none
            else found
        )

    def model_dump_json(self, *, indent: int | None = None) -> str:
        """The object as JSON, in a line."""
        return self.to_json(indent=indent)

    def model_copy(
        self, *, update: Mapping[str, Any] | None = None, deep: bool = False
    ) -> Self:
        """This object, with other values for some fields. It can be shared: `deep` makes no difference."""
        twin = attrs.evolve(self, **(update or {}))
        twin.keep(self.additional_properties)
        return twin

    @classmethod
    def model_validate(cls, obj: Any) -> Self:
        """Make one of a mapping, with every type checked.

        Raises:
            ValueError: A field is missing or of the wrong type; says which.
        """
        if isinstance(obj, cls):
            return obj
        try:
            data = msgspec.to_builtins(obj)
            msgspec.convert(data, cls)
        except (msgspec.ValidationError, TypeError) as error:
            raise ValueError(str(error)) from None
        return cls.from_dict(data)

    @classmethod
    def model_validate_json(cls, json_data: str | bytes) -> Self:
        """Make one of JSON, with every type checked."""
        return cls.model_validate(json.loads(json_data))

    @property
    def model_extra(self) -> dict[str, Any]:
        """What came that openapi.yaml does not name."""
        return dict(self.additional_properties)

    @property
    def model_fields_set(self) -> set[str]:
        """The names of what came; null counts as absent, as in all of a model."""
        return {name for name in self.keys() if self[name] is not None}

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, handler: Any) -> Any:
        """For fields of pydantic's models and FastAPI's answers. Called by them alone."""
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(
            cls.model_validate,
            serialization=core_schema.plain_serializer_function_ser_schema(
                cls.to_dict, when_used="json"
            ),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: Any, handler: Any) -> Any:
        from pydantic import create_model

        hints = get_type_hints(cls, include_extras=True)
        fields = {
            field.name: (
                hints[field.name],
                ... if field.default is attrs.NOTHING else field.default,
            )
            for field in attrs.fields(cls)
        }
        return handler(create_model(cls.__name__, **fields).__pydantic_core_schema__)

    def __repr__(self) -> str:
        # One for all: writing one for each takes a third of the time that making a model's class does.
        shown = (
            f"{field.name}={getattr(self, field.name)!r}"
            for field in attrs.fields(type(self))
            if field.repr
        )
        return f"{type(self).__name__}({', '.join(shown)})"

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

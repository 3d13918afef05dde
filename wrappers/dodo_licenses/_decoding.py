"""From JSON to the generated models, with every type checked. Pure.

msgspec drops names that a model doesn't have without a word; here they stay reachable in its
`additional_properties`.
"""

from __future__ import annotations

import functools
import operator
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

import attrs
import msgspec

from dodo_licenses_api.base import Model

T = TypeVar("T")

NOT_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def decoded(content: bytes, model: type[T]) -> T:
    """What JSON holds, as a model.

    Raises:
        msgspec.ValidationError: A field is missing or of the wrong type; says which.
        NOT_JSON: It isn't JSON.
    """
    try:
        return msgspec.convert(_decoder(cast(Any, model)).decode(content), model, from_attributes=True)
    except NOT_JSON:  # what is new or wrong in it is found out at leisure
        pass
    data = msgspec.json.decode(content)
    result = msgspec.convert(data, model)
    _keep_unnamed(result, data)
    return result


@functools.cache
def _decoder(model: Any) -> msgspec.json.Decoder[Any]:  # noqa: ANN401 - a model's class
    """One that refuses names which the model doesn't have. Only msgspec's own classes can do that."""
    return msgspec.json.Decoder(_strict(model))


def _strict(kind: Any) -> Any:  # noqa: ANN401 - any type that a field may have
    """The same type, but each model as a class of msgspec's that has its fields and takes no others."""
    if _is_model(kind):
        hints, fields = get_type_hints(kind), []
        for field in attrs.fields(kind):
            default = msgspec.NODEFAULT if field.default is attrs.NOTHING else field.default
            fields.append((field.name, _strict(hints[field.name]), default))
        return msgspec.defstruct(kind.__name__, fields, forbid_unknown_fields=True, gc=False)
    parts = get_args(kind)
    if get_origin(kind) is list:
        return list.__class_getitem__(_strict(parts[0]))
    if any(map(_is_model, parts)):
        return functools.reduce(operator.or_, map(_strict, parts))
    return kind


def _is_model(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Model)


def _keep_unnamed(value: object, data: Any) -> None:  # noqa: ANN401 - any JSON
    """Have models keep what they do not name."""
    if isinstance(value, list):
        for item, item_data in zip(value, data, strict=True):
            _keep_unnamed(item, item_data)
    elif isinstance(value, Model):
        known = attrs.fields_dict(cast(Any, type(value)))
        if unnamed := {name: data[name] for name in data if name not in known}:
            value.keep(unnamed)
        for name in known:
            _keep_unnamed(getattr(value, name), data.get(name))

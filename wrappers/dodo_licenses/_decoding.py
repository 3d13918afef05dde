"""From JSON to the generated models, with every type checked. Pure.

msgspec drops names that a model doesn't have without a word; here they stay reachable in its
`additional_properties`.
"""

from __future__ import annotations

import functools
import operator
from contextlib import suppress
from types import NoneType
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
    check_names, decoder = _decoders(cast(Any, model))
    with suppress(*NOT_JSON):  # what is new or wrong in it is found out at leisure
        check_names.decode(content)
        return cast(T, decoder.decode(content))
    data = msgspec.json.decode(content)
    result = msgspec.convert(data, model)
    _keep_unnamed(result, data)
    return result


@functools.cache
def _decoders(model: Any) -> tuple[msgspec.json.Decoder[Any], msgspec.json.Decoder[Any]]:  # noqa: ANN401
    """One that refuses names that the model doesn't have, and the model's own.

    Decoding twice takes less time than looking for such names in Python.
    """
    return msgspec.json.Decoder(_names(model)), msgspec.json.Decoder(model)


def _names(kind: Any) -> Any:  # noqa: ANN401 - any type that a field may have
    """A type that a value has only where all names in it are known; what they stand for is left open."""
    if _is_model(kind):
        fields = [(name, _names(hint), None) for name, hint in _hints(kind).items()]
        return msgspec.defstruct(kind.__name__, fields, forbid_unknown_fields=True, gc=False)
    parts = get_args(kind)
    if get_origin(kind) is list:
        return list.__class_getitem__(_names(parts[0]))
    if any(map(_is_model, parts)):
        return functools.reduce(operator.or_, (p if p is NoneType else _names(p) for p in parts))
    return Any


@functools.cache
def _hints(model: Any) -> dict[str, Any]:  # noqa: ANN401 - a model's class
    """The fields of a model, with their types."""
    hints = get_type_hints(model)
    return {field.name: hints[field.name] for field in attrs.fields(model)}


def _is_model(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Model)


def _keep_unnamed(value: object, data: Any) -> None:  # noqa: ANN401 - any JSON
    """Have models keep what they do not name."""
    if isinstance(value, list):
        for item, item_data in zip(value, data, strict=True):
            _keep_unnamed(item, item_data)
    elif isinstance(value, Model):
        known = _hints(cast(Any, type(value)))
        if unnamed := {name: data[name] for name in data if name not in known}:
            value.keep(unnamed)
        for name in known:
            _keep_unnamed(getattr(value, name), data.get(name))

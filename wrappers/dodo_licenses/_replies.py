"""From a reply to a model, or to the error that says what is wrong with it. Pure.

Replies are decoded straight into the generated models, with every type checked on the way. What the models
do not know stays reachable in their `additional_properties`.
"""

from __future__ import annotations

import functools
import http
import operator
from datetime import datetime
from types import NoneType
from typing import Annotated, Any, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

import attrs
import msgspec

from dodo_licenses import _errors
from dodo_licenses._flow import Flow, Reply, Request

T = TypeVar("T")

_BY_STATUS: dict[int, type[_errors.APIStatusError]] = {
    400: _errors.BadRequestError,
    401: _errors.AuthenticationError,
    403: _errors.PermissionDeniedError,
    404: _errors.NotFoundError,
    409: _errors.ConflictError,
    422: _errors.UnprocessableEntityError,
    429: _errors.RateLimitError,
}
_ENVIRONMENT_MATTERS = {401, 404}
_REQUEST_ID_HEADER = "x-request-id"
_SERVER_ERRORS = 500
_SUCCESS = range(200, 300)


def ask(request: Request) -> Flow[Reply]:
    """Send a request and hand on its reply, or raise the error that the reply stands for."""
    reply = yield request
    if reply.status_code not in _SUCCESS:
        raise failure(request, reply)
    return reply


def call(request: Request, model: type[T]) -> Flow[T]:
    """Send a request and hand on its reply as a model."""
    return read(request, (yield from ask(request)), model)


def call_without_result(request: Request) -> Flow[None]:
    """Send a request whose reply says nothing; a page for people in its place is no success."""
    reply = yield from ask(request)
    if reply.content.strip():
        read(request, reply, object)


def failure(request: Request, reply: Reply) -> _errors.APIStatusError:
    """The error that a reply stands for, whatever its body is."""
    status = reply.status_code
    kind = _BY_STATUS.get(status, _errors.APIStatusError)
    if status >= _SERVER_ERRORS:
        kind = _errors.InternalServerError
    code, message = _code_and_message(reply)
    said = f"{status} {code}" if code is not None else str(status)
    text = f"{request.method} {request.path}: {said}: {message}"
    if status in _ENVIRONMENT_MATTERS:
        text += f" (asked {reply.server})"
    return kind(
        text,
        status_code=status,
        code=code,
        message=message,
        body=reply.content,
        method=request.method,
        path=request.path,
        request_id=reply.headers.get(_REQUEST_ID_HEADER),
        may_have_been_done=reply.may_have_been_done,
    )


def _code_and_message(reply: Reply) -> tuple[str | None, str]:
    """What the API's error body says; a gateway's may be anything."""
    try:
        body = msgspec.json.decode(reply.content)
    except msgspec.DecodeError:
        body = None
    said = body if isinstance(body, dict) else {}
    code, message = said.get("code"), said.get("message")
    return (
        code if isinstance(code, str) else None,
        message if isinstance(message, str) else _in_words(reply.status_code),
    )


def _in_words(status: int) -> str:
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return "no explanation was given"


def read(request: Request, reply: Reply, model: type[T]) -> T:
    """The reply as a model.

    Raises:
        ResponseValidationError: A field is missing or of the wrong type, or it isn't JSON at all.
    """
    if (at_once := _read_at_once(reply.content, model)) is not None:
        return at_once
    try:
        data = msgspec.json.decode(reply.content)
        result = msgspec.convert(data, model)
        if attrs.has(model):
            _complete(result, data, "$")
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `")
        raise _broken(request, reply, path.rstrip("`") or "$", problem) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _broken(request, reply, "$", f"not JSON ({_kind(reply)}): {error}") from None
    return result


def _read_at_once(content: bytes, model: type[T]) -> T | None:
    """The reply as a model, if it holds nothing that _complete would keep or refuse, as most do.

    Decoding a reply twice takes less than half the time of going over its every item in Python.
    """
    if not attrs.has(model):
        return None
    checking, decoding = _decoders(model)
    try:
        checking.decode(content)
        result: T = decoding.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None  # what is wrong, or new, is found out at leisure
    return result


@functools.cache
def _decoders(model: type) -> tuple[msgspec.json.Decoder[Any], msgspec.json.Decoder[Any]]:
    """One that refuses what the model doesn't name and times without an offset, and the model's own."""
    return msgspec.json.Decoder(_strict(model)), msgspec.json.Decoder(model)


def _strict(kind: Any) -> Any:  # noqa: ANN401 - any type that a model's field may have
    """The type with no room for unknown names or times without an offset; the rest is left to the model."""
    if kind is datetime:
        return Annotated[datetime, msgspec.Meta(tz=True)]
    if _is_model(kind):
        hints = get_type_hints(kind)
        fields = [(f.name, _strict(hints[f.name]), None) for f in attrs.fields(kind) if f.init]
        return msgspec.defstruct(kind.__name__, fields, forbid_unknown_fields=True, gc=False)
    parts = get_args(kind)
    if get_origin(kind) is list:
        return list[_strict(parts[0])]  # type: ignore[misc]
    if datetime in parts or any(map(_is_model, parts)):
        return functools.reduce(operator.or_, (None if p is NoneType else _strict(p) for p in parts))
    return Any


def _broken(request: Request, reply: Reply, field: str, problem: str) -> _errors.ResponseValidationError:
    return _errors.ResponseValidationError(
        operation=request.operation,
        field=field,
        problem=problem,
        status_code=reply.status_code,
        body=reply.content,
    )


def _kind(reply: Reply) -> str:
    if not reply.content:
        return "the body is empty"
    return reply.headers.get("content-type", "of no stated type")


class _Shape(NamedTuple):
    """What the decoder leaves to do for a model."""

    known: frozenset[str]
    moments: tuple[str, ...]
    models: tuple[str, ...]


@functools.cache
def _shape(model: type) -> _Shape:
    hints = get_type_hints(model)
    names = [f.name for f in attrs.fields(model) if f.init]
    return _Shape(
        known=frozenset(names),
        moments=tuple(n for n in names if datetime in (hints[n], *get_args(hints[n]))),
        models=tuple(n for n in names if any(map(_is_model, (hints[n], *get_args(hints[n]))))),
    )


def _is_model(kind: object) -> bool:
    return isinstance(kind, type) and attrs.has(kind)


def _complete(value: Any, data: Any, path: str) -> None:  # noqa: ANN401 - any model and its JSON
    """Keep what the model does not name, and refuse a time without an offset."""
    kind: type = type(value)
    shape = _shape(kind)
    if not shape.known.issuperset(data):
        value.additional_properties = {name: data[name] for name in data if name not in shape.known}
    for name in shape.moments:
        moment = getattr(value, name)
        if moment is not None and moment.tzinfo is None:
            raise msgspec.ValidationError(f"a time without an offset - at `{path}.{name}`")
    for name in shape.models:
        part = getattr(value, name)
        if isinstance(part, list):
            for index, (item, item_data) in enumerate(zip(part, data[name], strict=True)):
                _complete(item, item_data, f"{path}.{name}[{index}]")
        elif part is not None:
            _complete(part, data[name], f"{path}.{name}")

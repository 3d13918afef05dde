"""From a reply to a model, or to the error that says what is wrong with it. Pure.

Replies are decoded straight into the generated models, with every type checked on the way. What the models
do not know stays reachable in their `additional_properties`.
"""

from __future__ import annotations

import functools
import http
from typing import Any, NamedTuple, TypeVar, cast, get_args, get_type_hints

import attrs
import msgspec

from dodo_licenses import _errors
from dodo_licenses._flow import Flow, Reply, Request
from dodo_licenses_api.base import Model

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
    try:
        data = msgspec.json.decode(reply.content)
        result = msgspec.convert(data, model)
        _keep_unnamed(result, data)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `")
        raise _broken(request, reply, path.rstrip("`") or "$", problem) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _broken(request, reply, "$", f"not JSON ({_kind(reply)}): {error}") from None
    return result


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
    """What of a model the decoder leaves to do: names that it drops without a word."""

    known: frozenset[str]
    nested: tuple[str, ...]


@functools.cache
def _shape(model: type) -> _Shape:
    hints = get_type_hints(model)
    nested = (n for n, hint in hints.items() if any(map(_is_model, (hint, *get_args(hint)))))
    return _Shape(frozenset(f.name for f in attrs.fields(model)), tuple(nested))


def _is_model(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Model)


def _keep_unnamed(value: object, data: Any) -> None:  # noqa: ANN401 - any JSON
    """Have models keep what they do not name."""
    if isinstance(value, list) and value and isinstance(value[0], Model):
        known, nested = _shape(cast(type, type(value[0])))
        if nested or not all(map(known.issuperset, data)):
            for item, item_data in zip(value, data, strict=True):
                _keep_unnamed(item, item_data)
    elif isinstance(value, Model):
        known, nested = _shape(cast(type, type(value)))
        if not known.issuperset(data):
            value.keep({name: data[name] for name in data if name not in known})
        for name in nested:
            _keep_unnamed(getattr(value, name), data.get(name))

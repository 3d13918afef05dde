"""What goes out and what comes in: from arguments to a request, from a reply to a model or an error. Pure.

Nothing of what a request carries as a secret is shown by an error, though the server may repeat it.
"""

from __future__ import annotations

import http.client
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import NoneType
from typing import Any, Generic, TypeAlias, TypeVar, cast

import msgspec

from dodo_licenses import _errors
from dodo_licenses._arguments import checked, checked_query, in_query, mapping
from dodo_licenses._decoding import NOT_JSON, decoded
from dodo_licenses._text import redacted, redacted_bytes
from dodo_licenses_api.operations import OPERATIONS, Operation
from dodo_licenses_api.types import UNSET, Unset

T = TypeVar("T")
Secrets: TypeAlias = tuple[str, ...]

_BY_STATUS: dict[int, type[_errors.APIStatusError]] = {
    400: _errors.BadRequestError,
    401: _errors.AuthenticationError,
    403: _errors.PermissionDeniedError,
    404: _errors.NotFoundError,
    409: _errors.ConflictError,
    422: _errors.UnprocessableEntityError,
    429: _errors.RateLimitError,
}
_GONE = {404, 405, 410}
_ENVIRONMENT_MATTERS = {401, 404}
_SERVER_ERRORS = 500
_SUCCESS = range(200, 300)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Generic[T]):
    """One request. Its repr shows only the operation: all else may hold license keys and mail addresses.

    Attributes:
        path: The path, with its parameters filled in.
        body: What is sent as JSON; None where the operation has no body.
        secrets: What must be shown nowhere, should the server repeat it.
    """

    operation: Operation[T]
    path: str = field(repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: Mapping[str, Any] | None = field(default=None, repr=False)
    secrets: Secrets = field(default=(), repr=False)

    @classmethod
    def of(
        cls, operation: Operation[T], arguments: Mapping[str, Any], options: Mapping[str, Any] | None = None
    ) -> Request[T]:
        """Check what a caller passed, and put it where the operation wants it.

        What is UNSET is left out, and so is None, but for a PATCH, which it tells to remove something. Of the
        options of a call, `extra_query` and `extra_body` add what the operation has no parameter for.

        Raises:
            InvalidArgumentError: An argument cannot be right.
        """
        placed: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "body": {}}
        secrets = []
        has_body, removes = False, operation.method == "PATCH"
        for parameter in operation.parameters:
            has_body |= parameter.place == "body"
            value = arguments.get(parameter.name, UNSET)
            is_none = value is None
            if not parameter.required and ((is_none and not removes) or isinstance(value, Unset)):
                continue
            if not (is_none and parameter.nullable):
                value = checked(parameter, value, typed_in=operation.public)
                value = in_query(value) if parameter.place == "query" else value
            placed[parameter.place][parameter.name] = value
            if parameter.secret and value is not None:
                secrets.append(value)
        query, body = _extras(operation, options) if options else ({}, {})
        path = operation.path.format_map(placed["path"])
        return cls(
            operation=operation,
            path=path,
            query={**placed["query"], **query},
            body={**placed["body"], **body} if has_body or body else None,
            secrets=(*secrets, *_taken_for_an_id(path)),
        )

    @property
    def shown_path(self) -> str:
        """The path, for errors."""
        return self.operation.path if _taken_for_an_id(self.path) else self.path

    def __str__(self) -> str:
        return f"{self.operation.method} {self.shown_path}"


def _taken_for_an_id(path: str) -> Secrets:
    """What stands in the place of a license key's id and can be none, but the license key itself."""
    before, _, name = path.rpartition("/")
    return (name,) if before == "/license_keys" and not name.startswith("lic_") else ()


def _extras(
    operation: Operation[Any], options: Mapping[str, Any]
) -> tuple[Mapping[str, str], Mapping[str, Any]]:
    """The query parameters and the fields that a caller adds to what the operation names."""
    query = checked_query(options.get("extra_query"), "extra_query")
    body = mapping("extra_body", options.get("extra_body"))
    parameters = {parameter.name: parameter.place for parameter in operation.parameters}
    if body and parameters and "body" not in parameters.values():
        raise _errors.InvalidArgumentError(f"{operation.id} sends no body to add extra_body to")
    if taken := sorted(parameters.keys() & {*query, *body}):
        raise _errors.InvalidArgumentError(f"{operation.id} has an argument {taken[0]!r}: pass it as that")
    return query, body


def other(method: str, path: str, kind: type[T]) -> Operation[T]:
    """An operation that openapi.yaml does not have.

    Raises:
        InvalidArgumentError: That is no path, or nothing that a reply is read as.
    """
    if not path.startswith("/") or not path.isprintable() or set("?#{}\\ ") & set(path) or ".." in path:
        raise _errors.InvalidArgumentError(
            f"path must be one such as '/payments', not {path[:40]!r}: what follows a ? is extra_query"
        )
    if not _can_be_read(kind):
        raise _errors.InvalidArgumentError(
            f"cast_to must be a model, a dataclass, a TypedDict, dict or httpx.Response, not {kind!r}; "
            f"a model of pydantic's makes itself of a dict: model_validate"
        )
    public = any(
        known.public and (known.method, known.path) == (method, path) for known in OPERATIONS.values()
    )
    model = None if kind is NoneType else kind
    return Operation(
        id=f"{method} {path}",
        method=method,
        path=path,
        public=public,
        repeatable=method in ("GET", "PUT", "DELETE"),
        success=dict.fromkeys(_SUCCESS, model),
    )


def _can_be_read(kind: Any) -> bool:  # noqa: ANN401 - what a caller passed
    try:
        is_custom = isinstance(msgspec.inspect.type_info(kind), msgspec.inspect.CustomType)
    except TypeError:  # a Union of what JSON does not tell apart
        is_custom = True
    return not is_custom or kind is object or kind.__module__.startswith("httpx")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply(Generic[T]):
    """What came back.

    Attributes:
        server: Who answered: `live_mode`, `test_mode` or a base URL.
        as_httpx: Makes of headers and content what httpx makes of a reply, for errors.
        may_have_been_done: Whether this attempt, or an earlier one, may have been carried out in spite of
            the status.
        secrets: What was sent and must be shown nowhere.
    """

    request: Request[T]
    status_code: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    server: str
    as_httpx: Callable[[Mapping[str, str], bytes], Any] = field(repr=False)
    may_have_been_done: bool = False
    secrets: Secrets = field(default=(), repr=False)

    @property
    def is_success(self) -> bool:
        """Whether the server agreed."""
        return self.status_code in _SUCCESS

    def shown(self) -> Any:  # noqa: ANN401 - an httpx.Response
        """The reply as httpx has it, without the secrets that it may repeat."""
        headers = {redacted(n, self.secrets): redacted(v, self.secrets) for n, v in self.headers.items()}
        return self.as_httpx(headers, redacted_bytes(self.content, self.secrets))


def decode(reply: Reply[T]) -> T:
    """The reply as a model.

    Raises:
        APIStatusError: The server refused.
        ResponseValidationError: A field is missing or of the wrong type, the status or the media type is not
            the documented one, or it isn't JSON at all.
    """
    nothing = cast(T, None)  # what T is where there is no model
    operation = reply.request.operation
    if not reply.is_success:
        if reply.status_code == operation.done and reply.may_have_been_done:
            return nothing
        raise refusal(reply)

    def broken(problem: str, where: str = "$") -> _errors.ResponseValidationError:
        problem = redacted(problem, reply.secrets)
        return _errors.ResponseValidationError(
            reply.shown(), operation=operation.id, field=where, problem=problem
        )

    if reply.status_code not in operation.success:
        raise broken(f"{reply.status_code} is not documented as a success")
    model = operation.success[reply.status_code]
    if model is not None and model.__module__.startswith("httpx"):  # what `client.get` may be told to return
        return cast(T, reply.as_httpx(reply.headers, reply.content))
    if not reply.content.strip():
        if model is None:
            return nothing
        raise broken("the body is empty")
    media_type = reply.headers.get("content-type", "").partition(";")[0].strip()
    if media_type.lower() not in ("application/json", ""):
        raise broken(f"not JSON ({media_type})")
    if model is None:
        read(reply.content, object, broken)
        return nothing
    return read(reply.content, model, broken)


def read(content: bytes, model: type[T], broken: Callable[[str, str], Exception]) -> T:
    """What came, as a model; `broken` makes the error of what is wrong and where."""
    try:
        return decoded(content.removeprefix(_BYTE_ORDER_MARK), model)
    except msgspec.ValidationError as error:
        problem, _, path = str(error).partition(" - at `")
        where = path.rstrip("`") or "$"
    except NOT_JSON as error:
        where, problem = "$", f"not JSON: {error}"
    raise broken(problem, where)


def refusal(reply: Reply[Any]) -> _errors.APIStatusError:
    """The error that a reply stands for, whatever its body is."""
    status, request, operation = reply.status_code, reply.request, reply.request.operation
    kind = _BY_STATUS.get(status, _errors.APIStatusError)
    if status >= _SERVER_ERRORS:
        kind = _errors.InternalServerError
    error = kind("", response=reply.shown(), may_have_been_done=reply.may_have_been_done)
    message = _errors.said(error.body, "message")
    in_words = http.client.responses.get(status, "no explanation was given")
    error.message = in_words if message is None else message
    said = f"{status} {error.code}" if error.code is not None else str(status)
    text = f"{request}: {said}: {error.message}"
    if status in _ENVIRONMENT_MATTERS:
        text += f" (asked {reply.server})"
    if status == http.HTTPStatus.NOT_FOUND and _taken_for_an_id(request.path):
        text += "; ids look like lic_123: license_keys.find(key=…) looks a license key up by its own string"
    if status in _GONE and operation.items is not None and operation.successor is not None:
        text += f"; the vendor may have removed {operation.tag}.{operation.name}: use {operation.successor}"
    error.args = (text,)
    return error

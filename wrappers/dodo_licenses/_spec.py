"""Every reply held against openapi.yaml: for the integration tests of those who use this package.

Needs the extra `[spec]`, since Schemathesis does the work.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from importlib import resources
from pathlib import Path

from dodo_licenses._errors import InvalidArgumentError, ResponseValidationError
from dodo_licenses._flow import Reply, Request

try:
    import requests
    import schemathesis
    from schemathesis.core.failures import Failure, FailureGroup
    from schemathesis.specs.openapi.schemas import OpenApiSchema
except ModuleNotFoundError as error:
    raise InvalidArgumentError(
        f'validate_against_spec=True needs {error.name}: pip install "dodo-licenses[spec]"'
    ) from None


def spec_file() -> Path:
    """The spec that this package was generated from, installed with it or in its repository."""
    installed = resources.files("dodo_licenses") / "openapi.yaml"
    if isinstance(installed, Path) and installed.exists():
        return installed
    return Path(__file__).parents[2] / "openapi.yaml"


@functools.cache
def _schema() -> OpenApiSchema:
    schema = schemathesis.openapi.from_path(str(spec_file()))
    assert isinstance(schema, OpenApiSchema)  # noqa: S101 - for the type checker: from_path says less
    return schema


def hold(request: Request, reply: Reply) -> Reply:
    """Hand a reply on as it is.

    Raises:
        ResponseValidationError: The spec has no such status, content type or body for this operation.
    """
    operation = _schema().find_operation_by_id(request.operation)
    documented = operation.responses.find_by_status_code(reply.status_code)
    if documented is None:
        raise _disagreement(request, reply, "$", f"openapi.yaml has no status {reply.status_code} here")
    wanted = list(documented.definition.get("content", {}))
    found = reply.headers.get("Content-Type", "").partition(";")[0].strip()
    if found not in wanted and (wanted or reply.content):
        problem = (
            f"openapi.yaml has {' or '.join(wanted) or 'no body'} here, not {found or 'an unnamed type'}"
        )
        raise _disagreement(request, reply, "$", problem)
    try:
        operation.validate_response(_response(request, reply))
    except (Failure, FailureGroup) as found_wrong:
        first = found_wrong.exceptions[0] if isinstance(found_wrong, FailureGroup) else found_wrong
        path = getattr(first, "instance_path", [])
        field = "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
        raise _disagreement(request, reply, field, first.message.partition("\n")[0] or first.title) from None
    return reply


def _response(request: Request, reply: Reply) -> schemathesis.Response:
    return schemathesis.Response(
        status_code=reply.status_code,
        headers={name.lower(): [value] for name, value in reply.headers.items()},
        content=reply.content,
        request=requests.Request(request.method, "http://server.invalid").prepare(),
        elapsed=0.0,
        verify=True,
    )


def _disagreement(request: Request, reply: Reply, field: str, problem: str) -> ResponseValidationError:
    return ResponseValidationError(
        operation=request.operation,
        field=field,
        problem=problem,
        status_code=reply.status_code,
        body=reply.content,
    )


def held(send: Callable[[Request], Reply]) -> Callable[[Request], Reply]:
    """A sync `send` whose every reply is held against the spec."""
    return lambda request: hold(request, send(request))


def held_async(send: Callable[[Request], Awaitable[Reply]]) -> Callable[[Request], Awaitable[Reply]]:
    """An async `send` whose every reply is held against the spec."""

    async def sent(request: Request) -> Reply:
        return hold(request, await send(request))

    return sent

"""How the mock answers: JSON, and the API's error body."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dodo_licenses.mock.wire import Refusal

Endpoint = Callable[[Request], Awaitable[Response]]


def respond(content: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON reply; an empty one where there is nothing to say."""
    if content is None:
        return Response(status_code=status)
    return Response(json.dumps(content, separators=(",", ":")), status, headers, "application/json")


def refuse(refusal: Refusal) -> Response:
    """The API's error body."""
    return respond({"code": refusal.code, "message": refusal.message}, refusal.status, refusal.headers)


def route(path: str, methods: Mapping[str, Endpoint]) -> Route:
    """A path, as Starlette spells it, and what each of its methods does."""

    async def serve(request: Request) -> Response:
        if request.method not in methods:
            allow = {"Allow": ", ".join(methods)}
            raise Refusal(405, "METHOD_NOT_ALLOWED", "This path doesn't have that method.", allow)
        return await methods[request.method](request)

    made = Route(path, serve)
    made.methods = None  # all of them, so that a refusal is in the API's own words
    return made

"""How the mock answers: JSON, the API's error body, and a route with its methods."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dodo_licenses.mock.rules import Refusal

Endpoint = Callable[[Request], Awaitable[Response]]
Guard = Callable[[Request], None]


def reply(content: object, status: int = 200) -> Response:
    """A JSON reply."""
    return Response(json.dumps(content, separators=(",", ":")), status, media_type="application/json")


def refused(refusal: Refusal) -> Response:
    """The API's error body."""
    response = reply({"code": refusal.code, "message": refusal.message}, refusal.status)
    response.headers.update(refusal.headers)
    return response


def route(path: str, guard: Guard, **methods: Endpoint) -> Route:
    """A path and what each of its methods does.

    Args:
        path: As Starlette spells it.
        guard: Called before the endpoint; refuses who may not.
        **methods: An endpoint for each method, under the method's name.
    """

    async def serve(request: Request) -> Response:
        endpoint = methods.get(request.method)
        if endpoint is None:
            allow = {"Allow": ", ".join(methods)}
            raise Refusal(405, "METHOD_NOT_ALLOWED", "This path doesn't have that method.", allow)
        guard(request)
        return await endpoint(request)

    made = Route(path, serve)
    made.methods = None  # all of them, so that a refusal is in the API's own words
    return made

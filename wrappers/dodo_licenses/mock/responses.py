"""How the mock answers: JSON, and the API's error body."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dodo_licenses.mock.wire import Refusal

Endpoint = Callable[[Request], Awaitable[Response]]


def respond(content: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON reply; an empty one where there is nothing to say."""
    if content is None:
        return Response(None, status, headers)
    return Response(json.dumps(content, separators=(",", ":")), status, headers, "application/json")


def refuse(refusal: Refusal) -> Response:
    """The API's error body."""
    return respond({"code": refusal.code, "message": refusal.message}, refusal.status, refusal.headers)


def routes(endpoints: Iterable[tuple[str, str, Endpoint]]) -> Iterator[Route]:
    """What to do by method and path, as Starlette has it: a path refuses other methods in the API's words."""
    paths: defaultdict[str, dict[str, Endpoint]] = defaultdict(dict)
    for method, path, endpoint in endpoints:
        paths[path][method] = endpoint
    for path, methods in paths.items():
        made = Route(path, partial(_serve, methods))
        made.methods = None  # all of them
        yield made


async def _serve(methods: Mapping[str, Endpoint], request: Request) -> Response:
    if request.method not in methods:
        allow = {"Allow": ", ".join(methods)}
        raise Refusal(405, "METHOD_NOT_ALLOWED", "This path doesn't have that method.", allow)
    return await methods[request.method](request)

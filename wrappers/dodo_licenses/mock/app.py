"""The mock as an ASGI application: its routes, who may use them, and what each reply carries."""

from __future__ import annotations

import hmac
import secrets
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dodo_licenses.mock import validation
from dodo_licenses.mock.control import control
from dodo_licenses.mock.middleware import with_faults
from dodo_licenses.mock.operation import Call, Operation
from dodo_licenses.mock.operations import OPERATIONS
from dodo_licenses.mock.refusal import Refusal
from dodo_licenses.mock.responses import Endpoint, refuse, respond, route
from dodo_licenses.mock.state import Mock


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use what.

    Attributes:
        api_key: The API key that the merchant's operations accept.
        read_only_api_key: One more, that may only read.
        hosts: By which names a browser may reach `/_mock/`, beside those of this machine.
        from_anywhere: Whether other machines may use `/_mock/`.
    """

    api_key: str = field(repr=False)
    read_only_api_key: str | None = field(default=None, repr=False)
    hosts: Collection[str] = ()
    from_anywhere: bool = False

    def check(self, request: Request) -> None:
        """No or a bad key: 401. A key may be read-only: writes answer 403."""
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        bearer = given.strip().encode() if scheme.lower() == "bearer" else b""
        if hmac.compare_digest(bearer, self.api_key.encode()):
            return
        reader = self.read_only_api_key
        if reader is None or not hmac.compare_digest(bearer, reader.encode()):
            raise Refusal(401, "UNAUTHORIZED", "The API key is missing or not valid.")
        if request.method != "GET":
            raise Refusal(403, "FORBIDDEN", "This API key may only read.")


def create_app(mock: Mock, access: Access, *, latency: float = 0.0) -> ASGIApp:
    """The mock as an ASGI application. It publishes no description of itself: the contract is elsewhere.

    Args:
        mock: Its state. Every request is served in the event loop's thread, one at a time.
        access: Who may use it.
        latency: Seconds that each answer takes longer, 0 or more.
    """

    async def refused(_: Request, refusal: Exception) -> Response:
        assert isinstance(refusal, Refusal)  # noqa: S101 - for the type checker
        return refuse(refusal)

    async def unknown_route(_: Request, __: Exception) -> Response:
        return refuse(Refusal(404, "NOT_FOUND", "There is nothing at this path."))

    async def defect(_: Request, __: Exception) -> Response:
        return refuse(Refusal(500, "INTERNAL_SERVER_ERROR", "Something went wrong."))

    app = Starlette(
        routes=[
            *_operations(mock, access),
            *control(mock, hosts=access.hosts, from_anywhere=access.from_anywhere),
        ],
        exception_handlers={Refusal: refused, HTTPException: unknown_route, Exception: defect},
    )
    app.router.redirect_slashes = False
    return _with_headers(with_faults(app, mock, latency))


def _operations(mock: Mock, access: Access) -> Iterator[Route]:
    paths: defaultdict[str, dict[str, Endpoint]] = defaultdict(dict)
    for its in OPERATIONS.values():
        paths[its.path][its.method] = _endpoint(its, mock, access)
    for path, methods in paths.items():
        yield route(path, methods)


def _endpoint(its: Operation, mock: Mock, access: Access) -> Endpoint:
    async def serve(request: Request) -> Response:
        if mock.limiter is not None:
            caller = request.client.host if request.client is not None else ""
            limits = request.state.limits = {
                "x-ratelimit-limit": str(mock.limiter.per_minute),
                "x-ratelimit-remaining": "0",
            }
            remaining = mock.limiter.admit(request.headers.get("authorization", caller))
            limits["x-ratelimit-remaining"] = str(remaining)
        if not its.is_public:
            access.check(request)
        query = validation.query(request.query_params.multi_items(), its.query)
        call = Call(mock.db, request.path_params, {**its.defaults, **query})
        if its.method == "GET":
            return respond(its.handle(call), its.status)
        if its.method != "DELETE":
            content_type = request.headers.get("content-type", "")
            content = await request.body()
            call.body = validation.body(content_type, content, required=its.required, optional=its.optional)
        return respond(mock.carry_out(its.handle, call), its.status)

    return serve


def _with_headers(app: ASGIApp) -> ASGIApp:
    """Give every reply an id to ask support about, and what the rate limit leaves."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = {
                    "x-request-id": f"req_{secrets.token_hex(8)}",
                    **scope.get("state", {}).get("limits", {}),
                }
                encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
                message["headers"] = [*message["headers"], *encoded]
            await send(message)

        await app(scope, receive, send_with_headers)

    return serve

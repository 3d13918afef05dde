"""The mock as an ASGI application: its routes, who may use them, and what each reply carries."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from dodo_licenses.mock import validation
from dodo_licenses.mock.control import control
from dodo_licenses.mock.middleware import LIMITS, around
from dodo_licenses.mock.operations import OPERATIONS, Operation
from dodo_licenses.mock.resource import Record
from dodo_licenses.mock.responses import Endpoint, refuse, respond, routes
from dodo_licenses.mock.state import Mock
from dodo_licenses.mock.wire import Refusal


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use what: the API keys of the merchant's operations, and from where `/_mock/` is reached."""

    api_key: str = field(repr=False)
    read_only_api_key: str | None = field(repr=False)
    host: str  # as good a name as this machine's own
    from_anywhere: bool

    def check(self, request: Request) -> None:
        """No or a bad key: 401. A key may be read-only: writes answer 403."""
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        bearer = given.strip() if scheme.lower() == "bearer" else ""
        if bearer not in (self.api_key, self.read_only_api_key):
            raise Refusal(401, "UNAUTHORIZED", "The API key is missing or not valid.")
        if bearer != self.api_key and request.method != "GET":
            raise Refusal(403, "FORBIDDEN", "This API key may only read.")


def create_app(mock: Mock, access: Access, latency: float) -> ASGIApp:
    """The mock as an ASGI application. It publishes no description of itself: the contract is elsewhere.

    Every request is served in the event loop's thread, one at a time.
    """

    async def refused(_: Request, error: Exception) -> Response:
        if isinstance(error, Refusal):
            return refuse(error)
        if isinstance(error, HTTPException):
            return refuse(Refusal(404, "NOT_FOUND", "There is nothing at this path."))
        return refuse(Refusal(500, "INTERNAL_SERVER_ERROR", "Something went wrong."))

    endpoints = [(its.method, its.path, _endpoint(its, mock, access)) for its in OPERATIONS.values()]
    endpoints += control(mock, access.host, from_anywhere=access.from_anywhere)
    handlers = dict.fromkeys((Refusal, HTTPException, Exception), refused)
    app = Starlette(routes=list(routes(endpoints)), exception_handlers=handlers)
    app.router.redirect_slashes = False
    return around(app, mock, latency)


def _endpoint(its: Operation, mock: Mock, access: Access) -> Endpoint:
    async def serve(request: Request) -> Response:
        if mock.limiter is not None:
            limits = {"x-ratelimit-limit": str(mock.limiter.per_minute), "x-ratelimit-remaining": "0"}
            request.scope["state"][LIMITS] = limits
            caller = request.headers.get("authorization", request.scope["client"][0])
            limits["x-ratelimit-remaining"] = str(mock.limiter.admit(caller))
        if not its.is_public:
            access.check(request)
        query = validation.query(request.query_params.multi_items(), its.query)
        body: Record = {}
        if its.method in ("POST", "PATCH"):
            content_type = request.headers.get("content-type", "")
            data = validation.json_of(content_type, await request.body())
            body = validation.fields(data, its.required, its.optional)
        handle = partial(its.handle, mock.db, **request.path_params, **query, **body)
        return respond(handle() if its.method == "GET" else mock.change(handle), its.status)

    return serve

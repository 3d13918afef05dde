"""The ten operations over HTTP: who may ask, what may be asked, and the API's own error bodies."""

from __future__ import annotations

import hmac
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dodo_licenses.mock import bodies
from dodo_licenses.mock.bodies import INT32_MAX, PAGE, PAGE_DEFAULTS
from dodo_licenses.mock.limits import Limiter
from dodo_licenses.mock.rules import Refusal
from dodo_licenses.mock.store import Store

_LIMIT = bodies.or_null(bodies.whole_number(0, INT32_MAX))
_EXPIRY = bodies.or_null(bodies.moment)
_KEY_FILTERS = {
    **PAGE,
    "customer_id": bodies.text,
    "product_id": bodies.text,
    "status": bodies.one_of("active", "expired", "disabled"),
    "source": bodies.one_of("auto", "import", "manual"),
    "created_at_gte": bodies.moment,
    "created_at_lte": bodies.moment,
}
_INSTANCE_FILTERS = {**PAGE, "license_key_id": bodies.text, "grant_id": bodies.text}
_METHOD_NOT_ALLOWED = 405
_UNKNOWN_ROUTES = {
    404: ("NOT_FOUND", "There is nothing at this path."),
    _METHOD_NOT_ALLOWED: ("METHOD_NOT_ALLOWED", "This path doesn't have that method."),
}


@dataclass(frozen=True, slots=True)
class Access:
    """The API keys that the merchant's operations accept."""

    api_key: str = field(repr=False)
    read_only_api_key: str | None = field(default=None, repr=False)

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


def reply(content: object, status: int = 200) -> Response:
    """A JSON reply."""
    return Response(json.dumps(content, separators=(",", ":")), status, media_type="application/json")


def refused(refusal: Refusal) -> Response:
    """The API's error body."""
    response = reply({"code": refusal.code, "message": refusal.message}, refusal.status)
    response.headers.update(refusal.headers)
    return response


async def _body(request: Request, **checks: Any) -> dict[str, Any]:
    content = await request.body()
    return bodies.body(request.headers.get("content-type", ""), content, **checks)


def _page(request: Request, filters: dict[str, bodies.Check]) -> dict[str, Any]:
    return {**PAGE_DEFAULTS, **bodies.query(request.query_params.multi_items(), filters)}


def license_keys(store: Store) -> APIRouter:
    """The keys a merchant has sold or imported."""
    router = APIRouter(prefix="/license_keys")

    @router.get("")
    async def list_license_keys(request: Request) -> Response:
        return reply({"items": store.list_license_keys(_page(request, _KEY_FILTERS))})

    @router.post("")
    async def create_license_key(request: Request) -> Response:
        required = {"customer_id": bodies.text, "key": bodies.filled_text, "product_id": bodies.text}
        optional = {"activations_limit": _LIMIT, "expires_at": _EXPIRY}
        return reply(
            store.create_license_key(await _body(request, required=required, optional=optional)), 201
        )

    @router.get("/{id}")
    async def retrieve_license_key(id: str) -> Response:
        return reply(store.retrieve_license_key(id))

    @router.patch("/{id}")
    async def update_license_key(request: Request, id: str) -> Response:
        optional = {
            "activations_limit": _LIMIT,
            "disabled": bodies.true_or_false,
            "expires_at": _EXPIRY,
        }
        return reply(store.update_license_key(id, await _body(request, required={}, optional=optional)))

    return router


def license_key_instances(store: Store) -> APIRouter:
    """The activations of a license key."""
    router = APIRouter(prefix="/license_key_instances")

    @router.get("")
    async def list_license_key_instances(request: Request) -> Response:
        return reply({"items": store.list_instances(_page(request, _INSTANCE_FILTERS))})

    @router.get("/{id}")
    async def retrieve_license_key_instance(id: str) -> Response:
        return reply(store.retrieve_instance(id))

    @router.patch("/{id}")
    async def update_license_key_instance(request: Request, id: str) -> Response:
        return reply(store.update_instance(id, await _body(request, required={"name": bodies.text})))

    return router


def licenses(store: Store) -> APIRouter:
    """The public operations: no API key is asked for."""
    router = APIRouter(prefix="/licenses")

    @router.post("/activate")
    async def activate_license(request: Request) -> Response:
        required = {"license_key": bodies.text, "name": bodies.text}
        return reply(store.activate(await _body(request, required=required)), 201)

    @router.post("/validate")
    async def validate_license(request: Request) -> Response:
        optional = {"license_key_instance_id": bodies.or_null(bodies.text)}
        body = await _body(request, required={"license_key": bodies.text}, optional=optional)
        return reply({"valid": store.validate(body)})

    @router.post("/deactivate")
    async def deactivate_license(request: Request) -> Response:
        required = {"license_key": bodies.text, "license_key_instance_id": bodies.text}
        store.deactivate(await _body(request, required=required))
        return Response(status_code=200)

    return router


def _methods_at(path: str) -> list[str]:
    """What a path allows; the framework names the methods of the first route only."""
    _, resource, *below = path.split("/")
    if resource == "licenses":
        return ["POST"]
    if resource == "license_keys" and not below:
        return ["GET", "POST"]
    return ["GET", "PATCH"] if below else ["GET"]


def create_app(store: Store, access: Access, limiter: Limiter | None = None) -> ASGIApp:
    """The mock as an ASGI application. It publishes no description of itself: the contract is elsewhere.

    Args:
        store: Its state. Every request is served in the event loop's thread, one at a time.
        access: The API keys it accepts.
        limiter: Refuses what goes beyond the rate limit; None lets everything pass.
    """
    app = FastAPI(openapi_url=None)

    async def merchant_only(request: Request) -> None:
        access.check(request)

    async def in_turn(request: Request) -> None:
        if limiter is not None:
            caller = request.client.host if request.client is not None else ""
            request.state.remaining = limiter.admit(request.headers.get("authorization", caller))

    turn, merchant = Depends(in_turn), Depends(merchant_only)
    for router in (license_keys(store), license_key_instances(store)):
        app.include_router(router, dependencies=[turn, merchant])
    app.include_router(licenses(store), dependencies=[turn])

    @app.exception_handler(Refusal)
    async def refuse(_: Request, refusal: Refusal) -> Response:
        return refused(refusal)

    @app.exception_handler(HTTPException)
    async def unknown_route(request: Request, error: HTTPException) -> Response:
        status = error.status_code
        code, message = _UNKNOWN_ROUTES.get(status, ("BAD_REQUEST", error.detail))
        allow = {"Allow": ", ".join(_methods_at(request.url.path))} if status == _METHOD_NOT_ALLOWED else {}
        return refused(Refusal(status, code, message, allow))

    @app.exception_handler(Exception)
    async def fault(_: Request, __: Exception) -> Response:
        return refused(Refusal(500, "INTERNAL_SERVER_ERROR", "Something went wrong."))

    return _with_headers(app)


def _with_headers(app: ASGIApp) -> ASGIApp:
    """Give every reply an id to ask support about, and what the rate limit leaves."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message["headers"], (b"x-request-id", f"req_{secrets.token_hex(8)}".encode())]
                if "remaining" in scope.get("state", {}):
                    headers.append((b"x-ratelimit-remaining", str(scope["state"]["remaining"]).encode()))
                message["headers"] = headers
            await send(message)

        await app(scope, receive, send_with_headers)

    return serve

"""The ten operations over HTTP: who may ask, what may be asked, and the API's own error bodies."""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from starlette.exceptions import HTTPException

from dodo_licenses.mock import bodies
from dodo_licenses.mock.bodies import INT32_MAX, PAGE, PAGE_DEFAULTS
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
_UNKNOWN_ROUTES = {
    404: ("NOT_FOUND", "There is nothing at this path."),
    405: ("METHOD_NOT_ALLOWED", "This path doesn't have that method."),
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
    return reply({"code": refusal.code, "message": refusal.message}, refusal.status)


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
        return reply(store.update_instance(id, await _body(request, required={"name": bodies.filled_text})))

    return router


def licenses(store: Store) -> APIRouter:
    """The public operations: no API key is asked for."""
    router = APIRouter(prefix="/licenses")

    @router.post("/activate")
    async def activate_license(request: Request) -> Response:
        required = {"license_key": bodies.text, "name": bodies.filled_text}
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


def create_app(store: Store, access: Access) -> FastAPI:
    """The mock as an ASGI application. It publishes no description of itself: the contract is elsewhere.

    Args:
        store: Its state. Every request is served in the event loop's thread, one at a time.
        access: The API keys it accepts.
    """
    app = FastAPI(openapi_url=None)

    async def merchant_only(request: Request) -> None:
        access.check(request)

    for router in (license_keys(store), license_key_instances(store)):
        app.include_router(router, dependencies=[Depends(merchant_only)])
    app.include_router(licenses(store))

    @app.exception_handler(Refusal)
    async def refuse(_: Request, refusal: Refusal) -> Response:
        return refused(refusal)

    @app.exception_handler(HTTPException)
    async def unknown_route(_: Request, error: HTTPException) -> Response:
        code, message = _UNKNOWN_ROUTES.get(error.status_code, ("BAD_REQUEST", error.detail))
        response = refused(Refusal(error.status_code, code, message))
        response.headers.update(error.headers or {})
        return response

    @app.middleware("http")
    async def request_id(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        try:
            response = await call_next(request)
        except Exception:  # noqa: BLE001 - whatever it is, the client gets the API's own body
            response = refused(Refusal(500, "INTERNAL_SERVER_ERROR", "Something went wrong."))
        response.headers["x-request-id"] = f"req_{secrets.token_hex(8)}"
        return response

    return app

"""The ten operations over HTTP: who may ask, what may be asked, and the API's own error bodies."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dodo_licenses.mock import bodies
from dodo_licenses.mock.bodies import INT32_MAX, PAGE, PAGE_DEFAULTS
from dodo_licenses.mock.control import control
from dodo_licenses.mock.replies import Guard, refused, reply, route
from dodo_licenses.mock.rules import Refusal
from dodo_licenses.mock.state import Mock
from dodo_licenses.mock.trouble import with_trouble

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


async def _body(request: Request, **checks: Any) -> dict[str, Any]:
    content = await request.body()
    return bodies.body(request.headers.get("content-type", ""), content, **checks)


def _page(request: Request, filters: dict[str, bodies.Check]) -> dict[str, Any]:
    return {**PAGE_DEFAULTS, **bodies.query(request.query_params.multi_items(), filters)}


def license_keys(mock: Mock, guard: Guard) -> list[Route]:
    """The keys a merchant has sold or imported."""
    store = mock.store

    async def list_license_keys(request: Request) -> Response:
        return reply({"items": store.list_license_keys(_page(request, _KEY_FILTERS))})

    async def create_license_key(request: Request) -> Response:
        required = {"customer_id": bodies.text, "key": bodies.filled_text, "product_id": bodies.text}
        optional = {"activations_limit": _LIMIT, "expires_at": _EXPIRY}
        made = store.create_license_key(await _body(request, required=required, optional=optional))
        mock.announce(made)
        return reply(made, 201)

    async def retrieve_license_key(request: Request) -> Response:
        return reply(store.retrieve_license_key(request.path_params["id"]))

    async def update_license_key(request: Request) -> Response:
        optional = {
            "activations_limit": _LIMIT,
            "disabled": bodies.true_or_false,
            "expires_at": _EXPIRY,
        }
        body = await _body(request, required={}, optional=optional)
        return reply(store.update_license_key(request.path_params["id"], body))

    return [
        route("/license_keys", guard, GET=list_license_keys, POST=create_license_key),
        route("/license_keys/{id}", guard, GET=retrieve_license_key, PATCH=update_license_key),
    ]


def license_key_instances(mock: Mock, guard: Guard) -> list[Route]:
    """The activations of a license key."""
    store = mock.store

    async def list_license_key_instances(request: Request) -> Response:
        return reply({"items": store.list_instances(_page(request, _INSTANCE_FILTERS))})

    async def retrieve_license_key_instance(request: Request) -> Response:
        return reply(store.retrieve_instance(request.path_params["id"]))

    async def update_license_key_instance(request: Request) -> Response:
        body = await _body(request, required={"name": bodies.text})
        return reply(store.update_instance(request.path_params["id"], body))

    return [
        route("/license_key_instances", guard, GET=list_license_key_instances),
        route(
            "/license_key_instances/{id}",
            guard,
            GET=retrieve_license_key_instance,
            PATCH=update_license_key_instance,
        ),
    ]


def licenses(mock: Mock, guard: Guard) -> list[Route]:
    """The public operations: no API key is asked for."""
    store = mock.store

    async def activate_license(request: Request) -> Response:
        required = {"license_key": bodies.text, "name": bodies.text}
        return reply(store.activate(await _body(request, required=required)), 201)

    async def validate_license(request: Request) -> Response:
        optional = {"license_key_instance_id": bodies.or_null(bodies.text)}
        body = await _body(request, required={"license_key": bodies.text}, optional=optional)
        return reply({"valid": store.validate(body)})

    async def deactivate_license(request: Request) -> Response:
        required = {"license_key": bodies.text, "license_key_instance_id": bodies.text}
        store.deactivate(await _body(request, required=required))
        return Response(status_code=200)

    return [
        route("/licenses/activate", guard, POST=activate_license),
        route("/licenses/validate", guard, POST=validate_license),
        route("/licenses/deactivate", guard, POST=deactivate_license),
    ]


def create_app(
    mock: Mock, access: Access, *, latency: float = 0.0, control_from_anywhere: bool = False
) -> ASGIApp:
    """The mock as an ASGI application. It publishes no description of itself: the contract is elsewhere.

    Args:
        mock: Its state. Every request is served in the event loop's thread, one at a time.
        access: The API keys it accepts.
        latency: Seconds that each answer takes longer, 0 or more.
        control_from_anywhere: Whether other machines may use `/_mock/`.
    """

    def public(request: Request) -> None:
        if mock.limiter is not None:
            caller = request.client.host if request.client is not None else ""
            request.state.remaining = mock.limiter.admit(request.headers.get("authorization", caller))

    def merchant_only(request: Request) -> None:
        public(request)
        access.check(request)

    async def refuse(_: Request, refusal: Exception) -> Response:
        assert isinstance(refusal, Refusal)  # noqa: S101 - for the type checker
        return refused(refusal)

    async def unknown_route(_: Request, __: Exception) -> Response:
        return refused(Refusal(404, "NOT_FOUND", "There is nothing at this path."))

    async def defect(_: Request, __: Exception) -> Response:
        return refused(Refusal(500, "INTERNAL_SERVER_ERROR", "Something went wrong."))

    app = Starlette(
        routes=[
            *license_keys(mock, merchant_only),
            *license_key_instances(mock, merchant_only),
            *licenses(mock, public),
            *control(mock, from_anywhere=control_from_anywhere),
        ],
        exception_handlers={Refusal: refuse, HTTPException: unknown_route, Exception: defect},
    )
    app.router.redirect_slashes = False
    return _with_headers(with_trouble(app, mock, latency))


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

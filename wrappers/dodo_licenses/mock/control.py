"""`/_mock/`: what the mock does beside being the API, as plain JSON for any language; see docs/mock.md."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dodo_licenses.mock import bodies
from dodo_licenses.mock.faults import Fault
from dodo_licenses.mock.limits import Limiter
from dodo_licenses.mock.replies import Endpoint, reply, route
from dodo_licenses.mock.rules import Refusal
from dodo_licenses.mock.state import Mock

_UNITS = ("days", "hours", "minutes", "seconds")
Answer = Callable[[Request], Awaitable[object]]


async def _object(request: Request, **checks: bodies.Check) -> dict[str, Any]:
    """The body's known fields; an empty body is an empty object, an unknown field an error."""
    content = await request.body() or b"{}"
    found = bodies.body("application/json", content, required={}, optional=checks)
    unknown = sorted(set(json.loads(content)) - set(checks))
    if unknown:
        raise Refusal(
            422, "INVALID_REQUEST_BODY", f"unknown: {', '.join(unknown)}; known: {', '.join(checks)}"
        )
    return found


def _any(_: str, value: Any) -> Any:
    return value


def is_loopback(host: str | None) -> bool:
    """Whether a peer is this machine."""
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def control(mock: Mock, *, from_anywhere: bool) -> list[Route]:
    """The routes under `/_mock/`.

    Args:
        mock: What they control.
        from_anywhere: Whether other machines may use them.
    """

    def guard(request: Request) -> None:
        peer = request.client.host if request.client is not None else None
        if not from_anywhere and not is_loopback(peer):
            raise Refusal(403, "FORBIDDEN", "Only this machine may use /_mock/.")

    answers = {**_state(mock), **_time(mock), **_trouble(mock), **_webhooks(mock)}
    return [
        route(f"/_mock{path}", guard, **{method: _endpoint(answer) for method, answer in methods.items()})
        for path, methods in answers.items()
    ]


def _endpoint(answer: Answer) -> Endpoint:
    async def serve(request: Request) -> Response:
        try:
            return reply(await answer(request))
        except (ValueError, OverflowError) as error:
            raise Refusal(422, "INVALID_REQUEST_BODY", str(error)) from None

    return serve


def _state(mock: Mock) -> Mapping[str, Mapping[str, Answer]]:
    async def show(_: Request) -> object:
        return mock.summary()

    async def reset(_: Request) -> object:
        mock.reset()
        return mock.summary()

    async def load(request: Request) -> object:
        try:
            state = json.loads(await request.body())
        except (ValueError, RecursionError):
            raise Refusal(400, "INVALID_REQUEST_BODY", "The body is not valid JSON.") from None
        mock.load(state)
        return mock.summary()

    async def dump(_: Request) -> object:
        return mock.dump()

    async def snapshots(_: Request) -> object:
        return {"snapshots": mock.store.snapshots}

    async def save(request: Request) -> object:
        mock.store.save(request.path_params["name"])
        return {"snapshots": mock.store.snapshots}

    async def restore(request: Request) -> object:
        name = request.path_params["name"]
        try:
            mock.store.restore(name)
        except KeyError:
            raise Refusal(404, "NOT_FOUND", f"There is no snapshot {name!r}.") from None
        return mock.summary()

    return {
        "": {"GET": show},
        "/": {"GET": show},
        "/reset": {"POST": reset},
        "/load": {"POST": load},
        "/dump": {"GET": dump},
        "/snapshots": {"GET": snapshots},
        "/snapshots/{name}": {"POST": save},
        "/snapshots/{name}/restore": {"POST": restore},
    }


def _time(mock: Mock) -> Mapping[str, Mapping[str, Answer]]:
    async def show(_: Request) -> object:
        return mock.time()

    async def move(request: Request) -> object:
        asked = await _object(request, freeze=_any, advance=_any)
        freeze, advance = asked.get("freeze"), asked.get("advance", {})
        if not isinstance(advance, dict) or set(advance) - set(_UNITS):
            raise ValueError(f"advance must be an object with some of {', '.join(_UNITS)}")
        if not all(isinstance(v, int | float) and not isinstance(v, bool) for v in advance.values()):
            raise ValueError("advance must hold numbers")
        if isinstance(freeze, str):
            mock.clock.freeze(bodies.moment("freeze", freeze))
        elif freeze is True:
            mock.clock.freeze()
        elif freeze is False:
            mock.clock.run()
        elif freeze is not None:
            raise ValueError("freeze must be true, false or a date-time")
        mock.clock.advance(timedelta(**advance))
        return mock.time()

    return {
        "/clock": {"GET": show, "POST": move},
    }


def _trouble(mock: Mock) -> Mapping[str, Mapping[str, Answer]]:
    async def waiting(_: Request) -> object:
        return {"faults": [asdict(fault) for fault in mock.faults]}

    async def add(request: Request) -> object:
        names = ("kind", "operation", "times", "probability", "after", "status", "body", "headers")
        mock.faults.add(Fault(**await _object(request, **dict.fromkeys(names, _any))))
        return await waiting(request)

    async def clear(request: Request) -> object:
        mock.faults.clear()
        return await waiting(request)

    async def requests(_: Request) -> object:
        return {"requests": list(mock.requests)}

    async def forget(request: Request) -> object:
        mock.requests.clear()
        return await requests(request)

    async def limit(request: Request) -> object:
        some = bodies.whole_number(1, bodies.INT32_MAX)
        asked = await _object(request, enabled=bodies.true_or_false, per_minute=some, per_second=some)
        enabled = asked.pop("enabled", True)
        mock.limiter = Limiter(**asked) if enabled else None
        return {"enabled": enabled, **asked}

    return {
        "/faults": {"GET": waiting, "POST": add, "DELETE": clear},
        "/requests": {"GET": requests, "DELETE": forget},
        "/rate-limit": {"POST": limit},
    }


def _webhooks(mock: Mock) -> Mapping[str, Mapping[str, Answer]]:
    async def trigger(request: Request) -> object:
        asked = await _object(request, license_key_id=bodies.filled_text)
        if "license_key_id" not in asked:
            raise ValueError("license_key_id is missing")
        if not mock.has_webhooks:
            raise ValueError("the mock was started without a webhook's address: --webhook-url")
        mock.announce(mock.store.retrieve_license_key(asked["license_key_id"]))
        return {"webhooks": mock.deliveries()}

    async def sent(_: Request) -> object:
        return {"webhooks": mock.deliveries()}

    return {"/webhooks": {"POST": trigger, "GET": sent}}

"""`/_mock/`: what the mock does beside being the API, as plain JSON for any language; see docs/mock.md."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import asdict, fields
from datetime import timedelta
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dodo_licenses.mock import life_cycle, validation
from dodo_licenses.mock.faults import Fault
from dodo_licenses.mock.limits import Limiter
from dodo_licenses.mock.refusal import Refusal
from dodo_licenses.mock.resource import Record
from dodo_licenses.mock.resources import GRANTS, LICENSE_KEYS
from dodo_licenses.mock.responses import Endpoint, respond, route
from dodo_licenses.mock.state import Mock
from dodo_licenses.mock.validation import Check, anything, filled_text, one_of, text, true_or_false

_UNITS = ("days", "hours", "minutes", "seconds")
_MOST_UNITS = 1_000  # of one purchase
_LOCAL_NAME = "localhost"
Answer = Callable[[Request], Awaitable[object]]
Answers = Mapping[str, Mapping[str, Answer]]


def is_loopback(host: str | None) -> bool:
    """Whether an address or a name is this machine's own."""
    if host == _LOCAL_NAME:
        return True
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _host_of(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def control(mock: Mock, *, hosts: Collection[str], from_anywhere: bool) -> list[Route]:
    """The routes under `/_mock/`.

    They ask for no API key, so they are kept from others: from other machines by the address of the peer, and
    from web pages in a browser on this one by the names in Host and Origin.

    Args:
        mock: What they control.
        hosts: Names that are as good as this machine's own.
        from_anywhere: Whether other machines may use them, under any name.
    """

    def is_ours(host: str | None) -> bool:
        return is_loopback(host) or host in hosts

    def guard(request: Request) -> None:
        peer = request.client.host if request.client is not None else None
        host = _host_of(f"//{request.headers.get('host', '')}")
        if not from_anywhere and not (is_loopback(peer) and is_ours(host)):
            raise Refusal(403, "FORBIDDEN", "Only this machine may use /_mock/, by a name of its own.")
        origin = request.headers.get("origin")
        if origin is not None and not is_ours(_host_of(origin)):
            raise Refusal(403, "FORBIDDEN", "Pages of other sites may not use /_mock/.")

    def endpoint(answer: Answer) -> Endpoint:
        async def serve(request: Request) -> Response:
            guard(request)
            try:
                return respond(await answer(request))
            except (ValueError, OverflowError) as error:
                raise Refusal(422, "INVALID_REQUEST_BODY", str(error)) from None

        return serve

    answers = {**_state(mock), **_time(mock), **_trouble(mock), **_webhooks(mock), **_sales(mock)}
    return [
        route(f"/_mock{path}", {method: endpoint(answer) for method, answer in methods.items()})
        for path, methods in answers.items()
    ]


async def _object(request: Request, required: Mapping[str, Check], **optional: Check) -> Record:
    """The body's fields; an empty body is an empty object, an unknown field an error."""
    content = await request.body()
    content_type = request.headers.get("content-type", "") if content else "application/json"
    content = content or b"{}"
    found = validation.body(content_type, content, required=required, optional=optional)
    known = {**required, **optional}
    unknown = sorted(validation.json_of(content_type, content).keys() - known.keys())
    if unknown:
        raise ValueError(f"unknown: {', '.join(unknown)}; known: {', '.join(known)}")
    return found


def _state(mock: Mock) -> Answers:
    async def show(_: Request) -> object:
        return mock.summary()

    async def reset(_: Request) -> object:
        mock.reset()
        return mock.summary()

    async def load(request: Request) -> object:
        content_type = request.headers.get("content-type", "")
        mock.db.load(validation.json_of(content_type, await request.body()))
        return mock.summary()

    async def dump(_: Request) -> object:
        return mock.db.dump()

    async def snapshots(_: Request) -> object:
        return {"snapshots": mock.db.snapshots}

    async def save(request: Request) -> object:
        mock.db.save(request.path_params["name"])
        return {"snapshots": mock.db.snapshots}

    async def restore(request: Request) -> object:
        name = request.path_params["name"]
        try:
            mock.db.restore(name)
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


def _time(mock: Mock) -> Answers:
    async def show(_: Request) -> object:
        return mock.time()

    async def move(request: Request) -> object:
        asked = await _object(request, {}, freeze=anything, advance=anything)
        freeze, advance = asked.get("freeze"), asked.get("advance", {})
        if not isinstance(advance, dict) or set(advance) - set(_UNITS):
            raise ValueError(f"advance must be an object with some of {', '.join(_UNITS)}")
        if not all(isinstance(v, int | float) and not isinstance(v, bool) for v in advance.values()):
            raise ValueError("advance must hold numbers")
        by = timedelta(**advance)
        if isinstance(freeze, str):
            mock.clock.freeze(validation.moment("freeze", freeze))
        elif freeze is True:
            mock.clock.freeze()
        elif freeze is False:
            mock.clock.run()
        elif freeze is not None:
            raise ValueError("freeze must be true, false or a date-time")
        mock.clock.advance(by)
        return mock.time()

    return {"/clock": {"GET": show, "POST": move}}


def _trouble(mock: Mock) -> Answers:
    async def waiting(_: Request) -> object:
        return {"faults": [asdict(fault) for fault in mock.faults]}

    async def add(request: Request) -> object:
        names = {field.name: anything for field in fields(Fault)}
        mock.faults.add(Fault(**await _object(request, {}, **names)))
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
        some = validation.whole_number(1, validation.INT32_MAX)
        asked = await _object(request, {}, enabled=true_or_false, per_minute=some, per_second=some)
        enabled = asked.pop("enabled", True)
        mock.limiter = Limiter(**asked) if enabled else None
        return {"enabled": enabled, **asked}

    return {
        "/faults": {"GET": waiting, "POST": add, "DELETE": clear},
        "/requests": {"GET": requests, "DELETE": forget},
        "/rate-limit": {"POST": limit},
    }


def _webhooks(mock: Mock) -> Answers:
    async def trigger(request: Request) -> object:
        asked = await _object(request, {}, license_key_id=filled_text, grant_id=filled_text)
        if len(asked) != 1:
            raise ValueError("give license_key_id or grant_id")
        if mock.webhooks is None:
            raise ValueError("the mock was started without a webhook's address: --webhook-url")
        if "license_key_id" in asked:
            key = mock.db.get(LICENSE_KEYS, asked["license_key_id"])
            mock.announce("license_key.created", LICENSE_KEYS, key["id"])
        else:
            grant = mock.db.get(GRANTS, asked["grant_id"])
            what = "created" if grant["status"] == "Pending" else grant["status"].lower()
            mock.announce(f"entitlement_grant.{what}", GRANTS, grant["id"])
        return await sent(request)

    async def sent(_: Request) -> object:
        return {"webhooks": mock.deliveries()}

    return {"/webhooks": {"POST": trigger, "GET": sent}}


def _sales(mock: Mock) -> Answers:
    async def purchase(request: Request) -> object:
        asked = await _object(
            request,
            {"customer_id": filled_text, "product_id": filled_text},
            quantity=validation.whole_number(1, _MOST_UNITS),
            subscription=true_or_false,
        )
        return mock.purchase(**asked)

    async def happen(request: Request) -> object:
        asked = await _object(
            request,
            {"type": one_of(*life_cycle.REASONS)},
            subscription_id=filled_text,
            payment_id=filled_text,
        )
        return {"grants": mock.happen(**asked)}

    async def settle(request: Request) -> object:
        asked = await _object(
            request,
            {"status": one_of("Delivered", "Failed", ignoring_case=True)},
            error_code=text,
            error_message=text,
        )
        return mock.settle(request.path_params["id"], **asked)

    return {
        "/purchases": {"POST": purchase},
        "/events": {"POST": happen},
        "/grants/{id}": {"POST": settle},
    }

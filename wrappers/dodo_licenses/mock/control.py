"""`/_mock/`: what the mock does beside being the API, as plain JSON for any language; see docs/mock.md."""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dodo_licenses.mock import life_cycle, validation
from dodo_licenses.mock.faults import CHECKS, Fault
from dodo_licenses.mock.limits import Limiter
from dodo_licenses.mock.refusal import Refusal
from dodo_licenses.mock.resources import GRANTS, LICENSE_KEYS
from dodo_licenses.mock.responses import Endpoint, respond, route
from dodo_licenses.mock.state import Mock
from dodo_licenses.mock.validation import Check, anything, filled_text, true_or_false, whole_number

_UNITS = ("days", "hours", "minutes", "seconds")
_SOME = whole_number(1, validation.INT32_MAX)
_MOST_UNITS = 1_000  # of one purchase
Handler = Callable[..., Any]  # gets the mock, and what is in the path and in the body by name
_HANDLERS: defaultdict[str, dict[str, tuple[Handler, Mapping[str, Check] | None]]] = defaultdict(dict)


def is_loopback(host: str | None) -> bool:
    """Whether an address or a name is this machine's own."""
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return host == "localhost"
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _host_of(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def control(mock: Mock, own: str, *, from_anywhere: bool) -> list[Route]:
    """The routes under `/_mock/`, which ask for no API key.

    So they are kept from other machines, by the peer's address, unless they may be used from anywhere; and
    from web pages, by the names in Host and Origin: those of this machine, and the mock's own.
    """

    def is_ours(url: str) -> bool:
        host = _host_of(url)
        return is_loopback(host) or host == own.lower()

    def guard(request: Request) -> None:
        peer = request.client.host if request.client is not None else None
        host = f"//{request.headers.get('host', '')}"
        if not from_anywhere and not (is_loopback(peer) and is_ours(host)):
            raise Refusal(403, "FORBIDDEN", "Only this machine may use /_mock/, by a name of its own.")
        if not is_ours(request.headers.get("origin", "//localhost")):
            raise Refusal(403, "FORBIDDEN", "Pages of other sites may not use /_mock/.")

    def endpoint(handle: Handler, checks: Mapping[str, Check] | None) -> Endpoint:
        async def serve(request: Request) -> Response:
            guard(request)
            try:
                return respond(handle(mock, **request.path_params, **await _asked(request, checks)))
            except (ValueError, OverflowError) as error:
                raise Refusal(422, "INVALID_REQUEST_BODY", str(error)) from None

        return serve

    return [
        route(f"/_mock{path}", {method: endpoint(*its) for method, its in methods.items()})
        for path, methods in _HANDLERS.items()
    ]


async def _asked(request: Request, checks: Mapping[str, Check] | None) -> dict[str, Any]:
    """The body's fields; an empty body is an empty object, an unknown field an error."""
    content = await request.body()
    data = validation.json_of(request.headers.get("content-type", ""), content) if content else {}
    if checks is None:
        return {"state": data}
    found = validation.fields(data, {}, checks)
    unknown = sorted(data.keys() - checks.keys())
    if unknown:
        raise ValueError(f"unknown: {', '.join(unknown)}; known: {', '.join(checks) or 'nothing'}")
    return found


def _on(method: str, path: str, **checks: Check) -> Callable[[Handler], Handler]:
    """Make a function answer a request; the fields of its body have checks."""

    def register(handle: Handler) -> Handler:
        _HANDLERS[path][method] = (handle, None if path == "/load" else checks)
        return handle

    return register


def _faults(mock: Mock) -> object:
    return {"faults": [asdict(fault) for fault in mock.faults.waiting]}


def _sent(mock: Mock) -> object:
    return {"webhooks": [] if mock.webhooks is None else mock.webhooks.deliveries}


_on("GET", "")(Mock.summary)
_on("GET", "/")(Mock.summary)
_on("GET", "/clock")(Mock.time)
_on("GET", "/dump")(lambda mock: mock.db.dump())
_on("GET", "/faults")(_faults)
_on("GET", "/requests")(lambda mock: {"requests": list(mock.requests)})
_on("GET", "/snapshots")(lambda mock: {"snapshots": mock.db.snapshots})
_on("GET", "/webhooks")(_sent)


@_on("POST", "/reset")
def _reset(mock: Mock) -> object:
    mock.reset()
    return mock.summary()


@_on("POST", "/load")
def _load(mock: Mock, state: Any) -> object:
    mock.db.load(state)
    return mock.summary()


@_on("POST", "/snapshots/{name}")
def _save(mock: Mock, name: str) -> object:
    mock.db.save(name)
    return {"snapshots": mock.db.snapshots}


@_on("POST", "/snapshots/{name}/restore")
def _restore(mock: Mock, name: str) -> object:
    mock.db.restore(name)
    return mock.summary()


@_on("POST", "/clock", freeze=anything, advance=validation.an_object)
def _move(mock: Mock, freeze: Any = None, advance: Mapping[str, Any] = validation.NOTHING) -> object:
    are_numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in advance.values())
    if set(advance) - set(_UNITS) or not are_numbers:
        raise ValueError(f"advance must be an object with numbers of {', '.join(_UNITS)}")
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


@_on("POST", "/faults", **CHECKS)
def _fault(mock: Mock, **asked: Any) -> object:
    mock.faults.waiting.append(Fault(**asked))
    return _faults(mock)


@_on("DELETE", "/faults")
def _behave(mock: Mock) -> object:
    mock.faults.clear()
    return _faults(mock)


@_on("DELETE", "/requests")
def _forget(mock: Mock) -> object:
    mock.requests.clear()
    return {"requests": []}


@_on("POST", "/rate-limit", enabled=true_or_false, per_minute=_SOME, per_second=_SOME)
def _limit(mock: Mock, *, enabled: bool = True, **asked: Any) -> object:
    mock.limiter = Limiter(**asked) if enabled else None
    return {"enabled": enabled, **asked}


@_on("POST", "/webhooks", license_key_id=filled_text, grant_id=filled_text)
def _trigger(mock: Mock, license_key_id: str | None = None, grant_id: str | None = None) -> object:
    if mock.webhooks is None:
        raise ValueError("the mock was started without a webhook's address: --webhook-url")
    if license_key_id is not None:
        mock.announce("license_key.created", LICENSE_KEYS, license_key_id)
    elif grant_id is not None:
        status = str(mock.db.get(GRANTS, grant_id)["status"]).lower()
        mock.announce(f"entitlement_grant.{status.replace('pending', 'created')}", GRANTS, grant_id)
    else:
        raise ValueError("license_key_id or grant_id is missing")
    return _sent(mock)


@_on(
    "POST",
    "/purchases",
    customer_id=filled_text,
    product_id=filled_text,
    quantity=whole_number(1, _MOST_UNITS),
    subscription=true_or_false,
)
def _purchase(mock: Mock, customer_id: str = "", product_id: str = "", **asked: Any) -> object:
    if not (customer_id and product_id):
        raise ValueError("customer_id and product_id must be given")
    return mock.change(lambda: life_cycle.purchase(mock.db, customer_id, product_id, **asked))


@_on("POST", "/events", type=filled_text, subscription_id=filled_text, payment_id=filled_text)
def _happen(mock: Mock, type: str = "", **asked: str) -> object:
    return {"grants": mock.change(lambda: life_cycle.happen(mock.db, type, **asked))}

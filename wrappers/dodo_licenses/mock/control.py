"""`/_mock/`: what the mock does beside being the API, as plain JSON for any language; see docs/mock.md."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from dodo_licenses.mock import life_cycle, resources, validation
from dodo_licenses.mock.faults import CHECKS, Fault
from dodo_licenses.mock.limits import Limiter
from dodo_licenses.mock.responses import Endpoint, respond
from dodo_licenses.mock.state import Mock
from dodo_licenses.mock.validation import Check, anything, filled_text, that, true_or_false
from dodo_licenses.mock.wire import Refusal, not_found

_UNITS = dict.fromkeys(("days", "hours", "minutes", "seconds"), that(validation.is_number, "a number"))
_SOME = validation.whole_number(1, validation.INT32_MAX)
Handler = Callable[..., Any]  # gets the mock, and what is in the path and in the body by name
_HANDLERS: list[tuple[str, str, Handler, Mapping[str, Check]]] = []


def is_loopback(host: str | None) -> bool:
    """Whether an address or a name is this machine's own."""
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return host == "localhost"
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def control(mock: Mock, own: str, *, from_anywhere: bool) -> list[tuple[str, str, Endpoint]]:
    """What is under `/_mock/`, by method and path, which ask for no API key.

    So they are kept from other machines, by the peer's address, unless they may be used from anywhere; and
    from web pages, by the names in Host and Origin: those of this machine, and the mock's own.
    """

    def is_ours(url: str) -> bool:
        try:
            host = urlsplit(url).hostname
        except ValueError:
            return False
        return is_loopback(host) or host == own.lower()

    def guard(request: Request) -> None:
        peer = request.client.host if request.client is not None else None
        host = f"//{request.headers.get('host', '')}"
        if not from_anywhere and not (is_loopback(peer) and is_ours(host)):
            raise Refusal(403, "FORBIDDEN", "Only this machine may use /_mock/, by a name of its own.")
        if not is_ours(request.headers.get("origin", "//localhost")):
            raise Refusal(403, "FORBIDDEN", "Pages of other sites may not use /_mock/.")

    def endpoint(handle: Handler, checks: Mapping[str, Check]) -> Endpoint:
        async def serve(request: Request) -> Response:
            guard(request)
            content_type, content = request.headers.get("content-type", ""), await request.body()
            data = validation.json_of(content_type, content) if content else {}
            try:
                asked = validation.record("body", data, checks)
                return respond(handle(mock, **request.path_params, **asked))
            except (ValueError, OverflowError) as error:
                raise Refusal(422, "INVALID_REQUEST_BODY", str(error)) from None

        return serve

    return [(on, f"/_mock{path}", endpoint(handle, checks)) for on, path, handle, checks in _HANDLERS]


def _on(method: str, path: str, show: Handler, do: Handler | None = None, **checks: Check) -> None:
    """Answer a request by doing something, and showing something; the fields of its body have checks."""

    def handle(mock: Mock, **asked: Any) -> object:
        if do is None:
            return show(mock, **asked)
        do(mock, **asked)
        return show(mock)

    _HANDLERS.append((method, path, handle, checks))


def _shows(name: str, found: Callable[[Mock], object]) -> Handler:
    return lambda mock: {name: found(mock)}


def _restore(mock: Mock, name: str) -> None:
    if name not in mock.snapshots:
        raise not_found("snapshot", "name")
    mock.db.load(mock.snapshots[name])


def _time_to_freeze_at(name: str, value: Any) -> Any:
    return value if isinstance(value, bool) else validation.moment(name, value)


def _duration(name: str, value: Any) -> timedelta:
    return timedelta(**validation.record(name, value, _UNITS))


def _move(mock: Mock, freeze: Any = None, advance: timedelta = timedelta()) -> None:
    at = freeze if isinstance(freeze, datetime) else None
    mock.clock.move(at, advance, frozen=None if freeze is None else freeze is not False)


def _limit(mock: Mock, *, enabled: bool = True, **asked: Any) -> object:
    mock.limiter = Limiter(**asked) if enabled else None
    return {"enabled": enabled, **asked}


def _trigger(mock: Mock, license_key_id: str | None = None, grant_id: str | None = None) -> None:
    if mock.webhooks is None:
        raise ValueError("the mock was started without a webhook's address: --webhook-url")
    if license_key_id is not None:
        mock.announce("license_key.created", resources.LICENSE_KEYS, license_key_id)
    elif grant_id is not None:
        status = str(mock.db.get(resources.GRANTS, grant_id)["status"]).lower()
        mock.announce(f"entitlement_grant.{status.replace('pending', 'created')}", resources.GRANTS, grant_id)
    else:
        raise ValueError("license_key_id or grant_id is missing")


def _purchase(mock: Mock, **asked: Any) -> object:
    return mock.change(lambda: life_cycle.purchase(mock.db, **asked))


_faults = _shows("faults", lambda mock: [asdict(fault) for fault in mock.faults.waiting])
_requests = _shows("requests", lambda mock: list(mock.requests))
_snapshots = _shows("snapshots", lambda mock: sorted(mock.snapshots))
_webhooks = _shows("webhooks", lambda mock: [] if mock.webhooks is None else mock.webhooks.deliveries)
_ids = dict.fromkeys(("license_key_id", "grant_id"), filled_text)
_state = {its.name: anything for its in resources.RESOURCES}
_sale = {**dict.fromkeys(("customer_id", "product_id"), filled_text), "quantity": anything}

_on("GET", "", Mock.summary)
_on("GET", "/", Mock.summary)
_on("POST", "/reset", Mock.summary, Mock.reset)
_on("POST", "/load", Mock.summary, lambda mock, **state: mock.db.load(state), **_state)
_on("GET", "/dump", lambda mock: mock.db.dump())
_on("GET", "/snapshots", _snapshots)
_on("POST", "/snapshots/{name}", _snapshots, lambda mock, name: mock.snapshots.update({name: mock.db.dump()}))
_on("POST", "/snapshots/{name}/restore", Mock.summary, _restore)
_on("GET", "/clock", Mock.time)
_on("POST", "/clock", Mock.time, _move, freeze=_time_to_freeze_at, advance=_duration)
_on("GET", "/faults", _faults)
_on("POST", "/faults", _faults, lambda mock, **asked: mock.faults.waiting.append(Fault(**asked)), **CHECKS)
_on("DELETE", "/faults", _faults, lambda mock: mock.faults.clear())
_on("GET", "/requests", _requests)
_on("DELETE", "/requests", _requests, lambda mock: mock.requests.clear())
_on("POST", "/rate-limit", _limit, enabled=true_or_false, per_minute=_SOME, per_second=_SOME)
_on("GET", "/webhooks", _webhooks)
_on("POST", "/webhooks", _webhooks, _trigger, **_ids)
_on("POST", "/purchases", _purchase, **_sale, subscription=true_or_false)

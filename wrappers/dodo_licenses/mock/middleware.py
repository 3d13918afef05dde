"""Around the operations: the log of requests, the latency, and the faults that were asked for."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import socket
import struct
import sys
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dodo_licenses.mock.faults import Fault
from dodo_licenses.mock.operations import operation_of
from dodo_licenses.mock.responses import refuse, respond
from dodo_licenses.mock.state import Mock
from dodo_licenses.mock.wire import Refusal, sent_moment

# In the scope's state: the connection that a request came by, and headers of its rate limit.
CONNECTION, LIMITS = "connection", "limits"
_MOST, _MOST_OF_CONTROL, _MOST_NOTED = 2**20, 2**26, 2**16  # bytes of a body
_FIRST_ERROR = 400
_NO_LINGERING = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)  # closing sends an RST


def around(app: ASGIApp, mock: Mock, latency: float) -> ASGIApp:
    """Bound and remember what an application is asked, and misbehave where that was asked for.

    Every reply gets an id to ask support about, and what the rate limit leaves.
    """

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        is_control = f"{scope['path']}/".startswith("/_mock/")
        noted = {} if is_control else _note(mock, scope)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                noted["status"] = message["status"]
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = f"req_{secrets.token_hex(8)}"
                headers.update(scope["state"].get(LIMITS, {}))
            await send(message)

        if not is_control:
            await asyncio.sleep(latency)
        body = _bounded(receive, _MOST_OF_CONTROL if is_control else _MOST, noted)
        fault = None if is_control else mock.faults.take(noted["operation"])
        if fault is None:
            await app(scope, body, send_with_headers)  # which sees the API key before it receives a body
        else:
            noted["fault"] = fault.kind
            await _misbehave(fault, app, scope, body, send_with_headers)

    return serve


def _bounded(receive: Receive, most: int, noted: dict[str, Any]) -> Receive:
    """Receive a body up to a size, and note it when it is whole."""
    content = bytearray()

    async def bounded() -> Message:
        message = await receive()
        content.extend(message.get("body", b""))
        if len(content) > most:
            raise Refusal(413, "PAYLOAD_TOO_LARGE", f"The body is larger than {most} bytes.")
        if not message.get("more_body", False):
            noted["body"] = _readable(content)
        return message

    return bounded


def _note(mock: Mock, scope: Scope) -> dict[str, Any]:
    """Headers are left out: an API key belongs into no log."""
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    noted = {
        "at": sent_moment(mock.clock()),
        "method": scope["method"],
        "path": scope["path"],
        "query": dict(query),
        "operation": operation_of(scope["method"], scope["path"]),
        **dict.fromkeys(("body", "status", "fault")),
    }
    mock.requests.append(noted)
    return noted


def _readable(body: bytearray) -> Any:
    if len(body) > _MOST_NOTED:
        return f"{len(body)} bytes"
    text = body.decode(errors="replace")
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        return text


async def _misbehave(fault: Fault, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    if fault.after or fault.kind == "truncate":
        sent: list[Message] = []  # what the application would have answered

        async def keep(message: Message) -> None:
            sent.append(message)

        await app(scope, receive, keep)
        if fault.kind == "truncate":
            body = b"".join(message.get("body", b"") for message in sent[1:])
            await send(sent[0])
            await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
    else:
        with contextlib.suppress(Refusal):
            while (await receive()).get("more_body", False):
                pass
    if fault.kind == "answer":
        await _answer(fault)(scope, receive, send)
        return
    connection = scope["state"][CONNECTION]
    if fault.kind == "hang":
        connection.hangs = True
    elif fault.kind == "truncate":
        connection.transport.close()
    elif not connection.transport.is_closing():
        peer = connection.transport.get_extra_info("socket")
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)
        connection.transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass


def _answer(fault: Fault) -> Response:
    if isinstance(fault.body, str):
        return Response(fault.body, fault.status, fault.headers, "application/json")
    if fault.body is None and fault.status >= _FIRST_ERROR:
        name = HTTPStatus(fault.status).name if fault.status in set(HTTPStatus) else "UNKNOWN_ERROR"
        return refuse(Refusal(fault.status, name, "The mock was asked to answer so.", fault.headers))
    return respond(fault.body, fault.status, fault.headers)

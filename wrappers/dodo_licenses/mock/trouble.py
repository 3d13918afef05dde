"""Around the operations: the log of requests, the latency, and the faults that were asked for."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import struct
import sys
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dodo_licenses.mock.faults import Fault, operation_of
from dodo_licenses.mock.rows import wire_moment_of
from dodo_licenses.mock.state import Mock

TRANSPORT = "transport"  # in the scope's state: the connection that a request came by
_LOOK_AGAIN = 0.1  # seconds
_FIRST_ERROR = 400
_NO_LINGERING = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)  # closing sends an RST


def with_trouble(app: ASGIApp, mock: Mock, latency: float) -> ASGIApp:
    """Remember what an application is asked, and misbehave where that was asked for.

    Args:
        app: The operations. What is under `/_mock/` is left alone.
        mock: Holds the log and the faults.
        latency: Seconds that each answer takes longer.
    """

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if f"{scope['path']}/".startswith("/_mock/"):
            await app(scope, receive, send)
            return
        body = await _whole_body(receive)
        operation = operation_of(scope["method"], scope["path"])
        noted = _note(mock, scope, operation, body)
        if latency:
            await asyncio.sleep(latency)
        again = _receive_again(body, receive)

        async def noting_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                noted["status"] = message["status"]
            await send(message)

        fault = mock.faults.take(operation)
        if fault is None:
            await app(scope, again, noting_send)
        else:
            noted["fault"] = fault.kind
            await _misbehave(fault, app, scope, again, noting_send, mock=mock)

    return serve


def _note(mock: Mock, scope: Scope, operation: str | None, body: bytes) -> dict[str, Any]:
    """Headers are left out: an API key belongs into no log."""
    noted = {
        "at": wire_moment_of(mock.clock()),
        "method": scope["method"],
        "path": scope["path"],
        "query": dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
        "operation": operation,
        "body": _readable(body),
        "status": None,
        "fault": None,
    }
    mock.requests.append(noted)
    return noted


def _readable(body: bytes) -> Any:
    text = body.decode(errors="replace")
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        return text


async def _whole_body(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):  # it ended, or the client went away
            return b"".join(parts)


def _receive_again(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_again


async def _carry_out(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
    """What an application would have answered."""
    sent: list[Message] = []

    async def keep(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, keep)
    return sent[0], b"".join(message.get("body", b"") for message in sent[1:])


async def _misbehave(
    fault: Fault, app: ASGIApp, scope: Scope, receive: Receive, send: Send, *, mock: Mock
) -> None:
    if fault.after or fault.kind == "truncate":
        start, body = await _carry_out(app, scope, receive)
        if fault.kind == "truncate":
            await send(start)
            await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
    if fault.kind == "answer":
        await _answer(fault, send)
    elif fault.kind == "hang":
        await _until_gone(mock, receive)
        await _cut(scope, receive, reset=True)
    else:
        await _cut(scope, receive, reset=fault.kind == "reset")


async def _answer(fault: Fault, send: Send) -> None:
    content = _content(fault)
    headers = {"content-type": "application/json", "content-length": str(len(content))}
    headers |= {name.lower(): value for name, value in fault.headers.items()}
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": fault.status, "headers": encoded})
    await send({"type": "http.response.body", "body": content})


def _content(fault: Fault) -> bytes:
    if fault.body is None and fault.status >= _FIRST_ERROR:
        name = HTTPStatus(fault.status).name if fault.status in set(HTTPStatus) else "UNKNOWN_ERROR"
        return json.dumps({"code": name, "message": "The mock was asked to answer so."}).encode()
    if fault.body is None or isinstance(fault.body, str):
        return (fault.body or "").encode()
    return json.dumps(fault.body).encode()


async def _until_gone(mock: Mock, receive: Receive) -> None:
    """Until the client gives up, or the mock ends."""
    while not mock.is_closing:
        with contextlib.suppress(TimeoutError):
            if (await asyncio.wait_for(receive(), _LOOK_AGAIN))["type"] == "http.disconnect":
                return


async def _cut(scope: Scope, receive: Receive, *, reset: bool) -> None:
    """End the connection, with an RST or in good order; comes back when it has gone."""
    transport = scope["state"][TRANSPORT]
    if transport.is_closing():
        return
    if reset:
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)
        transport.abort()
    else:
        transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass

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

from dodo_licenses.mock.faults import Fault
from dodo_licenses.mock.operations import operation_of
from dodo_licenses.mock.refusal import Refusal
from dodo_licenses.mock.state import Mock
from dodo_licenses.mock.wire import sent_moment

TRANSPORT = "transport"  # in the scope's state: the connection that a request came by
_MOST, _MOST_OF_CONTROL, _MOST_NOTED = 2**20, 2**26, 2**16  # bytes of a body
_LOOK_AGAIN = 0.1  # seconds
_FIRST_ERROR = 400
_NO_LINGERING = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)  # closing sends an RST


class _Body:
    """What is received of a body: bounded, and remembered for the log."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive, self._most = receive, most
        self.content = b""

    async def __call__(self) -> Message:
        message = await self._receive()
        self.content += message.get("body", b"")
        if len(self.content) > self._most:
            raise Refusal(413, "PAYLOAD_TOO_LARGE", f"The body is larger than {self._most} bytes.")
        return message

    async def read(self) -> Receive:
        """Receive the whole of it, and return what receives it again."""
        while (await self()).get("more_body", False):
            pass
        waiting: list[Message] = [{"type": "http.request", "body": self.content}]

        async def receive_again() -> Message:
            return waiting.pop() if waiting else await self._receive()

        return receive_again


def with_faults(app: ASGIApp, mock: Mock, latency: float) -> ASGIApp:
    """Bound and remember what an application is asked, and misbehave where that was asked for."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if f"{scope['path']}/".startswith("/_mock/"):
            await app(scope, _Body(receive, _MOST_OF_CONTROL), send)
            return
        noted = _note(mock, scope)
        if latency:
            await asyncio.sleep(latency)
        body = _Body(receive, _MOST)

        async def noting_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                noted["status"] = message["status"]
            await send(message)

        fault = mock.faults.take(noted["operation"])
        if fault is None:
            await app(scope, body, noting_send)  # which asks for the API key before it receives anything
            noted["body"] = _readable(body.content)
            return
        noted["fault"] = fault.kind
        with contextlib.suppress(Refusal):
            receive = await body.read()
        noted["body"] = _readable(body.content)
        await _misbehave(fault, app, scope, receive, noting_send, mock=mock)

    return serve


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


def _readable(body: bytes) -> Any:
    if len(body) > _MOST_NOTED:
        return f"{len(body)} bytes"
    text = body.decode(errors="replace")
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        return text


async def _misbehave(
    fault: Fault, app: ASGIApp, scope: Scope, receive: Receive, send: Send, *, mock: Mock
) -> None:
    if fault.after or fault.kind == "truncate":
        sent: list[Message] = []  # what the application would have answered

        async def keep(message: Message) -> None:
            sent.append(message)

        await app(scope, receive, keep)
        if fault.kind == "truncate":
            body = b"".join(message.get("body", b"") for message in sent[1:])
            await send(sent[0])
            await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
    if fault.kind == "answer":
        await _answer(fault, send)
        return
    if fault.kind == "hang":
        await _until_gone(mock, receive)
    await _cut(scope, receive, reset=fault.kind in ("hang", "reset"))


async def _answer(fault: Fault, send: Send) -> None:
    content = _content(fault)
    headers = {"content-type": "application/json", "content-length": str(len(content))}
    headers |= {name.lower(): value for name, value in fault.headers.items()}
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": fault.status, "headers": encoded})
    await send({"type": "http.response.body", "body": content})


def _content(fault: Fault) -> bytes:
    if isinstance(fault.body, str):
        return fault.body.encode()
    if fault.body is not None:
        return json.dumps(fault.body).encode()
    if fault.status < _FIRST_ERROR:
        return b""
    name = HTTPStatus(fault.status).name if fault.status in set(HTTPStatus) else "UNKNOWN_ERROR"
    return json.dumps({"code": name, "message": "The mock was asked to answer so."}).encode()


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

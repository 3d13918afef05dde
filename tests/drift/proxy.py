"""A proxy before the faithful mock that makes it another server: one row of a catalogue."""

from __future__ import annotations

import asyncio
import copy
import json
import socket
import threading
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

import httpx
import uvicorn

_PASSED_ON = ("allow", "content-type", "www-authenticate")


@dataclass
class Reply:
    """What goes back: a JSON body, or bytes as they are."""

    status: int
    body: object = None
    headers: dict = field(default_factory=dict)

    @property
    def ok(self):
        return 200 <= self.status < 300

    def content(self):
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


def refusal(status, code="INVALID_REQUEST_BODY"):
    return Reply(status, {"code": code, "message": "No."}, {"content-type": "application/json"})


@dataclass
class Exchange:
    """One request on its way to the server. What a row changes in it is what the server gets.

    `op` is such as "GET /license_keys/{id}"; `memory` lasts as long as the proxy.
    """

    op: str
    path: str
    raw_query: str
    query: dict
    headers: dict
    content: bytes
    body: object
    memory: dict
    api_key: str
    _http: httpx.AsyncClient

    @property
    def id(self):
        return self.path.rpartition("/")[2]

    def number(self, name, default):
        """A number of the query, or None where it is none."""
        value = self.query.get(name, str(default))
        return int(value) if value.isascii() and value.isdigit() and len(value) < 8 else None

    def given(self, name, kind=str):
        """A field of the body if it is of that kind, else None."""
        value = self.body.get(name) if isinstance(self.body, dict) else None
        return value if isinstance(value, kind) else None

    async def send(self):
        """Pass the request on, and give the reply back."""
        same = self.query == dict(parse_qsl(self.raw_query, keep_blank_values=True))
        query = self.raw_query if same else urlencode(self.query)
        content = self.content
        if self.body is not None and json.dumps(self.body) != json.dumps(
            json.loads(content)
        ):  # True is not 1
            content = json.dumps(self.body).encode()
        headers = {n: v for n, v in self.headers.items() if n not in ("host", "content-length")}
        return await self._exchange(self.op.split(" ")[0], self.path, query, headers, content)

    async def ask(self, method, path, body=None, **query):
        """Another request beside it, with the API key."""
        headers = {"authorization": f"Bearer {self.api_key}", "content-type": "application/json"}
        content = b"" if body is None else json.dumps(body).encode()
        return await self._exchange(method, path, urlencode(query), headers, content)

    async def whole(self, path="/license_keys", **query):
        """All items of a listing."""
        found = []
        while True:
            reply = await self.ask("GET", path, page_size=100, page_number=len(found) // 100, **query)
            found += reply.body["items"]
            if len(reply.body["items"]) < 100:
                return found

    async def key(self, **fields):
        """The license key with these fields; None where there is none."""
        found = [
            key for key in await self.whole() if all(key[name] == value for name, value in fields.items())
        ]
        return found[0] if found else None

    def page(self, items, reply):
        """The page of these items that was asked for."""
        size, at = self.number("page_size", 10), self.number("page_number", 0)
        return (
            reply
            if None in (size, at)
            else Reply(200, {"items": items[at * size : at * size + size]}, reply.headers)
        )

    async def _exchange(self, method, path, query, headers, content):
        url = path + (f"?{query}" if query else "")
        response = await self._http.request(method, url, headers=headers, content=content)
        kept = {name: response.headers[name] for name in _PASSED_ON if name in response.headers}
        try:
            return Reply(response.status_code, response.json(), kept)
        except ValueError:
            return Reply(response.status_code, response.content, kept)


def _operation(method, path):
    parts = path.split("/")[1:]
    if parts[0] == "licenses":
        return f"{method} {path}"
    return f"{method} /" + "/".join("{id}" if n % 2 else part for n, part in enumerate(parts))


class Proxy:
    """Serves on a free port while it is entered; `row` is a coroutine function from an Exchange to a Reply."""

    def __init__(self, base_url, api_key, row):
        self._target, self._api_key, self._row = base_url, api_key, row
        self._memory, self._http, self.error = {}, None, None
        # Named as TCP, or asyncio leaves Nagle's delay on: 40 ms a reply.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen(128)
        self.base_url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(
            self._serve,
            interface="asgi3",
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_keep_alive=3600,  # a connection that closes as a request arrives looks like a planted bug
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=asyncio.run, args=(self._run(),), daemon=True)

    async def _run(self):
        async with httpx.AsyncClient(base_url=self._target, timeout=30, trust_env=False) as self._http:
            await self._server.serve(sockets=[self._socket])

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    async def _serve(self, scope, receive, send):
        content, more = b"", True
        while more:
            message = await receive()
            content += message.get("body", b"")
            more = message.get("more_body", False)
        try:
            reply = await self._row(self._exchange_of(scope, content))
        except Exception as error:  # noqa: BLE001 - a row that breaks must not pass for one that was told
            self.error = self.error or error
            reply = refusal(500, "ROW_BROKE")
        body = reply.content()
        headers = {**reply.headers, "content-length": str(len(body))}
        start = {"type": "http.response.start", "status": reply.status}
        start["headers"] = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send(start)
        await send({"type": "http.response.body", "body": body})

    def _exchange_of(self, scope, content):
        raw_query = scope["query_string"].decode("latin-1")
        pairs = parse_qsl(raw_query, keep_blank_values=True)
        op = _operation(scope["method"], scope["path"])
        try:
            body = json.loads(content)
        except ValueError:
            body = None
        return Exchange(
            # What says a name twice is refused by the faithful server, and no row changes that.
            op=op if len(dict(pairs)) == len(pairs) else f"{op} malformed",
            path=scope["raw_path"].decode("latin-1"),
            raw_query=raw_query,
            query=dict(pairs),
            headers={name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]},
            content=content,
            body=copy.deepcopy(body),
            memory=self._memory,
            api_key=self._api_key,
            _http=self._http,
        )

"""The faithful mock, made another server by a row, which some operations' requests and replies pass."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlencode

import httpx
from starlette.requests import Request
from starlette.responses import Response

from dodo_licenses.mock import MockServer
from dodo_licenses.mock.operations import operation_of


@dataclass
class Reply:
    """What goes back: a JSON body, or bytes as they are."""

    status: int
    body: object = None
    headers: dict = field(default_factory=lambda: {"content-type": "application/json"})

    @property
    def ok(self):
        return 200 <= self.status < 300

    def has(self, what):
        """Whether it has this status or code, or is any refusal."""
        code = self.body.get("code") if isinstance(self.body, dict) else None
        return what in (self.status, code, "success" if self.ok else "refusal")

    @property
    def items(self):
        """Those of a page, or the only one."""
        return self.body.get("items", [self.body])

    def content(self):
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


def json_of(content):
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


class Exchange:
    """One request on its way to the server. What a row changes in it is what the server gets.

    `op` is the name of the operation; `memory` lasts as long as the server does.
    """

    def __init__(self, server, op, request, content):
        self.op, self.memory, self.api_key = op, server.memory, server.api_key
        self.path, self.query = request.scope["raw_path"].decode("latin-1"), dict(request.query_params)
        self.headers = {n: v for n, v in request.headers.items() if n not in ("content-length", "host")}
        self.body = json_of(content)
        self._server, self._method, self._content = server, request.method, content

    @property
    def fields(self):
        """The fields of the body, if it has any."""
        return self.body if isinstance(self.body, dict) else {}

    def given_in(self, name):
        """The query or the body, whichever has a parameter or a field of that name."""
        return self.query if name in self.query else self.fields

    def given(self, name, kind=str):
        """A field of the body if it is of that kind, else None."""
        value = self.fields.get(name)
        return value if isinstance(value, kind) else None

    size = property(lambda self: self._number("page_size", "10"))
    number = property(lambda self: self._number("page_number", "0"))

    def _number(self, name, default):
        """-1 where it is none."""
        value = self.query.get(name, default)
        return int(value) if value.isascii() and value.isdigit() and len(value) < 8 else -1

    @property
    def filters(self):
        return {name: value for name, value in self.query.items() if not name.startswith("page_")}

    @property
    def is_merchant(self):
        return self.headers.get("authorization") == f"Bearer {self.api_key}"

    async def send(self):
        """Pass the request on, and give the reply back."""
        content = self._content if self.body is None else json.dumps(self.body).encode()
        return await self._passed_on(self._method, self.path, self.query, self.headers, content)

    async def ask(self, method, path, body=None, **query):
        """Another request beside it, with the API key."""
        headers = {"content-type": "application/json", "authorization": f"Bearer {self.api_key}"}
        content = b"" if body is None else json.dumps(body).encode()
        return await self._passed_on(method, path, query, headers, content)

    async def _passed_on(self, method, path, query, headers, content):
        url = f"{self._server.base_url}{path}?{urlencode(query)}"
        request = httpx.Request(method, url, headers=headers, content=content)
        response = await self._server.faithful.handle_async_request(request)
        content = await response.aread()
        replied = {name: value for name, value in response.headers.items() if name != "content-length"}
        body = json_of(content)
        return Reply(response.status_code, content if body is None else body, replied)

    async def whole(self, path="/license_keys", **query):
        """All items of a listing."""
        found, full = [], True
        while full:
            page = await self.ask("GET", path, page_size=100, page_number=len(found) // 100, **query)
            found += page.items
            full = len(page.items) == 100
        return found

    async def key(self, **fields):
        """The license key with these fields; None where there is none."""
        keys = await self.whole()
        return next((key for key in keys if fields.items() <= key.items()), None)

    def paged(self, items):
        """The page of these items that was asked for."""
        begin = max(0, self.number * self.size)
        return items[begin : begin + self.size] if self.number >= 0 else []

    async def store(self, table, where, **changes):
        """Change the records for which `where(record)` holds, as no operation would."""
        state = (await self.ask("GET", "/_mock/dump")).body
        for record in filter(where, state[table]):
            record.update(changes)
        await self.ask("POST", "/_mock/load", state)


class Row(NamedTuple):
    """What a server does otherwise: `act` makes the Reply of an Exchange, for operations of these names.

    `suffix` is what ids have, as this server shows them.
    """

    ops: Collection[str]
    act: Callable[[Exchange], Awaitable[Reply]]
    suffix: str = ""


class Planted(MockServer):
    """A mock that `row` makes of the faithful one."""

    def __init__(self, row, **settings):
        super().__init__(**settings)
        self.memory, self.error, self._row = {}, None, row
        config = self._server.config
        self._app, config.app, config.interface = config.app, self._serve, "asgi3"
        self.faithful = httpx.ASGITransport(lambda scope, *io: self._app({**scope, "state": {}}, *io))

    async def _serve(self, scope, receive, send):
        request = Request(scope, receive)
        op, query = operation_of(request.method, scope["path"]), request.query_params
        if op not in self._row.ops or len(query) < len(query.multi_items()):  # twice the same is refused
            await self._app(scope, receive, send)
            return
        try:
            reply = await self._row.act(Exchange(self, op, request, await request.body()))
        except Exception as error:  # noqa: BLE001 - a row that breaks must not pass for one that was told
            self.error = self.error or error
            reply = Reply(500, {"code": "ROW_BROKE"})
        await Response(reply.content(), reply.status, reply.headers)(scope, receive, send)

"""The faithful mock, made another server by one row of a catalogue, which every request and reply passes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from dodo_licenses.mock import MockServer
from dodo_licenses_api.operations import OPERATIONS

_PATHS = [(o.method, re.compile(re.sub(r"{\w+}", "[^/]+", o.path)), o.id) for o in OPERATIONS.values()]


@dataclass
class Reply:
    """What goes back: a JSON body, or bytes as they are."""

    status: int
    body: object = None
    headers: dict = field(default_factory=lambda: {"content-type": "application/json"})

    @property
    def ok(self):
        return 200 <= self.status < 300

    @property
    def code(self):
        return self.body.get("code") if isinstance(self.body, dict) else None

    def content(self):
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


def refusal(status, code="INVALID_REQUEST_BODY"):
    return Reply(status, {"code": code, "message": "No."})


class Exchange:
    """One request on its way to the server. What a row changes in it is what the server gets.

    `op` is the id of the operation, None where the server refuses the request in any case; `memory` lasts as long
    as the server does.
    """

    def __init__(self, server, request, content):
        self._server, self._scope, self._content = server, request.scope, content
        self.memory, self.api_key = server.memory, server.api_key
        self.path, self.query = request.scope["raw_path"].decode("latin-1"), dict(request.query_params)
        self.headers = dict(request.headers)
        method, path, query = request.method, request.scope["path"], request.query_params
        found = (op for its, pattern, op in _PATHS if its == method and pattern.fullmatch(path))
        self.op = next(found, None) if len(query) == len(query.multi_items()) else None
        try:
            self.body = json.loads(content)
        except ValueError:
            self.body = None
        self._came = dict(self.query), json.dumps(self.body)

    def does(self, ops):
        return self.op in ((ops,) if isinstance(ops, str) else ops)

    @property
    def id(self):
        return self.path.rpartition("/")[2]

    @property
    def fields(self):
        """The fields of the body, if it has any."""
        return self.body if isinstance(self.body, dict) else {}

    def given(self, name, kind=str):
        """A field of the body if it is of that kind, else None."""
        value = self.fields.get(name)
        return value if isinstance(value, kind) else None

    @property
    def size(self):
        return self._whole_number("page_size", 10)

    @property
    def number(self):
        return self._whole_number("page_number", 0)

    def _whole_number(self, name, default):
        """-1 where it is none."""
        value = self.query.get(name, str(default))
        return int(value) if value.isascii() and value.isdigit() and len(value) < 8 else -1

    @property
    def filters(self):
        return [name for name in self.query if not name.startswith("page_")]

    @property
    def is_merchant(self):
        return self.headers.get("authorization") == f"Bearer {self.api_key}"

    async def send(self):
        """Pass the request on, and give the reply back."""
        query, content = self._scope["query_string"], self._content
        if self.query != self._came[0]:
            query = urlencode(self.query).encode()
        if json.dumps(self.body) != self._came[1]:  # compared as text: True is not 1
            content = json.dumps(self.body).encode()
        return await self._passed_on(self._scope["method"], self.path, query, self.headers, content)

    async def ask(self, method, path, body=None, **query):
        """Another request beside it, with the API key."""
        headers = {"host": "localhost", "content-type": "application/json"}
        headers["authorization"] = f"Bearer {self.api_key}"
        content = b"" if body is None else json.dumps(body).encode()
        return await self._passed_on(method, path, urlencode(query).encode(), headers, content)

    async def _passed_on(self, method, path, query, headers, content):
        sent = []

        async def receive():
            return {"type": "http.request", "body": content}

        async def send(message):
            sent.append(message)

        scope = {**self._scope, "state": dict(self._scope["state"]), "method": method, "query_string": query}
        scope |= {"path": unquote(path), "raw_path": path.encode("latin-1")}
        scope["headers"] = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        await self._server.faithful(scope, receive, send)
        replied = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        replied.pop("content-length", None)
        content = b"".join(message.get("body", b"") for message in sent[1:])
        try:
            return Reply(sent[0]["status"], json.loads(content), replied)
        except ValueError:
            return Reply(sent[0]["status"], content, replied)

    async def whole(self, path="/license_keys", **query):
        """All items of a listing."""
        found, full = [], True
        while full:
            page = await self.ask("GET", path, page_size=100, page_number=len(found) // 100, **query)
            found += page.body["items"]
            full = len(page.body["items"]) == 100
        return found

    async def key(self, **fields):
        """The license key with these fields; None where there is none."""
        keys = await self.whole()
        return next((key for key in keys if all(key[name] == fields[name] for name in fields)), None)

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


class Planted(MockServer):
    """A mock that `row` makes of the faithful one: a coroutine function from an Exchange to a Reply."""

    def __init__(self, row, **settings):
        super().__init__(**settings)
        self.memory, self.error, self._row = {}, None, row
        config = self._server.config
        self.faithful, config.app, config.interface = config.app, self._serve, "asgi3"

    async def _serve(self, scope, receive, send):
        request = Request(scope, receive)
        try:
            reply = await self._row(Exchange(self, request, await request.body()))
        except Exception as error:  # noqa: BLE001 - a row that breaks must not pass for one that was told
            self.error = self.error or error
            reply = refusal(500, "ROW_BROKE")
        await Response(reply.content(), reply.status, reply.headers)(scope, receive, send)

"""The faithful mock, made another server by a row, which the requests and replies of some operations pass.

Then what rows are made of. Operations and fields are the mock's own: what openapi.yaml lost can't hide a bug.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlencode

import httpx
from starlette.requests import Request
from starlette.responses import Response

from dodo_licenses.contract.gate import parsed
from dodo_licenses.mock import MockServer
from dodo_licenses.mock.operations import OPERATIONS, operation_of
from dodo_licenses.mock.resources import LICENSE_KEYS as TABLE
from dodo_licenses.mock.resources import RESOURCES
from dodo_licenses.mock.validation import query

KEYS, KEY = "list_license_keys", "retrieve_license_key"
CREATE, UPDATE = CHANGES = "create_license_key", "update_license_key"
INSTANCES, INSTANCE = "list_license_key_instances", "retrieve_license_key_instance"
PUBLIC = ACTIVATE, VALIDATE, DEACTIVATE = "activate_license", "validate_license", "deactivate_license"
RENAME, REVOKE = "update_license_key_instance", "revoke_entitlement_grant"
FULFILL = "fulfill_license_key_grant"
OF_CUSTOMERS, OF_ENTITLEMENTS = GRANTS = "list_customer_entitlement_grants", "list_entitlement_grants"
LICENSE_KEYS, LISTS, NAMES = (KEYS, KEY, *CHANGES), (KEYS, INSTANCES), (ACTIVATE, RENAME)
CHANGED = tuple(OPERATIONS[UPDATE].optional)
REFUSED = {"code": "INVALID_REQUEST_BODY", "message": "No."}
PATIENCE = 0.3  # seconds that the first of two waits; both come from this process, so that load delays both
JSON = {"content-type": "application/json"}
at, ago = datetime.fromisoformat, lambda **time: datetime.now().astimezone() - timedelta(**time)


@dataclass
class Reply:
    """What goes back: a JSON body, or bytes as they are. `items` are those of a page, or the only one."""

    status: int
    body: object
    headers: dict = field(default_factory=JSON.copy)

    ok = property(lambda self: 200 <= self.status < 300)
    items = property(lambda self: self.body.get("items", [self.body]))
    content = property(
        lambda self: self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
    )

    def has(self, what):
        """Whether it has this status or code, or is any "success" or "refusal"."""
        code = self.body.get("code") if isinstance(self.body, dict) else None
        return what in (self.status, code, "success" if self.ok else "refusal")


class Exchange:
    """One request on its way to the faithful mock, which gets what a row makes of it.

    `its` is what the mock knows of the operation, `table` the resource that it is about. `fields` are the parameters of
    a GET, else the fields of the body; `size` and `number` of a page -1 where they are none. `memory` is the server's.
    """

    def __init__(self, server, op, request, content):
        self.op, self.its, self.db, self.memory = op, OPERATIONS[op], server.db, server.memory
        about = self.its.path.removesuffix("/{id}")
        self.table = next((resource for resource in RESOURCES if resource.path == about), TABLE)
        self.headers = {n: v for n, v in request.headers.items() if n not in ("content-length", "host")}
        given, self.api_key = self.headers.get("authorization"), server.api_key
        self.is_allowed = self.its.is_public or given == f"Bearer {self.api_key}"
        self.path, self.query = request.scope["raw_path"].decode("latin-1"), dict(request.query_params)
        self.filters = {name: value for name, value in self.query.items() if not name.startswith("page_")}
        page = self.query.get("page_size", "10"), self.query.get("page_number", "0")
        self.size, self.number = (int(n) if re.fullmatch("[0-9]{1,10}", n) else -1 for n in page)
        self.body = parsed(content)
        asked = self.query if self.its.method == "GET" else self.body
        self.fields = asked if isinstance(asked, dict) else {}
        self._server, self._content = server, content

    async def send(self):
        """Pass it on, and give the reply back."""
        url = f"{self._server.base_url}{self.path}?{urlencode(self.query)}"
        content = self._content if self.body is None else json.dumps(self.body).encode()
        request = httpx.Request(self.its.method, url, headers=self.headers, content=content)
        response = await self._server.faithful.handle_async_request(request)
        content = await response.aread()
        body = content if parsed(content) is None else parsed(content)
        headers = {name: value for name, value in response.headers.items() if name != "content-length"}
        return Reply(response.status_code, body, headers)

    def given(self, name, kind=str):
        """What is asked for by that name if it is of that kind, else None."""
        value = self.fields.get(name)
        return value if isinstance(value, kind) else None

    def every(self, **filters):
        """All records that these filters let pass, as they are shown."""
        checks = {name: check for name, (check, _) in self.table.filters.items()}
        return self.db.page(self.table, {**query(filters.items(), checks), "page_size": -1})

    def paged(self, items):
        """The page of these items that was asked for."""
        return items[self.number * self.size :][: self.size]

    @property
    def key(self):
        """The license key that is meant, by its string or its id; empty where there is none."""
        text = self.given("license_key") or self.given("key")
        named = (text, "key") if text else (self.path.rpartition("/")[2],)
        found = self.db.find(TABLE, *named)
        return {} if found is None else self.db.show(TABLE, found)


class Row(NamedTuple):
    """What a server does otherwise."""

    ops: Collection[str]
    act: Callable[[Exchange], Awaitable[Reply]]
    suffix: str = ""  # that ids have, as this server shows them


class Planted(MockServer):
    """A mock that `row` makes of the faithful one."""

    def __init__(self, row, **settings):
        super().__init__(**settings)
        self.db, self.memory, self.error, self._row = self._db, {}, None, row
        config = self._server.config
        self._app, config.app, config.interface = config.app, self._serve, "asgi3"
        self.faithful = httpx.ASGITransport(lambda scope, *io: self._app({**scope, "state": {}}, *io))

    async def _serve(self, scope, receive, send):
        request = Request(scope, receive)
        op, asked = operation_of(request.method, scope["path"]), request.query_params
        if op not in self._row.ops or len(asked) < len(asked.multi_items()):  # twice the same is refused
            await self._app(scope, receive, send)
            return
        try:
            reply = await self._row.act(Exchange(self, op, request, await request.body()))
        except Exception as error:  # noqa: BLE001 - a row that breaks must not pass for one that was reported
            self.error = self.error or error
            reply = Reply(500, {"code": "ROW_BROKE"})
        await Response(reply.content, reply.status, reply.headers)(scope, receive, send)


def times(x, thing):
    """How often this was asked about."""
    x.memory[thing] = x.memory.get(thing, 0) + 1
    return x.memory[thing]


def row(act):
    """Makes rows: for operations, `act(x, …)` makes the reply."""

    def made(ops, *args, **named):
        return Row((ops,) if isinstance(ops, str) else ops, lambda x: act(x, *args, **named))

    return made


@row
async def asks(x, change, when=bool):
    """A request for which `when(x)` holds is changed by `change(x)` before it is passed on."""
    if when(x):
        change(x)
    return await x.send()


@row
async def without(x, name):
    """A parameter of the query is checked, and then ignored."""
    reply = await x.send()
    return await x.send() if reply.ok and x.query.pop(name, None) is not None else reply


def changed(ops, name, change, kind=str):
    """A parameter or a field that is there, and of that kind, becomes `change(value)`."""
    its = lambda x: x.fields.update({name: change(x.fields[name])})
    return asks(ops, its, lambda x: x.given(name, kind) is not None)


def forgets(ops, name, when=bool):
    """A parameter or a field that is there is ignored."""
    return asks(ops, lambda x: x.fields.pop(name, None), when)


def lets_in(ops, when):
    """An API key for which `when(x, given)` holds will do."""
    ours = lambda x: x.headers.update(authorization=f"Bearer {x.api_key}")
    return asks(ops, ours, lambda x: when(x, x.headers.get("authorization", "")[7:]))


def looked_up(ops, same, **filters):
    """The license key that is meant is one for which `same(held, asked)` holds."""
    found = lambda x, asked: (key["key"] for key in x.every(**filters) if same(key["key"], asked))
    meant = lambda x: x.body.update(license_key=next(found(x, x.body["license_key"]), x.body["license_key"]))
    return asks(ops, meant, lambda x: x.given("license_key"))


@row
async def refuses(x, when, status=422, **headers):
    """A request for which `when(x)` holds is refused, and nothing is done."""
    return Reply(status, REFUSED, JSON | headers) if x.is_allowed and when(x) else await x.send()


@row
async def tells(x, change, *, on="success"):
    """A reply is changed by `change(x, reply)`: one with that status or code, or for which `on(x, reply)` holds."""
    reply = await x.send()
    if on(x, reply) if callable(on) else reply.has(on):
        change(x, reply)
    return reply


def each(ops, change):
    """Every item, in a listing or by itself, is changed by `change(x, item)`."""
    return tells(ops, lambda x, reply: [change(x, item) for item in reply.items])


def relists(ops, page, when=bool):
    """The items of a page are `page(x, items)`."""
    other = lambda x, reply: reply.body.update(items=page(x, reply.items))
    return tells(ops, other, on=lambda x, reply: reply.ok and when(x))


def compared(ops, name, same):
    """A filter compares as `same(held, asked)` does."""
    found = lambda x, _: x.paged([item for item in x.every() if same(item[name], x.query[name])])
    return relists(ops, found, lambda x: list(x.filters) == [name])


def answers(ops, on, status, code=REFUSED["code"]):
    """Such a reply is a refusal instead, or another success."""
    refused = {"body": REFUSED | {"code": code}} if status >= 400 else {}
    return tells(ops, lambda _, reply: vars(reply).update(refused, status=status), on=on)


@row
async def remembers(x, thing):
    """Where `thing(x)` is the same as before, the first reply comes again."""
    name = thing(x) if x.is_allowed else None
    reply = x.memory.get(name) or await x.send()
    if name is not None and reply.ok:
        x.memory[name] = reply
    return reply


@row
async def void(x):
    """A success changes nothing."""
    before = x.db.dump()
    reply = await x.send()
    if reply.ok:
        x.db.load(before)
    return reply


@row
async def carried_out(x, refused, when=bool, *, without=None, **otherwise):
    """What is refused is carried out: without a field, or as if the key were otherwise."""
    reply = await x.send()
    if not (reply.has(refused) and when(x.key)):
        return reply
    before = x.db.find(TABLE, x.key["id"])
    x.body.pop(without, None)
    x.db.update(TABLE, before["id"], **otherwise)
    reply = await x.send()
    x.db.update(TABLE, before["id"], **{name: before[name] for name in otherwise})
    return reply


@row
async def together(x, thing, other):
    """Two requests at once for which `thing(x)` is the same pass another row."""
    meeting = x.memory.setdefault(thing(x), asyncio.Barrier(2))
    try:
        await asyncio.wait_for(meeting.wait(), PATIENCE)
    except TimeoutError:
        return await x.send()
    return await other.act(x)

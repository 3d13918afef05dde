"""A server on a real socket that misbehaves on command: each request gets the next fault of a script."""

from __future__ import annotations

import gzip
import json
import socket
import struct
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from itertools import chain, repeat
from urllib.parse import urlsplit

API_KEY = "sk_live_very_secret"
KEY = {
    "id": "lic_1",
    "business_id": "bus_1",
    "created_at": "2026-01-01T00:00:00Z",
    "customer_id": "cus_1",
    "instances_count": 0,
    "key": "DEMO-1",
    "product_id": "pdt_1",
    "status": "active",
}
ACTIVATION = {
    "id": "lki_1",
    "business_id": "bus_1",
    "created_at": "2026-01-01T00:00:00Z",
    "license_key_id": "lic_1",
    "name": "laptop",
    "customer": {"customer_id": "cus_1", "email": "a@example.com", "name": "A"},
    "product": {"product_id": "pdt_1", "name": None},
}


PATIENCE = 60  # seconds until a test that waits for what must happen gives up


def until(happened):
    """Wait until something holds, however long a busy machine takes."""
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.005)


KEEP, CLOSE, RESET, STALL = "keep", "close", "reset", "stall"


def played(*pieces, then=CLOSE, pause=0.0, endlessly=b""):
    """A fault: these pieces, that many seconds apart, and what becomes of the connection."""

    def fault(connection):
        for piece in chain(pieces, repeat(endlessly) if endlessly else ()):
            connection.sendall(piece)
            time.sleep(pause)
        if then == RESET:
            time.sleep(0.05 if pieces else 0)  # let them arrive first: a reset overtakes what is on its way
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif then == STALL:
            connection.settimeout(60)
            connection.recv(1)  # returns when the client goes away
        return then == KEEP

    return fault


def answer(status=200, body=b"", content_type="application/json", **headers):
    """A whole reply; names of headers are written with underscores."""
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} X", f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return played("\r\n".join([*lines, "", ""]).encode() + body, then=KEEP)


def failure(status, code="SOME_CODE", **headers):
    return answer(status, {"code": code, "message": "why"}, **headers)


GOOD = {
    "/licenses/activate": answer(201, ACTIVATION),
    "/licenses/deactivate": answer(200),
    "/licenses/validate": answer(200, {"valid": True}),
}


def good(target):
    path = urlsplit(target).path  # a proxy is asked for the whole address
    is_key = path.startswith("/license_keys/")
    return GOOD.get(path, answer(200, KEY if is_key else {"items": []}))


def in_bytes(data):
    return (data[at : at + 1] for at in range(len(data)))


_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_BODY = json.dumps(KEY).encode()
_TOO_LONG = _HEAD + b"Content-Length: 9000\r\n\r\n"
_CHUNKED = _HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
reset = played(then=RESET)
stall = played(then=STALL)
RESET_IN_BODY = played(_TOO_LONG + _BODY, then=RESET)
TRUNCATED = played(_TOO_LONG + _BODY)
TOO_SHORT_LENGTH = played(_HEAD + b"Content-Length: 20\r\n\r\n" + _BODY)
BROKEN_CHUNKS = played(_CHUNKED + b"zz\r\n" + _BODY)
STALLED_BODY = played(_TOO_LONG + _BODY, then=STALL)
NOT_HTTP = played(b"SSH-2.0-OpenSSH_9.2\r\n")
TRICKLED_HEAD = played(*in_bytes(_HEAD * 50), pause=0.05)
TRICKLED_BODY = played(_TOO_LONG, *in_bytes(_BODY * 50), pause=0.05)
ENDLESS = played(_CHUNKED, endlessly=b"10000\r\n" + b" " * 65536 + b"\r\n")
_packed = gzip.compress(_BODY)
BROKEN_GZIP = answer(200, _packed[:10] + b"\x00" * 40 + _packed[50:], Content_Encoding="gzip")
GZIP_BOMB = answer(200, gzip.compress(bytes(2**25 + 1), 1), Content_Encoding="gzip")
GZIP_NOT_ASKED_FOR = answer(200, _packed, Content_Encoding="gzip")
HTML = answer(200, b"<html>Sign in</html>", "text/html")


class MisbehavingServer:
    """Serves each request the next fault of the script, and then what `otherwise` makes of its target.

    `requests` holds what came: (method, target, headers), `bodies` and `connections` the body of each, and
    the number of its connection.
    """

    def __init__(self, *script, otherwise=good):
        self._script = list(script)
        self._otherwise = otherwise
        self.requests, self.bodies, self.connections = [], [], []
        self._silent = 0
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self._connections = []
        self.base_url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self):
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        for connection in [self._listener, *self._connections]:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        self._thread.join(5)

    def _accept(self):
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                number = len(self._connections)
                self._connections.append(connection)
                threading.Thread(target=self._serve, args=(connection, number), daemon=True).start()

    def forget_connections(self):
        """Answer on none of those there are, as where something between has forgotten them."""
        self._silent = len(self._connections)

    def _serve(self, connection, number):
        with suppress(OSError), connection:
            while (came := _read_request(connection)) is not None:
                *request, body = came
                self.bodies.append(body)
                self.connections.append(number)
                self.requests.append(tuple(request))
                if number < self._silent:
                    stall(connection)
                    return
                fault = self._script.pop(0) if self._script else self._otherwise(request[1])
                if not fault(connection):
                    return


def _read_request(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65536)
    return method, target, headers, body


@contextmanager
def deaf_port(*hosts):
    """A port whose queue for connections is full at these addresses, so that connecting takes for ever."""
    port = 0
    with ExitStack() as sockets:
        for host in hosts:
            listener = sockets.enter_context(socket.socket())
            listener.bind((host, port))
            listener.listen(0)
            port = listener.getsockname()[1]
            for _ in range(3):
                waiting = sockets.enter_context(socket.socket())
                waiting.setblocking(False)  # noqa: FBT003 - as sockets have it
                waiting.connect_ex((host, port))
        yield port

"""A server on a real socket that misbehaves on command: each request gets the next fault of a script."""

from __future__ import annotations

import gzip
import json
import socket
import struct
import threading
import time
from contextlib import suppress
from urllib.parse import urlsplit

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


def answer(status=200, body=b"", content_type="application/json", **headers):
    """A whole reply; names of headers are written with underscores."""
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} X", f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    raw = "\r\n".join([*lines, "", ""]).encode() + body

    def fault(connection):
        connection.sendall(raw)
        return True

    return fault


def failure(status, code="SOME_CODE", **headers):
    return answer(status, {"code": code, "message": "why"}, **headers)


def good(target):
    path = urlsplit(target).path  # a proxy is asked for the whole address
    if path == "/licenses/activate":
        return answer(201, ACTIVATION)
    if path == "/licenses/deactivate":
        return answer(200)
    if path == "/licenses/validate":
        return answer(200, {"valid": True})
    if path.startswith("/license_keys/"):
        return answer(200, KEY)
    return answer(200, {"items": []})


def raw(data, *, reset=False, keep=False):
    """These bytes, and then the end of the connection, unless it is kept."""

    def fault(connection):
        connection.sendall(data)
        if reset:
            time.sleep(0.05)  # let them arrive first: a reset overtakes what is still on its way
            _arrange_reset(connection)
        return keep

    return fault


def reset(connection):
    _arrange_reset(connection)
    return False


def _arrange_reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def stall(connection):
    connection.settimeout(60)
    with suppress(OSError):
        connection.recv(1)  # returns when the client goes away
    return False


def stalled(data):
    """These bytes, and then nothing."""

    def fault(connection):
        connection.sendall(data)
        return stall(connection)

    return fault


def endless(head, chunk):
    """This head, and then the same piece for as long as anybody reads."""

    def fault(connection):
        with suppress(OSError):
            connection.sendall(head)
            while True:
                connection.sendall(chunk)
        return False

    return fault


def trickle(data):
    """A byte each 50 ms."""

    def fault(connection):
        with suppress(OSError):
            for position in range(len(data)):
                connection.sendall(data[position : position + 1])
                time.sleep(0.05)
        return False

    return fault


_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_BODY = json.dumps(KEY).encode()
RESET_IN_BODY = raw(_HEAD + b"Content-Length: 9000\r\n\r\n" + _BODY, reset=True)
TRUNCATED = raw(_HEAD + b"Content-Length: 9000\r\n\r\n" + _BODY)
TOO_SHORT_LENGTH = raw(_HEAD + b"Content-Length: 20\r\n\r\n" + _BODY)
BROKEN_CHUNKS = raw(_HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + _BODY)
STALLED_BODY = stalled(_HEAD + b"Content-Length: 9000\r\n\r\n" + _BODY)
NOT_HTTP = raw(b"SSH-2.0-OpenSSH_9.2\r\n")
TRICKLED_HEAD = trickle(_HEAD * 50)
TRICKLED_BODY = trickle(_HEAD + b"Content-Length: 9000\r\n\r\n" + _BODY * 50)
_packed = gzip.compress(_BODY)
BROKEN_GZIP = answer(200, _packed[:10] + b"\x00" * 40 + _packed[50:], Content_Encoding="gzip")
_zeros = gzip.compress(bytes(2**26))
GZIP_BOMB = answer(200, _zeros, Content_Encoding="gzip")
GZIP_NOT_ASKED_FOR = answer(200, gzip.compress(_BODY), Content_Encoding="gzip")
ENDLESS = endless(_HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b" " * 65536 + b"\r\n")
HTML = answer(200, b"<html>Sign in</html>", "text/html")


class MisbehavingServer:
    """Serves each request the next fault of the script, and then what `otherwise` makes of its target.

    `requests` holds what came: (method, path, headers), `connections` the number of the connection of each.
    """

    def __init__(self, *script, otherwise=good):
        self._script = list(script)
        self._otherwise = otherwise
        self.requests = []
        self.connections = []
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
            while (request := _read_request(connection)) is not None:
                self.requests.append(request)
                self.connections.append(number)
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
    headers = dict(line.lower().split(": ", 1) for line in lines)
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65536)
    return method, target.partition("?")[0], headers


class DeafServer:
    """A port whose queue for connections is full, so that connecting takes for ever."""

    def __init__(self, *hosts):
        self._sockets = []
        self.port = 0
        for host in hosts or ("127.0.0.1",):
            listener = socket.socket()
            listener.bind((host, self.port))
            listener.listen(0)
            self.port = listener.getsockname()[1]
            self._sockets.append(listener)
            for _ in range(3):
                waiting = socket.socket()
                waiting.setblocking(False)  # noqa: FBT003 - as sockets have it
                waiting.connect_ex((host, self.port))
                self._sockets.append(waiting)
        self.base_url = f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for each in self._sockets:
            each.close()

"""The one way out: every request of rules and of Schemathesis passes here, in its turn, or isn't sent."""

from __future__ import annotations

import json
import math
import re
import shlex
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
from requests.adapters import HTTPAdapter

from dodo_licenses._http.calls import asked_to_wait_by
from dodo_licenses._http.pacing import Pace
from dodo_licenses._settings import API_KEY_VARIABLE
from dodo_licenses.contract.settings import Settings
from dodo_licenses.contract.spec import Spec
from dodo_licenses_api.operations import OPERATIONS, VALIDATE_LICENSE

MARK = "CONTRACT-TEST-"  # what the license keys begin with that a run imports
_PUBLIC = {f"{its.method} {its.path}" for its in OPERATIONS.values() if its.public}
_IDS = {"id", "key", "license_key", "license_key_instance_id"}
_MAKES = ("/license_keys", "/activate", "/license-key")  # what makes something that is ours
_HIDDEN = {"key", "license_key", "email", "phone_number", "metadata", "api_key", "authorization", "oauth_url"}
# Values of such fields in JSON that was cut, so that it can't be read.
_MASKED = re.compile(rf'"({"|".join(_HIDDEN)})"\s*:\s*("(?:[^"\\]|\\.)*|{{[^}}]*|[^,}}]*)')
_SHORTEST_SECRET = 4  # what is shorter is found in too many words
_LONGEST_WAIT = 70.0  # seconds for a rate limit that is counted by the minute
_LONGEST_PAUSE = 2.0  # seconds between two requests


class NotSentError(Exception):
    """A request that this run must not send."""


class Gate(HTTPAdapter):
    """Sends requests one after the other, at the documented rate, and only those that the run may send.

    A run that reads sends GET and the public validate. A run that writes changes only what it imported: it knows
    what it was shown, and by which replies it was told of a key of its own.
    """

    def __init__(self, settings: Settings, spec: Spec) -> None:
        super().__init__(pool_maxsize=16)
        self._settings, self._spec = settings, spec
        self._validate = urlsplit(settings.base_url).path + VALIDATE_LICENSE.path
        self._lock = threading.Lock()
        self._pause, self._pace = settings.pause, Pace(None)
        self._next, self._passed = 0.0, 0  # how many passed since it was refused last
        self._paused, self._shortest = 0.0, math.inf  # seconds: in all before, and for one refusal
        self._secrets = {settings.api_key, settings.read_only_api_key}
        self.sent: Counter[str] = Counter()  # how many requests, by operation
        self.seen: set[str] = set()  # ids that the server has shown
        self.ours = {settings.subscription_key, *settings.grant}  # those of them that may be changed
        self.imported: list[str] = []  # those of license keys that were imported through it

    def send(
        self, request: requests.PreparedRequest, *arguments: Any, label: str = "", **options: Any
    ) -> requests.Response:
        """As HTTPAdapter's; waits for the rate limit, and for longer from when the server says so.

        Raises:
            NotSentError: This run must not send that.
        """
        method, path = str(request.method), unquote(urlsplit(str(request.url)).path)
        if method != "GET" and (method, path) != ("POST", self._validate):
            self._admit(method, path, request.body)
        label = label or self._spec.label_of(method, str(request.url)) or "elsewhere"
        if label in _PUBLIC and request.headers.get("Authorization") == f"Bearer {self._settings.api_key}":
            del request.headers["Authorization"]  # Schemathesis tries whether it helps
        began = sent = self._turn(label)
        response = super().send(request, *arguments, **options)
        while response.status_code == requests.codes.too_many and sent < began + _LONGEST_WAIT:
            self._slow_down(sent, asked_to_wait_by(response.headers))
            sent = self._turn(label)
            response = super().send(request, *arguments, **options)
        with self._lock:
            self._pace.accepted(sent)
            self._passed += 1
        self._learn(method, path, response)
        return response

    def _admit(self, method: str, path: str, body: Any) -> None:
        if self._settings.read_only:
            raise NotSentError(f"this run only reads: {method} {path} was not sent")
        named = [part for part in path.split("/") if part in self.seen]
        touched = {*named[-1:], *_texts(parsed(body))}  # of a path the innermost is changed
        if foreign := (touched & self.seen) - self.ours:
            told = f"{len(foreign)} of its ids"
            raise NotSentError(f"{method} {path} would change what this run did not make: {told}")

    def _turn(self, what: str) -> float:
        """Wait until a request may be sent; when that is."""
        with self._lock:
            self.sent[what] += 1
            now = time.monotonic()
            wait = max(0.0, self._next - now, self._pace.delay(now))
            time.sleep(wait)
            self._next = now + wait + self._pause
            return now + wait

    def _slow_down(self, sent: float, asked_to_wait: float | None) -> None:
        """Wait as a client does; a wait is spread over what passes from then to the next, as long as that helps."""
        with self._lock:
            waited = self._pace.paused_in_all - self._paused
            if self._passed:  # or it is refused once more
                if 1 < waited < self._shortest:
                    self._shortest = waited
                    longer = self._pause + 1.1 * waited / self._passed
                    self._pause = max(self._pause, min(longer, _LONGEST_PAUSE))
                self._passed, self._paused = 0, self._pace.paused_in_all
            self._pace.refused(time.monotonic(), sent, asked_to_wait)

    def _learn(self, method: str, path: str, response: requests.Response) -> None:
        """Which ids there are, which of them are ours, and what is secret."""
        body = parsed(response.content)
        found = set(_texts(body, _IDS))
        hidden = {text for text in _texts(body, _HIDDEN) if not text.startswith(MARK)}
        with self._lock:
            self.seen |= found
            self._secrets |= hidden | {json.dumps(text, ensure_ascii=False)[1:-1] for text in hidden}
            if method == "POST" and response.ok and path.endswith(_MAKES):
                self.ours |= found
                self.imported += _texts(body, {"id"}) if path.endswith(_MAKES[0]) else ()

    def redacted(self, text: str) -> str:
        """A text without API keys, license keys and customers' data."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, "…") if len(secret) >= _SHORTEST_SECRET else text
        return text

    def shown(self, content: Any) -> str:
        """A body for people."""
        body = parsed(content)
        text = content.decode(errors="replace") if isinstance(content, bytes) else content
        text = _MASKED.sub(r'"\1": …', text or "") if body is None else json.dumps(body, ensure_ascii=False)
        return self.redacted(text or "an empty body")[:300]

    def session(self) -> requests.Session:
        """A session whose every request passes here, and that no proxy of the environment diverts."""
        made = requests.Session()
        made.trust_env = False
        for scheme in ("http://", "https://"):
            made.mount(scheme, self)
        return made

    def curl(self, request: requests.PreparedRequest) -> str:
        """A request as a line for a shell, with variables in the place of API keys."""
        parts = ["curl", "-X", str(request.method), str(request.url)]
        if request.body:
            parts += ["-H", "Content-Type: application/json", "-d", self.shown(request.body)]
        line = self.redacted(shlex.join(parts))
        if given := request.headers.get("Authorization"):
            names = {self._settings.read_only_api_key: "$CONTRACT_READ_ONLY_API_KEY"}
            names[self._settings.api_key] = f"${API_KEY_VARIABLE}"
            key = str(given).removeprefix("Bearer ")
            other = "wrong" if key == "wrong" else f"something like ${API_KEY_VARIABLE}"
            line += f' -H "Authorization: Bearer {names.get(key, other)}"'
        return line


def parsed(content: Any) -> Any:
    """JSON; None where it is none."""
    try:
        return json.loads(content or b"null")
    except (ValueError, RecursionError, TypeError):
        return None


def _texts(value: Any, names: set[str] | None = None, name: str = "") -> Iterator[str]:
    """Every text in fields of these names, or in any."""
    if isinstance(value, str):
        if names is None or name in names:
            yield value
    elif isinstance(value, dict):
        for inner, held in value.items():
            yield from _texts(held, names, name if name == "metadata" else inner)
    elif isinstance(value, list):
        for held in value:
            yield from _texts(held, names, name)

"""The one way out: every request of rules and of Schemathesis passes here, in its turn, or isn't sent."""

from __future__ import annotations

import json
import shlex
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
from requests.adapters import HTTPAdapter

from dodo_licenses.contract.settings import Settings
from dodo_licenses_api.operations import OPERATIONS

MARK = "CONTRACT-TEST-"  # what the license keys begin with that a run imports
_HIDDEN = {"key", "license_key", "email", "phone_number", "metadata", "api_key", "authorization", "oauth_url"}
_ROOTS = {operation.path.split("/")[1] for operation in OPERATIONS.values()}
_LONGEST_WAIT = 70.0  # seconds for a rate limit that is counted by the minute


class NotSentError(requests.exceptions.RequestException):
    """A request that this run must not send."""


class Gate(HTTPAdapter):
    """Sends requests one after the other, at the documented rate, and only those that the run may send.

    A run that reads sends GET and the public validate. A run that writes changes only what it imported: it knows
    what it was shown, and by which replies it was told of a key of its own.

    Args:
        read_only: Whether nothing may be changed.
        pause: Seconds between two requests, 0 for no limit.
        journal: Where the ids of imported keys are noted, for whoever cleans up.
        secrets: What must be shown nowhere.
        allowed: Ids that may be changed, though the run didn't make them.
    """

    def __init__(
        self,
        *,
        read_only: bool,
        pause: float,
        journal: Path,
        secrets: set[str],
        allowed: tuple[str, ...] = (),
    ) -> None:
        super().__init__(pool_maxsize=16)
        self._read_only = read_only
        self._pause = pause
        self._journal = journal
        self._lock = threading.Lock()
        self._next = 0.0
        self._secrets = {secret for secret in secrets if secret}
        self._seen: set[str] = set()
        self._ours: set[str] = {*allowed, *_noted(journal)}
        self.sent: Counter[str] = Counter()

    def send(self, request: requests.PreparedRequest, *arguments: Any, **options: Any) -> requests.Response:
        """As HTTPAdapter's; waits for the rate limit, and once more where the server says so.

        Raises:
            NotSentError: This run must not send that.
        """
        path = unquote(urlsplit(str(request.url)).path)
        body = _json(request.body)
        self._admit(str(request.method), path, body, request)
        waited = 0.0
        while True:
            self._wait(f"{request.method} {_place(path)}")
            response = super().send(request, *arguments, **options)
            if response.status_code != requests.codes.too_many or waited >= _LONGEST_WAIT:
                break
            told = response.headers.get("Retry-After", "")
            pause = min(float(told) if told.isdigit() else 5.0, _LONGEST_WAIT - waited) + 0.1
            waited += pause
            time.sleep(pause)
        self._learn(str(request.method), path, response)
        return response

    def _admit(self, method: str, path: str, body: Any, request: requests.PreparedRequest) -> None:
        if method == "GET" or (method == "POST" and path.endswith("/licenses/validate")):
            return
        if self._read_only:
            raise NotSentError(f"this run only reads: {method} {path} was not sent", request=request)
        named = [part for part in path.split("/") if part in self._seen][
            -1:
        ]  # the innermost is what is changed
        touched = {*named, *_strings(body, {"license_key", "license_key_instance_id"})}
        if foreign := (touched & self._seen) - self._ours:
            raise NotSentError(
                f"{method} {path} would change what this run did not make: {len(foreign)} of its ids"
            )

    def _wait(self, what: str) -> None:
        with self._lock:
            self.sent[what] += 1
            now = time.monotonic()
            time.sleep(max(0.0, self._next - now))
            self._next = max(self._next, now) + self._pause

    def _learn(self, method: str, path: str, response: requests.Response) -> None:
        """Which ids there are, which of them are ours, and what is secret."""
        body = _json(response.content)
        names = {"id", "key", "license_key", "license_key_instance_id"}
        found = set(_strings(body, names))
        made = (
            method == "POST"
            and response.ok
            and isinstance(body, dict)
            and path.endswith(("/license_keys", "/activate"))
        )
        with self._lock:
            if made:
                self._ours |= found
                if path.endswith("/license_keys") and isinstance(body.get("id"), str):
                    with self._journal.open("a") as journal:
                        journal.write(json.dumps([body["id"], body.get("key")]) + "\n")
            self._seen |= found
            hidden = {text for text in _strings(body, _HIDDEN) if len(text) > 3 and not text.startswith(MARK)}  # noqa: PLR2004
            self._secrets |= hidden

    def own(self, *ids: str) -> None:
        """Take keys for ours, by the word of another process or because their name says so."""
        self._ours.update(ids)

    def redacted(self, text: str) -> str:
        """A text without API keys, license keys and customers' data."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, "…")
        return text


def scrubbed(value: Any) -> Any:
    """JSON without what is secret by the name of its field; keys that a run imported may be shown."""
    if isinstance(value, dict):
        return {
            name: "…" if name in _HIDDEN and held and not str(held).startswith(MARK) else scrubbed(held)
            for name, held in value.items()
        }
    return [scrubbed(item) for item in value] if isinstance(value, list) else value


def as_curl(method: str, url: str, content: Any, authorization: str, settings: Settings) -> str:
    """A request as a line for a shell, with variables in the place of API keys."""
    parts = ["curl", "-X", method, url]
    if content:
        text = content.decode(errors="replace") if isinstance(content, bytes) else content
        body = _json(content)
        shown = json.dumps(scrubbed(body), ensure_ascii=False) if body is not None else text[:300]
        parts += ["-H", "Content-Type: application/json", "-d", shown]
    variables = {f"Bearer {settings.api_key}": "$DODO_PAYMENTS_API_KEY"}
    if settings.read_only_api_key:
        variables[f"Bearer {settings.read_only_api_key}"] = "$CONTRACT_READ_ONLY_API_KEY"
    told = f' -H "Authorization: Bearer {variables.get(authorization, "wrong")}"' if authorization else ""
    return shlex.join(parts) + told


def session(gate: Gate) -> requests.Session:
    """A session whose every request passes the gate, and that no proxy of the environment diverts."""
    made = requests.Session()
    made.trust_env = False
    for scheme in ("http://", "https://"):
        made.mount(scheme, gate)
    return made


def _place(path: str) -> str:
    """A path without the ids in it."""
    parts = path.split("/")
    first = next((n for n, part in enumerate(parts) if part in _ROOTS), None)
    if first is None:
        return "elsewhere"
    below = parts[first:]
    return "/" + "/".join(
        "{id}" if n % 2 and below[0] != "licenses" else part for n, part in enumerate(below[:4])
    )


def _noted(journal: Path) -> Iterator[str]:
    if journal.exists():
        for line in journal.read_text().splitlines():
            yield from json.loads(line)


def _json(content: Any) -> Any:
    try:
        return json.loads(content or b"null")
    except (ValueError, RecursionError, TypeError):
        return None


def _strings(value: Any, names: set[str], *, inside: bool = False) -> Iterator[str]:
    """Every text below fields of these names."""
    if isinstance(value, dict):
        for name, held in value.items():
            yield from _strings(held, names, inside=inside or name in names)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item, names, inside=inside)
    elif inside and isinstance(value, str):
        yield value

"""The server under test, as rules see it: each request checked by the spec, each disagreement a line to repeat."""

from __future__ import annotations

import functools
import json as json_
import os
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import requests

from dodo_licenses.contract import gate as gates
from dodo_licenses.contract.derived import Listing, listings
from dodo_licenses.contract.findings import Disagreement, Finding, NoDataError
from dodo_licenses.contract.settings import Settings
from dodo_licenses.contract.spec import Spec
from dodo_licenses_api import operations as api
from dodo_licenses_api.operations import Operation

MOST_PAGES = 30  # of a listing that is read whole; an account may have more, a broken server endless ones
NO_LICENSE_KEY = "CONTRACT-NO-SUCH-KEY"
GONE = (404, 405, 410)  # what a listing answers that a server doesn't have, or no longer
Item = dict[str, Any]


def moment(text: str) -> datetime:
    """A date-time of the API."""
    return datetime.fromisoformat(text)


def nobody(like: str) -> str:
    """An id of the same kind that nothing has."""
    return f"{like.partition('_')[0]}_{'0' * 22}"


@dataclass
class Reply:
    """A reply, and the request that it answers."""

    operation: str
    curl: str
    status: int
    body: Any
    headers: Mapping[str, str] = field(repr=False)
    text: str = field(repr=False, default="")

    def __getitem__(self, name: str) -> Any:
        self.must(isinstance(self.body, dict) and name in self.body, f"`{name}` is in the reply")
        return self.body[name]

    @property
    def ok(self) -> bool:
        """Whether it is a success."""
        return 200 <= self.status < 300  # noqa: PLR2004

    @property
    def items(self) -> list[Item]:
        """The items of a page."""
        return list(self["items"])

    def finding(self, cause: str) -> Finding:
        """What is wrong with it, with the request and what came."""
        told = (
            json_.dumps(gates.scrubbed(self.body), ensure_ascii=False) if self.body is not None else self.text
        )
        return Finding(cause, self.operation, self.curl, f"{self.status}, {told[:300] or 'an empty body'}")

    def must(self, holds: object, says: str) -> None:
        """Disagree unless it holds."""
        if not holds:
            raise Disagreement(self.finding(says))

    def fails(self, status: int | tuple[int, ...], *codes: str, why: str = "") -> None:
        """It is an error with a documented status, and one of the documented codes."""
        wanted = (status,) if isinstance(status, int) else status
        about = f", {why}" if why else ""
        self.must(self.status in wanted, f"the documented status is {' or '.join(map(str, wanted))}{about}")
        if codes:
            self.must(self["code"] in codes, f"the documented code is {' or '.join(codes)}{about}")


class Server:
    """A server, and what is known of its data."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        settings.out.mkdir(parents=True, exist_ok=True)
        self.journal = settings.out / f"imported-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}.txt"
        self.random = random.Random(settings.seed)  # noqa: S311 - choices that a seed repeats
        self.spec = Spec(settings.spec)
        self.gate = gates.Gate(
            read_only=settings.read_only,
            pause=settings.pause,
            journal=self.journal,
            secrets={settings.api_key, settings.read_only_api_key},
            allowed=(settings.subscription_key, *settings.grants),
        )
        self._http = gates.session(self.gate)
        self._kept: dict[str, tuple[list[Item], bool]] = {}
        self._paths: dict[str, dict[str, str]] = {}
        self.found: list[Finding] = []
        self.accepted: set[str] = set()

    def note_sent(self) -> None:
        """Write down how many requests were sent, for the report."""
        self.journal.with_name(f"sent-{self.journal.stem}.json").write_text(json_.dumps(self.gate.sent))

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    # --- requests ------------------------------------------------------------------------------------

    def ask(
        self,
        operation: Operation[Any],
        path: Mapping[str, str] | str | None = None,
        *,
        query: Mapping[str, Any] | None = None,
        json: Any = None,
        key: str | None = "",
        expect: int | tuple[int, ...] | None = None,
        says: str = "the documented status",
        wrong: bool = False,
    ) -> Reply:
        """Send a request and check its reply; what the spec has against either is noted, and the rule goes on.

        Args:
            operation: What to do.
            path: The parameters of the path, or the only one.
            query: The parameters of the query.
            json: The body.
            key: The API key; empty for the run's own, None for none.
            expect: The status, or several, that it must have.
            says: Why.
            wrong: Whether the request is wrong in itself, so that the spec has to refuse it, too.

        Raises:
            Disagreement: Nothing came, or another status than expected.
        """
        names = [p.name for p in operation.parameters if p.place == "path"]
        ids = {names[0]: path} if isinstance(path, str) else dict(path or {})
        request, curl = self._request(
            operation, ids, query, json, "" if key is None and not operation.public else key
        )
        label = f"{operation.method} {operation.path}"
        if key is None:
            request.headers.pop("Authorization", None)
        try:
            response = self._send(request)
        except requests.RequestException as error:
            if isinstance(error, gates.NotSentError):
                raise
            raise Disagreement(Finding("a request is answered", label, curl, _broke(error))) from None
        kind = response.headers.get("Content-Type", "")
        reply = Reply(
            label, curl, response.status_code, _body(response), response.headers, response.text[:300]
        )
        problems = list(self.spec.reply_problems(label, response.status_code, kind, response.content))
        against = list(self.spec.request_problems(label, ids, query or {}, json))
        if wrong and not against:
            problems.append(f"the spec of {label} allows a request that is wrong in itself")
        if reply.ok and not wrong:
            problems += [f"the server takes what the spec refuses: {problem}" for problem in against]
        self._check_need_of_key(label, reply, key, problems)
        self.found += [reply.finding(problem) for problem in problems]
        if reply.ok:
            self.accepted.add(label)
        wanted = (expect,) if isinstance(expect, int) else expect
        if wanted is not None:
            reply.must(reply.status in wanted, f"{says}: {' or '.join(map(str, wanted))}")
        return reply

    def _check_need_of_key(self, label: str, reply: Reply, key: str | None, problems: list[str]) -> None:
        if key is None and reply.ok and self.spec.needs_key(label):
            problems.append(f"the spec says that {label} needs an API key")
        if key is None and reply.status == requests.codes.unauthorized and not self.spec.needs_key(label):
            problems.append(f"the spec says that {label} needs no API key")

    def _request(
        self,
        operation: Operation[Any],
        ids: Mapping[str, str],
        query: Mapping[str, Any] | None,
        json: Any,
        key: str | None,
    ) -> tuple[requests.PreparedRequest, str]:
        url = self.settings.base_url + operation.path.format(
            **{name: quote(value, safe="") for name, value in ids.items()}
        )
        headers = {"Accept": "application/json"}
        secret = (self.settings.api_key if key == "" else key) if not operation.public or key else None
        if secret is not None:
            headers["Authorization"] = f"Bearer {secret}"
        request = requests.Request(
            operation.method, url, params=dict(query or {}), json=json, headers=headers
        )
        prepared = self._http.prepare_request(request)
        curl = gates.as_curl(
            operation.method,
            str(prepared.url),
            prepared.body,
            headers.get("Authorization", ""),
            self.settings,
        )
        return prepared, self.gate.redacted(curl)

    def _send(self, request: requests.PreparedRequest) -> requests.Response:
        options: dict[str, Any] = {"timeout": 20, "allow_redirects": False}
        try:
            return self._http.send(request, **options)
        except requests.ConnectionError as error:
            # An idle connection that the server closed in this very moment is no fault of it.
            if "RemoteDisconnected" not in repr(error) or request.method not in ("GET", "POST"):
                raise
            if request.method == "POST" and not str(request.path_url).endswith("/validate"):
                raise
            return self._http.send(request, **options)

    def disable(self, id: str) -> bool:  # noqa: A002 - as the API calls it
        """Disable a license key by a request whose reply is nobody's business; whether it succeeded."""
        url, headers = (
            f"{self.settings.base_url}/license_keys/{id}",
            {"Authorization": f"Bearer {self.settings.api_key}"},
        )
        try:
            return self._http.patch(url, json={"disabled": True}, headers=headers, timeout=10).ok
        except requests.RequestException:
            return False

    # --- listings ------------------------------------------------------------------------------------

    def read_all(
        self, listing: Listing, query: Mapping[str, Any] | None = None, size: int = 100
    ) -> tuple[list[Item], bool]:
        """A listing as far as MOST_PAGES pages go, and whether that is all of it."""
        items: list[Item] = []
        for number in range(MOST_PAGES):
            page = self.page(listing, {**(query or {}), "page_size": size, "page_number": number}).items
            items += page
            if len(page) < size:
                return items, True
        return items, False

    def page(self, listing: Listing, query: Mapping[str, Any]) -> Reply:
        """One page."""
        return self.ask(listing.operation, self.path_of(listing), query=query, expect=200)

    def path_of(self, listing: Listing) -> dict[str, str]:
        """Values for the parameters of a listing's path, from what another listing shows: those that list most.

        Raises:
            NoDataError: Nothing shows any.
        """
        if listing.sources and listing.id not in self._paths:
            (parameter, source, name), *_ = listing.sources
            values = Counter(str(item[name]) for item in self.items(source)[0] if item.get(name))
            if not values:
                raise NoDataError(f"no {name} for {listing.operation.path}")
            most = -1
            for value, _ in values.most_common(MOST_PAGES):
                reply = self.ask(listing.operation, {parameter: value}, query={"page_size": 11})
                count = len(reply.items) if reply.ok else 0
                if count > most:
                    self._paths[listing.id], most = {parameter: value}, count
                if most > 10:  # noqa: PLR2004 - more than a page of them
                    break
        return self._paths.get(listing.id, {})

    def items(self, listing: Listing) -> tuple[list[Item], bool]:
        """A listing as it was when first asked for, and whether that is all of it.

        Raises:
            NoDataError: It is empty, or this server has no such listing.
        """
        if listing.id not in self._kept:
            first = self.ask(listing.operation, self.path_of(listing), query={"page_size": 1})
            if first.status in GONE:
                self.found = []
                raise NoDataError(f"no {listing.operation.path}: {first.status}")
            self._kept[listing.id] = self.read_all(listing)
        items, whole = self._kept[listing.id]
        if not items:
            raise NoDataError(f"no {listing.noun}")
        return items, whole

    def expects(self, operation: Operation[Any]) -> None:
        """Grants came late: a server may have none of their operations, or all of them.

        Raises:
            NoDataError: It has none.
        """
        if "license" not in operation.tag and not self.has_grants:
            raise NoDataError("no GET /entitlements")

    @functools.cached_property
    def has_grants(self) -> bool:
        """Whether there are entitlements and grants."""
        found, before = self.ask(api.LIST_ENTITLEMENTS, query={"page_size": 1}), self.found
        self.found = [one for one in before if one.operation != "GET /entitlements"]
        return found.status not in GONE

    def forget(self) -> None:
        """Read the listings anew when next asked for."""
        self._kept.clear()

    def sample(self, items: list[Any], count: int) -> list[Any]:
        """A few of the items, as the seed has it."""
        return self.random.sample(items, min(count, len(items)))

    @property
    def keys(self) -> list[Item]:
        """The license keys."""
        return self.items(LICENSE_KEYS)[0]

    def some_keys(self, says: str, of: Callable[[Item], bool], count: int = 3) -> list[Item]:
        """A few license keys of a kind.

        Raises:
            NoDataError: There is none.
        """
        found = [key for key in self.keys if of(key)]
        if not found:
            raise NoDataError(f"no {says} license key")
        return self.sample(found, count)


LICENSE_KEYS = next(listing for listing in listings() if listing.operation is api.LIST_LICENSE_KEYS)
INSTANCES = next(listing for listing in listings() if listing.operation is api.LIST_LICENSE_KEY_INSTANCES)


def is_over(key: Mapping[str, Any], by: timedelta = timedelta(0)) -> bool:
    """Whether a license key's expiry has passed."""
    ends = key.get("expires_at")
    return ends is not None and moment(ends) < datetime.now(moment(ends).tzinfo) - by


def _broke(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "nothing within 20 seconds"
    if isinstance(error, requests.ConnectionError | requests.exceptions.ChunkedEncodingError):
        return "the connection was dropped before the reply was complete"
    return f"a reply that is no HTTP ({type(error).__name__})"


def _body(response: requests.Response) -> Any:
    try:
        return response.json() if response.content else None
    except (ValueError, RecursionError):
        return None

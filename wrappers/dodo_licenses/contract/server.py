"""The server under test, as rules see it: each reply checked by the spec, each disagreement a line to repeat."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
import requests

from dodo_licenses.contract.findings import Disagreement, Finding
from dodo_licenses.contract.gate import Gate, parsed
from dodo_licenses.contract.settings import Settings
from dodo_licenses.contract.spec import Spec
from dodo_licenses.contract.values import moment, noun, source_of
from dodo_licenses_api.operations import VALIDATE_LICENSE, Operation

MOST_PAGES = 30  # of a listing that is read whole; an account may have more, a broken server endless ones
LARGEST_PAGE = 100
FIRST_PAGE = 10  # items of a page whose size nobody asked for
MALFORMED = (400, 422)
GONE = (404, 405, 410)  # what a listing answers that a server doesn't have, or no longer
Item = dict[str, Any]
Statuses = int | tuple[int, ...]


class Reply:
    """A reply, the request that it answers, and what the spec has against it."""

    def __init__(self, operation: str, response: requests.Response, gate: Gate, problems: list[str]) -> None:
        self.operation, self.status, self.content = operation, response.status_code, response.content
        self.problems = problems
        self.body: Any = parsed(response.content)
        self._request, self._gate = response.request, gate
        self.before: list[requests.PreparedRequest] = []  # what changed something

    def __getitem__(self, name: str) -> Any:
        is_there = isinstance(self.body, dict) and name in self.body
        self.must(is_there, self._cause(name, f"`{name}` is in the reply"))
        return self.body[name]

    def _cause(self, name: str, says: str) -> str:
        """What the spec has against a field, if anything: one cause is one sentence, whoever comes upon it."""
        return next((problem for problem in self.problems if f"`{name}`" in problem), says)

    @property
    def ok(self) -> bool:
        """Whether it is a success."""
        return 200 <= self.status < 300  # noqa: PLR2004

    @property
    def items(self) -> list[Item]:
        """The items of a page."""
        return list(self["items"])

    def finding(self, cause: str, *before: requests.PreparedRequest) -> Finding:
        """What is wrong with it, with the request, what was sent before, and what came."""
        curl = "\n".join(map(self._gate.curl, (*before, self._request)))
        return Finding(cause, self.operation, curl, f"{self.status}, {self._gate.shown(self.content)}")

    def must(self, holds: object, says: str) -> None:
        """Disagree unless it holds."""
        if not holds:
            raise Disagreement(self.finding(says, *self.before))

    def answers(self, status: Statuses, *codes: str, why: str = "") -> None:
        """Disagree unless it has a documented status, and for an error a documented code."""
        wanted, about = (status,) if isinstance(status, int) else status, f", {why}" if why else ""
        self.must(self.status in wanted, f"the documented status is {' or '.join(map(str, wanted))}{about}")
        self.must(not codes or self["code"] in codes, f"the documented code is {' or '.join(codes)}{about}")

    def shows(self, says: str, fields: Mapping[str, Any]) -> None:
        """Disagree unless its fields have these values; what is null may be left out, and a moment written in two ways."""
        for name, value in fields.items():
            held = self.body.get(name)
            is_same = held == value
            if name.endswith("_at") and isinstance(held, str) and isinstance(value, str):
                is_same = moment(held) == moment(value)
            self.must(is_same, self._cause(name, f"{says}: {name}"))


class Pages(NamedTuple):
    """A listing as far as it was read, whether that is all of it, and its pages."""

    items: list[Item]
    whole: bool
    pages: list[Reply]


class Server:
    """A server, and what is known of its data."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.found: list[Finding] = []  # what the spec has against replies to the current rule
        self.wrote: list[requests.PreparedRequest] = []  # what the current rule changed last, and tried to
        self.is_spoilt = False  # by replies that are not as the spec says: rules stumble over what was kept
        self._spec = Spec(settings.spec)
        self.gate = Gate(settings, self._spec)
        self._http = self.gate.session()
        self._random = random.Random(settings.seed)  # noqa: S311 - choices that a seed repeats
        self.kept: dict[str, Pages] = {}  # listings as they were when first asked for
        self._paths: dict[str, dict[str, str]] = {}

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def ask(
        self,
        operation: Operation[Any],
        path: Mapping[str, str] | str | None = None,
        *,
        query: Mapping[str, Any] | None = None,
        json: Any = None,
        key: str | None = "",
        expect: Statuses | None = None,
        why: str = "",
    ) -> Reply:
        """Send a request and check its reply; what the spec has against that is noted, and the rule goes on.

        `path` is the parameters of the path, or the only one; `key` another API key than the run's own, None for none;
        `expect` the status, or one of several, that the reply must have, and `why`.

        Raises:
            Disagreement: Nothing came, or another status than expected.
            RuntimeError: The rule names what the operation is not given: the server isn't to blame.
        """
        label = f"{operation.method} {operation.path}"
        named = {*(query or ()), *(json if isinstance(json, dict) else ())}
        if unknown := named - {parameter.name for parameter in operation.parameters}:
            raise RuntimeError(f"a rule gives {label} {', '.join(sorted(unknown))}")
        if isinstance(path, str):
            path = {p.name: path for p in operation.parameters if p.place == "path"}
        ids = {name: quote(value, safe="") for name, value in (path or {}).items()}
        if key == "":
            key = None if operation.public else self.settings.api_key
        headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
        url = self.settings.base_url + operation.path.format(**ids)
        request = requests.Request(operation.method, url, headers, params=dict(query or {}), json=json)
        prepared = self._http.prepare_request(request)
        try:
            response = self._http.send(prepared, timeout=20, allow_redirects=False, label=label)
        except requests.RequestException as error:
            curl = self.gate.curl(prepared)
            raise Disagreement(Finding("a request is answered", label, curl, broke(error))) from None
        kind = response.headers.get("Content-Type", "")
        problems = list(self._spec.problems(label, response.status_code, kind, response.content))
        reply = Reply(label, response, self.gate, problems)
        self.found += map(reply.finding, problems)
        if operation.method != "GET" and operation is not VALIDATE_LICENSE:
            self.wrote = [*([] if reply.ok else self.wrote[:1]), prepared]
        elif self.wrote:
            reply.before = self.wrote
        self.is_spoilt |= bool(problems)
        if expect is not None:
            reply.answers(expect, why=why)
        return reply

    def page(self, listing: Operation[Any], query: Mapping[str, Any], expect: Statuses | None = 200) -> Reply:
        """One page."""
        return self.ask(listing, self.path_of(listing), query=query, expect=expect)

    def read(
        self,
        listing: Operation[Any],
        query: Mapping[str, Any],
        size: int = LARGEST_PAGE,
        most: int = MOST_PAGES,
    ) -> Pages:
        """A listing as far as that many pages go."""
        items, pages, whole = list[Item](), list[Reply](), False
        while not whole and len(pages) < most:
            page = self.page(listing, {**query, "page_size": size, "page_number": len(pages)})
            page.must(len(page.items) <= size, "a page holds as many items as were asked for at most")
            items, whole = items + page.items, len(page.items) < size
            pages.append(page)
        return Pages(items, whole, pages)

    def path_of(self, listing: Operation[Any]) -> dict[str, str]:
        """A value for the parameter of a listing's path, from what another listing shows: one that lists most."""
        for name in [p.name for p in listing.parameters if p.place == "path"]:
            if listing.id in self._paths:
                break
            source, field = source_of(listing, name)
            values = list(dict.fromkeys(str(item[field]) for item in self.items(source) if item.get(field)))
            if not values:
                pytest.skip(f"no {field} for {listing.path}")

            def length(value: str) -> int:
                reply = self.ask(listing, value, query={"page_size": FIRST_PAGE + 1})
                return len(reply.items) if reply.ok else 0

            self._paths[listing.id] = {name: max(values[:MOST_PAGES], key=length)}
        return self._paths.get(listing.id, {})

    def pages(self, listing: Operation[Any]) -> Pages:
        """A listing as it was when first asked for; where it is empty, or none, a rule can't judge."""
        if listing.id not in self.kept:
            first = self.page(listing, {"page_size": 1}, expect=None)
            if first.status in GONE:
                self.found = []
                pytest.skip(f"no {listing.path}: {first.status}")
            self.kept[listing.id] = self.read(listing, {})
        if not self.kept[listing.id].items:
            pytest.skip(f"no {noun(listing)}")
        return self.kept[listing.id]

    def items(self, listing: Operation[Any]) -> list[Item]:
        """Those of `pages`."""
        return self.pages(listing).items

    def sample(self, items: list[Any], count: int) -> list[Any]:
        """A few of the items, as the seed has it."""
        return self._random.sample(items, min(count, len(items)))


def broke(error: requests.RequestException) -> str:
    """What came in place of a reply."""
    if isinstance(error, requests.Timeout):
        return "nothing in time"
    if isinstance(error, requests.ConnectionError | requests.exceptions.ChunkedEncodingError):
        return "the connection was dropped before the reply was complete"
    return f"a reply that is no HTTP ({type(error).__name__})"

"""Talking to the server under test: every reply is held against openapi.yaml, every disagreement can be repeated."""

from __future__ import annotations

import json
import random
import shlex
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote

import httpx
from spec import OURS, Spec

MOST_PAGES = 30  # of a listing that is read whole; an account may have more, a broken server endless ones


class Disagreement(AssertionError):  # noqa: N818 - not an error of the suite
    """Server and spec, or server and documentation, say different things."""

    def __init__(self, says, request, came):
        super().__init__(f"{says}\n  request:  {request}\n  came:     {came}")
        self.says = says
        self.request = request
        self.came = came


class NoData(Exception):  # noqa: N818 - not an error of the rule, but of the account it was to judge
    """There is nothing here that this rule could judge."""


class NotGiven(Exception):  # noqa: N818 - the same
    """What this rule needs was not given; it is left out, and the run says so."""


@dataclass
class Answer:
    """A reply, and the request that it answers, as a line to repeat it."""

    request: str
    status: int
    body: object
    headers: dict = field(repr=False)

    def __getitem__(self, name):
        return self.body[name]

    def shown(self):
        text = json.dumps(self.body, ensure_ascii=False) if self.body is not None else "an empty body"
        return f"{self.status}, {text[:300]}"

    def must(self, holds, says):
        """Disagree unless it holds."""
        if not holds:
            raise Disagreement(says, self.request, self.shown())


class Server:
    """A server, and what is known of its data.

    `spec` may be another file than ours; `pause` seconds are waited before each request. Where it may be written
    to, `owner` is the customer and the product to import keys for.
    """

    def __init__(
        self, base_url, api_key, *, seed=0, spec=OURS, pause=0.0, read_only_api_key=None, owner=None
    ):
        self.base_url = base_url.rstrip("/")
        self.api_key = api_key
        self.read_only_api_key = read_only_api_key
        self.random = random.Random(seed)  # noqa: S311 - choices that a seed repeats
        self.accepted, self.refused = Counter(), Counter()
        self.owner = owner
        self.writes = owner is not None
        self.made = []
        self.last = ""
        self._pause = pause
        self.spec = Spec(spec)
        self._http = httpx.Client(base_url=self.base_url, timeout=20, trust_env=False)

    @property
    def is_ours(self):
        """Whether nobody else writes to it, and nothing on it is secret: a server on this machine."""
        return self._pause == 0

    def redacted(self, text):
        """A text without the license keys of an account."""
        if self.is_ours:
            return text
        secrets = {key["key"] for key in self.__dict__.get("keys", [])}
        for secret in secrets:
            text = text.replace(secret, "[license key]")
        return text

    def close(self):
        self._http.close()

    def ask(
        self, operation, id=None, *, params=None, json=None, key=True, expect=None, says=None, wrong=False
    ):
        """Send a request, hold it and its reply against the spec, and disagree where the status isn't as expected.

        `operation` is such as "GET /license_keys/{id}"; `key` is True for the API key, None for none, or
        another one. `expect` is a status or several, `says` why. A request that is `wrong` in itself is one that the spec
        has to refuse as well.
        """
        method, path = operation.split(" ")
        if id is not None:
            path = path.replace("{id}", quote(id, safe=""))
        api_key = self.api_key if key is True else key
        headers = {"Authorization": f"Bearer {api_key}"} if api_key is not None else {}
        time.sleep(self._pause)
        request = self._http.build_request(method, path, params=params, json=json, headers=headers)
        self.last = self._curl(request, api_key)
        try:
            response = self._http.send(request)
        except httpx.TransportError as error:
            came = str(error) or type(error).__name__
            raise Disagreement("a request is answered", self.last, came) from None
        answer = Answer(self.last, response.status_code, response.text[:300], dict(response.headers))
        for problem in self.spec.reply_problems(operation, response):
            raise Disagreement(problem, answer.request, answer.shown())
        answer.body = response.json() if response.content else None
        self._hold_request(operation, answer, (id, params, json), has_key=key is not None, wrong=wrong)
        (self.accepted if response.is_success else self.refused)[operation] += 1
        expected = (expect,) if isinstance(expect, int) else expect
        if expected is not None:
            wanted = " or ".join(map(str, expected))
            answer.must(answer.status in expected, f"{says or 'the documented status'}: {wanted}")
        return answer

    def _hold_request(self, operation, answer, sent, *, has_key, wrong):
        """What the server takes the spec allows, and what is wrong in itself the spec refuses."""
        problems = self.spec.request_problems(operation, *sent)
        if wrong:
            answer.must(problems, "the spec refuses a request that is wrong in itself")
        elif 200 <= answer.status < 300:
            answer.must(not problems, f"the spec allows what the server takes: {'; '.join(problems)}")
        if not has_key:
            needed = self.spec.needs_key(operation)
            answer.must(needed or answer.status != 401, "the spec says that no API key is needed")
            answer.must(not needed or answer.status >= 400, "the spec says that an API key is needed")

    def _curl(self, request, api_key):
        parts = ["curl", "-X", request.method, str(request.url)]
        if api_key is not None:
            shown = "$API_KEY" if api_key in (self.api_key, self.read_only_api_key) else api_key
            parts += ["-H", f"Authorization: Bearer {shown}"]
        if request.content:
            parts += ["-H", "Content-Type: application/json", "-d", request.content.decode()]
        return shlex.join(parts).replace(
            "'Authorization: Bearer $API_KEY'", '"Authorization: Bearer $API_KEY"'
        )

    def page(self, operation, **params):
        """The items of one page."""
        return self.ask(operation, params=params, expect=200)["items"]

    def read_all(self, operation, **params):
        """A listing as far as MOST_PAGES pages of 100 go, and whether that is all of it."""
        items = []
        for number in range(MOST_PAGES):
            page = self.page(operation, page_size=100, page_number=number, **params)
            items += page
            if len(page) < 100:
                return items, True
        return items, False

    @cached_property
    def keys(self):
        """The license keys, as listed when first asked for."""
        return self._some("GET /license_keys", "license key")

    @cached_property
    def instances(self):
        """The license key instances, as listed when first asked for."""
        return self._some("GET /license_key_instances", "license key instance")

    def _some(self, operation, what):
        items, self.whole = self.read_all(operation)
        if not items:
            raise NoData(f"the account has no {what}")
        return items

    def forget(self):
        """Read the listings anew when next asked for."""
        for name in ("keys", "instances"):
            self.__dict__.pop(name, None)

    def sample(self, items, count):
        """A few of the items, as the seed has it."""
        return self.random.sample(items, min(count, len(items)))

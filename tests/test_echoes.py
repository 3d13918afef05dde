"""No error and no log shows a secret that a server repeats, or steers the terminal that shows it."""

from __future__ import annotations

import html
import json
import logging
import pickle
import traceback
from itertools import cycle
from operator import attrgetter
from urllib.parse import quote, quote_plus

import httpx
import misbehaving as m
import pytest
from cli.test_hostile import EVIL, steers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dodo_licenses import _errors
from dodo_licenses._messages import Request
from dodo_licenses_api.operations import OPERATIONS

API_KEY = "sk_live_CANARY+/=1"
WEBHOOK_KEY = "whsec_Q0FOQVJZQ0FOQVJZQ0FOQVJZQ0FOQVJZ"
TEXT = st.text(st.characters()) | st.just(EVIL)  # of all planes, lone surrogates too
LICENSE_KEYS = st.text(st.characters(codec="utf-8")).map(lambda text: f"{text}CANARY{text}".strip())
HEADERS = ("content-type", "content-encoding", "x-request-id", "retry-after", "x-echo")
BODIES = (
    str,
    lambda text: f'{{"code": "{text}", "message": "{text}"}}',
    lambda text: json.dumps({"code": text, "message": text, "id": 5}),
    lambda text: json.dumps({"code": text, "message": text, "id": 5}, ensure_ascii=False),
)


def spellings(secret):
    """A secret as a server may write it: as it is, in JSON, in an address, in a web page."""
    units = secret.encode("utf-16-be")
    return [
        *(secret, repr(secret)[1:-1], html.escape(secret), "".join(f"&#{ord(each)};" for each in secret)),
        *(json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1].replace("/", r"\/")),
        *(json.dumps(json.dumps(secret))[3:-3], json.dumps(secret)[1:-1].upper().replace(r"\U", r"\u")),
        "".join(rf"\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2)),
        *(
            quote(secret),
            quote(quote(secret)),
            quote_plus(secret),
            "".join(f"%{b:02x}" for b in secret.encode()),
        ),
    ]


def calling(operation):
    """Calls an operation with all that it needs, the secret as the license key."""

    def call(client, key):
        method = attrgetter(f"{operation.tag}.{operation.name}")(client)
        needed = [p for p in operation.parameters if p.required or p.name == "disabled"]
        values = {p.name: p.kind == "boolean" or (key if p.secret else f"{p.name}_1") for p in needed}
        first = [values.pop(name) for name in [p.name for p in needed if p.place == "path"][-1:]]
        method(*first, **values)

    return call


def activate_ours(client, key):
    client.licenses.activate(license_key=key, name="laptop", expect_product_id="pdt_mine")


def go_through(client, _):
    list(client.license_keys.list(page_size=1))


def unwrap(client, _):
    text = f"{WEBHOOK_KEY}\x1b\u202e"
    client.webhooks.unwrap(text, {"webhook-id": text, "webhook-timestamp": text}, key=WEBHOOK_KEY)


STATUSES = (400, 401, 403, 404, 409, 422, 429, 503)
REFUSALS = zip(_errors.APIStatusError.__subclasses__(), STATUSES, strict=True)
WITH_SECRETS = [each for each in OPERATIONS.values() if any(p.secret for p in each.parameters)]
create, activate = calling(OPERATIONS["create_license_key"]), calling(OPERATIONS["activate_license"])
WAYS = [
    *((*refusal, calling(one)) for refusal, one in zip(REFUSALS, cycle(WITH_SECRETS), strict=False)),
    (_errors.APIStatusError, 302, create),
    (_errors.ResponseValidationError, 200, create),
    (_errors.ResponseValidationError, 299, activate),
    (_errors.APIConnectionError, httpx.RemoteProtocolError, create),
    (_errors.APIConnectionError, httpx.ConnectError, activate),
    (_errors.APITimeoutError, httpx.ReadTimeout, create),
    (_errors.ProductMismatchError, 201, activate_ours),
    (_errors.PaginationError, 200, go_through),
    (_errors.WebhookVerificationError, 200, unwrap),
    (_errors.InvalidArgumentError, 404, lambda client, key: client.license_keys.retrieve(f"{key} ")),
]


def test_every_error_and_every_operation_with_a_secret_is_tried():
    def below(kind):
        return {kind}.union(*map(below, kind.__subclasses__()))

    tried = {parent for kind, *_ in WAYS for parent in kind.__mro__}
    assert below(_errors.DodoPaymentsError) <= tried
    assert 0 < len(WITH_SECRETS) <= len(STATUSES)  # each of them is tried, too


def answering(face, respond):
    """A client whose requests are answered here."""
    http_client = face.http_client(transport=httpx.MockTransport(respond))
    return face.client(bearer_token=API_KEY, http_client=http_client, max_retries=0, rate_limit=None)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), key=LICENSE_KEYS)
def test_nothing_that_was_sent_is_repeated_and_no_terminal_is_steered(face, caplog, way, data, key):
    kind, answer, call = way
    spelled = spellings(API_KEY) + spellings(key)
    text = data.draw(TEXT) + data.draw(st.sampled_from(spelled)) + data.draw(TEXT)
    headers = {
        "content-type": "application/json",
        **dict.fromkeys(data.draw(st.sets(st.sampled_from(HEADERS))), text),
    }
    body = data.draw(st.sampled_from(BODIES))(text)

    def respond(request):
        if isinstance(answer, type):
            raise answer(text)
        status, said, headed = answer, body, headers
        name = text.encode(errors="replace").decode()  # JSON with half a character in it is no JSON
        if kind is _errors.PaginationError:
            said, headed = json.dumps({"items": [m.KEY | {"id": name}]}), {}
        elif kind is _errors.ProductMismatchError and request.url.path.endswith("/activate"):
            told = m.ACTIVATION | {"id": f"lki_{key}", "name": name, "product": {"product_id": name}}
            said, headed = json.dumps(told), {}
        headed = [(name.encode(), value.encode(errors="surrogatepass")) for name, value in headed.items()]
        return httpx.Response(status, headers=headed, content=said.encode(errors="surrogatepass"))

    caplog.clear()
    with caplog.at_level(logging.DEBUG, "dodo_licenses"), answering(face, respond) as client:
        with pytest.raises(_errors.DodoPaymentsError) as caught:
            call(client, key)
    error = caught.value
    assert type(error) is kind
    assert not steers(str(error))
    assert not {"\n", "\t"} & set(str(error))
    shown = [str(error), repr(error), *map(str, error.args), *map(repr, vars(error).values())]
    shown = "\n".join([*shown, *caplog.messages, *traceback.format_exception(error)])
    pickled = pickle.dumps(error)
    assert not [secret for secret in [*spelled, WEBHOOK_KEY, "CANARY"] if secret in shown]
    assert not [secret for secret in [*spelled, WEBHOOK_KEY] if secret.encode() in pickled]


def test_a_secret_of_backslashes_is_found_without_trying_all_ways_to_divide_them(face):
    key = 40 * "\\"
    refused = {"code": "LICENSE_KEY_NOT_FOUND", "message": f"{key[:30]}\n{json.dumps(key)}{60 * chr(92)}"}
    with answering(face, lambda _: httpx.Response(404, json=refused)) as client:
        with pytest.raises(_errors.NotFoundError) as caught:
            client.licenses.activate(license_key=key, name="desk")
    assert 40 * "\\" not in str(caught.value)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_license_key_in_the_place_of_an_id_or_in_a_header_s_name_is_hidden_too(face, caplog):
    key = "CANARY-0001"
    refused = httpx.Response(
        404, headers={f"X-{key}": key}, json={"code": "X", "message": f"no {key}", key: key}
    )
    with caplog.at_level(logging.DEBUG, "dodo_licenses"), answering(face, lambda _: refused) as client:
        with pytest.raises(_errors.NotFoundError) as caught:
            client.license_keys.update(key, disabled=True)
    request = Request.of(OPERATIONS["retrieve_license_key"], {"id": key})
    shown = (caught.value, caught.value.body, caught.value.response.headers, request, str(request))
    assert "CANARY" not in f"{shown}{caplog.messages}".upper()

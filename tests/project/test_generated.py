"""The generated client: a new filter, field, operation or resource is an edit of the spec, and no more."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
from pathlib import Path

import openapi_python_client
import pytest
import yaml
from spec_edits import GONE, added, edited

import generate
from dodo_licenses import LicenseKeySource, LicenseKeyStatus
from dodo_licenses_api.models import LicenseCustomer

LIST, ACTIVATE = "paths>/license_keys>get", "paths>/licenses/activate>post"
NAME = "components>schemas>ActivateLicenseRequest>properties>name"
TEMPLATES = generate.HERE / "templates"


def written(spec, folder):
    """The package that the generator makes of a spec."""
    folder.joinpath("openapi.yaml").write_text(yaml.dump(spec, Dumper=yaml.CSafeDumper, sort_keys=False))
    generate.generate(folder / "dodo_licenses_api", folder / "openapi.yaml")


# --- an edit of the spec is all it takes ----------------------------------------------------------------

NEW = """
filter: {name: is_gift, in: query, description: Only gifts., schema: {type: boolean}}
schemas:
  RotateLicenseKeyRequest:
    type: object
    required: [key]
    properties: {key: {type: string, x-secret: true}, at: {type: string, format: date-time}}
  Price:
    type: object
    required: [price_id, made_at]
    properties: {price_id: {type: string}, made_at: {type: string, format: date-time}}
  PriceList:
    type: object
    required: [items]
    properties: {items: {type: array, items: {$ref: '#/components/schemas/Price'}}}
tags: [{name: products.prices, description: What products cost.}]
paths:
  /license_keys/{id}/rotate:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    post:
      operationId: rotate_license_key
      x-repeatable: false
      tags: [license_keys]
      summary: Rotate a license key
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/RotateLicenseKeyRequest'}}}
      responses:
        '200':
          description: It.
          content: {application/json: {schema: {$ref: '#/components/schemas/LicenseKey'}}}
  /products/{product_id}/prices:
    get:
      operationId: list_prices
      x-items: {id: price_id, moment: made_at}
      tags: [products.prices]
      summary: List prices
      parameters:
      - {name: product_id, in: path, required: true, schema: {type: string}}
      - {$ref: '#/components/parameters/page_size'}
      - {$ref: '#/components/parameters/page_number'}
      responses:
        '200':
          description: They.
          content: {application/json: {schema: {$ref: '#/components/schemas/PriceList'}}}
"""

CALLS = """
import asyncio, datetime, inspect
import httpx, pytest
import dodo_licenses
from dodo_licenses import AsyncDodoPayments, DodoPayments, InvalidArgumentError

KEY = dict.fromkeys(("business_id", "customer_id", "product_id", "key"), "x")
KEY |= {"id": "lic_1", "created_at": "2026-01-01T00:00:00Z", "instances_count": 0}
KEY |= {"status": "paused", "seats": 3}
PRICES = [{"price_id": f"pri_{n}", "made_at": KEY["created_at"]} for n in range(150)]
sent = []

def handler(request):
    sent.append((request.method, request.url.raw_path.decode(), request.content))
    page = int(request.url.params.get("page_number", 0))
    if request.url.path.endswith("/prices"):
        return httpx.Response(200, json={"items": PRICES[page * 100:][:100]})
    if request.url.path == "/license_keys":
        return httpx.Response(200, json={"items": [] if page else [KEY]})
    return httpx.Response(200, json=KEY)

transport = httpx.MockTransport(handler)
with DodoPayments(bearer_token="sk_test", http_client=httpx.Client(transport=transport)) as client:
    (key,) = client.license_keys.list(is_gift=True, status="paused")
    assert (key.seats, key.status) == (3, dodo_licenses.LicenseKeyStatus.PAUSED)
    assert sent[0][1] == "/license_keys?page_size=100&page_number=0&status=paused&is_gift=true", sent[0]
    assert client.license_keys.rotate("lic_1", key="SECRET-KEY").seats == 3
    assert sent[-1] == ("POST", "/license_keys/lic_1/rotate", b'{"key":"SECRET-KEY"}'), sent[-1]
    prices = list(client.products.prices.list("pdt_1"))
    assert [price.price_id for price in prices] == [f"pri_{n}" for n in range(150)]
    assert isinstance(prices[0], dodo_licenses.Price)
    assert client.products.prices.with_raw_response.list("pdt_1").json()["items"]
    for wrong in ({"key": ""}, {"key": "x", "at": datetime.datetime(2026, 1, 1)}):
        with pytest.raises(InvalidArgumentError):
            client.license_keys.rotate("lic_1", **wrong)
    doc = inspect.getdoc(client.license_keys.rotate)
    assert "Tried again only where the request surely was not carried out" in doc and "Not blank." in doc

async def awaited():
    http_client = httpx.AsyncClient(transport=transport)
    async with AsyncDodoPayments(bearer_token="sk_test", http_client=http_client) as client:
        assert (await client.license_keys.rotate("lic_1", key="SECRET-KEY")).seats == 3
        return [price.price_id async for price in client.products.prices.list("pdt_1", prefetch=2)]

assert len(asyncio.run(awaited())) == 150
"""


def test_more_of_everything_takes_no_line_in_the_client(tmp_path):
    new = yaml.safe_load(NEW)
    spec = added(f"{LIST}>parameters", new["filter"])
    spec = added("components>schemas>LicenseKey>properties", {"seats": {"type": "integer"}}, spec)
    spec = added("components>schemas>LicenseKeyStatus>enum", "paused", spec)
    spec = added("components>schemas", new["schemas"], spec)
    spec = added("paths", new["paths"], spec) | {"tags": [*spec["tags"], *new["tags"]]}
    written(spec, tmp_path)
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", CALLS]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("where", "said", "sentence"),
    [
        (f"{ACTIVATE}>x-repeatable", GONE, "activate_license changes something: .*x-repeatable: true or fal"),
        ("components>schemas>LicenseKeyList", {"properties": {}}, "list_license_keys .* must have .*items"),
        (LIST, {"x-items": {"id": "number"}}, "LicenseKey has no required number; name another field by x-"),
        (ACTIVATE, {"tags": ["seats"]}, "describe the tag seats"),
        (NAME, {"type": "number"}, "activate_license: nobody has said yet how to check name, of the type fl"),
    ],
)
def test_what_cannot_be_generated_is_said_in_a_sentence(where, said, sentence, tmp_path):
    spec = edited(where, said) if said is GONE else added(where, said)
    # Of no more than it takes, since that is quick.
    spec["paths"] = {path: spec["paths"][path] for path in ("/license_keys", "/licenses/activate")}
    with pytest.raises(SystemExit, match=sentence):
        written(spec | {"webhooks": {}}, tmp_path)


# --- kept up, and better than upstream where the overrides say so -------------------------------------


def test_a_difference_from_what_the_spec_gives_is_seen(tmp_path):
    """`make check` asks for it."""
    for name, text in (("one", "a"), ("two", "b")):
        (tmp_path / name / "models").mkdir(parents=True)
        (tmp_path / name / "models" / "x.py").write_text(text)
    (tmp_path / "two" / "removed.py").touch()
    assert generate.differences(tmp_path / "one", tmp_path / "two") == ["models/x.py", "removed.py"]


def test_each_override_says_why_and_is_of_the_version_that_is_installed():
    upstream = Path(openapi_python_client.__file__).parent / "templates"
    overrides = [path for path in TEMPLATES.iterdir() if (upstream / path.name).exists()]
    assert overrides
    for template in overrides:
        head, version = template.read_text()[:600], openapi_python_client.__version__
        assert head.startswith(f"{{# Override of openapi-python-client {version}.\n"), template
        assert "Why:" in head, template


@pytest.mark.parametrize("enum", [LicenseKeyStatus, LicenseKeySource])
def test_an_unknown_value_is_itself_and_not_added(enum):
    known, unknown = list(enum), enum("brand-new")
    assert unknown == "brand-new"
    assert isinstance(unknown, enum)
    assert list(enum) == known
    assert enum(known[0].value.upper()) is known[0]
    with pytest.raises(ValueError, match="5"):
        enum(5)


def test_a_reply_cannot_be_changed_and_is_the_same_once_copied_with_what_the_spec_does_not_name():
    said = {"customer_id": "cus_1", "email": "ada@example.com", "metadata": {}, "name": "Ada", "tier": "gold"}
    customer = LicenseCustomer.from_dict(said)
    for twin in (copy.deepcopy(customer), pickle.loads(pickle.dumps(customer))):  # noqa: S301 - our own
        assert twin == customer != LicenseCustomer.from_dict({**said, "tier": "silver"})
        assert twin["tier"] == twin.to_dict()["tier"] == "gold"
    with pytest.raises(AttributeError):
        customer.name = "Other"
    with pytest.raises(TypeError):
        customer.additional_properties["tier"] = "silver"

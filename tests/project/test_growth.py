"""What a new filter, field, enum value, operation or resource takes in the client: an edit of the spec."""

from __future__ import annotations

import copy
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
SECURITY = [{"api_key": []}]
PAGING = [{"$ref": f"#/components/parameters/{name}"} for name in ("page_size", "page_number")]
MOMENT = {"type": "string", "format": "date-time"}


def load_generate():
    spec = importlib.util.spec_from_file_location("generate", ROOT / "generated" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def answer(schema):
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"200": {"description": "What it gives.", "content": content}}


def grown(spec):
    """The spec with one more of everything."""
    spec = copy.deepcopy(spec)
    schemas, paths = spec["components"]["schemas"], spec["paths"]
    a_filter = {
        "name": "brand_id",
        "in": "query",
        "description": "Only this brand's.",
        "schema": {"type": "string"},
    }
    paths["/license_keys"]["get"]["parameters"].append(a_filter)
    schemas["LicenseKey"]["properties"]["seats"] = {"type": "integer", "description": "How many seats."}
    schemas["LicenseKeyStatus"]["enum"].append("paused")
    schemas["RotateLicenseKeyRequest"] = {
        "type": "object",
        "required": ["key"],
        "properties": {"key": {"type": "string", "x-secret": True}, "at": MOMENT},
    }
    body = {"application/json": {"schema": {"$ref": "#/components/schemas/RotateLicenseKeyRequest"}}}
    paths["/license_keys/{id}/rotate"] = {
        "parameters": paths["/license_keys/{id}"]["parameters"],
        "post": {
            "operationId": "rotate_license_key",
            "x-repeatable": False,
            "tags": ["license_keys"],
            "summary": "Rotate a license key",
            "security": SECURITY,
            "requestBody": {"required": True, "content": body},
            "responses": answer("LicenseKey"),
        },
    }
    spec["tags"].append({"name": "products.prices", "description": "What products cost."})
    spec["tags"].append({"name": "products", "description": "What is sold."})
    schemas["Price"] = {
        "type": "object",
        "required": ["price_id", "made_at"],
        "properties": {"price_id": {"type": "string"}, "made_at": MOMENT},
    }
    items = {"type": "array", "items": {"$ref": "#/components/schemas/Price"}}
    schemas["PriceList"] = {"type": "object", "required": ["items"], "properties": {"items": items}}
    product_id = {"name": "product_id", "in": "path", "required": True, "schema": {"type": "string"}}
    paths["/products/{product_id}/prices"] = {
        "get": {
            "operationId": "list_prices",
            "x-items": {"id": "price_id", "moment": "made_at"},
            "tags": ["products.prices"],
            "summary": "List prices",
            "security": SECURITY,
            "parameters": [product_id, *PAGING],
            "responses": answer("PriceList"),
        }
    }
    paths["/products/{product_id}"] = {
        "get": {
            "operationId": "retrieve_price",
            "tags": ["products"],
            "summary": "Retrieve a product",
            "security": SECURITY,
            "parameters": [product_id],
            "responses": answer("Price"),
        }
    }
    return spec


CALLS = """
import asyncio, datetime, inspect, json
import httpx
import dodo_licenses
from dodo_licenses import AsyncDodoPayments, DodoPayments, InvalidArgumentError

KEY = dict.fromkeys(("business_id", "customer_id", "product_id", "key"), "x")
KEY |= {"id": "lic_1", "created_at": "2026-01-01T00:00:00Z", "instances_count": 0}
KEY |= {"status": "paused", "seats": 3}
sent = []

def handler(request):
    sent.append((request.method, request.url.raw_path.decode(), request.content))
    page = int(request.url.params.get("page_number", 0))
    if request.url.path.endswith("/prices"):
        prices = [price(number) for number in range(page * 100, min(page * 100 + 100, 150))]
        return httpx.Response(200, json={"items": prices})
    if request.url.path == "/license_keys":
        return httpx.Response(200, json={"items": [] if page else [KEY]})
    return httpx.Response(200, json=price(1) if request.url.path.startswith("/products") else KEY)

def price(number):
    return {"price_id": f"pri_{number}", "made_at": KEY["created_at"]}

settings = {"bearer_token": "sk_test", "rate_limit": None}
http_client = httpx.Client(transport=httpx.MockTransport(handler))
with DodoPayments(**settings, http_client=http_client) as client:
    (key,) = client.license_keys.list(brand_id="bnd_1", status="paused")
    assert (key.seats, key.status) == (3, dodo_licenses.LicenseKeyStatus.PAUSED)
    rotated = client.license_keys.rotate("lic_1", key="SECRET-KEY")
    assert rotated.seats == 3
    prices = list(client.products.prices.list("pdt_1"))
    assert [price.price_id for price in prices] == [f"pri_{i}" for i in range(150)]
    assert isinstance(prices[0], dodo_licenses.Price)
    assert client.products.retrieve("pdt_1").price_id == "pri_1"
    assert client.products.prices.with_raw_response.list("pdt_1").json()["items"]
    assert client.with_options(timeout=1).products.prices is not client.products.prices
    for wrong in ({"key": ""}, {"key": "x", "at": datetime.datetime(2026, 1, 1)}):
        try:
            client.license_keys.rotate("lic_1", **wrong)
        except InvalidArgumentError:
            continue
        raise AssertionError(wrong)
assert sent[0][1] == "/license_keys?page_size=100&page_number=0&status=paused&brand_id=bnd_1", sent[0]
assert sent[2] == ("POST", "/license_keys/lic_1/rotate", b'{"key":"SECRET-KEY"}'), sent[2]

async def awaited():
    async with httpx.AsyncClient(transport=httpx.MockTransport(handler)) as http_client:
        async with AsyncDodoPayments(**settings, http_client=http_client) as client:
            assert (await client.license_keys.rotate("lic_1", key="SECRET-KEY")).seats == 3
            return [price.price_id async for price in client.products.prices.list("pdt_1", prefetch=2)]

assert len(asyncio.run(awaited())) == 150
doc = inspect.getdoc(DodoPayments(**settings).license_keys.rotate)
assert "Tried again only where the request surely was not carried out" in doc and "Not blank." in doc
"""


def test_it_takes_no_line_in_the_client(tmp_path):
    spec = tmp_path / "openapi.yaml"
    spec.write_text(
        yaml.safe_dump(grown(yaml.safe_load((ROOT / "openapi.yaml").read_text())), sort_keys=False)
    )
    load_generate().generate(tmp_path / "dodo_licenses_api", spec)
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", CALLS]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr


def without_items(spec):
    del spec["components"]["schemas"]["LicenseKeyList"]["properties"]["items"]


def without_id(spec):
    spec["paths"]["/license_keys"]["get"]["x-items"] = {"id": "number"}


def without_word(spec):
    del spec["paths"]["/licenses/activate"]["post"]["x-repeatable"]


def without_tag(spec):
    spec["paths"]["/licenses/activate"]["post"]["tags"] = ["seats"]


def of_no_kind(spec):
    schema = spec["components"]["schemas"]["ActivateLicenseRequest"]["properties"]["name"]
    schema |= {"type": "number"}


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (without_word, r"activate_license changes something: .*x-repeatable: true or false"),
        (without_items, "list_license_keys takes page_number and page_size, so its reply must have .*items"),
        (without_id, "LicenseKey has no required number; name another field by x-items"),
        (without_tag, "describe the tag seats"),
        (of_no_kind, "activate_license: nobody has said yet how to check name, of the type float"),
    ],
)
def test_what_cannot_be_generated_is_said_in_a_sentence(edit, sentence, tmp_path):
    spec = yaml.safe_load((ROOT / "openapi.yaml").read_text())
    edit(spec)
    (tmp_path / "openapi.yaml").write_text(yaml.safe_dump(spec))
    with pytest.raises(SystemExit, match=sentence):
        load_generate().generate(tmp_path / "package", tmp_path / "openapi.yaml")

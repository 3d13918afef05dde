"""What only the prose of the vendor's documentation says, written down a second time, apart from openapi.yaml.

A server can't show that the spec lost a status that it never sends here, or that it rules out what is allowed. Names and
types of fields are compared with the vendor's SDK, in tests/project/test_complete.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from spec_diff import operations

SPEC = yaml.load((Path(__file__).parents[2] / "openapi.yaml").read_text(), yaml.CSafeLoader)
PLACES = dict(operations(SPEC))
PUBLIC = {f"POST /licenses/{what}" for what in ("activate", "validate", "deactivate")}
# Besides 429 and 500, which any operation may answer.
STATUSES = {
    "GET /license_keys": "200 401 422",
    "POST /license_keys": "200 201 400 401 403 409 422",
    "GET /license_keys/{id}": "200 401 404",
    "PATCH /license_keys/{id}": "200 400 401 403 404 422",
    "GET /license_key_instances": "200 401 422",
    "GET /license_key_instances/{id}": "200 401 404",
    "PATCH /license_key_instances/{id}": "200 401 403 404 422",
    "POST /licenses/activate": "201 403 404 422",
    "POST /licenses/validate": "200 422",
    "POST /licenses/deactivate": "200 403 404",
}
PAGES = {"page_size": [0, 100, 10], "page_number": [0, 2**31 - 1, 0]}
# Keywords that rule out nothing, or no more than types do.
FREE = {"minLength": 1, "minimum": 0, "maximum": 2**31 - 1, "additionalProperties": True}
SAYS_NOTHING = {"required", "type", "enum", "format", "default"}


@pytest.mark.parametrize("name", STATUSES)
def test_statuses(name):
    for status in (*STATUSES[name].split(), "429", "500"):
        assert f"status {status}" in PLACES[name]
        if status >= "400":
            assert PLACES[name][f"reply {status}.code"].said["required"]
            assert not PLACES[name][f"reply {status}.message"].said["required"]


@pytest.mark.parametrize("parameter", PAGES)
def test_pages(parameter):
    for name in ("GET /license_keys", "GET /license_key_instances"):
        said = PLACES[name][f"parameter {parameter}"].said
        assert [said[bound] for bound in ("minimum", "maximum", "default")] == PAGES[parameter]


@pytest.mark.parametrize("name", STATUSES)
def test_no_bound_is_said_that_is_not_documented(name):
    narrowed = [
        f"{where}: {keyword} is {value}"
        for where, place in PLACES[name].items()
        if where.startswith(("request", "reply 2")) and ", header" not in where
        for keyword, value in place.said.items()
        if keyword not in SAYS_NOTHING and value != FREE.get(keyword)
    ]
    assert narrowed == []


def test_servers_and_what_needs_no_api_key():
    servers = {server["url"] for server in SPEC["servers"]}
    assert servers >= {"https://live.dodopayments.com", "https://test.dodopayments.com"}
    assert {name for name, places in PLACES.items() if places[""].said["security"] == []} == PUBLIC

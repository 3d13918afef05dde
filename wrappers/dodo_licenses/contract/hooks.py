"""What Schemathesis loads: whose ids it may name, and what the documentation leaves open."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
import schemathesis
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.openapi import checks

from dodo_licenses.contract.derived import listings
from dodo_licenses.contract.server import GONE, LARGEST_PAGE

# A key of the run's own: its id, its string, an instance, and its owner; empty where nothing may be changed.
OWN: dict[str, str] = {}
_PREFIXES = {"lic_": "id", "lki_": "license_key_instance_id"}
_REFUSED_FOR_MORE = (checks.RejectedPositiveData, AcceptedNegativeData, checks.IgnoredAuth)
_LISTINGS = {listing.operation.path for listing in listings()}
_ID = re.compile(r"[a-z]+_[A-Za-z0-9]+")
_USUAL_MOMENT = re.compile(r"(19[7-9]|20[0-9])\d-.*T(?!.*:60)")


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    """Every other id is that of something that is there and ours."""
    values = dict(path_parameters or {})
    for name, value in values.items():
        if isinstance(value, str) and len(value) % 2:
            values[name] = OWN.get(_PREFIXES.get(value[:4], ""), value)
    return values or path_parameters


@schemathesis.hook
def map_body(context: Any, body: Any) -> Any:
    """The same for what a body names."""
    if not isinstance(body, dict):
        return body
    return {
        n: OWN.get(n, value) if isinstance(value, str) and n != "id" else value for n, value in body.items()
    }


@schemathesis.hook
def filter_failure(context: Any, failure: Failure, case: Any, response: Any) -> bool:
    """Whether a failure is one: not where the documentation leaves open what a server does."""
    query = dict(parse_qsl(urlsplit(response.request.url).query, keep_blank_values=True))  # as it was sent
    if response.status_code in GONE and case.operation.path in _LISTINGS:
        return False  # a server need not have every listing; how many rules could not judge is reported
    if response.status_code == requests.codes.unauthorized and not isinstance(failure, _REFUSED_FOR_MORE):
        return False  # the body of a 401 is undocumented
    if isinstance(failure, AcceptedNegativeData):
        # A page size above 100 and an empty value may be taken or refused.
        size = query.get("page_size", "")
        return not ((size.isdigit() and int(size) > LARGEST_PAGE) or "" in query.values())
    if isinstance(failure, checks.RejectedPositiveData):
        # Business rules stand behind bodies and ids; a page of nothing, odd ids and odd dates may be refused.
        odd = query.get("page_size") == "0" or any(_is_odd(*pair) for pair in query.items())
        return case.operation.method.upper() == "GET" and "{" not in case.operation.path and not odd
    return True


def _is_odd(name: str, value: str) -> bool:
    if name.endswith("_id"):
        return not _ID.fullmatch(value)
    return name.endswith(("_gte", "_lte")) and not _USUAL_MOMENT.match(value)

"""No secret is in a repr, an error, a log line or a pickle, as SECURITY.md says, whatever the operation."""

from __future__ import annotations

import logging
import pickle
from operator import attrgetter

import pytest

from dodo_licenses import DodoPayments, DodoPaymentsError
from dodo_licenses_api.operations import OPERATIONS

API_KEY, KEY, EMAIL = "sk_test_CANARY", "CANARY-0001-0002", "canary@example.com"
CANARIES = (API_KEY, KEY, EMAIL)
STATUSES = (400, 401, 403, 404, 409, 418, 422, 500, 503)
ECHO = {"code": "X", "message": f"Bearer {API_KEY} may not {KEY}", "echo": [API_KEY, KEY]}
ARGUMENTS = {
    "license_key": KEY,
    "key": KEY,
    "license_key_instance_id": "lki_1",
    "name": "laptop",
    "disabled": True,
}

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def call(client, operation):
    """Call an operation with all that it needs; a listing is read to its end."""
    method = attrgetter(f"{operation.tag}.{operation.name}")(client)
    needed = [p for p in operation.parameters if p.required or p.name == "disabled"]
    values = {p.name: ARGUMENTS.get(p.name, f"{p.name}_1") for p in needed}
    first = [values.pop(name) for name in [p.name for p in needed if p.place == "path"][-1:]]
    found = method(*first, **values)
    return list(found) if operation.items else found


def shown(*things):
    return "".join(f"{thing!r}{thing}{thing:}" for thing in things)


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=lambda operation: operation.id)
def test_no_error_of_an_operation_shows_what_was_sent(operation, dodo_mock, caplog):
    caplog.set_level(logging.DEBUG, "dodo_licenses")
    names = {p.name for p in operation.parameters if p.required}
    sent = [API_KEY] * (not operation.public) + [KEY] * bool(names & {"license_key", "key"})
    faults = [{"kind": "answer", "status": status, "body": ECHO} for status in STATUSES]
    broken = {"kind": "answer", "status": 200, "body": {"items": 3, "id": KEY, "valid": API_KEY}}
    for fault in [*faults, broken, {"kind": "reset"}]:
        dodo_mock.fault(**fault)
        with DodoPayments(base_url=dodo_mock.base_url, bearer_token=API_KEY, max_retries=0) as client:
            try:
                call(client, operation)
            except DodoPaymentsError as error:
                told = shown(client, error) + repr(pickle.dumps(error)) + caplog.text
                assert [canary for canary in sent if canary in told] == []
            else:
                assert fault is broken, "it went well"


def test_nothing_that_comes_back_shows_a_secret(dodo_mock, caplog):
    caplog.set_level(logging.DEBUG, "dodo_licenses")
    dodo_mock.load(
        {
            "customers": [{"customer_id": "cus_1", "email": EMAIL, "name": "Ada"}],
            "license_keys": [{"id": "lic_1", "key": KEY, "customer_id": "cus_1", "activations_limit": 5}],
        }
    )
    client = dodo_mock.client()
    activation = client.licenses.activate(license_key=KEY, name="laptop")
    things = [
        client,
        activation,
        client.licenses.validate(license_key=KEY),
        client.license_keys.find(key=KEY),
    ]
    things += [client.license_keys.list(), *client.license_keys.list(), *client.license_keys.list().pages()]
    things += [client.license_keys.retrieve("lic_1"), *client.license_key_instances.list()]
    things += [client.license_keys.with_raw_response.retrieve("lic_1")]
    assert [canary for canary in CANARIES if canary in shown(*things) + caplog.text] == []

"""`validate_against_spec=True`: every reply held against openapi.yaml, in users' own integration tests."""

from __future__ import annotations

import sys

import misbehaving as m
import pytest

from dodo_licenses import DodoPayments, InvalidArgumentError, NotFoundError, ResponseValidationError

SWITCHED_ON = {"bearer_token": "sk_test", "rate_limit": None, "max_retries": 0, "validate_against_spec": True}


@pytest.mark.parametrize(
    ("reply", "field", "problem"),
    [
        (m.answer(200, {"items": [{"id": "lic_1"}]}), "$.items[0]", "business_id"),
        (m.answer(200, {"items": []}, "text/html"), "$", "text/html"),
        (m.failure(418), "$", "no status 418"),
        (m.answer(401, {"error": "No."}), "$", "code"),
    ],
    ids=["a field is missing", "of another type", "an unknown status", "another error body"],
)
def test_what_the_spec_does_not_have_raises(face, reply, field, problem):
    with m.MisbehavingServer(reply) as server:
        with face.client(base_url=server.base_url, **SWITCHED_ON) as client:
            with pytest.raises(ResponseValidationError, match=problem) as caught:
                list(client.license_keys.list())
    assert (caught.value.operation, caught.value.field) == ("list_license_keys", field)


def test_a_faithful_server_passes(face, mock):
    with face.client(base_url=mock.base_url, **{**SWITCHED_ON, "bearer_token": mock.api_key}) as client:
        keys = list(client.license_keys.list())
        assert len(keys) == 250
        assert client.license_keys.retrieve(keys[0].id) == keys[0]
        with pytest.raises(NotFoundError):
            client.license_keys.retrieve("lic_0000000000000000000000")
        active = next(key for key in keys if key.status == "active" and key.activations_limit is None)
        activation = client.licenses.activate(license_key=active.key, name="laptop")
        client.licenses.deactivate(license_key=active.key, license_key_instance_id=activation.id)


def test_it_stays_on_with_other_options():
    with (
        m.MisbehavingServer(m.answer(418)) as server,
        DodoPayments(base_url=server.base_url, **SWITCHED_ON) as client,
    ):
        with pytest.raises(ResponseValidationError, match="418"):
            client.with_options(timeout=5).license_keys.retrieve("lic_1")


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "schemathesis", None)
    monkeypatch.delitem(sys.modules, "dodo_licenses._spec", raising=False)
    monkeypatch.delattr("dodo_licenses._spec", raising=False)
    with pytest.raises(InvalidArgumentError, match=r"dodo-licenses\[spec\]"):
        DodoPayments(validate_against_spec=True)
    with pytest.raises(InvalidArgumentError, match="True or False"):
        DodoPayments(validate_against_spec="yes")

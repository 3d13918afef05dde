"""The generated client: current, reproducible, and better than upstream where the overrides say so."""

from __future__ import annotations

import copy
import importlib.util
import pickle
import re
from pathlib import Path

import openapi_python_client
import pytest

from dodo_licenses_api.models import (
    LicenseCustomer,
    LicenseKey,
    LicenseKeySource,
    LicenseKeyStatus,
    LicenseProduct,
    UpdateLicenseKeyRequest,
)
from dodo_licenses_api.operations import OPERATIONS
from dodo_licenses_api.types import UNSET

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "generated" / "templates"
UPSTREAM = Path(openapi_python_client.__file__).parent / "templates"


def load_generate():
    spec = importlib.util.spec_from_file_location("generate", ROOT / "generated" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_is_what_the_spec_gives_and_the_same_every_time(tmp_path):
    generate = load_generate()
    generate.generate(tmp_path / "one")
    generate.generate(tmp_path / "two")
    assert generate.differences(tmp_path / "one", tmp_path / "two") == []
    assert generate.differences(generate.PACKAGE, tmp_path / "one") == []
    assert {path: path.read_text() for path in generate.modules()} == generate.modules()


def test_a_difference_is_seen(tmp_path):
    generate = load_generate()
    for name, text in (("one", "a"), ("two", "b")):
        (tmp_path / name / "models").mkdir(parents=True)
        (tmp_path / name / "models" / "x.py").write_text(text)
    (tmp_path / "two" / "removed.py").touch()
    assert generate.differences(tmp_path / "one", tmp_path / "two") == ["models/x.py", "removed.py"]


OVERRIDES = [
    f"{name}.py.jinja" for name in ("client", "errors", "model", "package_init", "str_enum", "types")
]
OURS = [f"{name}.py.jinja" for name in ("base", "operations", "params", "public", "resources")]


@pytest.mark.parametrize("template", [TEMPLATES / name for name in OVERRIDES], ids=lambda path: path.name)
def test_an_override_says_why_and_of_which_version(template):
    head = template.read_text()[:600]
    assert head.startswith("{# Override of openapi-python-client 0.29.1.\n")
    assert "Why:" in head
    pinned = re.search(r'"openapi-python-client==([\d.]+)"', (ROOT / "pyproject.toml").read_text())[1]
    assert pinned == openapi_python_client.__version__ == "0.29.1"


@pytest.mark.parametrize(
    ("name", "lines_changed"), [("str_enum.py.jinja", 20), ("client.py.jinja", 6), ("model.py.jinja", 90)]
)
def test_an_override_stays_close_to_upstream(name, lines_changed):
    """A new upstream version is to be merged in minutes: the overrides must not grow unseen."""
    ours = (TEMPLATES / name).read_text().splitlines()
    upstream = (UPSTREAM / name).read_text().splitlines()
    kept = set(upstream)
    assert sum(line not in kept for line in ours) <= lines_changed


def test_no_override_is_unknown():
    assert {path.name for path in TEMPLATES.rglob("*") if path.is_file()} == {*OVERRIDES, *OURS}
    assert not any((UPSTREAM / name).exists() for name in OURS)


@pytest.mark.parametrize("enum", [LicenseKeyStatus, LicenseKeySource])
def test_an_unknown_value_is_itself_and_not_added(enum):
    known = list(enum)
    unknown = enum("brand-new")
    assert unknown == "brand-new"
    assert isinstance(unknown, enum)
    assert list(enum) == known
    assert enum(known[0].value.upper()) is known[0]
    with pytest.raises(ValueError, match="5"):
        enum(5)


def test_left_out_and_null_stay_apart_in_requests():
    assert UpdateLicenseKeyRequest().to_dict() == {}
    assert UpdateLicenseKeyRequest(expires_at=None).to_dict() == {"expires_at": None}
    assert UpdateLicenseKeyRequest().expires_at is UNSET
    assert repr(UNSET) == "UNSET"


def test_what_the_spec_does_not_name_is_kept():
    said = {"customer_id": "cus_1", "email": "ada@example.com", "metadata": {}, "name": "Ada"}
    plain, more = LicenseCustomer.from_dict(said), LicenseCustomer.from_dict({**said, "tier": "gold"})
    assert plain.additional_properties == {}
    assert more != plain == LicenseCustomer.from_dict(said)
    for twin in (more, copy.deepcopy(more), pickle.loads(pickle.dumps(more))):  # noqa: S301 - our own
        assert twin == more
        assert twin["tier"] == twin.to_dict()["tier"] == "gold"


def test_a_reply_cannot_be_changed_and_can_be_in_a_set():
    said = {"product_id": "pdt_1", "name": "Editor"}
    product = LicenseProduct.from_dict(said)
    assert len({product, LicenseProduct.from_dict(said)}) == 1
    with pytest.raises(AttributeError):
        product.name = "Other"
    with pytest.raises(TypeError):
        product.additional_properties["name"] = "Other"


def test_a_nullable_field_that_is_absent_is_none():
    assert LicenseProduct.from_dict({"product_id": "pdt_1"}).name is None
    with pytest.raises(KeyError):
        LicenseProduct.from_dict({"name": None})


def test_operations_say_what_the_spec_says():
    listing, activate = OPERATIONS["list_license_keys"], OPERATIONS["activate_license"]
    assert (listing.method, listing.path, listing.tag, listing.name) == (
        "GET",
        "/license_keys",
        "license_keys",
        "list",
    )
    assert (listing.items, listing.id_field, listing.moment_field) == (LicenseKey, "id", "created_at")
    page_size = listing.parameters[0]
    assert (page_size.name, page_size.minimum, page_size.maximum) == ("page_size", 0, 100)
    assert (listing.public, listing.repeatable, listing.deprecated) == (False, True, True)
    assert (activate.public, activate.repeatable, activate.deprecated) == (True, False, False)
    key, name = activate.parameters
    assert (key.kind, key.secret, name.kind, name.secret) == ("trimmed", True, "text", False)
    assert OPERATIONS["create_license_key"].success == {200: LicenseKey, 201: LicenseKey}
    assert OPERATIONS["deactivate_license"].success == {200: None}

"""What README and docs show: every block of Python is run, every link and every `make` target is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dodo_licenses.mock import MockServer

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *(ROOT / "docs").glob("*.md")]
)
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks():
    for page in PAGES:
        text = page.read_text()
        for match in BLOCK.finditer(text):
            line = text[: match.start()].count("\n") + 2
            yield pytest.param(match[1], id=f"{page.relative_to(ROOT)}:{line}")


@pytest.fixture
def mock_of_the_docs(monkeypatch):
    """An account with what the examples speak of."""
    with MockServer(keys=0) as mock:
        mock.load(
            {
                "license_keys": [
                    {
                        "id": "lic_123",
                        "key": "DEMO-0001-0002-0003",
                        "customer_id": "cus_123",
                        "product_id": "pdt_123",
                        "activations_limit": 5,
                    }
                ],
                "license_key_instances": [
                    {"id": f"lki_{number}", "license_key_id": "lic_123", "name": f"laptop {number}"}
                    for number in (1, 2)
                ],
            }
        )
        monkeypatch.setenv("DODO_PAYMENTS_API_KEY", mock.api_key)
        monkeypatch.setenv("DODO_PAYMENTS_BASE_URL", mock.base_url)
        yield mock


@pytest.mark.parametrize("code", list(blocks()))
def test_a_block_of_python_runs_as_it_stands(code, mock_of_the_docs, dodo_mock, monkeypatch, tmp_path):  # noqa: ARG001
    monkeypatch.chdir(tmp_path)
    names = {"__name__": "__main__"}
    exec(compile(code, "<docs>", "exec"), names)  # noqa: S102 - what a reader would run
    for name in [name for name in names if name.startswith("test_")]:
        dodo_mock.reset()
        names[name](dodo_mock)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_project_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_make_targets_that_are_named_exist(page):
    named = set(re.findall(r"(?:^    |`)make ([a-z]+)", page.read_text(), re.MULTILINE))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert named <= targets

"""What README and docs show: every block of Python is run, every link and every `make` target is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from dodo_licenses.mock import MockServer
from dodo_licenses_api.operations import OPERATIONS

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *(ROOT / "docs").glob("*.md")]
)
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)

SHOWN = re.compile(r"<!-- (output|source): (\S+) -->\n```(\w+)\n.*?^```\n", re.DOTALL | re.MULTILINE)


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


@pytest.mark.parametrize(
    "page", [page for page in PAGES if SHOWN.search(page.read_text())], ids=lambda page: page.name
)
def test_an_example_and_its_output_are_shown_as_they_are(page):
    def real(match):
        kind, path, language = match.groups()
        text = (ROOT / path).read_text(encoding="utf-8")
        if kind == "output":
            command = [sys.executable, ROOT / path]
            text = subprocess.run(
                command, check=True, capture_output=True, text=True, encoding="utf-8"
            ).stdout
        return f"<!-- {kind}: {path} -->\n```{language}\n{text}```\n"

    text = SHOWN.sub(real, page.read_text())
    if os.environ.get("UPDATE_DOCS"):
        page.write_text(text)
    assert page.read_text() == text, "run the tests with UPDATE_DOCS=1"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_project_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_is_to_be_installed_is_what_there_is(page):
    """Nothing is on the package index yet."""
    assert not re.search(r"pip install \"?dodo-licenses", page.read_text())


def test_what_was_repeated_with_other_programs_was_each_operation():
    rows = re.findall(
        r"^\| `(\w+)` \| yes \| yes \| yes \|$", (ROOT / "docs" / "compat.md").read_text(), re.MULTILINE
    )
    assert rows == list(OPERATIONS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_make_targets_that_are_named_exist(page):
    named = set(re.findall(r"(?:^    |`)make ([a-z]+)", page.read_text(), re.MULTILINE))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert named <= targets


def test_the_figures_of_the_readme_are_those_of_the_benchmarks():
    shown = (ROOT / "README.md").read_text().partition("**How fast**")[2]
    figures = re.findall(r"\d[\d.,/]*\d? (?:µs|ms|s|requests)\b|1/[\d.]+\d", shown)
    measured = (ROOT / "docs" / "benchmarks.md").read_text()
    assert len(figures) >= 3
    assert [figure for figure in figures if figure not in measured] == []


def test_what_the_vendor_has_deprecated_is_said_where_it_is_offered():
    spec = yaml.safe_load((ROOT / "openapi.yaml").read_text())
    ids = [o["operationId"] for path in spec["paths"].values() for o in path.values() if "deprecated" in o]
    assert ids
    for page in ("README.md", "docs/moving-over.md", "docs/listing.md"):
        assert "deprecated" in (ROOT / page).read_text(), page
    said = re.search(r"deprecated (.*?) of license keys", (ROOT / "README.md").read_text(), re.DOTALL)[1]
    assert {name.partition("_")[0] for name in ids} == set(re.findall(r"`(\w+)`", said))

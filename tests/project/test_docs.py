"""What README and docs show: Python runs, output and screens are real, links and `make` targets are there."""

from __future__ import annotations

import os
import re
import runpy
import shlex
from contextlib import redirect_stderr, redirect_stdout

import click
import pytest
from cli.conftest import Terminal
from spec_edits import ROOT

from dodo_licenses._cli import run
from dodo_licenses._cli.main import cli
from dodo_licenses.contract import command, findings
from dodo_licenses.mock.command import mock
from dodo_licenses_api.operations import OPERATIONS

PAGES = sorted(
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *(ROOT / "docs").glob("*.md")]
)
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# What stands behind its mark is the text of a file, what a program prints, or what a terminal shows.
SHOWN = re.compile(
    r"<!-- (output|source|screen): (.+?) -->\n(?:```sh\n.*?^```\n)?```(\w+)\n.*?^```\n",
    re.MULTILINE | re.DOTALL,
)
NOON = "1795521600"  # of 24 November 2026: the demo's time
OWNER = {"customer_id": "cus_123", "product_id": "pdt_123"}
ACCOUNT = {
    "license_keys": [{"id": "lic_123", "key": "DEMO-0001-0002-0003", "activations_limit": 5, **OWNER}],
    "license_key_instances": [
        {"id": f"lki_{number}", "license_key_id": "lic_123", "name": f"laptop {number}"} for number in (1, 2)
    ],
}
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def blocks():
    for page in PAGES:
        text = page.read_text()
        for match in BLOCK.finditer(text):
            line = text[: match.start()].count("\n") + 2
            yield pytest.param(match[1], id=f"{page.relative_to(ROOT)}:{line}")


@pytest.mark.parametrize("code", list(blocks()))
def test_a_block_of_python_runs_as_it_stands(code, dodo_mock, monkeypatch, tmp_path):
    dodo_mock.load(ACCOUNT)
    monkeypatch.setenv("DODO_PAYMENTS_API_KEY", dodo_mock.api_key)
    monkeypatch.setenv("DODO_PAYMENTS_BASE_URL", dodo_mock.base_url)
    monkeypatch.chdir(tmp_path)
    names = {"__name__": "__main__"}
    exec(compile(code, "<docs>", "exec"), names)  # noqa: S102 - what a reader would run
    for name in [name for name in names if name.startswith("test_")]:
        dodo_mock.reset()
        names[name](dodo_mock)


def real(match):
    kind, what, language = match.groups()
    shell, screen = "", Terminal()
    if kind == "source":
        screen.write((ROOT / what).read_text(encoding="utf-8"))
    elif kind == "output":
        with redirect_stdout(screen):
            runpy.run_path(str(ROOT / what), run_name="__main__")
    else:
        shell = f"```sh\n{what}\n```\n"
        with redirect_stdout(screen), redirect_stderr(screen):
            assert run(shlex.split(what)[1:]) == 0
    lines = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen.getvalue()).splitlines()
    text = "".join(f"{line.rstrip()}\n" for line in lines if not line.startswith("asking "))
    return f"<!-- {kind}: {what} -->\n{shell}```{language}\n{text}```\n"


@pytest.mark.skipif(os.name != "posix", reason="terminals are others there")
@pytest.mark.parametrize(
    "page", [page for page in PAGES if SHOWN.search(page.read_text())], ids=lambda page: page.name
)
def test_examples_output_and_screens_are_shown_as_they_are(page, monkeypatch):
    for name, value in {"COLUMNS": "80", "TERM": "dumb", "SOURCE_DATE_EPOCH": NOON}.items():
        monkeypatch.setenv(name, value)
    text = SHOWN.sub(real, page.read_text())
    if os.environ.get("UPDATE_DOCS"):
        page.write_text(text)
    assert page.read_text() == text, "run the tests with UPDATE_DOCS=1"


@every_page
def test_what_a_page_names_is_there(page):
    text = page.read_text()
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (page.parent / target).exists(), target
    named = set(re.findall(r"(?:^    |`)make ([a-z]+)", text, re.MULTILINE))
    assert named <= set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert not re.search(r"pip install \"?dodo-licenses", text), "nothing is on the package index yet"


def options(of):
    """All long options of a command and those below it."""
    context = click.Context(of)
    yield from (option for one in of.get_params(context) for option in one.opts if option.startswith("--"))
    for name in of.list_commands(context) if isinstance(of, click.Group) else ():
        yield from options(of.get_command(context, name))


def test_each_option_and_variable_is_named_and_no_other():
    text = "\n".join(page.read_text() for page in (*PAGES, ROOT / "action.yml"))
    named, ours = set(re.findall(r"(?<![-\w])--[a-z][a-z-]+", text)), {*options(cli), *options(mock)}
    of_others = {"--quiet", "--no-deps", "--no-build-isolation", "--require-hashes"}  # pip
    of_others |= {"--pyargs", "--json", "--nl", "--pk"}  # pytest, curl, sqlite-utils
    assert named - ours - of_others == set()
    # Of the spec's parameters the operations' own help tells.
    spelled = {f"--{p.name.replace('_', '-')}" for one in OPERATIONS.values() for p in one.parameters}
    assert ours - named - spelled == set()
    variable = r"\bDODO_[A-Z_]*[A-Z]\b"
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "wrappers").rglob("*.py"))
    elsewhere = {"DODO_PAYMENTS_TEST_API_KEY", "DODO_PAYMENTS_CUSTOM_HEADERS"}  # the workflow's, the vendor's
    assert {*re.findall(variable, text)} - elsewhere == {*re.findall(variable, code)}


def test_what_the_vendor_has_deprecated_is_said_where_it_is_shown():
    gone = {each.name for each in OPERATIONS.values() if each.successor is not None}
    for page in (ROOT / "README.md", ROOT / "docs" / "grants.md"):
        (names,) = re.findall(r"vendor has deprecated (.+?) of license keys", page.read_text())
        assert set(re.findall(r"`(\w+)`", names)) == gone
    assert "vendor has deprecated the listing" in (ROOT / "docs" / "listing.md").read_text()


def test_exit_statuses_of_the_contract_suite_are_those_it_ends_with():
    ended = {findings.AGREES, findings.DISAGREES, findings.NOTHING_JUDGED, findings.BROKEN}
    ended |= {click.UsageError.exit_code, command.NotReachedError.exit_code, command.INTERRUPTED}
    told = re.findall(r"^\| (\d+) \|", (ROOT / "docs" / "contract.md").read_text(), re.MULTILINE)
    assert {*map(int, told)} == ended
    (output,) = re.findall(r"description: (0 agrees.*)", (ROOT / "action.yml").read_text())
    assert output in " ".join(command.run.help.split())


def test_what_was_repeated_with_other_programs_was_each_operation():
    text = (ROOT / "docs" / "compat.md").read_text()
    assert re.findall(r"^\| `(\w+)` \| yes \| yes \| yes \|$", text, re.MULTILINE) == list(OPERATIONS)


def test_the_figures_of_the_readme_are_those_of_the_benchmarks():
    shown = (ROOT / "README.md").read_text().partition("**How fast**")[2]
    figures = re.findall(r"\d[\d.,/]*\d? (?:µs|ms|s|requests)\b|1/[\d.]+\d", shown)
    measured = (ROOT / "docs" / "benchmarks.md").read_text()
    assert len(figures) >= 3
    assert [figure for figure in figures if figure not in measured] == []

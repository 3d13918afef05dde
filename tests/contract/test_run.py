"""The contract suite as people run it: what it sends, what it leaves behind, what it tells."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from click.testing import CliRunner

from dodo_licenses.contract import gate
from dodo_licenses.contract.command import contract
from dodo_licenses.contract.derived import listings
from dodo_licenses.contract.findings import Finding
from dodo_licenses.contract.report import Run
from dodo_licenses.contract.settings import Settings, WrongUseError
from dodo_licenses.contract.spec import Spec
from dodo_licenses.testing import DodoMock
from dodo_licenses_api.operations import OPERATIONS

ROOT = Path(__file__).parents[2]
CANARIES = ("CANARY-KEY-1234", "canary@example.com", "sk_canary", "+49canary")


@pytest.fixture
def mock():
    with DodoMock(api_key="sk_canary", keys=60) as mock:
        yield mock


def command(mock, out, *options):
    base_url = mock if isinstance(mock, str) else mock.base_url
    program = (sys.executable, "-m", "dodo_licenses.contract", "run")
    return [*program, "--seed", "7", "--out", str(out), "--base-url", base_url, *options]


def run(mock, out, *options, **environment):
    told = {"DODO_PAYMENTS_API_KEY": "sk_canary", "CONTRACT_FEW": "1", "GITHUB_ACTIONS": "", **environment}
    return subprocess.run(
        command(mock, out, *options), env={**os.environ, **told}, capture_output=True, text=True, check=False
    )


def records(mock):
    return {record["id"]: record for records in mock.dump().values() for record in records if "id" in record}


def test_reading_sends_nothing_else_in_any_phase_and_reports_no_secret(mock, tmp_path):
    customer = {
        "customer_id": "cus_1canary",
        "email": CANARIES[1],
        "name": "Ada",
        "phone_number": CANARIES[3],
    }
    keys = [{"key": f"{CANARIES[0]}{n}", "customer_id": "cus_1canary"} for n in range(12)]
    mock.load({"customers": [customer], "license_keys": keys})
    echo = {"message": f"sk_canary {CANARIES[0]}3", "key": f"{CANARIES[0]}4", "email": CANARIES[1]}
    for operation in ("retrieve_license_key", "validate_license"):
        mock.fault(operation=operation, times=None, status=418, body={"code": "X", **echo})
    before, out, summary = mock.dump(), tmp_path / "out", tmp_path / "summary.md"
    done = run(mock, out, "--read-only", GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary))
    assert done.returncode == 1, done.stdout + done.stderr
    asked = {(request["method"], request["path"]) for request in mock.requests}
    assert {path for method, path in asked if method != "GET"} == {"/licenses/validate"}
    assert mock.dump() == before
    assert json.loads((out / "schemathesis.json").read_text())["test_cases"]["generated"] > 20
    # The first request asks whether there is a server; all others, of every phase, went through the gate.
    sent = json.loads((out / "report.json").read_text())["requests"]
    assert sum(sent.values()) >= len(mock.requests) - 1 > 600  # it counts what the mock took for no HTTP, too
    assert {path.name for path in out.iterdir()} >= {"report.json", "junit.xml", "schemathesis.json"}
    for text in (
        done.stdout,
        done.stderr,
        summary.read_text(),
        *(path.read_text() for path in out.iterdir()),
    ):
        assert [canary for canary in CANARIES if canary in text] == []
    assert re.search(r"^::error title=", done.stdout, re.MULTILINE)


def test_the_gate_keeps_the_rate(mock, monkeypatch):
    now, at = [0.0], []
    monkeypatch.setattr(gate, "time", SimpleNamespace(monotonic=lambda: now[0], sleep=at.append))
    told = {
        "CONTRACT_BASE_URL": mock.base_url,
        "DODO_PAYMENTS_API_KEY": "sk_canary",
        "CONTRACT_PAUSE": "0.65",
    }
    settings = Settings.read(told)
    session = gate.Gate(settings, Spec(settings.spec)).session()
    for taken in (0.0, 0.15, 2.0):
        now[0] += taken
        session.get(f"{mock.base_url}/licenses")
    assert at == [0.0, 0.5, 0.0]


def test_writing_changes_only_what_it_imported_and_sweeps_what_another_run_left(mock, tmp_path):
    first, *_ = mock.dump()["license_keys"]
    owner = {"customer_id": first["customer_id"], "product_id": first["product_id"]}
    left = mock.add_license_key("CONTRACT-TEST-dead-1", **owner)
    before = records(mock)
    chosen = ("-k", "schemathesis or state_machine or at_once or test_changes")
    done = run(
        mock, tmp_path, "--customer", owner["customer_id"], "--product", owner["product_id"], "--", *chosen
    )
    assert done.returncode == 0, done.stdout + done.stderr
    after = records(mock)
    assert after.pop(left["id"])["status"] == "disabled"
    assert {name for name in after if name in before and after[name] != before[name]} == set()
    imported = [r for name, r in after.items() if name not in before and "key" in r]
    assert len(imported) > 10
    assert [key["id"] for key in imported if key["status"] != "disabled"] == []


def test_sigterm_ends_it_and_leaves_nothing_behind(mock, tmp_path):
    environment = {**os.environ, "DODO_PAYMENTS_API_KEY": "sk_canary"}
    before = records(mock)
    with subprocess.Popen(command(mock, tmp_path, "--", "-k", "life"), env=environment) as running:
        while mock.count_license_keys() < 63:
            time.sleep(0.02)
        running.send_signal(signal.SIGTERM)
        assert running.wait() == 130
    left = [r["status"] for name, r in records(mock).items() if name not in before and "key" in r]
    assert set(left) == {"disabled"}


def test_exit_statuses(mock, tmp_path):
    refused = run(mock, tmp_path, DODO_PAYMENTS_API_KEY="sk_other")
    nobody = run("http://127.0.0.1:9", tmp_path)
    usage = run("http://192.0.2.1", tmp_path)
    mock.load({})
    nothing = run(mock, tmp_path, "--read-only", "--", "-k", "test_paging or test_alone")
    assert [r.returncode for r in (refused, nobody, usage, nothing)] == [3, 3, 2, 4], (
        nothing.stdout + nothing.stderr
    )
    assert "refuses the API key (401)" in refused.stderr
    assert "cannot be reached" in nobody.stderr
    assert "only https" in usage.stderr
    assert "no license key: " in nothing.stdout
    assert all(r.stderr.count("\n") == 1 for r in (refused, nobody, usage))


def test_a_cause_is_told_once_and_can_be_known(mock, tmp_path):
    mock.fault(operation="retrieve_license_key", times=None, status=200, body={"key": "x"})
    known = tmp_path / "known.json"
    chosen = ("--", "-k", "test_retrieved_is_listed or test_unknown_ids")
    done = run(mock, tmp_path / "out", "--read-only", "--baseline", str(known), "--baseline-update", *chosen)
    assert done.returncode == 1
    assert done.stdout.count("✗ `id` is missing in LicenseKey: ") == 1
    assert "curl -X GET" in done.stdout
    again = run(mock, tmp_path / "out", "--read-only", "--baseline", str(known), *chosen)
    assert again.returncode == 0, again.stdout
    entries = json.loads(known.read_text())
    for entry in entries["entries"]:
        entry["expires"] = "2020-01-01"
    known.write_text(json.dumps(entries))
    assert run(mock, tmp_path / "out", "--read-only", "--baseline", str(known), *chosen).returncode == 1


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"CONTRACT_BASE_URL": "https://test.dodopayments.com"}, "DODO_PAYMENTS_API_KEY"),
        ({"CONTRACT_BASE_URL": "http://api.example", "DODO_PAYMENTS_API_KEY": "k"}, "only https"),
        ({"CONTRACT_BASE_URL": "https://u:p@api.example", "DODO_PAYMENTS_API_KEY": "k"}, "password"),
        ({"CONTRACT_BASE_URL": "ftp://x"}, "no address"),
        ({"CONTRACT_WRITE": "1", "CONTRACT_READ_ONLY": "1"}, "contradict"),
        (
            {"CONTRACT_BASE_URL": "https://a.b", "DODO_PAYMENTS_API_KEY": "k", "CONTRACT_WRITE": "1"},
            "--customer",
        ),
        (
            {
                "CONTRACT_BASE_URL": "https://live.dodopayments.com",
                "DODO_PAYMENTS_API_KEY": "k",
                "CONTRACT_WRITE": "1",
                "CONTRACT_CUSTOMERS": "cus_1",
                "CONTRACT_PRODUCT": "pdt_1",
            },
            "--live",
        ),
    ],
)
def test_an_account_is_not_put_at_risk(told, sentence):
    with pytest.raises(WrongUseError, match=re.escape(sentence)):
        Settings.read(told)


def test_another_machine_is_read_only_and_asked_slowly():
    told = Settings.read({"CONTRACT_BASE_URL": "https://test.dodopayments.com", "DODO_PAYMENTS_API_KEY": "k"})
    assert (told.read_only, told.few) == (True, True)
    assert told.pause > 0.6
    assert "'k'" not in repr(told)


def test_every_listing_is_walked():
    assert {listing.operation.id for listing in listings()} == {
        o.id for o in OPERATIONS.values() if o.items is not None
    }


def test_the_numbers_of_the_documentation_are_those_of_the_catalogues(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "tests" / "drift")
    from bugs import BUGS  # noqa: PLC0415 - a folder of scripts, not a package
    from liberties import LIBERTIES  # noqa: PLC0415 - the same

    rows = re.findall(
        r"^\| (planted bugs|liberties): [^|]+\| (\d+) ",
        (ROOT / "docs" / "drift.md").read_text(),
        re.MULTILINE,
    )
    assert dict(rows) == {"planted bugs": str(len(BUGS)), "liberties": str(len(LIBERTIES))}


def test_nothing_ends_the_code_block_of_a_summary(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    found = Run(findings=[Finding("a cause", "GET /x", "curl", "```\n</details>\x1b[2J\u202e::error::x")])
    found.tell_github()
    block = (tmp_path / "summary.md").read_text().partition("\n\n")[2].rstrip("\n").splitlines()
    assert all(line.startswith("    ") for line in block)
    assert "\x1b" not in capsys.readouterr().out + "\n".join(block)


HAR = {
    "log": {
        "entries": [
            {"request": {"method": "GET", "url": "https://live.dodopayments.com/license_keys?page_size=1"}}
        ]
    }
}


def har(status, body):
    entry = HAR["log"]["entries"][0]
    content = {"mimeType": "application/json; charset=utf-8", "text": json.dumps(body)}
    return {"log": {"entries": [{**entry, "response": {"status": status, "content": content}}]}}


def cassette(status, body):
    response = {"status": {"code": status}, "headers": {"Content-Type": ["application/json"]}}
    request = {"method": "GET", "uri": "https://live.dodopayments.com/license_keys"}
    return {
        "interactions": [{"request": request, "response": {**response, "body": {"string": json.dumps(body)}}}]
    }


@pytest.mark.parametrize(
    ("name", "made", "write"), [("a.har", har, json.dumps), ("a.yaml", cassette, yaml.safe_dump)]
)
def test_recorded_traffic(tmp_path, name, made, write):
    path = tmp_path / name
    for status, body, ended, said in (
        (200, {"items": []}, 0, "1 recorded replies"),
        (200, {"items": [{"id": "lic_1"}]}, 1, "`key` is missing in LicenseKey"),
        (418, {}, 1, "status 418 is not in the spec"),
    ):
        path.write_text(write(made(status, body)))
        result = CliRunner().invoke(contract, ["check", str(path)])
        assert (result.exit_code, said in result.stdout) == (ended, True), result.stdout
    path.write_text("[1")
    assert CliRunner().invoke(contract, ["check", str(path)]).exit_code == 2


def test_the_action_runs_as_it_stands(mock, tmp_path):
    (tmp_path / "contract" / "bin").mkdir(parents=True)
    (tmp_path / "contract" / "bin" / "dodo-licenses").symlink_to(
        Path(sys.executable).with_name("dodo-licenses")
    )
    steps = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
    script = next(step for step in steps if step.get("id") == "contract")
    assert [
        step["uses"] for step in steps if "uses" in step and not re.search(r"@[0-9a-f]{40}$", step["uses"])
    ] == []
    told = dict.fromkeys(script["env"], "") | {
        "BASE_URL": mock.base_url,
        "DODO_PAYMENTS_API_KEY": "sk_canary",
    }
    told |= {"RUNNER_TEMP": str(tmp_path), "GITHUB_OUTPUT": str(tmp_path / "output"), "CONTRACT_FEW": "1"}
    bash = shutil.which("bash")
    for mode, api_key, ended in (("write!", "sk_canary", 2), ("read-only", "sk_other", 3)):
        environment = {**os.environ, **told, "MODE": mode, "DODO_PAYMENTS_API_KEY": api_key}
        done = subprocess.run(
            [bash, "-e", "-c", script["run"]], env=environment, capture_output=True, check=False
        )
        assert done.returncode == ended, done.stderr
    assert (tmp_path / "output").read_text() == "status=3\n"

"""The contract suite as people run it: what it sends, what it leaves behind, what it tells."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import pytest
import yaml
from click.testing import CliRunner

from dodo_licenses.contract import gate
from dodo_licenses.contract.command import contract
from dodo_licenses.contract.findings import Finding
from dodo_licenses.contract.report import Run
from dodo_licenses.contract.server import MALFORMED, Server
from dodo_licenses.contract.settings import Settings, WrongUseError
from dodo_licenses.contract.spec import Spec
from dodo_licenses.contract.values import unlike
from dodo_licenses.testing import DodoMock
from dodo_licenses_api import operations as api

ROOT = Path(__file__).parents[2]
KEY, MAIL, API_KEY, PHONE = CANARIES = "CANARY-KEY-1234", "canary@example.com", "sk_canary", "+49canary"


@pytest.fixture
def mock():
    with DodoMock(api_key=API_KEY, keys=60) as mock:
        yield mock


@pytest.fixture(autouse=True)
def _settings_of_one_run():
    with patch.dict(os.environ):
        yield


def command(mock, out, *options):
    program = (sys.executable, "-m", "dodo_licenses", "contract", "run")
    return [*program, "--few", "--seed", "7", "--out", str(out), "--base-url", mock.base_url, *options]


def run(mock, out, *options, **environment):
    told = {"DODO_PAYMENTS_API_KEY": API_KEY, "GITHUB_ACTIONS": ""}
    return subprocess.run(
        command(mock, out, *options),
        env={**os.environ, **told, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def settings_of(**environment):
    with patch.dict(os.environ, environment):
        return Settings.read()


def records(mock):
    return {record["id"]: record for records in mock.dump().values() for record in records if "id" in record}


def test_a_run_that_reads(mock, tmp_path):
    """It sends nothing else in any phase and shows no secret; what it told can be known in the next run."""
    customer = {"customer_id": "cus_1canary", "email": MAIL, "name": "Ada", "phone_number": PHONE}
    keys = [{"key": f"{KEY}{n}", "customer_id": "cus_1canary"} for n in range(12)]
    mock.load({"customers": [customer], "license_keys": keys})
    echo = {"code": "X", "message": f"{API_KEY} {KEY}3", "key": f"{KEY}4", "email": MAIL}
    for operation in ("retrieve_license_key", "validate_license"):
        mock.fault(operation=operation, times=None, status=418, body=echo)
    before, out, summary, known = mock.dump(), tmp_path / "out", tmp_path / "summary.md", tmp_path / "known"
    options = ("--read-only", "--baseline", str(known))
    environment = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    done = run(mock, out, *options, "--baseline-update", **environment)
    assert done.returncode == 1, done.stdout + done.stderr
    asked = {(request["method"], request["path"]) for request in mock.requests}
    assert {path for method, path in asked if method != "GET"} == {"/licenses/validate"}
    assert mock.dump() == before
    files = {path.name: path.read_text() for path in out.iterdir()}
    assert stat.S_IMODE(out.stat().st_mode) == 0o700 or os.name == "nt"
    assert json.loads(files["schemathesis.json"])["test_cases"]["generated"] > 20
    # The first request asks whether there is a server; all others, of every phase, went through the gate.
    sent = json.loads(files["report.json"])["sent"]
    assert sum(sent.values()) >= len(mock.requests) - 1 > 600  # it counts what the mock took for no HTTP, too
    assert "junit.xml" in files
    for text in (done.stdout, done.stderr, summary.read_text(), *files.values()):
        assert [canary for canary in CANARIES if canary in text] == []
    assert re.search(r"^::error title=", done.stdout, re.MULTILINE)
    cause = "✗ status 418 is not in the spec of GET /license_keys/{id}"
    assert (done.stdout.count(cause), "curl -X GET" in done.stdout) == (1, True)

    told = json.loads(known.read_text())
    rule = "test_unknown_is_not_found"
    next(entry for entry in told["entries"] if entry["check"] == rule)["expires"] = "2020-01-01"
    known.write_text(json.dumps(told))
    mock.load({})
    again = run(mock, out, *options, "--", "-k", f"{rule} or test_paging")
    assert (again.returncode, again.stdout.count("✗")) == (1, 1), again.stdout + again.stderr
    assert " known disagreements" in again.stdout
    assert "no license key: " in again.stdout


def test_one_cause_is_told_once_whichever_rules_come_upon_it(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "tests" / "drift")
    import rows  # noqa: PLC0415 - found there

    lacks = rows.each((rows.KEY,), lambda _, key: key.pop("status"))
    with rows.Planted(lacks, keys=30, api_key=API_KEY) as mock:
        done = run(mock, tmp_path, "--", "-k", "names or retrieved or two_changes")
    (cause,) = json.loads((tmp_path / "report.json").read_text())["causes"]
    assert (done.returncode, cause["cause"]) == (1, "`status` is missing in LicenseKey")
    assert {finding["check"] for finding in cause["findings"]} >= {"test_names", "test_retrieved_is_listed"}


def test_the_gate_keeps_the_rate(mock, monkeypatch):
    now, at = [0.0], []
    monkeypatch.setattr(gate, "time", SimpleNamespace(monotonic=lambda: now[0], sleep=at.append))
    monkeypatch.setattr(Settings, "pause", 0.65)
    settings = settings_of(CONTRACT_BASE_URL=mock.base_url, DODO_PAYMENTS_API_KEY=API_KEY)
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
    options = ("--customer", owner["customer_id"], "--product", owner["product_id"])
    done = run(mock, tmp_path, *options, "--", "-k", "schemathesis or state_machine or at_once")
    assert done.returncode == 0, done.stdout + done.stderr
    after = records(mock)
    assert after.pop(left["id"])["status"] == "disabled"
    assert {name for name in after if name in before and after[name] != before[name]} == set()
    imported = [r for name, r in after.items() if name not in before and "key" in r]
    assert len(imported) > 10
    assert [key["id"] for key in imported if key["status"] != "disabled"] == []


def test_sigterm_ends_it_and_leaves_nothing_behind(mock, tmp_path):
    before, environment = records(mock), {**os.environ, "DODO_PAYMENTS_API_KEY": API_KEY}
    with subprocess.Popen(command(mock, tmp_path, "--", "-k", "life"), env=environment) as running:
        while mock.count_license_keys() < 63:
            time.sleep(0.02)
        running.send_signal(signal.SIGTERM)
        assert running.wait() == 130
    left = [r["status"] for name, r in records(mock).items() if name not in before and "key" in r]
    assert set(left) == {"disabled"}


@pytest.mark.parametrize(
    ("base_url", "status", "sentence"),
    [
        ("", 3, "refuses the API key (401)"),
        ("http://127.0.0.1:9", 3, "cannot be reached"),
        ("http://192.0.2.1", 2, "only https"),
    ],
)
def test_what_keeps_it_from_running_is_said_in_a_line(mock, tmp_path, base_url, status, sentence):
    with patch.dict(os.environ, DODO_PAYMENTS_API_KEY="sk_other"):
        options = ["run", "--out", str(tmp_path), "--base-url", base_url or mock.base_url]
        ended = CliRunner().invoke(contract, options)
    assert (ended.exit_code, ended.stderr.count("\n")) == (status, 1)
    assert sentence in ended.stderr


def test_a_name_that_is_not_found_in_time_is_waited_for_no_longer(tmp_path, monkeypatch):
    ended, looked_up = threading.Event(), []

    def look_up(*_, **__):
        looked_up.append(ended.wait(30))
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setenv("DODO_PAYMENTS_API_KEY", API_KEY)
    url = "https://license-server.example"
    result = CliRunner().invoke(contract, ["run", "--out", str(tmp_path), "--base-url", url])
    assert (result.exit_code, looked_up) == (3, []), result.output
    assert result.stderr == f"Error: {url} does not answer within 2 seconds\n"
    ended.set()


def test_an_empty_account_is_no_agreement_and_a_broken_baseline_no_reason_to_ask_it(tmp_path):
    known = tmp_path / "known.json"
    known.write_text('{"format_version": 1, "entries": [{}]}')
    with DodoMock(api_key=API_KEY) as empty:
        done = run(empty, tmp_path / "out", "--", "-k", "api_key or paging or wrong")
        empty.add_license_key("CANARY")
        held = run(empty, tmp_path / "out", "--", "-k", "api_key and update")
        refused = run(empty, tmp_path / "out", "--baseline", str(known))
    assert (done.returncode, held.returncode) == (4, 0), done.stdout + held.stdout
    assert "no license key: " in done.stdout
    assert (refused.returncode, "no tests ran" in refused.stdout) == (2, True)
    assert f"--baseline {known}: Entry {{}} is missing" in refused.stderr
    assert [Run().status, Run(known=1).status, Run(passed=1).status] == [4, 0, 0]


def test_a_rule_asks_for_nothing_that_the_spec_rules_out(mock, monkeypatch):
    settings = settings_of(CONTRACT_BASE_URL=mock.base_url, DODO_PAYMENTS_API_KEY=API_KEY)
    monkeypatch.delattr(Spec, "label_of")  # a rule says itself which operation it asks for
    with contextlib.closing(Server(settings)) as server:
        assert server.ask(api.LIST_LICENSE_KEYS, query={"page_size": 100}).ok
        for operation, asked in (
            (api.LIST_LICENSE_KEYS, {"query": {"page_size": 101}}),
            (api.LIST_LICENSE_KEYS, {"query": {"page_number": -1}}),
            (api.CREATE_LICENSE_KEY, {"json": {"key": "k"}}),
        ):
            with pytest.raises(RuntimeError, match="what the spec rules out"):
                server.ask(operation, **asked)
            server.ask(operation, **asked, expect=MALFORMED)
    assert server.gate.sent == {"GET /license_keys": 3, "POST /license_keys": 1}


def test_what_looks_like_an_api_key_of_one_character_is_another_one():
    assert {*unlike("k")} >= {"K", "%", "kx"}
    assert {*unlike("k")}.isdisjoint({"", "k"})


HERE = {"CONTRACT_BASE_URL": "https://test.dodopayments.com", "DODO_PAYMENTS_API_KEY": "k"}
WRITES = HERE | {"CONTRACT_WRITE": "1"}
OWNED = {"CONTRACT_CUSTOMER": "cus_1 cus_2", "CONTRACT_PRODUCT": "pdt_1"}


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (HERE | {"DODO_PAYMENTS_API_KEY": ""}, "DODO_PAYMENTS_API_KEY"),
        (HERE | {"CONTRACT_BASE_URL": "http://api.example"}, "only https"),
        (HERE | {"CONTRACT_BASE_URL": "https://u:p@api.example"}, "password"),
        *(
            (HERE | {"CONTRACT_BASE_URL": url}, "address such as")
            for url in ("ftp://x", "http://[::1", "https://a:x", "https://a\x1b", "sk_canary")
        ),
        (WRITES | {"CONTRACT_READ_ONLY": "1"}, "contradict"),
        (WRITES, "--customer"),
        (WRITES | OWNED | {"CONTRACT_BASE_URL": "https://live.dodopayments.com"}, "--live"),
    ],
)
def test_an_account_is_not_put_at_risk(told, sentence):
    with pytest.raises(WrongUseError, match=re.escape(sentence)) as caught:
        settings_of(**told)
    assert API_KEY not in str(caught.value)  # nor what else was pasted in the place of an address


def test_another_machine_is_read_only_and_asked_slowly():
    told = settings_of(**HERE)
    assert (told.read_only, told.few) == (True, True)
    assert told.pause > 0.6
    assert "'k'" not in repr(told)


def test_the_numbers_of_the_documentation_are_those_of_the_catalogues(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "tests" / "drift")
    from bugs import BUGS  # noqa: PLC0415 - a folder of scripts, not a package
    from liberties import LIBERTIES  # noqa: PLC0415 - the same

    page = (ROOT / "docs" / "drift.md").read_text()
    rows = re.findall(r"^\| (planted bugs|liberties): [^|]+\| (\d+) ", page, re.MULTILINE)
    assert dict(rows) == {"planted bugs": str(len(BUGS)), "liberties": str(len(LIBERTIES))}


def test_nothing_ends_the_code_block_of_a_summary(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    found = Run(findings=[Finding("a cause", "GET /x", "curl", "```\n</details>\x1b[2J\u202e::error::x")])
    found.tell_github()
    block = (tmp_path / "summary.md").read_text().partition("\n\n")[2].rstrip("\n").splitlines()
    assert all(line.startswith("    ") for line in block)
    assert "\x1b" not in "".join([*capsys.readouterr(), *block])


URL = "https://live.dodopayments.com/license_keys?page_size=1"


def har(status, text, kind="application/json; charset=utf-8"):
    response = {"status": status, "content": {"mimeType": kind, "text": text}}
    return json.dumps(
        {"log": {"entries": [{"request": {"method": "GET", "url": URL}, "response": response}]}}
    )


def cassette(status, text, kind="application/json"):
    response = {"status": {"code": status}, "headers": {"Content-Type": [kind]}}
    response["body"] = {"string": text}
    return yaml.safe_dump(
        {"interactions": [{"request": {"method": "GET", "uri": URL}, "response": response}]}
    )


@pytest.mark.parametrize("made", [har, cassette])
def test_recorded_traffic(tmp_path, made):
    path = tmp_path / ("a.har" if made is har else "a.yaml")
    for text, ended, said in (
        (made(200, '{"items": []}'), 0, "1 recorded replies"),
        (made(200, "{}", "text/\x1b]0;x\u202e"), 1, r"content type text/\x1b]0;x\u202e"),
        (made(200, '{"items": [{"id": "lic_1"}]}'), 1, "`key` is missing in LicenseKey"),
        (made(418, "{}"), 1, "status 418 is not in the spec"),
        ("[1", 2, ""),
        ('{"log":' * 100_000, 2, ""),
    ):
        path.write_text(text)
        result = CliRunner().invoke(contract, ["check", str(path)])
        assert (result.exit_code, said in result.stdout) == (ended, True), result.output


def test_the_action_runs_as_it_stands(mock, tmp_path):
    (tmp_path / "contract" / "bin").mkdir(parents=True)
    program = tmp_path / "contract" / "bin" / "dodo-licenses"
    program.symlink_to(Path(sys.executable).with_name("dodo-licenses"))
    steps = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
    script = next(step for step in steps if step.get("id") == "contract")
    told = {**os.environ, **dict.fromkeys(script["env"], ""), "BASE_URL": mock.base_url}
    told |= {"RUNNER_TEMP": str(tmp_path), "GITHUB_OUTPUT": str(tmp_path / "output")}
    for mode, api_key, ended in (("write!", API_KEY, 2), ("read-only", "sk_other", 3)):
        told |= {"MODE": mode, "DODO_PAYMENTS_API_KEY": api_key}
        bash = [shutil.which("bash"), "-e", "-c", script["run"]]
        done = subprocess.run(bash, env=told, capture_output=True, check=False)
        assert done.returncode == ended, done.stderr
    assert (tmp_path / "output").read_text() == "status=3\n"

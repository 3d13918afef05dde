"""The contract suite as people run it: what it sends, what it leaves behind, what it tells."""

from __future__ import annotations

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
import rows
import yaml
from bugs import BUGS
from click.testing import CliRunner
from liberties import LIBERTIES

from dodo_licenses.contract import gate
from dodo_licenses.contract.command import contract
from dodo_licenses.contract.findings import Run
from dodo_licenses.contract.settings import Settings, WrongUseError
from dodo_licenses.contract.spec import Spec
from dodo_licenses.testing import DodoMock

ROOT = Path(__file__).parents[2]
KEY, MAIL, API_KEY, PHONE = CANARIES = "CANARY-KEY-1234", "canary@example.com", "sk_canary", "+49canary"
ENDS_A_BLOCK = "```\n</details>\x1b[2J\u202e\n::error::x"


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


def run(mock, out, *options, api_key=API_KEY, **environment):
    told = {**os.environ, "DODO_PAYMENTS_API_KEY": api_key, "GITHUB_ACTIONS": "", **environment}
    return subprocess.run(command(mock, out, *options), env=told, capture_output=True, text=True, check=False)


def settings_of(**environment):
    os.environ.update(environment)
    return Settings.read()


def records(mock):
    return {record["id"]: record for records in mock.dump().values() for record in records if "id" in record}


def test_a_run_that_reads(mock, tmp_path):
    """It sends nothing else in any phase and shows no secret; what it told can be known in the next run."""
    customer = {"customer_id": "cus_1canary", "email": MAIL, "name": "Ada", "phone_number": PHONE}
    keys = [{"key": f"{KEY}{n}", "customer_id": "cus_1canary"} for n in range(12)]
    mock.load({"customers": [customer], "license_keys": keys})
    echo = {"code": "X", "message": f"{API_KEY} {KEY}3", "key": f"{KEY}4", "email": MAIL}
    for operation, body in (("retrieve_license_key", echo), ("validate_license", f"{KEY}4{ENDS_A_BLOCK}")):
        mock.fault(operation=operation, times=None, status=418, body=body)
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
    for text in (done.stdout, done.stderr, summary.read_text(), files["junit.xml"], *files.values()):
        assert [canary for canary in (*CANARIES, "\x1b") if canary in text] == []
    assert {line[:14] for line in done.stdout.splitlines() if line[:2] == "::"} == {"::error title="}
    assert all(line[:4] == "    " for line in summary.read_text().strip().split("\n")[2:])
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


@pytest.mark.parametrize(
    ("operation", "breaks", "cause"),
    [
        ("KEY", lambda key: key.pop("status"), "`status` is missing in LicenseKey"),
        ("ACTIVATE", lambda its: its.update(name="x"), "retrieve gives what activate gave: name"),
    ],
)
def test_of_what_follows_the_first_cause_is_told_once(tmp_path, operation, breaks, cause):
    row = rows.each(getattr(rows, operation), lambda _, item: breaks(item))
    with rows.Planted(row, keys=30, api_key=API_KEY) as mock:
        done = run(mock, tmp_path, "--", "-k", "names or retrieved or life")
    (told,) = json.loads((tmp_path / "report.json").read_text())["causes"]
    assert (done.returncode, told["cause"]) == (1, cause)
    assert len(told["findings"]) > 1


def test_the_gate_keeps_the_rate_and_lets_out_what_reads(mock, monkeypatch):
    now, at = [0.0], []
    monkeypatch.setattr(gate, "time", SimpleNamespace(monotonic=lambda: now[0], sleep=at.append))
    monkeypatch.setattr(Settings, "pause", 0.65)
    told = {"CONTRACT_BASE_URL": mock.base_url, "DODO_PAYMENTS_API_KEY": API_KEY, "CONTRACT_READ_ONLY": "1"}
    settings = settings_of(**told)
    session = gate.Gate(settings, Spec(settings.spec)).session()
    for taken in (0.0, 0.15, 2.0):
        now[0] += taken
        session.get(f"{mock.base_url}/licenses")
    assert at == [0.0, 0.5, 0.0]
    for method, path in (("PATCH", "/license_keys/lic_1"), ("POST", "/licenses/activate"), ("DELETE", "/x")):
        with pytest.raises(gate.NotSentError, match="only reads"):
            session.request(method, mock.base_url + path)
    mock.fault(status=429, headers={"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"}, times=1)
    session.get(f"{mock.base_url}/licenses")
    assert at[-1] == 60.0


def test_writing_changes_only_what_it_imported_and_sweeps_what_another_run_left(mock, tmp_path):
    first, *_ = mock.dump()["license_keys"]
    owner = {"customer_id": first["customer_id"], "product_id": first["product_id"]}
    left = mock.add_license_key("CONTRACT-TEST-dead-1", **owner)
    before = records(mock)
    mock.fault(operation="update_license_key", status=429, headers={"Retry-After": "0"})
    options = ("--customer", owner["customer_id"], "--product", owner["product_id"])
    done = run(mock, tmp_path, *options, "--", "-k", "schemathesis or state_machine or at_once")
    assert done.returncode == 0, done.stdout + done.stderr
    assert 429 in {request["status"] for request in mock.requests}
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
        ("https://license-server.example", 3, "does not answer within 2 seconds"),
        ("http://192.0.2.1", 2, "only https"),
    ],
)
def test_what_keeps_it_from_running_is_said_in_a_line(mock, tmp_path, base_url, status, sentence):
    found, names, look_up = threading.Event(), [], socket.getaddrinfo

    def look_up_slowly(host, *rest, **options):
        return look_up(host, *rest, **options) if host[0] == "1" else names.append(found.wait(30))

    os.environ["DODO_PAYMENTS_API_KEY"] = "sk_other"
    options = ["run", "--out", str(tmp_path), "--base-url", base_url or mock.base_url]
    with patch.object(socket, "getaddrinfo", look_up_slowly):
        ended = CliRunner().invoke(contract, options)
    assert (ended.exit_code, ended.stderr.count("\n"), names) == (status, 1, [])
    assert sentence in ended.stderr
    found.set()


def test_an_empty_account_is_no_agreement_and_a_broken_baseline_no_reason_to_ask_it(tmp_path):
    known = tmp_path / "known.json"
    known.write_text('{"format_version": 1, "entries": [{}]}')
    with DodoMock(api_key="k") as empty:  # what looks like so short a key is none
        done = run(empty, tmp_path / "out", "--", "-k", "api_key or paging or wrong", api_key="k")
        empty.add_license_key("CANARY")
        held = run(empty, tmp_path / "out", "--", "-k", "api_key and update", api_key="k")
        refused = run(empty, tmp_path / "out", "--baseline", str(known), api_key="k")
    assert (done.returncode, held.returncode) == (4, 0), done.stdout + held.stdout
    assert "no license key: " in done.stdout
    assert (refused.returncode, "no tests ran" in refused.stdout) == (2, True)
    assert f"--baseline {known}: Entry {{}} is missing" in refused.stderr
    assert [Run().status, Run(known=1).status, Run(passed=1).status] == [4, 0, 0]


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
    assert (told.read_only, told.few, told.pause > 0.6, "'k'" in repr(told)) == (True, True, True, False)


def test_the_numbers_of_the_documentation_are_those_of_the_catalogues():
    page = (ROOT / "docs" / "drift.md").read_text()
    told = re.findall(r"^\| (planted bugs|liberties): [^|]+\| (\d+) ", page, re.MULTILINE)
    assert dict(told) == {"planted bugs": str(len(BUGS)), "liberties": str(len(LIBERTIES))}


URL = "https://live.dodopayments.com/license_keys?page_size=1"


def recorded(form, status, text, kind="application/json; charset=utf-8"):
    if form == "har":
        response = {"status": status, "content": {"mimeType": kind, "text": text}}
        entry = {"request": {"method": "GET", "url": URL}, "response": response}
        return json.dumps({"log": {"entries": [entry]}})
    response = {"status": {"code": status}, "headers": {"Content-Type": [kind]}, "body": {"string": text}}
    return yaml.safe_dump(
        {"interactions": [{"request": {"method": "GET", "uri": URL}, "response": response}]}
    )


@pytest.mark.parametrize("form", ["har", "yaml"])
def test_recorded_traffic(tmp_path, form):
    path, new = tmp_path / f"a.{form}", "LicenseKeySource has a value that the spec does not have yet: gift"
    with DodoMock() as mock:
        key = mock.add_license_key("CANARY") | {"source": "gift"}
    for text, ended, said in (
        (recorded(form, 200, '{"items": []}'), 0, "1 recorded replies"),
        (recorded(form, 200, json.dumps({"items": [key]})), 0, new),
        (recorded(form, 200, "{}", "text/\x1b]0;x\u202e"), 1, r"content type text/\x1b]0;x\u202e"),
        (recorded(form, 200, '{"items": [{"id": "lic_1"}]}'), 1, "`key` is missing in LicenseKey"),
        (recorded(form, 418, "{}"), 1, "status 418 is not in the spec"),
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


def test_a_body_that_was_cut_shows_no_secret_either():
    settings = settings_of(DODO_PAYMENTS_API_KEY=API_KEY)
    body = f'{{"key": "{KEY}", "metadata": {{"a": 1, "b": "{API_KEY}"}}, "email": "{MAIL}", "phone_number": "{PHONE}'
    shown = gate.Gate(settings, Spec(settings.spec)).shown(body.encode())
    assert [canary for canary in CANARIES if canary in shown] == []


def test_the_gate_sends_no_api_key_where_none_is_needed(mock):
    settings = settings_of(CONTRACT_BASE_URL=mock.base_url, DODO_PAYMENTS_API_KEY=API_KEY)
    session = gate.Gate(settings, Spec(settings.spec)).session()
    session.headers["Authorization"] = f"Bearer {API_KEY}"
    sent = [session.get(f"{mock.base_url}/license_keys"), session.post(f"{mock.base_url}/licenses/validate")]
    assert ["Authorization" in response.request.headers for response in sent] == [True, False]

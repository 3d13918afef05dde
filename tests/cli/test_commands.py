"""Each command as a person meets it: good and bad input, exit statuses, what goes where."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex

import click
import pytest
from cli.conftest import Shell, one_line

from dodo_licenses import LicenseKeySource, LicenseKeyStatus
from dodo_licenses._cli import main
from dodo_licenses._cli.output import COLOURS
from dodo_licenses.testing import DodoMock
from dodo_licenses_api.models import EntitlementGrantStatus

NEEDS_KEY = {
    "lookup": ["DEMO-1"],
    "free": ["DEMO-1", "--all", "--yes"],
    "disable": ["DEMO-1", "--yes"],
    "enable": ["DEMO-1", "--yes"],
    "import": ["DEMO-1", "--customer-id", "cus_1", "--product-id", "pdt_1"],
    "list": [],
    "update": ["lic_1", "--limit", "1"],
    "instances": [],
}
PUBLIC = {
    "activate": ["DEMO-1", "laptop"],
    "validate": ["DEMO-1"],
    "deactivate": ["DEMO-1", "lki_1"],
}
COMMANDS = sorted(set(main.cli.commands) - {"mock", "contract", "grants"})
EXAMPLE = re.compile(r"^ {4}(.*dodo-licenses .*)$", re.MULTILINE)


def records(done):
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


# --- list, update -----------------------------------------------------------------------------------


def test_list_gives_every_key_in_each_format(cli, mock):
    held = [key["id"] for key in mock.dump()["license_keys"]]
    piped = cli("list")
    assert [key["id"] for key in records(piped)] == held
    assert piped.stderr == "250 license keys\n"
    assert [key["id"] for key in json.loads(cli("list", "--format", "json").stdout)] == held
    rows = list(csv.DictReader(io.StringIO(cli("list", "--format", "csv").stdout)))
    assert [row["id"] for row in rows] == held
    assert rows[0].keys() == mock.dump()["license_keys"][0].keys()
    table = cli("list", "--format", "table").lines
    assert [line.split()[0] for line in table] == ["id", *held, "250"]
    assert table[-1] == "250 license keys"


def test_a_file_in_place_of_stdout(cli, mock, tmp_path):
    held = [key["id"] for key in mock.dump()["license_keys"]]
    for ending, ids in {
        "csv": lambda text: [row["id"] for row in csv.DictReader(io.StringIO(text))],
        "ndjson": lambda text: [json.loads(line)["id"] for line in text.splitlines()],
        "json": lambda text: [key["id"] for key in json.loads(text)],
    }.items():
        path = tmp_path / f"keys.{ending}"
        done = cli("list", "--output", path)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", f"250 license keys in {path}\n")
        assert ids(path.read_text()) == held
    mock.fault("reset", times=None)
    before = path.read_bytes()
    assert cli("list", "--output", path).returncode == 3
    assert path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 3


def test_nothing_is_well_formed(cli):
    nothing = ("list", "--customer-id", "cus_0")
    assert json.loads(cli(*nothing, "--format", "json").stdout) == []
    assert cli(*nothing).stdout == ""
    assert cli(*nothing, "--format", "table").stdout == "0 license keys\n"
    assert cli(*nothing, "--format", "csv").stdout.startswith("id,")


def test_columns_are_chosen_in_every_format(cli, mock):
    key = mock.dump()["license_keys"][0]
    chosen = ("--columns", "expires_at,id", "--limit", "1")
    assert cli("list", *chosen, "--format", "csv").lines[0] == "expires_at,id"
    assert list(records(cli("list", *chosen))[0]) == ["expires_at", "id"]
    table = cli("list", *chosen, "--format", "table").lines
    assert (table[0].split(), table[1].split()[1]) == (["expires", "id"], key["id"])
    assert list(records(cli("lookup", key["id"], "--columns", "status"))[0]) == ["status"]
    for command in (["list"], ["lookup", key["id"]]):
        one_line(cli(*command, "--columns", "id,colour"), 2, "colour", "expires_at")


def test_the_filters_are_those_of_the_spec_and_filter(cli, mock):
    listed = records(cli("list", "--status", "disabled", "--created-at-gte", "2025-01-01"))
    assert listed
    assert all(key["status"] == "disabled" and key["created_at"] >= "2025-01-01" for key in listed)
    one = mock.dump()["license_keys"][0]
    mine = records(cli("list", "--customer-id", one["customer_id"], "--product-id", one["product_id"]))
    assert one["id"] in [key["id"] for key in mine]
    assert len(records(cli("list", "--source", "import", "--limit", "3"))) == 3
    help_ = cli("list", "--help").stdout
    assert all(str(value) in help_ for kind in (LicenseKeyStatus, LicenseKeySource) for value in kind)
    known = {str(status).lower() for kind in (LicenseKeyStatus, EntitlementGrantStatus) for status in kind}
    assert known == set(COLOURS)


def test_a_day_is_taken_in_whole(cli, mock):
    for hour in ("00:00:00", "23:59:59"):
        mock.add_license_key(created_at=f"2026-01-01T{hour}Z")
    mock.add_license_key(created_at="2026-01-02T00:00:00Z")
    day = ["--created-at-gte", "2026-01-01", "--created-at-lte", "2026-01-01"]
    assert [key["created_at"][:10] for key in records(cli("list", *day))] == ["2026-01-01"] * 2
    until = ["--created-at-gte", "2026-01-01", "--created-at-lte", "2026-01-01T05:30:00+05:30"]
    assert len(records(cli("list", *until))) == 1
    one_line(cli("list", "--created-at-gte", "2026-01-01T12:00"), 2, "time zone", "2026-01-01T12:00Z")


def test_key_strings_are_masked_in_tables(cli, mock):
    strings = [key["key"] for key in mock.dump()["license_keys"]]
    masked = cli("list", "--format", "table").stdout
    assert not [key for key in strings if key in masked]
    shown = cli("list", "--format", "table", "--show-keys").stdout
    assert all(key in shown for key in strings)


def test_ids_come_from_arguments_and_from_stdin(cli, mock):
    ids = [key["id"] for key in mock.dump()["license_keys"]][:5]
    one_line(cli("update", "lic_0", "--limit", "1"), 1, "404", "NOT_FOUND", mock.base_url)
    assert ids[0] in cli("update", ids[0], "--limit", "1", "--format", "table").stdout
    changed = records(cli("update", "-", "--limit", "7", stdin=" ".join(ids)))
    assert [key["activations_limit"] for key in changed] == [7] * 5


def test_update_changes_what_is_given_and_the_words_are_the_same_everywhere(cli, mock):
    key = mock.add_license_key("DEMO-1", activations_limit=3)["id"]
    (changed,) = records(cli("update", key, "--limit", "5", "--expires", "2027-01-31"))
    assert changed["activations_limit"] == 5
    assert changed["expires_at"].startswith("2027-01-31T00:00:00")
    for words in (("none", "none"), ("∞", "never")):
        (changed,) = records(cli("update", key, "--limit", words[0], "--expires", words[1]))
        assert (changed["activations_limit"], changed["expires_at"]) == (None, None)
    for command in (("list", "--limit", "1"), ("lookup", "DEMO-1")):
        shown = cli(*command, "--format", "table").stdout
        assert "∞" in shown
        assert "never" in shown


# --- activations and licenses --------------------------------------------------------------------------


def test_a_license_s_life(cli, mock):
    key = mock.add_license_key("DEMO-1", activations_limit=1)
    seat = cli("activate", " DEMO-1 ", "laptop").stdout.strip()
    one_line(cli("activate", "DEMO-1", "desktop"), 1, "LICENSE_KEY_LIMIT_REACHED", "free")
    mine = ("instances", "--license-key-id", key["id"])
    assert [instance["id"] for instance in records(cli(*mine))] == [seat]
    assert cli(*mine, "--format", "table").stdout.endswith("\n1 activation\n")
    assert cli("validate", "DEMO-1", "--instance-id", seat).stdout == "valid\n"
    assert cli("validate", "-", stdin=" DEMO-1 \n").stdout == "valid\n"
    gone = cli("deactivate", "DEMO-1", seat)
    assert (gone.returncode, gone.stdout, gone.stderr) == (0, "", f"deactivated {seat}\n")
    refused = cli("validate", "DEMO-1", "--instance-id", seat)
    assert (refused.returncode, refused.stdout, refused.stderr) == (1, "invalid\n", "")
    assert cli(*mine).returncode == 0
    assert cli("instances", "--license-key-id", "DEMO-1").returncode == 1  # a string, where an id belongs


@pytest.mark.parametrize("command", PUBLIC)
def test_the_public_operations_need_no_api_key(cli, mock, monkeypatch, command):
    monkeypatch.delenv("DODO_PAYMENTS_API_KEY")
    mock.add_license_key("DEMO-1")
    assert "DODO_PAYMENTS_API_KEY" not in cli(command, *PUBLIC[command]).stderr
    assert all(request["status"] != 401 for request in mock.requests)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, ["good without end"]),
        ({"expires_at": "2099-01-31T00:00:00Z"}, ["good until 2099-01-31"]),
        ({"activations_limit": 0}, ["every seat is taken", "0 of 0"]),
        ({"status": "disabled"}, ["disabled", "switched off", "enable"]),
        ({"expires_at": "2020-01-31T00:00:00Z"}, ["expired", "over since 2020-01-31"]),
    ],
    ids=str,
)
def test_lookup_says_why(cli, mock, fields, words):
    mock.add_license_key("DEMO-1", **fields)
    done = cli("lookup", "DEMO-1", "--format", "table")
    assert all(word in done.stdout for word in words)
    (record,) = records(cli("lookup", "-", stdin="  DEMO-1\n"))
    assert record["valid"] == (not fields.keys() & {"status"} and fields.get("expires_at", "3") > "2026")
    assert record["license_key_instances"] == []


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty one to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_doctor_says_what_is_wrong_changes_nothing_and_shows_no_secret(cli, mock, monkeypatch):
    before = mock.dump()
    (well,) = records(cli("doctor"))
    assert (well["environment"], well["host"]) == ("another server", mock.base_url)
    assert (well["api_key"], well["works"], well["may_write"]) == ("set", "yes", "yes")
    assert "within a minute" in well["clock"]
    monkeypatch.setenv("DODO_PAYMENTS_API_KEY", "sk_test_reader")
    assert records(cli("doctor"))[0]["may_write"] == "no, it may only read"
    assert [request["operation"] for request in mock.requests] == [
        "list_license_keys",
        "update_license_key",
    ] * 2
    late = {"Date": "Mon, 01 Jan 2024 00:00:00 GMT", "X-RateLimit-Remaining": "7"}
    mock.fault(operation="list_license_keys", status=200, body={"items": []}, headers=late)
    (skewed,) = records(cli("doctor"))
    assert "7" in skewed["rate_limit"]
    monkeypatch.setenv("DODO_PAYMENTS_API_KEY", "sk_SECRET")
    done = cli("doctor")
    assert (done.returncode, "401" in done.stdout, "SECRET" in done.stdout) == (1, True, False)
    monkeypatch.setenv("DODO_PAYMENTS_BASE_URL", "http://127.0.0.1:9")
    done = cli("doctor", "--format", "table")
    assert (done.returncode, "cannot be reached" in done.stdout) == (1, True)
    assert mock.dump() == before


def test_grants(cli, mock):
    listed = records(cli("grants", "list", "--status", "Delivered"))
    assert {grant["id"] for grant in listed} == {
        grant["id"]
        for grant in mock.dump()["grants"]
        if grant["status"] == "Delivered" and grant["license_key"]
    }
    mine = [grant for grant in listed if grant["entitlement_id"] == listed[0]["entitlement_id"]]
    owner = ("grants", "list", listed[0]["entitlement_id"], "--status", "Delivered")
    assert [grant["id"] for grant in records(cli(*owner))] == [grant["id"] for grant in mine]
    revoke = ("grants", "revoke", listed[0]["entitlement_id"], "-")
    one_line(cli(*revoke, stdin=mine[0]["id"]), 2, "--yes")
    assert cli(*revoke, "--yes", stdin=f"{mine[0]['id']} entg_0").lines[0] == f"revoked\t{mine[0]['id']}"
    assert mine[0]["id"] not in cli(*owner).stdout
    one_line(cli("grants", "fulfill", "entg_0", "NEW-1"), 1, "404")


# --- what goes wrong -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["list", "--status", "inactive"], ["active", "expired", "disabled", "list --help"]),
        (["list", "--status", "active", "--status", "expired"], ["--status", "twice"]),
        (["list", "--limit", "-1"], ["-1"]),
        (["list", "--created-at-gte", "yesterday"], ["yesterday", "2027-01-31"]),
        (["list", "--created-at-gte", "2026-02-01", "--created-at-lte", "2026-01-01"], ["after"]),
        (["list", "--customer-id", "a/b"], ["customer_id"]),
        (["list", "--columns", "id,id"], ["twice"]),
        (["list", "--raw-csv"], ["--format csv"]),
        (["list", "--output", "keys.xls"], [".csv", ".ndjson"]),
        (["list", "--output", "keys.csv", "--format", "table"], ["another --format"]),
        (["list", "--output", "no/such/keys.csv"], ["no/such"]),
        (["list", "--output", "."], ["."]),
        (["list", "--demo", "--environment", "test_mode"], ["not both"]),
        (["list", "--rate-limit", "0"], ["--rate-limit"]),
        (["list", "--environment", "prod"], ["live_mode", "test_mode"]),
        (["update", "a/b", "--limit", "1"], ["id must be an id"]),
        (["update", "..", "--limit", "1"], ["id must be an id"]),
        (["update", "lic_1"], ["--limit"]),
        (["update", "lic_1", "--limit", "-1"], ["none"]),
        (["update", "lic_1", "--limit", "9" * 5000], ["none", "…"]),
        (["update", "lic_1", "--expires", "soon"], ["soon", "2027-01-31"]),
        (["lookup"], ["KEY"]),
        (["lookup", " "], ["KEY"]),
        (["free", "DEMO-1", "--yes"], ["--device", "--all", "--older-than"]),
        (["free", "DEMO-1", "--all", "--device", "laptop", "--yes"], ["in one way"]),
        (["free", "DEMO-1", "--all"], ["--dry-run", "--yes"]),
        (["free", "DEMO-1", "--all", "--yes", "--dry-run"], ["not both"]),
        (["free", "DEMO-1", "--older-than", "3 months", "--yes"], ["90d"]),
        (["disable", "--yes"], ["KEY", "--ids", "--product-id"]),
        (["disable", "DEMO-1", "--product-id", "pdt_1", "--yes"], ["in one way"]),
        (["disable", "DEMO-1"], ["--dry-run", "--yes"]),
        (["activate", "DEMO-1"], ["NAME"]),
        (["activate", "DEMO-1", " "], ["name must be"]),
        (["validate"], ["KEY"]),
        (["import", "DEMO-1"], ["--customer-id"]),
        (["import"], ["KEY or --file"]),
        (["import", "DEMO-1", "--from-line", "3"], ["--file"]),
        (["import", "--file", "nothing.csv"], ["nothing.csv"]),
        (["nothing"], ["nothing"]),
        (["lst"], ["list"]),
        (["show", "lic_1"], ["lookup"]),
        (["find"], ["lookup"]),
        (["create"], ["import"]),
        (["export"], ["list --output"]),
        (["help"], ["--help"]),
    ],
    ids=lambda words: " ".join(words)[:40],
)
def test_wrong_use_is_told_in_a_line_before_anything_is_asked(cli, mock, folder, arguments, words):
    done = cli(*arguments)
    one_line(done, 2, *words)
    assert len(done.stderr) < 600
    assert mock.requests == []
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("command", NEEDS_KEY)
def test_without_an_api_key_it_says_where_there_are_some_and_that_there_is_a_demo(cli, monkeypatch, command):
    monkeypatch.setenv("DODO_PAYMENTS_API_KEY", " ")
    one_line(cli(command, *NEEDS_KEY[command]), 2, "DODO_PAYMENTS_API_KEY", "dashboard", "--demo")


def test_an_api_key_that_will_not_do_is_told_with_what_to_do_and_not_shown(cli, mock, monkeypatch):
    key = mock.dump()["license_keys"][0]
    monkeypatch.setenv("DODO_PAYMENTS_API_KEY", "sk_test_reader")
    assert records(cli("lookup", key["id"]))
    one_line(cli("update", key["id"], "--limit", "3"), 1, "403", "an API key that may write")
    monkeypatch.setenv("DODO_PAYMENTS_API_KEY", "sk_SECRET")
    done = cli("list")
    one_line(done, 1, "401", mock.base_url, "DODO_PAYMENTS_API_KEY")
    assert "SECRET" not in done.stderr


def test_a_host_that_will_not_do_is_named(cli, mock, monkeypatch):
    mock.fault(status=200, body="<html>Welcome</html>", times=None)
    one_line(cli("list"), 1, mock.base_url)
    monkeypatch.setenv("DODO_PAYMENTS_BASE_URL", "http://127.0.0.1:9")
    one_line(cli("list"), 3, "http://127.0.0.1:9", "check the address")
    monkeypatch.setenv("DODO_PAYMENTS_BASE_URL", "http://example.com")
    one_line(cli("list"), 2, "https")


def test_a_fault_of_ours_is_told_in_a_line(cli, monkeypatch):
    monkeypatch.setattr("dodo_licenses.DodoPayments.base_url", property(lambda _: 1 / 0))
    one_line(cli("list"), 1, "ZeroDivisionError", "DODO_LICENSES_TRACEBACK")


# --- help and demo -------------------------------------------------------------------------------------


def test_bare_it_shows_help(cli):
    bare = cli()
    assert (bare.returncode, bare.stderr) == (0, "")
    assert bare.stdout == cli("--help").stdout
    assert all(command in bare.stdout for command in COMMANDS)


def examples():
    """The examples of every command's help that can be tried without an account."""
    for name in COMMANDS:
        command = main.cli.commands[name]
        help_ = command.get_help(click.Context(command, info_name=name))
        for line in EXAMPLE.findall(help_):
            yield pytest.param(line, id=line.replace("/", "-"))


@pytest.mark.parametrize("line", [line for line in examples() if "--demo" in line.values[0]])
def test_the_examples_in_help_work_as_written(cli, shell, tmp_path, monkeypatch, line):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DODO_PAYMENTS_API_KEY")
    monkeypatch.delenv("DODO_PAYMENTS_BASE_URL")
    done = (
        cli(*shlex.split(line)[1:])
        if line.startswith("dodo-licenses") and not set("|&") & set(line)
        else shell.line(line)
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout + done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_an_example(command):
    assert any(f"dodo-licenses {command}" in line.values[0] for line in examples())


def test_the_demo_s_keys_are_the_same_each_time(cli):
    key = records(cli("list", "--demo", "--limit", "1", "--status", "active"))[0]
    assert records(cli("lookup", key["id"], "--demo", "--columns", "key"))[0]["key"] == key["key"]
    assert cli("validate", key["key"], "--demo").stdout == "valid\n"


def test_completion_completes(shell):
    assert "_DODO_LICENSES_COMPLETE" in shell(_DODO_LICENSES_COMPLETE="bash_source").stdout
    words = {"COMP_WORDS": "dodo-licenses list --sta", "COMP_CWORD": "2"}
    assert "--status" in shell(**words, _DODO_LICENSES_COMPLETE="bash_complete").stdout


def test_the_mock_is_a_command_too(shell):
    assert "dodo-licenses mock" in shell("mock", "--help").stdout
    one_line(shell("mock", "--port", "70000"), 2, "65535")


def test_brackets_are_no_markup():
    with DodoMock() as mock:
        mock.add_license_key("[bold]DEMO[/bold]", id="lic_1")
        mock.client().licenses.activate(license_key="[bold]DEMO[/bold]", name="[red]laptop[/red]")
        shown = Shell.of(mock)("lookup", "lic_1", "--format", "table", "--show-keys").stdout
        assert "[bold]DEMO[/bold]" in shown
        assert "[red]laptop[/red]" in shown

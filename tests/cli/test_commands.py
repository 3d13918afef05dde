"""Each command as a person meets it: good and bad input, exit statuses, what goes where."""

from __future__ import annotations

import csv
import io
import json

import pytest
from cli.conftest import Shell, one_line

from dodo_licenses import LicenseKeySource, LicenseKeyStatus
from dodo_licenses._cli.options import SOURCES, STATUSES
from dodo_licenses.testing import DodoMock

COMMANDS = {
    "list": [],
    "get": ["lic_1"],
    "update": ["lic_1", "--disable"],
    "import": ["DEMO-1", "--customer-id", "cus_1", "--product-id", "pdt_1"],
    "export": ["--to", "keys.csv"],
    "stats": [],
    "instances": [],
    "rename-instance": ["lki_1", "laptop"],
}
PUBLIC = {
    "activate": ["DEMO-1", "laptop"],
    "validate": ["DEMO-1"],
    "deactivate": ["DEMO-1", "lki_1"],
}


def records(done):
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_choices_are_those_of_the_api():
    assert set(STATUSES) == {str(status) for status in LicenseKeyStatus}
    assert set(SOURCES) == {str(source) for source in LicenseKeySource}


# --- list ----------------------------------------------------------------------------------------------


def test_list_gives_every_key_in_each_format(account, mock):
    held = [key["id"] for key in mock.dump()["license_keys"]]
    piped = account("list")
    assert [key["id"] for key in records(piped)] == held
    assert piped.stderr == "250 license keys\n"
    assert [key["id"] for key in json.loads(account("list", "--format", "json").stdout)] == held
    rows = list(csv.DictReader(io.StringIO(account("list", "--format", "csv").stdout)))
    assert [row["id"] for row in rows] == held
    table = account("list", "--format", "table").stdout.splitlines()
    assert [line.split()[0] for line in table] == ["id", *held, "250"]
    assert table[-1] == "250 license keys"


def test_list_of_nothing_is_well_formed(account):
    nothing = ("list", "--customer-id", "cus_0")
    assert json.loads(account(*nothing, "--format", "json").stdout) == []
    assert account(*nothing).stdout == ""
    assert account(*nothing, "--format", "table").stdout == "0 license keys\n"


def test_filters_filter(account, mock):
    listed = records(account("list", "--status", "disabled", "--created-at-gte", "2025-01-01"))
    assert listed
    assert all(key["status"] == "disabled" and key["created_at"] >= "2025-01-01" for key in listed)
    one = mock.dump()["license_keys"][0]
    mine = records(account("list", "--customer-id", one["customer_id"], "--product-id", one["product_id"]))
    assert one["id"] in [key["id"] for key in mine]
    assert len(records(account("list", "--source", "import", "--limit", "3", "--page-size", "2"))) == 3


def test_a_day_is_taken_in_whole(account, mock):
    for hour in ("00:00:00", "23:59:59"):
        mock.add_license_key(created_at=f"2026-01-01T{hour}Z")
    mock.add_license_key(created_at="2026-01-02T00:00:00Z")
    day = ["--created-at-gte", "2026-01-01", "--created-at-lte", "2026-01-01"]
    assert [key["created_at"][:10] for key in records(account("list", *day))] == ["2026-01-01"] * 2
    until = ["--created-at-gte", "2026-01-01", "--created-at-lte", "2026-01-01T05:30:00+05:30"]
    assert len(records(account("list", *until))) == 1
    one_line(account("list", "--created-at-gte", "2026-01-01T12:00"), 2, "time zone", "2026-01-01T12:00Z")


def test_key_strings_are_masked_in_tables(account, mock):
    strings = [key["key"] for key in mock.dump()["license_keys"]]
    masked = account("list", "--format", "table").stdout
    assert not [key for key in strings if key in masked]
    shown = account("list", "--format", "table", "--show-keys").stdout
    assert all(key in shown for key in strings)


# --- one key -------------------------------------------------------------------------------------------


def test_get_by_id_or_string(account, mock):
    key = mock.dump()["license_keys"][200]
    assert records(account("get", key["id"]))[0]["key"] == key["key"]
    assert records(account("get", "--key", key["key"]))[0]["id"] == key["id"]
    table = account("get", key["id"], "--format", "table").stdout
    assert key["id"] in table
    assert key["key"] not in table
    one_line(account("get", "lic_0"), 1, "404", "NOT_FOUND", mock.base_url)
    one_line(account("get", "--key", "DEMO-0"), 1, "no license key")
    one_line(account("get"), 2, "ID or --key")
    one_line(account("get", "lic_1", "--key", "DEMO-0"), 2, "ID or --key")


def test_update_changes_what_is_given(account, mock):
    key = mock.add_license_key("DEMO-1", activations_limit=3)
    (changed,) = records(account("update", key["id"], "--limit", "5", "--expires", "2027-01-31", "--disable"))
    assert changed["activations_limit"] == 5
    assert changed["expires_at"].startswith("2027-01-31T00:00:00")
    assert changed["status"] == "disabled"
    (changed,) = records(account("update", key["id"], "--limit", "none", "--expires", "none", "--enable"))
    assert (changed["activations_limit"], changed["expires_at"]) == (None, None)
    assert changed["status"] == "active"
    one_line(account("update", key["id"]), 2, "--limit")
    one_line(account("update", key["id"], "--limit", "-1"), 2, "none")
    one_line(account("update", key["id"], "--expires", "soon"), 2, "2027-01-31")


# --- instances and licenses ----------------------------------------------------------------------------


def test_a_license_s_life(account, mock):
    key = mock.add_license_key("DEMO-1", activations_limit=1)
    (seat,) = records(account("activate", " DEMO-1 ", "laptop"))
    assert (seat["name"], seat["customer_id"]) == ("laptop", key["customer_id"])
    one_line(account("activate", "DEMO-1", "desktop"), 1, "LICENSE_KEY_LIMIT_REACHED", "deactivate")
    assert [instance["id"] for instance in records(account("instances", key["id"]))] == [seat["id"]]
    (renamed,) = records(account("rename-instance", seat["id"], "old laptop"))
    assert renamed["name"] == "old laptop"
    table = account("instances", "--format", "table", "--limit", "1")
    assert "old laptop" in table.stdout
    assert table.stdout.endswith("\n1 activation\n")
    assert account("validate", "DEMO-1", "--instance-id", seat["id"]).stdout == "valid\n"
    gone = account("deactivate", "DEMO-1", seat["id"])
    assert (gone.returncode, gone.stdout, gone.stderr) == (0, "", f"deactivated {seat['id']}\n")
    refused = account("validate", "DEMO-1", "--instance-id", seat["id"])
    assert (refused.returncode, refused.stdout, refused.stderr) == (1, "invalid\n", "")


@pytest.mark.parametrize("command", PUBLIC)
def test_the_public_operations_need_no_api_key(mock, command):
    mock.add_license_key("DEMO-1")
    shell = Shell(DODO_PAYMENTS_BASE_URL=mock.base_url)
    assert "DODO_PAYMENTS_API_KEY" not in shell(command, *PUBLIC[command]).stderr
    assert all(request["status"] != 401 for request in mock.requests)


# --- what goes wrong -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["list", "--status", "inactive"], ["active", "expired", "disabled", "list --help"]),
        (["list", "--page-size", "0"], ["1<=x<=100"]),
        (["list", "--page-size", "101"], ["1<=x<=100"]),
        (["list", "--page-size", "ten"], ["ten"]),
        (["list", "--limit", "-1"], ["-1"]),
        (["list", "--created-at-gte", "yesterday"], ["yesterday", "2027-01-31"]),
        (["list", "--customer-id", "a/b"], ["customer_id"]),
        (["get", ""], ["id must be an id"]),
        (["get", "a/b"], ["id must be an id"]),
        (["get", "lic_1?x"], ["id must be an id"]),
        (["get", ".."], ["id must be an id"]),
        (["activate", "DEMO-1"], ["NAME"]),
        (["activate", "DEMO-1", " "], ["name must be"]),
        (["import", "DEMO-1"], ["--customer-id"]),
        (["import"], ["KEY or --file"]),
        (["import", "DEMO-1", "--dry-run"], ["--file"]),
        (["import", "--file", "nothing.csv"], ["nothing.csv"]),
        (["export", "--to", "keys.xls"], [".csv", ".sqlite", ".parquet"]),
        (["export", "--to", "no/such/keys.csv"], ["no/such"]),
        (["export"], ["--to"]),
        (["nothing"], ["nothing"]),
        (["list", "--environment", "prod"], ["live_mode", "test_mode"]),
    ],
    ids=" ".join,
)
def test_wrong_use_is_told_in_a_line_before_anything_is_asked(mock, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    environment = {} if "--environment" in arguments else {"DODO_PAYMENTS_BASE_URL": mock.base_url}
    shell = Shell(DODO_PAYMENTS_API_KEY=mock.api_key, **environment)
    one_line(shell(*arguments), 2, *words)
    assert mock.requests == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_without_an_api_key_it_says_what_to_set(shell, tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    done = shell(command, *COMMANDS[command])
    assert done.returncode == 2
    assert "DODO_PAYMENTS_API_KEY" in done.stderr.splitlines()[-1]


def test_a_wrong_api_key_is_told_with_where_it_was_tried_and_not_shown(mock):
    done = Shell(DODO_PAYMENTS_API_KEY="sk_SECRET", DODO_PAYMENTS_BASE_URL=mock.base_url)("list")
    one_line(done, 1, "401", mock.base_url, "DODO_PAYMENTS_API_KEY")
    assert "SECRET" not in done.stderr


def test_a_read_only_key_reads_and_is_told_that_it_may_not_write(mock):
    reader = Shell(DODO_PAYMENTS_API_KEY="sk_test_reader", DODO_PAYMENTS_BASE_URL=mock.base_url)
    key = mock.dump()["license_keys"][0]
    assert records(reader("get", key["id"]))
    one_line(reader("update", key["id"], "--disable"), 1, "403", "an API key that may write")
    owner = ("--customer-id", key["customer_id"], "--product-id", key["product_id"])
    one_line(reader("import", "DEMO-1", *owner), 1, "403", "an API key that may write")


def test_a_server_that_is_not_there_is_told():
    account = {"DODO_PAYMENTS_API_KEY": "sk_test", "DODO_PAYMENTS_BASE_URL": "http://127.0.0.1:9"}
    one_line(Shell(**account)("list"), 3, "cannot be reached", "check the address")
    account["DODO_PAYMENTS_BASE_URL"] = "http://example.com"
    one_line(Shell(**account)("list"), 2, "https")


# --- help and demo -------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["", *COMMANDS, *PUBLIC, "completion"])
def test_help_has_an_example(shell, command):
    done = shell(*command.split(), "--help")
    assert done.returncode == 0
    assert "\\b" not in done.stdout
    assert f"\n    dodo-licenses {command}" in done.stdout.split("Example", 1)[1]


@pytest.mark.parametrize("command", [*COMMANDS, *PUBLIC])
def test_every_command_can_be_tried_without_an_account(shell, tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    arguments = {**COMMANDS, **PUBLIC}[command]
    done = shell(command, *arguments, "--demo")
    assert done.returncode in (0, 1), done.stderr
    assert "API_KEY" not in done.stderr


def test_the_demo_s_keys_are_the_same_each_time(shell):
    key = records(shell("list", "--demo", "--limit", "1"))[0]
    assert records(shell("get", key["id"], "--demo"))[0] == key
    assert shell("validate", key["key"], "--demo").stdout == "valid\n"


def test_completion_completes(shell):
    assert "_DODO_LICENSES_COMPLETE" in shell("completion", "bash").stdout
    words = {"COMP_WORDS": "dodo-licenses li", "COMP_CWORD": "1"}
    assert "list" in shell(**words, _DODO_LICENSES_COMPLETE="bash_complete").stdout


def test_the_mock_is_a_command_too(shell):
    assert "dodo-licenses mock" in shell("mock", "--help").stdout
    one_line(shell("mock", "--port", "70000"), 2, "65535")


def test_a_key_that_leads_elsewhere_is_shown_as_it_is():
    with DodoMock() as mock:
        mock.add_license_key("[bold]DEMO[/bold]", id="lic_1", customer_id="cus_1")
        mock.client().licenses.activate(license_key="[bold]DEMO[/bold]", name="[red]laptop[/red]")
        shell = Shell(DODO_PAYMENTS_API_KEY=mock.api_key, DODO_PAYMENTS_BASE_URL=mock.base_url)
        assert "[bold]DEMO[/bold]" in shell("list", "--format", "table", "--show-keys").stdout
        assert "[red]laptop[/red]" in shell("instances", "--format", "table").stdout

"""Each command as a person meets it: good and bad input, exit statuses, what goes where."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import subprocess

import click
import misbehaving as m
import pytest
from cli.conftest import COMMANDS, Shell, one_line, write_files

from dodo_licenses import LicenseKeySource, LicenseKeyStatus, __version__
from dodo_licenses._cli import main
from dodo_licenses._cli.output import COLOURS
from dodo_licenses_api.models import EntitlementGrantStatus

NAMES = sorted(set(main.cli.commands) - {"mock", "contract"})
EXAMPLE = re.compile(r"^ {4}(.*dodo-licenses .*)$", re.MULTILINE)
READ = {
    "csv": lambda text: list(csv.DictReader(io.StringIO(text))),
    "ndjson": lambda text: [json.loads(line) for line in text.splitlines()],
    "json": json.loads,
}


def records(done):
    assert done.returncode == 0, done.stderr
    return READ["ndjson"](done.stdout)


def held(mock, **fields):
    keys = mock.dump()["license_keys"]
    return [key["id"] for key in keys if all(key[name] == value for name, value in fields.items())]


def test_list_gives_every_key_in_each_format_on_stdout_and_in_files(cli, mock, tmp_path):
    for form, read in READ.items():
        path = tmp_path / f"keys.{form}"
        on_stdout, in_file = cli("list", "--format", form), cli("list", "--output", path)
        for said, text in (("", on_stdout.stdout), (f" in {path}", path.read_text())):
            assert [key["id"] for key in read(text)] == held(mock)
            assert read(text)[0].keys() == mock.dump()["license_keys"][0].keys()
            assert f"250 license keys{said}\n" in (on_stdout.stderr, in_file.stderr)
        assert (in_file.returncode, in_file.stdout) == (0, "")
        nothing = cli("list", "--customer-id", "cus_0", "--format", form)
        assert (read(nothing.stdout), nothing.stderr) == ([], "0 license keys\n")
    for whole in ([], ["--show-keys"]):
        table = cli("list", "--format", "table", *whole)
        assert [line.split()[0] for line in table.lines] == ["id", *held(mock), "250"]
        assert all((key["key"] in table.stdout) == bool(whole) for key in mock.dump()["license_keys"])
    mock.fault("reset", times=None)
    before = path.read_bytes()
    assert cli("list", "--output", path).returncode == 3
    assert path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 3


def test_columns_are_chosen_in_every_format(cli, mock):
    key = held(mock)[0]
    chosen = ("--columns", "expires_at,id", "--limit", "1")
    assert cli("list", *chosen, "--format", "csv").lines[0] == "expires_at,id"
    assert list(records(cli("list", *chosen))[0]) == ["expires_at", "id"]
    table = cli("list", *chosen, "--format", "table").lines
    assert (table[0].split(), table[1].split()[1]) == (["expires", "id"], key)
    assert list(records(cli("lookup", key, "--columns", "status"))[0]) == ["status"]


def test_the_filters_are_those_of_the_spec_and_filter(cli, mock):
    listed = records(cli("list", "--status", "disabled", "--created-at-gte", "2025-01-01"))
    assert listed
    assert all(key["status"] == "disabled" and key["created_at"] >= "2025-01-01" for key in listed)
    one = mock.dump()["license_keys"][0]
    mine = {name: one[name] for name in ("customer_id", "product_id", "source")}
    options = [word for name, value in mine.items() for word in (f"--{name.replace('_', '-')}", value)]
    assert [key["id"] for key in records(cli("list", *options))] == held(mock, **mine)
    help_ = cli("list", "--help").stdout
    assert all(str(value) in help_ for kind in (LicenseKeyStatus, LicenseKeySource) for value in kind)
    known = {str(status).lower() for kind in (LicenseKeyStatus, EntitlementGrantStatus) for status in kind}
    assert known == set(COLOURS)


def test_a_day_is_taken_in_whole(cli, mock):
    for hour in ("01-01T00:00:00", "01-01T23:59:59", "01-02T00:00:00"):
        mock.add_license_key(created_at=f"2026-{hour}Z")
    day = ["--created-at-gte", "2026-01-01", "--created-at-lte"]
    assert [key["created_at"][:10] for key in records(cli("list", *day, "2026-01-01"))] == ["2026-01-01"] * 2
    assert len(records(cli("list", *day, "2026-01-01T05:30:00+05:30"))) == 1


def test_update_changes_what_is_given_and_the_words_are_the_same_everywhere(cli, mock):
    key = mock.add_license_key("DEMO-1", activations_limit=3)["id"]
    (changed,) = records(cli("update", key, "--limit", "5", "--expires", "2027-01-31"))
    assert changed["activations_limit"] == 5
    assert changed["expires_at"].startswith("2027-01-31T00:00:00")
    for limit, expires in (("none", "none"), ("∞", "never")):
        (changed,) = records(cli("update", key, "--limit", limit, "--expires", expires))
        assert (changed["activations_limit"], changed["expires_at"]) == (None, None)
    for command in (("list", "--limit", "1"), ("lookup", "DEMO-1")):
        assert {"∞", "never"} <= {*cli(*command, "--format", "table").stdout.split()}
    some = records(cli("update", "-", "--limit", "7", stdin=" ".join(held(mock)[:5])))
    assert [key["activations_limit"] for key in some] == [7] * 5
    one_line(cli("update", "lic_0", "--limit", "1"), 1, "404", "NOT_FOUND", mock.base_url)


def test_a_license_s_life(cli, mock):
    key = mock.add_license_key("DEMO-1", activations_limit=1)
    seat = cli("activate", " DEMO-1 ", "laptop").stdout.strip()
    one_line(cli("activate", "DEMO-1", "desktop"), 1, "LICENSE_KEY_LIMIT_REACHED", "free")
    mine = ("instances", "--license-key-id", key["id"])
    assert [instance["id"] for instance in records(cli(*mine))] == [seat]
    assert cli(*mine, "--format", "table").stdout.endswith("\n1 activation\n")
    assert cli("validate", "-", "--instance-id", seat, stdin=" DEMO-1 \n").stdout == "valid\n"
    gone = cli("deactivate", "DEMO-1", seat)
    assert (gone.returncode, gone.stdout, gone.stderr) == (0, "", f"deactivated {seat}\n")
    one_line(cli("lookup", "-", stdin="DEMO-1\nDEMO-2\n"), 2, "one license key")
    one_line(cli("free", key["id"], "--customer", "cus_0", "--all", "--yes"), 1, "this customer has no")
    one_line(cli("disable", "--product-id", "pdt_0", "--yes"), 1, "pdt_0")
    refused = cli("validate", "DEMO-1", "--instance-id", seat)
    assert (refused.returncode, refused.stdout, refused.stderr) == (1, "invalid\n", "")
    assert cli(*mine).returncode == 0
    assert cli("instances", "--license-key-id", "DEMO-1").returncode == 1  # a string, where an id belongs


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, ["good and never expires"]),
        ({"expires_at": "2099-01-31T00:00:00Z"}, ["good until 2099-01-31"]),
        ({"activations_limit": 0}, ["every seat is taken", "0 of 0"]),
        ({"status": "disabled"}, ["disabled", "switched off", "enable"]),
        ({"expires_at": "2020-01-31T00:00:00Z"}, ["expired", "expired, on 2020-01-31"]),
    ],
    ids=str,
)
def test_lookup_says_why(cli, mock, fields, words):
    mock.add_license_key("DEMO-1", **fields)
    done = cli("lookup", "\tDEMO-1", "--format", "table")
    assert all(word in done.stdout for word in words)
    (record,) = records(cli("lookup", "-", stdin="  DEMO-1\n"))
    assert record["valid"] == (not fields.keys() & {"status"} and fields.get("expires_at", "3") > "2026")
    assert record["license_key_instances"] == []


def test_doctor_says_what_is_wrong_changes_nothing_and_shows_no_secret(cli, mock, monkeypatch):
    before = mock.dump()
    (well,) = records(cli("doctor"))
    assert (well["environment"], well["host"]) == ("another server", mock.base_url)
    assert (well["api_key"], well["works"], well["may_write"]) == ("set", "yes", "yes")
    monkeypatch.setenv("DODO_PAYMENTS_API_KEY", "sk_test_reader")
    assert records(cli("doctor"))[0]["may_write"] == "no, it may only read"
    monkeypatch.setenv("DODO_PAYMENTS_API_KEY", "sk_SECRET")
    done = cli("doctor")
    assert (done.returncode, "401" in done.stdout, "SECRET" in done.stdout) == (1, True, False)
    assert "within a minute" in done.stdout  # the refusal says what time it is
    late = {"Date": "Mon, 01 Jan 2024 00:00:00 GMT", "X_RateLimit_Remaining": "7"}
    with m.MisbehavingServer(m.answer(200, {"items": []}, **late)) as server:
        monkeypatch.setenv("DODO_PAYMENTS_BASE_URL", server.base_url)
        (skewed,) = records(cli("doctor"))
    assert ("7" in skewed["rate_limit"], "ahead of the server's" in skewed["clock"]) == (True, True)
    monkeypatch.setenv("HTTPS_PROXY", "http://me:SECRET@127.0.0.1:9")
    done = cli("doctor", "--environment", "test_mode", "--format", "table")
    assert (done.returncode, "cannot be reached" in done.stdout, "SECRET" in done.stdout) == (1, True, False)
    assert re.search(
        rf"environment +test_mode.*proxy .*https.*versions +{__version__}", done.stdout, re.DOTALL
    )
    monkeypatch.delenv("DODO_PAYMENTS_API_KEY")
    assert "dashboard" in cli("doctor").stdout
    assert mock.dump() == before


def test_grants(cli, mock):
    listed = records(cli("grants", "list", "--status", "Delivered"))
    delivered = [its for its in mock.dump()["grants"] if its["status"] == "Delivered" and its["license_key"]]
    assert {grant["id"] for grant in listed} == {grant["id"] for grant in delivered}
    of = listed[0]["entitlement_id"]
    mine = [grant["id"] for grant in listed if grant["entitlement_id"] == of]
    assert [grant["id"] for grant in records(cli("grants", "list", of, "--status", "Delivered"))] == mine
    one_line(cli("grants", "revoke", of, "-", stdin=mine[0]), 2, "--yes")
    some = cli("grants", "revoke", of, "-", "--yes", stdin=f"{mine[0]} entg_0")
    assert some.lines[0] == f"revoked\t{mine[0]}"
    assert mine[0] not in cli("grants", "list", of, "--status", "Delivered").stdout
    one_line(cli("grants", "fulfill", "entg_0", "NEW-1"), 1, "404")
    pending = records(cli("grants", "list", "--status", "Pending"))[0]["id"]
    mock.fault("reset", "fulfill_license_key_grant", after=True)
    one_line(cli("grants", "fulfill", pending, "NEW-1"), 3, "try again")
    assert cli("grants", "fulfill", pending, "NEW-1").returncode == 0
    one_line(cli("grants", "fulfill", pending, "NEW-2"), 1, "409")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("list --status inactive", ["active", "expired", "disabled", "list --help"]),
        ("list --status active --status expired", ["--status", "twice"]),
        ("list --created-at-gte yesterday", ["yesterday", "2027-01-31"]),
        ("list --created-at-gte 2026-01-01T12:00", ["time zone", "2026-01-01T12:00Z"]),
        ("list --created-at-gte 2026-02-01 --created-at-lte 2026-01-01", ["after"]),
        ("list --customer-id a/b", ["customer_id"]),
        ("list --columns id,id", ["twice"]),
        ("list --columns id,colour", ["colour", "expires_at"]),
        ("lookup DEMO-1 --columns id,colour", ["colour", "expires_at", "why"]),
        ("doctor --columns nonsense", ["nonsense", "may_write"]),
        ("list --raw-csv", ["--format csv"]),
        ("list --output keys.xls", [".csv", ".ndjson"]),
        ("list --output keys.csv --format table", ["another --format"]),
        ("list --output no/such/keys.csv", ["no/such"]),
        ("list --output .", ["."]),
        ("list --demo --environment test_mode", ["not both"]),
        ("update .. --limit 1", ["id must be an id"]),
        ("update lic_1", ["--limit"]),
        (f"update lic_1 --limit {'9' * 5000}", ["none", "…"]),
        ("update lic_1 --expires soon", ["soon", "2027-01-31"]),
        ("lookup ' '", ["KEY"]),
        ("free DEMO-1 --yes", ["--device", "--all", "--older-than"]),
        ("free DEMO-1 --all --device laptop --yes", ["in one way"]),
        ("free DEMO-1 --all", ["--dry-run", "--yes"]),
        ("free DEMO-1 --all --yes --dry-run", ["not both"]),
        ("free DEMO-1 --older-than '3 months' --yes", ["90d"]),
        ("disable --yes", ["KEY", "--ids", "--product-id"]),
        ("disable DEMO-1 --product-id pdt_1 --yes", ["in one way"]),
        ("activate DEMO-1 ' '", ["name must be"]),
        ("import DEMO-1", ["--customer-id"]),
        ("import", ["KEY or --file"]),
        ("import DEMO-1 --from-line 3", ["--file"]),
        *(("lst", ["list"]), ("show lic_1", ["lookup"]), ("find", ["lookup"]), ("create", ["import"])),
        *(("export", ["list --output"]), ("help", ["--help"])),
        ("mock --port 70000", ["dodo-licenses mock", "65535"]),
    ],
    ids=lambda line: line[:40] if isinstance(line, str) else "",
)
def test_wrong_use_is_told_in_a_line_before_anything_is_asked(cli, mock, tmp_path, line, words):
    done = cli(*shlex.split(line))
    one_line(done, 2, *words)
    assert len(done.stderr) < 600
    assert "asked" not in done.stderr
    assert mock.requests == []
    assert list(tmp_path.iterdir()) == []


def test_without_an_api_key_it_says_where_there_are_some_and_that_there_is_a_demo(cli, mock, monkeypatch):
    monkeypatch.setenv("DODO_PAYMENTS_API_KEY", " ")
    mock.add_license_key("DEMO-1")
    write_files()
    for line in COMMANDS:
        done = cli(*line.split())
        if line.split()[0] in ("activate", "validate", "deactivate"):  # these are public
            assert "DODO_PAYMENTS_API_KEY" not in done.stderr
        else:
            assert done.returncode == (1 if line == "doctor" else 2), line
            told = done.stdout + done.stderr
            assert all(word in told for word in ("DODO_PAYMENTS_API_KEY", "dashboard", "--demo")), line
    assert {request["status"] for request in mock.requests} == {200, 201, 403}  # there is no lki_1


def test_an_api_key_or_a_host_that_will_not_do_is_told_with_what_to_do(cli, mock, monkeypatch):
    monkeypatch.setenv("DODO_PAYMENTS_API_KEY", "sk_test_reader")
    one_line(cli("update", held(mock)[0], "--limit", "3"), 1, "403", "an API key that may write")
    monkeypatch.setenv("DODO_PAYMENTS_API_KEY", "sk_SECRET")
    done = cli("list")
    one_line(done, 1, "401", mock.base_url, "DODO_PAYMENTS_API_KEY")
    assert "SECRET" not in done.stderr
    mock.fault(status=200, body="<html>Welcome</html>", times=None)
    one_line(cli("list"), 1, mock.base_url)
    monkeypatch.setenv("DODO_PAYMENTS_BASE_URL", "http://127.0.0.1:9")
    one_line(cli("list"), 3, "http://127.0.0.1:9", "check the address")
    monkeypatch.setenv("DODO_PAYMENTS_BASE_URL", "http://example.com")
    one_line(cli("list"), 2, "https")


def test_a_fault_of_ours_is_told_in_a_line(cli, monkeypatch):
    monkeypatch.setattr("dodo_licenses.DodoPayments.base_url", property(lambda _: 1 / 0))
    one_line(cli("list"), 1, "ZeroDivisionError", "DODO_LICENSES_TRACEBACK")


def test_bare_it_shows_help(cli):
    for group, commands in (([], NAMES), (["grants"], ["list", "revoke", "fulfill"])):
        bare = cli(*group)
        assert (bare.returncode, bare.stderr) == (0, "")
        assert bare.stdout == cli(*group, "--help").stdout
        assert all(re.search(rf"^  {command} .*\w\.$", bare.stdout, re.MULTILINE) for command in commands)


def examples():
    """The examples of every command's help, with `--demo`."""
    ours = [main.cli, *(main.cli.commands[name] for name in NAMES), *main.grants.commands.values()]
    for command in ours:
        lines = EXAMPLE.findall(command.get_help(click.Context(command, info_name="x")))
        assert lines or command is main.grants, command.name
        yield from (line if "--demo" in line else f"{line} --demo" for line in lines)


@pytest.mark.parametrize("line", list(dict.fromkeys(examples())))
def test_the_examples_in_help_work_as_written(cli, monkeypatch, tmp_path, line):
    (tmp_path / "keys.csv").write_text("key,customer_id\nDEMO-0006,cus_123\n")
    monkeypatch.delenv("DODO_PAYMENTS_API_KEY")
    monkeypatch.delenv("DODO_PAYMENTS_BASE_URL")
    said = ""
    for part in re.split(r" (?:\||&&) ", line):  # by real pipes in test_jobs
        if part.startswith("dodo-licenses "):
            done = cli(*shlex.split(part)[1:], stdin=said)
        else:
            command = ["/bin/sh", "-c", part]
            done = subprocess.run(command, check=False, input=said, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        said = done.stdout
    assert done.stdout + done.stderr


def test_completion_completes():
    typed = {"COMP_WORDS": "dodo-licenses list --sta", "_DODO_LICENSES_COMPLETE": "bash_complete"}
    assert "--status" in Shell()(**typed, COMP_CWORD="2").stdout

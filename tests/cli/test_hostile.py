"""What customers and servers choose: nothing of it steers a terminal, a spreadsheet or the file system."""

from __future__ import annotations

import csv
import json
import os
import re
import stat

import click
import misbehaving as m
import pytest
from cli.conftest import COMMANDS, one_line, write_files
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dodo_licenses._cli.main import cli as group
from dodo_licenses._cli.text import for_spreadsheet, from_spreadsheet, to_json, visible
from dodo_licenses.testing import DodoMock
from dodo_licenses_api.operations import OPERATIONS

EVIL = "\x1b]0;owned\x07\x1b[2J\r\n\x9b31m\u202egnp.exe\u2066\u2028\u061c\U000e0041[red]laptop[/red]"


def steers(text):
    """Characters that a terminal obeys, or that hide or turn around what is read; tab and line feed aside."""
    controls = r"\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"
    return re.findall(rf"[{controls}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", text)


@pytest.fixture(scope="module")
def shared_mock():
    with DodoMock() as server:
        yield server


def holding(text):
    """A state with this text wherever a customer or a merchant may have put one."""
    ids = dict.fromkeys(("customer_id", "product_id", "brand_id", "payment_id"), text)
    grant = {"id": "entg_1", "entitlement_id": "ent_1", "customer_id": text, "error_message": text}
    return {
        "customers": [{"customer_id": text, "name": text, "email": text}],
        "entitlements": [{"id": "ent_1", "name": text}],
        "license_keys": [{"id": "lic_1", "key": text, **ids}],
        "license_key_instances": [{"id": text, "license_key_id": "lic_1", "name": text}],
        "grants": [{**grant, "license_key": {"id": "lic_1"}}],
    }


def leaves(group, *path):
    for name, one in group.commands.items():
        yield from leaves(one, *path, name) if isinstance(one, click.Group) else [" ".join([*path, name])]


def test_every_command_is_tried():
    """But for those that other tests run: in tests/contract and tests/mock."""
    tried = {name for name in leaves(group) for line in COMMANDS if f"{line} ".startswith(f"{name} ")}
    assert {*leaves(group)} - tried == {"mock", "contract run", "contract check"}


@pytest.mark.parametrize("command", COMMANDS)
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(EVIL)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_no_text_of_a_server_or_a_file_steers_a_terminal(cli, mock, monkeypatch, command, text):
    monkeypatch.setenv("TERM", "dumb")  # so that nothing of ours steers it either
    write_files(text)
    key = m.KEY | dict.fromkeys(("id", "key", "customer_id", "status", "source"), text)
    replies = {
        "list_license_keys": {"items": [key | {"id": "lic_1"}]},
        **dict.fromkeys(("create_license_key", "update_license_key"), key),
        "activate_license": m.ACTIVATION | {"id": text, "name": text},
    }
    told = {name: (min(OPERATIONS[name].success), body) for name, body in replies.items()}
    for faults in ({}, told, {None: (422, {"code": text, "message": text})}):
        mock.reset()
        mock.load(holding(text))
        for operation, (status, body) in faults.items():
            mock.fault(operation=operation, status=status, body=body, times=None)
        done = cli(*command.split(), terminal=250)
        assert not steers(done.stdout)
        assert "Traceback" not in done.stdout
        assert "fault of ours" not in done.stdout
    assert done.returncode == 1


@given(st.text(min_size=1) | st.text("a =-@\uff1d'\";\t\r\n", min_size=1))
def test_text_is_visible_and_json_and_csv_keep_it(text):
    assert not steers(visible(text))
    assert not set("\n\t") & set(visible(text))
    assert json.loads(to_json({"name": text})) == {"name": text}
    assert not steers(to_json(text))
    assert from_spreadsheet(for_spreadsheet(text)) == text
    # Where a country's spreadsheet divides cells by semicolons, each piece is one.
    assert not re.search(r"(^|[;\t\r\n])\s*[=+\-@＝＋－＠]", for_spreadsheet(text))  # noqa: RUF001 - wide forms
    assert not for_spreadsheet(text).startswith(tuple("\t\r\n"))


def test_a_device_s_name_is_seen_as_it_is_on_a_terminal_and_kept_in_data(cli, mock, tmp_path):
    mock.load(holding(EVIL))
    for command in (["instances"], ["lookup", "lic_1"], ["instances", "--format", "csv"]):
        shown = cli(*command, terminal=250).stdout
        assert r"\x1b]0;owned\x07\x1b[2J\r\n\x9b31m\u202egnp.exe" in shown
        assert "[red]laptop[/red]" in shown  # and is no markup
    assert json.loads(cli("instances").stdout)["name"] == EVIL
    cli("instances", "--output", tmp_path / "instances.csv")
    with (tmp_path / "instances.csv").open(newline="") as file:
        assert next(csv.DictReader(file))["name"] == EVIL


def test_files_are_their_owner_s_alone_and_nothing_planted_is_written_to(cli, tmp_path):
    path, other = tmp_path / "keys.csv", tmp_path / "other"
    other.write_text("of somebody else")
    assert cli("list", "--output", path).returncode == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 or os.name == "nt"
    path.unlink()
    path.symlink_to(other)
    one_line(cli("list", "--output", path), 2, "no plain file")
    table = tmp_path / "import.csv"
    table.write_text("key,customer_id,product_id\nA,,\n")
    (tmp_path / "import.failed.csv").symlink_to(other)
    (tmp_path / "import.failed1.csv").symlink_to(tmp_path / "nothing")
    assert cli("import", "--file", table).returncode == 1
    written = tmp_path / "import.failed2.csv"
    assert stat.S_IMODE(written.stat().st_mode) == 0o600 or os.name == "nt"
    assert other.read_text() == "of somebody else"

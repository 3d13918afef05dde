"""Exports: each format, atomic, resumed with nothing lost or repeated."""

from __future__ import annotations

import csv
import json
import os
import signal
import sqlite3
import time

import pytest
from cli.conftest import Shell, one_line
from pyarrow import parquet

from dodo_licenses._cli.staging import Stage
from dodo_licenses.testing import DodoMock


def ids_in(path):
    if path.suffix == ".csv":
        return [row["id"] for row in csv.DictReader(path.read_text().splitlines())]
    if path.suffix == ".ndjson":
        return [json.loads(line)["id"] for line in path.read_text().splitlines()]
    if path.suffix == ".parquet":
        return parquet.read_table(path).column("id").to_pylist()
    with sqlite3.connect(path) as db:
        return [row[0] for row in db.execute("SELECT id FROM license_keys")]


def ids_of(mock):
    return [key["id"] for key in mock.dump()["license_keys"]]


@pytest.mark.parametrize("suffix", ["csv", "ndjson", "sqlite", "parquet"])
def test_every_key_is_in_the_file(account, mock, tmp_path, suffix):
    path = tmp_path / f"keys.{suffix}"
    done = account("export", "--to", path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert done.stderr == f"250 license keys in {path}\n"
    assert sorted(ids_in(path)) == sorted(ids_of(mock))
    assert list(tmp_path.iterdir()) == [path]


def test_the_fields_come_through(account, mock, tmp_path):
    account("export", "--to", tmp_path / "keys.parquet")
    account("export", "--to", tmp_path / "keys.csv")
    table = parquet.read_table(tmp_path / "keys.parquet")
    assert str(table.schema.field("created_at").type) == "timestamp[us, tz=UTC]"
    assert str(table.schema.field("instances_count").type) == "int64"
    held = mock.dump()["license_keys"]
    assert table.column("key").to_pylist() == [key["key"] for key in held]
    assert table.column("activations_limit").to_pylist() == [key["activations_limit"] for key in held]
    rows = list(csv.DictReader((tmp_path / "keys.csv").read_text().splitlines()))
    assert rows[0].keys() == held[0].keys()
    for row, key in zip(rows, held, strict=True):
        assert row["status"] == key["status"]
        assert (
            row["activations_limit"] == str(key["activations_limit"] or "") or key["activations_limit"] == 0
        )


def test_filters_and_an_empty_result(account, mock, tmp_path):
    path = tmp_path / "keys.csv"
    assert account("export", "--to", path, "--status", "disabled").returncode == 0
    disabled = [key["id"] for key in mock.dump()["license_keys"] if key["status"] == "disabled"]
    assert ids_in(path) == disabled
    for suffix in ("csv", "ndjson", "sqlite", "parquet"):
        nothing = tmp_path / f"nothing.{suffix}"
        assert account("export", "--to", nothing, "--customer-id", "cus_0").returncode == 0
        assert nothing.exists()


def test_a_nightly_run_keeps_a_table_current(account, mock, tmp_path):
    path = tmp_path / "keys.sqlite"
    account("export", "--to", path, "--resume")
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE notes (text)")
        db.execute("INSERT INTO license_keys (id, status) VALUES ('lic_gone', 'disabled')")
    changed = mock.dump()["license_keys"][0]
    mock.client().license_keys.update(changed["id"], disabled=True)
    added = mock.add_license_key()
    assert account("export", "--to", path, "--resume").returncode == 0
    with sqlite3.connect(path) as db:
        rows = dict(db.execute("SELECT id, status FROM license_keys"))
        assert db.execute("SELECT count(*) FROM notes").fetchone() == (0,)
    assert len(rows) == 252
    assert (rows[changed["id"]], rows[added["id"]], rows["lic_gone"]) == ("disabled", "active", "disabled")


def test_a_file_that_is_no_database_is_told_and_left_alone(account, mock, tmp_path):
    path = tmp_path / "keys.sqlite"
    path.write_text("of another program" * 100)
    done = account("export", "--to", path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert f"{path}: cannot be brought up to date" in done.stderr
    assert path.read_text() == "of another program" * 100
    assert mock.requests == []
    assert list(tmp_path.iterdir()) == [path]


def test_a_stage_that_something_else_changes_is_not_taken_for_whole(tmp_path):
    stage = Stage(tmp_path / "keys.csv", {})
    stage.add([{"id": "lic_1"}, {"id": "lic_2"}], 0)
    assert [record["id"] for record in stage] == ["lic_1", "lic_2"]
    other = stage.path.read_bytes()
    stage.path.write_bytes(other[:-40] + b"\n")
    with pytest.raises(OSError, match="another export"):
        list(stage)
    stage.close()


@pytest.fixture
def slow():
    """1,500 keys, 15 pages, of which each takes a while."""
    with DodoMock(keys=1500, latency=0.1) as server:
        yield server


def interrupted(shell, path, *, after):
    """An export that was ended by Ctrl-C when its part had so many pages."""
    part = path.with_name(f"{path.name}.part")
    with shell.start("export", "--to", path) as process:
        while not part.exists() or part.read_text().count('{"page"') < after:
            time.sleep(0.01)
            assert process.poll() is None, process.stderr.read()
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=30)[1]
    assert process.returncode == 130
    assert "Traceback" not in told
    assert f"--to {path} --resume" in told
    assert not path.exists()
    return part


@pytest.mark.skipif(os.name == "nt", reason="signals end processes there")
@pytest.mark.parametrize("suffix", ["csv", "sqlite"])
def test_ctrl_c_and_resume_lose_and_repeat_nothing(slow, tmp_path, suffix):
    shell = Shell(DODO_PAYMENTS_API_KEY=slow.api_key, DODO_PAYMENTS_BASE_URL=slow.base_url)
    path = tmp_path / f"keys.{suffix}"
    part = interrupted(shell, path, after=9)
    with part.open("a") as file:  # what a power cut would leave
        file.write('{"id": "lic_half')
    one_line(shell("export", "--to", path), 2, "--resume")
    one_line(shell("export", "--to", path, "--resume", "--status", "active"), 2, "delete it")
    before = set(ids_of(slow))
    for _ in range(130):  # more than a page
        slow.add_license_key()
    asked = len(slow.requests)
    done = shell("export", "--to", path, "--resume")
    assert done.returncode == 0, done.stderr
    exported = ids_in(path)
    assert len(exported) == len(set(exported))
    assert set(exported) == set(ids_of(slow)) > before
    pages = {int(request["query"]["page_number"]) for request in slow.requests[asked:]}
    assert not pages & set(range(3, 7))  # the new ones are on pages 0 and 1
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="signals end processes there")
def test_what_left_the_filter_meanwhile_takes_nothing_with_it(slow, tmp_path):
    shell = Shell(DODO_PAYMENTS_API_KEY=slow.api_key, DODO_PAYMENTS_BASE_URL=slow.base_url)
    path = tmp_path / "keys.ndjson"
    active = [key["id"] for key in slow.dump()["license_keys"] if key["status"] == "active"]
    part = path.with_name("keys.ndjson.part")
    with shell.start("export", "--to", path, "--status", "active") as process:
        while not part.exists() or part.read_text().count('{"page"') < 4:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=30)[1]
    assert f"export --to {path} --status active --resume" in told
    state = slow.dump()
    for key in state["license_keys"]:
        if key["id"] in active[:250]:
            key["status"] = "disabled"
    slow.load(state)
    assert shell("export", "--to", path, "--status", "active", "--resume").returncode == 0
    exported = ids_in(path)
    assert len(exported) == len(set(exported))
    assert set(active[250:]) <= set(exported)


def test_a_server_that_goes_away_leaves_what_there_is(slow, tmp_path):
    path = tmp_path / "keys.csv"
    shell = Shell(DODO_PAYMENTS_API_KEY=slow.api_key, DODO_PAYMENTS_BASE_URL=slow.base_url)
    with shell.start("export", "--to", path) as process:
        while len(slow.requests) < 10:
            time.sleep(0.01)
        slow.fault("reset", times=None)
        told = process.communicate(timeout=30)[1]
    assert process.returncode == 3
    assert f"--to {path} --resume" in told
    assert not path.exists()
    slow.reset()
    assert shell("export", "--to", path, "--resume").returncode == 0
    assert sorted(ids_in(path)) == sorted(ids_of(slow))


def test_a_full_disk_is_told_and_can_be_gone_on_from(account, mock, tmp_path):
    resource = pytest.importorskip("resource")
    path = tmp_path / "keys.csv"
    path.write_text("of yesterday")
    with account.start(
        "export", "--to", path, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
    ) as process:
        told = process.communicate(timeout=60)[1]
    assert process.returncode == 1
    assert "Traceback" not in told
    assert "File too large" in told
    assert path.read_text() == "of yesterday"
    assert account("export", "--to", path, "--resume").returncode == 0
    assert sorted(ids_in(path)) == sorted(ids_of(mock))

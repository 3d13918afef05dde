"""Importing a file: what is checked, what becomes of each row, and the file of those that failed."""

from __future__ import annotations

import csv
import io

import pytest
from cli.conftest import one_line

HEAD = "key,customer_id,product_id,activations_limit,expires_at"


@pytest.fixture
def owner(mock):
    key = mock.dump()["license_keys"][0]
    return f"{key['customer_id']},{key['product_id']}"


@pytest.fixture
def write(tmp_path):
    def write(*rows, head=HEAD, name="keys.csv"):
        path = tmp_path / name
        path.write_text("\n".join([head, *rows, ""]))
        return path

    return write


def imported(mock):
    return {key["key"]: key for key in mock.dump()["license_keys"] if key["key"].startswith("NEW")}


def failed(tmp_path, name="keys.failed.csv"):
    return list(csv.DictReader(io.StringIO((tmp_path / name).read_text())))


def test_one_key(cli, mock, owner):
    customer, product = owner.split(",")
    given = ["--customer-id", customer, "--product-id", product, "--limit", "2", "--expires", "2030-01-31"]
    assert cli("import", "-", *given, "--dry-run", stdin="NEW-1").stderr == "1 of 1 row could be imported\n"
    assert imported(mock) == {}
    done = cli("import", "-", *given, stdin=" NEW-1 \n")
    key = imported(mock)["NEW-1"]
    assert done.stdout.split("\t")[:2] == ["imported", key["id"]]
    assert (key["customer_id"], key["product_id"]) == (customer, product)
    assert (key["activations_limit"], key["expires_at"]) == (2, "2030-01-31T00:00:00Z")
    one_line(cli("import", "NEW-1", *given), 1, "LICENSE_KEY_ALREADY_EXISTS", "lookup")
    again = cli("import", "NEW-1", *given, "--skip-existing")
    assert (again.returncode, again.stdout.split("\t")[0]) == (0, "skipped")


def test_a_file(cli, mock, owner, write, tmp_path):
    path = write(
        f"NEW-1,{owner},5,2030-01-31",
        f'"NEW,2",{owner},none,never',
        f"NEW-3,cus_0,{owner.split(',')[1]},,",
        f"NEW-4,{owner},many,",
        f"NEW-1,{owner},,",
        f",{owner},,",
        f"NEW-7,{owner},,",
    )
    done = cli("import", "--file", path)
    assert done.returncode == 1
    became = ["imported", "imported", "failed", "failed", "failed", "failed", "imported"]
    assert [line.split(":")[0].split("\t")[0] for line in done.lines] == became
    assert all(f"\tline {n}\t" in line for n, line in enumerate(done.lines, 2))
    assert done.lines[0].split("\t")[1].startswith("lic_")
    assert "7 rows: done, but 4 failed" in done.stderr
    assert set(imported(mock)) == {"NEW-1", "NEW,2", "NEW-7"}
    assert imported(mock)["NEW-1"]["activations_limit"] == 5
    rows = failed(tmp_path)
    assert [row["key"] for row in rows] == ["NEW-3", "NEW-4", "NEW-1", ""]
    for row, word in zip(rows, ("customer_id", "activations_limit", "line 2", "key must be"), strict=True):
        assert word in row["error"]

    mended = (
        (tmp_path / "keys.failed.csv").read_text().replace("cus_0", owner.split(",")[0]).replace("many", "3")
    )
    (tmp_path / "mended.csv").write_text(mended)
    assert cli("import", "--file", tmp_path / "mended.csv").stdout.count("imported") == 2
    assert cli("import", "--file", path).returncode == 1
    assert len(failed(tmp_path, "keys.failed1.csv")) == 7  # beside the first, not over it


def test_a_dry_run_checks_what_the_client_checks_and_sends_nothing(cli, mock, owner, write, tmp_path):
    customer, product = owner.split(",")
    path = write(
        f"NEW-1,{owner},,",
        f"NEW-2,{owner},-1,",
        f"NEW-3,{customer}/..,{product},,",
        f"NEW-4,{owner},,{'9' * 5000}",
        f"NEW-5,{owner},,,one,too many",
        f"NEW-6,{owner},,0001-01-01T00:00+14:00",
    )
    done = cli("import", "--file", path, "--dry-run")
    assert done.returncode == 1
    assert [line.rsplit("\t", 1)[1] for line in done.lines] == [f"line {n}" for n in range(3, 8)]
    for line, word in zip(
        done.lines, ("activations_limit", "customer_id", "expires_at", "cells", "expires_at"), strict=True
    ):
        assert line.startswith("wrong: ")
        assert word in line
        assert len(line) < 200
    assert done.stderr == "1 of 6 rows could be imported\n"
    assert mock.requests == []
    assert [path.name for path in tmp_path.iterdir()] == ["keys.csv"]
    cli("import", "--file", path)
    assert [request["body"]["key"] for request in mock.requests if request["method"] == "POST"] == ["NEW-1"]


def test_what_is_there_already_is_skipped(cli, owner, write, tmp_path):
    path = write(*(f"NEW-{n},{owner},," for n in range(3)))
    assert cli("import", "--file", path).returncode == 0
    again = cli("import", "--file", path, "--skip-existing")
    assert again.returncode == 0
    assert [line.split("\t")[0] for line in again.lines] == ["skipped"] * 3
    assert [path.name for path in tmp_path.iterdir()] == ["keys.csv"]
    part = cli("import", "--file", path, "--from-line", "4", "--skip-existing")
    assert [line.split("\t")[2] for line in part.lines] == ["line 4"]


def test_what_breaks_off_says_how_to_go_on(cli, mock, owner, write, tmp_path):
    path = write(f"NEW-0,{owner},many,", *(f"NEW-{n},{owner},," for n in range(1, 6)))
    mock.fault(operation="create_license_key", status=201, body={"id": 5})
    mock.fault("reset", "create_license_key", times=None)
    done = cli("import", "--file", path, "--from-line", "2")
    assert done.returncode == 3
    assert f"go on with: dodo-licenses import --file {path} --from-line 4 --skip-existing\n" in done.stderr
    assert [row["key"] for row in failed(tmp_path)] == ["NEW-0", "NEW-1"]
    mock.reset()
    mock.fault(operation="create_license_key", status=403, body={"code": "FORBIDDEN"}, times=None)
    done = cli("import", "--file", path)
    assert done.returncode == 1
    assert done.stderr.count("403") == 1  # nor would the others go through
    assert "--from-line 3 --skip-existing" in done.stderr


def test_options_stand_for_what_the_file_leaves_out(cli, mock, owner, write):
    customer, product = owner.split(",")
    path = write("NEW-1,", "NEW-2,cus_0", head="key,customer_id")
    done = cli("import", "--file", path, "--customer-id", customer, "--product-id", product, "--limit", "4")
    assert done.returncode == 1
    assert imported(mock)["NEW-1"]["activations_limit"] == 4
    assert "NEW-2" not in imported(mock)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "it is empty"),
        ("key,customer_id,product_id,key\n", "more than once"),
        ("key;customer_id;product_id\n", "key"),
        ("key,customer_id\nA,cus_1\n", "product_id"),
        ('key,customer_id,product_id\n"A,cus_1', "CSV"),
        ("key,customer_id,product_id\n\udcff,cus_1,pdt_1\n", "UTF-8"),
    ],
)
def test_a_file_that_is_none_is_told(cli, mock, tmp_path, content, words):
    path = tmp_path / "keys.csv"
    path.write_bytes(content.encode(errors="surrogateescape"))
    one_line(cli("import", "--file", path), 2, words)
    one_line(cli("import", path), 2, f"--file {path}"[:40])
    assert mock.requests == []


def test_columns_that_nobody_reads_are_told_and_a_spreadsheet_s_habits_are_no_trouble(
    cli, mock, owner, tmp_path
):
    path = tmp_path / "keys.csv"
    path.write_bytes(f"\ufeffkey, customer_id,product_id,expires\r\nNEW-1,{owner},2030-01-31\r\n".encode())
    done = cli("import", "--file", path)
    assert done.returncode == 0
    assert "not imported are the columns expires\n" in done.stderr
    assert set(imported(mock)) == {"NEW-1"}


@pytest.mark.parametrize(
    "key", ["=NEW()", "+NEW", "-NEW", "@NEW", "'=NEW", "'NEW", "NEW'", "''-NEW", "\uff1dNEW"]
)
def test_a_csv_file_for_spreadsheets_comes_back_as_it_was(cli, mock, tmp_path, key):
    made = mock.add_license_key(key)
    chosen = ("--columns", "key,customer_id,product_id", "--customer-id", made["customer_id"])
    for raw in ([], ["--raw-csv"]):
        path = tmp_path / f"keys{len(raw)}.csv"
        cli("list", *chosen, *raw, "--output", path)
        cell = next(csv.DictReader(path.read_text().splitlines()))["key"]
        assert cell == key if raw else not cell.startswith(tuple("=+-@\uff1d"))
        state = mock.dump()
        state["license_keys"].remove(next(k for k in state["license_keys"] if k["key"] == key))
        mock.load(state)
        assert cli("import", "--file", path, *raw, "--skip-existing").returncode == 0
        assert key in [k["key"] for k in mock.dump()["license_keys"]]

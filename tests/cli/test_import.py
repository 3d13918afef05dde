"""Importing a file: what is checked, what becomes of each row, and the file of those that failed."""

from __future__ import annotations

import csv

import pytest
from cli.conftest import one_line

from dodo_licenses.testing import DodoMock

HEAD = "key,customer_id,product_id,activations_limit,expires_at"
OWNER = "cus_1,pdt_1"
OWNED = ["--customer-id", "cus_1", "--product-id", "pdt_1"]


@pytest.fixture(scope="module")
def shared_mock():
    with DodoMock(
        load={"license_keys": [{"key": "OLD", "customer_id": "cus_1", "product_id": "pdt_1"}]}
    ) as server:
        yield server


@pytest.fixture
def write(tmp_path):
    def write(*rows, head=HEAD):
        path = tmp_path / "keys.csv"
        path.write_text("\n".join([head, *rows, ""]))
        return path

    return write


def imported(mock):
    return {key["key"]: key for key in mock.dump()["license_keys"] if key["key"] != "OLD"}


def failed(path):
    return list(csv.DictReader(path.read_text().splitlines()))


def test_one_key(cli, mock):
    given = ["import", "-", *OWNED, "--limit", "2", "--expires", "2030-01-31"]
    assert cli(*given, "--dry-run", stdin="NEW-1").stderr == "1 of 1 row could be imported\n"
    assert imported(mock) == {}
    done = cli(*given, stdin=" NEW-1 \n")
    key = imported(mock)["NEW-1"]
    assert done.stdout.split("\t")[:2] == ["imported", key["id"]]
    assert (key["customer_id"], key["product_id"]) == ("cus_1", "pdt_1")
    assert (key["activations_limit"], key["expires_at"]) == (2, "2030-01-31T00:00:00Z")
    one_line(cli(*given, stdin="NEW-1"), 1, "LICENSE_KEY_ALREADY_EXISTS", "lookup")
    again = cli(*given, "--skip-existing", stdin="NEW-1")
    assert (again.returncode, again.stdout.split("\t")[0]) == (0, "skipped")


def test_a_file(cli, mock, write, tmp_path):
    path = write(
        f"NEW-1,{OWNER},5,2030-01-31",
        f'"NEW,2",{OWNER},none,never',
        "NEW-3,cus_0,pdt_1,,",
        f"NEW-4,{OWNER},many,",
        f"NEW-1,{OWNER},,",
        f",{OWNER},,",
        "NEW-7,,,4",
    )
    done = cli("import", "--file", path, *OWNED)
    assert done.returncode == 1
    became = ["imported", "imported", "failed", "failed", "failed", "failed", "imported"]
    assert [line.split(":")[0].split("\t")[0] for line in done.lines] == became
    assert all(f"\tline {n}\t" in line for n, line in enumerate(done.lines, 2))
    assert done.lines[0].split("\t")[1].startswith("lic_")
    assert "7 rows: done, but 4 failed" in done.stderr
    limits = {name: key["activations_limit"] for name, key in imported(mock).items()}
    assert limits == {"NEW-1": 5, "NEW,2": None, "NEW-7": 4}
    rows = failed(tmp_path / "keys.failed.csv")
    assert [row["key"] for row in rows] == ["NEW-3", "NEW-4", "NEW-1", ""]
    for row, word in zip(rows, ("customer_id", "activations_limit", "line 2", "key must be"), strict=True):
        assert word in row["error"]

    mended = (tmp_path / "keys.failed.csv").read_text().replace("cus_0", "cus_1").replace("many", "3")
    path.write_text(mended)
    again = cli("import", "--file", path)
    assert [line.split("\t")[0].split(":")[0] for line in again.lines] == ["imported"] * 2 + ["failed"] * 2
    assert len(failed(tmp_path / "keys.failed1.csv")) == 2  # beside the first, not over it


def test_a_dry_run_checks_what_the_client_checks_and_sends_nothing(cli, mock, write, tmp_path):
    path = write(
        f"NEW-1,{OWNER},,",
        f"NEW-2,{OWNER},-1,",
        "NEW-3,cus_1/..,pdt_1,,",
        f"NEW-4,{OWNER},,{'9' * 5000}",
        f"NEW-5,{OWNER},,,one,too many",
        f"NEW-6,{OWNER},,0001-01-01T00:00+14:00",
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
    assert [request["body"]["key"] for request in mock.requests] == ["NEW-1"]


def test_what_breaks_off_says_how_to_go_on(cli, mock, write, tmp_path):
    path = write(f"NEW-0,{OWNER},many,", *(f"NEW-{n},{OWNER},," for n in range(1, 6)))
    mock.fault(operation="create_license_key", status=201, body={"id": 5})
    mock.fault("reset", "create_license_key", times=None)
    done = cli("import", "--file", path, "--from-line", "2")
    assert done.returncode == 3
    assert f"go on with: dodo-licenses import --file {path} --from-line 4 --skip-existing\n" in done.stderr
    assert [row["key"] for row in failed(tmp_path / "keys.failed.csv")] == ["NEW-0", "NEW-1"]
    mock.reset()
    mock.fault(operation="create_license_key", status=403, body={"code": "FORBIDDEN"}, times=None)
    done = cli("import", "--file", path)
    assert done.returncode == 1
    assert done.stderr.count("403") == 1  # nor would the others go through
    assert "--from-line 3 --skip-existing" in done.stderr


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it is empty"),
        (b"key,customer_id,product_id,key\n", "more than once"),
        (b"key;customer_id;product_id\n", "key"),
        (b"key,customer_id\nA,cus_1\n", "product_id"),
        (b'key,customer_id,product_id\n"A,cus_1', "CSV"),
        (b"key,customer_id,product_id\n\xff,cus_1,pdt_1\n", "UTF-8"),
    ],
)
def test_a_file_that_is_none_is_told(cli, mock, tmp_path, content, words):
    path = tmp_path / "keys.csv"
    path.write_bytes(content)
    one_line(cli("import", "--file", path), 2, words)
    one_line(cli("import", path), 2, f"--file {path}"[:40])
    assert mock.requests == []


def test_columns_that_nobody_reads_are_told_and_a_spreadsheet_s_habits_are_no_trouble(cli, mock, tmp_path):
    path = tmp_path / "keys.csv"
    path.write_bytes(f"\ufeffkey, customer_id,product_id,expires\r\nNEW-1,{OWNER},2030-01-31\r\n".encode())
    assert "not imported are the columns expires\n" in cli("import", "--file", path).stderr
    assert set(imported(mock)) == {"NEW-1"}


@pytest.mark.parametrize("raw", [[], ["--raw-csv"]])
def test_a_csv_file_comes_back_as_it_was(cli, mock, tmp_path, raw):
    """What is done to each cell for spreadsheets is tried with any text in test_hostile."""
    strings, path = {'=HYPERLINK("http://evil.example")', "'=1", "1"}, tmp_path / "keys.csv"
    for key in strings:
        mock.add_license_key(key)
    cli("list", "--columns", "key,customer_id,product_id", *raw, "--output", path)
    assert raw or not [row for row in failed(path) if row["key"].startswith("=")]
    mock.load({name: mock.dump()[name] for name in ("customers", "products")})
    assert cli("import", "--file", path, *raw).returncode == 0
    assert set(imported(mock)) == strings

"""Importing a file: a line for each row, and a file of those that failed."""

from __future__ import annotations

import csv
import os
import signal

import pytest
from cli.conftest import Shell, one_line


@pytest.fixture
def owner(mock):
    key = mock.dump()["license_keys"][0]
    return key["customer_id"], key["product_id"]


@pytest.fixture
def write(tmp_path):
    def write(*rows, head="key,customer_id,product_id,activations_limit,expires_at", name="keys.csv"):
        path = tmp_path / name
        path.write_text("\n".join([head, *rows, ""]))
        return path

    return write


def imported(mock):
    return {key["key"]: key for key in mock.dump()["license_keys"] if key["key"].startswith("NEW")}


def test_one_key(account, mock, owner):
    given = ["--customer-id", owner[0], "--product-id", owner[1], "--limit", "2", "--expires", "2030-01-31"]
    assert account("import", "NEW-1", *given).returncode == 0
    key = imported(mock)["NEW-1"]
    assert (key["customer_id"], key["product_id"]) == owner
    assert (key["activations_limit"], key["expires_at"]) == (2, "2030-01-31T00:00:00Z")
    one_line(account("import", "NEW-1", *given), 1, "LICENSE_KEY_ALREADY_EXISTS", "get --key")


def test_a_file(account, mock, owner, write, tmp_path):
    customer, product = owner
    path = write(
        f"NEW-1,{customer},{product},5,2030-01-31",
        f'"NEW,2",{customer},{product},none,',
        f"NEW-3,cus_0,{product},,",
        f"NEW-4,{customer},{product},many,",
        f"NEW-1,{customer},{product},,",
        f",{customer},{product},,",
        f"NEW-7,{customer},{product},,",
    )
    done = account("import", "--file", path, "--show-keys")
    assert done.returncode == 1
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert [(line[0], line[1]) for line in lines] == [
        ("line 2", "imported"),
        ("line 3", "imported"),
        ("line 4", "failed"),
        ("line 5", "failed"),
        ("line 6", "failed"),
        ("line 7", "failed"),
        ("line 8", "imported"),
    ]
    assert lines[0][3].startswith("lic_")
    assert "3 of 7 rows imported" in done.stderr
    assert set(imported(mock)) == {"NEW-1", "NEW,2", "NEW-7"}
    assert imported(mock)["NEW-1"]["activations_limit"] == 5
    failed = list(csv.DictReader((tmp_path / "keys.failed.csv").read_text().splitlines()))
    assert [row["key"] for row in failed] == ["NEW-3", "NEW-4", "NEW-1", ""]
    assert "customer_id" in failed[0]["error"]
    assert "activations_limit" in failed[1]["error"]
    assert "line 2" in failed[2]["error"]

    mended = (tmp_path / "keys.failed.csv").read_text().replace("cus_0", customer).replace("many", "3")
    (tmp_path / "mended.csv").write_text(mended)
    assert account("import", "--file", tmp_path / "mended.csv").stdout.count("imported") == 2


def test_a_dry_run_says_what_is_wrong_and_sends_nothing(account, mock, owner, write, tmp_path):
    customer, product = owner
    path = write(f"NEW-1,{customer},{product},,", f"NEW-2,{customer},{product},-1,")
    mock.client()
    before = len(mock.requests)
    done = account("import", "--file", path, "--dry-run")
    assert done.returncode == 1
    assert done.stdout.startswith("line 3\twrong\tactivations_limit")
    assert done.stderr == "1 of 2 rows could be imported\n"
    assert len(mock.requests) == before
    assert [path.name for path in tmp_path.iterdir()] == ["keys.csv"]


def test_a_read_only_key_is_told_once_and_every_row_is_kept(mock, owner, write, tmp_path):
    path = write(*(f"NEW-{n},{owner[0]},{owner[1]},," for n in range(5)), f"NEW-9,{owner[0]},,,,one,two")
    reader = Shell(DODO_PAYMENTS_API_KEY="sk_test_reader", DODO_PAYMENTS_BASE_URL=mock.base_url)
    done = reader("import", "--file", path)
    assert done.returncode == 1
    assert done.stderr.count("403") == 1
    assert len((tmp_path / "keys.failed.csv").read_text().splitlines()) == 7
    assert sum(request["method"] == "POST" for request in mock.requests) == 1


def test_options_stand_for_what_the_file_leaves_out(account, mock, owner, write):
    path = write("NEW-1,", "NEW-2,cus_0", head="key,customer_id")
    options = ["--customer-id", owner[0], "--product-id", owner[1], "--limit", "4"]
    done = account("import", "--file", path, *options)
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
def test_a_file_that_is_none_is_told(account, mock, tmp_path, content, words):
    path = tmp_path / "keys.csv"
    path.write_bytes(content.encode(errors="surrogateescape"))
    one_line(account("import", "--file", path), 2, words)
    assert mock.requests == []


def test_columns_that_nobody_reads_are_told(account, mock, owner, write):
    path = write(f"NEW-1,{owner[0]},{owner[1]},2030-01-31,", head="key, customer_id,product_id,expires,error")
    done = account("import", "--file", path)
    assert done.returncode == 0
    assert "not imported are the columns expires\n" in done.stderr
    assert set(imported(mock)) == {"NEW-1"}


def test_the_file_itself_is_not_replaced(account, mock, owner, write):
    path = write(f"NEW-1,{owner[0]},{owner[1]},,")
    one_line(account("import", "--file", path, "--failed", path), 2, "--failed")
    assert mock.requests == []


def test_a_file_where_a_key_is_wanted_is_told(account, write):
    path = write()
    one_line(account("import", path), 2, f"--file {path}")


def test_a_byte_order_mark_and_crlf_are_no_trouble(account, mock, owner, tmp_path):
    path = tmp_path / "keys.csv"
    path.write_bytes(f"\ufeffkey,customer_id,product_id\r\nNEW-1,{owner[0]},{owner[1]}\r\n".encode())
    assert account("import", "--file", path).returncode == 0
    assert set(imported(mock)) == {"NEW-1"}


def test_a_network_that_goes_away_leaves_the_rest_in_the_file_of_the_failed(
    account, mock, owner, write, tmp_path
):
    path = write(*(f"NEW-{n},{owner[0]},{owner[1]},," for n in range(6)))
    mock.fault(operation="create_license_key", status=201, body={"id": 5})
    mock.fault("reset", "create_license_key", times=None)
    done = account("import", "--file", path)
    assert done.returncode == 3
    failed = [row["key"] for row in csv.DictReader((tmp_path / "keys.failed.csv").read_text().splitlines())]
    assert failed == [f"NEW-{n}" for n in range(6)]
    mock.reset()
    assert account("import", "--file", tmp_path / "keys.failed.csv").returncode == 0
    assert len(imported(mock)) == 6


@pytest.mark.skipif(os.name == "nt", reason="signals end processes there")
def test_ctrl_c_leaves_the_rest_in_the_file_of_the_failed(account, mock, owner, write, tmp_path):
    path = write(*(f"NEW-{n},{owner[0]},{owner[1]},," for n in range(40)))
    with account.start("import", "--file", path) as process:
        for _ in range(5):
            process.stdout.readline()
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=30)[1]
    assert process.returncode == 130
    assert "Traceback" not in told
    failed = {row["key"] for row in csv.DictReader((tmp_path / "keys.failed.csv").read_text().splitlines())}
    assert failed | set(imported(mock)) == {f"NEW-{n}" for n in range(40)}
    assert len(failed & set(imported(mock))) <= 1

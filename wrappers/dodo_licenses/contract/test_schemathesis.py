"""Everything that Schemathesis has: each operation of the spec with valid and invalid data, and all its checks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from dodo_licenses.contract.findings import Disagreement, Finding
from dodo_licenses.contract.imports import Account
from dodo_licenses.contract.server import Server
from dodo_licenses_api import operations as api

_HERE = Path(__file__).parent
_AGREES, _DISAGREES = 0, 1


def own_things(account: Account) -> dict[str, str]:
    """A key that Schemathesis may do anything to; nothing where that can't be made, which is for other rules to tell."""
    try:
        key = account.import_key()
        instance = account.activated(key)
        names = {"id": key["id"], "license_key": key["key"], "instance": instance["id"]}
    except (AssertionError, LookupError, TypeError):
        return {}
    customer_id, product_id = account.owners[0]
    return {
        **names,
        "license_key_instance_id": instance["id"],
        "customer_id": customer_id,
        "product_id": product_id,
    }


@pytest.mark.schemathesis
def test_schemathesis(request: pytest.FixtureRequest, server: Server) -> None:
    """Requests that the spec allows are answered as it says, and others are refused."""
    told = server.settings
    own = {} if told.read_only else own_things(request.getfixturevalue("account"))
    server.found = []
    report, findings = told.out / "schemathesis.json", told.out / "schemathesis-findings.json"
    findings.unlink(missing_ok=True)
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(_HERE / "schemathesis.toml")),
        *("run", str(told.spec), "--url", told.base_url, "--seed", str(told.seed), "--no-color"),
        *("--phases", "examples,coverage,fuzzing", "--max-examples", "5" if told.few else "25"),
        *("--report", "json", "--report-json-path", str(report)),
    ]
    if told.read_only:
        command += ["--include-method", "GET", "--include-operation-id", api.VALIDATE_LICENSE.id]
    if request.config.getoption("maxfail") == 1:
        command += ["--max-failures", "1"]
    if told.baseline is not None and told.baseline.exists():
        command += ["--baseline", str(told.baseline)]
    environment = {
        **os.environ,
        "CONTRACT_BASE_URL": told.base_url,
        "CONTRACT_OUT": str(told.out),
        "CONTRACT_SPEC": str(told.spec),
        "CONTRACT_OWN": json.dumps(own),
        "CONTRACT_JOURNAL": server.journal.name,
        "CONTRACT_PAUSE": str(told.pause / int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))),
        "DODO_PAYMENTS_API_KEY": told.api_key,
    }
    run = subprocess.run(  # noqa: S603 - a program of ours
        command, env=environment, capture_output=True, text=True, errors="replace", check=False
    )
    if run.returncode not in (_AGREES, _DISAGREES) or not findings.exists():
        said = server.gate.redacted(f"{run.stdout}\n{run.stderr}"[-2000:])
        raise RuntimeError(f"Schemathesis broke off with status {run.returncode}: {said}")
    notes = json.loads(findings.read_text())
    findings.unlink()  # the report has what is left of it once every secret is known
    server.gate.sent += Counter(notes["sent"])
    found = [Finding(**one) for one in notes["findings"]]
    if run.returncode == _DISAGREES or found:
        broke = [finding for finding in found if finding.cause.startswith("Schemathesis broke")]
        if broke or not found:
            raise RuntimeError(str(broke[0]) if broke else server.gate.redacted(run.stdout[-2000:]))
        raise Disagreement(*found)

"""The vendor's own tests of the three license resources, on our client and mock: part of `make compat`."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
FILES = {
    "test_licenses.py": [
        f"method_{name}" for name in ("activate", "deactivate", "validate", "validate_with_all_params")
    ],
    "test_license_keys.py": [
        *("method_create", "method_create_with_all_params", "method_retrieve", "path_params_retrieve"),
        *("method_update", "method_update_with_all_params", "path_params_update", "method_list"),
    ],
    "test_license_key_instances.py": [
        *("method_retrieve", "path_params_retrieve", "method_update", "path_params_update", "method_list"),
    ],
}
_PASSED = re.compile(r"^PASSED tests/(\S+?)::(\w+)::(\S+)", re.MULTILINE)
_LISTED = re.compile(r"^tests/(\S+?)::(\w+)::(\S+)", re.MULTILINE)
# Every one of these has to pass, for both clients, "loose" and "strict".
MUST_PASS = {
    f"{file}::{face}::test_{name}[{mode}]"
    for file, names in FILES.items()
    for name in names
    for face in ("sync", "async")
    for mode in ("loose", "strict")
}
# All others, by what is in their names, and why they cannot.
LEFT_OUT = {
    "aiohttp": "another HTTP library, by `DefaultAioHttpClient`",
    "streaming_response": "streaming: replies are small, and read whole",
    "raw_response": "their own header X-Stainless-Lang in each request",
    "list_with_all_params": "`page_size=0`, which we refuse: no page would hold anything",
}


def fetched(folder: Path, python: str, version: str) -> Path:
    """The source distribution, by its name from the package index, unpacked."""
    command = [python, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    wanted = ["--no-binary", "dodopayments", "--dest", str(folder), f"dodopayments=={version}"]
    subprocess.run([*command, *wanted], check=True)
    (archive,) = folder.glob(f"dodopayments-{version}.tar.gz")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / f"dodopayments-{version}"


def run(source: Path, folder: Path) -> tuple[set[str], set[str]]:
    """Run their tests with our package's name in place of theirs: which passed, and which were left out."""
    shutil.rmtree(folder, ignore_errors=True)
    tests = folder / "tests"
    tests.mkdir(parents=True)
    (tests / "__init__.py").touch()
    shutil.copy(HERE / "their_conftest.py", tests / "conftest.py")
    shutil.copy(HERE / "their_utils.py", tests / "utils.py")
    for name in FILES:
        text = (source / "tests" / "api_resources" / name).read_text()
        text = text.replace("from dodopayments._utils import", "from tests.utils import")
        (tests / name).write_text(text.replace("dodopayments", "dodo_licenses"))
    (folder / "pytest.ini").write_text("[pytest]\nanyio_mode = auto\n")
    command = [sys.executable, "-m", "pytest", "tests", "-rA", "--tb=short", "-p", "no:cacheprovider"]
    left_out = [f"not {part}" for part in LEFT_OUT]
    ended = subprocess.run(
        [*command, "-k", " and ".join(left_out)], check=False, capture_output=True, text=True, cwd=folder
    )
    passed = {named(*found) for found in _PASSED.findall(ended.stdout)}
    if passed != MUST_PASS:
        print(ended.stdout, ended.stderr, file=sys.stderr)
    listed = subprocess.run(
        [*command, "--collect-only", "-q"], check=False, capture_output=True, text=True, cwd=folder
    )
    every = {named(*found) for found in _LISTED.findall(listed.stdout)}
    return passed, every - passed


def named(file: str, face: str, test: str) -> str:
    """A test as MUST_PASS names it."""
    return f"{file}::{'async' if face.startswith('TestAsync') else 'sync'}::{test}"


def unexplained(left_out: set[str]) -> list[str]:
    """Those that neither pass nor have a reason not to."""
    return sorted(test for test in left_out if not any(part in test for part in LEFT_OUT))

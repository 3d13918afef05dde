"""The vendor's own tests of the three license resources, on our client and mock: part of `make compat`."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
FILES = ("test_licenses.py", "test_license_keys.py", "test_license_key_instances.py")
# All tests have to pass, for both clients, "loose" and "strict", but for these, by what is in their names.
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


def run(source: Path, folder: Path) -> tuple[int, int] | None:
    """Run their tests with our package's name in place of theirs.

    Returns:
        How many passed, and how many were left out; None where one failed.
    """
    shutil.rmtree(folder, ignore_errors=True)
    tests = folder / "tests"
    tests.mkdir(parents=True)
    (tests / "__init__.py").touch()
    shutil.copy(HERE / "their_conftest.py", tests / "conftest.py")
    for name in FILES:
        text = (source / "tests" / "api_resources" / name).read_text()
        text = re.sub(
            r"from (?:dodopayments\._utils|tests\.utils) import", "from tests.conftest import", text
        )
        (tests / name).write_text(text.replace("dodopayments", "dodo_licenses"))
    (folder / "pytest.ini").write_text("[pytest]\nanyio_mode = auto\n")
    kept = " and ".join(f"not {part}" for part in LEFT_OUT)
    command = [sys.executable, "-m", "pytest", "tests", "--tb=short", "-p", "no:cacheprovider", "-k", kept]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder)
    counts = re.search(r"(\d+) passed, (\d+) deselected", ended.stdout)
    if ended.returncode or counts is None:
        print(ended.stdout, ended.stderr, file=sys.stderr)
        return None
    return int(counts[1]), int(counts[2])

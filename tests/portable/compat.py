"""Repeat what the documentation says of other programs: `make compat`, which writes docs/compat.md.

The newest of the vendor's SDKs against the mock, and our client against Prism, a server of somebody else's.
Exit status: 0 where every call goes well, 1 where one doesn't, 2 where something is missing here.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "generated"))

import their_tests  # noqa: E402 - beside this file

import portable  # noqa: E402 - after the path
from dodo_licenses import __version__  # noqa: E402
from dodo_licenses.mock import MockServer  # noqa: E402
from dodo_licenses_api.operations import OPERATIONS  # noqa: E402

PAGE = ROOT / "docs" / "compat.md"
BUILD = ROOT / "build" / "compat"
PYTHON = str(BUILD / "venv" / "bin" / "python")  # with the vendor's SDK in it
HEAD = """\
# Repeated with other programs

`make compat` fetched the newest of the vendor's SDKs from the package indexes and ran each of their calls
against the mock. It ran this client against Prism, a server of somebody else's, with our `openapi.yaml`, and
the vendor's own tests of license keys on this client. Then it wrote this table. It needs Node.

"""


def vendors_python():
    """The vendor's Python SDK, its version and the operations that went well."""
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--clear", "--seed", str(BUILD / "venv")], check=True)
    install = [*uv, "pip", "install", "--quiet", "--upgrade", "--python", PYTHON, "dodopayments"]
    subprocess.run(install, check=True)
    asked = [PYTHON, "-c", "import dodopayments; print(dodopayments.__version__)"]
    version = subprocess.check_output(asked, text=True).strip()
    with MockServer(keys=25) as mock:
        return version, went_well(PYTHON, portable.USES / "use_vendor.py", mock.base_url, mock.api_key)


def vendors_typescript():
    """The vendor's TypeScript SDK, its version and the operations that went well."""
    (BUILD / "package.json").write_text('{"private": true}')
    install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
    subprocess.run([*install, "dodopayments@latest"], check=True, cwd=BUILD, capture_output=True)
    about = json.loads((BUILD / "node_modules" / "dodopayments" / "package.json").read_text())
    program = shutil.copy(portable.USES / "use_vendor.mjs", BUILD)
    with MockServer(keys=25) as mock:
        return about["version"], went_well("node", program, mock.base_url, mock.api_key)


def our_client():
    """This client against Prism, its version and the operations that went well."""
    portable.install()
    with portable.prism() as url:
        return __version__, went_well(sys.executable, portable.USES / "use_prism.py", url)


def went_well(*command):
    """The operations that a program says went well; what it says of others is shown."""
    ended = subprocess.run(list(map(str, command)), check=False, capture_output=True, text=True)
    print(ended.stderr, end="", file=sys.stderr)
    return set(ended.stdout.split())


def main():
    if missing := [program for program in ("node", "npm") if shutil.which(program) is None]:
        print(f"make compat: needs {' and '.join(missing)}", file=sys.stderr)
        return 2
    BUILD.mkdir(parents=True, exist_ok=True)
    theirs, types, ours = vendors_python(), vendors_typescript(), our_client()
    tests = their_tests.run(their_tests.fetched(BUILD, PYTHON, theirs[0]), BUILD / "theirs")
    prism = portable.NODE_TOOLS["@stoplight/prism-cli"]
    titles = (
        f"dodopayments {theirs[0]} for Python, on the mock",
        f"dodopayments {types[0]} for TypeScript, on the mock",
        f"dodo-licenses {ours[0]}, on Prism {prism}",
    )
    lines = [f"| operation | {' | '.join(titles)} |", "| --- | --- | --- | --- |"]
    for operation in OPERATIONS:
        cells = ["yes" if operation in side[1] else "**no**" for side in (theirs, types, ours)]
        lines.append(f"| `{operation}` | {' | '.join(cells)} |")
    if tests is not None:
        passed, left_out = tests
        lines += ["", f"Of the {passed + left_out} tests of license keys that dodopayments {theirs[0]} has,"]
        lines += [f"{passed} pass on this client with its name in place of theirs. The others ask for:", ""]
        lines += [f"- {why}" for why in their_tests.LEFT_OUT.values()]
    PAGE.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))
    return 1 if tests is None or any("**no**" in line for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())

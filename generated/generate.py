"""Write dodo_licenses_api anew from openapi.yaml, or with --check tell whether it is current."""

from __future__ import annotations

import filecmp
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SPEC = HERE.parent / "openapi.yaml"
PACKAGE = HERE / "dodo_licenses_api"


def generate(target: Path) -> None:
    """Have the generator write the package into a folder that is not there yet."""
    command = [
        *(sys.executable, "-m", "openapi_python_client", "generate"),
        *("--path", str(SPEC)),
        *("--meta", "none"),
        *("--config", str(HERE / "generator.yaml")),
        *("--custom-template-path", str(HERE / "templates")),
        *("--output-path", str(target)),
        "--fail-on-warning",  # or it leaves out what it can't express, and says so in passing only
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"the generator refused openapi.yaml:\n{done.stdout}{done.stderr}")
    (target / "py.typed").touch()  # --meta none writes none


def differences(old: Path, new: Path) -> list[str]:
    """The files, relative to their package, that stand in one only or are not the same."""

    def files(package: Path) -> set[Path]:
        return {p.relative_to(package) for p in package.rglob("*") if p.is_file() and p.suffix != ".pyc"}

    return sorted(
        str(name)
        for name in files(old) | files(new)
        if not (old / name).is_file()
        or not (new / name).is_file()
        or not filecmp.cmp(old / name, new / name, shallow=False)
    )


def main() -> None:
    """Generate into a temporary folder, then compare, or swap so that a removed model leaves no file."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / PACKAGE.name
        generate(fresh)
        changed = differences(PACKAGE, fresh)
        if sys.argv[1:] == ["--check"]:
            if changed:
                sys.exit(
                    "generated code is not what openapi.yaml gives, run `make generate`:\n  "
                    + "\n  ".join(changed)
                )
            print("generated code is current")
            return
        shutil.rmtree(PACKAGE, ignore_errors=True)
        shutil.copytree(fresh, PACKAGE)
        print(f"{len(changed)} files changed")


if __name__ == "__main__":
    main()

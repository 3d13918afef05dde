"""Write dodo_licenses_api anew from openapi.yaml, or with --check tell whether it is current.

openapi-python-client is used as a library: what it parsed renders its own package, and files of ours. The
wrapper's client that waits is written anew as well, by `waiting.py`.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader
from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError
from ruamel.yaml import YAML

from spec_diff import entries
from surface import Surface, wrapped
from waiting import modules

HERE = Path(__file__).resolve().parent
SPEC = HERE.parent / "openapi.yaml"
PACKAGE = HERE / "dodo_licenses_api"
OURS = ("base", "operations", "params", "public", "resources")


def generate(target: Path, spec_file: Path = SPEC) -> None:
    """Have the package written into a folder that is not there yet."""
    # The hooks are found by name, and are those of this environment.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    spec = YAML(typ="safe").load(spec_file)
    config = Config.from_sources(
        ConfigFile.load_from_path(HERE / "generator.yaml"),
        meta_type=MetaType.NONE,
        document_source=spec_file,
        file_encoding="utf-8",
        overwrite=False,
        output_path=target,
    )
    # The generator reads what a parameter is in its schema, and other tools on the parameter.
    for parameter in _described(spec):
        parameter["schema"].setdefault("description", parameter["description"])
    parsed = GeneratorData.from_dict(spec, config=config)
    if isinstance(parsed, GeneratorError):
        sys.exit(f"the generator refused openapi.yaml:\n{parsed.header}\n{parsed.detail}")
    project = Project(openapi=parsed, config=config, custom_template_path=HERE / "templates")
    # So that an override can say what it changes instead of repeating all of it.
    project.env.loader = ChoiceLoader(
        [project.env.loader, PrefixLoader({"upstream": PackageLoader("openapi_python_client")})]
    )
    surface = Surface(project, spec)
    project.env.filters["wrapped"] = wrapped
    project.env.globals["is_secret"] = surface.is_secret
    # The hooks, run last, go over our files as well.
    hooks, config.post_hooks = config.post_hooks, []
    with contextlib.redirect_stdout(io.StringIO()):
        problems = list(project.build())
    for name in OURS:
        text = project.env.get_template(f"{name}.py.jinja").render(surface=surface)
        (target / f"{name}.py").write_text(text, encoding="utf-8")
    (target / "py.typed").touch()  # the generator writes none without a project around it
    config.post_hooks = hooks
    project._run_post_hooks()  # noqa: SLF001 - build() would write everything again
    # A warning, too: it leaves out what it can't express, and says so in passing only.
    if problems := problems + project.errors:
        found = "\n".join(f"{problem.header} {problem.detail}" for problem in problems)
        sys.exit(f"the generator refused openapi.yaml:\n{found}")


def _described(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    shared = spec["components"].get("parameters", {}).values()
    for parameter in (*shared, *(one for *_, raw in entries(spec) for one in raw["parameters"])):
        if "description" in parameter and "$ref" not in parameter["schema"]:
            yield parameter


def differences(old: Path, new: Path) -> list[str]:
    """The files, relative to their package, that stand in one only or are not the same."""

    def held(package: Path) -> dict[str, bytes]:
        files = (path for path in package.rglob("*") if path.is_file() and path.suffix != ".pyc")
        return {str(path.relative_to(package)): path.read_bytes() for path in files}

    before, after = held(old), held(new)
    return sorted(name for name in before | after if before.get(name) != after.get(name))


def _holds(path: Path, text: str) -> bool:
    return path.exists() and path.read_text("utf-8") == text


def main() -> None:
    """Generate into a temporary folder, then compare, or swap so that a removed model leaves no file."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / PACKAGE.name
        generate(fresh)
        changed = differences(PACKAGE, fresh)
        made = modules()
        changed += [path.name for path, text in made.items() if not _holds(path, text)]
        if sys.argv[1:] != ["--check"]:
            shutil.rmtree(PACKAGE, ignore_errors=True)
            shutil.copytree(fresh, PACKAGE)
            for path, text in made.items():
                path.write_text(text, encoding="utf-8")
            print(f"{len(changed)} files changed")
        elif changed:
            stale = "\n  ".join(changed)
            sys.exit(f"generated code is not what openapi.yaml gives, run `make generate`:\n  {stale}")
        else:
            print("generated code is current")


if __name__ == "__main__":
    main()

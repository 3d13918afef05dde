"""Build the site into build/site: `make docs`.

README.md is its first page; CHANGELOG.md, SECURITY.md and CONTRIBUTING.md are pages, too. Beside the pages
stand their sources in Markdown, and llms.txt, which lists them for programs that read documentation.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import offapi

ROOT = Path(__file__).resolve().parents[1]
CONFIG = ROOT / "zensical.toml"
OUTSIDE = {"README.md": "index.md"} | {
    name: name.lower() for name in ("CHANGELOG.md", "SECURITY.md", "CONTRIBUTING.md")
}


def collect(folder: Path) -> None:
    """Put all pages into one folder, with the links between them as seen from there."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "docs", folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    shutil.copytree(ROOT / "docs" / "examples", folder / "examples", dirs_exist_ok=True)
    shutil.copy(ROOT / "openapi.yaml", folder)
    for name in ("swagger_bundle.js", "swagger_style.css"):
        shutil.copy(Path(offapi.__file__).with_name(name), folder)
    for name, inside in OUTSIDE.items():
        text = (ROOT / name).read_text(encoding="utf-8").replace("](docs/", "](")
        (folder / inside).write_text(text, encoding="utf-8")
    for page in folder.glob("*.md"):
        text = page.read_text(encoding="utf-8")
        for name, inside in OUTSIDE.items():
            text = re.sub(rf"\]\((\.\./)?{re.escape(name)}(?=[)#])", f"]({inside}", text)
        page.write_text(text, encoding="utf-8")


def pages(nav: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The pages of the navigation, in its order."""
    for entry in nav:
        for target in entry.values():
            if isinstance(target, str):
                yield target
            else:
                yield from pages(target)


def describe(page: Path) -> str:
    """A page's title and its first sentence, as an entry of llms.txt."""
    text = re.sub(r"<!--.*?-->", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    blocks = [block.strip("\n") for block in re.split(r"\n\s*\n", text)]
    title = next(block[2:] for block in blocks if block.startswith("# "))
    prose = next((block for block in blocks if not re.match(r"#|\||```|:::|    |- |!|<|\d\.", block)), "")
    sentence = re.match(r".*?[.](?=\s|$)", " ".join(prose.split()))
    return f"- [{title}]({page.name})" + (f": {sentence[0]}" if sentence else "")


def main() -> int:
    """Build everything; gives the exit status back."""
    project = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["project"]
    source, site = ROOT / project["docs_dir"], ROOT / project["site_dir"]
    collect(source)
    listed = list(pages(project["nav"]))
    if missing := {page.name for page in source.glob("*.md")} - set(listed):
        print(f"not in the navigation of {CONFIG.name}: {', '.join(sorted(missing))}", file=sys.stderr)
        return 1
    zensical = [
        sys.executable,
        "-m",
        "zensical",
        "build",
        "--clean",
        "--strict",
        "--config-file",
        str(CONFIG),
    ]
    if subprocess.run(zensical, cwd=ROOT, check=False).returncode:
        return 1
    for page in listed:
        shutil.copy(source / page, site / page)
    entries = [describe(source / page) for page in listed]
    about = f"# {project['site_name']}\n\n> {project['site_description']}\n\n## Pages\n\n"
    (site / "llms.txt").write_text(about + "\n".join(entries) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

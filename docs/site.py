"""What the site needs beside docs/: README.md is its first page."""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[1]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Take README.md in as the index, its links as seen from docs/."""
    readme = (
        (ROOT / "README.md")
        .read_text()
        .replace("](docs/", "](")
        .replace("](CONTRIBUTING.md)", "](contributing.md)")
    )
    files.append(File.generated(config, "index.md", content=readme))
    files.append(File.generated(config, "contributing.md", content=(ROOT / "CONTRIBUTING.md").read_text()))
    return files

"""What the workflows do where zizmor, which `make check` runs, has no rule: installs, reports, publishing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import pytest
import yaml
from spec_edits import ROOT

JOBS = {
    (path.stem, name): job
    for path in (ROOT / ".github" / "workflows").glob("*.yml")
    for name, job in yaml.safe_load(path.read_text())["jobs"].items()
}
SCRIPTS = {name: [step["run"] for step in job["steps"] if "run" in step] for name, job in JOBS.items()}
TELLING = [script for scripts in SCRIPTS.values() for script in scripts if "report.txt" in script]
HOSTILE = "a line\r```\n</details>\r# a heading\n\n```\n::error::x\n0 unexplained\n"


def test_what_is_installed_is_pinned_by_hash():
    texts = [(ROOT / "action.yml").read_text(), *("\n".join(scripts) for scripts in SCRIPTS.values())]
    installs = re.findall(r"\bpip\"? install .*", "\n".join(texts))
    assert len(installs) >= 4
    assert [line for line in installs if not re.search("--require-hashes|--no-deps", line)] == []


@pytest.mark.skipif(os.name != "posix", reason="the programs in its place are for a Unix")
@pytest.mark.parametrize("script", TELLING)
def test_nothing_in_a_report_ends_the_block_that_it_is_shown_in(tmp_path, script):
    (tmp_path / "report.txt").write_text(HOSTILE, newline="")
    for name, does in (("make", f"printf '%s' '{HOSTILE}'"), ("gh", ":")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{does}\n", newline="")
        (tmp_path / name).chmod(0o700)
    told = {"GITHUB_STEP_SUMMARY": "summary.md", "GITHUB_OUTPUT": "output", "BASE": "main", "NUMBER": "1"}
    environment = {**os.environ, **told, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    bash = [shutil.which("bash"), "-eo", "pipefail", "-c", script]
    subprocess.run(bash, cwd=tmp_path, env=environment, check=True, capture_output=True)
    lines = [line for page in tmp_path.glob("*.md") for line in page.read_bytes().decode().splitlines()]
    assert {line for line in lines if line and not line.startswith("    ")} <= {"What `make upstream` says:"}
    assert any("a heading" in line for line in lines) == (".md" in script or "SUMMARY" in script)


def test_what_is_published_is_what_the_bare_job_built():
    job, publish = JOBS["publish", "build"], JOBS["publish", "publish"]
    assert job["outputs"] == {"artifact": "${{ steps.upload.outputs.artifact-id }}"}
    install, build = SCRIPTS["publish", "build"][1:]
    assert install == "python -m pip install --require-hashes -r requirements-build.txt"
    assert build == "python -m hatchling build -d dist"
    assert publish["steps"][0]["with"]["artifact-ids"] == "${{ needs.build.outputs.artifact }}"
    assert publish["needs"] == ["build", "check"]

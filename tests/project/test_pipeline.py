"""What the workflows do where zizmor, which `make check` runs, has no rule: installs, reports, publishing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import pytest
import yaml
from spec_edits import ROOT

FILES = [*(ROOT / ".github" / "workflows").glob("*.yml"), ROOT / "action.yml"]
TOLD = {path.name: yaml.safe_load(path.read_text()) for path in FILES}
JOBS = {(name, job): its["steps"] for name in TOLD for job, its in TOLD[name].get("jobs", {}).items()}
STEPS = [*TOLD["action.yml"]["runs"]["steps"], *(step for steps in JOBS.values() for step in steps)]
SCRIPTS = [step["run"] for step in STEPS if "run" in step]
HOSTILE = "a line\r```\n</details>\r# a heading\n\n```\n::error::x\n0 unexplained\n"


def test_what_is_installed_is_pinned_by_hash():
    installs = re.findall(r"\bpip\"? install .*", "\n".join(SCRIPTS))
    assert len(installs) >= 4
    assert [line for line in installs if not re.search("--require-hashes|--no-deps", line)] == []


@pytest.mark.skipif(os.name != "posix", reason="workflows run bash there, too, but not with these programs")
@pytest.mark.parametrize("script", [script for script in SCRIPTS if "report.txt" in script])
def test_nothing_in_a_report_ends_the_block_that_it_is_shown_in(tmp_path, script):
    (tmp_path / "report.txt").write_text(HOSTILE, newline="")
    for name, does in (("make", f"printf '%s' '{HOSTILE}'"), ("gh", ":")):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\n{does}\n", newline="")
        program.chmod(0o700)
    told = {"GITHUB_STEP_SUMMARY": "summary.md", "GITHUB_OUTPUT": "output", "BASE": "main", "NUMBER": "1"}
    environment = {**os.environ, **told, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    bash = [shutil.which("bash"), "-eo", "pipefail", "-c", script]
    subprocess.run(bash, cwd=tmp_path, env=environment, check=True, capture_output=True)
    for page in tmp_path.glob("*.md"):
        lines = page.read_bytes().decode().splitlines()
        assert any("a heading" in line for line in lines)
        assert {line for line in lines if line and not line.startswith("    ")} <= {
            "What `make upstream` says:"
        }


def test_what_is_published_is_what_the_bare_job_built():
    jobs = TOLD["publish.yml"]["jobs"]
    assert jobs["build"]["outputs"] == {"artifact": "${{ steps.upload.outputs.artifact-id }}"}
    runs = [step["run"] for step in jobs["build"]["steps"] if "run" in step]
    assert runs[1:] == [
        "python -m pip install --require-hashes -r requirements-build.txt",
        "python -m hatchling build -d dist",
    ]
    taken = [step["with"] for step in JOBS["publish.yml", "publish"] if "download" in step["uses"]]
    assert taken == [{"artifact-ids": "${{ needs.build.outputs.artifact }}", "path": "dist/"}]
    assert {"build", "check"} == {*jobs["publish"]["needs"]}

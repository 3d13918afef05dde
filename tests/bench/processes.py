"""The processes of a run: one server, and one for each single measurement."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Compiled files are kept, and no proxy stands between us and the server.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("PYTHON", "DODO_PAYMENTS_")) and not name.lower().endswith("_proxy")
}


@contextmanager
def server():
    """Runs the server, until its standard input is closed; gives its address."""
    command = [sys.executable, HERE / "server.py"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"


def pages_served(address):
    """How many pages of license keys the server has been asked for."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{address}/requests") as answer:
        return int(answer.read())


def run(script, *arguments):
    """Run one of the scripts; gives what it prints as JSON."""
    command = [sys.executable, "-W", "ignore", HERE / script, *arguments]
    done = subprocess.run(command, env=ENVIRONMENT, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def seconds_until_first_line(script, *arguments):
    """How long a script takes from the start of its process to its first line."""
    command = [sys.executable, "-W", "ignore", HERE / script, *arguments]
    began = time.perf_counter()
    with subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE) as process:
        line = process.stdout.readline()
        seconds = time.perf_counter() - began
    if not line.startswith(b"lic_"):
        raise RuntimeError(f"{script} printed no license key")
    return seconds


def seconds_to_import(module):
    """How long a process takes that imports a module and ends."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", f"import {module}"], env=ENVIRONMENT, check=True)
    return time.perf_counter() - began

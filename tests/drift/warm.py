"""All that a run imports and collects: done once, in the process that every run is forked from."""

import contextlib
import io
import tempfile

import run  # noqa: F401 - with the catalogues, and the mock

from dodo_licenses.contract.command import contract

with tempfile.TemporaryDirectory() as out, contextlib.redirect_stdout(io.StringIO()):
    with contextlib.suppress(SystemExit):
        contract(["run", "--out", out, "--", "--collect-only"])

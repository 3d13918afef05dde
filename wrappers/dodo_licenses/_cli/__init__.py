"""The command line: what support staff do with license keys, and `--demo` to try it without an account.

Nothing here imports the client or rich before a command needs it, so that help is quick.
"""

from dodo_licenses._cli.main import Terminated, run

__all__ = ["Terminated", "run"]

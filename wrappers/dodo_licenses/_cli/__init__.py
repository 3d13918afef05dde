"""The command line: what support staff do with license keys, and `--demo` to try it without an account.

Data goes to stdout, everything else to stderr. Exit status: 0 done, 1 the API refused, there is no such key,
a license is not valid or not all could be done, 2 wrong use, 3 not reachable, 130 and 143 interrupted,
141 nobody reads on.

Nothing here imports the client or rich before a command needs it, so that help is quick.
"""

from dodo_licenses._cli.main import Terminated, run

__all__ = ["Terminated", "run"]

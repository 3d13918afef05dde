"""The command line: the library's verbs as commands, and `--demo` to try them without an account.

Data goes to stdout, everything else to stderr. Exit status: 0 done, 1 the API refused, or a license is not
valid, 2 wrong use, 3 not reachable, 130 interrupted, 141 nobody reads on.

Nothing here imports the client or rich before a command needs it, so that help is quick.
"""

from dodo_licenses._cli.main import run

__all__ = ["run"]

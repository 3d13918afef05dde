"""The command line's entry: `dodo-licenses` and `python -m dodo_licenses`."""

import io
import os
import signal
import sys


def main() -> int:
    """Run the command line, or say which extra it needs."""
    _open_what_is_closed()
    _write_any_character()
    try:
        from dodo_licenses._cli import Terminated, run  # noqa: PLC0415 - the extra may be missing
    except ModuleNotFoundError as error:
        if error.name not in ("click", "rich"):
            raise
        print('dodo-licenses: the command line needs: pip install "dodo-licenses[cli]"', file=sys.stderr)  # noqa: T201
        return 2
    except KeyboardInterrupt:
        print("dodo-licenses: interrupted", file=sys.stderr)  # noqa: T201
        return 130

    def terminate(*_: object) -> None:
        raise Terminated

    signal.signal(signal.SIGTERM, terminate)
    return run()


def _open_what_is_closed() -> None:
    """Let a stream that is closed, as under cron, lead nowhere: the next file opened would take its place."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            mode = "r" if number == 0 else "w"
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - for as long as it runs


def _write_any_character() -> None:
    """Files and pipes are UTF-8 whatever the locale; a terminal that lacks a character gets a `?` for it."""
    for stream in (sys.stdout, sys.stderr, sys.stdin):
        if isinstance(stream, io.TextIOWrapper):
            is_shown = stream.isatty() or stream is sys.stdin
            stream.reconfigure(
                encoding=None if stream.isatty() else "utf-8",
                errors="replace" if is_shown else "backslashreplace",
            )


if __name__ == "__main__":
    sys.exit(main())

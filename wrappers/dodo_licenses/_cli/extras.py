"""The commands around the others: mock, completion."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True}, add_help_option=False
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def mock(arguments: tuple[str, ...]) -> int:
    """Serve a mock, for tests in any language.

    \b
    Example:
      dodo-licenses mock --port 4010 --keys 250
    """
    from dodo_licenses.mock.__main__ import main  # noqa: PLC0415 - the mock is a program of its own

    return main(list(arguments), program="dodo-licenses mock")


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script of a shell.

    \b
    Examples:
      source <(dodo-licenses completion bash)
      dodo-licenses completion fish > ~/.config/fish/completions/dodo-licenses.fish
    """
    root = click.get_current_context().find_root()
    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - for the type checker: the choice holds what click knows
    click.echo(kind(root.command, {}, "dodo-licenses", "_DODO_LICENSES_COMPLETE").source())

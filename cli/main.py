"""The `banyan` command: a group whose commands are imported only when they are invoked.

Help, completion and errors of usage need nothing but click, so they answer at once. What a command does
stands in its own module; how it fails, in `failures`.
"""

from __future__ import annotations

import importlib
import os
import sys
import threading
from typing import Any

import click

from cli.failures import FAILED, exit_code

#: Command -> its one line in the list. The command itself is `command` in the module NAME_command.
COMMANDS = {
    "scenarios": "List the scenarios that come with Banyan.",
    "show": "Print a scenario with everything resolved.",
    "validate": "Check a scenario and say what is in it.",
    "schema": "Print the JSON Schema of a scenario.",
    "travel": "Show the way between two places, with the quality of each figure.",
    "run": "Simulate a scenario.",
    "compare": "Compare scenarios under common random numbers.",
    "dispatch": "Plan who goes where and when, from files of orders and engineers.",
    "template": "Write a file to fill in: headings, units, an example row.",
    "app": "Open the Scenario Lab in the browser.",
}

_EXAMPLE = """\b
Example:
  banyan run one-city --days 30 --replications 4
"""


class _Commands(click.Group):
    """A group that knows its commands by name and imports them one by one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of a first session."""
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; an unknown name is refused with the names there are."""
        if cmd_name not in COMMANDS:
            if ctx.resilient_parsing:
                return None
            ctx.fail(f"found {cmd_name!r}; allowed: {', '.join(COMMANDS)}")
        command: click.Command = importlib.import_module(f"cli.{cmd_name}_command").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list without importing a command."""
        with formatter.section("Commands"):
            formatter.write_dl([*COMMANDS.items()])

    def main(self, args: Any = None, *rest: Any, **extra: Any) -> Any:
        """Run the command and end the process with its exit code; the words it was given are its `obj`."""
        words = tuple(sys.argv[1:] if args is None else args)
        extra = {**extra, "prog_name": "banyan", "standalone_mode": False, "obj": words}
        run = super().main
        sys.exit(exit_code(lambda: run(list(words), **extra)))


@click.group(cls=_Commands, epilog=_EXAMPLE, context_settings={"max_content_width": 100})
@click.version_option(package_name="banyan", prog_name="banyan")
def banyan() -> None:
    """Simulate after-sales field service, and compare ways to run it."""


def main() -> None:
    """Run the command that the process was started with."""
    try:
        banyan.main()
    except SystemExit as end:
        if end.code == FAILED:
            # Workers that were ended may leave a pool that never ends by itself (seen with Python 3.11.2).
            last_resort = threading.Timer(3.0, os._exit, [FAILED])
            last_resort.daemon = True
            last_resort.start()
        raise


if __name__ == "__main__":
    main()

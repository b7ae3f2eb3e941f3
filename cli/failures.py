"""From an exception to one message on stderr and an exit code: 2 for bad input, 1 for all else.

Floors below raise errors that already say what was found and what is allowed; this is the one place that
knows which of them are the caller's to mend. `BANYAN_TRACEBACK=1` shows the traceback of ours.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

import click

DONE, FAILED, BAD_INPUT = 0, 1, 2


class BadInputError(ValueError):
    """Something that the caller gave cannot be used.

    Parameters
    ----------
    place
        File, folder or option, as the caller wrote it.
    found
        What stands there.
    allowed
        What may stand there.
    """

    def __init__(self, place: str, found: str, allowed: str) -> None:
        super().__init__(f"{place}: found {found}; allowed: {allowed}")


class StoppedError(RuntimeError):
    """Work that ended before it was done; the message says how to complete it."""


def exit_code(call: Callable[[], Any]) -> int:
    """Make a call, report what goes wrong, and return the exit code.

    Parameters
    ----------
    call
        The command, in click's mode that lets errors through; a whole number it returns is the exit code.
    """
    try:
        code = call()
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
        return FAILED
    except (click.Abort, KeyboardInterrupt):
        return _report("interrupted", FAILED)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return BAD_INPUT
    except click.UsageError as error:
        return _report(*_usage(error))
    except Exception as error:
        return _report(*_judged(error))
    return code if isinstance(code, int) else DONE


def _report(message: str, code: int) -> int:
    """Write one message to stderr and return the code that goes with it."""
    lines = message.splitlines() or ["failed"]
    click.echo("\n  ".join([f"banyan: {lines[0]}", *lines[1:]]), err=True)
    return code


def _drop_output() -> None:
    """Send what is still to be written nowhere: its reader is gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _judged(error: Exception) -> tuple[str, int]:
    """Return the message of an error and whose it is to mend."""
    if isinstance(error, StoppedError):
        return str(error), FAILED
    if isinstance(error, OSError) and error.strerror:
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror}", FAILED
    if _is_bad_input(error):
        return str(error), BAD_INPUT
    if os.environ.get("BANYAN_TRACEBACK"):
        traceback.print_exception(error)
    words = " ".join(str(error).split())
    hint = "BANYAN_TRACEBACK=1 in the environment shows where"
    return f"internal error: {type(error).__name__}: {words} ({hint})", FAILED


def _is_bad_input(error: Exception) -> bool:
    """Return whether the caller can mend an error; floors are imported only as far as it takes to know."""
    if isinstance(error, BadInputError):
        return True
    from insight.run_folder import RunFolderError
    from scenarios.problems import ScenarioError

    if isinstance(error, ScenarioError | RunFolderError):
        return True
    from insight.imports.faults import RefusedFile
    from optimize.problem import ProblemError

    if isinstance(error, RefusedFile | ProblemError):
        return True
    from sim.experiment import PrecisionError

    return isinstance(error, PrecisionError)


def _usage(error: click.UsageError) -> tuple[str, int]:
    """Return the message of a mistake in the command line, in the words of all others."""
    path = error.ctx.command_path if error.ctx else "banyan"
    place = path.removeprefix("banyan").strip()
    words = error.message[:1].lower() + error.message[1:].rstrip(".")
    if isinstance(error, click.MissingParameter) and error.param:
        words = f"{_written(error.param)}: found nothing; allowed: a value"
    elif isinstance(error, click.BadParameter) and error.param:
        words = f"{_written(error.param)}: {words}"
    elif isinstance(error, click.BadOptionUsage):
        words = f"{error.option_name}: found nothing; allowed: a value"
    elif isinstance(error, click.NoSuchOption) and error.ctx:
        options = [_written(p) for p in error.ctx.command.params if isinstance(p, click.Option)]
        words = f"{error.option_name}: found an unknown option; allowed: {', '.join([*options, '--help'])}"
    return ": ".join(part for part in (place, words) if part) + f" (see {path} --help)", BAD_INPUT


def _written(parameter: click.Parameter) -> str:
    """Return a parameter as it is written on the command line."""
    return parameter.opts[0] if isinstance(parameter, click.Option) else parameter.human_readable_name

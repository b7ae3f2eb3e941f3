"""`banyan app`: the application in the browser, served from this machine.

Finds `app.py` wherever Banyan is installed and hands it to Streamlit with every option given here, so that no
configuration file is needed in the folder of the caller. What the pages show is left to `app.py`.
"""

from __future__ import annotations

import errno
import importlib.util
import os
import socket
from pathlib import Path
from typing import Any

import click

_EXAMPLE = """\b
Example:
  banyan app --port 8502 --folder runs/app
"""
_FONT = '-apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans SC", "Noto Sans CJK SC", \
"PingFang SC", "Microsoft YaHei", sans-serif'

#: Streamlit's options; those that depend on the command line are added. Remote fonts are never asked for.
OPTIONS: dict[str, Any] = {
    "server_headless": True,
    "server_fileWatcherType": "none",
    "server_enableXsrfProtection": True,
    "server_enableCORS": True,
    "server_maxUploadSize": 20,
    "browser_gatherUsageStats": False,
    "client_toolbarMode": "minimal",
    "client_showErrorDetails": "none",
    "client_showErrorLinks": False,
    "logger_hideWelcomeMessage": True,
    "runner_magicEnabled": False,
    "theme_base": "light",
    "theme_primaryColor": "#0b6e4f",
    "theme_backgroundColor": "#ffffff",
    "theme_secondaryBackgroundColor": "#f3f6f4",
    "theme_textColor": "#1f2933",
    "theme_linkColor": "#0b6e4f",
    "theme_font": _FONT,
    "theme_headingFont": _FONT,
    "theme_headingFontSizes": ["1.75rem", "1.75rem", "1.75rem"],
}


def _port(_ctx: click.Context, _param: click.Parameter, value: str) -> int:
    number = int(value) if value.isdecimal() and len(value) < 6 else 0
    if not 1 <= number <= 65535:
        raise click.BadParameter(f"found {value!r}; allowed: a whole number from 1 to 65535")
    return number


@click.command("app", epilog=_EXAMPLE)
@click.option(
    "--port", metavar="P", default="8501", callback=_port, help="Port to listen on. [default: 8501]"
)
@click.option(
    "--host", metavar="HOST", default="127.0.0.1", help="Address to listen on. [default: 127.0.0.1]"
)
@click.option(
    "--folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default=Path("runs/app"),
    help="Where runs and saved scenarios are kept. [default: runs/app]",
)
@click.option(
    "--open-to-all",
    is_flag=True,
    help="Let everybody who reaches HOST in, although no sign-in is configured.",
)
@click.option(
    "--board-url",
    metavar="URL",
    default="",
    envvar="BANYAN_BOARD_URL",
    help="Database of the dispatch boards: sqlite:///FILE or postgresql://USER@HOST/NAME. "
    "[default: boards.sqlite in DIR]",
)
@click.option("--no-sample", is_flag=True, help="Do not make the sample run on the first start.")
def command(port: int, host: str, folder: Path, open_to_all: bool, board_url: str, no_sample: bool) -> None:
    """Open the Scenario Lab and the Dispatch Board in the browser.

    Only this machine reaches it unless --host says otherwise. Who signs in is configured in the sections
    [auth] and [banyan] of .streamlit/secrets.toml.
    """
    _check_folder(folder)
    _check_port(host, port)
    main = _main_script()
    options = {**OPTIONS, "server_address": host, "server_port": port}
    if _is_wildcard(host):
        options["browser_serverAddress"] = "localhost"
    os.environ["BANYAN_APP_FOLDER"] = str(folder.absolute())
    os.environ["BANYAN_BOARD_URL"] = board_url
    os.environ.update({"BANYAN_APP_OPEN_TO_ALL": "1"} if open_to_all else {})
    os.environ.update({"BANYAN_APP_NO_SAMPLE": "1"} if no_sample else {})
    _serve(main, options, host, port, open_to_all)


def _check_folder(folder: Path) -> None:
    """Refuse a folder that cannot be one or be written to."""
    from cli.failures import BadInputError

    existing = next(parent for parent in (folder.absolute(), *folder.absolute().parents) if parent.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        found = "no folder" if not existing.is_dir() else "a folder that may not be written to"
        raise BadInputError(f"--folder {folder}", found, "a folder to write to")


def _make_folder(folder: Path) -> None:
    """Make the folder, which may be below one that only looks as if it could be written to."""
    from cli.failures import BadInputError

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInputError(f"--folder {folder}", str(error.strerror), "a folder to write to") from None


def _check_boards(folder: Path) -> None:
    """Refuse a database of boards that somebody asks for and that is none, or cannot be reached."""
    if not os.environ["BANYAN_BOARD_URL"]:
        return
    from cli.failures import BadInputError
    from ui.boards import opening

    wrong = opening.why_not(folder)
    if wrong:
        raise BadInputError("--board-url", wrong, "sqlite:///FILE or postgresql://USER@HOST/NAME")


def _check_port(host: str, port: int) -> None:
    """Refuse an address that is no address and a port that is taken."""
    from cli.failures import BadInputError

    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            if os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (socket.gaierror, UnicodeError):
        raise BadInputError("--host", repr(host), "a name or address of this machine") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise BadInputError("--port", f"{port}, which is taken", "a port that is free") from None
        if error.errno == errno.EACCES:
            found = f"{port}, which you may not listen on"
            raise BadInputError("--port", found, "a port from 1024 on") from None
        raise BadInputError("--host", repr(host), "a name or address of this machine") from None


def _main_script() -> str:
    """Return the path of `app.py`, without importing it."""
    found = importlib.util.find_spec("app")
    own = Path(__file__).resolve().parent.parent / "app.py"
    return str(own) if own.is_file() or found is None or found.origin is None else found.origin


def _is_wildcard(host: str) -> bool:
    return host in ("", "0.0.0.0", "::")


def _serve(main: str, options: dict[str, Any], host: str, port: int, open_to_all: bool) -> None:
    """Start the jobs' supervisor and the server, and return when the server was told to end."""
    from streamlit.web import bootstrap

    from cli.failures import BadInputError
    from ui import access, shell

    bootstrap.load_config_options(options)
    if not (access.is_local(host) or shell.secrets().get("auth") or open_to_all):
        allowed = "127.0.0.1, or a section [auth] in .streamlit/secrets.toml, or --open-to-all"
        raise BadInputError("--host", f"{host!r}, which others reach without signing in", allowed)
    _make_folder(shell.folder())
    _check_boards(shell.folder())
    shell.opened()
    shell.warm_up()
    shown = "localhost" if _is_wildcard(host) else f"[{host}]" if ":" in host else host
    click.echo(f"Banyan is at http://{shown}:{port} (Ctrl-C ends it)")
    try:
        bootstrap.run(main, False, [], options)
    except KeyboardInterrupt:
        pass
    finally:
        shell.closed()
    click.echo("Banyan has ended; runs that are under way go on by themselves.")

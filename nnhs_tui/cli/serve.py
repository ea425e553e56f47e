"""`serve`: a class follows by SSH and in the browser, and answers."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from nnhs_tui.cli.arguments import UsageError
from nnhs_tui.cli.common import FINE, has_terminal, load, open_session
from nnhs_tui.cli.placing import refused, unwritable
from nnhs_tui.errors import Refusal, printable
from nnhs_tui.extras import needed

if TYPE_CHECKING:
    from nnhs_tui.debugger.session import Session
    from nnhs_tui.hall.hall import Joining
    from nnhs_tui.serve.log import Log
    from nnhs_tui.serve.presenting import MakeApp
    from nnhs_tui.serve.serving import Doors, Opened, Server
    from nnhs_tui.ui.program import Files

HERE = ("127.0.0.1", "::1", "localhost")
"""Addresses that only this machine reaches."""


def serve(options: argparse.Namespace) -> int:
    for module in ("asyncssh", "aiohttp", "segno"):
        needed(module, "serve", "serve")
    is_here = has_terminal() and options.presenter is None
    _check(options, is_here=is_here)
    # Only those named: no other file is read after them.
    scenarios = [load(name) for name in dict.fromkeys(options.scenarios)]
    options.scenario = options.scenarios[0]
    session = open_session(scenarios[0], options)
    results = _results(options, scenarios[0].name)

    from nnhs_tui.hall.hall import Hall
    from nnhs_tui.serve.gate import Gate, draw_code
    from nnhs_tui.serve.log import nowhere, to_file, to_standard_error
    from nnhs_tui.serve.serving import Server
    from nnhs_tui.ui.program import Files

    code = "" if options.open else options.code or draw_code()
    hall = Hall()
    log: Log = to_standard_error
    if options.log is not None:
        _check_writable(Path(options.log))
        log = to_file(options.log)
    elif is_here:
        log = nowhere
    files = Files(only=scenarios, hall=hall)
    paths = [str(each.path) for each in scenarios]
    server = Server(hall, Gate(code), log, _maker(session, files), results, paths)
    run = _present_here(server, session, files, options) if is_here else _serve(server, options)
    try:
        return asyncio.run(run)
    except OSError as error:
        where = f"{options.bind}, ports {options.ssh_port} and {options.web_port}"
        raise Refusal(f"nobody can be let in at {where}: {error.strerror or error}") from error


def _check(options: argparse.Namespace, *, is_here: bool) -> None:
    """Refuse what does not go together.

    Raises:
        UsageError: it does not.
    """
    see = "see nnhs-tui serve --help"
    if options.open and options.code is not None:
        raise UsageError(f"--open lets everyone in, --code only who knows it: one of them; {see}")
    if options.code is not None:
        from nnhs_tui.serve.gate import check_code

        try:
            options.code = check_code(options.code)
        except Refusal as refusal:
            raise UsageError(f"--code: {refusal}; {see}") from refusal
    if options.ssh_port is None and options.web_port is None:
        raise UsageError(f"nobody could come in: both ports are none; {see}")
    if options.presenter is not None:
        if options.ssh_port is None:
            raise UsageError(f"--presenter is for SSH, which --ssh-port none shuts; {see}")
        if not os.path.isfile(options.presenter):
            raise refused(options.presenter, "there is no such file", "expected authorized_keys")
    elif not is_here:
        told = "there is no terminal to present in: --presenter FILE says who may by SSH"
        raise UsageError(f"{told}; {see}")


def _results(options: argparse.Namespace, name: str) -> Path:
    """Where the answers go: where it was said, else a file of this hour in the state folder.

    Raises:
        ScenarioError: they cannot be written there, which is said before anybody answers.
    """
    if options.results is None:
        from nnhs_tui.store.kept import kept_file

        return kept_file("serve") / f"{name}-{datetime.now():%Y-%m-%d-%H%M%S}.csv"
    _check_writable(Path(options.results))
    return Path(options.results)


def _check_writable(path: Path) -> None:
    """Make the file, for nobody else to read, where it is not there.

    Raises:
        ScenarioError: it cannot be written.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError(21, "it is a folder")
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.close(handle)
    except (OSError, ValueError) as error:
        raise unwritable(str(path), error) from error


def _doors(options: argparse.Namespace) -> Doors:
    from nnhs_tui.serve.serving import Doors
    from nnhs_tui.store.kept import kept_file

    return Doors(
        options.bind,
        options.ssh_port,
        options.web_port,
        options.presenter or "",
        kept_file("serve") / "ssh_host_ed25519_key",
    )


def _maker(session: Session, files: Files) -> MakeApp:
    """Makes the program of whoever presents, in the one session there is."""
    from nnhs_tui.ui.presenter_app import PresenterApp

    hall = files.hall
    assert hall is not None
    return lambda driver, look: PresenterApp(
        hall.session or session, files=files, look=look, driver_class=driver
    )


async def _serve(server: Server, options: argparse.Namespace) -> int:
    """Without a screen of its own: tell in one line where it listens, and serve until the end."""
    from nnhs_tui.serve.serving import until_ended

    opened = await server.open(_doors(options))
    server.hall.joining = _joining(opened, options)
    told = {
        "ssh": None if opened.ssh is None else list(opened.ssh),
        "web": opened.web,
        "code": opened.code or None,
        "fingerprint": opened.fingerprint,
    }
    print(json.dumps(told), flush=True)
    await until_ended()
    await server.close()
    return FINE


async def _present_here(
    server: Server, session: Session, files: Files, options: argparse.Namespace
) -> int:
    """With the presenter's screen in this terminal."""
    from nnhs_tui.ui.app import code_of
    from nnhs_tui.ui.look import look_here
    from nnhs_tui.ui.presenter_app import PresenterApp
    from nnhs_tui.ui.terminal.driver import driver_class

    opened = await server.open(_doors(options))
    server.hall.joining = _joining(opened, options)
    server.stage.is_taken = server.hall.ends_with_presenter = True
    look = look_here(ascii_only=options.ascii, theme=options.theme)
    app = PresenterApp(session, files=files, look=look, driver_class=driver_class())
    app.hears_signals = True
    try:
        await app.run_async()
    finally:
        await server.close()
    if server.results.exists():
        print(f"the answers are in {printable(str(server.results))}")
    return code_of(app)


def _joining(opened: Opened, options: argparse.Namespace) -> Joining:
    """How to come in, as it is shown on the wall."""
    from nnhs_tui.hall.hall import Joining
    from nnhs_tui.serve.joining import picture_of, reachable

    host = reachable(options.bind)
    lines: list[str] = []
    picture: tuple[str, ...] = ()
    if opened.web is not None:
        port = opened.web.rstrip("/").rpartition(":")[2]
        address = f"http://{host}:{port}/"
        lines.append(f"browser: {address}")
        picture = picture_of(f"{address}?code={opened.code}" if opened.code else address)
    if opened.ssh is not None:
        lines.append(f"ssh -p {opened.ssh[1]} NAME@{host}")
        lines.append(f"host key {opened.fingerprint}")
    if options.bind in HERE:
        lines.append("only this computer can come in: --bind 0.0.0.0 lets others in")
    if not opened.code:
        lines.append("nobody needs a code")
    return Joining(tuple(lines), opened.code, picture)

"""A server and logins for the tests of the guide."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

pytest.importorskip("pwd")

from tests.ssh.server import Server, need_them
from tests.ui.on_terminal import OnTerminal


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """One with a short name, as sockets need it."""
    need_them()
    with TemporaryDirectory(prefix="nnhs-") as name:
        yield Path(name)


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    """Where whoever runs the tests is the class; a dead line is noticed sooner."""
    (folder / "class").mkdir()
    times = {"ClientAliveInterval 30": "ClientAliveInterval 1", "CountMax 4": "CountMax 1"}
    running = Server(folder / "class", "class", **times)
    yield running
    running.close()


@pytest.fixture
def login(server: Server) -> Iterator[Callable[..., OnTerminal]]:
    """Logs in, and out again at the end."""
    made: list[OnTerminal] = []

    def begin(*options: str, **environment: str) -> OnTerminal:
        made.append(server.login(*options, **environment))
        return made[-1]

    yield begin
    for each in made:
        each.close()

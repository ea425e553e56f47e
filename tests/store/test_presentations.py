"""Where presentations are found: the private folder, what was left in it, and what is refused."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from nnhs_tui.store import presentations
from nnhs_tui.store.presentations import NoPlace, first_line, folders, listen, running

if not presentations.has_sockets():
    pytest.skip("there are no Unix sockets", allow_module_level=True)


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A runtime folder with a short path, which a test's own folder may not have."""
    folder = Path(tempfile.mkdtemp(prefix="nnhs-"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
    yield folder
    shutil.rmtree(folder)


def found() -> list[bytes]:
    """What the presentations that are found say first."""
    said = []
    for connection in running():
        with connection:
            said.append(first_line(connection))
    return said


def names() -> list[str]:
    """The ends of the names of those that are found, which are those of their paths."""
    with contextlib.ExitStack() as stack:
        return [stack.enter_context(each).getpeername()[-8:] for each in running()]


def saying(server: socket.socket, text: bytes) -> None:
    """Let a presentation say something to the one who connects next."""
    connection, _ = server.accept()
    connection.sendall(text)
    connection.close()


def test_the_folder_is_the_user_s_alone(runtime: Path) -> None:
    server, path = listen()
    with server:
        assert path.parent == runtime / "nnhs-tui"
        assert path.parent.stat().st_mode & 0o777 == 0o700
        assert path.stat().st_mode & 0o777 == 0o600
        assert os.listdir(path.parent) == [path.name]


def test_a_folder_of_one_s_own_that_others_could_read_is_closed(runtime: Path) -> None:
    (runtime / "nnhs-tui").mkdir(mode=0o755)
    assert found() == []
    server, path = listen()
    with server:
        assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_is_open_to_others_is_not_looked_into(runtime: Path) -> None:
    server, path = listen()
    with server:
        path.parent.chmod(0o770)
        assert found() == []
        path.parent.chmod(0o700)
        assert names() == [path.name[-8:]]


def test_a_link_or_a_file_in_the_folder_s_place_is_left_alone(runtime: Path) -> None:
    elsewhere = runtime / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    (runtime / "nnhs-tui").symlink_to(elsewhere)
    server, path = listen()
    with server:
        assert path.parent == folders()[1]
        assert os.listdir(elsewhere) == [] and elsewhere.stat().st_mode & 0o777 == 0o755
        assert names() == [path.name[-8:]]


def test_a_folder_of_somebody_else_is_not_used(
    runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, _ = listen()
    me = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: me + 1)
    with server:
        assert found() == []
        with pytest.raises(NoPlace, match="not a folder of your own"):
            listen()


def test_where_no_path_is_short_enough_it_says_what_to_do(
    runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(runtime / ("long" * 30)))
    (runtime / "nnhs-tui").write_text("in the way")
    with pytest.raises(NoPlace) as error:
        listen()
    assert "too long" in str(error.value) and "XDG_RUNTIME_DIR" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("length", [103, 112, 300])
def test_a_long_path_makes_way_for_the_next_folder(
    runtime: Path, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    rest = length - len(f"{runtime}//nnhs-tui/01234567-89abcdef")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime / ("d" * rest)))
    server, path = listen()
    with server:
        assert path.is_relative_to(runtime / "state")
        assert names() == [path.name[-8:]]


def test_the_newest_comes_first(runtime: Path) -> None:
    servers = [listen() for _ in range(3)]
    for seconds, (_, path) in zip((1000, 2000, 500), servers, strict=True):
        os.utime(path, (seconds, seconds))
    old, new, oldest = (path.name[-8:] for _, path in servers)
    assert names() == [new, old, oldest]
    for server, _ in servers:
        server.close()


LEFT = """
import os, signal
from nnhs_tui.store.presentations import listen
server, path = listen()
print(path, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_program_left_is_removed(runtime: Path) -> None:
    done = subprocess.run([sys.executable, "-c", LEFT], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL
    left = Path(done.stdout.strip())
    other = left.with_name("00000000-11111111")
    shutil.copy2(left, other) if left.is_file() else os.link(left, other)
    assert left.exists()
    assert found() == []
    assert not left.exists()
    # It may be alive on another machine that has this folder too.
    assert other.exists()


def test_a_new_presentation_removes_what_was_left(runtime: Path) -> None:
    server, path = listen()
    server.close()
    other, _ = listen()
    with other:
        assert not path.exists()


def test_one_that_is_asked_by_too_many_at_once_is_not_removed(
    runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits in vain behind others does not take it away from them."""
    monkeypatch.setattr(presentations, "WAIT", 0.05)
    server, path = listen()
    with server, contextlib.ExitStack() as stack:
        for _ in range(100):
            waiting = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
            waiting.setblocking(False)
            try:
                waiting.connect(os.fspath(path))
            except BlockingIOError:
                break
        assert found() == [] and path.exists()


def test_what_is_no_socket_is_left_alone(runtime: Path) -> None:
    server, path = listen()
    server.close()
    path.unlink()
    path.write_text("a file")
    assert found() == [] and path.exists()


def test_one_that_says_nothing_is_given_up(runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presentations, "WAIT", 0.05)
    server, _ = listen()
    with server:
        assert found() == [b""]


def test_a_line_ends_where_it_ends(runtime: Path) -> None:
    server, _ = listen()
    with server:
        (connection,) = running()
        saying(server, b'{"a": 1}\n{"b": 2}\n')
        with connection:
            assert first_line(connection) == b'{"a": 1}'
        (connection,) = running()
        saying(server, b'{"torn')
        with connection:
            assert first_line(connection) == b""

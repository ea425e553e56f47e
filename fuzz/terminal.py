r"""The bytes of a terminal, for the real program on a real pseudo-terminal.

An input is a text with a line for what comes in one read: bytes as Python writes them (`\xe4`,
`\x1b[A`, `n`). `@resize 80x24` gives the terminal another size, `@pause` lets a key's sequence that
was begun run out of time, `@train` waits until the program has nothing more to compute, and lines
that begin with # are remarks.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from fuzz import corpus
from fuzz.target import Case, Fault, Target, require

if TYPE_CHECKING:
    from tests.ui.on_terminal import OnTerminal

NET = "two-layer-sigmoid"
LARGE_NET = "kiosk-mid.toml"
SCREENS: dict[str, tuple[tuple[str, ...], bytes]] = {
    "debugger": (("run", "--fresh", NET), b""),
    "prompt": (("run", "--fresh", NET), b":"),
    "palette": (("run", "--fresh", NET), b"\x10"),
    "self-test": (("run", "--fresh", NET), b"t"),
    "picker": ((), b""),
    "notes": (("notes", NET), b""),
    "presenting": (("run", "--fresh", "--present", NET), b""),
    "kiosk": (("run", "--kiosk", NET, "chain-rule"), b""),
    "large net": (("run", "--kiosk", LARGE_NET), b""),
}
"""Arguments, and the key that opens the screen."""
FRAME = "╭"
"""Around a traceback, on a terminal too narrow for the word."""
PATIENCE = 20.0
"""Seconds in which the program must have read, answered or ended."""
MEGABYTES = 300
"""What a program with random keys may take; a large net has its own limit."""
QUITTING = re.compile(rb"[qQ\x11\x03]|113")
"""Without one of these the program is not left."""
ENTERING, LEAVING = b"\x1b[?2004h", b"\x1b[?2004l"
"""The first that a program gives back when it is left: that pastes are told from typing."""
ESCAPE = b"\x1b"
CLOSING = b"\x1b[201~", b"\x1b\\", ESCAPE, ESCAPE
"""Ends whatever was begun: a paste, a control string, a prompt."""
PROBES = b"?", b"\x1b", b"\x10", b"\x1b[B", b"x", b"\x1b", b"n", b"1"
"""Keys of which one at least is answered on every screen."""


class Terminal(Target):
    name, ending = "terminal", ".txt"
    seconds, is_costly = 120.0, True

    def aspects(self) -> tuple[str, ...]:
        return tuple(SCREENS)

    def check(self, data: bytes, aspect: str) -> None:
        with _begun(aspect) as program:
            for line in data.splitlines():
                if program.process.poll() is not None:
                    break
                _send(program, line)
            if program.process.poll() is None:
                _answers(program)
            _ends_well(program, data)

    def more_seeds(self) -> list[bytes]:
        return [b"n\nn\n"]

    def make(self, random: Random) -> bytes:
        """Keys, reports and control strings, cut anywhere."""
        pieces = [_piece(random) for _ in range(random.randint(5, 60))]
        if random.random() < 0.8:
            pieces = [QUITTING.sub(b"", piece) for piece in pieces]
        lines, held = [], b""
        for piece in pieces:
            if piece.startswith(b"@"):
                lines += [_escaped(held), piece]
                held = b""
                continue
            cut = random.randint(0, len(piece)) if random.random() < 0.4 else len(piece)
            held += piece[:cut]
            if random.random() < 0.7:
                lines.append(_escaped(held))
                held = b""
            held += piece[cut:]
        return b"\n".join(filter(None, [*lines, _escaped(held)])) + b"\n"

    def case(self, random: Random) -> Case:
        # The large net computes for long, and has no screen of its own.
        return Case(
            self.make(random), random.choice([each for each in SCREENS if each != "large net"])
        )


def _escaped(data: bytes) -> bytes:
    text = data.decode("latin-1").encode("unicode_escape")
    return rb"\x%02x" % text[0] + text[1:] if text[:1] in (b"@", b"#") else text


def _unescaped(line: bytes) -> bytes:
    try:
        return line.decode("unicode_escape").encode("latin-1")
    except UnicodeError:
        return line


@contextlib.contextmanager
def _begun(aspect: str) -> Iterator[OnTerminal]:
    """The program on a screen, its first picture drawn, in a home that is as new."""
    from tests.ui.on_terminal import OnTerminal

    arguments, key = SCREENS[aspect]
    if LARGE_NET in arguments:
        Path(LARGE_NET).write_bytes((corpus.FOLDER / "files" / LARGE_NET).read_bytes())
    state = Path(os.environ["XDG_STATE_HOME"])
    shutil.rmtree(state, ignore_errors=True)
    environment = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    command = [sys.executable, "-m", "nnhs_tui", *arguments]
    program = OnTerminal(command, env=environment)
    try:
        _until(program, lambda: len(program.text.split()) > 10, "no first picture")
        for each in filter(None, (key,)):
            _write(program, each)
        yield program
    finally:
        program.close()


def _until(program: OnTerminal, condition: Callable[[], bool], kind: str) -> None:
    """Wait until the program has done something, or is gone."""
    deadline = time.monotonic() + PATIENCE
    while not condition() and program.process.poll() is None:
        require(time.monotonic() < deadline, kind, program.text)
        with program.news:
            program.news.wait(0.01)


def _unread(program: OnTerminal) -> int:
    """Bytes that were typed and that the program did not read."""
    found = fcntl.ioctl(program.slave, termios.FIONREAD, b"\0" * 4)
    return int(struct.unpack("i", found)[0])


def _bytes_read(program: OnTerminal) -> int:
    """All that the program ever read, files too; without limit where the system does not say."""
    with contextlib.suppress(OSError):
        counts = Path(f"/proc/{program.process.pid}/io").read_text()
        return int(counts.partition("rchar:")[2].split()[0])
    return sys.maxsize


def _write(program: OnTerminal, data: bytes) -> None:
    """Type bytes, and wait until they were read: what follows comes in another read."""
    while data and program.process.poll() is None:
        before = min(_bytes_read(program), sys.maxsize - 1000)
        count = os.write(program.master, data[:1000])
        data = data[count:]

        # What was written is a moment on its way before it counts as unread.
        def has_read(least: int = before + count) -> bool:
            return _bytes_read(program) >= least and _unread(program) == 0

        _until(program, has_read, "it reads no more")


def _send(program: OnTerminal, line: bytes) -> None:
    if size := re.fullmatch(rb"@resize (\d{1,3})x(\d{1,3})", line):
        width, height = max(1, int(size[1])), max(1, int(size[2]))
        program.resize(width, height)
        # Nobody else tells pyte, nor a program that is not in the foreground.
        with program.news:
            program.screen.resize(height, width)
        with contextlib.suppress(ProcessLookupError):
            program.process.send_signal(signal.SIGWINCH)
    elif line == b"@pause":
        time.sleep(0.3)
    elif line == b"@train":
        _rest(program)
    elif not line.startswith((b"@", b"#")):
        _write(program, _unescaped(line))


def _rest(program: OnTerminal) -> None:
    """Wait until the program computes nothing, at most a minute."""
    deadline, used = time.monotonic() + 60, -1.0
    while program.process.poll() is None and time.monotonic() < deadline:
        now = _cpu_seconds(program)
        if now - used < 0.05:
            return
        used = now
        time.sleep(1)


def _cpu_seconds(program: OnTerminal) -> float:
    with contextlib.suppress(OSError, IndexError):
        fields = Path(f"/proc/{program.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _answers(program: OnTerminal) -> None:
    """It draws another size, and answers a key."""
    for each in CLOSING:
        _write(program, each)
        if each == ESCAPE:
            # Alone it is a key as soon as nothing comes behind it.
            time.sleep(0.15)
    before = len(program.output)
    _send(program, b"@resize 81x25")
    _until(program, lambda: len(program.output) > before, "it does not draw another size")
    for each in PROBES:
        before = len(program.output)
        _write(program, each)
        deadline = time.monotonic() + 2
        while time.monotonic() < deadline and program.process.poll() is None:
            with program.news:
                if len(program.output) > before or program.news.wait(0.05):
                    return
    require(program.process.poll() is not None, "it answers no key", program.text)


def _ends_well(program: OnTerminal, data: bytes) -> None:
    """Either it was left, or it lives, is as small as it was, and ends when it is told to."""
    process = program.process
    if program.output.rfind(LEAVING) > program.output.rfind(ENTERING):
        _until(program, lambda: False, "it does not end, once it is left")
    was_left = process.poll() is not None
    if not was_left:
        _looks_at_memory(program)
        process.send_signal(signal.SIGTERM)
        _until(program, lambda: False, "SIGTERM does not end it")
    _read_all(program)
    with program.news:
        text = program.output.decode("utf-8", "replace")
    behind = text.rpartition(LEAVING.decode())[2] if was_left else ""
    for bad, where in ((FRAME, behind), ("Traceback", text), ("a mistake in the program", text)):
        require(bad not in where, _kind_of(text), text[-3000:])
    if was_left:
        code = process.returncode
        require(code == 0, "it ended by itself", f"exit code {code}: {text[-500:]!r}")
        require(QUITTING.search(_all_bytes(data)), "it was left without a key for it", text[-500:])


def _read_all(program: OnTerminal) -> None:
    """Wait for the last of what it wrote."""
    seen = -1
    while seen != len(program.output):
        seen = len(program.output)
        time.sleep(0.1)


def _kind_of(text: str) -> str:
    """A traceback's last line, however narrow the terminal is that it was printed on."""
    plain = re.sub(r"\x1b\[[\d;?<>=]*[a-zA-Z]|\s", "", text)
    names = re.findall(r"[A-Z][A-Za-z]*(?:Error|Timeout|EOF)(?=:|$)", plain)
    return f"a traceback on the terminal: {names[-1] if names else 'its name is hidden'}"


def _all_bytes(data: bytes) -> bytes:
    return b"".join(map(_unescaped, data.splitlines()))


def _looks_at_memory(program: OnTerminal) -> None:
    with contextlib.suppress(OSError):
        status = Path(f"/proc/{program.process.pid}/status").read_text()
        found = re.search(r"VmHWM:\s*(\d+)", status)
        taken = int(found[1]) / 1024 if found else 0
        is_large = LARGE_NET in " ".join(map(str, program.process.args))
        most = 2 * MEGABYTES if is_large else MEGABYTES
        if taken > most:
            raise Fault(f"memory: over {most} MB", f"{taken:.0f} MB")


KEYS = (
    *(b"\x1b[A", b"\x1b[B", b"\x1b[C", b"\x1b[D", b"\x1b[H", b"\x1b[F", b"\x1b[5~", b"\x1b[6~"),
    *(b"\r", b"\t", b"\x1b", b"\x7f", b"\x1b[Z", b"\x1bOP", b"\x1b[15~", b"\x10", b"\x0c", b"\x1a"),
    *(b"\x01", b"\x1c", b"\x00", b"\x1b[110u", b"\x1b[1;5A", b" ", b":", b"?", b"/"),
)
COMMANDS = (
    *(b":goto loss\r", b":train 20\r", b":edit x[1] 3\r", b":arithmetic hand\r", b":digits 6\r"),
    *(b":break loss > 0\r", b":watch\r", b":level layer\r", b":form matrix\r", b":theme dark\r"),
    *(
        b":gradcheck\r",
        b":compare\r",
        b":present\r",
        b":test\r",
        b":zoom\r",
        b":help\r",
        b":plot\r",
    ),
)


def _number(random: Random) -> bytes:
    return random.choice(
        (b"0", b"0", b"1", b"5", b"-1", b"80", b"24", b"999", b"65536", b"9" * 30, b"")
    )


def _piece(random: Random) -> bytes:
    """A key, a report, a control string, half a character, or anything else."""
    n = [_number(random) for _ in range(4)]
    body = random.randbytes(random.choice((0, 3, 40))) + random.choice((b"", b"n", b"\xe2\x80\xa6"))
    end = random.choice((b"\x1b\\", b"\x07", b"\x9c", b""))
    kinds: tuple[Callable[[], bytes], ...] = (
        lambda: bytes([random.randrange(32, 127)]),
        lambda: bytes([random.randrange(32, 127)]),
        lambda: random.choice(KEYS),
        lambda: random.choice(KEYS),
        lambda: random.choice(COMMANDS),
        lambda: random.randbytes(random.randint(1, 8)),
        lambda: random.choice(("é", "ä", "…", "😀", "\u202e", "\u200b", "\x9b", "中")).encode(),
        lambda: random.choice(("é", "…", "😀")).encode()[:-1],
        lambda: bytes([random.randrange(128, 256)]),
        lambda: b"\x1b[<%b;%b;%b%b" % (n[0], n[1], n[2], random.choice((b"M", b"m"))),
        lambda: b"\x1b[M" + random.randbytes(3),
        lambda: b"\x1b[48;%b;%b;%b;%bt" % tuple(n),
        lambda: b"\x1b[200~" + body + random.choice((b"\x1b[201~", b"")),
        lambda: b"\x1b" + random.choice((b"]", b"P", b"_", b"^", b"X")) + body + end,
        lambda: b"\x1b[?%b;%b$y" % (n[0], n[1]),
        lambda: b"\x1b[%b;%bR" % (n[0], n[1]),
        lambda: b"\x1b[?%b;%bc" % (n[0], n[1]),
        lambda: b"\x1b[%b;%b%b" % (n[0], n[1], random.choice((b"u", b"~", b"n", b"t", b"q", b"z"))),
        lambda: b"\x1b" + random.choice((b"[I", b"[O", b"O", b"[", b"N", b"%G", b"(B")),
        lambda: (
            b"@resize %dx%d" % (random.choice((1, 20, 80, 300)), random.choice((1, 5, 24, 100)))
        ),
        lambda: b"@pause",
    )
    return random.choice(kinds)()


TARGET = Terminal()

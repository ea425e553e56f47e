"""A real sshd on the loopback device, set up as docs/ssh.md says, and logins to it."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.ui.on_terminal import OnTerminal
from tests.waiting import SECONDS

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "ssh.md").read_text(encoding="utf-8")
USER = pwd.getpwuid(os.getuid()).pw_name
HOST = f"{USER}@127.0.0.1"
PROGRAM = f"{sys.executable} -m nnhs_tui"
FILES = dict(re.findall(r"`(/(?:usr|etc)/[\w/.-]+)`[^`]*:\n\n```\w*\n(.*?)```", GUIDE, re.DOTALL))
"""The files that the guide has written, and what stands in them."""
CLASS_SCRIPT, WATCH_SCRIPT = "/usr/local/bin/class-lesson", "/usr/local/bin/watch-lesson"
SETTINGS = "/etc/ssh/sshd_config.d/class.conf"
FOLDER, FOLDER_FILE = "/run/lesson", "/etc/tmpfiles.d/lesson.conf"
"""Where the teacher and the watchers meet, and the file that has it made."""

LESSON = "two-layer-sigmoid three-samples"
"""The scenarios in the guide."""

GLOBAL = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/client.pub
PidFile none
UsePAM no
StrictModes no
PermitRootLogin yes
Subsystem sftp internal-sftp
PermitUserEnvironment no
X11Forwarding yes
AcceptEnv *
"""
"""What a careless server would allow, so that only the guide's own lines forbid it."""


def missing() -> str:
    """What is not installed, "" for nothing."""
    needed = {"sshd": sshd(), **{each: shutil.which(each) for each in ("ssh", "sftp", "tmux")}}
    return ", ".join(name for name, path in needed.items() if not path)


def sshd() -> str | None:
    """sshd, which wants to be called by its whole path."""
    return shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


class Server:
    """An sshd for the user who runs the tests, who stands for one of the guide's accounts."""

    def __init__(self, folder: Path, account: str, scenarios: str = LESSON, **others: str) -> None:
        """Start it.

        Args:
            folder: for its keys and files.
            account: the account of the guide.
            scenarios: what the class gets to see.
            others: what stands in the guide → what takes its place, such as a shorter time.
        """
        self.folder = folder
        self.port = _free_port()
        for name in ("host", "client"):
            key = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
            subprocess.run(key, check=True)
        for path in (CLASS_SCRIPT, WATCH_SCRIPT):
            script = folder / Path(path).name
            text = self._here(FILES[path]).replace(LESSON, scenarios)
            script.write_text(text, encoding="utf-8")
            script.chmod(0o755)
        settings = re.sub(rf"(?m)^(Match User .*)\b{account}\b", rf"\1{USER}", FILES[SETTINGS])
        for what, instead in others.items():
            assert what in settings
            settings = settings.replace(what, instead)
        file = folder / "sshd_config"
        text = GLOBAL.format(port=self.port, folder=folder) + self._here(settings)
        file.write_text(text, encoding="utf-8")
        if os.getuid() == 0:
            # Where sshd puts itself away; on a running system it is there.
            os.makedirs("/run/sshd", mode=0o755, exist_ok=True)
        self.process = subprocess.Popen(
            [str(sshd()), "-D", "-e", "-f", str(file)], stderr=subprocess.PIPE, text=True
        )
        self.log: list[str] = []
        self._listening = threading.Event()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        assert self._listening.wait(SECONDS), self.log

    def _here(self, text: str) -> str:
        """A text of the guide with the paths of this test."""
        for path in (CLASS_SCRIPT, WATCH_SCRIPT):
            text = text.replace(path, str(self.folder / Path(path).name))
        text = text.replace("/opt/nnhs-tui/bin/nnhs-tui", PROGRAM)
        return text.replace(FOLDER, str(self.folder / "lesson"))

    def _listen(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as lines:
            for line in lines:
                self.log.append(line)
                if "listening" in line:
                    self._listening.set()

    def settings(self) -> dict[str, str]:
        """What sshd makes of its settings for who logs in here."""
        who = f"user={USER},host=localhost,addr=127.0.0.1"
        done = subprocess.run(
            [str(sshd()), "-T", "-C", who, "-f", str(self.folder / "sshd_config")],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return dict(line.split(" ", 1) for line in done.stdout.splitlines() if " " in line)

    def ssh(self, *arguments: str, program: str = "ssh") -> list[str]:
        """The command that logs in, with options before HOST and a command behind it."""
        port = "-p" if program == "ssh" else "-P"
        options = ("IdentitiesOnly=yes", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null",
                   "LogLevel=ERROR", "BatchMode=yes", "ControlPath=none")  # fmt: skip
        given = [part for each in options for part in ("-o", each)]
        key = ["-F", "/dev/null", "-i", str(self.folder / "client"), port, str(self.port)]
        return [program, *key, *given, *arguments]

    def told(self, *arguments: str, program: str = "ssh", **environment: str) -> str:
        """What a login without a terminal writes, results and complaints."""
        done = subprocess.run(
            self.ssh(*arguments, program=program), stdin=subprocess.DEVNULL, check=False,
            capture_output=True, encoding="utf-8", timeout=60, env={**os.environ, **environment},
        )  # fmt: skip
        return done.stdout + done.stderr

    def login(
        self, *options: str, size: tuple[int, int] = (80, 24), **environment: str
    ) -> OnTerminal:
        """A login on a terminal."""
        ours = {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **environment}
        sent = ["-o", "SendEnv=LC_ALL"]
        return OnTerminal(self.ssh(*sent, *options, HOST), size, env=ours)

    def processes(self) -> list[int]:
        """The ids of what runs behind logins to this server: nnhs-tui, tmux."""
        end = f" {self.port}".encode()
        found = []
        for place in Path("/proc").glob("[0-9]*"):
            try:
                environment = (place / "environ").read_bytes()
            except OSError:
                continue
            for variable in environment.split(b"\0"):
                if variable.startswith(b"SSH_CONNECTION=") and variable.endswith(end):
                    found.append(int(place.name))
        return found

    def close(self) -> None:
        """End it, and all logins."""
        for process in self.processes():
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.terminate()
        self.process.wait(SECONDS)
        self._listener.join(SECONDS)


def make_folder(place: Path, owner: str = USER) -> Path:
    """The folder of the lesson inside a place, as the guide's line says."""
    (line,) = re.findall(r"(?m)^[^#\n].*", FILES[FOLDER_FILE])
    kind, path, mode, account = line.split()
    assert (kind, path, account) == ("d", FOLDER, "teacher")
    made = place / "lesson"
    made.mkdir()
    made.chmod(int(mode, 8))
    os.chown(made, pwd.getpwnam(owner).pw_uid, -1)
    return made


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def need_them() -> None:
    """Skip where something is not installed; in the continuous build that is a fault."""
    if not missing():
        return
    told = f"not installed: {missing()} (Debian: openssh-server openssh-client tmux)"
    if os.environ.get("CI"):
        pytest.fail(told)
    pytest.skip(told)

"""`nnhs-tui serve` as people begin it: real processes, the real ssh client, a real browser."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nnhs_tui.cli import main
from tests.ui.on_terminal import OnTerminal
from tests.waiting import SECONDS, eventually

SSH, KEYGEN, CHROMIUM = (shutil.which(each) for each in ("ssh", "ssh-keygen", "chromium"))
needs_ssh = pytest.mark.skipif(not (SSH and KEYGEN), reason="there is no ssh")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium")
PROGRAM = [sys.executable, "-m", "nnhs_tui", "serve", "two-layer-sigmoid", "--code", "lesson"]
PORTS = ["--ssh-port", "0", "--web-port", "0"]


class Serving:
    """The server without a terminal."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.key = folder / "id"
        subprocess.run(
            [str(KEYGEN), "-q", "-t", "ed25519", "-N", "", "-f", str(self.key)], check=True
        )
        self.process = subprocess.Popen(
            [*PROGRAM, *PORTS, "--presenter", f"{self.key}.pub", *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=folder,
        )
        assert self.process.stdout is not None
        self.told: dict[str, Any] = json.loads(self.process.stdout.readline())

    def ssh(self, user: str, size: tuple[int, int] = (80, 24), term: str = "") -> OnTerminal:
        """The real client, on a terminal."""
        host, port = self.told["ssh"]
        options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR"]
        options += ["PreferredAuthentications=publickey,password", "IdentitiesOnly=yes"]
        command = [str(SSH), "-F", "/dev/null", "-p", str(port), "-i", str(self.key)]
        command += [word for option in options for word in ("-o", option)]
        environment = {**os.environ, "TERM": term or "xterm-256color"}
        # ssh asks for the password on the terminal that is its own.
        return OnTerminal(
            [*command, f"{user}@{host}"], size, env=environment, preexec_fn=take_terminal
        )

    def follow(self, name: str, size: tuple[int, int] = (80, 24), term: str = "") -> OnTerminal:
        terminal = self.ssh(name, size, term)
        terminal.shows("password:")
        terminal.type("lesson\r")
        terminal.shows("Your name")
        terminal.type("\r")
        return terminal

    def end(self) -> str:
        """End it; gives what it has told on standard error."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        _, told = self.process.communicate(timeout=SECONDS)
        return told


def take_terminal() -> None:
    """Make standard input the terminal that is the process's own."""
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    found = Serving(tmp_path, "--results", "results.csv")
    yield found
    found.end()


@needs_ssh
def test_real_clients_follow_a_presenter_and_answer(serving: Serving, tmp_path: Path) -> None:
    assert set(serving.told) == {"ssh", "web", "code", "fingerprint"}
    assert serving.told["code"] == "lesson"
    presenter = serving.ssh("presenter")
    presenter.shows("code lesson")
    presenter.type("q")
    presenter.shows("step 1/55")
    large = serving.follow("Ada", (120, 40))
    small = serving.follow("Bo", (60, 20), "vt100")
    for _ in range(4):
        presenter.type("n")
    large.shows("step 5/55")
    small.shows("step 5/55")
    presenter.type("Q")
    large.shows("hidden.a[1] = ?")
    large.type("0.32\r")
    small.type("0.68\r")
    presenter.shows("2 of 2 answered")
    presenter.type("r")
    small.shows("right: 0.32")
    # The line drops, and is there again.
    presenter.process.kill()
    large.shows("line has dropped")
    again = serving.ssh("presenter")
    again.shows("2 of 2 answered")
    told = serving.end()
    large.shows("the presentation is over")
    assert serving.process.returncode == 0
    assert "Ada" not in told and "joined by ssh" in told and "presenter by ssh" in told
    for terminal in (large, small):
        eventually(lambda each=terminal: each.process.poll() is not None)
        assert b"\x1b[?1049l" in terminal.output and b"\x1b[?25h" in terminal.output
        terminal.close()
    presenter.close()
    again.close()
    rows = (tmp_path / "results.csv").read_text("utf-8")
    assert "Ada,hidden.a[1],0.32,right" in rows and "Bo,hidden.a[1],0.68,mistake,exp-sign" in rows


@needs_ssh
def test_on_a_terminal_it_presents_there_and_asks_before_it_ends(tmp_path: Path) -> None:
    terminal = OnTerminal([*PROGRAM, *PORTS, "--results", str(tmp_path / "r.csv")], cwd=tmp_path)
    terminal.shows("code lesson")
    terminal.shows("only this computer can come in")
    (port,) = re.findall(r"^ssh -p (\d+) ", terminal.text, re.MULTILINE)
    terminal.type("q")
    terminal.shows("step 1/55")
    options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null"]
    options += ["PreferredAuthentications=password"]
    command = [str(SSH), "-F", "/dev/null", "-p", port]
    command += [word for option in options for word in ("-o", option)]
    client = OnTerminal([*command, "Ada@127.0.0.1"], preexec_fn=take_terminal)
    client.shows("password:")
    client.type("lesson\r")
    client.shows("Your name")
    client.type("\r")
    client.shows("step 1/55")
    terminal.type("q")
    terminal.shows("1 person follows: leaving once more ends it")
    terminal.type("q")
    client.shows("the presentation is over")
    eventually(lambda: terminal.process.poll() is not None)
    assert terminal.process.returncode == 0
    terminal.close()
    client.close()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], "--presenter FILE says who may by SSH"),
        (["--open", "--code", "lesson"], "not allowed with"),
        (["--code", "abc"], "4 to 64 signs"),
        (["--ssh-port", "none", "--web-port", "none"], "nobody could come in"),
        (["--ssh-port", "none", "--presenter", "KEYS"], "--ssh-port none shuts"),
        (["--presenter", "nowhere"], "nowhere: there is no such file; expected authorized_keys"),
        (["--presenter", "KEYS", "--results", "/nowhere/r.csv"], "it cannot be written"),
        (["--presenter", "KEYS", "--log", "/nowhere/log"], "/nowhere/log: it cannot be written"),
        (["--presenter", "KEYS", "--web-port", "70000"], "0 to 65535"),
        (["--presenter", "KEYS", "--bind", "203.0.113.7"], "nobody can be let in at 203.0.113.7"),
    ],
)
def test_what_does_not_go_together_is_refused(
    options: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = tmp_path / "keys"
    keys.write_text("")
    given = [str(keys) if each == "KEYS" else each for each in options]
    assert main(["serve", "two-layer-sigmoid", *given]) == 2
    found = capsys.readouterr()
    assert told in found.err and found.out == "" and len(found.err.splitlines()) == 1


def test_without_the_extra_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "asyncssh", None)
    assert main(["serve", "two-layer-sigmoid", "--open"]) == 2
    assert "pip install 'nnhs-tui[serve]'" in capsys.readouterr().err


@needs_ssh
@needs_chromium
def test_a_phone_and_a_desk_follow_in_a_real_browser(serving: Serving) -> None:
    from playwright.sync_api import expect, sync_playwright

    presenter = serving.ssh("presenter")
    presenter.shows("code lesson")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        pages, errors = [], []
        for width, height, is_phone in ((360, 640, True), (1280, 800, False)):
            context = browser.new_context(
                viewport={"width": width, "height": height}, has_touch=is_phone, is_mobile=is_phone
            )
            page = context.new_page()
            page.on("pageerror", lambda error: errors.append(error))
            page.goto(serving.told["web"])
            page.fill("#code", "lesson")
            page.click("button[type=submit]")
            page.fill("#name", f"Ada {width}")
            page.click("#named button")
            expect(page.locator("#frame")).to_contain_text("net")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            pages.append(page)
        phone, desk = pages
        presenter.type("q")
        presenter.shows("step 1/55")
        presenter.type("nnnn")
        expect(phone.locator("#said")).to_contain_text("Forward, step 5 of 55: a1 = σ(z1)")
        expect(desk.locator("#frame")).to_contain_text("step 5/55")
        presenter.type("Q")
        expect(phone.locator("#title")).to_contain_text("hidden.a[1] = ?")
        expect(phone.locator("#frame")).not_to_contain_text("0.32")
        for sign in ("0", ".", "3", "2"):
            phone.tap(f"#pad button:text-is('{sign}')")
        phone.tap("#answer button")
        expect(phone.locator("#verdict")).to_contain_text("your answer: 0.32 · right")
        desk.fill("#typed", "0.68")
        desk.press("#typed", "Enter")
        expect(desk.locator("#verdict")).to_contain_text("exp( )")
        presenter.type("r")
        expect(desk.locator("#bars")).to_contain_text("the sign in exp( )")
        presenter.type("q")
        expect(desk.locator("#ask")).to_be_hidden()
        desk.keyboard.press("Tab")
        desk.keyboard.press("n")
        expect(desk.locator("#told")).to_contain_text("alone 6/55")
        phone.tap("#join")
        phone.tap("[data-key=p]")
        expect(phone.locator("#told")).to_contain_text("alone 4/55")
        # The phone sleeps, and wakes up.
        phone.context.set_offline(True)
        phone.evaluate("window.dispatchEvent(new Event('offline'))")
        phone.context.set_offline(False)
        phone.reload()
        expect(phone.locator("#told")).to_contain_text("Ada 360 · alone 4/55")
        serving.end()
        expect(desk.locator("#over")).to_contain_text("the presentation is over")
        assert not errors
        browser.close()
    presenter.close()

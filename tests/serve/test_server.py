"""The server from outside: who comes in, what they see, and what they are refused."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import aiohttp
import asyncssh
import pytest

from nnhs_tui.cli import main
from nnhs_tui.serve.follower import Follower
from nnhs_tui.serve.limits import MESSAGE_BYTES, OWN_SESSIONS, SESSIONS_OF_CONNECTION
from nnhs_tui.serve.terminal_viewer import TerminalViewer
from tests.serve.served import CODE, Terminal, served, until


async def test_both_kinds_follow_the_presenter_each_at_their_own_size(tmp_path: Path) -> None:
    async with served(tmp_path) as hall, hall.browser() as client:
        large = await hall.follower("Ada", size=(120, 40))
        small = await hall.follower("Bo", size=(60, 20), term="vt100")
        page = await hall.page(client, width=40)
        for _ in range(4):
            hall.do("next")
        for terminal in (large, small):
            await terminal.shows("step 5/55")
        await until(lambda: "5/55" in "".join(page.rows))
        assert page.said.startswith("Forward, step 5 of 55: a1 = σ(z1) = ")
        assert page.said.count("0.32") and len(page.rows) > 24
        assert sorted(each.name for each in hall.hall.people) == ["Ada", "Bo", "ada"]


async def test_one_steps_alone_and_catches_up(tmp_path: Path) -> None:
    async with served(tmp_path) as hall, hall.browser() as client:
        terminal, page = await hall.follower(), await hall.page(client)
        terminal.type("jnn")
        await terminal.shows("alone 3/55")
        await page.send(press="n")
        await until(lambda: page.place.get("alone"))
        hall.do("last")
        await until(lambda: page.place["told"].startswith("alone 2/55"))
        assert "step 3/55" in terminal.text and "2/55" in "".join(page.rows)
        terminal.type("j")
        await page.send(press="j")
        await terminal.shows("step 55/55")
        await until(lambda: "55/55" in "".join(page.rows) and not page.place["alone"])


async def test_the_hall_is_asked_twice_and_the_answers_are_on_disk(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with served(tmp_path) as hall, hall.browser() as client:
        terminal, page = await hall.follower("Ada"), await hall.page(client, "Bo")
        hall.do("goto hidden.a[1]")
        await terminal.shows("0.32")
        hall.ask()
        await terminal.shows("hidden.a[1] = ?")
        await until(lambda: page.place.get("ask"))
        assert "0.32" not in terminal.text and "0.32" not in "".join(page.rows)
        assert "0.32" not in str(page.place) and page.place["ask"]["bars"] == []
        terminal.type("0.68\r")
        await page.send(answer="0,32")
        await terminal.shows("sign in exp( )")
        await until(lambda: page.place["ask"]["right"])
        poll = hall.hall.poll
        assert poll is not None and poll.tally(-1, 2).mistakes == (("exp-sign", 1),)
        hall.hall.ask_again()
        await terminal.shows("Enter hands it in")
        terminal.type("0.32\r")
        await until(lambda: len(poll.times[-1]) == 1)
        hall.hall.reveal()
        await until(lambda: page.place["ask"]["bars"])
        assert page.place["ask"]["expected"] == "0.32" and "0.32" in "".join(page.rows)
        await until((tmp_path / "results.csv").exists)
        await until(lambda: "Ada" in (tmp_path / "results.csv").read_text("utf-8"))
    assert main(["check", "two-layer-sigmoid", str(tmp_path / "results.csv")]) == 0
    assert "2 of 2 right" in capsys.readouterr().out


async def test_without_hints_nobody_is_told_before_it_is_revealed(tmp_path: Path) -> None:
    async with served(tmp_path) as hall, hall.browser() as client:
        page = await hall.page(client)
        hall.do("goto hidden.a[1]")
        hall.ask(hints=False)
        await until(lambda: page.place.get("ask"))
        await page.send(answer="0.68")
        await until(lambda: page.place["ask"]["given"] == "0.68")
        assert page.place["ask"]["verdict"] == "" and not page.place["ask"]["right"]
        hall.hall.reveal()
        await until(lambda: "exp( )" in page.place["ask"]["verdict"])


async def test_a_phone_that_slept_comes_back_as_the_same_person(tmp_path: Path) -> None:
    async with served(tmp_path) as hall, hall.browser() as client:
        page = await hall.page(client, "Ada")
        await until(lambda: page.place)
        await page.send(press="n")
        await until(lambda: page.place["alone"])
        await page.socket.close()
        await until(lambda: len(hall.hall.people) == 0)
        again = await hall.page(client, "Somebody else")
        await until(lambda: again.place.get("name") == "Ada" and again.place["alone"])
        assert len(hall.hall.people) == 1


async def test_a_late_one_sees_the_step_of_now(tmp_path: Path) -> None:
    async with served(tmp_path) as hall:
        hall.do("goto grad hidden.W[1,1]")
        terminal = await hall.follower()
        await terminal.shows("backward")
        assert f"step {hall.session.index + 1}/55" in terminal.text


async def test_names_are_text_and_whoever_is_sent_away_is_gone(tmp_path: Path) -> None:
    async with served(tmp_path) as hall, hall.browser() as client:
        page = await hall.page(client, "<b>\x1b[2J\u202eevil</b>\n" + "x" * 100)
        await until(lambda: page.place)
        name = page.place["name"]
        assert len(name) <= 32 and "\x1b" not in name and "\u202e" not in name
        hall.hall.refuse(name)
        await until(lambda: page.is_over)
        assert "sent you away" in page.over
        again = await hall.page(client, "good now")
        await until(lambda: again.is_over)
        assert "sent you away" in again.over and len(hall.hall.people) == 0


async def test_without_the_code_nobody_comes_in(tmp_path: Path) -> None:
    async with served(tmp_path) as hall:
        for user, password in (("ada", "no"), ("presenter", CODE), ("ada", "")):
            with pytest.raises(asyncssh.PermissionDenied):
                await hall.connect(password, user)
        async with aiohttp.ClientSession() as client:
            async with client.get(hall.web) as response:
                text = await response.text()
                assert response.status == 200 and 'name="code"' in text and "<script" not in text
            async with client.get(f"{hall.web}?code=no") as response:
                assert response.status == 403 and "not the code" in await response.text()
            with pytest.raises(aiohttp.WSServerHandshakeError, match="401"):
                await client.ws_connect(f"{hall.web}follow", origin=hall.web.rstrip("/"))
        assert hall.log.count("wrong code by web") == 1 and "wrong code by ssh" in hall.log


async def test_the_address_with_the_code_is_the_page_itself(tmp_path: Path) -> None:
    async with served(tmp_path) as hall, aiohttp.ClientSession() as client:
        address = f"{hall.web}?code={CODE}"
        async with client.get(address, allow_redirects=False) as response:
            assert response.status == 200 and "<script>" in await response.text()
            cookie = response.headers["Set-Cookie"]
            assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
        origin = {"Origin": hall.web.rstrip("/")}
        form = client.post(hall.web, data={"code": CODE}, headers=origin, allow_redirects=False)
        async with form as response:
            assert response.status == 303 and response.headers["Location"] == "/"


async def test_the_code_can_be_changed_while_it_runs(tmp_path: Path) -> None:
    async with served(tmp_path) as hall, hall.browser() as client:
        page = await hall.page(client)
        await until(lambda: page.place)
        new = hall.hall.change_code("")
        assert new != CODE and hall.hall.joining.code == new
        with pytest.raises(asyncssh.PermissionDenied):
            await hall.connect(CODE)
        async with client.get(hall.web) as response:
            assert 'name="code"' in await response.text()
        await hall.follower(password=new)
        hall.do("next")
        await until(lambda: "2/55" in "".join(page.rows))


async def test_with_open_nobody_needs_a_code(tmp_path: Path) -> None:
    async with served(tmp_path, code="") as hall:
        terminal = await hall.follower(password="whatever")
        await terminal.shows("step 1/55")
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar) as client:
            async with client.get(hall.web) as response:
                assert "<script>" in await response.text()
            page = await hall.page(client)
            await until(lambda: page.rows)


async def test_over_ssh_there_is_a_terminal_and_nothing_else(tmp_path: Path) -> None:
    async with served(tmp_path) as hall:
        connection = await hall.connect()
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.create_session(asyncssh.SSHClientSession, "id")
        with pytest.raises((asyncssh.ChannelOpenError, asyncssh.SFTPError, asyncssh.Error)):
            await connection.start_sftp_client()
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.open_connection("127.0.0.1", 22)
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.open_unix_connection("/run/x")
        with pytest.raises(asyncssh.ChannelListenError):
            await connection.forward_remote_port("127.0.0.1", 0, "127.0.0.1", 22)
        without = await connection.create_process(encoding="utf-8")
        assert "needs a terminal" in (await without.stdout.read())
        told = [each for each in hall.log if each.startswith("refused")]
        assert "refused: a command" in told and "refused: the subsystem sftp" in told
        assert "refused: a forwarded port" in told and "refused: a listening port" in told


async def test_neither_an_agent_nor_x11_is_forwarded(tmp_path: Path) -> None:
    async with served(tmp_path) as hall:
        terminal = await hall.follower(agent_forwarding=False)
        chan = terminal.chan
        accepted = await chan._make_request(b"auth-agent-req@openssh.com")
        assert not accepted
        from asyncssh.packet import Boolean, String, UInt32

        cookie = b"0" * 32
        x11 = [Boolean(False), String(b"MIT-MAGIC-COOKIE-1"), String(cookie), UInt32(0)]
        assert not await chan._make_request(b"x11-req", *x11)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", None])
async def test_a_page_from_elsewhere_gets_no_socket(tmp_path: Path, origin: str | None) -> None:
    async with served(tmp_path) as hall, hall.browser() as client:
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await hall.page(client, origin=origin)
        headers = {} if origin is None else {"Origin": origin}
        async with client.post(hall.web, data={"code": CODE}, headers=headers) as response:
            assert response.status == 403


async def test_the_page_loads_nothing_from_elsewhere_and_says_so(tmp_path: Path) -> None:
    async with served(tmp_path) as hall, hall.browser() as client, client.get(hall.web) as response:
        text, policy = await response.text(), response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy and "form-action 'self'" in policy
        assert not re.findall(r"(?:src|href|url\()\s*=?", text) and "//" not in text.replace(
            '"wss://" : "ws://"', ""
        ).replace("// ", "")
        assert "needs JavaScript" in text
        cookie = response.request_info.headers["Cookie"]
        assert cookie.startswith("nnhs=") and response.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    "message",
    ["", "[]", "nonsense", '{"press": "q"}', '{"press": ["n"]}', '{"answer": 3}', '{"width": "x"}',
     '{"width": 9999999}', "[" * 1000],
)  # fmt: skip
async def test_what_is_no_key_and_no_answer_is_dropped(tmp_path: Path, message: str) -> None:
    async with served(tmp_path) as hall, hall.browser() as client:
        page = await hall.page(client)
        await until(lambda: page.rows)
        await page.socket.send_str(message)
        hall.do("next")
        await until(lambda: "2/55" in "".join(page.rows))
        assert not page.place["alone"]


async def test_too_long_a_message_ends_the_connection(tmp_path: Path) -> None:
    async with served(tmp_path) as hall, hall.browser() as client:
        page = await hall.page(client)
        await until(lambda: page.rows)
        await page.send(answer="1" * MESSAGE_BYTES)
        await until(lambda: page.is_over)
        await until(lambda: hall.server.audience.gate.here == 0)


async def test_whatever_is_typed_ends_nothing(tmp_path: Path) -> None:
    async with served(tmp_path) as hall:
        terminal, other = await hall.follower(), await hall.follower()
        for junk in ("\x1b]52;c;eA==\x07", "\x1b[999999999999C", "\0\xff" * 500, "\x1b" * 200):
            terminal.type(junk)
        terminal.chan.change_terminal_size(2**31 - 1, 2**31 - 1)
        terminal.chan.change_terminal_size(0, 0)
        terminal.chan.change_terminal_size(80, 24)
        hall.do("next")
        await other.shows("step 2/55")
        await terminal.shows("step 2/55")


async def test_those_who_leave_leave_nothing_behind(tmp_path: Path) -> None:
    async with served(tmp_path) as hall, hall.browser() as client:
        audience = hall.server.audience
        for _ in range(10):
            terminal, page = await hall.follower(), await hall.page(client)
            await until(lambda: len(audience.guests) == 2)
            terminal.chan.get_connection().abort()
            page.socket._response.connection.transport.abort()
            await until(lambda: not audience.guests and audience.gate.here == 0)
        assert len(hall.hall._listeners) == 2
        hall.do("next")


async def test_who_never_reads_costs_nothing_and_holds_nobody_up(tmp_path: Path) -> None:
    async with served(tmp_path) as hall:
        stalled, other = await hall.follower(), await hall.follower()
        await until(lambda: len(hall.server.audience.guests) == 2)
        stalled.chan.pause_reading()
        for _ in range(40):
            hall.do("last")
            hall.do("first")
        hall.do("next")
        await other.shows("step 2/55")
        stalled.chan.resume_reading()
        await stalled.shows("step 2/55")


async def test_goodbye_is_said_to_everyone_and_their_terminals_are_restored(tmp_path: Path) -> None:
    async with served(tmp_path) as hall, hall.browser() as client:
        terminal, page = await hall.follower(), await hall.page(client)
        await until(lambda: page.rows)
        await hall.server.close()
        await until(lambda: terminal.is_over and page.is_over)
        assert page.over == "the presentation is over"
        assert "the presentation is over" in terminal.text


async def test_a_presenter_comes_back_to_the_same_step(tmp_path: Path) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    other = asyncssh.generate_private_key("ssh-ed25519")
    keys = tmp_path / "authorized_keys"
    keys.write_bytes(key.export_public_key())
    async with served(tmp_path, keys=str(keys)) as hall:
        follower = await hall.follower("Ada")
        assert "waiting for the presenter" in follower.text
        with pytest.raises(asyncssh.PermissionDenied):
            await hall.connect(user="presenter", keys=[other])
        presenter = await hall.terminal(user="presenter", keys=[key])
        await presenter.shows("code lesson")
        presenter.type("q")
        await presenter.shows("step 1/55")
        second = await hall.terminal(user="presenter", keys=[key])
        await until(lambda: "somebody else presents" in second.text)
        for _ in range(4):
            presenter.type("n")
        await follower.shows("step 5/55")
        presenter.type("Q")
        await follower.shows("hidden.a[1] = ?")
        follower.type("0.32\r")
        await presenter.shows("1 of 1 answered")
        presenter.chan.get_connection().abort()
        await follower.shows("the presenter's line has dropped")
        again = await hall.terminal(user="presenter", keys=[key])
        await again.shows("1 of 1 answered")
        again.type("r")
        await follower.shows("right: 0.32")
        again.type("q")
        await again.shows("step 5/55")
        await follower.shows("following")


async def test_a_session_of_one_s_own_edits_and_comes_back(tmp_path: Path) -> None:
    async with served(tmp_path) as hall:
        terminal = await hall.follower("Ada")
        terminal.type("e")
        await terminal.shows("? help")
        terminal.type(":edit x[1] 4\r")
        await terminal.shows("4.00")
        hall.do("goto hidden.a[1]")
        assert hall.server.audience.own_sessions == 1
        terminal.type("q")
        await terminal.shows("following")
        await terminal.shows("step 5/55")
        assert hall.server.audience.own_sessions == 0
        hall.server.audience.own_sessions = OWN_SESSIONS
        terminal.type("e")
        await terminal.shows("have a session of their own already")


async def test_the_host_key_is_made_once_and_is_its_owner_s_alone(tmp_path: Path) -> None:
    prints = set()
    for _ in range(2):
        async with served(tmp_path) as hall:
            prints.add(hall.opened.fingerprint)
            assert hall.opened.fingerprint.startswith("SHA256:")
    path = tmp_path / "state" / "host_key"
    assert len(prints) == 1 and path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


async def test_half_open_logins_end_by_themselves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nnhs_tui.serve.ssh.LOGIN_SECONDS", 1)
    monkeypatch.setattr("nnhs_tui.serve.web.LOGIN_SECONDS", 1)
    async with served(tmp_path) as hall, hall.browser() as client:
        reader, writer = await asyncio.open_connection(*hall.opened.ssh)
        socket = await client.ws_connect(f"{hall.web}follow", origin=hall.web.rstrip("/"))
        await until(lambda: hall.server.audience.gate.here == 2)
        assert (await socket.receive()).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
        while await reader.read(1000):
            pass
        writer.close()
        await until(lambda: hall.server.audience.gate.here == 0)


async def test_of_an_environment_the_locale_is_kept_and_nothing_else(tmp_path: Path) -> None:
    sent = {f"V{each}": "x" * 1_000 for each in range(500)}
    sent |= {"LANG": "de_DE.UTF-8", "LC_ALL": "a\0b", "LC_CTYPE": "x" * 1_000}
    async with served(tmp_path) as hall:
        connection = await hall.connect()
        _, terminal = await connection.create_session(
            lambda: Terminal((80, 24)), term_type="xterm\0", term_size=(80, 24), env=sent
        )
        await until(lambda: hall.server.audience.guests)
        (guest,) = hall.server.audience.guests
        assert isinstance(guest, Follower)
        assert guest.environment() == {"TERM": "vt100", "LANG": "de_DE.UTF-8"}
        assert guest._chan is not None
        assert dict(guest._chan.get_environment()) == {"LANG": "de_DE.UTF-8"}
        # A session of one's own is a process, which such values would keep from beginning.
        terminal.type("\r")
        await until(lambda: len(hall.hall.people))
        terminal.type("e")
        await terminal.shows("? help")


async def test_one_connection_has_a_few_sessions_and_room_where_one_ended(tmp_path: Path) -> None:
    async with served(tmp_path) as hall:
        connection = await hall.connect()

        async def another() -> Terminal:
            _, terminal = await connection.create_session(
                lambda: Terminal((80, 24)), term_type="xterm", term_size=(80, 24), encoding="utf-8"
            )
            return terminal

        terminals = [await another() for _ in range(SESSIONS_OF_CONNECTION)]
        await terminals[0].shows("Your name")
        with pytest.raises(asyncssh.ChannelOpenError):
            await another()
        terminals[0].type("\x03")
        await until(lambda: terminals[0].is_over)
        await (await another()).shows("Your name")


async def test_however_many_sizes_come_together_the_last_one_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[tuple[int, int]] = []
    real = TerminalViewer.resize
    monkeypatch.setattr(
        TerminalViewer, "resize", lambda self, *size: (drawn.append(size), real(self, *size))[1]
    )
    async with served(tmp_path) as hall:
        terminal = await hall.follower("Ada")
        for width in range(41, 101):
            terminal.chan.change_terminal_size(width, 30)
        await until(lambda: (100, 30) in drawn)
        # The one it began with, and at most two more where the line cut them in two.
        assert len(drawn) <= 3


async def test_what_goes_wrong_with_one_ends_it_for_nobody_else(tmp_path: Path) -> None:
    async with served(tmp_path) as hall:
        other, ada = await hall.follower("Bo"), await hall.follower("Ada")
        for guest in hall.server.audience.guests:
            if guest.viewer is not None and guest.viewer.person.name == "Bo":

                def fail() -> None:
                    raise ArithmeticError("never seen")

                guest.look = fail  # type: ignore[method-assign]
        hall.do("next")
        await ada.shows("step 2/55")
        assert not other.is_over
        assert any("ArithmeticError: never seen" in event for event in hall.log)

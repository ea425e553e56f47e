"""The browser's side: one page, one WebSocket for each who follows, and nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import secrets
from base64 import b64encode
from collections import OrderedDict
from importlib.resources import files
from string import Template
from typing import Any
from urllib.parse import urlsplit

from aiohttp import WSMsgType, web

from nnhs_tui.present.text.html import html_text
from nnhs_tui.serve.audience import Audience
from nnhs_tui.serve.limits import (
    ALIVE_SECONDS,
    IDLE_SECONDS,
    LOGIN_SECONDS,
    MESSAGE_BYTES,
    MESSAGES_A_SECOND,
    TOKENS,
)
from nnhs_tui.serve.typed import Rate
from nnhs_tui.serve.viewer import Viewer
from nnhs_tui.serve.web_viewer import WebPainter, WebViewer, fitting
from nnhs_tui.web.page import asset

COOKIE = "nnhs"
KEYS = frozenset(("n", "p", "]", "[", "home", "end", "l", "j", "N"))
"""What a browser may press."""
HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # With none at all a browser does not say where its own form comes from either.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Known:
    """The browsers that are let in, and who they are."""

    def __init__(self) -> None:
        self._viewers: OrderedDict[str, Viewer | None] = OrderedDict()

    def new(self) -> str:
        """Let one in; what it has to show from now on."""
        token = secrets.token_urlsafe(24)
        self._viewers[token] = None
        while len(self._viewers) > TOKENS:
            self._viewers.popitem(last=False)
        return token

    def __contains__(self, token: str) -> bool:
        return token in self._viewers

    def viewer(self, token: str) -> Viewer | None:
        """Who it was before; None for somebody new."""
        return self._viewers.get(token)

    def keep(self, token: str, viewer: Viewer) -> None:
        """Remember who it is."""
        self._viewers[token] = viewer

    def forget(self) -> None:
        """Let nobody in again without the code."""
        self._viewers.clear()


class Browser:
    """One connected browser; a slow one skips what it would be late for."""

    def __init__(self, socket: web.WebSocketResponse, seen: WebViewer) -> None:
        self._socket, self._seen = socket, seen
        self._changed = asyncio.Event()
        self._changed.set()
        self._told = ""
        self.is_over = False

    @property
    def viewer(self) -> Viewer:
        """What they see."""
        return self._seen.viewer

    def look(self) -> None:
        """What there is to see has changed."""
        self._changed.set()

    def send_away(self, told: str) -> None:
        """End the connection, with a word why."""
        self._told, self.is_over = told, True
        self._changed.set()

    def widen(self, width: int) -> None:
        """It has room for another width."""
        self._seen.widen(width)
        self._changed.set()

    async def send(self) -> None:
        """Send what changes until it is over."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            if self.is_over:
                await _end(self._socket, self._told)
                return
            for message in self._seen.messages():
                await self._socket.send_str(message)


class Site:
    """The page, and who is connected through it."""

    def __init__(self, audience: Audience) -> None:
        self._audience, self._known, self._painter = audience, Known(), WebPainter()
        css = asset("page.css") + _asset("hall.css")
        script = _asset("hall.js")
        self._hall = _page("hall.html", css, script)
        self._door = _page("door.html", css, "")

    def application(self) -> web.Application:
        """What answers a browser."""
        app = web.Application(client_max_size=MESSAGE_BYTES)
        app.router.add_get("/", self._get)
        app.router.add_post("/", self._post)
        app.router.add_get("/follow", self._follow)
        app.on_response_prepare.append(self._secure)
        return app

    def forget(self) -> None:
        """The code has changed: let nobody in again without the new one."""
        self._known.forget()

    async def _secure(self, request: web.Request, response: web.StreamResponse) -> None:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", "default-src 'none'")
        response.headers["Server"] = "nnhs-tui"

    async def _get(self, request: web.Request) -> web.StreamResponse:
        if request.cookies.get(COOKIE, "") in self._known:
            return _html(*self._hall)
        code = request.query.get("code")
        if code is None and not self._audience.gate.is_open:
            return _html(*self._door)
        refused = self._refusal(request, code or "")
        if refused is not None:
            return refused
        # The page itself, and not another address: what follows no redirection has it too.
        return self._let_in(_html(*self._hall))

    async def _post(self, request: web.Request) -> web.StreamResponse:
        if not _is_own(request):
            return web.Response(status=403)
        given = await request.post()
        refused = self._refusal(request, str(given.get("code", "")))
        return refused or self._let_in(web.Response(status=303, headers={"Location": "/"}))

    def _refusal(self, request: web.Request, code: str) -> web.Response | None:
        """What is answered to who is not let in; None for who is."""
        address, gate, log = _address(request), self._audience.gate, self._audience.log
        if not gate.may_try(address) and not gate.is_open:
            log(address, "refused: too many wrong codes")
            return _html(*self._door, told="too many wrong codes: wait ten minutes", status=429)
        if not gate.opens(address, code):
            log(address, "wrong code by web")
            return _html(*self._door, told="this is not the code", status=403)
        return None

    def _let_in(self, response: web.Response) -> web.Response:
        """Know the browser again from now on."""
        response.set_cookie(COOKIE, self._known.new(), httponly=True, samesite="Strict", path="/")
        return response

    async def _follow(self, request: web.Request) -> web.StreamResponse:
        """The WebSocket of one who follows."""
        token, address = request.cookies.get(COOKIE, ""), _address(request)
        log, gate = self._audience.log, self._audience.gate
        if not _is_own(request):
            log(address, "refused: a page from elsewhere")
            return web.Response(status=403)
        if token not in self._known:
            log(address, "refused: a browser without the code")
            return web.Response(status=401)
        if not gate.come(address):
            log(address, "refused: too many are here")
            return web.Response(status=503)
        try:
            socket = web.WebSocketResponse(
                heartbeat=ALIVE_SECONDS, max_msg_size=MESSAGE_BYTES, compress=False
            )
            await socket.prepare(request)
            await self._serve(socket, token, address)
            return socket
        finally:
            gate.go(address)

    async def _serve(self, socket: web.WebSocketResponse, token: str, address: str) -> None:
        hello = await _heard(socket, LOGIN_SECONDS)
        if hello is None:
            await socket.close()
            return
        hall, viewer = self._audience.hall, self._known.viewer(token)
        if viewer is not None and viewer.person.is_refused:
            await socket.send_str(
                json.dumps({"is": "over", "told": "the presenter has sent you away"})
            )
            await socket.close()
            return
        if viewer is None:
            viewer = self._audience.join(str(hello.get("name", "")))
            self._known.keep(token, viewer)
        else:
            hall.back(viewer.person)
        browser = Browser(socket, WebViewer(viewer, self._painter, fitting(hello.get("width"))))
        self._audience.guests.add(browser)
        self._audience.log(address, "joined by web")
        sending = asyncio.create_task(browser.send())
        try:
            await self._listen(socket, browser)
        finally:
            sending.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                await sending
            self._audience.guests.discard(browser)
            self._audience.log(address, "left")
            if not any(each.viewer is viewer for each in self._audience.guests):
                hall.go(viewer.person)

    async def _listen(self, socket: web.WebSocketResponse, browser: Browser) -> None:
        """Do what a browser asks for until it is gone."""
        rate = Rate(MESSAGES_A_SECOND)
        while not browser.is_over:
            message = await _heard(socket, IDLE_SECONDS)
            if message is None:
                return
            if rate.lets():
                _do(message, browser)


def _do(message: dict[str, Any], browser: Browser) -> None:
    """What a browser asks for; what means nothing is dropped."""
    viewer = browser.viewer
    match message:
        case {"press": str(key)} if key in KEYS:
            viewer.press_step(key)
        case {"answer": str(text)}:
            viewer.hand_in(text)
        case {"width": int(width)}:
            browser.widen(fitting(width))
            return
        case _:
            return
    browser.look()


async def _end(socket: web.WebSocketResponse, told: str) -> None:
    """End a connection, with a word why."""
    await socket.send_str(json.dumps({"is": "over", "told": told}))
    await socket.close()


async def _heard(socket: web.WebSocketResponse, seconds: float) -> dict[str, Any] | None:
    """The next message; None where there is none any more, or it is none."""
    try:
        message = await socket.receive(seconds)
    except TimeoutError:
        return None
    if message.type is not WSMsgType.TEXT:
        return None
    try:
        found = json.loads(message.data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _is_own(request: web.Request) -> bool:
    """Whether a browser's request was made by this server's own page."""
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc == request.host


def _address(request: web.Request) -> str:
    return request.remote or "?"


def _asset(name: str) -> str:
    return files("nnhs_tui.serve").joinpath(name).read_text("utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _page(name: str, css: str, script: str) -> tuple[Template, str]:
    """A page, in which `$told` is still to be put, and its policy."""
    text = _asset(name).replace("{{css}}", css.replace("$", "$$"))
    text = text.replace("{{script}}", script.replace("$", "$$"))
    policy = (
        f"default-src 'none'; style-src {_hash(css)}; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return Template(text), f"{policy}; script-src {_hash(script)}" if script else policy


def _html(page: Template, policy: str, *, told: str = "", status: int = 200) -> web.Response:
    return web.Response(
        text=page.substitute(told=html_text(told)),
        status=status,
        content_type="text/html",
        charset="utf-8",
        headers={"Content-Security-Policy": policy},
    )


async def open_web(site: Site, bind: str, port: int) -> tuple[web.AppRunner, int]:
    """Listen; gives what is to be cleaned up, and the port.

    Raises:
        OSError: the address or the port is not to be had.
    """
    runner = web.AppRunner(
        site.application(), access_log=None, handle_signals=False, shutdown_timeout=2.0
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, bind, port, backlog=1024).start()
    except OSError:
        await runner.cleanup()
        raise
    return runner, int(runner.addresses[0][1])

"""The proxy of docs/serve.md, with its configuration as it stands there."""

from __future__ import annotations

import re
import shutil
import ssl
import subprocess
from pathlib import Path

import aiohttp
import pytest

from tests.serve.served import CODE, Page, served, until

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin")
OPENSSL = shutil.which("openssl")
GUIDE = (Path(__file__).parents[2] / "docs" / "serve.md").read_text("utf-8")


def free_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def configuration(folder: Path, port: int, behind: str) -> str:
    """The guide's server, with other ports and files, in the smallest nginx there is."""
    (block,) = re.findall(r"```\n(server \{.*?\n\})\n```", GUIDE, re.DOTALL)
    for old, new in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("/etc/ssl/hall", f"{folder}/hall"),
        ("127.0.0.1:8080", behind),
    ):
        assert old in block
        block = block.replace(old, new)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return f"""daemon off; master_process off; pid {folder}/pid; error_log {folder}/errors;
events {{}}
http {{ access_log off; {temporary} {block} }}
"""


@pytest.mark.skipif(not (NGINX and OPENSSL), reason="there is no nginx")
async def test_a_browser_follows_through_tls(tmp_path: Path) -> None:
    key, certificate = tmp_path / "hall.key", tmp_path / "hall.pem"
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([str(OPENSSL), *made, *files], check=True, capture_output=True)
    async with served(tmp_path) as hall:
        port = free_port()
        behind = hall.web.removeprefix("http://").rstrip("/")
        file = tmp_path / "nginx.conf"
        file.write_text(configuration(tmp_path, port, behind))
        proxy = subprocess.Popen([str(NGINX), "-c", str(file), "-e", str(tmp_path / "errors")])
        try:
            trusting = ssl.create_default_context(cafile=str(certificate))
            trusting.check_hostname = False
            web = f"https://127.0.0.1:{port}/"
            connector = aiohttp.TCPConnector(ssl=trusting)
            jar = aiohttp.CookieJar(unsafe=True)
            async with aiohttp.ClientSession(connector=connector, cookie_jar=jar) as client:

                async def answers() -> bool:
                    try:
                        async with client.get(web) as response:
                            return response.status == 200
                    except aiohttp.ClientConnectionError:
                        return False

                while not await answers():
                    assert proxy.poll() is None, (tmp_path / "errors").read_text()
                origin = {"Origin": web.rstrip("/")}
                async with client.post(web, data={"code": CODE}, headers=origin) as response:
                    assert "<script>" in await response.text()
                page = Page(await client.ws_connect(f"{web}follow", origin=web.rstrip("/")))
                await page.send(name="Ada", width=80)
                hall.do("next")
                await until(lambda: "2/55" in "".join(page.rows))
        finally:
            proxy.terminate()
            proxy.wait()

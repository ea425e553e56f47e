"""A hall in a process of its own, driven through a pipe by whoever measures it."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks.memory_of import resident

SCENARIO = "two-layer-sigmoid"


class HallProcess:
    """The process, as whoever measures sees it."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_main, args=(theirs,), daemon=True)
        self._process.start()
        self.ssh, self.web = self._pipe.recv()

    def ask(self, what: str, *more: Any) -> Any:
        """Have something done; gives what comes of it."""
        self._pipe.send((what, *more))
        return self._pipe.recv()

    def close(self) -> None:
        """End it."""
        self._pipe.send(("end",))
        self._process.join(10)
        self._process.kill()


def _main(pipe: Connection) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_serve(pipe, Path(folder)))


async def _serve(pipe: Connection, folder: Path) -> None:
    from nnhs_tui.debugger.session import Session
    from nnhs_tui.hall.asking import Asker
    from nnhs_tui.hall.hall import Hall
    from nnhs_tui.public import load
    from nnhs_tui.serve import gate, limits
    from nnhs_tui.serve.log import nowhere
    from nnhs_tui.serve.serving import Doors, Server

    # All of them come from one address here.
    gate.SESSIONS_OF_ADDRESS = limits.SESSIONS
    hall, session, asker = Hall(), Session(load(SCENARIO)), Asker()
    server = Server(hall, gate.Gate(""), nowhere, lambda *_: None, folder / "r.csv")  # type: ignore
    opened = await server.open(Doors("127.0.0.1", 0, 0, "", folder / "key"))
    hall.show(session.scene())
    gc.collect()
    gc.freeze()
    pipe.send((opened.ssh, opened.web))
    ended = asyncio.Event()

    def hear() -> None:
        what, *more = pipe.recv()
        match what:
            case "do":
                begun = time.monotonic()
                session.execute(more[0])
                hall.show(session.scene())
                pipe.send(begun)
            case "ask":
                hall.ask(asker.number(session, more[0]), hints=True, seconds=None)
                pipe.send(time.monotonic())
            case "tally":
                assert hall.poll is not None
                pipe.send(hall.poll.tally(-1, 0))
            case "memory":
                gc.collect()
                pipe.send(resident("self"))
            case "here":
                pipe.send((len(server.audience.guests), server.audience.gate.here))
            case "end":
                ended.set()

    asyncio.get_running_loop().add_reader(pipe.fileno(), hear)
    await ended.wait()
    await server.close()

"""Makes a picture of the real screen: `python -m nnhs_tui.ui.picture SCENARIO FILE.svg`."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from nnhs_tui.core.errors import NnhsError
from nnhs_tui.core.library import find
from nnhs_tui.core.scenario import load
from nnhs_tui.core.session import Session
from nnhs_tui.ui.app import Files, NnhsApp


async def picture(session: Session, commands: Sequence[str], size: tuple[int, int]) -> str:
    """The screen after some commands, as SVG."""
    app = NnhsApp(session, files=Files(replay=list(commands)))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        # A training among the commands takes its time.
        while app.screen.is_busy:  # type: ignore[attr-defined]
            await pilot.pause()
        return app.export_screenshot(title=f"nnhs-tui {session.scenario.name}")


def main(argv: Sequence[str] | None = None) -> int:
    """Draw one picture; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m nnhs_tui.ui.picture", description=__doc__)
    parser.add_argument("scenario")
    parser.add_argument("file", type=Path)
    parser.add_argument("--at", metavar="STEP", default="", help="the step to go to")
    parser.add_argument("--size", metavar="COLUMNSxROWS", type=_size, default=(100, 30))
    parser.add_argument(
        "--run",
        metavar="COMMAND",
        action="append",
        default=[],
        help="a command to carry out first; can be given more than once",
    )
    options = parser.parse_args(argv)
    commands = [*options.run, *([f"goto {options.at}"] if options.at else [])]
    try:
        session = Session(load(find(options.scenario)))
    except NnhsError as error:
        print(error, file=sys.stderr)
        return 2
    drawn = asyncio.run(picture(session, commands, options.size))
    options.file.write_text(drawn, encoding="utf-8")
    return 0


def _size(text: str) -> tuple[int, int]:
    columns, _, rows = text.partition("x")
    return int(columns), int(rows)


if __name__ == "__main__":
    sys.exit(main())

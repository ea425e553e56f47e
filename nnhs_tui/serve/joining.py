"""How to come in: the address others reach this machine by, and its picture for a camera."""

from __future__ import annotations

import socket

import segno

EVERYWHERE = ("0.0.0.0", "::", "")
BLOCKS = {(False, False): "█", (False, True): "▀", (True, False): "▄", (True, True): " "}
"""Two squares above each other, dark or not, for a terminal that is dark; cameras read both."""
BORDER = 2


def reachable(bind: str) -> str:
    """The address that is shown for the one that is listened to."""
    if bind not in EVERYWHERE:
        return f"[{bind}]" if ":" in bind else bind
    # Nothing is sent: the system only says which of its addresses it would send from.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()


def picture_of(address: str) -> tuple[str, ...]:
    """An address as a QR code, in half blocks."""
    code = segno.make(address, error="l", micro=False)
    rows = [[bool(each) for each in row] for row in code.matrix_iter(border=BORDER)]
    if len(rows) % 2:
        rows.append([False] * len(rows[0]))
    return tuple(
        "".join(BLOCKS[pair] for pair in zip(upper, lower, strict=True))
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    )

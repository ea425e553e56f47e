"""The garbage collector, which must not make a key wait."""

from __future__ import annotations

import gc


def settle_memory() -> None:
    """Tell the collector that what lives now lives on.

    Else it looks through all of it again and again, and a key may have to wait for that. While the
    program starts it is switched off, see `starting`.
    """
    gc.collect()
    gc.freeze()
    gc.enable()

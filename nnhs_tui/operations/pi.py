"""π, without numpy: formulas of a scenario have it, and are read before numpy is loaded."""

from __future__ import annotations

import decimal
from decimal import Decimal
from functools import cache


@cache
def pi(digits: int) -> Decimal:
    """π to so many digits (recipe of the decimal module's FAQ)."""
    with decimal.localcontext(decimal.Context(prec=digits + 3)):
        three = Decimal(3)
        last, t, s, n, na, d, da = Decimal(0), three, three, 1, 0, 0, 24
        while s != last:
            last = s
            n, na = n + na, na + 8
            d, da = d + da, da + 32
            t = (t * n) / d
            s += t
        return +s

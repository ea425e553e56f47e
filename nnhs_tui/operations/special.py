"""Functions that the `decimal` module, numpy or both lack: the normal distribution, and others.

In decimals each is right to about the digits of the context it is called in. Sources: erf by its
series 7.6.2 and erfc by the asymptotic one, 7.12.1, of the NIST Digital Library of Mathematical
Functions (dlmf.nist.gov).
"""

from __future__ import annotations

import decimal
import math
from decimal import Decimal
from typing import Any

import numpy as np

from nnhs_tui.operations.pi import pi

_erfc = np.frompyfunc(math.erfc, 1, 1)

FAR = 12
"""From here on the asymptotic series of erfc has 60 digits: its smallest term is about exp(-x²)."""


def exact_normal(z: Any) -> Any:
    """Φ(z) = (1 + erf(z/√2))/2 in doubles; as erfc, which keeps its digits far below 0."""
    found = _erfc(-z / math.sqrt(2))
    return 0.5 * (found.astype(float) if isinstance(found, np.ndarray) else found)


def exact_density(z: Any) -> Any:
    """φ(z) = exp(−z²/2)/√(2π), the derivative of Φ, in doubles."""
    return np.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def exact_softplus(z: Any) -> Any:
    """ln(1 + exp z) in doubles, without overflow."""
    return np.logaddexp(0.0, z)


def decimal_normal(z: Decimal) -> Decimal:
    """Φ(z) in decimals."""
    if not z.is_finite():
        return Decimal(int(z > 0)) if z.is_infinite() else z
    x = abs(z) / Decimal(2).sqrt()
    upper = _erfc_far(x) / 2 if x > FAR else (1 - _erf_near(x)) / 2
    return upper if z < 0 else 1 - upper


def decimal_density(z: Decimal) -> Decimal:
    """φ(z) in decimals."""
    return _exp(-z * z / 2) / (2 * pi(decimal.getcontext().prec)).sqrt()


def decimal_expm1(x: Decimal) -> Decimal:
    """exp(x) − 1 in decimals, close to 0 too."""
    if abs(x) < Decimal("1e-20"):
        return x + x * x / 2
    return _exp(x) - 1


def decimal_softplus(z: Decimal) -> Decimal:
    """ln(1 + exp z) in decimals."""
    e = _exp(-abs(z))
    return max(z, Decimal(0)) + (e if e < Decimal("1e-40") else (1 + e).ln())


def _exp(x: Decimal) -> Decimal:
    # Far below, it is 0 to any number of decimals, and Decimal.exp is slow there.
    return Decimal("Infinity") if x > 1000 else Decimal(0) if x < -100_000 else x.exp()


def _erf_near(x: Decimal) -> Decimal:
    """erf x = 2/√π · exp(−x²) · Σ 2ᵏ x²ᵏ⁺¹ / (1·3·…·(2k+1)), whose terms are all positive.

    Digits to spare, so that 1 − erf x has those of the context: erfc x is about exp(−x²).
    """
    precision = decimal.getcontext().prec + 10 + int(x * x / 2)
    with decimal.localcontext(decimal.Context(prec=precision, traps=[])):
        term = total = x
        k = 0
        while term > total.scaleb(-precision):
            k += 1
            term *= 2 * x * x / (2 * k + 1)
            total += term
        return 2 / pi(precision).sqrt() * (-x * x).exp() * total


def _erfc_far(x: Decimal) -> Decimal:
    """erfc x ~ exp(−x²)/(x√π) · (1 − 1/(2x²) + 1·3/(2x²)² − …), up to its smallest term."""
    term = total = Decimal(1)
    k = 0
    while True:
        following = -term * (2 * k + 1) / (2 * x * x)
        if abs(following) >= abs(term) or total + following == total:
            break
        term, k = following, k + 1
        total += term
    return _exp(-x * x) / (x * pi(decimal.getcontext().prec).sqrt()) * total

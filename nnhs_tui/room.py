"""How much memory the process may still take, where the system limits it.

In a kiosk it is limited, or by `ulimit -v`. What is left is found by asking the system for it and
giving it back at once, so that what the program itself takes need not be known.
"""

from __future__ import annotations

_GRAIN = 2**20


def room() -> int | None:
    """How many bytes more the process may take; None where it has no limit."""
    try:
        import resource
    except ImportError:
        # Windows has no such limits.
        return None
    kinds = (resource.RLIMIT_AS, resource.RLIMIT_DATA)
    limits = [resource.getrlimit(kind)[0] for kind in kinds]
    finite = [each for each in limits if each != resource.RLIM_INFINITY]
    return _largest(min(finite)) if finite else None


def _largest(most: int) -> int:
    """The largest piece of memory the system gives, at most so many bytes, to a grain."""
    low, high = 0, most // _GRAIN + 1
    while high - low > 1:
        middle = (low + high) // 2
        if _is_given(middle * _GRAIN):
            low = middle
        else:
            high = middle
    return low * _GRAIN


def _is_given(size: int) -> bool:
    import mmap

    try:
        # Private and writable, as an array is; it is not touched, so it takes nothing.
        mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE).close()
    except (OSError, ValueError, OverflowError):
        return False
    return True

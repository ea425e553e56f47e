"""A folder and a home of its own for each test, and memory that a fault cannot take all of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fuzz.command_line import workplace

resource = pytest.importorskip("resource", reason="the fuzz needs Unix")


@pytest.fixture(autouse=True)
def place() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_AS)
    try:
        with workplace():
            yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)

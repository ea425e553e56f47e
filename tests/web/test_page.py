"""A page in a real browser: walked by keys, buttons, a finger and the slider, wide and narrow.

Debian's Chromium, driven by playwright; without it these tests are left out.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nnhs_tui.debugger.session import Session
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import from_text, load
from nnhs_tui.web.frames import WIDTHS
from nnhs_tui.web.page import page

CHROMIUM = shutil.which("chromium")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium")
TWO_LAYER = shipped_folder() / "two-layer-sigmoid.toml"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "lesson.html"
    path.write_text(page(Session(load(TWO_LAYER)), 1, "node"), encoding="utf-8")
    return path


def opened(browser: Any, file: Path, width: int = 1200, height: int = 900, **options: Any) -> Any:
    """The page in a window; whatever it asks of the network or says to the console is kept."""
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    tab = context.new_page()
    tab.complaints = []
    tab.on("console", lambda message: tab.complaints.append(message.text))
    tab.on("pageerror", lambda error: tab.complaints.append(str(error)))
    tab.on(
        "request",
        lambda request: (
            None if request.url.startswith("file:") else tab.complaints.append(request.url)
        ),
    )
    tab.goto(file.as_uri())
    return tab


def at(tab: Any) -> int:
    return int(tab.text_content("#place").split(" / ")[0])


@needs_chromium
@pytest.mark.second
def test_every_step_can_be_walked_by_keys_and_is_said(browser: Any, file: Path) -> None:
    session = Session(load(TWO_LAYER))
    tab = opened(browser, file)
    for number in range(1, session.total + 1):
        assert at(tab) == number
        assert f"step {number} of {session.total}: " in tab.text_content("#said")
        assert f"step {number}/{session.total}" in tab.text_content("#frame")
        tab.keyboard.press("n" if number % 2 else "ArrowRight")
    assert at(tab) == session.total, "the last step is the last"
    tab.keyboard.press("p")
    tab.keyboard.press("ArrowLeft")
    assert at(tab) == session.total - 2
    tab.keyboard.press("Home")
    tab.keyboard.press("]")
    assert "backward" in tab.text_content("#said").lower()
    tab.keyboard.press("[")
    assert at(tab) == 1
    tab.keyboard.press("End")
    assert at(tab) == session.total and not tab.complaints


@needs_chromium
@pytest.mark.second
def test_buttons_slider_finger_and_address(browser: Any, file: Path) -> None:
    tab = opened(browser, file, 390, 800, has_touch=True)
    for does, step in (("next", 2), ("next", 3), ("back", 2), ("last", 55), ("first", 1)):
        tab.click(f'button[data-does="{does}"]')
        assert at(tab) == step
    assert tab.is_disabled('button[data-does="back"]')
    tab.fill("#slider", "20")
    assert at(tab) == 20
    assert tab.get_attribute("#slider", "aria-valuetext") == tab.text_content("#said")
    swipe = """([from, to]) => {
      const frame = document.getElementById("frame");
      const touch = (x) => new Touch({identifier: 1, target: frame, clientX: x, clientY: 300});
      frame.dispatchEvent(new TouchEvent("touchstart", {touches: [touch(from)]}));
      frame.dispatchEvent(new TouchEvent("touchend", {changedTouches: [touch(to)]}));
    }"""
    tab.evaluate(swipe, [300, 100])
    assert at(tab) == 21
    tab.evaluate(swipe, [100, 300])
    tab.evaluate(swipe, [100, 120])
    assert at(tab) == 20 and tab.url.endswith("#20")
    tab.goto(f"{file.as_uri()}#40")
    assert at(tab) == 40 and not tab.complaints


@needs_chromium
@pytest.mark.second
@pytest.mark.parametrize("place", ["abc", "2.5", "0", "-3", "56", "1e400", "%31", ""])
def test_an_address_that_names_no_step_changes_nothing(
    browser: Any, file: Path, place: str
) -> None:
    tab = opened(browser, file)
    tab.keyboard.press("n")
    tab.evaluate("(place) => { location.hash = place; }", place)
    tab.keyboard.press("n")
    tab.wait_for_function("location.hash === '#3'")
    assert at(tab) == 3
    tab.goto("about:blank")
    tab.goto(f"{file.as_uri()}#{place}")
    assert at(tab) == 1 and tab.text_content("#frame") and tab.is_hidden("#all")
    assert not tab.complaints


@needs_chromium
@pytest.mark.second
def test_phases_backwards_are_those_of_the_program(browser: Any, file: Path) -> None:
    session = Session(load(TWO_LAYER))
    tab = opened(browser, file)
    tab.keyboard.press("End")
    session.execute("last")
    seen = []
    while session.index:
        session.execute("previous-phase")
        tab.keyboard.press("[")
        assert at(tab) == session.index + 1
        seen.append(session.index)
    assert len(seen) == 3 and seen[-1] == 0 and not tab.complaints


@needs_chromium
@pytest.mark.second
@pytest.mark.parametrize(
    ("width", "columns"), [(360, WIDTHS[0]), (390, WIDTHS[0]), (700, WIDTHS[1]), (1280, WIDTHS[2])]
)
def test_it_takes_the_columns_that_fit(browser: Any, file: Path, width: int, columns: int) -> None:
    tab = opened(browser, file, width)
    lines = tab.text_content("#frame").split("\n")
    assert max(map(len, lines)) <= columns and max(map(len, lines)) > columns - 10
    # Nothing runs off to the side, and letters can be read.
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.evaluate("document.getElementById('frame').scrollWidth") <= width
    assert tab.evaluate("parseFloat(getComputedStyle(frame).fontSize)") > 9
    rows = {each.bounding_box()["y"] for each in tab.query_selector_all("nav >> nth=0 >> button")}
    assert len(rows) == 1, "the buttons stand in one row"
    first = tab.evaluate("frame.getBoundingClientRect().height")
    tab.keyboard.press("End")
    assert tab.evaluate("frame.getBoundingClientRect().height") == first, "nothing jumps"


@needs_chromium
@pytest.mark.second
def test_light_dark_print_and_no_script(browser: Any, file: Path) -> None:
    papers = set()
    for scheme in ("light", "dark"):
        tab = opened(browser, file, color_scheme=scheme)
        papers.add(tab.evaluate("getComputedStyle(document.body).backgroundColor"))
        assert tab.is_hidden("#all")
        tab.click('button[data-does="all"]')
        assert tab.is_visible("#all")
        tab.click('button[data-does="all"]')
        tab.emulate_media(media="print")
        assert tab.is_visible("#all") and tab.is_hidden("nav >> nth=0")
    assert len(papers) == 2
    tab = opened(browser, file, java_script_enabled=False)
    assert tab.is_visible("#all") and tab.is_hidden("#walk")
    assert tab.locator("#all tbody tr").count() == 55


HOSTILE = """title = "<img src=x onerror=alert(1)>\\u001b[31m</script>"
description = "</script><script>alert(1)</script>"
[graph]
parameters = { w = 2.0 }
nodes = { f = "3 * w" }
"""


@needs_chromium
@pytest.mark.second
def test_texts_of_a_file_are_text(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "hostile.html"
    text = page(Session(from_text(HOSTILE, "</script>.toml")), 1, "node")
    file.write_text(text, encoding="utf-8")
    assert "\x1b" not in text
    tab = opened(browser, file)
    assert "<img src=x" in tab.text_content("h1") and not tab.complaints
    assert at(tab) == 1


def test_it_is_small_and_loads_nothing() -> None:
    text = page(Session(load(TWO_LAYER)), 1, "node")
    assert len(text.encode()) < 2**20
    assert "http" not in text.replace("http-equiv", "") and "url(" not in text
    assert text == page(Session(load(TWO_LAYER)), 1, "node")


def test_rounds_follow_each_other_and_levels_are_stepped() -> None:
    import json
    import re

    text = page(Session(load(TWO_LAYER)), 2, "layer")
    data = json.loads(re.findall(r'id="steps">(.*?)</script>', text)[0])
    each = len(data["steps"]) // 2
    assert [step["round"] for step in data["steps"]] == [1] * each + [2] * each and each < 12
    assert {step["phase"] for step in data["steps"]} == {"forward", "backward", "update"}
    assert text.count("<h2>Round") == 2

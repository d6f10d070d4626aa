"""Answers a form as people do whose hands know nothing of it: by the keyboard alone, or by tapping."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as WaitedTooLongError

from tests.factories.common.pictures import picture

PHOTO: Any = {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": picture()}
SCREENS, MOST_KEYS = 2, 300
BACK, ENDS_ALL = ".back", "not_mine"
WORDS = {
    "number": "7",
    "tel": "13800138000",
    "email": "li@example.com",
    "date": "01012026",
    "text": "Word by word",
    "textarea": "All went well.",
}
_FOCUSED = """() => {
  const at = document.activeElement
  const type = at.inputMode === "decimal" || at.inputMode === "numeric" ? "number" : at.type || ""
  const isFilled = at.value !== "" || at.checked === true
  return {tag: at.tagName.toLowerCase(), type, name: at.name || "", isFilled}
}"""


@contextmanager
def leaving(page: Page) -> Iterator[None]:
    """Wait until what is shown was replaced, by the browser or by the page's own script."""
    page.evaluate("document.body.dataset.before = ''")
    yield
    page.locator("body:not([data-before]) h1").wait_for()


def by_keyboard(page: Page) -> None:
    """Answer both screens with Tab, Space, letters and Enter."""
    for _ in range(SCREENS):
        _leave_screen(page)


def _leave_screen(page: Page) -> None:
    seen: set[str] = set()
    page.locator("h1").wait_for()
    for _ in range(MOST_KEYS):
        page.keyboard.press("Tab")
        at = page.evaluate(_FOCUSED)
        if at["type"] == "submit" and at["name"] != BACK:
            with leaving(page):
                page.keyboard.press("Enter")
            return
        if at["name"] and at["name"] not in seen and ENDS_ALL not in at["name"]:
            seen.add(at["name"])
            _press(page, at)
    raise AssertionError(seen)


def _press(page: Page, at: dict[str, Any]) -> None:
    kind = at["type"] if at["tag"] == "input" else at["tag"]
    if kind in {"radio", "checkbox"}:
        page.keyboard.press("Space")
    elif kind == "file":
        _choose_file(page)
    elif kind in WORDS and not at["isFilled"]:
        page.keyboard.type(WORDS[kind])


def _choose_file(page: Page) -> None:
    """Press Space until the chooser opens.

    Now and then a browser without a screen takes the first for no gesture of a person's.
    """
    for is_last in (False, False, True):
        try:
            with page.expect_file_chooser(timeout=4000) as chooser:
                page.keyboard.press("Space")
        except WaitedTooLongError:
            if is_last:
                raise
        else:
            chooser.value.set_files(PHOTO)
            return


def by_tapping(page: Page) -> None:
    """Answer both screens by tapping, and typing where words are asked for."""
    for _ in range(SCREENS):
        done: set[str] = set()
        while rest := [name for name in _names(page) if name not in done]:
            done.add(rest[0])
            _tap(page, rest[0])
        with leaving(page):
            page.locator(f"form button[type=submit]:not([name='{BACK}'])").tap()


def _names(page: Page) -> list[str]:
    """Return the fields that can be seen: answers make more of them appear."""
    shown = "form [name]:is(input:not([type=hidden]), textarea)"
    return page.locator(shown).evaluate_all(
        f"all => [...new Set(all.filter(one => one.offsetParent && !one.name.includes('{ENDS_ALL}')).map(one "
        "=> one.name))]"
    )


def _tap(page: Page, name: str) -> None:
    field = page.locator(f"form [name='{name}']").first
    kind = (
        "number"
        if field.get_attribute("inputmode") in {"decimal", "numeric"}
        else field.get_attribute("type") or "textarea"
    )
    if kind in {"radio", "checkbox"}:
        page.locator(f"form label:has([name='{name}'])").first.tap()
        expect(field).to_be_checked()
    elif kind == "file":
        field.set_input_files(PHOTO)
    else:
        field.fill("2026-01-01" if kind == "date" else WORDS[kind])


HANDS: dict[str, Callable[[Page], None]] = {"keyboard": by_keyboard, "tapping": by_tapping}

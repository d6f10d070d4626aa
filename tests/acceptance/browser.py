"""A phone and a desk: headless Chromium."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium (`CHROMIUM` names another one)."""
    program = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def answer_on_a_phone(browser: Browser, *, link: str, satisfaction: int, folder: Path) -> str:
    """Open the link on a phone, answer by touch, return the headline of the thank-you page.

    Keep pictures of both pages.
    """
    context = browser.new_context(
        viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True, locale="zh-CN"
    )
    try:
        page = context.new_page()
        page.goto(link)
        page.screenshot(path=folder / "phone-questionnaire.png", full_page=True)
        page.locator(f'label:has(input[name="satisfaction"][value="{satisfaction}"])').tap()
        page.locator('label:has(input[name="resolved"][value="yes"])').tap()
        page.locator('textarea[name="comment"]').fill("师傅很专业，谢谢！")
        page.locator('form[method="post"] button[type="submit"]').tap()
        expect(page.locator('input[name="satisfaction"]')).to_have_count(0)
        page.screenshot(path=folder / "phone-thanks.png")
        return page.locator("h1").inner_text()
    finally:
        context.close()


def picture_staff_pages(
    browser: Browser, *, base_url: str, username: str, password: str, paths: dict[str, str], folder: Path
) -> None:
    """Log in at a desk and keep a picture of each page."""
    context = browser.new_context(viewport=DESK, locale="zh-CN")
    try:
        page = context.new_page()
        log_in(page, base_url, username, password)
        for name, path in paths.items():
            page.goto(f"{base_url}{path}")
            page.screenshot(path=folder / f"staff-{name}.png")
    finally:
        context.close()


def log_in(page: Page, base_url: str, username: str, password: str) -> None:
    page.goto(f"{base_url}/admin/")
    page.fill('input[name="username"]', username)
    page.fill('input[name="password"]', password)
    page.press('input[name="password"]', "Enter")
    page.wait_for_url(f"{base_url}/admin/")

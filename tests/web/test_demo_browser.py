"""The real server, the real console, real emulated devices: what a newcomer sees when he presses a watch."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, expect

ROOT = Path(__file__).parents[2]
PASSWORD = "prova-larmet"  # of the made-up municipality


async def press(demo: dict[str, Any], protocol: str, *more: str) -> None:
    """Press over a real socket; the device says that it was acked."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "larmcentral", "devices", "press", "--protocol", protocol),
        *("--port", str(demo["ports"][protocol]), *more),
        cwd=ROOT,
        stdout=asyncio.subprocess.DEVNULL,
    )
    assert await process.wait() == 0


async def log_in(browser: Browser, demo: dict[str, Any], login: str) -> Page:
    """An operator at a desk of his own."""
    context = await browser.new_context(locale="sv-SE", viewport={"width": 1440, "height": 900})
    page = await context.new_page()
    await page.goto(demo["web"])
    await page.get_by_label("Användarnamn").fill(login)
    await page.get_by_label("Lösenord").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.locator(".console.fresh-live").wait_for()
    return page


async def test_a_press_is_seen_taken_and_stood_down(browser: Browser, demo: dict[str, Any]) -> None:
    karin, lars = await log_in(browser, demo, "karin"), await log_in(browser, demo, "lars")
    await press(demo, "watch", "--device", "8660000001")
    await expect(karin.locator(".row .who")).to_have_text("Anna Lindqvist")
    await expect(karin.get_by_test_id("state")).to_have_text("Ingen har tagit larmet")
    await expect(karin.locator(".lines")).to_contain_text("Bosse Åkerlund")
    await karin.keyboard.press("t")
    await expect(karin.get_by_test_id("state")).to_have_text("Du har larmet")
    await expect(lars.locator(".row")).to_contain_text("Karin Holm")
    await karin.keyboard.press("s")
    await karin.get_by_role("dialog").wait_for()
    await karin.keyboard.press("2")
    await karin.get_by_label("Av misstag").check()
    await karin.keyboard.press("Control+Enter")
    await expect(karin.get_by_text("Inga öppna larm")).to_be_visible()
    await expect(lars.get_by_text("Inga öppna larm")).to_be_visible()
    await karin.context.close()
    await lars.context.close()


async def test_an_unknown_watchs_panic_is_shown_as_from_an_unknown_device(
    browser: Browser, demo: dict[str, Any]
) -> None:
    karin = await log_in(browser, demo, "karin")
    await press(demo, "watch", "--device", "8669999999")
    await expect(karin.locator(".row")).to_contain_text("8669999999")
    await expect(karin.locator(".row")).to_contain_text("Okänd enhet", ignore_case=True)
    await karin.context.close()

"""Words down to devices and commissioning sheets, in a real browser."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.web.conftest import Desk
from tests.web.test_console_browser import violations

expect.set_options(timeout=15_000)


async def test_a_device_is_asked_where_it_is_and_a_number_that_is_none_stays_in_its_field(desk: Desk) -> None:
    await desk.enter("one")
    words = desk.page.locator(".device-words")
    await words.get_by_role("button", name="Var är du nu?").click()
    await expect(words.locator(".said li")).to_have_text(
        re.compile(r"Var är du nu\? väntar på enheten till \d\d:\d\d:\d\d")
    )
    await words.get_by_role("button", name="Be enheten ringa").click()
    await words.get_by_label("Nummer att ringa").fill("123")
    await words.get_by_role("button", name="Skicka").click()
    await expect(words.get_by_role("alert")).to_have_text("Det är inget telefonnummer.")
    await words.get_by_label("Nummer att ringa").fill("0303-174 060")
    await words.get_by_role("button", name="Skicka").click()
    await expect(words.locator(".said li").first).to_contain_text("Ring upp 0303-174 060")
    await expect(words.get_by_label("Nummer att ringa")).to_have_count(0)
    assert await violations(desk, "incident") == []


async def test_it_is_said_why_a_silent_alarms_device_is_not_asked(desk: Desk) -> None:
    await desk.enter("one")
    await desk.page.keyboard.press("Escape")
    await desk.steer("alarm", who=3, kind="duress", silent=True)
    await expect(desk.page.locator(".row")).to_have_count(2)
    await desk.page.locator(".row").last.click()
    words = desk.page.locator(".device-words")
    for name in ("Var är du nu?", "Be enheten ringa"):
        await expect(words.get_by_role("button", name=name)).to_be_disabled()
    await expect(words).to_contain_text("ingen har provat att den här enheten varken låter eller lyser")
    await expect(words).to_contain_text("Larmet är tyst: enheten får inte ringa")


async def test_a_sheet_is_written_and_sent_over_the_page_of_devices(desk: Desk) -> None:
    await desk.enter("one")
    await desk.steer("me", role="manager", person_id=None)
    await desk.page.reload()
    await desk.page.locator(".console.fresh-live").wait_for()
    await desk.page.keyboard.press("5")
    await desk.page.get_by_role("button", name="Inställningsblad").first.click()
    sheet = desk.page.get_by_role("dialog")
    await sheet.get_by_label("SOS-nummer").fill("0303174060")
    await sheet.get_by_label("Klockan i UTC").select_option("Ja")
    await sheet.get_by_label("Provat med den här enheten").check()
    assert await violations(desk, "sheet") == []
    await sheet.get_by_role("button", name="Skicka till enheten").click()
    await expect(sheet.get_by_role("status")).to_have_text("Sägs till enheten så snart den hörs")
    await expect(sheet).to_contain_text("Måste ställas in på enheten: klockan i UTC")
    await expect(sheet.locator(".said li")).to_have_text(re.compile(r"väntar på enheten till \d{4}-\d\d-\d\d "))
    await desk.page.keyboard.press("Escape")
    await expect(sheet).to_have_count(0)
    await expect(desk.page.locator(".table td").first).to_be_visible()

"""The desk in a real browser: floods and thousands of rows, two windows, two operators, the pages about the house."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.waiting import until
from tests.web.conftest import Desk
from tests.web.test_console_browser import violations

expect.set_options(timeout=15_000)

MOST_ROWS_DRAWN = 40
"""Those in view on a tall monitor and a few beyond, of however many lie open."""
TOP_LEFT = (
    "[...document.querySelectorAll('.zone')].map(z => { const b = z.getBoundingClientRect(); return [b.x, b.y]; })"
)


async def test_in_a_flood_faults_of_one_cause_share_a_line_and_calls_for_help_never_do(desk: Desk) -> None:
    await desk.enter("outage")
    await expect(desk.page.get_by_test_id("flood")).to_contain_text("Öppna ett bord till")
    groups = desk.page.locator(".row.group")
    await expect(groups).to_have_text(
        [re.compile("16 larm av samma orsak"), re.compile("8 larm av samma orsak"), re.compile("9 larm av samma orsak")]
    )
    own = desk.page.locator(".row:not(.group) .kind")
    await expect(own).to_have_text([re.compile("Nödlarm"), re.compile("Fall"), re.compile("Tappad kontakt")])
    await expect(desk.page.locator(".row:not(.group) .mark.silent")).to_have_count(1)
    for key in ("j", "j", "Enter"):
        await desk.page.keyboard.press(key)
    await expect(groups.first).to_have_attribute("aria-expanded", "true")
    await expect(desk.page.locator(".row.in-group").first).to_have_attribute("aria-current", "true")
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.locator(".row.in-group")).to_have_count(0)
    await desk.steer("house", picture={"flood": False, "per_operator": 1})
    await desk.steer("alarm", who=1, kind="fall")  # at each opening the load is asked for
    await expect(groups).to_have_count(0)
    await expect(desk.page.get_by_test_id("flood")).to_have_count(0)


async def test_five_thousand_rows_and_a_hundred_changes_a_second_lose_nothing(desk: Desk) -> None:
    await desk.enter("thousands")
    await desk.steer("house", picture={"flood": False})
    await expect(desk.page.locator(".counts").first).to_contain_text("5000 öppna")
    rows = desk.page.locator(".queue .row")
    assert await rows.count() <= MOST_ROWS_DRAWN
    await desk.steer("storm", per_s=100, opens=10)
    for _ in range(30):
        await desk.page.keyboard.press("j")
    current = desk.page.locator(".row[aria-current]")
    await expect(current).to_be_in_viewport()
    assert await rows.count() <= MOST_ROWS_DRAWN

    async def grown() -> bool:
        return int((await desk.page.locator(".counts").first.inner_text()).split()[0]) >= 5010

    await until(grown, "the storm's alarms are counted", within_s=15)
    await desk.steer("storm", per_s=0)
    queue = await (await desk.context.request.get(f"{desk.origin}/api/incidents")).json()
    open_now = len(queue["incidents"])
    await expect(desk.page.locator(".counts").first).to_contain_text(f"{open_now} öppna")
    assert await desk.page.locator(".queue ul").evaluate("ul => ul.offsetHeight") == 101 * open_now
    await desk.page.locator(".queue .rows").evaluate("box => box.scrollTo(0, box.scrollHeight)")
    await expect(desk.page.locator(f".queue li[aria-posinset='{open_now}']")).to_be_in_viewport()
    assert await rows.count() <= MOST_ROWS_DRAWN


async def test_map_and_account_move_to_a_second_window_and_come_back_when_it_is_closed(desk: Desk) -> None:
    await desk.enter("working")
    await desk.page.keyboard.press("g")  # a key, or the demand for sound lies over the bar
    before = await desk.page.evaluate(TOP_LEFT)
    async with desk.page.expect_popup() as popup:
        await desk.page.get_by_role("button", name="Karta och tidslinje i ett andra fönster").click()
    second = await popup.value
    await expect(second.locator(".timeline .lines li").first).to_be_visible()
    await expect(second.locator(".leaflet-container")).to_be_visible()
    await expect(desk.page.locator(".map")).to_have_count(0)
    await desk.page.keyboard.press("j")
    chosen = await desk.page.locator(".incident h2").inner_text()
    await expect(second.locator(".chosen")).to_contain_text(chosen)
    facts = "(() => { const at = document.querySelector('.facts'); return at.scrollWidth - at.clientWidth; })()"
    assert await desk.page.evaluate(facts) == 0, "columns grow downwards, not out of the window"
    await desk.page.keyboard.press("n")
    await desk.page.keyboard.type("Två skärmar")
    await desk.page.keyboard.press("Enter")
    await expect(second.locator(".lines q").last).to_have_text("Två skärmar")
    asked = await desk.steer("log")
    assert len([line for line in asked if line == "GET /api/feed"]) == 1
    await second.close()
    await expect(desk.page.locator(".map")).to_be_visible()
    assert await desk.page.evaluate(TOP_LEFT) == before


async def test_two_operators_who_take_an_alarm_together_get_one_owner_and_both_see_who(
    desk: Desk, browser: Browser, origin: str
) -> None:
    await desk.enter("one")
    lars = await at_desk(browser, origin, "lars")
    await desk.steer("mood", slowMs=150)
    await desk.page.keyboard.press("t")
    await lars.keyboard.press("t")
    await expect(desk.page.get_by_test_id("state")).to_have_text("Du har larmet")
    await expect(lars.get_by_test_id("state")).to_have_text("Sofia Grahn har larmet")
    await expect(lars.get_by_test_id("answer")).to_have_text("Sofia Grahn hann före och har larmet.")
    await lars.context.close()


async def test_a_colleagues_screen_changes_within_a_blink_of_the_event(desk: Desk) -> None:
    await desk.enter("one")
    await desk.page.evaluate(
        """() => { const state = document.querySelector("[data-testid=state]");
            new MutationObserver(() => window.changedAt ??= performance.timeOrigin + performance.now())
                .observe(state, {characterData: true, childList: true, subtree: true}); }"""
    )
    alarm = await desk.page.locator(".row").first.get_attribute("data-id")
    taken = await desk.steer("take", id=alarm, name="Karin Öberg")
    await expect(desk.page.get_by_test_id("state")).to_have_text("Karin Öberg har larmet")
    late_ms = await desk.page.evaluate("at => window.changedAt - Date.parse(at)", taken["acknowledged_at"])
    assert late_ms < 200


@pytest.mark.parametrize("wrong_s", [300, -300])
async def test_a_browser_whose_clock_is_five_minutes_wrong_counts_rightly(desk: Desk, wrong_s: int) -> None:
    await desk.page.add_init_script(
        f"""{{ const now = Date.now.bind(Date), origin = performance.timeOrigin + {wrong_s} * 1000;
            Date.now = () => now() + {wrong_s} * 1000;
            Object.defineProperty(performance, "timeOrigin", {{get: () => origin}}); }}"""
    )
    await desk.enter("one")
    age = desk.page.locator(".row .age").first
    await expect(age).to_have_text(re.compile(r"^0:[0-3]\d$"))  # the alarm is 8 s old when the scene is set
    await expect(desk.page.get_by_test_id("countdown").locator(".figure")).to_have_text(
        re.compile(r"^1:[01]\d$|^0:5\d$")
    )
    if wrong_s < 0:  # once is enough: it takes five seconds
        await desk.steer("mood", silent=True)
        await expect(desk.page.get_by_test_id("stale")).to_have_text(re.compile(r"Bilden är [5-9] s gammal"))


async def test_a_shift_change_is_listed_and_signed_by_both(desk: Desk, browser: Browser, origin: str) -> None:
    await desk.enter("working")
    lars = await at_desk(browser, origin, "lars")
    for page in (desk.page, lars):
        await page.keyboard.press("2")
    await desk.page.locator(".make-list select").select_option("Lars Ek")
    await desk.page.get_by_role("button", name="Gör en lista").click()
    mine = desk.page.get_by_role("article")
    await expect(mine.locator("li")).to_have_count(8)
    await mine.get_by_role("button", name="Skriv under").click()
    await expect(mine.locator(".signed")).to_contain_text("Sofia Grahn")
    await expect(mine.locator(".unsigned")).to_contain_text("Lars Ek har inte skrivit under")
    await expect(mine.get_by_role("button", name="Skriv under")).to_have_count(0)
    await lars.get_by_role("article").get_by_role("button", name="Skriv under").click()
    await expect(lars.get_by_text("Inget skiftbyte väntar på underskrift.")).to_be_visible()
    await lars.context.close()


async def test_whoever_has_alarms_in_hand_is_asked_before_he_goes_and_told_what_becomes_of_them(desk: Desk) -> None:
    await desk.enter("one")
    await desk.page.keyboard.press("t")
    await expect(desk.page.get_by_test_id("state")).to_have_text("Du har larmet")
    await desk.page.get_by_role("button", name="Logga ut").click()
    dialog = desk.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Nödlarm: Anna Lindqvist")
    await expect(dialog).to_contain_text("just nu Lars Ek")
    await dialog.get_by_role("button", name="Stanna kvar").click()
    await expect(desk.page.get_by_test_id("state")).to_have_text("Du har larmet")
    await desk.page.get_by_role("button", name="Logga ut").click()
    await dialog.get_by_role("button", name="Logga ut").click()
    await expect(desk.page.get_by_role("heading", name="Logga in i larmcentralen")).to_be_visible()


async def test_somebody_who_works_alone_is_asked_how_it_goes_and_a_session_is_begun_by_telephone(desk: Desk) -> None:
    await desk.enter("one")
    await desk.page.keyboard.press("3")
    rows = desk.page.locator(".session")
    await expect(rows.first).to_contain_text("utebliven incheckning")
    await rows.first.get_by_role("button", name="Fråga hur det är").click()
    await expect(rows.first.get_by_role("button", name="Frågan är ställd")).to_be_disabled()
    end = rows.last.get_by_role("button", name="Avsluta passet")
    await end.click()
    await expect(rows).to_have_count(4)
    await rows.last.get_by_role("button", name="Personen är trygg: avsluta").click()
    await expect(rows).to_have_count(3)
    await desk.page.get_by_role("button", name="Starta pass åt någon").click()
    dialog = desk.page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Starta passet").click()
    await expect(dialog.get_by_role("alert")).to_have_text("Välj en person. Säg vad passet gäller.")
    await dialog.get_by_label("Vem").first.fill("Jonas")
    await dialog.get_by_role("radio", name="Jonas Ekdahl").check()
    await dialog.get_by_label("Vad passet gäller").fill("Hembesök")
    await dialog.get_by_role("button", name="Starta passet").click()
    await expect(rows.last).to_contain_text("Jonas Ekdahl")
    await expect(dialog).to_have_count(0)


async def test_the_board_says_who_can_be_reached_with_the_gaps_first(desk: Desk) -> None:
    await desk.enter("one")
    await desk.page.keyboard.press("4")
    await expect(desk.page.locator(".reach tbody th").first).to_contain_text("ingen just nu")
    await expect(desk.page.locator(".reach tbody tr").nth(1).locator("th")).to_contain_text("Hemtjänsten Norr")
    await expect(desk.page.locator(".reach .cell.nobody").first).to_contain_text("ingen")
    await desk.page.get_by_role("button", name="24 h").click()
    await expect(desk.page.locator(".reach tbody tr").first.locator(".cell")).to_have_count(24)


async def test_a_pool_device_comes_back_and_goes_out_by_its_tag(desk: Desk) -> None:
    await desk.enter("one")
    await desk.page.keyboard.press("6")
    await desk.page.get_by_label("Märke").fill("LV-001")
    await desk.page.get_by_role("button", name="Ta tillbaka").click()
    await expect(desk.page.get_by_text("LV-001 är tillbaka.")).to_be_visible()
    await desk.page.get_by_label("Märke").fill("LV-002")
    await desk.page.get_by_role("radio", name="Anna Lindqvist").check()
    await desk.page.get_by_role("button", name="Låna ut").click()
    await expect(desk.page.locator(".gate").get_by_role("alert")).to_have_text("Enheten är redan utlånad.")
    await expect(desk.page.get_by_label("Märke")).to_have_value("LV-002")


async def test_devices_are_looked_at_by_condition(desk: Desk) -> None:
    await desk.enter("one")
    await desk.page.keyboard.press("5")
    await desk.page.get_by_role("button", name=re.compile("^Lågt batteri")).click()
    await expect(desk.page.locator(".table tbody tr")).to_have_count(2)
    await desk.page.get_by_label("Filtrera").fill("karin")
    await expect(desk.page.locator(".table tbody tr")).to_have_count(1)


async def test_a_fault_of_the_house_is_dealt_with_in_words(desk: Desk) -> None:
    await desk.enter("trouble")
    await desk.page.keyboard.press("g")  # a key, or the demand for sound lies over the bar
    await desk.page.get_by_role("button", name="+1 till").click()
    await desk.page.locator(".drop").get_by_role("button", name="Åtgärdat").first.click()
    dialog = desk.page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Åtgärdat").click()
    await expect(dialog.get_by_role("alert")).to_have_text("Skriv vad som gjordes.")
    await dialog.get_by_label("Vad gjordes").fill("Ringde Karin, hon är på väg.")
    await dialog.get_by_role("button", name="Åtgärdat").click()
    await expect(dialog).to_have_count(0)
    await expect(desk.page.get_by_test_id("system")).not_to_contain_text("Bemanningsfel")


async def test_a_drill_is_said_on_every_page_and_moves_nothing(desk: Desk) -> None:
    await desk.enter("one")
    before = await desk.page.evaluate(TOP_LEFT)
    await desk.steer("alarm", who=11, purpose="drill")
    banner = desk.page.get_by_test_id("drill")
    await expect(banner).to_contain_text("Ida Holm")
    assert await desk.page.evaluate(TOP_LEFT) == before
    for key in "2345678":
        await desk.page.keyboard.press(key)
        await desk.page.locator("main.page h1").wait_for(state="attached")
        await expect(banner).to_be_visible()
    await banner.click()
    await expect(desk.page.locator(".incident h2")).to_have_text("Ida Holm")


async def test_an_alarm_is_worked_from_first_to_last_without_a_mouse(desk: Desk) -> None:
    await desk.enter("one")
    keyboard = desk.page.keyboard
    await keyboard.press("t")
    await expect(desk.page.get_by_test_id("state")).to_have_text("Du har larmet")
    await keyboard.press("n")
    await keyboard.type("Hör röster")
    await keyboard.press("Enter")
    await expect(desk.page.locator(".lines q")).to_have_text("Hör röster")
    await keyboard.press("Escape")
    await keyboard.press("p")
    await keyboard.press("Enter")
    await expect(desk.page.locator(".lines")).to_contain_text("Lyssna in")
    await keyboard.press("Escape")
    await keyboard.press("s")
    await desk.page.locator("dialog.stand-down[open]").wait_for()
    await keyboard.press("2")
    await desk.page.locator(".question").wait_for()
    await keyboard.press("Control+Enter")
    await desk.page.locator(".question input:focus").wait_for()  # what is missing is where the keys go now
    await keyboard.press("1")
    await keyboard.press("Control+Enter")
    await expect(desk.page.get_by_test_id("state")).to_have_text("Avslutat: Falsklarm")


@pytest.mark.parametrize(("language", "theme"), [("sv", "dark"), ("en", "light")])
async def test_axe_finds_nothing_on_the_pages_of_the_house(desk: Desk, language: str, theme: str) -> None:
    await desk.page.add_init_script(f"localStorage.setItem('larm.theme', '{theme}')")
    await desk.page.emulate_media(reduced_motion="reduce")
    await desk.enter("outage", language)
    found = await violations(desk, "sound is blocked")
    await desk.page.keyboard.press("2")
    await desk.page.locator(".make-list button").click()
    for key, landmark in (
        ("2", ".handover li"),
        ("3", ".session"),
        ("4", ".reach td"),
        ("5", ".table td"),
        ("6", ".gate .choice"),
    ):
        await desk.page.keyboard.press(key)
        await desk.page.locator(landmark).first.wait_for()
        found += await violations(desk, key)
    await desk.page.keyboard.press("3")
    await desk.page.locator("main.page > header .act").click()
    await desk.page.locator("dialog.begin .choice").first.wait_for()
    found += await violations(desk, "begin")
    await desk.page.keyboard.press("Escape")
    await desk.page.keyboard.press("1")
    await desk.page.locator(".row.group").first.click()
    await desk.page.locator(".row.in-group").first.wait_for()
    found += await violations(desk, "flood")
    assert found == []


async def at_desk(browser: Browser, origin: str, login: str) -> Page:
    """Somebody else's browser at the same stand-in server."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, timezone_id="Europe/Stockholm")
    await context.request.post(
        f"{origin}/api/session", data={"login": login, "password": "natt"}, headers={"X-Larm": "1"}
    )
    page = await context.new_page()
    await page.goto(origin)
    await page.locator(".console.fresh-live").wait_for()
    return page

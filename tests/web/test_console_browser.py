"""What an operator does at night, in a real browser: everything by keyboard, nothing by reloading."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from tests.web.conftest import Desk

expect.set_options(timeout=15_000)  # a dead feed may rest 8 s before it is tried again


async def test_an_operator_logs_in_and_out(desk: Desk) -> None:
    await desk.steer("reset", scene="one")
    await desk.page.goto(desk.origin)
    await desk.page.get_by_label("Användarnamn").fill("sofia")
    await desk.page.get_by_label("Lösenord").fill("fel")
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.get_by_role("alert")).to_have_text("Fel användarnamn eller lösenord.")
    await desk.page.get_by_label("Lösenord").fill("natt")
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.locator(".row .who")).to_have_text("Anna Lindqvist")
    await desk.page.get_by_role("button", name="Logga ut").click()
    await expect(desk.page.get_by_role("heading", name="Logga in i larmcentralen")).to_be_visible()


async def test_an_alarm_appears_without_a_reload_and_is_reported_as_shown(desk: Desk) -> None:
    await desk.enter("empty")
    await expect(desk.page.get_by_text("Inga öppna larm")).to_be_visible()
    alarm = await desk.steer("alarm", who=2, kind="fall")
    await expect(desk.page.locator(".row .who")).to_have_text("Karin Öberg")
    await expect(desk.page.locator(".incident h2")).to_have_text("Karin Öberg")
    await expect(desk.page.locator(".clocks li").nth(2).locator(".time")).to_have_text(re.compile(r"\d\d:\d\d:\d\d"))
    asked = await desk.steer("log")
    assert asked.count(f"POST /api/incidents/{alarm['id']}/shown") == 1


async def test_a_new_alarm_flashes_in_the_title_and_does_not_take_the_eye_away(desk: Desk) -> None:
    await desk.enter("one")
    await desk.steer("alarm", who=3, kind="hold_up", opened_at="2020-01-01T00:00:00Z")
    await expect(desk.page.locator(".row").first.locator(".who")).to_have_text("Mohammed Al-Rashid")
    await expect(desk.page.locator(".incident h2")).to_have_text("Anna Lindqvist")
    await expect(desk.page).to_have_title("▲ Överfallslarm: Mohammed Al-Rashid")
    await expect(desk.page).to_have_title("(2) Larmcentral")


async def test_an_alarm_is_taken_by_keyboard_only_and_nothing_looks_done_before_the_server_said_so(desk: Desk) -> None:
    await desk.enter("one")
    await desk.steer("mood", slowMs=700)
    await desk.page.keyboard.press("j")
    await desk.page.keyboard.press("t")
    await expect(desk.page.get_by_role("button", name="Skickar")).to_be_disabled()
    await expect(desk.page.get_by_test_id("state")).to_have_text("Ingen har tagit larmet")
    await expect(desk.page.get_by_test_id("state")).to_have_text("Du har larmet")
    await expect(desk.page.locator(".lines")).to_contain_text("Sofia Grahn tog larmet")


async def test_a_refusal_is_said_in_words(desk: Desk) -> None:
    await desk.enter("one")
    await desk.steer("mood", refuse={"reason": "taken", "fields": {"name": "Karin"}})
    await desk.page.keyboard.press("t")
    await expect(desk.page.get_by_test_id("answer")).to_have_text("Karin hann före och har larmet.")
    await expect(desk.page.get_by_test_id("state")).to_have_text("Ingen har tagit larmet")


async def test_a_colleagues_acknowledgement_shows_by_itself(desk: Desk) -> None:
    await desk.enter("empty")
    alarm = await desk.steer("alarm", who=0)
    await expect(desk.page.get_by_test_id("state")).to_have_text("Ingen har tagit larmet")
    await desk.steer("take", id=alarm["id"], name="Karin Öberg")
    await expect(desk.page.get_by_test_id("state")).to_have_text("Karin Öberg har larmet")


async def test_a_note_is_written_and_the_alarm_stood_down_with_an_outcome_by_keyboard_only(desk: Desk) -> None:
    await desk.enter("one")
    await desk.page.keyboard.press("n")
    await desk.page.keyboard.type("Port 1947, tre trappor")
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.locator(".lines q")).to_have_text("Port 1947, tre trappor")
    await desk.page.keyboard.press("Escape")
    await desk.page.keyboard.press("s")
    await desk.page.keyboard.press("Control+Enter")
    await expect(desk.page.locator("dialog").get_by_role("alert")).to_have_text("Välj ett utfall.")
    await desk.page.keyboard.press("2")
    await desk.page.get_by_label("Av misstag").check()
    await desk.page.keyboard.press("Control+Enter")
    await expect(desk.page.get_by_test_id("state")).to_have_text("Avslutat: Falsklarm")
    await expect(desk.page.get_by_text("Inga öppna larm")).to_be_visible()
    await expect(desk.page.locator("dialog")).to_have_count(0)


async def test_escalating_takes_two_presses(desk: Desk) -> None:
    await desk.enter("one")
    await desk.page.keyboard.press("e")
    await expect(desk.page.get_by_role("button", name="Bekräfta")).to_be_visible()
    assert not [asked for asked in await desk.steer("log") if asked.endswith("/escalate")]
    await desk.page.keyboard.press("e")
    await expect(desk.page.locator(".lines")).to_contain_text("Sofia Grahn eskalerade utan att vänta")


async def test_a_drill_is_started_and_marked(desk: Desk) -> None:
    await desk.enter("empty")
    await desk.page.keyboard.press("d")
    await desk.page.keyboard.type("ida")
    await expect(desk.page.get_by_role("radio", name="Ida Holm")).to_be_checked()
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.locator(".incident .mark.drill")).to_have_text("ÖVNING")
    await expect(desk.page.locator(".incident h2")).to_have_text("Ida Holm")


async def test_a_stale_picture_says_how_old_it_is_locks_the_actions_and_recovers(desk: Desk) -> None:
    await desk.enter("one")
    await desk.steer("mood", silent=True)
    await expect(desk.page.get_by_test_id("stale")).to_have_text(re.compile(r"Bilden är \d+ s gammal"))
    await expect(desk.page.get_by_role("button", name="Ta larmet")).to_be_disabled()
    await desk.steer("mood", silent=False)
    await expect(desk.page.get_by_test_id("stale")).to_have_count(0)
    await expect(desk.page.get_by_role("button", name="Ta larmet")).to_be_enabled()


async def test_what_happened_while_the_server_was_away_is_there_afterwards(desk: Desk) -> None:
    await desk.enter("empty")
    await desk.steer("mood", down=True)
    await desk.steer("alarm", who=7, kind="panic")
    await expect(desk.page.get_by_test_id("stale")).to_be_visible()
    await desk.steer("mood", down=False)
    await expect(desk.page.locator(".row .who")).to_have_text("Li Wei")


async def test_a_database_that_is_gone_locks_the_actions(desk: Desk) -> None:
    await desk.enter("one")
    await desk.steer("mood", ready=False)
    await expect(desk.page.get_by_test_id("stale")).to_contain_text("Databasen svarar inte")
    await expect(desk.page.get_by_role("button", name="Ta larmet")).to_be_disabled()


async def test_blocked_sound_is_said_loudly_and_switched_on_by_a_click(desk: Desk) -> None:
    await desk.enter("one")
    strip = desk.page.get_by_role("button", name="Webbläsaren har stängt av ljudet")
    await expect(strip).to_be_visible()
    await strip.click()
    await expect(strip).to_have_count(0)
    await expect(desk.page.get_by_text("Larmet ljuder")).to_be_visible()
    await desk.page.keyboard.press("m")
    await expect(desk.page.get_by_text("Larmet ljuder")).to_have_count(0)


async def test_a_covert_alarm_makes_no_sound(desk: Desk) -> None:
    await desk.enter("empty")
    await desk.steer("alarm", who=0, kind="duress", silent=True)
    await expect(desk.page.locator(".row .mark.silent")).to_have_text("TYST")
    await expect(desk.page.get_by_text("Larmet ljuder")).to_have_count(0)


async def test_a_fault_of_our_own_stands_in_the_strip(desk: Desk) -> None:
    await desk.enter("one")
    await desk.page.keyboard.press("g")  # a key, or the demand for sound lies over the bar
    await desk.steer("system", alarms=[{"fault": "chain_used_up"}, {"fault": "nobody_to_reach", "step": 2}])
    await expect(desk.page.get_by_test_id("system")).to_contain_text("Larmkedjan är slut och börjar om")
    await desk.page.get_by_role("button", name="+1 till").click()
    await expect(desk.page.get_by_test_id("system")).to_contain_text("Bemanningsfel: steg 3 har ingen att nå")


async def test_the_head_does_not_move_when_alarms_arrive_and_answers_come(desk: Desk) -> None:
    await desk.enter("one")
    take = desk.page.locator(".actions .act").first
    before = await take.bounding_box()
    await desk.steer("alarm", who=6, kind="panic", silent=True, round=3, system_faults=["no_chain"])
    await desk.steer("system", alarms=[{"fault": "chain_used_up"}])
    await desk.page.keyboard.press("t")
    await expect(desk.page.get_by_test_id("state")).to_have_text("Du har larmet")
    await desk.page.keyboard.press("j")
    await expect(desk.page.locator(".incident h2")).to_contain_text("Klintberg")
    assert await take.bounding_box() == before


@pytest.mark.parametrize(("language", "theme"), [("sv", "dark"), ("en", "light")])
async def test_axe_finds_nothing(desk: Desk, language: str, theme: str) -> None:
    await desk.page.add_init_script(f"localStorage.setItem('larm.theme', '{theme}')")
    await desk.page.emulate_media(reduced_motion="reduce")
    await desk.enter("trouble", language)
    await desk.page.locator(".leaflet-container").wait_for()
    found: list[str] = []
    for key, landmark in (("j", ".signals td"), ("5", ".table td"), ("7", ".table td"), ("1", ".row")):
        await desk.page.keyboard.press(key)
        await desk.page.locator(landmark).first.wait_for()
        found += await violations(desk, key)
    for key in ("s", "d", "?"):
        await desk.page.keyboard.press(key)
        await desk.page.locator("dialog[open]").wait_for()
        found += await violations(desk, key)
        await desk.page.keyboard.press("Escape")
    await desk.page.get_by_role("button", name="Logga ut" if language == "sv" else "Log out").click()
    await desk.page.locator("dialog.leaving button[type=submit]").wait_for()  # one alarm is in hand
    found += await violations(desk, "leaving")
    await desk.page.locator("dialog.leaving button[type=submit]").click()
    await desk.page.locator(".login").wait_for()
    found += await violations(desk, "log-in")
    assert found == []


async def test_a_key_that_opens_a_dialog_is_not_swallowed_by_a_stale_picture_or_a_closing_dialog(desk: Desk) -> None:
    await desk.enter("one")
    await desk.page.keyboard.press("t")
    await expect(desk.page.get_by_test_id("state")).to_have_text("Du har larmet")
    await desk.steer("mood", silent=True)
    await expect(desk.page.get_by_role("button", name="Avsluta")).to_be_disabled()
    await desk.page.keyboard.press("s")
    await expect(desk.page.locator("dialog.stand-down[open]")).to_be_visible()
    # both keys in one task of the page: the browser tells of a closed dialog only after it
    await desk.page.evaluate(
        """() => { for (const key of ["Escape", "?"]) (document.activeElement ?? document.body)
            .dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true})); }"""
    )
    await expect(desk.page.locator("dialog.keysheet[open]")).to_be_visible()
    await desk.page.keyboard.press("Escape")
    await desk.page.keyboard.press("s")
    await expect(desk.page.locator("dialog.stand-down[open]")).to_be_visible()


async def violations(desk: Desk, where: str) -> list[str]:
    results = await Axe().run(desk.page)
    return [
        f"{where}: {one['id']}: {node['target']} {node['failureSummary']}"
        for one in results.response["violations"]
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("language", ["sv", "en"])
async def test_the_bar_at_the_top_is_whole_at_every_width(desk: Desk, language: str) -> None:
    await desk.enter("empty", language)
    log_out = desk.page.get_by_role("button", name={"sv": "Logga ut", "en": "Log out"}[language])
    for width in (1280, 1366, 1440, 1560, 1680):
        await desk.page.set_viewport_size({"width": width, "height": 800})
        box = await log_out.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= width, f"cut off at {width} px"

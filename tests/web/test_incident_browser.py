"""The incident zone in a real browser: what one acts on, step by step, and nothing drawn as done before it is."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import expect

from tests.web.conftest import Desk
from tests.web.test_console_browser import violations

PLACE: dict[str, Any] = {
    "id": "0b000000-0000-7000-8000-000000000001",
    "name": "Kvarngården",
    "address": "Kvarngatan 2",
    "floor": "3 tr",
    "door_code": "1947",
    "notes": "Lös hund",
    "lat": 57.95,
    "lon": 12.1,
    "risk": "evident",
    "ground": "Hot i mars",
    "plan_type": "image/svg+xml",
    "plan_bounds": {"south": 57.957, "west": 12.116, "north": 57.961, "east": 12.1215},
}
INDOOR = {
    "place_id": PLACE["id"],
    "place": "Kvarngården",
    "label": "Plan 3, korridor B",
    "dbm": -61,
    "at": "2026-01-01T00:00:00Z",
}


async def test_a_step_of_the_plan_is_ticked_by_keyboard_and_leads_on_to_the_next(desk: Desk) -> None:
    await desk.enter("one")
    steps = desk.page.locator(".plan-step")
    await expect(steps).to_have_count(4)
    await desk.steer("mood", slowMs=500)
    await desk.page.keyboard.press("p")
    await desk.page.keyboard.press("Enter")
    await expect(steps.nth(0).get_by_role("button", name="Skickar")).to_be_visible()
    await expect(desk.page.locator(".plan-step.done")).to_have_count(0)
    await expect(steps.nth(0)).to_have_class(re.compile("done"))
    await expect(steps.nth(0)).to_contain_text("klart, Sofia Grahn")
    await expect(steps.nth(1).get_by_role("button", name="Klart")).to_be_focused()
    await desk.page.keyboard.press("Tab")
    await desk.page.keyboard.press("Enter")
    await desk.page.keyboard.type("Upptaget hela tiden")
    await desk.page.get_by_role("button", name="Gick inte").click()
    await expect(steps.nth(1)).to_have_class(re.compile("not_possible"))
    await expect(desk.page.locator(".plan .beside")).to_have_text("Hot och våld · 2 av 4")
    await expect(desk.page.locator(".lines q").last).to_have_text("Upptaget hela tiden")


async def test_a_refused_step_says_so_at_the_step_and_stays_open(desk: Desk) -> None:
    await desk.enter("one")
    await desk.page.locator(".plan-step").first.wait_for()
    await desk.steer("mood", refuse={"reason": "changed_meanwhile", "fields": {}})
    await desk.page.keyboard.press("p")
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.locator(".plan-step").nth(0).get_by_role("alert")).to_have_text(
        "Någon annan har ändrat det under tiden. Hämta på nytt."
    )
    await expect(desk.page.locator(".plan-step.done")).to_have_count(0)


async def test_an_alarm_is_stood_down_by_keyboard_only_once_every_question_is_answered(desk: Desk) -> None:
    await desk.enter("one")
    await desk.page.keyboard.press("s")
    await desk.page.keyboard.press("1")
    dialog = desk.page.locator("dialog[open]")
    await expect(dialog.locator(".question")).to_have_count(5)
    await desk.page.keyboard.press("Control+Enter")
    await expect(dialog.get_by_role("alert")).to_have_text("Några frågor är inte besvarade.")
    await expect(dialog.locator(".question .refusal")).to_have_count(5)
    await expect(dialog.get_by_label("Nej").first).to_be_focused()
    for digit in ("1", "2", "3", "1", "4"):
        await desk.page.keyboard.press(digit)
        await desk.page.keyboard.press("Tab")
        if digit == "3":
            await desk.page.keyboard.press("Tab")  # past the words that this answer asks for
    await desk.page.keyboard.press("Control+Enter")
    await expect(dialog.locator(".question .refusal")).to_have_text(["Skriv några ord.", "Skriv några ord."])
    for field in await dialog.locator(".question .why").all():
        await field.fill("Hon vill inte")
    await desk.page.keyboard.press("Control+Enter")
    await expect(desk.page.get_by_test_id("state")).to_have_text("Avslutat: Skarpt larm")
    answers = desk.page.locator(".lines .answered")
    await expect(answers.first).to_have_text("Blev någon skadad? Nej")
    await expect(answers.last).to_have_text("Vem åkte dit? Ingen: Hon vill inte")


async def test_a_message_goes_to_the_responders_and_never_to_the_wearer_of_a_silent_alarm(desk: Desk) -> None:
    await desk.enter("empty")
    await desk.steer("alarm", who=2, kind="duress", silent=True)
    await expect(desk.page.locator(".incident h2")).to_have_text("Karin Öberg")
    await desk.page.keyboard.press("b")
    dialog = desk.page.locator("dialog[open]")
    await expect(dialog.get_by_role("radio", name="Bäraren")).to_be_disabled()
    await expect(dialog).to_contain_text("Tyst larm: inget får synas eller höras hos bäraren.")
    await expect(dialog.get_by_role("textbox")).to_be_focused()
    await desk.page.keyboard.type("Gå in två och två")
    await desk.page.keyboard.press("Control+Enter")
    await expect(desk.page.locator("dialog[open]")).to_have_count(0)
    await expect(desk.page.locator(".lines")).to_contain_text("Sofia Grahn skrev till insatsen")
    assert await desk.page.locator("a[href^='tel:']").count() == 0


async def test_more_people_are_called_by_keyboard_and_those_who_were_told_are_marked(desk: Desk) -> None:
    await desk.enter("one")
    await desk.page.keyboard.press("a")
    dialog = desk.page.locator("dialog[open]")
    await expect(dialog.get_by_label("Chefen")).to_be_visible()
    await desk.page.keyboard.press("Control+Enter")
    await expect(dialog.get_by_role("alert")).to_have_text("Välj någon att kalla.")
    search = dialog.get_by_role("searchbox")
    await search.fill("björn")
    await expect(dialog.locator(".found")).to_contain_text("underrättad")
    await search.fill("ida")
    await search.press("Enter")
    await expect(dialog.get_by_role("checkbox", name="Ida Holm")).to_be_checked()
    await desk.page.keyboard.press("Control+Enter")
    await expect(desk.page.locator(".people")).to_contain_text("Ida Holm")


async def test_the_next_step_is_held_as_long_as_ten_minutes_allow(desk: Desk) -> None:
    await desk.enter("empty")
    await desk.steer("alarm", who=0, held_s=420)
    await expect(desk.page.locator(".incident h2")).to_have_text("Anna Lindqvist")
    await desk.page.keyboard.press("h")
    dialog = desk.page.locator("dialog[open]")
    await expect(dialog).to_contain_text("3 min kvar av tio minuter")
    await expect(dialog.get_by_role("radio", name="5 min")).to_be_disabled()
    await desk.page.keyboard.press("3")  # cannot be chosen
    await desk.page.keyboard.press("Enter")
    await expect(dialog.get_by_role("alert")).to_have_text("Välj hur länge.")
    await desk.page.keyboard.press("2")
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.locator(".lines")).to_contain_text("lät nästa steg vänta 2 min")
    await expect(desk.page.get_by_test_id("countdown")).to_contain_text("3:")


async def test_a_taken_alarm_cannot_be_held_and_offers_no_button_for_it(desk: Desk) -> None:
    await desk.enter("empty")
    await desk.steer("alarm", who=0)
    await expect(desk.page.locator(".incident h2")).to_have_text("Anna Lindqvist")
    await desk.page.keyboard.press("t")
    await expect(desk.page.get_by_test_id("state")).to_have_text("Du har larmet")
    await desk.page.keyboard.press("h")
    await expect(desk.page.locator("dialog[open]")).to_contain_text("någon har det redan")
    await expect(desk.page.locator("dialog[open] button[type=submit]")).to_be_disabled()


async def test_the_newest_line_stays_in_view_when_the_window_becomes_lower(desk: Desk) -> None:
    await desk.enter("one")
    await desk.page.keyboard.press("Escape")
    for number in range(12):
        await desk.page.locator("#note").fill(f"Rad {number}")
        await desk.page.keyboard.press("Enter")
        await expect(desk.page.locator(".lines q").last).to_have_text(f"Rad {number}")
    size = desk.page.viewport_size
    assert size is not None
    await desk.page.set_viewport_size({"width": size["width"], "height": size["height"] - 160})
    await expect(desk.page.locator(".lines li").last).to_be_in_viewport(ratio=0.9)
    await expect(desk.page.locator(".new-lines")).to_have_count(0)


async def test_the_menu_is_walked_by_keyboard_says_why_not_and_hands_over(desk: Desk) -> None:
    await desk.enter("one")
    await desk.page.keyboard.press(".")
    menu = desk.page.get_by_role("menu")
    await expect(menu.get_by_role("menuitem").first).to_be_focused()
    await expect(menu.get_by_role("menuitem", name="Lämna över")).to_have_attribute("aria-disabled", "true")
    await desk.page.keyboard.press("ArrowUp")
    await expect(menu.get_by_role("menuitem").last).to_be_focused()
    await desk.page.keyboard.press("Enter")  # nothing to merge with: it stays and says why
    await expect(menu).to_contain_text("Inget annat öppet larm om samma person")
    await desk.page.keyboard.press("Escape")
    await expect(desk.page.locator("#more")).to_be_focused()
    await desk.page.keyboard.press("t")
    await expect(desk.page.get_by_test_id("state")).to_have_text("Du har larmet")
    await desk.page.keyboard.press("o")
    await desk.page.locator("dialog[open]").get_by_text("Lars Ek").click()
    await desk.page.keyboard.press("Control+Enter")
    await expect(desk.page.get_by_test_id("state")).to_have_text("Lars Ek har larmet")


async def test_the_wearer_is_asked_whether_all_is_well_and_an_alarm_is_put_back(desk: Desk) -> None:
    await desk.enter("one")
    await desk.page.keyboard.press("t")
    await expect(desk.page.get_by_test_id("state")).to_have_text("Du har larmet")
    await desk.page.keyboard.press(".")
    await desk.page.get_by_role("menuitem", name="Fråga om allt är väl").click()
    await expect(desk.page.locator("#more")).to_be_focused()
    await desk.page.keyboard.press(".")
    await desk.page.get_by_role("menuitem", name="Lägg tillbaka").click()
    await expect(desk.page.get_by_test_id("state")).to_have_text("Ingen har tagit larmet")
    assert [asked for asked in await desk.steer("log") if asked.endswith("/welfare")]


async def test_two_alarms_of_one_person_become_one(desk: Desk) -> None:
    await desk.enter("one")
    await desk.steer("alarm", who=0, kind="fall")
    await expect(desk.page.locator(".row .who")).to_have_count(2)
    await desk.page.keyboard.press(".")
    await desk.page.get_by_role("menuitem", name="Slå ihop").click()
    await expect(desk.page.get_by_role("radio", name="Fall")).to_be_focused()
    await desk.page.keyboard.press("1")
    await desk.page.keyboard.press("Control+Enter")
    await expect(desk.page.locator(".incident .kind")).to_contain_text("Fall")
    await expect(desk.page.locator(".lines")).to_contain_text("ihop med ett annat larm")


async def test_a_dossier_is_fetched_only_when_it_is_opened_and_shut_when_the_alarm_is_over(desk: Desk) -> None:
    await desk.enter("one")
    await desk.page.keyboard.press("Escape")
    await expect(desk.page.locator(".clocks")).to_be_visible()
    opener = desk.page.get_by_role("button", name="Visa foto, uppgifter och närstående")
    await expect(opener).to_be_visible()
    assert not [asked for asked in await desk.steer("log") if "/dossier" in asked or "/photo" in asked]
    await opener.click()
    await expect(desk.page.locator(".dossier")).to_contain_text("Diabetes, bär insulin")
    await expect(desk.page.get_by_role("link", name="Ring Göran Lindqvist")).to_have_attribute("href", "tel:0701740691")
    await desk.page.keyboard.press("s")
    await desk.page.keyboard.press("3")
    await desk.page.keyboard.press("Control+Enter")
    await expect(desk.page.get_by_test_id("state")).to_have_text("Avslutat: Prov")
    await expect(desk.page.locator(".dossier")).not_to_contain_text("Diabetes")


async def test_a_floor_plan_lies_on_the_map_can_be_put_away_and_the_beacon_says_the_corridor(desk: Desk) -> None:
    await desk.enter("empty")
    await desk.page.keyboard.press(
        "Escape"
    )  # from here on sound may be heard, and nothing lies over the page to say it may not
    await desk.steer("inside", place=PLACE, indoor=INDOOR)
    await desk.steer("alarm", who=0)
    await expect(desk.page.locator(".map .near")).to_have_text("Plan 3, korridor B, Kvarngården")
    await expect(desk.page.locator(".premises")).to_contain_text("Plan 3, korridor B")
    await expect(desk.page.locator(".premises")).to_contain_text("1947")
    plan = desk.page.locator("img.floor-plan")
    await expect(plan).to_be_visible()
    switch = desk.page.get_by_role("button", name="Planritning")
    await expect(switch).to_have_attribute("aria-pressed", "true")
    await switch.click()
    await expect(plan).to_have_count(0)
    await expect(switch).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize(
    ("kind", "url", "tile"), [("raster", "/map/{z}/{x}/{y}.png", "img"), ("pmtiles", "/map.pmtiles", "canvas")]
)
async def test_the_houses_own_tiles_lie_below_and_say_whose_they_are(
    desk: Desk, kind: str, url: str, tile: str
) -> None:
    await desk.enter("empty")
    await desk.page.keyboard.press("Escape")
    await desk.steer("inside", map={"kind": kind, "url": url, "attribution": "© Älvmården", "max_zoom": 14})
    await desk.steer("alarm", who=0)
    await expect(desk.page.locator(f".leaflet-tile-pane {tile}.leaflet-tile-loaded").first).to_be_attached()
    await expect(desk.page.locator(".map-note")).to_have_text("© Älvmården")
    await expect(desk.page.locator("path.grid")).to_have_count(0)
    await expect(desk.page.locator("path.here")).to_have_count(1)


async def test_where_the_tiles_do_not_come_the_map_draws_what_it_can_and_says_so(desk: Desk) -> None:
    await desk.enter("empty")
    await desk.page.keyboard.press("Escape")
    await desk.steer("inside", map={"kind": "raster", "url": "/api/no/{z}/{x}/{y}", "attribution": "", "max_zoom": 14})
    await desk.steer("alarm", who=0)
    await expect(desk.page.locator(".map-note")).to_have_text("Kartan kommer inte: rutnät, kust ± 2 km")
    await expect(desk.page.locator("path.grid").first).to_be_attached()


async def test_the_acts_stand_in_two_rows_and_do_not_move_whatever_is_opened_below(desk: Desk) -> None:
    await desk.enter("one")
    await desk.page.keyboard.press("Escape")
    await desk.page.locator(".plan-step").first.wait_for()
    acts = desk.page.locator(".actions button:visible")
    rows = {round(box["y"]) for one in await acts.all() if (box := await one.bounding_box())}
    assert len(rows) == 2
    before = await desk.page.locator("#more").bounding_box()
    await desk.page.locator(".plan-step .quiet").first.click()
    await desk.page.get_by_role("button", name="Visa foto").click()
    await expect(desk.page.locator(".dossier")).to_contain_text("Närstående")
    assert await desk.page.locator("#more").bounding_box() == before
    clipped = await desk.page.evaluate(
        "[...document.querySelectorAll('.actions .act')].filter((one) => one.scrollWidth > one.clientWidth).length"
    )
    assert clipped == 0


@pytest.mark.parametrize(("language", "theme"), [("sv", "light"), ("en", "dark")])
async def test_axe_finds_nothing_in_the_incident_zone_nor_in_its_dialogs(desk: Desk, language: str, theme: str) -> None:
    await desk.page.add_init_script(f"localStorage.setItem('larm.theme', '{theme}')")
    await desk.page.emulate_media(reduced_motion="reduce")
    await desk.enter("one", language)
    await desk.page.keyboard.press("Escape")
    await desk.steer("inside", place=PLACE, indoor=INDOOR)
    await desk.page.locator(".plan-step .quiet").first.click()
    await desk.page.locator(".dossier .act").click()
    await desk.page.locator(".dossier .notes").wait_for()
    found = await violations(desk, "zone")
    await desk.page.keyboard.press("Escape")
    await desk.page.locator("#more").click()
    await desk.page.get_by_role("menu").wait_for()
    found += await violations(desk, "menu")
    await desk.page.keyboard.press("Escape")
    for key in ("b", "a", "h", "o", "s"):
        await desk.page.keyboard.press(key)
        await desk.page.locator("dialog[open]").wait_for()
        if key == "s":
            await desk.page.keyboard.press("1")
            await desk.page.keyboard.press("Control+Enter")
            await desk.page.locator(".question .refusal").first.wait_for()
        found += await violations(desk, key)
        await desk.page.keyboard.press("Escape")
    assert found == []

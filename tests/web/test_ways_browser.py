"""The pages about ways out and the card for the operator's own call, in a real browser, by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, expect

from tests.web.conftest import Desk
from tests.web.test_console_browser import violations

expect.set_options(timeout=15_000)

ANNA = "a0000000-0000-7000-8000-000000000000"


async def enter_as(desk: Desk, role: str, person_id: str | None = None, language: str = "sv") -> None:
    """Come in as somebody of this role; the stand-in forgets who it was with the next reset."""
    await desk.enter("one", language)
    await desk.steer("me", role=role, person_id=person_id)
    await desk.page.reload()
    await desk.page.locator(".console.fresh-live").wait_for()


async def open_section(desk: Desk, name: str) -> None:
    """Turn to one of the pages about ways out."""
    await desk.page.keyboard.press("8")
    await desk.page.locator(".sections").get_by_role("button", name=name, exact=True).click()


async def press(button: Locator) -> None:
    """Press it as the keyboard does."""
    await button.focus()
    await button.press("Enter")


async def test_the_board_says_in_words_what_is_dead_and_what_waits(desk: Desk) -> None:
    await enter_as(desk, "operator")
    await desk.page.keyboard.press("8")
    apns = desk.page.locator(".way-list .way").first
    await expect(apns).to_contain_text("bär")
    await desk.steer("ways", dead=["apns"])
    await expect(apns).to_contain_text("död")
    await expect(apns).to_contain_text("inget svar i tid")
    await expect(apns).to_contain_text("3 väntar")
    await expect(desk.page.get_by_role("alert").filter(has_text="hoppar just nu över")).to_contain_text("app (iPhone)")
    await expect(desk.page.get_by_text("Prov skickas av chefer och administratörer.")).to_be_visible()


async def test_a_test_of_a_way_shows_what_comes_back(desk: Desk) -> None:
    await enter_as(desk, "manager")
    await desk.page.keyboard.press("8")
    await press(desk.page.locator(".way-list .way").nth(2))
    await desk.page.get_by_label("Till vem").first.fill("anna")
    await desk.page.get_by_role("radio", name="Anna Lindqvist").check()
    await press(desk.page.get_by_role("button", name="Skicka prov"))
    trial = desk.page.get_by_test_id("trial")
    await expect(trial).to_contain_text("På väg")
    await expect(trial).to_contain_text("46elks sms tog emot på 42 ms")
    await expect(trial).to_contain_text("Framme via 46elks sms")
    await expect(trial).to_contain_text('200 {"status": "created"}')


async def test_a_row_is_mended_tried_and_signed(desk: Desk) -> None:
    await enter_as(desk, "admin")
    await open_section(desk, "Larmmottagare")
    await press(desk.page.get_by_role("button", name="Sätt provläge"))
    await expect(desk.page.locator(".test-state")).to_contain_text("I PROVLÄGE till")
    await press(desk.page.locator(".rows-of .link").first)
    dialog = desk.page.get_by_role("dialog")
    await expect(dialog.locator("pre").first).to_contain_text("<eventcode>PA</eventcode>")
    await dialog.get_by_label("Kod SIA").fill("X")
    await expect(dialog.locator(".complaints")).to_contain_text("Kod SIA: koden har fel form")
    await press(dialog.get_by_role("button", name="Spara"))
    await expect(dialog.get_by_role("alert").first).to_contain_text("Så kan det inte börja gälla")
    await dialog.get_by_label("Kod SIA").fill("HA")
    await press(dialog.get_by_role("button", name="Spara"))
    await expect(dialog.get_by_role("button", name="Använd vårt förslag")).to_be_visible()
    await expect(dialog.get_by_role("button", name="Underteckna")).to_be_disabled()
    await press(dialog.get_by_role("button", name="Prova raden"))
    await expect(dialog.get_by_test_id("trial")).to_contain_text("larmbolaget tog emot på 42 ms")
    await dialog.get_by_label("Vem hos dem, och vad de såg").fill("Eva, HA")
    await press(dialog.get_by_role("button", name="Underteckna"))
    await expect(dialog.locator(".signature")).to_contain_text("efter prov via Primär")
    await desk.page.keyboard.press("Escape")
    await expect(desk.page.locator(".rows-of tbody tr").first).to_contain_text("överenskommen, 1")
    await expect(desk.page.get_by_role("button", name="7 rader ej undertecknade")).to_be_visible()


async def test_a_row_is_not_tried_while_the_centre_would_take_it_for_real(desk: Desk) -> None:
    await enter_as(desk, "admin")
    await open_section(desk, "Larmmottagare")
    await press(desk.page.locator(".rows-of .link").first)
    await press(desk.page.get_by_role("button", name="Prova raden"))
    await expect(desk.page.get_by_test_id("trial")).to_contain_text("Sätt provläge först.")


async def test_a_text_is_counted_refused_in_words_and_saved(desk: Desk) -> None:
    await enter_as(desk, "manager")
    await open_section(desk, "Texter")
    await press(desk.page.get_by_role("button", name="Ändra Sms (tyst)"))
    dialog = desk.page.get_by_role("dialog")
    await dialog.get_by_label("Text").fill("{kind} hos {namn}")
    await expect(dialog.get_by_role("status")).to_contain_text("Text: {namn} finns inte att fylla i")
    await expect(dialog.get_by_role("status")).to_contain_text("tyst larm måste säga att man inte ringer")
    await press(dialog.get_by_role("button", name="Spara"))
    await expect(dialog.get_by_role("alert")).to_contain_text("Så kan det inte börja gälla")
    await dialog.get_by_label("Text").fill("{kind} hos {subject}. ")
    await dialog.get_by_label("Text").press("End")
    await press(dialog.get_by_role("button", name="{advice}"))
    await expect(dialog.locator(".bubble")).to_have_text("Fall hos Anna Lindqvist. Ring inte upp.")
    await expect(dialog.get_by_role("status")).to_contain_text("39 av 160 tecken")
    await press(dialog.get_by_role("button", name="Spara"))
    await expect(dialog).to_have_count(0)
    row = desk.page.locator(".texts tbody tr").nth(3)
    await expect(row).to_contain_text("nämndens, alla sorter")
    await expect(row).to_contain_text("Fall hos Anna Lindqvist. Ring inte upp.")


async def test_a_person_keeps_her_own_contact_points_by_keyboard(desk: Desk) -> None:
    await enter_as(desk, "worker", ANNA)
    await desk.page.keyboard.press("8")
    rows = desk.page.locator(".point")
    await expect(rows).to_have_count(3)
    await expect(rows.first).to_contain_text("nådd för 1 min sedan")
    await press(desk.page.get_by_role("button", name=re.compile(r"^Flytta upp sms")))
    await expect(rows.first).to_contain_text("+46701740610")
    await desk.page.get_by_label("Nummer med landskod").fill("070")
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.get_by_role("alert").filter(has_text="telefonnummer")).to_be_visible()
    await desk.page.get_by_label("Nummer med landskod").fill("+46701740699")
    await desk.page.keyboard.press("Enter")
    await expect(rows).to_have_count(4)
    await press(desk.page.get_by_role("button", name=re.compile(r"^Bekräfta: sms \+46701740699")))
    await desk.page.get_by_label("Kod", exact=True).fill("1")
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.get_by_role("alert").filter(has_text="Fel kod")).to_contain_text("Försök kvar: 4.")
    await desk.page.get_by_label("Kod", exact=True).fill("123456")
    await desk.page.keyboard.press("Enter")
    await expect(rows.last).to_contain_text("bekräftad")
    remove = desk.page.get_by_role("button", name=re.compile(r"^(Ta bort|Säker\?): sms \+46701740699"))
    await press(remove)
    await press(remove)
    await expect(rows).to_have_count(3)


async def test_a_manager_sees_whose_points_need_a_look_and_an_operator_may_not_change_them(desk: Desk) -> None:
    await enter_as(desk, "manager")
    await open_section(desk, "Kontaktvägar")
    await press(desk.page.locator(".troubled").get_by_role("button", name=re.compile("^Karin Öberg")))
    book = desk.page.get_by_role("region", name="Karin Öberg: kontaktvägar")
    await expect(book).to_contain_text("borta för 1 h 06 min sedan: UNREGISTERED")
    await press(book.get_by_role("button", name=re.compile("^Prova: sökare")))
    await press(book.get_by_role("button", name="Jag såg det komma fram"))
    await expect(book.locator(".point").filter(has_text="302")).to_contain_text("bekräftad")
    await enter_as(desk, "operator")
    await open_section(desk, "Kontaktvägar")
    await press(desk.page.locator(".troubled").get_by_role("button", name=re.compile("^Karin Öberg")))
    await expect(book).to_contain_text("sökare")
    await expect(book.get_by_role("button")).to_have_count(0)


async def test_the_card_is_read_and_the_call_stamped_by_keyboard_and_nothing_dials(desk: Desk) -> None:
    await enter_as(desk, "operator")
    await desk.page.keyboard.press("c")
    dialog = desk.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Systemet ringer aldrig SOS.")
    await expect(dialog).to_contain_text("Portkod")
    await expect(dialog).to_contain_text("1947")
    await expect(dialog).to_contain_text("Hund i lägenheten")
    assert await dialog.locator("a, [href]").count() == 0
    say, where = [await dialog.locator(f".card-columns > div:nth-child({at})").bounding_box() for at in (1, 2)]
    assert say is not None
    assert where is not None
    assert where["x"] > say["x"] + say["width"], "the card's styles come with the card"
    await press(dialog.get_by_role("button", name="Jag har ringt"))
    await expect(dialog.locator(".stamp").first).to_contain_text("Sofia Grahn")
    await dialog.get_by_label("Ärendenummer hos SOS").fill("17-4711")
    await desk.page.keyboard.press("Enter")
    await expect(dialog.locator(".stamp").last).to_contain_text("17-4711")
    await desk.page.keyboard.press("Escape")
    await expect(desk.page.locator(".lines")).to_contain_text("Sofia Grahn ringde SOS")


async def test_a_silent_alarms_card_has_no_number_to_ring_back(desk: Desk) -> None:
    await desk.enter("empty")
    await desk.steer("alarm", who=0, kind="duress", silent=True)
    await desk.page.locator(".row").wait_for()
    await desk.page.keyboard.press("c")
    await expect(desk.page.get_by_role("dialog")).to_contain_text("Ring inte upp: tyst larm")
    await expect(desk.page.get_by_role("dialog")).not_to_contain_text("070-174 06 10")


async def test_a_dead_way_in_the_strip_leads_to_the_board(desk: Desk) -> None:
    await enter_as(desk, "operator")
    await desk.steer("system", alarms=[{"fault": "way_out_dead"}])
    await press(desk.page.get_by_test_id("system").get_by_role("button", name="Visa sidan"))
    await expect(desk.page.locator(".way-list .way").first).to_be_visible()


@pytest.mark.parametrize(("language", "theme"), [("sv", "dark"), ("en", "light")])
async def test_axe_finds_nothing_on_the_pages_about_ways_out(desk: Desk, language: str, theme: str) -> None:
    await desk.page.add_init_script(f"localStorage.setItem('larm.theme', '{theme}')")
    await desk.page.emulate_media(reduced_motion="reduce")
    await enter_as(desk, "admin", ANNA, language)
    await desk.steer("ways", dead=["apns"])
    found: list[str] = []
    await desk.page.keyboard.press("8")
    for number, landmark in enumerate((".way.is-dead", ".rows-of td", ".texts td", ".point")):
        await desk.page.locator(".sections .tab").nth(number).click()
        await desk.page.locator(landmark).first.wait_for()
        found += await violations(desk, landmark)
    for number, opener, landmark in ((1, ".rows-of .link", "pre"), (2, ".texts .act", ".bubble")):
        await desk.page.locator(".sections .tab").nth(number).click()
        await desk.page.locator(opener).nth(1).click()
        await desk.page.locator(f"dialog {landmark}").first.wait_for()
        found += await violations(desk, f"dialog {landmark}")
        await desk.page.keyboard.press("Escape")
    await enter_as(desk, "operator", None, language)
    await desk.page.keyboard.press("c")
    await desk.page.locator("dialog .card-script").wait_for()
    found += await violations(desk, "card")
    assert found == []

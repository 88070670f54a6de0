"""The worker's phone in a real browser against the real server: calling for help, seen and unseen, and working alone.

Each test has a person of its own, and leaves the house as it found it.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import APIRequestContext, Browser, BrowserContext, ConsoleMessage, Page, Route, expect

from tests.waiting import until

PASSWORD = "prova-larmet"  # of the made-up municipality, as are its PINs
PIN = "2468"
DURESS_PIN = "8642"
HOLD_MS = 3200
SIGNALS = "**/api/me/signals"


@dataclass
class Pocket:
    """One worker's phone, and the desk's own word on what it hears."""

    page: Page
    context: BrowserContext
    desk: APIRequestContext
    web: str
    errors: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)

    async def log_in(self, login: str) -> None:
        await self.page.locator("input[name=login]").fill(login)
        await self.page.locator("input[name=password]").fill(PASSWORD)
        await self.page.keyboard.press("Enter")
        await self.page.locator(".shell").wait_for()
        await expect(self.page.locator(".contact:not(.lost)")).to_be_visible()

    async def go(self, tab: str) -> None:
        await self.page.get_by_role("navigation").get_by_role("link", name=tab).click()

    async def hold(self, ms: int = HOLD_MS) -> None:
        """Hold the button with a finger; what passes here is the three seconds themselves."""
        box = await self.page.locator(".sos").bounding_box()
        assert box is not None
        await self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        await self.page.mouse.down()
        await self.page.wait_for_timeout(ms)
        await self.page.mouse.up()

    async def incidents(self, name: str) -> list[dict[str, Any]]:
        """The person's open incidents, as the desk sees them."""
        answer = await self.desk.get(f"{self.web}/api/incidents")
        assert answer.ok, await answer.text()
        rows: list[dict[str, Any]] = (await answer.json())["incidents"]
        return [one for one in rows if (one["person"] or {}).get("name") == name and one["state"] != "stood_down"]

    async def an_incident(self, name: str, *, silent: bool) -> dict[str, Any]:
        """Wait until the desk has one."""

        async def there() -> bool:
            return any(one["silent"] is silent for one in await self.incidents(name))

        await until(there, "the desk has an incident", within_s=15)
        return next(one for one in await self.incidents(name) if one["silent"] is silent)

    async def order(self, incident_id: str, what: str, **body: Any) -> None:
        if body.get("outcome") == "test":
            body["closing"] = [{"key": "cause", "choice": "training", "note": "Provat."}]
        answer = await self.desk.post(f"{self.web}/api/incidents/{incident_id}/{what}", data=body)
        assert answer.ok, await answer.text()

    async def stand_all_down(self, name: str) -> None:
        for one in await self.incidents(name):
            await self.order(one["id"], "stand-down", outcome="test")

    async def own(self, what: str, **body: Any) -> int:
        """Ask as the phone does, past its screen."""
        answer = await self.context.request.post(
            f"{self.web}/api/me/{what}", data=body, headers={"X-Larm": "1", "X-Larm-As": "phone"}
        )
        return answer.status

    async def picture(self) -> str:
        """The whole document but what its clocks show."""
        return re.sub(r"\b\d+(:\d\d){1,2}\b", "", await self.page.content())

    async def say_pin(self, pin: str) -> None:
        for key in pin:
            await self.page.locator(".keys").get_by_role("button", name=key, exact=True).click()
        await self.page.locator(".keys button[type=submit]").click()


Pick = Callable[[str], Awaitable[Pocket]]


@pytest.fixture
async def pick(browser: Browser, demo: dict[str, Any]) -> AsyncIterator[Pick]:
    """Take a phone out, in a language; no page may complain, and nothing may leave the origin."""
    taken: list[Pocket] = []
    desks: list[BrowserContext] = []

    async def take(language: str = "sv") -> Pocket:
        desk = await browser.new_context(extra_http_headers={"X-Larm": "1", "X-Larm-As": "desk"})
        desks.append(desk)
        entered = await desk.request.post(f"{demo['web']}/api/session", data={"login": "karin", "password": PASSWORD})
        assert entered.ok, await entered.text()
        context = await browser.new_context(
            viewport={"width": 390, "height": 844},
            locale="sv-SE",
            timezone_id="Europe/Stockholm",
            has_touch=True,
            permissions=["geolocation"],
            geolocation={"latitude": 61.2345, "longitude": 14.0456},
        )
        context.set_default_timeout(15_000)
        pocket = Pocket(await context.new_page(), context, desk.request, demo["web"])
        taken.append(pocket)
        watch(pocket)
        await pocket.page.add_init_script(f"localStorage.setItem('larm.language', '{language}')")
        await pocket.page.goto(demo["phone"])
        return pocket

    yield take
    for pocket in taken:
        await pocket.context.close()
    for desk in desks:
        await desk.close()
    assert [error for pocket in taken for error in pocket.errors] == []
    assert [stray for pocket in taken for stray in pocket.strays] == []


def watch(pocket: Pocket) -> None:
    """Listen for complaints. A refused or cut request is logged by the browser too, and is no fault of the page."""

    def complain(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            pocket.errors.append(message.text)

    pocket.page.on("console", complain)
    pocket.page.on("pageerror", lambda error: pocket.errors.append(str(error)))
    pocket.page.on("request", lambda r: None if r.url.startswith(pocket.web) else pocket.strays.append(r.url))


async def cut(route: Route) -> None:
    await route.abort("internetdisconnected")


async def test_held_for_three_seconds_the_desk_sees_it_and_the_phone_sees_who_takes_it(pick: Pick) -> None:
    phone = await pick("sv")
    await phone.log_in("hampus")
    await phone.hold(1200)
    await expect(phone.page.get_by_text("Du släppte för tidigt")).to_be_visible()
    assert await phone.incidents("Hampus Lundmark") == []

    await phone.hold()
    await expect(phone.page.get_by_role("heading", name="Larmcentralen har ditt larm.")).to_be_visible()
    incident = await phone.an_incident("Hampus Lundmark", silent=False)
    assert incident["kind"] == "panic"
    assert round(incident["position"]["lat"], 4) == 61.2345

    await phone.order(incident["id"], "acknowledge")
    await expect(phone.page.get_by_role("heading", name="En människa har tagit ditt larm.")).to_be_visible()
    await expect(phone.page.locator(".step.done")).to_have_count(3)
    await phone.stand_all_down("Hampus Lundmark")
    await expect(phone.page.get_by_role("heading", name="Larmet är avslutat")).to_be_visible()


async def test_without_network_it_is_stored_outlives_a_reload_and_is_sent_on_return_with_its_own_time(
    pick: Pick,
) -> None:
    phone = await pick("en")
    await phone.log_in("gunilla")
    await phone.context.set_offline(True)
    await phone.page.locator(".sos").focus()
    await phone.page.keyboard.down("Space")  # the keyboard's way, all of it
    await phone.page.wait_for_timeout(HOLD_MS)
    await phone.page.keyboard.up("Space")
    await expect(phone.page.get_by_role("heading", name="Stored. Will be sent as soon as possible.")).to_be_visible()

    await phone.page.route(SIGNALS, cut)
    await phone.context.set_offline(False)
    await phone.page.reload()
    await expect(phone.page.get_by_role("heading", name="Stored.")).to_be_visible()
    await expect(phone.page.get_by_text("One thing waits to be sent")).to_be_visible()
    assert await phone.incidents("Gunilla Ek") == []

    back_at = datetime.fromisoformat(await phone.page.evaluate("new Date().toISOString()"))
    await phone.page.unroute(SIGNALS)
    await phone.page.evaluate("dispatchEvent(new Event('online'))")  # as a phone says that its network is back
    await expect(phone.page.get_by_role("heading", name="The alarm centre has your alarm.")).to_be_visible()
    incident = await phone.an_incident("Gunilla Ek", silent=False)
    assert datetime.fromisoformat(incident["event_at"]) < back_at
    assert incident["lateness_s"] > 0
    await phone.stand_all_down("Gunilla Ek")


COVERT_KEPT = """() => new Promise((found) => {
  const opened = indexedDB.open("larm-phone");
  opened.onsuccess = () => {
    const rows = opened.result.transaction("outbox").objectStore("outbox").getAll();
    rows.onsuccess = () => { opened.result.close(); found(rows.result.some((row) => row.covert)); };
  };
})"""


async def test_a_covert_alarm_reaches_the_desk_and_changes_not_a_byte_of_the_phone(pick: Pick) -> None:
    phone = await pick("sv")
    await phone.log_in("farid")
    await phone.page.wait_for_function("document.querySelector('.told')")
    before = await phone.picture()
    for _ in range(3):
        await phone.page.locator(".top .time").click()
    await phone.an_incident("Farid Haddad", silent=True)
    assert await phone.picture() == before
    await phone.stand_all_down("Farid Haddad")

    # A second one that cannot be sent, beside a check-in that cannot be sent either.
    assert await phone.own("session", purpose="Hembesök", check_in_every_s=3600) == 201
    await phone.page.reload()
    await phone.go("Pass")
    await phone.page.route("**/api/me/s*/**", cut)
    await phone.page.route(SIGNALS, cut)
    await phone.page.get_by_role("button", name="Jag mår bra").click()
    await expect(phone.page.get_by_text("En sak väntar på att skickas")).to_be_visible()
    before = await phone.picture()
    for _ in range(3):
        await phone.page.locator(".top .time").click()
    await phone.page.wait_for_function(COVERT_KEPT)
    assert await phone.picture() == before
    await phone.page.reload()

    async def same() -> bool:
        return await phone.picture() == before

    await until(same, "the page is as it was, although both still wait", within_s=15)
    await phone.page.wait_for_function(COVERT_KEPT)
    assert await phone.incidents("Farid Haddad") == []
    await phone.page.unroute_all()
    await phone.page.evaluate("dispatchEvent(new Event('online'))")
    await phone.an_incident("Farid Haddad", silent=True)
    await phone.stand_all_down("Farid Haddad")
    assert await phone.own("session/end") == 204


async def test_a_visit_is_refused_where_nobody_goes_alone_runs_elsewhere_and_ends_alike_under_either_pin(
    pick: Pick,
) -> None:
    phone = await pick("sv")
    await phone.log_in("dag")
    page = phone.page
    await phone.go("Pass")
    await page.locator("form.start select").first.select_option(label="Skogsstigen 3")
    await page.get_by_role("button", name="Hembesök").click()
    await page.get_by_role("button", name="Starta passet").click()
    await expect(page.get_by_text("AFS 2023:2")).to_be_visible()
    await expect(page.get_by_text("Gå två")).to_be_visible()
    await expect(page.locator("form.start input").first).to_have_value("Hembesök")

    pictures = []
    for pin in (PIN, DURESS_PIN):
        await page.locator("form.start select").first.select_option("")
        await page.locator("form.start input").first.fill("Hembesök")
        await page.get_by_role("button", name="Starta passet").click()
        await page.get_by_role("button", name="Avsluta passet").wait_for()
        await page.get_by_role("button", name="+30 min").click()
        await expect(page.get_by_role("heading", name="Slutar")).to_be_visible()
        await page.get_by_role("button", name="Jag mår bra").click()
        await expect(page.get_by_text("Larmcentralen har det inte än")).to_have_count(0)
        await page.get_by_role("button", name="Avsluta passet").click()
        await phone.say_pin(pin)
        await page.get_by_role("button", name="Starta passet").wait_for()
        await expect(page.locator(".checks")).to_be_visible()
        pictures.append(await phone.picture())
        silent = [one["silent"] for one in await phone.incidents("Dag Sjöström")]
        assert silent == ([] if pin == PIN else [True])
    assert pictures[0] == pictures[1]
    await phone.stand_all_down("Dag Sjöström")


FALL = """() => {
  let at = performance.now();
  const feel = (ms, g) => {
    for (const end = at + ms; at < end; at += 20) {
      const event = new Event("devicemotion");
      Object.defineProperty(event, "timeStamp", { value: at });
      Object.defineProperty(event, "accelerationIncludingGravity", { value: { x: 0, y: 0, z: g * 9.81 } });
      window.dispatchEvent(event);
    }
  };
  feel(400, 0.1);
  feel(60, 3.2);
  feel(10200, 1);
}"""


async def test_a_fall_counts_down_over_the_whole_screen_and_a_pin_ends_it(pick: Pick) -> None:
    phone = await pick("sv")
    page = phone.page
    # What a phone that lets a page feel motion without asking looks like.
    await page.add_init_script("delete DeviceMotionEvent.requestPermission")
    await page.reload()
    await phone.log_in("anna")
    assert await phone.own("session", purpose="Hembesök", check_in_every_s=3600) == 201
    await page.reload()
    await phone.go("Pass")
    await expect(page.get_by_text("Telefonen känner fall och stillhet")).to_be_visible()
    await page.evaluate(FALL)
    await expect(page.get_by_role("heading", name="Mår du bra?")).to_be_visible()
    await expect(page.get_by_text("Larmcentralen räknar också.")).to_be_visible()
    await phone.say_pin("1111")
    await expect(page.get_by_text("Fel PIN-kod.")).to_be_visible()
    await phone.say_pin(PIN)
    await expect(page.get_by_role("heading", name="Mår du bra?")).to_have_count(0)
    await page.get_by_role("button", name="Avsluta passet").wait_for()
    assert await phone.incidents("Anna Lindqvist") == []
    assert await phone.own("session/end") == 204


@pytest.mark.parametrize(("language", "theme"), [("sv", "dark"), ("en", "light")])
async def test_axe_finds_nothing_on_any_page(pick: Pick, language: str, theme: str) -> None:
    phone = await pick(language)
    page = phone.page
    await page.add_init_script(f"localStorage.setItem('larm.theme', '{theme}')")
    await page.reload()

    async def look(where: str) -> None:
        results = await Axe().run(
            page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
        )
        assert results.violations_count == 0, f"{where}: {results.generate_report()}"

    await page.locator("input[name=login]").wait_for()
    await look("log-in")
    await phone.log_in("anna")
    await look("alarm")
    await page.goto(f"{page.url.split('#')[0]}#/visit")
    await page.locator(".start").wait_for()
    await look("start")
    await page.goto(f"{page.url.split('#')[0]}#/me")
    await page.locator("main.me").wait_for()
    await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    await look("me")
    soon = await page.evaluate("new Date(Date.now() + 240_000).toISOString()")  # five minutes before it reminds
    assert await phone.own("session", purpose="x", ends_at=soon) == 201
    await page.reload()
    await page.locator(".reminder").wait_for()
    await look("reminder")
    assert await phone.own("session/end") == 204
    assert await phone.own("session", purpose="x", check_in_every_s=3600) == 201
    await page.reload()
    await page.goto(f"{page.url.split('#')[0]}#/visit")
    await page.locator(".due").wait_for()
    await look("visit")
    assert await phone.own("pre-alarm", kind="fall") == 204
    await page.reload()
    await page.locator(".prealarm").wait_for()
    await look("pre-alarm")
    assert await phone.own("pre-alarm/cancel", pin=PIN) == 204
    assert await phone.own("session/end") == 204


async def test_the_button_is_large_and_nothing_runs_out_of_a_small_screen(pick: Pick) -> None:
    phone = await pick("sv")
    await phone.log_in("anna")
    for width, height, least in ((390, 844, 300), (320, 568, 200), (844, 390, 200)):
        await phone.page.set_viewport_size({"width": width, "height": height})
        box = await phone.page.locator(".sos").bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= least, (width, height, box)
        assert box["y"] + box["height"] <= height
        for tab in ("Pass", "Mitt", "Larm"):
            await phone.go(tab)
            assert await phone.page.evaluate("document.documentElement.scrollWidth") <= width, (tab, width)
            # What was found and then drawn anew is not on the page any more, and measures nothing.
            small = await phone.page.locator("button:visible, a:visible, summary:visible").evaluate_all(
                "all => all.filter(one => one.isConnected).map(one => [one.textContent, one.getBoundingClientRect()])"
                ".filter(([, box]) => Math.min(box.width, box.height) < 44).map(([text]) => text)"
            )
            assert small == [], (tab, width)

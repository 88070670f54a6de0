"""The managers' pages in a real browser against the real server: found, replayed, taken out, written."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import secrets
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import APIRequestContext, Browser, BrowserContext, ConsoleMessage, Page, Route, expect

ROOT = Path(__file__).parents[2]
PASSWORD = "prova-larmet"  # of the made-up municipality
SAID = "Dörren var låst: granngården öppnade."
POINTS = ((61.2345, 14.0456), (61.2351, 14.0462), (61.2358, 14.0470))
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
MANY = 5000
AT_MOST_MS = 1000.0
OPENED = "() => performance.now() - window.pressed"


@dataclass
class Reader:
    """One manager's browser. errors, strays: what the page complained of, and requests that left the origin."""

    page: Page
    context: BrowserContext
    web: str
    errors: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)

    async def log_in(self, login: str = "admin") -> None:
        await self.page.locator("input[name=login]").fill(login)
        await self.page.locator("input[name=password]").fill(PASSWORD)
        await self.page.keyboard.press("Enter")
        await self.page.locator("input[name=login]").wait_for(state="detached")

    async def go(self, hash: str) -> None:
        await self.page.goto(f"{self.web}/manager/{hash}")


Read = Callable[..., Awaitable[Reader]]


@pytest.fixture
async def read(browser: Browser, demo: dict[str, Any]) -> AsyncIterator[Read]:
    """Sit down at the managers' pages; no page may complain, and nothing may leave the origin."""
    taken: list[Reader] = []

    async def sit(language: str = "sv", theme: str = "dark", hash: str = "") -> Reader:
        context = await browser.new_context(
            viewport={"width": 1280, "height": 800}, locale="sv-SE", timezone_id="Europe/Stockholm"
        )
        context.set_default_timeout(15_000)
        reader = Reader(await context.new_page(), context, demo["web"])
        taken.append(reader)
        watch(reader)
        await reader.page.add_init_script(
            f"localStorage.setItem('larm.language', '{language}'); localStorage.setItem('larm.theme', '{theme}')"
        )
        await reader.go(hash)
        return reader

    yield sit
    for reader in taken:
        await reader.context.close()
    assert [error for reader in taken for error in reader.errors] == []
    assert [stray for reader in taken for stray in reader.strays] == []


def watch(reader: Reader) -> None:
    """Listen for complaints. A refusal by the server is logged by the browser too, and is no fault of the page."""

    def complain(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            reader.errors.append(message.text)

    reader.page.on("console", complain)
    reader.page.on("pageerror", lambda error: reader.errors.append(str(error)))
    reader.page.on("request", lambda r: None if r.url.startswith(reader.web) else reader.strays.append(r.url))


@pytest.fixture(scope="module")
async def desk(browser: Browser, demo: dict[str, Any]) -> AsyncIterator[APIRequestContext]:
    """Lars at the desk, past his screen."""
    context = await browser.new_context(extra_http_headers={"X-Larm": "1", "X-Larm-As": "desk"})
    entered = await context.request.post(f"{demo['web']}/api/session", data={"login": "lars", "password": PASSWORD})
    assert entered.ok, await entered.text()
    yield context.request
    await context.close()


@pytest.fixture(scope="module")
async def past(browser: Browser, demo: dict[str, Any], desk: APIRequestContext) -> str:
    """An alarm of Farid's that moved, was taken, noted on and stood down; its id."""
    web = demo["web"]
    context = await browser.new_context(extra_http_headers={"X-Larm": "1", "X-Larm-As": "phone"})
    entered = await context.request.post(f"{web}/api/session", data={"login": "farid", "password": PASSWORD})
    assert entered.ok, await entered.text()
    for kind, (lat, lon) in zip(("panic", "position", "position"), POINTS, strict=True):
        now = datetime.now(UTC).isoformat()  # noqa: TID251  # the phone's own
        place = {"lat": lat, "lon": lon, "accuracy_m": 8, "fix_at": now}
        body = {
            "id": secrets.token_hex(16),
            "kind": kind,
            "event_at": now,
            "sent_at": now,
            "confirmed": True,
            "position": place,
        }
        sent = await context.request.post(f"{web}/api/me/signals", data=body)
        assert sent.status == 202, await sent.text()
    await context.close()
    rows = (await (await desk.get(f"{web}/api/incidents")).json())["incidents"]
    (incident,) = [
        row["id"] for row in rows if (row["person"] or {}).get("name") == "Farid Haddad" and not row["silent"]
    ]
    cause = {"key": "cause", "choice": "by_mistake"}
    for what, order in (
        ("acknowledge", {}),
        ("note", {"text": SAID}),
        ("stand-down", {"outcome": "false", "note": "Väskan tryckte på knappen.", "closing": [cause]}),
    ):
        answer = await desk.post(f"{web}/api/incidents/{incident}/{what}", data=order)
        assert answer.ok, await answer.text()
    return str(incident)


async def test_an_alarm_is_found_by_its_filters_and_the_address_keeps_them(read: Read, past: str) -> None:
    reader = await read()
    page = reader.page
    await reader.log_in()
    rows = page.locator(".rows tbody tr")
    await page.get_by_label("Sök").fill("Farid")
    await page.get_by_label("Utfall").select_option("false")
    row = rows.filter(has=page.locator(f'a[href="#/incidents/{past}"]'))
    await expect(row).to_contain_text("Falsklarm")
    await expect(page).to_have_url(re.compile(r"#/incidents\?.*outcome=false.*text=Farid"))
    kept = page.url
    number = await row.locator("th").inner_text()
    await page.get_by_label("Sök").fill(number.lower())
    await expect(page.locator(".count b")).to_have_text("1 larm")
    await page.get_by_label("Utfall").select_option("real")
    await expect(page.get_by_text("Inga larm", exact=True)).to_be_visible()

    await page.goto(kept)
    await page.reload()
    await expect(page.get_by_label("Sök")).to_have_value("Farid")
    await row.get_by_role("link").click()
    await expect(page.locator(".case-head")).to_contain_text(number)
    await page.get_by_role("link", name="Tillbaka till larmen").click()
    await expect(page).to_have_url(kept)
    await expect(row).to_be_visible()


async def test_an_alarm_is_replayed_on_the_map_and_in_its_account(read: Read, past: str) -> None:
    reader = await read(hash=f"#/incidents/{past}")
    page = reader.page
    await reader.log_in()
    account = page.locator(".account")
    await expect(account).to_contain_text(SAID)
    await expect(account).to_contain_text(["Varför larmades det", " Av misstag"][1].strip())
    await expect(page.locator(".board .here")).to_have_count(1)
    where, here = page.locator(".where"), account.locator("tr.here")
    await expect(where).to_contain_text("61.23580, 14.04700")
    await expect(here).to_have_count(1)
    opened = account.locator("tbody tr").first
    await opened.get_by_role("button").click()
    await expect(here).to_be_visible()
    await expect(where).not_to_contain_text("61.23580")
    await page.get_by_role("button", name="Nästa rad").click()
    await page.get_by_role("button", name="Spela upp").click()
    await expect(page.get_by_role("button", name="Pausa")).to_be_visible()
    await expect(where).to_contain_text("61.23580, 14.04700")
    slider = page.get_by_role("slider")
    await slider.focus()
    await page.keyboard.press("Home")
    await expect(page.get_by_role("button", name="Spela upp")).to_be_visible()
    assert await slider.get_attribute("aria-valuetext") == await page.locator(".player output").inner_text()


async def test_what_is_taken_out_can_be_verified_by_anybody(read: Read, past: str, tmp_path: Path) -> None:
    reader = await read("en", hash=f"#/incidents/{past}")
    page = reader.page
    await reader.log_in()
    async with page.expect_download() as saved:
        await page.get_by_role("link", name="JSON with hashes").click()
    whole = tmp_path / (await saved.value).suggested_filename
    await (await saved.value).save_as(whole)
    await expect(page.locator(".exports")).to_contain_text(f"larmcentral verify {whole.name}")
    assert await verify(whole) == 0
    changed = tmp_path / "changed.json"
    changed.write_text(whole.read_text().replace(SAID, "Allt gick bra."))
    assert await verify(changed) == 1
    await page.get_by_label("Without personal details").check()
    async with page.expect_download() as printed:
        await page.get_by_role("link", name="PDF in Swedish").click()
    pdf = tmp_path / "case.pdf"
    await (await printed.value).save_as(pdf)
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert (await printed.value).url.endswith("export.pdf?as=manager&language=sv&redacted=true")


async def verify(file: Path) -> int | None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "larmcentral", "verify", str(file)), cwd=ROOT, stdout=asyncio.subprocess.DEVNULL
    )
    return await process.wait()


async def test_five_thousand_lines_open_within_a_second(read: Read, past: str) -> None:
    reader = await read(hash=f"#/incidents/{past}")
    page = reader.page
    await reader.log_in()
    await page.locator(".account tbody tr").first.wait_for()

    async def long(route: Route) -> None:
        answer = await route.fetch()
        case = await answer.json()
        first = case["timeline"][0]
        line = {
            "kind": "notice_sent",
            "detail": {"channel": "sms", "person": "x"},
            "by": {"kind": "system", "name": None},
        }
        case["timeline"] = [{**first, **line, "seq": seq} for seq in range(1, MANY + 1)]
        await route.fulfill(response=answer, body=json.dumps(case))

    await page.route(f"**/api/incidents/{past}", long)
    took = []
    for _ in range(3):  # the machine may be busy with something else once
        await page.get_by_role("link", name="Tillbaka till larmen").click()
        link = page.locator(f'.rows a[href="#/incidents/{past}"]')
        await link.wait_for()
        await page.evaluate("() => (window.pressed = performance.now())")
        await link.click()
        await page.locator(f".account table[aria-rowcount='{MANY + 1}'] tbody tr[data-index]").first.wait_for()
        took.append(await page.evaluate(OPENED))
    assert min(took) <= AT_MOST_MS
    rows = page.locator(".account tr[data-index]")
    assert await rows.count() < 200
    await page.locator(".account .lines").evaluate("(box) => box.scrollTo({ top: box.scrollHeight })")
    await expect(page.locator(f".account tr[aria-rowindex='{MANY + 1}']")).to_be_visible()


async def test_an_alarm_is_found_and_read_by_keyboard_alone(read: Read, past: str) -> None:
    reader = await read("en", hash="#/incidents?text=Farid")
    page = reader.page
    await page.locator("input[name=login]").wait_for()
    await page.keyboard.type("admin")
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await page.locator(".rows tbody tr").first.wait_for()
    await press_until(page, "Tab", ".skip")
    await page.keyboard.press("Enter")
    await press_until(page, "Tab", ".rows tbody a")
    await press_until(page, "ArrowDown", f'a[href="#/incidents/{past}"]', at_most=20)
    await page.keyboard.press("Enter")
    await page.locator(".account tbody tr").first.wait_for()
    assert await page.evaluate("() => document.activeElement.tagName") == "MAIN"
    await press_until(page, "Tab", ".slider")
    await page.keyboard.press("Home")
    await press_until(page, "Tab", ".account .lines")
    await page.keyboard.press("End")
    await press_until(page, "Shift+Tab", ".back")
    await page.keyboard.press("Enter")
    await page.locator(".rows tbody tr").first.wait_for()


async def press_until(page: Page, key: str, selector: str, at_most: int = 60) -> None:
    """Press a key until something has the focus, and see that the focus shows."""
    for _ in range(at_most):
        if await page.evaluate("(what) => document.activeElement.matches(what)", selector):
            break
        await page.keyboard.press(key)
    shown = "(what) => [document.activeElement.matches(what), getComputedStyle(document.activeElement).outlineStyle]"
    assert await page.evaluate(shown, selector) == [True, "solid"]


async def test_an_action_plan_is_written_changed_and_removed(read: Read) -> None:
    reader = await read("sv", hash="#/plans/new")
    page = reader.page
    await reader.log_in()
    await page.get_by_label("Planens namn").fill("Sabotage")
    await page.get_by_label("Sort").select_option("tamper")
    await expect(page.get_by_role("button", name="Spara")).to_be_disabled()
    await page.get_by_label("Steg 1", exact=True).fill("Ring larmägaren.")
    await page.get_by_role("button", name="Lägg till steg").click()
    await expect(page.get_by_label("Steg 2", exact=True)).to_be_focused()
    await page.keyboard.type("Skicka vakt.")
    await page.get_by_role("button", name="Flytta upp steg 2").click()
    await expect(page.get_by_label("Steg 1", exact=True)).to_have_value("Skicka vakt.")
    await page.get_by_role("button", name="Spara").click()
    plan = page.get_by_role("navigation", name="Åtgärdsplaner").get_by_role("link", name="Sabotage")
    await plan.click()
    await expect(page.get_by_label("Steg 2", exact=True)).to_have_value("Ring larmägaren.")

    await page.get_by_label("Sort").select_option("panic")  # which another plan is for
    await page.get_by_role("button", name="Spara").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await expect(page.get_by_label("Steg 1", exact=True)).to_have_value("Skicka vakt.")
    await page.get_by_role("button", name="Ta bort planen").click()
    await page.get_by_role("button", name="Ja, ta bort").click()
    await expect(plan).to_have_count(0)


async def test_a_dossier_is_opened_by_a_press_and_kept_with_its_photo(read: Read) -> None:
    reader = await read("en", hash="#/people")
    page = reader.page
    await reader.log_in("maria")
    await page.get_by_label("Name or unit").fill("kalle")
    await page.get_by_role("link", name="Kalle Norberg").click()
    await expect(page.get_by_text("The person can see that you opened this.")).to_be_visible()
    await page.get_by_role("button", name="Open", exact=True).click()
    await page.get_by_label("Worth knowing").fill("Allergic to bees.")
    await page.get_by_role("button", name="Add next of kin").click()
    await expect(page.get_by_role("button", name="Save")).to_be_disabled()
    await page.get_by_label("Name", exact=True).fill("Britt Norberg")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved")).to_be_visible()
    photo = page.get_by_role("img", name="Photo of Kalle Norberg")
    await page.locator("input[type=file]").set_input_files({"name": "k.png", "mimeType": "image/png", "buffer": PIXEL})
    await expect(photo).to_be_visible()
    assert await photo.evaluate("(it) => it.decode().then(() => it.naturalWidth)") == 1
    await page.reload()
    await page.get_by_role("button", name="Open", exact=True).click()
    await expect(page.get_by_label("Worth knowing")).to_have_value("Allergic to bees.")
    await expect(page.get_by_label("Name", exact=True)).to_have_value("Britt Norberg")
    await page.get_by_role("button", name="Remove photo").click()
    await expect(page.get_by_text("No photo")).to_be_visible()


async def test_a_drill_is_said_on_every_page_while_it_is_open(
    read: Read, desk: APIRequestContext, demo: dict[str, Any]
) -> None:
    reader = await read("sv", hash="#/response")
    page, web = reader.page, demo["web"]
    await reader.log_in()
    await page.locator(".bars").wait_for()
    persons = await (await desk.get(f"{web}/api/persons?part=Linnea")).json()
    started = await desk.post(f"{web}/api/drills", data={"person_id": persons[0]["id"]})
    band = page.get_by_text("ÖVNING pågår")
    await expect(band).to_be_visible()
    await page.get_by_role("link", name="Larm", exact=True).click()
    await expect(band).to_be_visible()
    drill = (await started.json())["incident_id"]
    await desk.post(f"{web}/api/incidents/{drill}/stand-down", data={"outcome": "drill"})
    await expect(band).to_have_count(0)


async def test_a_worker_is_told_where_his_own_page_is(read: Read) -> None:
    reader = await read("en")
    await reader.log_in("hampus")
    await expect(reader.page.get_by_role("link", name="To the phone app")).to_have_attribute("href", "/phone/")
    await reader.page.get_by_role("button", name="Log out").click()
    await reader.page.locator("input[name=login]").wait_for()


@pytest.mark.parametrize(("language", "theme"), [("sv", "dark"), ("en", "light")])
async def test_axe_finds_nothing_on_any_page(read: Read, past: str, language: str, theme: str) -> None:
    reader = await read(language, theme)
    page = reader.page

    async def look(where: str) -> None:
        results = await Axe().run(
            page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
        )
        assert results.violations_count == 0, f"{where}: {results.generate_report()}"

    await page.locator("input[name=login]").wait_for()
    await look("log-in")
    await reader.log_in()
    for hash, there in (
        ("#/incidents", ".rows tbody tr"),
        (f"#/incidents/{past}", ".board .here"),
        ("#/response", ".chart"),
        ("#/fleet", ".panel td"),
        ("#/plans/new", ".steps textarea"),
        ("#/people", ".choices li"),
    ):
        await reader.go(hash)
        await page.locator(there).first.wait_for()
        await look(hash)
    await page.locator(".choices li a").nth(3).click()
    await page.locator(".editor .primary").click()
    await page.locator(".dossier-head").wait_for()
    await look("dossier")

"""The responder's phone in a real browser against the real server: called out, pushed to, cut off, stood down."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import APIRequestContext, Browser, expect

from tests.web.callout import AS_DESK, AS_PHONE, HERE, PASSWORD, House, Phone, line_to, watch

Take = Callable[..., Awaitable[Phone]]


@pytest.fixture
async def house(browser: Browser, demo: dict[str, Any]) -> AsyncIterator[House]:
    """Karin at the desk and Anna in trouble; whatever Anna raised is stood down at the end."""
    contexts = []
    asking: dict[str, APIRequestContext] = {}
    for login, headers in (("karin", AS_DESK), ("anna", AS_PHONE)):
        context = await browser.new_context(extra_http_headers=headers)
        contexts.append(context)
        entered = await context.request.post(f"{demo['web']}/api/session", data={"login": login, "password": PASSWORD})
        assert entered.ok, await entered.text()
        asking[login] = context.request
    house = House(demo["web"], asking["karin"], asking["anna"], demo["peers"]["web_push"]["side"])
    yield house
    for one in await house.open():
        await house.order(one["id"], "stand-down", outcome="test", note="x")
    for context in contexts:
        await context.close()


@pytest.fixture
async def take(browser: Browser, demo: dict[str, Any]) -> AsyncIterator[Take]:
    """Take a phone out; no page may complain, and nothing may leave the origin."""
    taken: list[Phone] = []

    async def out(login: str | None, *, web: str = "", language: str = "sv", hash: str = "#/calls") -> Phone:
        context = await browser.new_context(
            viewport={"width": 390, "height": 844},
            locale="sv-SE",
            timezone_id="Europe/Stockholm",
            has_touch=True,
            permissions=["geolocation", "notifications"],
            geolocation={"latitude": HERE["latitude"], "longitude": HERE["longitude"]},
        )
        context.set_default_timeout(15_000)
        phone = Phone(await context.new_page(), context, web or demo["web"])
        taken.append(phone)
        watch(phone)
        await phone.page.add_init_script(
            f"localStorage.getItem('larm.language') ?? localStorage.setItem('larm.language', '{language}')"
        )
        await phone.page.goto(f"{phone.web}/phone/{hash}")
        if login is not None:
            await phone.log_in(login)
        return phone

    yield out
    for phone in taken:
        await phone.context.close()
    assert [error for phone in taken for error in phone.errors] == []
    assert [stray for phone in taken for stray in phone.strays] == []


async def test_two_who_are_called_see_each_other_and_hear_that_it_is_over(take: Take, house: House) -> None:
    bosse, cecilia = await take("bosse"), await take("cecilia", hash="#/alarm")
    incident = await house.panic()
    row = bosse.page.locator(".call-row.asks", has_text="Anna Lindqvist")
    await row.click()
    for words in ("Nödlarm", "235 m", "67.13210, 20.66050", "± 18 m", "Kommer du?"):
        await expect(bosse.page.locator("main.call")).to_contain_text(words)
    for link in ("geo:67.132100,20.660500?q=67.132100,20.660500", "https://www.openstreetmap.org/directions"):
        await expect(bosse.page.locator(f"main.call a[href^='{link}']")).to_have_attribute(
            "rel", "noreferrer" if link[0] == "g" else "noopener noreferrer"
        )
    await cecilia.page.locator(".call-banner a").click()
    await bosse.page.get_by_role("button", name="Jag kommer").click()
    pressed_at = time.monotonic()
    bosses_line = cecilia.page.locator(".others li", has_text="Bosse Åkerlund")
    await expect(bosses_line).to_contain_text("på väg")
    assert time.monotonic() - pressed_at < 2  # a second, and what the browser needs to say so
    await expect(bosse.page.get_by_role("button", name="Jag kommer")).to_have_attribute("aria-pressed", "true")
    await expect(bosse.page.locator(".answers [role=status]")).to_have_text("Larmcentralen har ditt svar: Jag kommer.")
    await expect(cecilia.page.locator(".ended")).to_contain_text("Du behöver inte komma")
    assert await house.state_of(incident["id"], "Bosse Åkerlund") == "going"
    await house.order(incident["id"], "message", to="responders", text="Vänta i bilen.")
    await expect(bosse.page.locator(".messages")).to_contain_text("Vänta i bilen.")
    await bosse.page.get_by_role("button", name="På plats").click()
    await expect(cecilia.page.locator(".others li", has_text="Bosse Åkerlund")).to_contain_text("på plats")
    await house.order(incident["id"], "stand-down", outcome="test", note="Provat.")
    for phone in (bosse, cecilia):
        await expect(phone.page.locator(".ended")).to_contain_text("Larmet är avslutat")
        await expect(phone.page.locator(".answers")).to_have_count(0)
    await expect(bosse.page.locator(".ended")).to_contain_text("Prov. Provat.")


async def test_a_silent_alarm_is_said_to_be_silent_and_its_wearer_sees_nothing(take: Take, house: House) -> None:
    bosse, anna = await take("bosse"), await take("anna", hash="#/alarm")
    await house.panic(silent=True)
    row = bosse.page.locator(".call-row.asks", has_text="Anna Lindqvist")
    await expect(row).to_contain_text("TYST")
    await row.click()
    await expect(bosse.page.locator("main.call")).to_contain_text("Ring inte upp den som larmar")
    await bosse.page.get_by_role("button", name="Jag kommer").click()
    await expect(bosse.page.locator(".answer.said")).to_have_count(1)
    await expect(anna.page.locator(".told h1")).to_have_text("Allt lugnt")
    assert await anna.notices() == []


async def test_a_push_shows_the_alarm_proves_the_phone_and_carries_the_answer(
    take: Take, house: House, demo: dict[str, Any]
) -> None:
    bosse = await take("bosse", hash="#/me")
    address = demo["peers"]["web_push"]["subscription"]  # the local push service opens what is sealed for it
    point = (await bosse.ask("POST", "/api/me/points", id=secrets.token_hex(16), channel="web_push", address=address))[
        "id"
    ]
    try:
        points = [one for one in await bosse.ask("GET", "/api/me/points") if one["retired_at"] is None]
        ids = sorted((one["id"] for one in points), key=lambda one: one != point)
        await bosse.ask("PUT", "/api/me/points/order", ids=ids)
        await bosse.ask("POST", f"/api/me/points/{point}/proof")
        await bosse.push(await house.pushed("service"))
        await bosse.a_notice("Den här telefonen nås av larm")
        (proven,) = [one for one in await bosse.ask("GET", "/api/me/points") if one["id"] == point]
        assert proven["verified_at"] is not None

        incident = await house.panic()
        alarm = await house.pushed("alarm", incident["id"])
        await bosse.push(alarm)
        notice = await bosse.a_notice(alarm["title"])
        assert (notice["tag"], notice["actions"], notice["silent"]) == (incident["id"], ["going", "cannot"], False)
        await bosse.press(incident["id"], "going")
        await bosse.a_notice("Du är på väg")
        assert await house.state_of(incident["id"], "Bosse Åkerlund") == "going"

        await bosse.press(incident["id"], "")
        await expect(bosse.page.locator("main.call h1")).to_have_text("Anna Lindqvist")
        assert bosse.page.url.endswith(f"#/calls/{incident['id']}")
        await house.order(incident["id"], "stand-down", outcome="test", note="x")
        over = await house.pushed("over", incident["id"])
        await bosse.push(over)
        assert (await bosse.a_notice(over["title"]))["actions"] == []
    finally:
        await bosse.ask("DELETE", f"/api/me/points/{point}")


async def test_a_push_that_must_not_show_shows_nothing_and_one_nobody_can_read_is_shown_all_the_same(
    take: Take,
) -> None:
    dag = await take("dag", hash="#/alarm")
    await dag.push({"about": "taken", "silent": True, "title": "Ditt larm är mottaget", "body": "x", "tag": "t"})
    await dag.push({"what": "no notice of ours"})
    await dag.a_notice("Nytt från larmcentralen")
    assert [one["title"] for one in await dag.notices()] == ["Nytt från larmcentralen"]


async def test_the_app_opens_without_any_network_and_an_answer_waits_for_it(
    take: Take, house: House, demo: dict[str, Any]
) -> None:
    incident = await house.panic()
    async with line_to(demo["web"]) as (web, cut):
        bosse = await take("bosse", web=web)
        await bosse.page.locator(".call-row.asks", has_text="Anna Lindqvist").click()
        await expect(bosse.page.locator("main.call h1")).to_have_text("Anna Lindqvist")
        await bosse.page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
        await cut()
        await bosse.page.get_by_role("button", name="Kan inte").click()
        await expect(bosse.page.locator(".answer.waits")).to_contain_text("Kan inte")
        await expect(bosse.page.locator(".answers [role=status]")).to_contain_text("Larmcentralen har inte svaret än")
        assert await house.state_of(incident["id"], "Bosse Åkerlund") == "notified"
        await bosse.page.reload()
        await bosse.page.locator(".shell").wait_for()
        await expect(bosse.page.locator(".waits")).to_have_text("En sak väntar på att skickas")
        kept = await bosse.page.evaluate(
            "caches.keys().then((all) => Promise.all(all.map(async (one) => (await (await caches.open(one)).keys())"
            ".map((it) => new URL(it.url).pathname)))).then((all) => all.flat())"
        )
        assert "/phone/" in kept
        assert [path for path in kept if path.startswith("/api")] == []


async def test_the_app_can_be_installed(take: Take, demo: dict[str, Any]) -> None:
    phone = await take(None)
    cdp = await phone.context.new_cdp_session(phone.page)
    await phone.page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    manifest = await cdp.send("Page.getAppManifest")
    assert manifest["errors"] == []
    read = json.loads(manifest["data"])
    assert (read["id"], read["start_url"], read["scope"], read["display"]) == ("/phone/",) * 3 + ("standalone",)
    for icon in [*read["icons"], *(icon for one in read["shortcuts"] for icon in one["icons"])]:
        answer = await phone.context.request.get(f"{demo['web']}{icon['src']}")
        assert answer.ok
        assert answer.headers["content-type"] == icon["type"]
    # A profile of a test is a private one, where nobody installs; nothing else may be wanting.
    wanting = await cdp.send("Page.getInstallabilityErrors")
    assert [one["errorId"] for one in wanting["installabilityErrors"] if one["errorId"] != "in-incognito"] == []


@pytest.mark.parametrize(("language", "theme"), [("sv", "dark"), ("en", "light")])
async def test_axe_finds_nothing_on_the_calls(take: Take, house: House, language: str, theme: str) -> None:
    incident = await house.panic()
    bosse = await take(None, language=language)
    page = bosse.page
    await page.evaluate(f"localStorage.setItem('larm.theme', '{theme}')")
    await page.reload()
    await bosse.log_in("bosse")

    async def look(where: str) -> None:
        results = await Axe().run(
            page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
        )
        assert results.violations_count == 0, f"{where}: {results.generate_report()}"

    await page.locator(".call-row.asks").wait_for()
    await page.locator(".wanting button").wait_for()
    await look("calls")
    await page.goto(f"{bosse.web}/phone/#/alarm")
    await page.locator(".call-banner a").wait_for()
    await look("banner")
    await page.goto(f"{bosse.web}/phone/#/calls/{incident['id']}")
    await page.locator(".where dl").wait_for()
    await look("call")
    for name in ("going", "cannot", "on_site"):
        box = await page.locator(".answer").nth(("going", "cannot", "on_site").index(name)).bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 72
    await page.locator(".answer").nth(0).focus()
    await page.keyboard.press("Enter")
    await page.locator(".answer.said").wait_for()
    await look("answered")
    await house.order(incident["id"], "stand-down", outcome="test", note="x")
    await page.locator(".ended").wait_for()
    await look("over")

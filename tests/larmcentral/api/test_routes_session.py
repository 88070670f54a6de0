"""Logging in, staying in, getting out."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import httpx
import pytest

from larmcentral.api.known_browsers import LASTS, KnownBrowsers, cookie_of
from larmcentral.api.passwords import PasswordCost, Passwords
from larmcentral.api.server import WebListen, WebRole
from larmcentral.domain.users import ADDRESS_LIMIT, LOGIN_LIMIT
from tests.larmcentral.api.house import PASSWORD, WRITES, ApiHouse, counted_bytes


async def log_in(browser: httpx.AsyncClient, login: str, password: str = PASSWORD) -> httpx.Response:
    return await browser.post("/api/session", json={"login": login, "password": password})


def cookies_of(response: httpx.Response) -> list[set[str]]:
    """Each cookie that an answer sets, in its parts; the session's own comes first."""
    return [set(cookie.split("; ")) for cookie in response.headers.get_list("set-cookie")]


async def test_the_cookie_is_for_this_site_and_no_script(house: ApiHouse) -> None:
    async with house.browser() as browser:
        response = await log_in(browser, "operator.care")
        session, known = cookies_of(response)
        assert response.headers["Set-Cookie"].startswith("larm_session=")
        assert {"HttpOnly", "Path=/", "SameSite=strict"} <= session
        assert {"HttpOnly", "Path=/api/session", "SameSite=strict"} <= known
        assert (await browser.get("/api/me")).json() == response.json()
    stored = await house.town.connection.fetchval("SELECT token_hash FROM sessions")
    token = browser.cookies["larm_session"]
    assert len(token) >= 43
    assert token.encode() not in stored


@pytest.mark.parametrize("login", ["worker.care", "responder.care", "operator.care"])
async def test_a_phone_stays_logged_in_for_weeks_and_whoever_sees_a_committee_does_not(
    house: ApiHouse, login: str
) -> None:
    long = not login.startswith("operator")
    async with house.browser() as browser:
        browser.headers["X-Larm-As"] = "phone"
        response = await browser.post("/api/session", json={"login": login, "password": PASSWORD, "phone": True})
        said = cookies_of(response)[0]
        assert ("Max-Age=15552000" in said) is long
        assert any(one.startswith("Max-Age") for one in said) is long
        house.clock.pass_by(timedelta(days=59))
        assert (await browser.get("/api/me")).status_code == (200 if long else 401)
        house.clock.pass_by(timedelta(days=61))
        assert (await browser.get("/api/me")).status_code == 401


async def test_a_screen_asks_for_no_long_log_in_and_gets_none(house: ApiHouse) -> None:
    async with house.browser() as browser:
        session = cookies_of(await log_in(browser, "worker.care"))[0]
    assert not [part for part in session if part.startswith("Max-Age")]


async def test_under_tls_the_cookie_is_bound_to_the_host(house: ApiHouse) -> None:
    settings = dataclasses.replace(house.parts.settings, secure_cookies=True)
    parts = dataclasses.replace(house.parts, settings=settings, registry=type(house.parts.registry)())
    transport = httpx.ASGITransport(WebRole(parts, WebListen(port=0)).app)
    async with httpx.AsyncClient(transport=transport, base_url="https://larm.test", headers=WRITES) as browser:
        response = await log_in(browser, "operator.care")
        assert response.headers["Set-Cookie"].startswith("__Host-larm_session=")
        assert all("Secure" in cookie for cookie in cookies_of(response))
        assert "Strict-Transport-Security" in response.headers
        assert (await browser.get("/api/me")).status_code == 200


async def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(house: ApiHouse) -> None:
    async with house.browser() as browser:
        wrong = await log_in(browser, "operator.care", "fel")
        unknown = await log_in(browser, "nobody", "fel")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.content == unknown.content
    assert wrong.json()["reason"] == "log_in"


async def test_an_unknown_login_costs_a_hash_like_any_other(house: ApiHouse) -> None:
    """Counted in hashes checked, since a stopwatch on a shared machine proves nothing."""
    passwords = house.parts.passwords
    hashes: list[str] = []
    matches = passwords._matches
    passwords._matches = lambda password_hash, password: (
        hashes.append(password_hash) or matches(password_hash, password)
    )  # type: ignore[method-assign, func-returns-value]
    async with house.browser() as browser:
        await log_in(browser, "nobody", "fel")
        await log_in(browser, "operator.care", "fel")
    assert [one.split("$")[:4] for one in hashes] == [hashes[0].split("$")[:4]] * 2


async def test_after_some_failures_a_login_must_wait_and_even_the_right_password_does(house: ApiHouse) -> None:
    async with house.browser() as browser:
        for _ in range(LOGIN_LIMIT.free):
            assert (await log_in(browser, "operator.care", "fel")).status_code == 401
        blocked = await log_in(browser, "operator.care")
        assert (blocked.status_code, blocked.json()["reason"]) == (429, "too_many")
        assert blocked.headers["Retry-After"] == blocked.json()["fields"]["seconds"] == "1"
        assert (await log_in(browser, "manager.care")).status_code == 200
        house.clock.pass_by(timedelta(seconds=1))
        assert (await log_in(browser, "operator.care")).status_code == 200
        assert (await log_in(browser, "operator.care", "fel")).status_code == 401  # the count began anew


async def test_a_browser_from_which_one_logged_in_before_is_not_kept_out_by_who_guesses_elsewhere(
    house: ApiHouse,
) -> None:
    async with house.browser() as desk, house.browser() as thief:
        assert (await log_in(desk, "operator.care")).status_code == 200
        while (await log_in(thief, "operator.care", "fel")).status_code == 401:
            pass
        assert (await log_in(thief, "operator.care")).status_code == 429
        again = await log_in(desk, "Operator.Care")
        assert again.status_code == 200
        assert len(cookies_of(again)) == 1  # it has its mark
        assert (await log_in(thief, "operator.care")).status_code == 429  # and his count stands


async def test_a_known_browser_has_as_many_guesses_as_any_other_and_for_its_own_login_alone(house: ApiHouse) -> None:
    async with house.browser() as desk, house.browser() as elsewhere:
        await log_in(desk, "operator.care")
        for _ in range(LOGIN_LIMIT.free):
            assert (await log_in(desk, "operator.care", "fel")).status_code == 401
        assert (await log_in(desk, "operator.care")).status_code == 429
        assert (await log_in(elsewhere, "operator.care")).status_code == 200
        [(name, mark)] = [one for one in desk.cookies.items() if one[0].startswith("larm_known")]
        for _ in range(LOGIN_LIMIT.free):
            await log_in(elsewhere, "manager.care", "fel")
        stolen = {"Cookie": f"{cookie_of('manager.care', secure=False)}={mark}; {name}={mark}"}
        body = {"login": "manager.care", "password": PASSWORD}
        assert (await elsewhere.post("/api/session", json=body, headers=stolen)).status_code == 429


async def test_a_new_password_makes_every_browser_a_stranger(house: ApiHouse) -> None:
    users: Any = house.parts.users
    async with house.browser() as desk, house.browser() as thief:
        await log_in(desk, "operator.care")
        await users.set_password(*await users.find("operator.care"), house.parts.passwords.hash_now("nytt lösen"))
        while (await log_in(thief, "operator.care", "fel")).status_code == 401:
            pass
        assert (await log_in(desk, "operator.care", "nytt lösen")).status_code == 429


@pytest.mark.parametrize("mark", ["", ".", "..", "a.b.c", "00.1.00", "å.1.å", "x" * 4000])
async def test_a_made_up_mark_is_none(house: ApiHouse, mark: str) -> None:
    header = {"Cookie": f"{cookie_of('operator.care', secure=False)}={mark}".encode("latin-1")}
    for login, status in (("operator.care", 200), ("nobody", 401)):
        async with house.browser() as browser:
            body = {"login": login, "password": PASSWORD}
            assert (await browser.post("/api/session", json=body, headers=header)).status_code == status


async def test_a_mark_lasts_as_long_as_its_cookie(house: ApiHouse) -> None:
    credentials = await house.parts.users.credentials("operator.care")
    assert credentials is not None
    known = KnownBrowsers(counted_bytes())
    mark, now = known.mark(credentials, house.clock.now()), house.clock.now()
    assert known.name_of(mark, credentials, now + LASTS - timedelta(seconds=1)) is not None
    assert known.name_of(mark, credentials, now + LASTS + timedelta(seconds=1)) is None


async def test_an_address_that_tries_many_logins_must_wait(house: ApiHouse) -> None:
    async with house.browser() as browser:
        for number in range(ADDRESS_LIMIT.free):
            assert (await log_in(browser, f"guess{number}", "fel")).status_code == 401
        assert (await log_in(browser, "operator.care")).status_code == 429


async def test_those_who_log_in_rightly_never_block_their_address(house: ApiHouse) -> None:
    async with house.browser() as browser:
        for _ in range(ADDRESS_LIMIT.free + 5):
            assert (await log_in(browser, "operator.care")).status_code == 200


async def test_a_session_ends_at_log_out(house: ApiHouse) -> None:
    async with house.browser("operator.care") as browser:
        token = browser.cookies["larm_session"]
        assert (await browser.delete("/api/session")).status_code == 204
        assert (await browser.delete("/api/session")).status_code == 204
        browser.cookies.set("larm_session", token)
        assert (await browser.get("/api/me")).json()["reason"] == "session_over"


async def test_a_session_ends_when_nobody_uses_it(house: ApiHouse) -> None:
    async with house.browser("operator.care") as browser:
        house.clock.pass_by(timedelta(hours=11, minutes=59))
        assert (await browser.get("/api/me")).status_code == 200
        house.clock.pass_by(timedelta(hours=12))
        assert (await browser.get("/api/me")).status_code == 401


async def test_a_session_in_use_ends_after_a_day(house: ApiHouse) -> None:
    async with house.browser("operator.care") as browser:
        for _ in range(3):
            house.clock.pass_by(timedelta(hours=7, minutes=59))
            assert (await browser.get("/api/me")).status_code == 200
        house.clock.pass_by(timedelta(minutes=3))
        assert (await browser.get("/api/me")).status_code == 401


async def test_a_disabled_user_is_out_at_once_and_cannot_come_back(house: ApiHouse) -> None:
    async with house.browser("operator.care") as browser:
        await house.parts.users.disable(*await house.parts.users.find("operator.care"), house.clock.now())  # type: ignore[attr-defined]
        assert (await browser.get("/api/me")).status_code == 401
        assert (await log_in(browser, "operator.care")).status_code == 401


async def test_a_hash_of_old_costs_is_renewed_at_log_in(house: ApiHouse) -> None:
    dearer = Passwords(PasswordCost(passes=2, memory_kib=16, lanes=1), counted_bytes())
    parts = dataclasses.replace(house.parts, passwords=dearer, registry=type(house.parts.registry)())
    transport = httpx.ASGITransport(WebRole(parts, WebListen(port=0)).app)
    async with httpx.AsyncClient(transport=transport, base_url="http://larm.test", headers=WRITES) as browser:
        assert (await log_in(browser, "operator.care")).status_code == 200
        kept = await house.parts.users.credentials("operator.care")
        assert kept is not None
        assert not dearer.weak(kept.password_hash)
        assert (await log_in(browser, "operator.care")).status_code == 200
    dearer.close()


@pytest.mark.parametrize("body", [{}, {"login": "", "password": "x"}, {"login": "a", "password": ""}, [], "x"])
async def test_a_body_that_is_no_log_in_is_invalid(house: ApiHouse, body: object) -> None:
    async with house.browser() as browser:
        assert (await browser.post("/api/session", json=body)).status_code == 422


async def test_one_browser_can_be_a_desk_and_a_workers_phone_at_once(house: ApiHouse) -> None:
    phone = {"X-Larm-As": "phone"}
    async with house.browser() as browser:
        await log_in(browser, "operator.care")
        worker = {"login": "worker.care", "password": PASSWORD}
        answer = await browser.post("/api/session", json=worker, headers=phone)
        assert answer.headers["Set-Cookie"].startswith("larm_session_phone=")
        assert (await browser.get("/api/me")).json()["role"] == "operator"
        assert (await browser.get("/api/me", headers=phone)).json()["role"] == "worker"
        assert (await browser.get("/api/me?as=phone")).json()["role"] == "worker"
        assert (await browser.get("/api/me?as=manager")).status_code == 401
        await browser.delete("/api/session", headers=phone)
        assert (await browser.get("/api/me", headers=phone)).status_code == 401
        assert (await browser.get("/api/me")).status_code == 200

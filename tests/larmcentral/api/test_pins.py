"""PINs: whichever was given, nothing that comes back tells which."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from escalation.ids import PersonId
from larmcentral.api.pins import CLOSED_LIMIT
from larmcentral.domain.users import PinHashes
from tests.larmcentral.api.house import PASSWORD, ApiHouse
from tests.larmcentral.api.known import DURESS_PIN, PIN

WITH_PIN = [
    ("/api/me/session/check-in", {}, "check_in"),
    ("/api/me/session/end", {}, "end"),
    ("/api/me/welfare", {"fine": True}, "answer_welfare"),
    ("/api/me/pre-alarm/cancel", {}, "cancel_pre_alarm"),
]


def checked(house: ApiHouse) -> list[str]:
    """Write down from now on the hashes that are checked."""
    passwords, hashes = house.parts.passwords, []
    matches = passwords._matches

    def written(password_hash: str, password: str) -> bool:
        hashes.append(password_hash)
        return matches(password_hash, password)

    passwords._matches = written  # type: ignore[method-assign]
    return hashes


def whole(response: httpx.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    return response.status_code, response.content, sorted(response.headers.items())


@pytest.mark.parametrize(("path", "body", "command"), WITH_PIN)
async def test_normal_and_duress_pin_are_answered_alike_and_told_apart_inside(
    house: ApiHouse, path: str, body: dict[str, object], command: str
) -> None:
    hashes = checked(house)
    async with house.browser("worker.care") as browser:
        normal = await browser.post(path, json={**body, "pin": PIN})
        shown = await browser.get("/api/me/work")
        order, hashes[:] = hashes.copy(), []
        duress = await browser.post(path, json={**body, "pin": DURESS_PIN})
        assert hashes == order == [house.known.pins.usual.normal, house.known.pins.usual.duress]
        assert whole(normal) == whole(duress)
        assert normal.status_code == 204
        assert whole(shown) == whole(await browser.get("/api/me/work"))
    asked = house.known.lone_work.asked
    assert [(one[0], one[1], one[-1]) for one in asked] == [(command, house.anna, False), (command, house.anna, True)]


async def test_a_wrong_pin_costs_both_hashes_and_commands_nothing(house: ApiHouse) -> None:
    hashes = checked(house)
    async with house.browser("worker.care") as browser:
        wrong = await browser.post("/api/me/pre-alarm/cancel", json={"pin": "4711"})
    assert (wrong.status_code, wrong.json()["reason"]) == (403, "wrong_pin")
    assert hashes == [house.known.pins.usual.normal, house.known.pins.usual.duress]
    assert house.known.lone_work.asked == []


async def test_ten_wrong_ones_close_both_pins_alike_for_ten_minutes(house: ApiHouse) -> None:
    async with house.browser("worker.care") as browser:
        for _ in range(10):
            assert (await browser.post("/api/me/session/end", json={"pin": "4711"})).status_code == 403
        normal, duress, wrong = [
            await browser.post("/api/me/session/end", json={"pin": pin}) for pin in (PIN, DURESS_PIN, "4711")
        ]
        assert whole(normal) == whole(duress) == whole(wrong)
        assert (normal.status_code, normal.json()["fields"]) == (429, {"seconds": "600"})
        assert house.known.lone_work.asked == [("call_under_duress", house.anna)], "help is called, and nothing ended"
        house.clock.pass_by(timedelta(minutes=10, seconds=1))
        assert (await browser.post("/api/me/session/end", json={"pin": DURESS_PIN})).status_code == 204


async def test_while_closed_each_is_checked_alike_and_only_so_many(house: ApiHouse) -> None:
    async with house.browser("worker.care") as browser:
        for _ in range(10):
            await browser.post("/api/me/session/end", json={"pin": "4711"})
        hashes = checked(house)
        for pin in (PIN, DURESS_PIN, "4711"):
            await browser.post("/api/me/session/end", json={"pin": pin})
            assert hashes == [house.known.pins.usual.normal, house.known.pins.usual.duress]
            hashes.clear()
        for _ in range(CLOSED_LIMIT.free - 3):
            await browser.post("/api/me/session/end", json={"pin": "4711"})
        hashes.clear()
        assert (await browser.post("/api/me/session/end", json={"pin": DURESS_PIN})).status_code == 429
    assert hashes == []
    assert house.known.lone_work.asked == [("call_under_duress", house.anna)]


async def test_a_right_pin_forgets_the_wrong_ones_before_it_whichever_it_was(house: ApiHouse) -> None:
    async with house.browser("worker.care") as browser:
        for right in (PIN, DURESS_PIN):
            for _ in range(9):
                assert (await browser.post("/api/me/session/end", json={"pin": "4711"})).status_code == 403
            assert (await browser.post("/api/me/session/end", json={"pin": right})).status_code == 204


async def test_without_pins_there_is_nothing_to_check_against(house: ApiHouse) -> None:
    house.known.pins.usual = PinHashes(None, None)
    async with house.browser("worker.care") as browser:
        cancelled = await browser.post("/api/me/pre-alarm/cancel", json={"pin": PIN})
    assert (cancelled.status_code, cancelled.json()["reason"]) == (409, "no_pin")


async def test_pins_are_chosen_with_the_password_and_must_differ(house: ApiHouse) -> None:
    new = {"pin": "2345", "duress_pin": "876543", "password": PASSWORD}
    async with house.browser("worker.care") as browser:
        same = await browser.put("/api/me/pin", json=new | {"duress_pin": "2345"})
        assert (same.status_code, same.json()["fields"]) == (422, {"duress_pin": "same_as_pin"})
        wrong = await browser.put("/api/me/pin", json=new | {"password": "fel"})
        assert (wrong.status_code, wrong.json()["reason"]) == (403, "log_in")
        for bad in ("123", "123456789", "12a4", "١٢٣٤"):
            assert (await browser.put("/api/me/pin", json=new | {"pin": bad})).status_code == 422
        assert house.known.pins.kept == {}
        assert (await browser.put("/api/me/pin", json=new)).status_code == 204
        kept = house.known.pins.kept[PersonId(house.anna)]
        assert "2345" not in str(kept)
        assert (await browser.post("/api/me/session/end", json={"pin": PIN})).status_code == 403
        assert (await browser.post("/api/me/session/end", json={"pin": "876543"})).status_code == 204
    assert house.known.lone_work.asked[-1][-1] is True

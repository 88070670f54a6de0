"""Answers without a log-in: the token or the gateway's secret is the key."""

from __future__ import annotations

from urllib.parse import urlencode

import httpx
import pytest

from escalation.incident import Refused
from larmcentral.domain.errors import NotFound
from tests.larmcentral.api.house import ApiHouse

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def outside(house: ApiHouse) -> httpx.AsyncClient:
    """Somebody who is no page of ours and has no cookie."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(house.role.app), base_url="http://larm.test")


async def test_a_button_on_the_phone_answers_by_its_token(house: ApiHouse) -> None:
    async with outside(house) as phone:
        for word in ("going", "cannot", "on_site"):
            assert (await phone.post("/api/answers/t0-k_en", json={"word": word})).status_code == 204
        assert (await phone.post("/api/answers/t0-k_en", json={"word": "maybe"})).status_code == 422
        house.known.answers.failure = NotFound("token")
        assert (await phone.post("/api/answers/forged", json={"word": "going"})).status_code == 404
        house.known.answers.failure = Refused("stood_down")
        over = await phone.post("/api/answers/t0-k_en", json={"word": "going"})
        assert (over.status_code, over.json()["reason"]) == (409, "stood_down")
    assert house.known.answers.asked[:3] == [("by_token", "t0-k_en", word) for word in ("going", "cannot", "on_site")]


@pytest.mark.parametrize(("reply", "sent"), [("Tack, du är på väg.", "Tack, du är på väg."), (None, "")])
async def test_a_text_message_is_answered_with_words_or_with_nothing(
    house: ApiHouse, reply: str | None, sent: str
) -> None:
    house.known.answers.reply = reply
    form = urlencode({"id": "s1", "from": "+46701740601", "to": "+46766861004", "message": "JA!"})
    async with outside(house) as gateway:
        answered = await gateway.post("/api/answers/46elks/kvitto/sms", content=form, headers=FORM)
    assert (answered.status_code, answered.text) == (200, sent)
    assert answered.headers["Content-Type"].startswith("text/plain")
    assert house.known.answers.asked == [("by_number", "+46701740601", "JA!")]


async def test_a_key_is_pressed_by_whoever_is_at_the_other_end(house: ApiHouse) -> None:
    async with outside(house) as gateway:
        for direction in ("outgoing", "incoming"):
            ends = {"from": "+46766861004", "to": "+46701740601"}
            if direction == "incoming":
                ends = {"from": ends["to"], "to": ends["from"]}
            form = urlencode({"direction": direction, **ends, "result": "1"})
            pressed = await gateway.post("/api/answers/46elks/kvitto/key", content=form, headers=FORM)
            assert pressed.status_code == 204
    assert house.known.answers.asked == [("by_key", "+46701740601", "1")] * 2


@pytest.mark.parametrize("what", ["sms", "key"])
async def test_without_the_secret_there_is_nothing_there(house: ApiHouse, what: str) -> None:
    form = urlencode({"from": "+46701740601", "to": "+46701740601", "message": "JA", "result": "1"})
    async with outside(house) as stranger:
        assert (await stranger.post(f"/api/answers/46elks/fel/{what}", content=form, headers=FORM)).status_code == 404
        broken = await stranger.post(f"/api/answers/46elks/kvitto/{what}", content=b"\xff=\xff", headers=FORM)
        empty = await stranger.post(f"/api/answers/46elks/kvitto/{what}", content=b"", headers=FORM)
        assert (broken.status_code, empty.status_code) == (422, 422)
    assert house.known.answers.asked == []

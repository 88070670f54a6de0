"""What telephone providers ask while a call goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from xml.etree import ElementTree

import httpx
import pytest

from escalation.ids import NoticeId
from larmcentral.api.routes_voice import CALLED_IN_ENGLISH, ROUNDS
from larmcentral.domain.errors import StoreUnavailable
from larmcentral.domain.twiml import signature
from larmcentral.flows.call_scripts import CallScript
from larmcentral.flows.calls import Said
from tests.larmcentral.api.house import VOICE, ApiHouse

NOTICE = NoticeId(UUID(int=7))
BASE = "https://larm.test/api"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
async def provider(house: ApiHouse) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who is no page of ours and has no cookie."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(house.role.app), base_url="http://larm.test") as client:
        yield client


def token_of(house: ApiHouse, *, language: str = "sv", notice_id: NoticeId | None = NOTICE) -> str:
    script = CallScript(
        notice_id=notice_id,
        message="Överfallslarm. Anna K.",
        question="Tryck 1." if notice_id else "",
        language=language,
    )
    return house.known.calls.scripts.seal(script)


async def elks(provider: httpx.AsyncClient, path: str, **form: str) -> Any:
    answer = await provider.post(f"/api/voice/46elks/{path}", content=urlencode(form), headers=FORM)
    assert answer.status_code in (200, 204), answer.text
    return answer.json() if answer.status_code == 200 else None


async def twilio(provider: httpx.AsyncClient, path: str, *, signed: bool = True, **form: str) -> httpx.Response:
    mac = signature(VOICE.twilio_token or "", f"{BASE}/voice/twilio/{path}", form) if signed else "forged"
    return await provider.post(
        f"/api/voice/twilio/{path}", content=urlencode(form), headers=FORM | {"X-Twilio-Signature": mac}
    )


async def test_46elks_is_told_what_to_play_and_where_to_tell_the_key(
    house: ApiHouse, provider: httpx.AsyncClient
) -> None:
    token = token_of(house)

    action = await elks(provider, f"{token}/start", callid="c1", direction="outgoing")

    assert action == {
        "ivr": f"{BASE}/voice/46elks/{token}/words.wav",
        "repeat": 2,
        "digits": 1,
        "timeout": 6,
        "next": f"{BASE}/voice/46elks/{token}/pressed?again=1",
    }
    assert house.known.calls.asked == [("came_to", NOTICE, "c1", True, "")]
    assert house.known.speech.spoken == [("Överfallslarm. Anna K. Tryck 1.", "sv")]


async def test_the_words_are_there_as_sound(house: ApiHouse, provider: httpx.AsyncClient) -> None:
    sound = await provider.get(f"/api/voice/46elks/{token_of(house)}/words.wav")
    house.known.speech.hoarse = True
    none = await provider.get(f"/api/voice/46elks/{token_of(house)}/words.wav")

    assert (sound.status_code, sound.headers["Content-Type"], sound.content[:4]) == (200, "audio/wav", b"RIFF")
    assert none.status_code == 404


async def test_without_a_voice_46elks_reads_english_itself(house: ApiHouse, provider: httpx.AsyncClient) -> None:
    house.known.speech.hoarse = True

    english = await elks(provider, f"{token_of(house, language='en')}/start", callid="c1")
    swedish = await elks(provider, f"{token_of(house)}/start", callid="c1")

    assert english["play"] == "en_US/Överfallslarm. Anna K. Tryck 1."
    assert swedish["play"] == f"en_US/{CALLED_IN_ENGLISH}"
    assert (swedish["next"]["ivr"], swedish["next"]["digits"]) == ("sound/beep", 1)


async def test_a_key_is_thanked_for_and_the_call_ends(house: ApiHouse, provider: httpx.AsyncClient) -> None:
    action = await elks(provider, f"{token_of(house)}/pressed?again=1", callid="c1", result="1")

    reply = house.known.calls.reply("Tack.", "sv")
    assert action == {"play": f"{BASE}/voice/46elks/{reply}/words.wav", "next": {"hangup": "reject"}}
    assert house.known.calls.asked == [("pressed", NOTICE, "1")]
    house.known.speech.hoarse = True
    assert (await elks(provider, f"{token_of(house)}/pressed", result="1"))["play"] == "sound/beep"
    said = await elks(provider, f"{token_of(house, language='en')}/pressed", result="1")
    assert said["play"] == "en_US/Tack."


async def test_no_key_asks_again_and_not_for_ever(house: ApiHouse, provider: httpx.AsyncClient) -> None:
    house.known.calls.said = Said("", ask=True)
    token = token_of(house)

    again = await elks(provider, f"{token}/pressed?again=1", result="failed", why="noinput")
    last = await elks(provider, f"{token}/pressed?again={ROUNDS}", result="failed")

    assert again["next"].endswith("/pressed?again=2")
    assert last == {"hangup": "reject"}
    assert house.known.calls.asked == [("pressed", NOTICE, "")] * 2


async def test_words_about_ourselves_are_read_twice_and_ask_nothing(
    house: ApiHouse, provider: httpx.AsyncClient
) -> None:
    token = token_of(house, notice_id=None)
    play = {"play": f"{BASE}/voice/46elks/{token}/words.wav"}

    assert await elks(provider, f"{token}/start", callid="c1") == {**play, "skippable": False, "next": play}


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"id": "c1", "state": "success"}, ("c1", True, "")),
        ({"callid": "c1", "state": "busy"}, ("c1", False, "busy")),
        ({"id": "c1", "state": "failed"}, ("c1", False, "failed")),
        ({"id": "c1", "state": "<b>+46701740601</b>"}, ("c1", False, "failed")),
    ],
)
async def test_46elks_tells_how_it_ended(
    house: ApiHouse, provider: httpx.AsyncClient, form: dict[str, str], told: tuple[object, ...]
) -> None:
    await elks(provider, f"{token_of(house)}/ended", **form)

    assert house.known.calls.asked == [("came_to", NOTICE, *told)]


async def test_whoever_lifted_the_receiver_hears_us_also_while_the_database_is_away(
    house: ApiHouse, provider: httpx.AsyncClient
) -> None:
    house.known.calls.failure = StoreUnavailable("away")
    token = token_of(house)

    assert "ivr" in await elks(provider, f"{token}/start", callid="c1")
    ended = await provider.post(f"/api/voice/46elks/{token}/ended", content="id=c1&state=busy", headers=FORM)
    assert ended.status_code == 503


async def test_twilio_hears_thanks_in_the_calls_language(house: ApiHouse, provider: httpx.AsyncClient) -> None:
    answer = await twilio(provider, f"{token_of(house)}/pressed", CallSid="CA1", Digits="1")

    document = ElementTree.fromstring(answer.content)
    assert answer.headers["Content-Type"].startswith("text/xml")
    assert [(part.tag, part.text) for part in document] == [("Say", "Tack."), ("Hangup", None)]
    assert house.known.calls.asked == [("pressed", NOTICE, "1")]


async def test_twilio_asks_again_with_the_words_and_not_for_ever(house: ApiHouse, provider: httpx.AsyncClient) -> None:
    house.known.calls.said = Said("", ask=True)
    token = token_of(house)

    again = ElementTree.fromstring((await twilio(provider, f"{token}/pressed?again=2", Digits="7")).content)
    last = ElementTree.fromstring((await twilio(provider, f"{token}/pressed?again={ROUNDS}", Digits="7")).content)

    assert again[0].attrib["action"] == f"{BASE}/voice/twilio/{token}/pressed?again=3"
    assert again[0][0].text == "Överfallslarm. Anna K. Tryck 1."
    assert last[-1].tag == "Hangup"


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("in-progress", [("CA1", True, "")]),
        ("completed", [("CA1", True, "")]),
        ("busy", [("CA1", False, "busy")]),
        ("no-answer", [("CA1", False, "no-answer")]),
        ("canceled", [("CA1", False, "canceled")]),
        ("ringing", []),
    ],
)
async def test_twilio_tells_what_became_of_it(
    house: ApiHouse, provider: httpx.AsyncClient, status: str, told: list[tuple[object, ...]]
) -> None:
    answer = await twilio(provider, f"{token_of(house)}/ended", CallSid="CA1", CallStatus=status)

    assert answer.status_code == 204
    assert house.known.calls.asked == [("came_to", NOTICE, *one) for one in told]


async def test_what_twilio_has_not_signed_is_not_twilios(house: ApiHouse, provider: httpx.AsyncClient) -> None:
    token = token_of(house)
    forged = await twilio(provider, f"{token}/pressed", signed=False, Digits="1")
    moved = await provider.post(
        f"/api/voice/twilio/{token}/pressed?again=3",
        content="Digits=1",
        headers=FORM | {"X-Twilio-Signature": signature(VOICE.twilio_token or "", f"{BASE}/x", {"Digits": "1"})},
    )

    assert (forged.status_code, moved.status_code) == (403, 403)
    assert house.known.calls.asked == []


@pytest.mark.parametrize("path", ["46elks/forged/start", "46elks/forged/pressed", "46elks/forged/ended"])
async def test_a_forged_address_does_not_exist(house: ApiHouse, provider: httpx.AsyncClient, path: str) -> None:
    answer = await provider.post(f"/api/voice/{path}", content="id=c1&state=success&result=1", headers=FORM)

    assert answer.status_code == 404
    assert (await twilio(provider, "forged/pressed", Digits="1")).status_code == 404


async def test_a_broken_form_is_refused(house: ApiHouse, provider: httpx.AsyncClient) -> None:
    token = token_of(house)
    for content in (b"\xff=\xff", b"a=1&" * 100, b"id=c1", b""):
        answer = await provider.post(f"/api/voice/46elks/{token}/ended", content=content, headers=FORM)
        assert answer.status_code == 422
    assert (await twilio(provider, f"{token}/ended", CallSid="CA1")).status_code == 422

"""Text messages over SMPP: against the local centre, and against centres that behave badly."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from devices.peers.credentials import Credentials
from devices.peers.orders import Fate, Order
from devices.peers.smsc_server import SmscServer
from escalation.chain import Channel
from escalation.purpose import Purpose
from larmcentral.channels.sms_smpp import SmppChannel, SmppSettings
from larmcentral.channels.wording import Wording
from larmcentral.clock import SystemClock
from larmcentral.domain.forwarding import CentreCall
from larmcentral.domain.notice import Delivery, DeliveryState, Probe, ServiceMessage
from protocols.smpp import BIND_TRANSCEIVER, INVALID_PASSWORD, SUBMIT_SM, Answer, Bind, Framer, Pdu, parse, serialise
from tests.fakes.bad_server import NOWHERE, BadServer, Manner, closed_port
from tests.larmcentral.channels.support import MODERATE, NUMBER, PATIENT, SHORT, in_house, outward, running, text, until

OTHER = "+46700000018"
OURS = "+46700000001"
Make = Callable[..., SmppChannel]


class Kept:
    """What the channel was told to pass on."""

    def __init__(self) -> None:
        self.receipts: list[tuple[str, Delivery]] = []
        self.texts: list[tuple[str, str]] = []
        self.reply: str | None = None
        self.fails = 0

    async def receipt(self, provider_id: str, delivery: Delivery) -> None:
        self.receipts.append((provider_id, delivery))

    async def text(self, number: str, words: str) -> str | None:
        if self.fails:
            self.fails -= 1
            raise OSError("the store is away")
        self.texts.append((number, words))
        return self.reply


def channel(kept: Kept | None = None, **changes: Any) -> SmppChannel:
    settings: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": 1,
        "tls": False,
        "system_id": "larm",
        "password": "hemligt",
        "sender": OURS,
        "deadline": PATIENT,
    }
    kept = kept or Kept()
    return SmppChannel(
        SmppSettings(**settings | changes),
        SystemClock(),
        Wording("Europe/Stockholm"),
        on_receipt=kept.receipt,
        on_text=kept.text,
    )


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
async def centre(
    credentials: Credentials, key_folder: Path, loop_faults: list[dict[str, Any]]
) -> AsyncIterator[SmscServer]:
    server = SmscServer(credentials.server_tls(key_folder))
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def make(centre: SmscServer, key_folder: Path, kept: Kept) -> Make:
    def made(**changes: Any) -> SmppChannel:
        settings: dict[str, Any] = {
            "host": "localhost",
            "port": centre.port,
            "tls": True,
            "ca_file": str(key_folder / "ca.pem"),
            "password": centre.password,
        }
        return channel(**{"kept": kept} | settings | changes)

    return made


async def test_a_message_in_full(make: Make, centre: SmscServer) -> None:
    async with running(make(sender="Larmet")) as sms:
        delivery = await sms.send(outward())

    (received,) = centre.record
    assert delivery == Delivery(state=DeliveryState.SENT, provider_id="0000000001", answer="ESME_ROK")
    assert received.payload["message"].startswith("NÖDLARM")
    assert (received.payload["from"], received.payload["to"]) == ("Larmet", NUMBER)
    assert (received.payload["coding"], received.payload["registered_delivery"]) == (0, 1)


async def test_a_text_outside_the_alphabet_is_one_message_of_70(make: Make, centre: SmscServer) -> None:
    async with running(make()) as sms:
        await sms.send(outward(words=text(place="日" * 300)))

    (received,) = centre.record
    assert (received.payload["coding"], len(received.payload["message"])) == (8, 70)


async def test_all_go_over_one_connection_many_at_once(make: Make, centre: SmscServer) -> None:
    async with running(make()) as sms:
        deliveries = await asyncio.gather(*(sms.send(outward(str(n))) for n in range(200)))

    assert {delivery.state for delivery in deliveries} == {DeliveryState.SENT}
    assert len({delivery.provider_id for delivery in deliveries}) == 200
    assert centre.connections_made == 1


async def test_receipts_are_passed_on_under_the_centres_name(make: Make, centre: SmscServer, kept: Kept) -> None:
    async with running(make()) as sms:
        first = await sms.send(outward("a"))
        second = await sms.send(outward("b"))
        one, other = centre.record
        assert [await centre.report(one, "delivered"), await centre.report(other, "failed")] == [0, 0]

    assert [(name, told.state, told.reason) for name, told in kept.receipts] == [
        (first.provider_id, DeliveryState.DELIVERED, ""),
        (second.provider_id, DeliveryState.REFUSED, "the carriers could not deliver it (UNDELIV)"),
    ]


async def test_an_answer_is_passed_on_and_answered(make: Make, centre: SmscServer, kept: Kept) -> None:
    kept.reply = "Tack. Du är anmäld som på väg."
    async with running(make()) as sms:
        await sms.send(outward())
        assert await centre.write(NUMBER, OURS, "Ja!") == 0
        reply = await centre.record.wait_for(lambda received: received.number == 2)

    assert kept.texts == [(NUMBER, "Ja!")]
    assert (reply.address, reply.payload["message"]) == (NUMBER, kept.reply)


async def test_an_answer_that_could_not_be_kept_comes_again(make: Make, centre: SmscServer, kept: Kept) -> None:
    kept.fails = 1
    async with running(make()) as sms:
        await sms.send(outward())
        answers = [await centre.write(NUMBER, OURS, "Ja") for _ in range(2)]

    assert answers == [0x64, 0]
    assert kept.texts == [(NUMBER, "Ja")]


async def test_answers_come_in_while_nothing_goes_out_also_after_the_line_broke(
    make: Make, centre: SmscServer, kept: Kept
) -> None:
    async with running(make()):
        await until(lambda: centre.connections_made == 1)
        await centre.cut_all()

        async def written() -> bool:
            try:
                return await centre.write(NUMBER, OURS, "NEJ") == 0
            except ConnectionError:
                return False

        async with asyncio.timeout(10):
            while not await written():
                await asyncio.sleep(0)

    assert kept.texts == [(NUMBER, "NEJ")]


@pytest.mark.parametrize("number", ["", "1177", "+461177", "0700000017", "+46 70 000 00 17", "+4611414"])
async def test_nothing_is_sent_to_a_number_that_is_no_subscribers(make: Make, centre: SmscServer, number: str) -> None:
    async with running(make()) as sms:
        delivery = await sms.send(outward(address=number))

    assert delivery.state is DeliveryState.REFUSED
    assert centre.record.count == 0


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("ESME_RTHROTTLED", DeliveryState.RETRY),
        ("ESME_RMSGQFUL", DeliveryState.RETRY),
        ("ESME_RSYSERR", DeliveryState.RETRY),
        ("ESME_RINVDSTADR", DeliveryState.REFUSED),
        ("ESME_RINVSRCADR", DeliveryState.REFUSED),
        ("ESME_RINVBNDSTS", DeliveryState.RETRY),
    ],
)
async def test_refusals_and_the_next_message(make: Make, centre: SmscServer, word: str, state: DeliveryState) -> None:
    centre.orders.for_next(Order(reason=word))
    async with running(make()) as sms:
        bad = await sms.send(outward("a"))
        after = await sms.send(outward("b"))

    assert (bad.state, after.state) == (state, DeliveryState.SENT)
    assert word in bad.reason
    assert bad.retry_after == (timedelta(seconds=3) if word in ("ESME_RTHROTTLED", "ESME_RMSGQFUL") else None)


async def test_a_refused_password_is_said_and_not_hammered(make: Make, centre: SmscServer) -> None:
    async with running(make(password="wrong", refused_pause=timedelta(hours=1))) as sms:
        bad = [await sms.send(outward(str(n))) for n in range(5)]

    assert {(one.state, one.reason) for one in bad} == {
        (DeliveryState.RETRY, "the bind is refused: ESME_RINVPASWD (our system_id or password)")
    }
    assert centre.connections_made == 1


async def test_when_the_password_is_right_again_the_next_message_goes(make: Make, centre: SmscServer) -> None:
    centre.bind_status = INVALID_PASSWORD
    async with running(make(refused_pause=timedelta())) as sms:
        bad = await sms.send(outward("a"))
        centre.bind_status = 0
        after = await sms.send(outward("b"))

    assert (bad.state, after.state) == (DeliveryState.RETRY, DeliveryState.SENT)


async def test_a_certificate_of_an_unknown_ca_is_not_trusted(make: Make, centre: SmscServer) -> None:
    async with running(make(ca_file=None)) as sms:
        delivery = await sms.send(outward())

    assert delivery.state is DeliveryState.RETRY
    assert "certificate is not trusted" in delivery.reason


@pytest.mark.parametrize("fate", [Fate.SILENCE, Fate.HALF, Fate.CUT])
async def test_a_bad_network_is_a_retry_and_nothing_is_sent_again_by_itself(
    make: Make, centre: SmscServer, fate: Fate
) -> None:
    centre.orders.for_address(NUMBER, Order(fate=fate), times=1)
    async with running(make(deadline=MODERATE)) as sms:
        bad = await sms.send(outward("a"))
        if fate is Fate.HALF:  # the half PDU stands in the line, so it is given up by enquire_link
            await until(lambda: centre.connections_made == 2)
        after = await sms.send(outward("b", address=OTHER))

    assert (bad.state, after.state) == (DeliveryState.RETRY, DeliveryState.SENT)
    assert [received.address for received in centre.record] == [NUMBER, OTHER]


def polite(heard: bytes) -> bytes | None:
    """A centre as it should be: answers the last PDU, once that is whole."""
    try:
        frames = Framer().feed(heard)
    except ValueError:
        return None
    if sum(map(len, frames)) < len(heard) or not frames:
        return None
    pdu = parse(frames[-1])
    if isinstance(pdu.body, Bind):
        return serialise(Pdu(pdu.sequence, Answer(to=BIND_TRANSCEIVER)))
    return serialise(Pdu(pdu.sequence, Answer(to=SUBMIT_SM, text=f"m{pdu.sequence}")))


@pytest.mark.parametrize(
    ("manner", "words"),
    [
        (Manner.SILENT, "in time"),
        (Manner.LATE, "in time"),
        (Manner.MUTE_CLOSE, "the centre closed the connection"),
        (Manner.CUT, "the connection was cut"),
        (Manner.GARBAGE, "what came is no SMPP"),
    ],
)
async def test_bad_centres(manner: Manner, words: str) -> None:
    async with (
        BadServer(polite, manner) as server,
        running(channel(port=server.port, deadline=SHORT if "time" in words else MODERATE)) as sms,
    ):
        bad = await sms.send(outward("a"))
        server.manner = Manner.GOOD
        server.release()
        async with asyncio.timeout(10):
            while (after := await sms.send(outward("b"))).state is DeliveryState.RETRY:
                await asyncio.sleep(0)

    assert bad.state is DeliveryState.RETRY
    assert words in bad.reason or (manner is Manner.CUT and bad.reason == "the centre closed the connection")
    assert after.state is DeliveryState.SENT


async def test_an_answer_after_our_deadline_is_no_answer_to_the_next() -> None:
    late: list[bytes] = []

    def answers(heard: bytes) -> bytes | None:
        said = polite(heard)
        if said is None or parse(said).body.__class__ is not Answer or parse(said).sequence == 1:
            return said
        late.append(said)
        return b"".join(late) if len(late) > 1 else None  # the first answer waits for the second question

    async with (
        BadServer(answers, Manner.GOOD) as server,
        running(channel(port=server.port, deadline=MODERATE)) as sms,
    ):
        bad = await sms.send(outward("a"))
        after = await sms.send(outward("b"))

    assert bad == Delivery(state=DeliveryState.RETRY, reason="no answer in time")
    assert after.state is DeliveryState.SENT
    assert after.provider_id != f"m{parse(late[0]).sequence}"
    assert len(server.heard) == 1


async def test_answers_that_come_twice_are_each_counted_once() -> None:
    async with BadServer(polite, Manner.TWICE) as server, running(channel(port=server.port)) as sms:
        names = [(await sms.send(outward(str(n)))).provider_id for n in range(3)]

    assert len(set(names)) == 3
    assert None not in names


@pytest.mark.parametrize("where", ["closed", NOWHERE])
async def test_nobody_there(where: str) -> None:
    host = "127.0.0.1" if where == "closed" else where
    async with running(channel(port=closed_port(), host=host)) as sms:
        delivery = await sms.send(outward())
        look = await sms.probe()

    assert delivery.state is DeliveryState.RETRY
    assert delivery.reason in ("it refuses the connection", "its name does not resolve")
    assert look == Probe(alive=False, reason=delivery.reason)


async def test_a_look_asks_whether_the_centre_is_there(make: Make, centre: SmscServer) -> None:
    async with running(make()) as sms:
        assert await sms.probe() == Probe(alive=True)

    assert (centre.enquired, centre.record.count) == (1, 0)


async def test_an_alarm_receiving_centre_is_texted_what_was_agreed(make: Make, centre: SmscServer) -> None:
    told = CentreCall(id=UUID(int=2), purpose=Purpose.REAL, number=NUMBER, words="Larm 7KQ2.", language="sv")
    async with running(make()) as sms:
        delivery = await sms.tell_centre(told)
        with pytest.raises(TypeError, match="real case"):
            await sms.tell_centre(outward())  # type: ignore[arg-type]

    assert delivery.state is DeliveryState.SENT
    assert [one.payload["message"] for one in centre.record] == ["Larm 7KQ2."]


async def test_words_about_ourselves_are_the_body_alone(make: Make, centre: SmscServer) -> None:
    said = ServiceMessage(
        id=UUID(int=1), channel=Channel.SMS, address=NUMBER, language="sv", title="Kod", body="Din kod är 417730."
    )
    async with running(make()) as sms:
        delivery = await sms.post(said)

    assert delivery.state is DeliveryState.SENT
    assert next(iter(centre.record)).payload["message"] == "Din kod är 417730."


async def test_before_start_and_after_stop_it_is_a_retry(make: Make) -> None:
    sms = make()
    stopped = Delivery(state=DeliveryState.RETRY, reason="stopped")

    assert await sms.send(outward()) == stopped
    for _ in range(2):
        await sms.start()
        await sms.start()
        assert (await sms.send(outward())).state is DeliveryState.SENT
        await sms.stop()
        await sms.stop()
        assert await sms.send(outward()) == stopped


async def test_tries_under_way_when_it_stops_are_retries(make: Make, centre: SmscServer) -> None:
    centre.orders.for_all(Order(fate=Fate.SILENCE))
    sms = make(window=1)
    await sms.start()
    trying = [asyncio.create_task(sms.send(outward(str(n)))) for n in range(3)]
    await centre.record.wait_for(lambda received: True)

    await sms.stop()

    assert [one.reason for one in await asyncio.gather(*trying)] == ["stopped"] * 3


async def test_no_drill_is_texted(make: Make, centre: SmscServer) -> None:
    async with running(make()) as sms:
        with pytest.raises(TypeError, match="outward notices only"):
            await sms.send(in_house())  # type: ignore[arg-type]

    assert centre.record.count == 0


async def test_no_number_word_or_password_is_logged(make: Make, centre: SmscServer, kept: Kept) -> None:
    kept.fails = 1
    with capture_logs() as lines:
        async with running(make()) as sms:
            await sms.send(outward())
            await centre.write(NUMBER, OURS, "Ja")
            centre.orders.for_next(Order(fate=Fate.CUT))
            await sms.send(outward())
        async with running(make(password="wrong")) as sms:
            await sms.send(outward())

    assert lines
    assert not any(secret in str(lines) for secret in (NUMBER[1:], "Ja'", "wrong", centre.password, "Anna"))


@pytest.mark.parametrize(
    "bad",
    [
        {"host": ""},
        {"port": 0},
        {"system_id": ""},
        {"system_id": "x" * 16},
        {"password": "nine sign"},
        {"password": "å"},
        {"system_type": "x" * 13},
        {"sender": "x"},
        {"sender": "0700000017"},
        {"window": 0},
        {"deadline": timedelta()},
    ],
)
def test_settings_that_cannot_be_are_refused(bad: dict[str, Any]) -> None:
    good = SmppSettings(host="smsc.exempel.se", port=2775, system_id="larm", password="hemligt", sender="Larmet")
    assert "hemligt" not in repr(good)
    with pytest.raises(ValueError, match="smpp"):
        replace(good, **bad)

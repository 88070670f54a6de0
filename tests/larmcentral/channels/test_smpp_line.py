"""One connection to a centre: answers find their questions, and what the centre says by itself is answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from larmcentral.channels.dial import NoLine
from larmcentral.channels.smpp_line import MOST_BEING_TAKEN, Account, NotWelcome, SmppLine
from larmcentral.clock import SystemClock
from protocols.smpp import (
    BIND_TRANSCEIVER,
    DELIVER_SM,
    ENQUIRE_LINK,
    GENERIC_NACK,
    INVALID_COMMAND,
    QUEUE_FULL,
    SUBMIT_SM,
    UNBIND,
    Address,
    Answer,
    Body,
    Deliver,
    EnquireLink,
    Framer,
    Message,
    Pdu,
    Submit,
    Unbind,
    Unknown,
    parse,
    serialise,
)
from tests.larmcentral.channels.support import PATIENT, SHORT, until

MESSAGE = Message(source=Address(1, 1, "46700000017"), destination=Address(1, 1, "46"), text=b"JA")
LONG = timedelta(hours=1)


class Centre:
    """Binds everybody, keeps what it hears, and says what the test tells it to."""

    def __init__(self, bind_status: int = 0) -> None:
        self.heard: list[Pdu] = []
        self.writer: asyncio.StreamWriter | None = None
        self._bind_status = bind_status

    async def met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writer, framer = writer, Framer()
        while chunk := await reader.read(1000):
            for pdu in map(parse, framer.feed(chunk)):
                self.heard.append(pdu)
                if len(self.heard) == 1:
                    self.say(pdu.sequence, Answer(to=BIND_TRANSCEIVER, status=self._bind_status))
        writer.close()

    def say(self, sequence: int, body: Body) -> None:
        assert self.writer is not None
        self.writer.write(serialise(Pdu(sequence, body)))

    def answers(self) -> list[tuple[int, int, int]]:
        return [(p.sequence, p.body.to, p.body.status) for p in self.heard if isinstance(p.body, Answer)]


async def refuses_nothing(message: Message) -> int:
    return 0


@asynccontextmanager
async def met(centre: Centre) -> AsyncIterator[Callable[..., Account]]:
    server = await asyncio.start_server(centre.met, "127.0.0.1", 0)
    port = int(server.sockets[0].getsockname()[1])

    def account(enquire_every: timedelta = LONG, answer_within: timedelta = PATIENT) -> Account:
        return Account(
            host="127.0.0.1",
            port=port,
            tls=None,
            system_id="larm",
            password="hemligt",
            system_type="",
            bind_within=PATIENT,
            enquire_every=enquire_every,
            answer_within=answer_within,
        )

    yield account
    server.close()
    if centre.writer is not None:
        centre.writer.close()


async def test_answers_find_their_questions_in_any_order_and_strays_harm_nothing() -> None:
    centre = Centre()
    async with met(centre) as account:
        line = await SmppLine.bind(account(), refuses_nothing, SystemClock())
        asked = [asyncio.create_task(line.ask(Submit(MESSAGE))) for _ in range(3)]
        await until(lambda: len(centre.heard) == 4)
        numbers = [pdu.sequence for pdu in centre.heard[1:]]
        for number in (999, *reversed(numbers), *numbers):
            centre.say(number, Answer(to=SUBMIT_SM, text=f"m{number}"))

        assert [(await one).text for one in asked] == [f"m{number}" for number in numbers]
        await line.close("test over")


async def test_what_the_centre_asks_is_answered() -> None:
    centre = Centre()
    async with met(centre) as account:
        line = await SmppLine.bind(account(), refuses_nothing, SystemClock())
        centre.say(7, EnquireLink())
        centre.say(8, Deliver(MESSAGE))
        centre.say(9, Unknown(0x103))
        centre.say(10, Submit(MESSAGE))
        assert centre.writer is not None
        centre.writer.write(bytes.fromhex("00000012 00000005 00000000 0000000b 0001"))
        await until(lambda: len(centre.answers()) == 5)
        await line.close("test over")

    assert sorted(centre.answers()) == [
        (7, ENQUIRE_LINK, 0),
        (8, DELIVER_SM, 0),
        (9, GENERIC_NACK, INVALID_COMMAND),
        (10, GENERIC_NACK, INVALID_COMMAND),
        (11, GENERIC_NACK, INVALID_COMMAND),
    ]


async def test_good_bye_is_answered_and_ends_the_line() -> None:
    centre = Centre()
    async with met(centre) as account:
        line = await SmppLine.bind(account(), refuses_nothing, SystemClock())
        waiting = asyncio.create_task(line.ask(Submit(MESSAGE)))
        await until(lambda: len(centre.heard) == 2)
        centre.say(7, Unbind())
        with pytest.raises(NoLine, match="said good-bye"):
            await waiting
        with pytest.raises(NoLine, match="said good-bye"):
            await line.ask(EnquireLink())
        await until(lambda: centre.answers() == [(7, UNBIND, 0)])
        await line.close("test over")


async def test_more_than_our_store_can_take_is_asked_to_come_again() -> None:
    centre, kept = Centre(), asyncio.Event()

    async def slow(message: Message) -> int:
        await kept.wait()
        return 0

    async with met(centre) as account:
        line = await SmppLine.bind(account(), slow, SystemClock())
        for number in range(1, MOST_BEING_TAKEN + 3):
            centre.say(number, Deliver(MESSAGE))
        await until(lambda: len(centre.answers()) == 2)
        assert {status for _, _, status in centre.answers()} == {QUEUE_FULL}
        kept.set()
        await until(lambda: len(centre.answers()) == MOST_BEING_TAKEN + 2)
        await line.close("test over")


async def test_a_centre_that_does_not_answer_enquire_link_is_left() -> None:
    centre = Centre()
    async with met(centre) as account:
        line = await SmppLine.bind(account(timedelta(milliseconds=20), SHORT), refuses_nothing, SystemClock())
        await asyncio.wait_for(line.gone.wait(), 10)
        await line.close("test over")

    assert line.why_gone == "enquire_link was not answered"


async def test_a_doubt_asks_at_once() -> None:
    centre = Centre()
    async with met(centre) as account:
        line = await SmppLine.bind(account(), refuses_nothing, SystemClock())
        line.doubt()
        await until(lambda: len(centre.heard) == 2)
        await line.close("test over")

    assert centre.heard[1].body == EnquireLink()


@pytest.mark.parametrize(
    ("status", "ours"), [(0x0E, True), (0x0F, True), (0x0D, True), (0x04, False), (0x08, False), (0x14, False)]
)
async def test_a_refused_bind_says_whose_matter_it_is(status: int, ours: bool) -> None:
    async with met(Centre(status)) as account:
        with pytest.raises(NoLine, match="the bind is refused: ESME_R") as refused:
            await SmppLine.bind(account(), refuses_nothing, SystemClock())

    assert isinstance(refused.value, NotWelcome) is ours
    assert "hemligt" not in str(refused.value) + repr(account())

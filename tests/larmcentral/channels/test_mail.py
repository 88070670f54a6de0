"""Mail: against aiosmtpd, which is not ours, and against servers that behave badly."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from devices.peers.credentials import Credentials
from devices.peers.mail_server import MailServer
from devices.peers.orders import Fate, Order
from escalation.chain import Channel
from larmcentral.channels.mail import HOLD_NO_LONGER, MailChannel, MailSettings
from larmcentral.channels.wording import Wording
from larmcentral.domain.notice import Delivery, DeliveryState, Probe, ServiceMessage
from larmcentral.ports import Clock
from tests.fakes.bad_server import NOWHERE, BadServer, Manner, closed_port
from tests.fakes.settable_clock import SettableClock
from tests.larmcentral.channels.support import MODERATE, PATIENT, SHORT, in_house, outward, running, some_id, text

BO = "bo@exempel.se"
Make = Callable[..., MailChannel]


def channel(clock: Clock | None = None, **changes: Any) -> MailChannel:
    settings: dict[str, Any] = {
        "host": "localhost",
        "port": 1,
        "tls": "none",
        "sender": "Larmet <larm@exempel.se>",
        "deadline": PATIENT,
    }
    return MailChannel(MailSettings(**settings | changes), clock or SettableClock(), Wording("Europe/Stockholm"))


@pytest.fixture
async def server(
    credentials: Credentials, key_folder: Path, loop_faults: list[dict[str, Any]]
) -> AsyncIterator[MailServer]:
    server = MailServer(credentials.server_tls(key_folder), seal="starttls")
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def make(server: MailServer, key_folder: Path) -> Make:
    def made(**changes: Any) -> MailChannel:
        settings: dict[str, Any] = {
            "port": server.port,
            "tls": "starttls",
            "username": server.username,
            "password": server.password,
            "ca_file": str(key_folder / "ca.pem"),
        }
        return channel(**settings | changes)

    return made


async def test_a_mail_in_full(make: Make, server: MailServer) -> None:
    async with running(make()) as mail:
        delivery = await mail.send(outward(address=BO))

    (kept,) = server.record
    name = str(some_id("notice"))
    assert (delivery.state, delivery.provider_id) == (DeliveryState.SENT, f"{name}@exempel.se")
    assert delivery.answer == "250 OK kept as 1"
    assert (kept.notice_id, kept.address) == (name, BO)
    assert kept.payload["subject"].startswith("NÖDLARM")
    assert "Storgatan 5" in kept.payload["subject"] + kept.payload["text"]
    assert kept.payload["html"] is None
    assert kept.headers["Auto-Submitted"] == "auto-generated"


async def test_a_repeat_is_the_same_mail(make: Make, server: MailServer) -> None:
    async with running(make()) as mail:
        await mail.send(outward(address=BO))
        await mail.send(outward(address=BO))

    first, second = (kept.headers["Message-ID"] for kept in server.record)
    assert first == second


async def test_implicit_tls_and_a_server_that_knows_us_by_our_address(
    credentials: Credentials, key_folder: Path
) -> None:
    server = MailServer(credentials.server_tls(key_folder), seal="implicit", username=None)
    await server.start()
    async with running(channel(port=server.port, tls="implicit", ca_file=str(key_folder / "ca.pem"))) as mail:
        delivery = await mail.send(outward(address=BO))
    await server.stop()

    assert delivery.state is DeliveryState.SENT


async def test_many_mails_share_a_few_connections(make: Make, server: MailServer) -> None:
    async with running(make(connections=4)) as mail:
        deliveries = await asyncio.gather(*(mail.send(outward(f"n{n}", address=BO)) for n in range(60)))

    assert {delivery.state for delivery in deliveries} == {DeliveryState.SENT}
    assert len({kept.notice_id for kept in server.record}) == 60
    assert server.connections_made <= 4


async def test_a_connection_that_rested_too_long_is_not_used_again(server: MailServer, make: Make) -> None:
    clock = SettableClock()
    async with running(make(clock=clock)) as mail:
        await mail.send(outward("a", address=BO))
        await mail.send(outward("b", address=BO))
        clock.pass_by(HOLD_NO_LONGER + timedelta(seconds=1))
        await mail.send(outward("c", address=BO))

    assert [kept.connection for kept in server.record] == [1, 1, 2]


async def test_an_idle_connection_that_was_cut_is_made_anew(make: Make, server: MailServer) -> None:
    async with running(make()) as mail:
        await mail.send(outward("a", address=BO))
        server.cut_all()
        after = await mail.send(outward("b", address=BO))

    assert after.state is DeliveryState.SENT
    assert server.record.count == 2


@pytest.mark.parametrize(
    ("code", "words", "state"),
    [
        (550, "5.1.1 <bo@exempel.se>: no such user", DeliveryState.GONE),
        (550, "5.1.6 moved", DeliveryState.GONE),
        (550, "no such user", DeliveryState.REFUSED),
        (550, "5.7.1 relaying denied", DeliveryState.REFUSED),
        (552, "5.2.2 mailbox full", DeliveryState.REFUSED),
        (450, "4.2.0 greylisted", DeliveryState.RETRY),
        (451, "4.3.0 later", DeliveryState.RETRY),
        (421, "4.3.2 closing", DeliveryState.RETRY),
    ],
)
async def test_every_refusal_of_a_recipient_has_a_meaning(
    make: Make, server: MailServer, code: int, words: str, state: DeliveryState
) -> None:
    server.orders.for_next(Order(status=code, reason=words))
    async with running(make()) as mail:
        delivery = await mail.send(outward(address=BO))
        after = await mail.send(outward(address="eva@exempel.se"))

    assert (delivery.state, delivery.about_us) == (state, False)
    assert delivery.of_address == (code in (450, 451)), "a greylisted mailbox is no verdict on the server"
    assert str(code) in delivery.reason
    assert "@" not in delivery.reason + delivery.answer
    assert after.state is DeliveryState.SENT


async def test_a_wrong_password_is_about_us(make: Make, server: MailServer) -> None:
    async with running(make(password="wrong")) as mail:
        delivery = await mail.send(outward(address=BO))
        look = await mail.probe()

    assert (delivery.state, delivery.about_us) == (DeliveryState.REFUSED, True)
    assert delivery.reason.startswith("535")
    assert (look.alive, look.reason[:3]) == (False, "535")
    assert server.record.count == 0


async def test_a_server_that_wants_a_log_in_that_we_have_not_is_about_us(make: Make) -> None:
    async with running(make(username=None, password="")) as mail:
        delivery = await mail.send(outward(address=BO))

    assert (delivery.state, delivery.about_us, delivery.reason[:3]) == (DeliveryState.REFUSED, True, "530")


async def test_a_certificate_of_an_unknown_ca_is_not_trusted(make: Make, server: MailServer) -> None:
    async with running(make(ca_file=None)) as mail:
        delivery = await mail.send(outward(address=BO))

    assert delivery.state is DeliveryState.RETRY
    assert "certificate is not trusted" in delivery.reason
    assert server.record.count == 0


@pytest.mark.parametrize("fate", [Fate.SILENCE, Fate.CUT])
async def test_a_bad_network_is_a_retry_and_the_next_mail_is_well(make: Make, server: MailServer, fate: Fate) -> None:
    async with running(make(deadline=MODERATE)) as mail:
        server.orders.for_next(Order(fate=fate))
        bad = await mail.send(outward("a", address=BO))
        after = await mail.send(outward("b", address=BO))

    assert (bad.state, after.state) == (DeliveryState.RETRY, DeliveryState.SENT)
    assert bad.reason in ("no answer in time", "the connection was cut")


def polite(heard: bytes) -> bytes | None:
    """A mail server as it should be: one answer for each line, and one for the content."""
    if not heard.endswith(b"\r\n"):
        return None
    if heard.endswith(b"\r\n.\r\n"):
        return b"250 2.0.0 kept\r\n"
    _, data, content = heard.rpartition(b"\r\n.\r\n")[2].partition(b"DATA\r\n")
    if data:
        return None if content else b"354 go on\r\n"
    return b"250 OK\r\n"


GREETING = b"220 localhost ready\r\n"


@pytest.mark.parametrize(
    ("manner", "words"),
    [
        (Manner.SILENT, "no answer in time"),
        (Manner.LATE, "no answer in time"),
        (Manner.MUTE_CLOSE, "the connection was cut"),
        (Manner.CUT, "the connection was cut"),
        (Manner.GARBAGE, "an answer out of step"),
        (Manner.TWICE, "an answer out of step"),
    ],
)
async def test_bad_servers(manner: Manner, words: str) -> None:
    async with (
        BadServer(polite, manner, greeting=GREETING) as server,
        running(channel(port=server.port, deadline=MODERATE if words[0] != "n" else SHORT)) as mail,
    ):
        bad = await mail.send(outward(address=BO))
        server.release()
        server.manner = Manner.GOOD
        after = await mail.send(outward(address=BO))

    assert (bad.state, after.state) == (DeliveryState.RETRY, DeliveryState.SENT)
    assert bad.reason.startswith(words)


async def test_an_answer_that_comes_twice_is_not_taken_for_the_next_mails() -> None:
    doubled = [0]

    def answers(heard: bytes) -> bytes | None:
        said = polite(heard)
        if said is not None and said.startswith(b"250 2.0.0"):
            doubled[0] += 1
            return said * 2
        return said

    async with (
        BadServer(answers, Manner.GOOD, greeting=GREETING) as server,
        running(channel(port=server.port)) as mail,
    ):
        deliveries = [await mail.send(outward(address=BO)) for _ in range(3)]

    assert [delivery.state for delivery in deliveries] == [DeliveryState.SENT] * 3
    assert sum(heard.count(b"\r\n.\r\n") for heard in server.heard) == doubled[0] == 3


@pytest.mark.parametrize("where", ["closed", NOWHERE])
async def test_nobody_there(where: str) -> None:
    host = "127.0.0.1" if where == "closed" else where
    async with running(channel(port=closed_port(), host=host, tls="starttls")) as mail:
        delivery = await mail.send(outward(address=BO))

    assert delivery.state is DeliveryState.RETRY
    assert delivery.reason in ("it refuses the connection", "its name does not resolve")


async def test_a_server_without_starttls_gets_nothing_in_clear() -> None:
    async with (
        BadServer(polite, Manner.GOOD, greeting=GREETING) as server,
        running(channel(port=server.port, tls="starttls")) as mail,
    ):
        delivery = await mail.send(outward(address=BO))

    assert (delivery.state, delivery.reason) == (
        DeliveryState.RETRY,
        "SMTP STARTTLS extension not supported by server.",
    )
    assert b"MAIL" not in server.heard[0]


async def test_a_mail_about_ourselves_has_its_link(make: Make, server: MailServer) -> None:
    link = "https://larm.exempel.se/api/proofs/abc"
    said = ServiceMessage(
        id=UUID(int=7), channel=Channel.MAIL, address=BO, language="sv", title="Bekräfta", body="Tryck.", link=link
    )
    async with running(make()) as mail:
        delivery = await mail.post(said)
        refused = await mail.post(replace(said, address="bo"))

    (kept,) = server.record
    assert (delivery.state, refused.state) == (DeliveryState.SENT, DeliveryState.REFUSED)
    assert link in kept.payload["text"]
    assert f'href="{link}"' in kept.payload["html"]


async def test_a_look_tells_nobody(make: Make, server: MailServer) -> None:
    async with running(make()) as mail:
        assert await mail.probe() == Probe(alive=True)
        assert (await mail.send(outward(address=BO))).state is DeliveryState.SENT

    assert server.connections_made == 1
    async with running(channel(port=closed_port())) as mail:
        assert await mail.probe() == Probe(alive=False, reason="it refuses the connection")


async def test_names_with_line_breaks_add_no_header(make: Make, server: MailServer) -> None:
    async with running(make()) as mail:
        await mail.send(outward(address=BO, words=text(subject="Anna\r\nBcc: eve@exempel.se\r\n\r\n.")))

    (kept,) = server.record
    assert "Bcc" not in kept.headers
    assert [kept.address] == [BO]


async def test_before_start_and_after_stop_it_is_a_retry(make: Make) -> None:
    mail = make()
    stopped = Delivery(state=DeliveryState.RETRY, reason="stopped")

    assert await mail.send(outward(address=BO)) == stopped
    await mail.start()
    await mail.start()
    assert (await mail.send(outward(address=BO))).state is DeliveryState.SENT
    await mail.stop()
    await mail.stop()
    assert await mail.send(outward(address=BO)) == stopped


async def test_a_mail_under_way_when_it_stops_is_a_retry(make: Make, server: MailServer) -> None:
    server.orders.for_all(Order(fate=Fate.SILENCE))
    mail = make(connections=1)
    await mail.start()
    trying = [asyncio.create_task(mail.send(outward(address=BO))) for _ in range(3)]
    await server.record.wait_for(lambda received: True)

    await mail.stop()

    assert [delivery.reason for delivery in await asyncio.gather(*trying)] == ["stopped"] * 3


async def test_no_drill_is_mailed(make: Make, server: MailServer) -> None:
    async with running(make()) as mail:
        with pytest.raises(TypeError, match="outward notices only"):
            await mail.send(in_house(address=BO))  # type: ignore[arg-type]

    assert server.connections_made == 0


@pytest.mark.parametrize(
    "bad",
    [
        {"host": "mail.exempel.se"},
        {"tls": "maybe"},
        {"port": 0},
        {"sender": "larm"},
        {"sender": "Larm\r\n <larm@exempel.se>"},
        {"username": "larm"},
        {"password": "x"},
        {"connections": 0},
        {"deadline": timedelta()},
    ],
)
def test_settings_that_cannot_be_are_refused(bad: dict[str, Any]) -> None:
    good = MailSettings(host="localhost", sender="larm@exempel.se", tls="none")
    with pytest.raises(ValueError, match="mail"):
        replace(good, **bad)


def test_the_password_is_in_no_repr() -> None:
    assert "hemligt" not in repr(MailSettings(host="h", sender="larm@exempel.se", username="l", password="hemligt"))

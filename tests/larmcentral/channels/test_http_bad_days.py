"""Bad days of every way out over HTTP: a delivery in words within the deadline, and the next one works again.

APNs speaks HTTP/2 and meets the same days at the end of this file and in test_apns*.py.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from devices.peers.credentials import Credentials
from devices.peers.fcm_server import FcmServer
from devices.peers.web_push_server import WebPushServer
from larmcentral.channels.apns import ApnsChannel, ApnsSettings
from larmcentral.clock import SystemClock
from larmcentral.domain.notice import Delivery, DeliveryState
from tests.fakes.bad_server import NOWHERE, BadServer, Manner, closed_port
from tests.larmcentral.channels.http_cases import NAMES, Case, Peers, answer, answers_in_turn, ca_of, make_case
from tests.larmcentral.channels.support import WORDING, in_house, running

DEADLINE = timedelta(seconds=1)
GRACE_S = 1.5  # for a busy machine, beyond the deadline
THROTTLED = answer(429, {"code": 20429, "message": "Too many requests"}, "Retry-After: 7")
SECRET = "a-secret-password"


@pytest.fixture
async def peers(
    credentials: Credentials, key_folder: Path, fcm_server: FcmServer, loop_faults: list[dict[str, Any]]
) -> AsyncIterator[Peers]:
    push = WebPushServer(None)
    await push.start()
    yield Peers(fcm_server, push, ca_of(key_folder))
    await push.stop()


@pytest.fixture
def tls(credentials: Credentials, key_folder: Path) -> ssl.SSLContext:
    return credentials.server_tls(key_folder)


async def within_deadline(case: Case, notice: str = "notice") -> Delivery:
    """Send, and hold the channel to its word."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    delivery = await case.send(notice)
    assert loop.time() - began < DEADLINE.total_seconds() + GRACE_S
    assert SECRET not in delivery.reason
    assert "a secret password" not in delivery.reason
    return delivery


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("manner", [Manner.SILENT, Manner.CUT, Manner.MUTE_CLOSE, Manner.LATE, Manner.GARBAGE])
async def test_a_bad_server_is_a_retry_in_words_and_the_next_notice_goes_out(
    name: str, manner: Manner, peers: Peers, tls: ssl.SSLContext
) -> None:
    case = make_case(name, peers, "https://localhost:1", DEADLINE)  # only for its good answer
    async with BadServer(answers_in_turn([case.good]), manner, tls=tls) as server:
        case = make_case(name, peers, f"https://localhost:{server.port}", DEADLINE)
        async with running(case.channel):
            bad = await within_deadline(case)
            server.release()
            server.manner = Manner.GOOD
            after = await within_deadline(case, "after")

    assert (bad.state, bad.retry_after) == (DeliveryState.RETRY, None)
    assert bad.reason
    assert after.state is DeliveryState.SENT


@pytest.mark.parametrize("name", NAMES)
async def test_an_answer_given_twice_is_not_taken_for_the_next_ones(
    name: str, peers: Peers, tls: ssl.SSLContext
) -> None:
    good = make_case(name, peers, "https://localhost:1", DEADLINE).good
    turns = iter([good, good])
    async with BadServer(lambda heard: _when_whole(heard, turns), Manner.TWICE, tls=tls) as server:
        case = make_case(name, peers, f"https://localhost:{server.port}", DEADLINE)
        async with running(case.channel):
            first = await within_deadline(case)
            server.manner = Manner.GOOD
            second = await within_deadline(case, "second")

    assert first.state is DeliveryState.SENT
    assert (second.state, second.retry_after) == (DeliveryState.RETRY, timedelta(seconds=7))


def _when_whole(heard: bytes, turns: Any) -> bytes | None:
    """The first whole request has the good answer, every later one is throttled, on whatever connection."""
    if answers_in_turn([b"whole"])(heard) is None:
        return None
    found: bytes = next(turns, THROTTLED)
    next(turns, None)
    return found


@pytest.mark.parametrize("name", NAMES)
async def test_who_is_throttled_is_told_how_long(name: str, peers: Peers, tls: ssl.SSLContext) -> None:
    async with BadServer(answers_in_turn([THROTTLED]), Manner.GOOD, tls=tls) as server:
        case = make_case(name, peers, f"https://localhost:{server.port}", DEADLINE)
        async with running(case.channel):
            delivery = await within_deadline(case)

    assert (delivery.state, delivery.retry_after) == (DeliveryState.RETRY, timedelta(seconds=7))
    assert "429" in delivery.reason


@pytest.mark.parametrize("name", NAMES)
async def test_a_port_where_nobody_listens(name: str, peers: Peers) -> None:
    case = make_case(name, peers, f"https://localhost:{closed_port()}", DEADLINE)
    async with running(case.channel):
        delivery = await within_deadline(case)
        probe = await case.channel.probe()

    assert delivery.state is DeliveryState.RETRY
    assert delivery.reason.startswith("cannot connect")
    # A push service is asked only once it has taken something: whoever names an address could else make all look dead.
    assert (probe.alive, bool(probe.reason)) == (name == "web_push", True)


@pytest.mark.parametrize("name", NAMES)
async def test_a_name_that_does_not_resolve(name: str, peers: Peers) -> None:
    case = make_case(name, peers, f"https://{NOWHERE}", DEADLINE)
    async with running(case.channel):
        delivery = await within_deadline(case)

    assert delivery.state is DeliveryState.RETRY
    assert delivery.reason


@pytest.mark.parametrize("name", [name for name in NAMES if name != "fcm"])  # FCM's token is fetched first: test_fcm.py
async def test_a_certificate_that_nobody_we_trust_has_signed(name: str, peers: Peers, tls: ssl.SSLContext) -> None:
    case = make_case(name, peers, "https://localhost:1", DEADLINE)
    async with BadServer(answers_in_turn([case.good]), Manner.GOOD, tls=tls) as server:
        case = make_case(name, peers, f"https://localhost:{server.port}", DEADLINE, trusted=False)
        async with running(case.channel):
            delivery = await within_deadline(case)
            probe = await case.channel.probe()

    assert delivery.state is DeliveryState.RETRY
    assert delivery.reason.startswith("the server's certificate is not trusted")
    assert name == "web_push" or "the server's certificate is not trusted" in probe.reason
    assert all(b"POST" not in heard for heard in server.heard)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "fcm"])  # a 401 there asks for a new token
async def test_credentials_that_are_refused_are_never_tried_again(name: str, peers: Peers, tls: ssl.SSLContext) -> None:
    async with BadServer(answers_in_turn([answer(401, {"code": 20003})]), Manner.GOOD, tls=tls) as server:
        case = make_case(name, peers, f"https://localhost:{server.port}", DEADLINE)
        async with running(case.channel):
            delivery = await within_deadline(case)

    assert delivery.state is DeliveryState.REFUSED
    assert "401" in delivery.reason
    assert delivery.about_us is (name in {"46elks", "46elks_voice", "twilio"})


@pytest.mark.parametrize("name", NAMES)
async def test_words_about_ourselves_come_back_with_what_was_answered(
    name: str, peers: Peers, tls: ssl.SSLContext
) -> None:
    case = make_case(name, peers, "https://localhost:1", DEADLINE)
    async with BadServer(answers_in_turn([case.good]), Manner.GOOD, tls=tls) as server:
        case = make_case(name, peers, f"https://localhost:{server.port}", DEADLINE)
        async with running(case.channel):
            good = await case.post()
            server.manner = Manner.CUT
            bad = await case.post()

    assert good.state is DeliveryState.SENT
    assert good.answer[:2] == "20"
    assert bad.state is DeliveryState.RETRY


@pytest.mark.parametrize("name", NAMES)
async def test_stopped_it_says_so(name: str, peers: Peers) -> None:
    case = make_case(name, peers, "https://localhost:1", DEADLINE)

    assert await case.send("notice") == Delivery(state=DeliveryState.RETRY, reason="stopped")


APNS_MANNERS = [Manner.SILENT, Manner.CUT, Manner.MUTE_CLOSE, Manner.GARBAGE]


@pytest.mark.parametrize("manner", APNS_MANNERS)
async def test_a_server_that_is_not_apples_is_a_retry_in_words(
    manner: Manner, apns_settings: Callable[..., ApnsSettings], tls: ssl.SSLContext
) -> None:
    tls.set_alpn_protocols(["h2"])
    async with BadServer(lambda heard: b"\x00\x00\x00\x04\x00\x00\x00\x00\x00", manner, tls=tls) as server:
        apns = ApnsChannel(apns_settings(port=server.port, deadline=DEADLINE), SystemClock(), WORDING)
        await apns.start()
        delivery = await apns.send(in_house())
        await apns.stop()

    assert delivery.state is DeliveryState.RETRY
    assert delivery.reason


@pytest.mark.parametrize(("host", "port"), [(NOWHERE, 443), ("localhost", None)])
async def test_apns_that_cannot_be_reached(
    host: str, port: int | None, apns_settings: Callable[..., ApnsSettings]
) -> None:
    settings = apns_settings(host=host, port=port or closed_port(), deadline=DEADLINE)
    async with running(ApnsChannel(settings, SystemClock(), WORDING)) as apns:
        delivery = await apns.send(in_house())
        probe = await apns.probe()

    assert delivery.state is DeliveryState.RETRY
    assert (probe.alive, bool(probe.reason)) == (False, True)

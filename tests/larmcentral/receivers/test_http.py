"""Phones over HTTP, on good days and bad ones; spoken by hand, so that bad days can be as bad as they get."""

from __future__ import annotations

import asyncio
import gc
import socket
from collections.abc import Sequence
from datetime import datetime

import pytest

from larmcentral.receivers.http_channel import PhoneRequest
from larmcentral.receivers.limits import Limits
from protocols.conversation import Nak, Token
from protocols.http import MAX_BODY_BYTES, HttpEvent, HttpRequest, HttpResponse
from tests.fakes.intake import eventually
from tests.larmcentral.receivers.rig import Device, Rig

ALARM = b"POST /?id=anna&alarm=sos HTTP/1.1\r\nHost: larm\r\nContent-Length: 0\r\n\r\n"
HEARTBEAT = b"GET /?id=anna&batt=50 HTTP/1.1\r\nHost: larm\r\n\r\n"


async def response(phone: Device) -> tuple[int, dict[str, str], bytes]:
    """Read one response."""
    status = int((await phone.hear()).split(" ")[1])
    headers: dict[str, str] = {}
    while line := (await phone.hear()).rstrip("\r"):
        name, _, value = line.partition(": ")
        headers[name.lower()] = value
    body = await phone.read(int(headers.get("content-length", "0")))
    return status, headers, body


async def ask(rig: Rig, *requests: bytes) -> list[int]:
    """Send requests on one connection and return their statuses."""
    phone = await rig.connect()
    phone.send(b"".join(requests))
    return [(await response(phone))[0] for _ in requests]


async def test_an_alarm_is_answered_once_it_is_stored_and_not_before(rig: Rig) -> None:
    await rig.http()
    rig.intake.holds = True
    phone = await rig.connect()
    phone.send(ALARM)
    await eventually(lambda: len(rig.intake.held) == 1)
    answer = asyncio.ensure_future(response(phone))
    for _ in range(100):
        await asyncio.sleep(0)
    assert not answer.done()
    rig.intake.release()
    assert (await answer)[0] == 200
    [arrival] = rig.intake.stored
    assert [signal.device for signal in arrival.signals if signal.is_alarm] == ["anna"]


async def test_a_connection_serves_many_requests_even_in_one_segment(rig: Rig) -> None:
    served = await rig.http()
    phone = await rig.connect()
    phone.send(ALARM + HEARTBEAT + ALARM)
    assert [(await response(phone))[0] for _ in range(3)] == [200, 200, 200]
    phone.send(HEARTBEAT)
    assert (await response(phone))[0] == 200
    assert len(rig.intake.stored) == 4
    assert len(served.crowd) == 1


async def test_a_client_that_asks_to_close_is_closed(rig: Rig) -> None:
    await rig.http()
    phone = await rig.connect()
    phone.send(ALARM.replace(b"Host: larm", b"Connection: close"))
    assert (await phone.hear_all()).startswith(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize("trouble", ["be_away", "be_full"])
async def test_what_is_not_stored_is_said_and_the_repeat_is_taken(rig: Rig, trouble: str) -> None:
    await rig.http()
    getattr(rig.intake, trouble)()
    assert await ask(rig, ALARM) == [503]
    rig.intake.be_well()
    assert await ask(rig, ALARM) == [200]
    assert len(rig.intake.stored) == 1


async def test_a_phone_that_is_gone_before_the_commit_has_its_alarm_stored(rig: Rig) -> None:
    served = await rig.http()
    rig.intake.holds = True
    phone = await rig.connect()
    phone.send(ALARM)
    await eventually(lambda: len(rig.intake.held) == 1)
    await phone.leave()
    await eventually(lambda: len(served.crowd) == 0)
    rig.intake.release()
    await eventually(lambda: len(rig.intake.stored) == 1 and len(served.tasks) == 0)


async def test_an_unknown_phone_is_refused_with_telemetry_and_heard_with_an_alarm(rig: Rig) -> None:
    await rig.http()
    assert await ask(rig, HEARTBEAT.replace(b"anna", b"eve"), HEARTBEAT.replace(b"anna", b"eve")) == [400, 400]
    assert len(rig.intake.unknown) == 1, "kept once an hour"
    assert await ask(rig, ALARM.replace(b"anna", b"eve")) == [200]
    assert [arrival.authentic for arrival in rig.intake.stored] == [False]


async def test_strangers_alarms_beyond_the_limit_are_not_promised(rig: Rig) -> None:
    await rig.http(limits=Limits(unknown_alarms_burst=1, unknown_alarms_per_minute=1))
    eve = ALARM.replace(b"anna", b"eve")
    assert await ask(rig, eve, eve) == [200, 503]


@pytest.mark.parametrize("method", [b"HEAD", b"PUT", b"DELETE", b"OPTIONS", b"BREW"])
async def test_other_verbs_are_refused_clearly(rig: Rig, method: bytes) -> None:
    await rig.http()
    phone = await rig.connect()
    phone.send(HEARTBEAT.replace(b"GET", method) + HEARTBEAT)
    if method == b"HEAD":
        assert (await phone.hear()).startswith("HTTP/1.1 405 ")
        while (await phone.hear()).rstrip("\r"):
            pass
    else:
        status, headers, body = await response(phone)
        assert (status, headers["allow"], body) == (405, "GET, POST", b"only GET, POST are taken here\n")
    assert (await response(phone))[0] == 200


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"\x16\x03\x01 garbage\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (MAX_BODY_BYTES + 1), 413),
        (b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 9999999\r\n\r\n", 413),
        (b"GET /?" + b"x" * 20_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: %s\r\n" % (n, b"y" * 1000) for n in range(40)), 400),
        (b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(200)), 400),
    ],
)
async def test_broken_requests_are_refused_and_counted(rig: Rig, request_bytes: bytes, status: int) -> None:
    served = await rig.http()
    phone = await rig.connect()
    phone.send(request_bytes)
    assert (await phone.hear()).split(" ")[1] == str(status)
    await phone.hear_all()
    await eventually(lambda: len(served.crowd) == 0)
    assert rig.metric("larm_faults_total", receiver="rig", reason=f"Http{status}") == 1


async def test_a_chunked_body_has_the_same_limit(rig: Rig) -> None:
    served = await rig.http(limits=Limits(body_bytes=1000))
    phone = await rig.connect()
    phone.send(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(3):
        phone.send(b"190\r\n" + b"x" * 400 + b"\r\n")
    assert (await phone.hear()).split(" ")[1] == "413"
    await phone.hear_all()
    await eventually(lambda: len(served.crowd) == 0)


async def test_an_alarm_in_a_body_is_stored_though_the_phone_is_gone_at_once(rig: Rig) -> None:
    served = await rig.http()
    body = b'{"device_id":"anna","location":{"extras":{"alarm":"sos"}}}'
    head = b"POST / HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    with socket.create_connection(("127.0.0.1", rig.receiver.port)) as phone:
        phone.sendall(head + body)
    await eventually(lambda: len(rig.intake.stored) == 1)
    await eventually(lambda: len(served.crowd) == 0)


@pytest.mark.parametrize("end", [b"190\r\n" + b"x" * 400 + b"\r\n", b""])
async def test_nothing_of_a_body_stays_in_memory_when_it_is_refused_or_cut_off(rig: Rig, end: bytes) -> None:
    """A request and its connection know each other, so both stay until somebody looks for garbage."""
    served = await rig.http(limits=Limits(body_bytes=700))
    gc.disable()
    try:
        phone = await rig.connect()
        phone.send(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n190\r\n" + b"x" * 400 + b"\r\n")
        await eventually(lambda: sum(_kept()) == 400)
        phone.send(end)
        if end:
            assert (await phone.hear()).split(" ")[1] == "413"
        else:
            await phone.leave()
        await eventually(lambda: len(served.crowd) == 0)
        assert sum(_kept()) == 0
    finally:
        gc.enable()


def _kept() -> list[int]:
    return [len(one.body) for one in gc.get_objects() if isinstance(one, PhoneRequest)]


async def test_a_chunked_body_is_read(rig: Rig) -> None:
    await rig.http()
    body = b'{"device_id":"anna","location":{"extras":{"alarm":"sos"}}}'
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:7], body[7:])) + b"0\r\n\r\n"
    head = b"POST / HTTP/1.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert await ask(rig, head + chunks) == [200]


@pytest.mark.parametrize("drip", [b"", b"GET /?id=anna", b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n12"])
async def test_who_drips_is_cut_however_often_a_byte_comes(rig: Rig, drip: bytes) -> None:
    served = await rig.http(limits=Limits(header_s=0.1, body_s=0.1))
    phone = await rig.connect()
    phone.send(drip)
    hearing = asyncio.ensure_future(phone.hear_all())
    while not hearing.done():
        if drip and not drip.endswith(b"2"):
            phone.send(b"x")
        await asyncio.sleep(0)
    assert await hearing == b""
    await eventually(lambda: len(served.crowd) == 0)


async def test_an_idle_connection_is_closed(rig: Rig) -> None:
    await rig.http(limits=Limits(keep_alive_s=0.05))
    phone = await rig.connect()
    phone.send(HEARTBEAT)
    assert (await response(phone))[0] == 200
    assert await phone.hear_all() == b""


async def test_a_slow_store_is_no_slow_client(rig: Rig) -> None:
    await rig.http(limits=Limits(header_s=0.05, body_s=0.05))
    rig.intake.holds = True
    phone = await rig.connect()
    phone.send(ALARM)
    await eventually(lambda: len(rig.intake.held) == 1)
    later = rig.clock.monotonic() + 0.2
    await eventually(lambda: rig.clock.monotonic() > later)
    rig.intake.release()
    assert (await response(phone))[0] == 200


class Buggy:
    """A conversation with a bug of ours."""

    def receive_request(self, request: HttpRequest, now: datetime) -> Sequence[HttpEvent]:
        raise RuntimeError("a bug")

    def ack(self, token: Token, now: datetime) -> HttpResponse:
        raise NotImplementedError

    def nak(self, token: Token, why: Nak, now: datetime) -> HttpResponse:
        raise NotImplementedError


async def test_our_bug_is_a_500_and_counted(rig: Rig) -> None:
    await rig.http(Buggy)
    assert await ask(rig, ALARM, ALARM) == [500, 500]
    assert rig.metric("larm_faults_total", receiver="rig", reason="OurBug") == 2


async def test_too_many_connections_are_refused(rig: Rig) -> None:
    await rig.http(limits=Limits(connections=1))
    phone = await rig.connect()
    phone.send(HEARTBEAT)
    assert (await response(phone))[0] == 200
    other = await rig.connect()
    assert await other.hear_all() == b""


async def test_a_stranger_may_ask_so_often_on_one_connection_and_an_enrolled_phone_for_ever(rig: Rig) -> None:
    await rig.http(limits=Limits(stranger_requests=2))
    eve = await rig.connect()
    eve.send(HEARTBEAT.replace(b"anna", b"eve") * 5)
    assert (await eve.hear_all()).count(b"HTTP/1.1 400 ") == 2
    anna = await rig.connect()
    anna.send(HEARTBEAT * 5)
    assert [(await response(anna))[0] for _ in range(5)] == [200] * 5


async def test_an_enrolled_phone_stays_when_strangers_crowd_in(rig: Rig) -> None:
    served = await rig.http(limits=Limits(strangers=2))
    anna = await rig.connect()
    anna.send(HEARTBEAT)
    assert (await response(anna))[0] == 200
    silent = [await rig.connect() for _ in range(4)]
    await eventually(lambda: len(served.crowd) == 3)
    for each in silent[:2]:
        assert await each.hear_all() == b""
    anna.send(ALARM)
    assert (await response(anna))[0] == 200


async def test_stop_answers_what_is_under_way(rig: Rig) -> None:
    served = await rig.http()
    rig.intake.holds = True
    phone, idle = await rig.connect(), await rig.connect()
    phone.send(ALARM)
    await eventually(lambda: len(rig.intake.held) == 1 and len(served.crowd) == 2)
    stopping = asyncio.ensure_future(rig.receiver.stop())
    assert await idle.hear_all() == b""
    rig.intake.release()
    assert (await phone.hear_all()).startswith(b"HTTP/1.1 200 ")
    await stopping
    assert (len(served.crowd), len(served.tasks), len(rig.intake.stored)) == (0, 0, 1)


async def test_two_hundred_requests_leave_nothing_behind(rig: Rig) -> None:
    served = await rig.http()
    statuses = await asyncio.gather(*(ask(rig, ALARM, HEARTBEAT) for _ in range(100)))
    assert statuses == [[200, 200]] * 100
    await rig.receiver.stop()
    assert (len(served.crowd), len(served.tasks), len(rig.intake.stored)) == (0, 0, 200)

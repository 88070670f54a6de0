"""What somebody who means no good does to a listener, one attack a function. Each goes on until it is cancelled."""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Final

from load.spite.caller import RESET, Caller, hello, noise

SLOW_S: Final = 5.0
"""Between two bytes of a slow sender."""
CHUNK: Final = 65_536
SOURCE_PORTS: Final = 200
"""Sockets of a flood of datagrams; a port of its own each."""
A_TURN: Final = 50
LONG: Final = 10**10

ENROLLED: Final = "8660009999"
"""A watch that is entered, and whose wearer means no good."""
STRANGER: Final = "8669999999"
STRANGERS: Final = 8_700_000_000
"""Names of devices that nobody has entered count on from here: a name has one connection, and its newest."""


async def connects(caller: Caller) -> None:
    """Connect and hang up, as often as it goes."""

    async def nothing(wire: socket.socket) -> None:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)

    await caller.keep_calling(nothing)


async def silence(caller: Caller) -> None:
    """Connect, and say nothing."""
    await caller.keep_calling(caller.ended)


async def slow_watch(caller: Caller) -> None:
    """Say a keepalive, one byte at a time."""
    await _slowly(caller, f"[3G*{STRANGER}*0002*LK]".encode())


async def slow_head(caller: Caller) -> None:
    """Send a request whose head never ends."""
    await _slowly(caller, b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * 10_000, at_once=20)


async def slow_body(caller: Caller) -> None:
    """Announce a body and send it one byte at a time."""
    head = b"POST /api/session HTTP/1.1\r\nHost: x\r\nX-Larm: 1\r\nContent-Length: 5000\r\n\r\n"
    await _slowly(caller, head + b"x" * 5000, at_once=len(head))


async def no_body(caller: Caller) -> None:
    """Announce a body, and send nothing of it."""

    async def announce(wire: socket.socket) -> None:
        await caller.send(wire, b"POST /api/session HTTP/1.1\r\nHost: x\r\nX-Larm: 1\r\nContent-Length: 60000\r\n\r\n")
        await caller.ended(wire)

    await caller.keep_calling(announce)


async def huge_body(caller: Caller) -> None:
    """Announce ten gigabytes, and send what is taken."""
    head = b"POST /api/session HTTP/1.1\r\nHost: x\r\nX-Larm: 1\r\nContent-Length: %d\r\n\r\n" % LONG
    await caller.keep_calling(lambda wire: _pour(caller, wire, b"x" * CHUNK, head))


async def huge_chunks(caller: Caller) -> None:
    """Send a body in chunks that never ends."""
    head = b"POST /api/session HTTP/1.1\r\nHost: x\r\nX-Larm: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
    await caller.keep_calling(lambda wire: _pour(caller, wire, b"8000\r\n" + b"x" * 0x8000 + b"\r\n", head))


async def huge_sip(caller: Caller) -> None:
    """Announce ten gigabytes in SIP."""
    head = b"MESSAGE sip:a@b SIP/2.0\r\nContent-Length: %d\r\n\r\n" % LONG
    await caller.keep_calling(lambda wire: _pour(caller, wire, b"x" * CHUNK, head))


async def endless(caller: Caller) -> None:
    """Send one line without an end."""
    await caller.keep_calling(lambda wire: _pour(caller, wire, b"x" * CHUNK, b"["))


async def garbage(caller: Caller) -> None:
    """Send what means nothing, at full rate."""
    chunk = noise(CHUNK)
    await caller.keep_calling(lambda wire: _pour(caller, wire, chunk))


async def crumbs(caller: Caller) -> None:
    """Send the smallest frames there are, all of them broken."""
    await caller.keep_calling(lambda wire: _pour(caller, wire, b"[]\r\n" * (CHUNK // 4)))


async def strange_frames(caller: Caller) -> None:
    """Send whole frames of a device that nobody knows, at full rate, and read the answers."""
    turn = itertools.count(STRANGERS)
    await caller.keep_calling(lambda wire: _both(caller, wire, _keepalives(str(next(turn)))))


async def known_frames(caller: Caller) -> None:
    """Send whole frames of a device that is entered, at full rate, and read the answers."""
    await caller.keep_calling(lambda wire: _both(caller, wire, _keepalives(ENROLLED)))


async def known_alarms(caller: Caller) -> None:
    """Press the button of a device that is entered, each time anew, at full rate."""
    turn = itertools.count()

    async def press(wire: socket.socket) -> None:
        reading = asyncio.create_task(caller.ended(wire))
        try:
            while True:
                numbers = itertools.islice(turn, A_TURN)
                await caller.send(wire, b"".join(_alarm(ENROLLED, number) for number in numbers))
        finally:
            reading.cancel()

    await caller.keep_calling(press)


async def deaf(caller: Caller) -> None:
    """Ask for answers, and read none."""
    turn = itertools.count(STRANGERS)
    await caller.keep_calling(lambda wire: _pour(caller, wire, _keepalives(str(next(turn)))), small=True)


async def deaf_http(caller: Caller) -> None:
    """Send request after request, and read no answer."""
    request = b"GET /?id=nobody HTTP/1.1\r\nHost: x\r\n\r\n"
    await caller.keep_calling(lambda wire: _pour(caller, wire, request * 100), small=True)


async def requests(caller: Caller) -> None:
    """Send requests one behind the other, and read the answers."""
    request = b"GET /api/nothing?id=nobody HTTP/1.1\r\nHost: x\r\n\r\n"
    await caller.keep_calling(lambda wire: _both(caller, wire, request * 100))


async def half_hello(caller: Caller) -> None:
    """Begin a TLS handshake, and leave it at that."""
    await _slowly(caller, hello(), at_once=100)


async def hello_only(caller: Caller) -> None:
    """Have the server work for a TLS handshake, and leave before its end."""
    words = hello()

    async def begin(wire: socket.socket) -> None:
        await caller.send(wire, words)
        await asyncio.get_running_loop().sock_recv(wire, CHUNK)

    await caller.keep_calling(begin)


async def datagrams(caller: Caller) -> None:
    """Send datagrams that mean nothing, from many ports."""
    await _rain(caller, [noise(40) for _ in range(100)])


async def empty_datagrams(caller: Caller) -> None:
    """Send datagrams with nothing in them."""
    await _rain(caller, [b""])


async def sip_datagrams(caller: Caller) -> None:
    """Ask what the server can do, from many ports, each time under another name."""
    ask = (
        "OPTIONS sip:a@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK{0}\r\nFrom: <sip:x@y>;tag={0}\r\n"
        "To: <sip:a@b>\r\nCall-ID: {0}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
    )
    await _rain(caller, [ask.format(number).encode() for number in range(5000)])


async def log_ins(caller: Caller) -> None:
    """Try passwords, one behind the other."""
    turn = itertools.count()

    async def guess(wire: socket.socket) -> None:
        while True:
            body = json.dumps({"login": f"nobody{next(turn) % 500}", "password": "gissning-nummer-ett"}).encode()
            head = b"POST /api/session HTTP/1.1\r\nHost: x\r\nX-Larm: 1\r\nContent-Type: application/json\r\n"
            await caller.send(wire, head + b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            answer = await asyncio.get_running_loop().sock_recv(wire, CHUNK)
            if not answer:
                return
            caller.said[f"answered_{answer[9:12].decode('latin-1')}"] += 1

    await caller.keep_calling(guess)


async def deaf_feeds(caller: Caller) -> None:
    """Open live feeds with a session that is good, and read nothing of them."""
    ask = f"GET /api/feed HTTP/1.1\r\nHost: x\r\nCookie: {caller.order.cookie}\r\n\r\n".encode()

    async def listen(wire: socket.socket) -> None:
        await caller.send(wire, ask)
        await asyncio.Event().wait()

    await caller.keep_calling(listen, small=True)


def _keepalives(account: str) -> bytes:
    frame = f"[3G*{account}*0002*LK]".encode()
    return frame * (CHUNK // len(frame))


def _alarm(account: str, number: int) -> bytes:
    at = f"{number // 3600 % 24:02d}{number // 60 % 60:02d}{number % 60:02d}"
    said = f"AL,{1 + number // 86_400:02d}0326,{at},V,0,N,0,E,0,0,0,0,70,50,0,0,00010000"
    return f"[3G*{account}*{len(said):04X}*{said}]".encode()


async def _slowly(caller: Caller, words: bytes, *, at_once: int = 1) -> None:
    async def say(wire: socket.socket) -> None:
        reading = asyncio.create_task(caller.ended(wire))
        try:
            await caller.send(wire, words[:at_once])
            for byte in words[at_once:]:
                await asyncio.wait({reading}, timeout=SLOW_S)
                if reading.done():
                    return
                await caller.send(wire, bytes([byte]))
            await reading
        finally:
            reading.cancel()

    await caller.keep_calling(say)


async def _pour(caller: Caller, wire: socket.socket, chunk: bytes, head: bytes = b"") -> None:
    """Send without ever reading, until it fails."""
    await caller.send(wire, head)
    while True:
        await caller.send(wire, chunk)


async def _both(caller: Caller, wire: socket.socket, chunk: bytes) -> None:
    """Send, and read whatever is answered."""
    reading = asyncio.create_task(caller.ended(wire))
    try:
        while not reading.done():
            await caller.send(wire, chunk)
    finally:
        reading.cancel()


async def _rain(caller: Caller, drops: list[bytes]) -> None:
    """Send datagrams in turn from many ports."""
    opened = []
    for _ in range(SOURCE_PORTS):
        wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        wire.setblocking(False)
        wire.bind((caller.host(), 0))
        wire.connect(("127.0.0.1", caller.order.port))
        opened.append(wire)
    try:
        for turn, drop in enumerate(itertools.cycle(drops)):
            with suppress(OSError):
                opened[turn % len(opened)].send(drop)
                caller.said["sent"] += 1
            if turn % A_TURN == 0:
                await asyncio.sleep(0)
    finally:
        for wire in opened:
            wire.close()


ATTACKS: Final[Mapping[str, Callable[[Caller], Awaitable[None]]]] = {
    attack.__name__: attack
    for attack in (
        *(connects, silence, slow_watch, slow_head, slow_body, no_body, huge_body, huge_chunks, huge_sip, endless),
        *(garbage, crumbs, strange_frames, known_frames, known_alarms, deaf, deaf_http, requests, half_hello),
        *(hello_only, datagrams, empty_datagrams, sip_datagrams, log_ins, deaf_feeds),
    )
}

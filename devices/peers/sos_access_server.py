"""A local alarm receiving centre that speaks SOS Access v4: for tests, demonstrations and load runs.

How it judges stands in sos_access_centre.py; here it listens, obeys orders and keeps a record.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import ssl
import struct
import time
from dataclasses import asdict
from typing import Final

from devices.peers.orders import Fate, Order, Orders
from devices.peers.record import Record, wall_now
from devices.peers.side_port import SidePort
from devices.peers.sos_access_centre import Account, Centre, Judgement
from protocols.errors import FrameTooLong, RemoteProtocolError
from protocols.sos_access.codec import Unacceptable, parse, serialise
from protocols.sos_access.codes import Status, name
from protocols.sos_access.fields import REQUESTS
from protocols.sos_access.framing import OneDocument
from protocols.sos_access.messages import (
    AlarmRequest,
    AlarmResponse,
    Message,
    NewAuthenticationRequest,
    NewAuthenticationResponse,
    PingRequest,
    PingResponse,
    Request,
    Response,
)

USUAL_STATUS: Final = 200
"""An order's status that asks for the usual judgement; every other one is a status of SOS Access."""
NO_STATUS: Final = -1
HEARD_FOR_S: Final = 30.0
"""How long a connection may take, its idle end included."""
READ_BYTES: Final = 65_536


class SosAccessServer:
    """Takes alarms, heartbeats and requests for a password on loopback, with TLS or in the clear.

    An order's address is the transmitter code. What came is recorded with status as answered (0 is OK, -1 where no
    answer was given), reason as its name or the fate, reference as notice_id, and the fields as JSON without passwords.
    """

    def __init__(
        self,
        tls: ssl.SSLContext | None,
        *,
        centre: Centre | None = None,
        port: int = 0,
        side_port: int = 0,
        quiet: bool = False,
    ) -> None:
        self.centre = centre or Centre(Account())
        self.record = Record(quiet=quiet)
        self.orders = Orders()
        self.side = SidePort(self.record, self.orders, port=side_port)
        self.port = port
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._visits: set[asyncio.Task[None]] = set()
        self._leaving = asyncio.Event()
        self.connections_made = 0

    async def start(self) -> None:
        """Listen; port and side.port are known then."""
        self._leaving.clear()
        self._server = await asyncio.start_server(self._visited, "127.0.0.1", self.port, ssl=self._tls)
        self.port = int(self._server.sockets[0].getsockname()[1])
        await self.side.start()

    async def stop(self) -> None:
        """Let go of those kept in silence and stop listening."""
        self._leaving.set()
        server, self._server = self._server, None
        if server is not None:
            server.close()
        for visit in self._visits:
            visit.cancel()
        await asyncio.gather(*self._visits, return_exceptions=True)
        await self.side.stop()

    def describe(self) -> dict[str, object]:
        """Return what a client must know."""
        known = {key: value for key, value in asdict(self.centre.account).items() if key != "coming"}
        return {
            "host": "localhost",
            "port": self.port,
            "side": f"http://127.0.0.1:{self.side.port}",
            "tls": self._tls is not None,
        } | known

    async def _visited(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._visits.add(task)
        self.connections_made += 1
        number = self.connections_made
        try:
            async with asyncio.timeout(HEARD_FOR_S):
                await self._converse(reader, writer, number)
        except (OSError, TimeoutError, asyncio.CancelledError):  # only stop() cancels a visit
            writer.transport.abort()
        finally:
            self._visits.discard(task)
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> None:
        document = OneDocument()
        heard: Message | RemoteProtocolError | None = None
        while heard is None:
            chunk = await reader.read(READ_BYTES)
            if not chunk:
                return
            try:
                whole = document.feed(chunk)
                heard = None if whole is None else parse(whole)
            except RemoteProtocolError as error:
                heard = error
        if isinstance(heard, RemoteProtocolError | AlarmResponse | PingResponse | NewAuthenticationResponse):
            answer = _refusal(heard)
            self._note(None, answer, "", number)
            await _say(writer, serialise(answer), 1)
        else:
            await self._treat(heard, writer, number)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1.0):  # the caller hangs up; one that does not is hung up on
                await reader.read(1)

    async def _treat(self, request: Request, writer: asyncio.StreamWriter, number: int) -> None:
        order = self.orders.take(request.transmitter_code)
        judgement = (
            self.centre.judge(request, time.monotonic(), self.port)
            if order.status == USUAL_STATUS
            else Judgement(order.status)
        )
        answer = _answer(request, judgement, order)
        answered = order.fate in (Fate.ANSWER, Fate.GOAWAY, Fate.GOAWAY_UNSEEN, Fate.HALF)
        self._note(request, answer if answered else None, order.fate.value, number)
        document = serialise(answer) if order.body is None else order.body
        if order.delay_s > 0:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(order.delay_s):
                    await self._leaving.wait()
        match order.fate:
            case Fate.ANSWER | Fate.GOAWAY | Fate.GOAWAY_UNSEEN:
                await _say(writer, document, order.pieces)
            case Fate.SILENCE:
                await self._leaving.wait()
            case Fate.HALF:
                await _say(writer, document[: len(document) // 2], 1)
                await self._leaving.wait()
            case Fate.RESET:
                raw = writer.get_extra_info("socket")
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
            case Fate.CUT:
                writer.close()

    def _note(self, request: Request | None, answer: Response | None, fate: str, number: int) -> None:
        told = {"root": None if request is None else type(request).__name__}
        if request is not None:
            fields = asdict(request) | {"alarm_type": getattr(getattr(request, "alarm_type", None), "value", None)}
            told |= {key: value for key, value in fields.items() if key != "authentication" and value}
        self.record.add(
            notice_id="" if request is None else request.reference or "",
            address="" if request is None else request.transmitter_code,
            status=NO_STATUS if answer is None else answer.status,
            reason=fate if answer is None else name(answer.status),
            connection=number,
            headers={},
            body=json.dumps(told, ensure_ascii=False).encode(),
        )


async def _say(writer: asyncio.StreamWriter, document: bytes, pieces: int) -> None:
    size = max(1, -(-len(document) // pieces))
    for start in range(0, len(document), size):
        writer.write(document[start : start + size])
        await writer.drain()


def _refusal(heard: object) -> AlarmResponse:
    """The answer to what is no request; as to an alarm, for nobody knows what it should have been."""
    match heard:
        case FrameTooLong():
            status = Status.INVALID_LENGTH
        case Unacceptable():
            status = heard.status
        case RemoteProtocolError():
            status = Status.INVALID_XML
        case _:
            status = Status.WRONG_CONTENT
    return AlarmResponse(status=status.value, info=status.name, arrival_time=_arrival())


def _answer(request: Request, judgement: Judgement, order: Order) -> Response:
    assert isinstance(request, REQUESTS)
    info = order.reason or judgement.info or name(judgement.status)
    status, reference, arrival = judgement.status, request.reference, _arrival()
    match request:
        case AlarmRequest():
            return AlarmResponse(status=status, info=info, reference=reference, arrival_time=arrival)
        case PingRequest():
            return PingResponse(status=status, info=info, reference=reference, arrival_time=arrival)
        case NewAuthenticationRequest():
            return NewAuthenticationResponse(
                status=status,
                info=info,
                new_authentication=judgement.new_password,
                reference=reference,
                arrival_time=arrival,
            )


def _arrival() -> str:
    return wall_now().replace(tzinfo=None).isoformat(sep=" ", timespec="milliseconds")

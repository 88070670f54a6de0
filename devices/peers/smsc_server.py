"""A local message centre that speaks SMPP 3.4: takes messages, reports on them, and brings what somebody wrote.

Source: protocols/smpp.py. Orders: for a number; the reason is a status by its name ("ESME_RTHROTTLED"), or the status
is its number; 200 is ESME_ROK. In the record 200 stands for ESME_ROK too, for 0 says there that nothing was answered.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import ssl
from itertools import count
from typing import Literal

from devices.peers.line_peer import LinePeer
from devices.peers.orders import Fate, Order
from devices.peers.record import Received, wall_now
from protocols.errors import RemoteProtocolError
from protocols.gsm_alphabet import decode_gsm7, decode_ucs2, encode_gsm7
from protocols.smpp import (
    BIND_TRANSCEIVER,
    ENQUIRE_LINK,
    GENERIC_NACK,
    INVALID_COMMAND,
    INVALID_PASSWORD,
    OK,
    STATUS_NAMES,
    SUBMIT_SM,
    UCS2,
    UNBIND,
    WRONG_BIND_STATE,
    Address,
    Answer,
    Bind,
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
    status_name,
)
from protocols.smpp_receipt import RECEIPT

READ_BYTES = 65_536
ANSWER_WITHIN_S = 5.0
STATUSES = {name: number for number, name in STATUS_NAMES.items()}
WORDS = {"delivered": "DELIVRD", "failed": "UNDELIV"}
INTERNATIONAL, TELEPHONE_PLAN = 1, 1
Fortune = Literal["delivered", "failed"]


class SmscServer(LinePeer):
    """The centre. One account; receipts and answers go to the line that was bound last."""

    def __init__(
        self,
        tls: ssl.SSLContext | None,
        *,
        port: int = 0,
        side_port: int = 0,
        quiet: bool = False,
        system_id: str = "larm",
        password: str | None = None,
        report: Fortune | None = None,
    ) -> None:
        """password: up to 8 signs, None to make one up. report: of every message at once, None to report when told."""
        super().__init__(tls=tls, port=port, side_port=side_port, quiet=quiet)
        self.system_id, self.password = system_id, password or secrets.token_hex(4)
        self._report = report
        self._bound: list[asyncio.StreamWriter] = []
        self._sequences = count(1)
        self._asked: dict[int, asyncio.Future[int]] = {}
        self._reports: set[asyncio.Task[int]] = set()
        self.bind_status = OK
        self.enquired = 0

    def describe(self) -> dict[str, object]:
        """Return what a client must know."""
        return {
            "host": "localhost",
            "port": self.port,
            "tls": self._tls is not None,
            "system_id": self.system_id,
            "password": self.password,
            "side": f"http://127.0.0.1:{self.side.port}",
        }

    async def stop(self) -> None:
        """Give up reports under way and stop listening."""
        for task in self._reports:
            task.cancel()
        await asyncio.gather(*self._reports, return_exceptions=True)
        await super().stop()

    async def report(self, received: Received, fortune: Fortune) -> int:
        """Report on a message; return the status of the answer. Raises ConnectionError where nobody is bound."""
        told = received.payload
        now = wall_now().strftime("%y%m%d%H%M")
        text = (
            f"id:{told['message_id']} sub:001 dlvrd:{'001' if fortune == 'delivered' else '000'} submit date:{now} "
            f"done date:{now} stat:{WORDS[fortune]} err:000 text:"
        )
        return await self._deliver(told["to"], told["from"], text, esm_class=RECEIPT)

    async def write(self, number: str, to: str, text: str) -> int:
        """Bring what somebody wrote; return the status of the answer. Raises ConnectionError where nobody is bound."""
        return await self._deliver(number, to, text)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: int) -> None:
        framer = Framer()
        try:
            while chunk := await reader.read(READ_BYTES):
                for frame in framer.feed(chunk):
                    pdu = parse(frame)
                    if not await self._hear(pdu, writer, connection):
                        return
        except RemoteProtocolError:
            writer.transport.abort()
        finally:
            with contextlib.suppress(ValueError):
                self._bound.remove(writer)

    async def _hear(self, pdu: Pdu, writer: asyncio.StreamWriter, connection: int) -> bool:
        """Answer one PDU; False where the client is to hear nothing more."""
        match pdu.body:
            case Bind():
                said = self._bind(pdu.body, writer)
            case Submit(message):
                return await self._submit(pdu.sequence, message, writer, connection)
            case EnquireLink():
                self.enquired += 1
                said = Answer(to=ENQUIRE_LINK)
            case Unbind():
                self._say(writer, pdu.sequence, Answer(to=UNBIND))
                return False
            case Answer(status=status):
                waiting = self._asked.get(pdu.sequence)
                if waiting is not None and not waiting.done():
                    waiting.set_result(status)
                return True
            case Deliver() | Unknown():
                said = Answer(to=GENERIC_NACK, status=INVALID_COMMAND)
        self._say(writer, pdu.sequence, said)
        return True

    def _bind(self, bind: Bind, writer: asyncio.StreamWriter) -> Answer:
        status = self.bind_status
        if status == OK and (bind.system_id, bind.password) != (self.system_id, self.password):
            status = INVALID_PASSWORD
        if status == OK:
            self._bound.append(writer)
        return Answer(to=BIND_TRANSCEIVER, status=status, text="SMSC")

    async def _submit(self, sequence: int, message: Message, writer: asyncio.StreamWriter, connection: int) -> bool:
        number = f"+{message.destination.value}"
        order = self.orders.take(number)
        status = _status(order) if writer in self._bound else WRONG_BIND_STATE
        message_id = f"{self.record.count + 1:010d}"
        answered = order.fate in (Fate.ANSWER, Fate.HALF)
        received = self.record.add(
            notice_id="",
            address=number,
            status=(200 if status == OK else status) if answered else 0,
            reason=("" if status == OK else status_name(status)) if answered else order.fate.value,
            connection=connection,
            headers={},
            body=json.dumps(
                {
                    "from": message.source.value,
                    "to": number,
                    "message": _text(message),
                    "coding": message.coding,
                    "registered_delivery": message.registered_delivery,
                    "message_id": message_id,
                },
                ensure_ascii=False,
            ).encode(),
        )
        answer = serialise(Pdu(sequence, Answer(to=SUBMIT_SM, status=status, text=message_id)))
        goes_on = await self.answer(writer, order, answer)
        if self._report is not None and status == OK and answered and received.body:
            task = asyncio.create_task(self.report(received, self._report))
            self._reports.add(task)
            task.add_done_callback(self._forget)
        return goes_on

    def _forget(self, task: asyncio.Task[int]) -> None:
        self._reports.discard(task)
        if not task.cancelled():
            task.exception()  # the client was gone, or did not answer: a centre would come again

    async def _deliver(self, source: str, to: str, text: str, *, esm_class: int = 0) -> int:
        if not self._bound:
            raise ConnectionError("nobody is bound")
        message = Message(
            source=Address(INTERNATIONAL, TELEPHONE_PLAN, source.removeprefix("+")),
            destination=Address(INTERNATIONAL, TELEPHONE_PLAN, to.removeprefix("+")),
            text=encode_gsm7(text),
            esm_class=esm_class,
        )
        sequence = next(self._sequences)
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._asked[sequence] = answer
        try:
            self._say(self._bound[-1], sequence, Deliver(message))
            async with asyncio.timeout(ANSWER_WITHIN_S):
                return await answer
        finally:
            del self._asked[sequence]

    def _say(self, writer: asyncio.StreamWriter, sequence: int, body: Body) -> None:
        writer.write(serialise(Pdu(sequence, body)))


def _status(order: Order) -> int:
    if order.reason:
        return STATUSES[order.reason]
    return OK if order.status == 200 else order.status


def _text(message: Message) -> str:
    return decode_ucs2(message.text) if message.coding == UCS2 else decode_gsm7(message.text)

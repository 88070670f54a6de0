"""A local paging exchange that speaks ESPA 4.4.4 over TCP: takes calls, shows them on no handset, keeps them.

Source: protocols/espa444.py. It is strict about selection: who only polls it hears EOT, for it has nothing to say.
Orders: for a call's address; any reason, or a status other than 200, is NAK, and a digit as the reason goes before it.
"""

from __future__ import annotations

import asyncio
import json

from devices.peers.line_peer import LinePeer
from devices.peers.orders import USUAL, Fate, Order
from protocols.espa444 import ACK, CALL, EOT, NAK, TRANSMISSION_ERROR, Block, Damaged, Over, with_parity
from protocols.espa444_roles import Polled, Selected, Station
from protocols.espa444_text import CharacterSet, decode_text

NOT_READY = 503
READ_BYTES = 4096


class PagerServer(LinePeer):
    """The exchange, station 2."""

    def __init__(
        self,
        *,
        port: int = 0,
        side_port: int = 0,
        quiet: bool = False,
        characters: CharacterSet = CharacterSet.LATIN1,
        even_parity: bool = False,
    ) -> None:
        super().__init__(tls=None, port=port, side_port=side_port, quiet=quiet)
        self._characters, self._even_parity = characters, even_parity
        self.refuse_selections = 0
        self.selected = 0

    def describe(self) -> dict[str, object]:
        """Return what a client must know."""
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "character_set": self._characters.value,
            "parity": "even" if self._even_parity else "none",
            "side": f"http://127.0.0.1:{self.side.port}",
        }

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: int) -> None:
        station = Station(seven_bits=self._even_parity)
        while chunk := await reader.read(READ_BYTES):
            for heard in station.receive(chunk):
                match heard:
                    case Polled():
                        said, order = EOT, USUAL
                    case Selected():
                        said, order = self._choose(), USUAL
                    case Block():
                        said, order = self._take(heard, connection)
                    case Damaged():
                        said, order = TRANSMISSION_ERROR.encode("ascii") + NAK, USUAL
                    case Over():
                        continue
                if not await self.answer(writer, order, with_parity(said) if self._even_parity else said):
                    return

    def _choose(self) -> bytes:
        self.selected += 1
        if self.refuse_selections:
            self.refuse_selections -= 1
            return b"2" + NAK
        return ACK

    def _take(self, block: Block, connection: int) -> tuple[bytes, Order]:
        address = (block.record("1") or b"").decode("latin-1")
        order = self.orders.take(address)
        refused = bool(order.reason) or order.status != 200 or block.header != CALL
        said = (order.reason if order.reason.isdigit() else "").encode("ascii") + NAK if refused else ACK
        answered = order.fate in (Fate.ANSWER, Fate.HALF)
        records = {identifier: value.decode("latin-1") for identifier, value in block.records}
        text = decode_text(block.record("2") or b"", self._characters)
        self.record.add(
            notice_id="",
            address=address,
            status=(NOT_READY if refused else 200) if answered else 0,
            reason=("NAK" if refused else "") if answered else order.fate.value,
            connection=connection,
            headers={},
            body=json.dumps({"text": text, "records": records}, ensure_ascii=False).encode(),
        )
        return said, order
